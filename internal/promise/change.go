package promise

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Given is what one says of a promise.
type Given struct {
	Words        string
	Kind         string // "" is other
	Owner        team.ID
	Contact      contact.ID // of the conversation, where there is one
	Company      contact.CompanyID
	Conversation conversation.ID
	Message      conversation.MessageID
	Sentence     string
	Due          time.Time
	AllDay       bool // Due is any moment of the day, on the firm's clock
}

const longest = 500

// Make notes a promise.
func Make(ctx context.Context, tx *db.Tx, g Given) (ID, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return 0, err
	}
	g, err := g.placed(ctx, tx)
	if err != nil {
		return 0, err
	}
	if g, err = g.checked(ctx, tx); err != nil {
		return 0, err
	}
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO promise (id, words, kind, state, owner_id, contact_id, company_id, conversation_id, message_id, sentence, due_at, all_day, created_by, created_at, updated_at)
		VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		id, g.Words, g.Kind, g.Owner, g.Contact, g.Company, g.Conversation, g.Message, g.Sentence, g.Due, g.AllDay, team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("note a promise: %w", err)
	}
	if err := event.Record(ctx, tx, Made{id, g.Contact, g.Conversation, g.Due}); err != nil {
		return 0, err
	}
	return id, arm(ctx, tx, id)
}

// placed fills in whose promise it is from where it was made.
func (g Given) placed(ctx context.Context, tx *db.Tx) (Given, error) {
	if g.Conversation != 0 {
		c, err := conversation.Survivor(ctx, tx, g.Conversation)
		if err != nil {
			return g, err
		}
		g.Conversation, g.Contact, g.Company = c.ID, c.Contact, c.Company
	} else if g.Contact != 0 {
		c, err := contact.Get(ctx, tx, g.Contact)
		if err != nil {
			return g, err
		}
		g.Contact, g.Company = c.ID, c.Company
	}
	if g.Message != 0 {
		m, err := conversation.GetMessage(ctx, tx, g.Message)
		if err != nil {
			return g, err
		}
		if m.Conversation != g.Conversation {
			return g, problem.New(problem.NotFound, "There is no such message.")
		}
	}
	if g.Owner == 0 {
		g.Owner = team.From(ctx).Person
	}
	return g, nil
}

func (g Given) checked(ctx context.Context, tx *db.Tx) (Given, error) {
	g.Words, g.Sentence = strings.Join(strings.Fields(g.Words), " "), strings.TrimSpace(g.Sentence)
	if g.Kind == "" {
		g.Kind = "other"
	}
	if r := []rune(g.Sentence); len(r) > longest {
		g.Sentence = string(r[:longest])
	}
	var c problem.Check
	c.That(g.Words != "", "words", "Write down what was promised.")
	c.That(len([]rune(g.Words)) <= longest, "words", "At most %d characters.", longest)
	c.That(slices.Contains(Kinds, g.Kind), "kind", "There is no kind “%s” of promise.", g.Kind)
	c.That(!g.Due.IsZero(), "due", "Say until when.")
	c.That(g.Owner != 0, "owner", "Choose who keeps it.")
	if g.Owner != 0 {
		p, err := team.Get(ctx, tx, g.Owner)
		if err != nil {
			return g, err
		}
		c.That(p.State != team.Off, "owner", "%s does not work here any more.", p.Name)
	}
	if g.AllDay && !g.Due.IsZero() {
		firm, err := team.GetFirm(ctx, tx)
		if err != nil {
			return g, err
		}
		g.Due = endOfDay(g.Due, firm)
	}
	return g, c.Err()
}

// endOfDay is the last minute of a day on the firm's clock.
func endOfDay(at time.Time, firm team.Firm) time.Time {
	zone, err := time.LoadLocation(firm.Zone)
	if err != nil {
		zone = time.UTC
	}
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 23, 59, 0, 0, zone).UTC()
}

