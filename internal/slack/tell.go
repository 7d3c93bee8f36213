package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// Message is what somebody wants to have said.
type Message struct {
	Channel      string  // Slack's id of it; "" where it is for one person
	Person       team.ID // 0 where it is for a channel
	Conversation conversation.ID
	Contact      contact.ID
	Text         string
	Owner        team.ID // who is told when it is given up
}

// longest is how long a text may be: Slack cuts what is longer than 3,000 in a block.
const longest = 2800

// Tell has something said in tx; a job does. The first of a conversation in a channel is its card, the others stand in its thread.
func Tell(ctx context.Context, tx *db.Tx, m Message) (PostID, error) {
	w, err := must(ctx, tx)
	if err != nil {
		return 0, err
	}
	target, err := m.target(ctx, tx, w)
	if err != nil {
		return 0, err
	}
	p := Post{workspace: w.Key, Target: target, Kind: Line, Person: m.Person, Conversation: m.Conversation, Contact: m.Contact, Owner: m.Owner, Text: clip(strings.TrimSpace(m.Text), longest)}
	if m.Conversation != 0 {
		if p.Kind, p.Parent, err = p.place(ctx, tx); err != nil {
			return 0, err
		}
	}
	return p.keep(ctx, tx)
}

func (m Message) target(ctx context.Context, tx *db.Tx, w Workspace) (string, error) {
	if m.Person != 0 {
		return m.Person.String(), nil
	}
	if m.Channel == "" {
		return "", problem.New(problem.Invalid, "Choose a channel or a person.")
	}
	return m.Channel, nil
}

// place says whether a post is the card of its conversation there, or a line below it. A card that was given up makes room.
func (p Post) place(ctx context.Context, tx *db.Tx) (Kind, PostID, error) {
	card, err := db.One(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE workspace = $1 AND target = $2 AND conversation_id = $3 AND kind = 'card'`, p.workspace, p.Target, p.Conversation)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return Card, 0, nil
	case err != nil:
		return "", 0, err
	case card.State != Failed:
		return Line, card.ID, nil
	}
	_, err = tx.Exec(ctx, `UPDATE slack_post SET kind = 'line' WHERE id = $1`, card.ID)
	return Card, 0, err
}

// keep writes a post, and has it sent.
func (p Post) keep(ctx context.Context, tx *db.Tx) (PostID, error) {
	p.ID = PostID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO slack_post (id, workspace, target, kind, person_id, conversation_id, page_id, contact_id, message_id, delivery_id, parent_id, owner_id, actor, text, state, next_at, at, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'waiting', $15, $15, $15)`,
		p.ID, p.workspace, p.Target, p.Kind, p.Person, p.Conversation, p.Page, p.Contact, p.Message, p.Delivery, p.Parent, p.Owner, event.Actor(ctx), p.Text, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("keep a message for Slack: %w", err)
	}
	return p.ID, stir(ctx, tx, p.Target)
}

// stir makes the job of a target look at what there is to say now.
func stir(ctx context.Context, tx *db.Tx, target string) error {
	return job.Replace(ctx, tx, send{target}, job.Options{Lane: target, Key: send{}.JobKind() + "/" + target})
}

// knows says whether somebody can be told directly there.
func (s *Slack) knows(ctx context.Context, tx *db.Tx, who team.ID) (bool, error) {
	w, err := load(ctx, tx)
	if err != nil || w.ID == 0 || w.Trouble != "" {
		return false, err
	}
	_, err = linkOf(ctx, tx, w, who)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// hand takes over what somebody is told. It is told once for each delivery, however often it is handed over.
func (s *Slack) hand(ctx context.Context, tx *db.Tx, n notice.Notice, d notice.DeliveryID) error {
	w, err := must(ctx, tx)
	if err != nil {
		return err
	}
	had, err := db.Exists(ctx, tx, `SELECT 1 FROM slack_post WHERE delivery_id = $1`, d)
	if err != nil || had {
		return err
	}
	p := Post{workspace: w.Key, Target: n.Person.String(), Kind: Notice, Person: n.Person, Delivery: d}
	if page, err := id.Read[oncall.ID](n.Subject); err == nil {
		p.Page = page
	}
	_, err = p.keep(team.AsSystem(ctx), tx)
	return err
}
