package conversation

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Handover is what goes with a conversation that another team takes on: what was found out, what was promised.
type Handover struct {
	Team team.TeamID
	Text string
}

// HandedOver says that a team gave a conversation to another, with a note of what it should know.
type HandedOver struct {
	ID      ID          `json:"id"`
	From    team.TeamID `json:"from,omitzero"`
	To      team.TeamID `json:"to"`
	Message MessageID   `json:"message"`
}

// EventKind names the fact.
func (HandedOver) EventKind() string { return "conversation.handed_over" }

// Subject is the conversation.
func (f HandedOver) Subject() string { return f.ID.String() }

// HandOver gives a conversation to another team with what that should know: the note is not optional. Nobody has it then; who hands
// it over follows it, so that he sees how it ends.
func HandOver(ctx context.Context, tx *db.Tx, id ID, h Handover) (Message, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Message{}, err
	}
	c, err := Survivor(ctx, tx, id)
	if err != nil {
		return Message{}, err
	}
	var check problem.Check
	check.That(strings.TrimSpace(h.Text) != "", "text", "Write what the next ones should know.")
	check.That(h.Team != 0, "team", "Choose a team.")
	check.That(h.Team != c.Team, "team", "That team has it already.")
	if err := check.Err(); err != nil {
		return Message{}, err
	}
	m, err := AddNote(ctx, tx, c.ID, Remark{Text: h.Text})
	if err != nil {
		return m, err
	}
	if me := team.From(ctx).Person; me != 0 {
		f, err := follow(ctx, tx, c.ID, me)
		if err != nil {
			return m, err
		}
		if err := event.Record(ctx, tx, f...); err != nil {
			return m, err
		}
	}
	if err := SetTeam(ctx, tx, c.ID, h.Team); err != nil {
		return m, err
	}
	facts, err := assign(ctx, tx, c, 0)
	if err != nil {
		return m, err
	}
	return m, event.Record(ctx, tx, append(facts, HandedOver{c.ID, c.Team, h.Team, m.ID})...)
}