// Change says something else of an open promise: its words, kind or owner. Another day is agreed on with [Move].
func Change(ctx context.Context, tx *db.Tx, id ID, words, kind string, owner team.ID) error {
	p, err := forUse(ctx, tx, id)
	if err != nil {
		return err
	}
	g, err := Given{Words: words, Kind: kind, Owner: owner, Due: p.Due}.checked(ctx, tx)
	if err != nil {
		return err
	}
	if g.Words == p.Words && g.Kind == p.Kind && g.Owner == p.Owner {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE promise SET words = $2, kind = $3, owner_id = $4, updated_at = $5 WHERE id = $1`, id, g.Words, g.Kind, g.Owner, tx.Now()); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Changed{id, g.Owner}); err != nil {
		return err
	}
	return arm(ctx, tx, id) // another owner may want to be warned at another time
}

// forUse reads a promise that whoever acts may change.
func forUse(ctx context.Context, tx *db.Tx, id ID) (Promise, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Promise{}, err
	}
	return Get(ctx, tx, id)
}

// Close says that a promise was kept, or was not. Doing it twice is doing it once.
func Close(ctx context.Context, tx *db.Tx, id ID, to State) error {
	p, err := forUse(ctx, tx, id)
	if err != nil || p.State == to {
		return err
	}
	if to != Kept && to != Broken {
		return problem.For("state", "Say whether it was kept.")
	}
	if _, err := tx.Exec(ctx, `UPDATE promise SET state = $2, closed_at = $3, updated_at = $3 WHERE id = $1`, id, to, tx.Now()); err != nil {
		return err
	}
	if err := job.Cancel(ctx, tx, timer(id)); err != nil {
		return err
	}
	fact := event.Fact(WasKept{id, p.Contact})
	if to == Broken {
		fact = Broke{id, p.Contact}
	}
	return event.Record(ctx, tx, fact)
}

// Reopen opens a promise that was closed.
func Reopen(ctx context.Context, tx *db.Tx, id ID) error {
	p, err := forUse(ctx, tx, id)
	if err != nil || p.State == Open {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE promise SET state = 'open', closed_at = NULL, updated_at = $2 WHERE id = $1`, id, tx.Now()); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Reopened{id}); err != nil {
		return err
	}
	return arm(ctx, tx, id)
}

// Move agrees on another day. The customer is told by whoever calls it: in the same transaction, or with words that he finds prepared.
func Move(ctx context.Context, tx *db.Tx, id ID, due time.Time, allDay bool, why string) error {
	p, err := forUse(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.State != Open {
		return problem.New(problem.Conflict, "This promise is closed. Open it again first.")
	}
	g, err := Given{Words: p.Words, Kind: p.Kind, Owner: p.Owner, Due: due, AllDay: allDay}.checked(ctx, tx)
	if err != nil {
		return err
	}
	if !g.Due.After(tx.Now()) {
		return problem.For("due", "Choose a time that is still to come.")
	}
	why = strings.Join(strings.Fields(why), " ")
	if len([]rune(why)) > longest {
		return problem.For("why", "At most %d characters.", longest)
	}
	if g.Due.Equal(p.Due) {
		return nil
	}
	_, err = tx.Exec(ctx, `INSERT INTO promise_day (id, promise_id, due_at, why, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)`, tx.NewID(), id, p.Due, why, team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE promise SET due_at = $2, all_day = $3, moved = moved + 1, told = 0, updated_at = $4 WHERE id = $1`, id, g.Due, allDay, tx.Now())
	if err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Moved{id, p.Contact, p.Due, g.Due}); err != nil {
		return err
	}
	return arm(ctx, tx, id)
}

// Remove takes away what was never promised.
func Remove(ctx context.Context, tx *db.Tx, id ID) error {
	p, err := forUse(ctx, tx, id)
	if err != nil {
		return err
	}
	me := team.From(ctx)
	if me.Person != p.By && me.Person != p.Owner && !me.Can(team.Delete) {
		return problem.New(problem.Forbidden, "Only who noted a promise, or its owner, can take it away.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM promise WHERE id = $1`, id); err != nil {
		return err
	}
	if err := job.Cancel(ctx, tx, timer(id)); err != nil {
		return err
	}
	return event.Record(ctx, tx, Removed{id})
}
