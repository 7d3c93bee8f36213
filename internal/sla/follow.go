package sla

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// OnReceived begins the clocks of what a customer asks. What a machine wrote, and history that is imported, asks nothing.
func OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	if f.Auto {
		return nil
	}
	waits, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation WHERE id = $1 AND waiting_since IS NOT NULL`, f.ID)
	if err != nil || !waits {
		return err
	}
	at, err := written(ctx, tx, f.Message)
	if err != nil {
		return err
	}
	if err := promise(ctx, tx, f.ID, at); err != nil {
		return err
	}
	return follow(ctx, tx, f.ID, Step{At: at, What: Asked}, f.Message)
}

// written is when a message was written.
func written(ctx context.Context, tx *db.Tx, m conversation.MessageID) (at time.Time, err error) {
	return db.One(ctx, tx, func(r db.Row) (at time.Time, err error) { return at, r.Scan(db.Time(&at)) },
		`SELECT created_at FROM conversation_message WHERE id = $1`, m)
}

// OnReplied ends what waits for an answer.
func OnReplied(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
	return follow(ctx, tx, f.ID, Step{At: tx.Now(), What: Answered}, f.Message)
}

// OnUnsent takes an answer back: the customer waits as before.
func OnUnsent(ctx context.Context, tx *db.Tx, f conversation.Unsent) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sla_step WHERE message_id = $1`, f.Message); err != nil {
		return err
	}
	settle(ctx, tx, f.ID)
	return nil
}

// OnStatusSet makes clocks stand, go on or end.
func OnStatusSet(ctx context.Context, tx *db.Tx, f conversation.StatusSet) error {
	return follow(ctx, tx, f.ID, Step{At: tx.Now(), What: Became, Status: f.To}, 0)
}

// OnChanged promises something else to a conversation that became another.
func OnChanged(ctx context.Context, tx *db.Tx, f conversation.Changed) error {
	return repromise(ctx, tx, f.ID)
}

// OnTeamSet does so where the new team has other hours.
func OnTeamSet(ctx context.Context, tx *db.Tx, f conversation.TeamSet) error {
	return repromise(ctx, tx, f.ID)
}

// OnMerged takes what messages did along to where they are now.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	return rehome(ctx, tx, f.From, f.ID)
}

// OnSplit does so for a conversation that came out of another.
func OnSplit(ctx context.Context, tx *db.Tx, f conversation.Split) error {
	return rehome(ctx, tx, f.ID, f.New)
}

// OnUndone does so when a merge or a split is undone.
func OnUndone(ctx context.Context, tx *db.Tx, f conversation.Undone) error {
	return rehome(ctx, tx, f.ID, f.ID)
}

// rehome puts the steps of messages, that two conversations have, where the messages are.
func rehome(ctx context.Context, tx *db.Tx, a, b conversation.ID) error {
	moved, err := db.All(ctx, tx, func(r db.Row) (id conversation.ID, err error) { return id, r.Scan(&id) }, `
		UPDATE sla_step SET conversation_id = (SELECT m.conversation_id FROM conversation_message m WHERE m.id = sla_step.message_id)
		WHERE conversation_id IN ($1, $2) AND EXISTS (SELECT 1 FROM conversation_message m WHERE m.id = sla_step.message_id AND m.conversation_id <> sla_step.conversation_id)
		RETURNING conversation_id`, a, b)
	if err != nil {
		return err
	}
	touched := map[conversation.ID]bool{a: true, b: true}
	for _, id := range moved {
		touched[id] = true
	}
	for id := range touched {
		settle(ctx, tx, id)
	}
	return nil
}

// follow notes a step and reckons. What nothing was promised about and nobody asked has no clocks, and no steps but answers.
func follow(ctx context.Context, tx *db.Tx, id conversation.ID, s Step, m conversation.MessageID) error {
	if err := note(ctx, tx, id, s, m); err != nil {
		return err
	}
	settle(ctx, tx, id)
	return nil
}

// dirty is the key of a conversation whose clocks are reckoned at the end of the transaction: an answer that also closes it is one
// reckoning.
type dirty conversation.ID

func settle(ctx context.Context, tx *db.Tx, id conversation.ID) {
	tx.Last(dirty(id), func() error { return reckon(ctx, tx, id, false) })
}

func note(ctx context.Context, tx *db.Tx, id conversation.ID, s Step, m conversation.MessageID) error {
	text := ""
	if s.What == Promised {
		b, err := json.Marshal(s.Promise)
		if err != nil {
			return err
		}
		text = string(b)
	}
	_, err := tx.Exec(ctx, `INSERT INTO sla_step (id, conversation_id, message_id, at, what, status, promise) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), id, m, s.At, s.What, s.Status, text)
	return err
}

// steps are what happened to a conversation, as it happened.
func steps(ctx context.Context, tx *db.Tx, id conversation.ID) ([]Step, error) {
	return db.All(ctx, tx, func(r db.Row) (s Step, err error) {
		var text string
		if err = r.Scan(db.Time(&s.At), &s.What, &s.Status, &text); err == nil && text != "" {
			err = json.Unmarshal([]byte(text), &s.Promise)
		}
		return s, err
	}, `SELECT at, what, status, promise FROM sla_step WHERE conversation_id = $1 ORDER BY at, id`, id)
}

// Holds is the promise that holds for a conversation; nothing where none was made.
func Holds(ctx context.Context, tx *db.Tx, id conversation.ID) (Promise, error) {
	list, err := steps(ctx, tx, id)
	if at := lastPromise(list); at >= 0 {
		return list[at].Promise, err
	}
	return Promise{}, err
}

// lastPromise is the place of the promise that holds; -1: none was made.
func lastPromise(list []Step) int {
	for i := range slices.Backward(list) {
		if list[i].What == Promised {
			return i
		}
	}
	return -1
}

// promise makes the first promise of a conversation, where none was made and one holds.
func promise(ctx context.Context, tx *db.Tx, id conversation.ID, at time.Time) error {
	had, err := db.Exists(ctx, tx, `SELECT 1 FROM sla_step WHERE conversation_id = $1 AND what = 'promised'`, id)
	if err != nil || had {
		return err
	}
	p, err := promiseFor(ctx, tx, id)
	if err != nil {
		return err
	}
	return note(ctx, tx, id, Step{At: at, What: Promised, Promise: p}, 0)
}

// repromise makes another promise, where another target or other hours hold now.
func repromise(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	list, err := steps(ctx, tx, id)
	if err != nil {
		return err
	}
	at := lastPromise(list)
	if at < 0 {
		return nil
	}
	p, err := promiseFor(ctx, tx, id)
	if err != nil || reflect.DeepEqual(p, list[at].Promise) {
		return err
	}
	return follow(ctx, tx, id, Step{At: tx.Now(), What: Promised, Promise: p}, 0)
}

// promiseFor is what holds for a conversation now; nothing where no target fits.
func promiseFor(ctx context.Context, tx *db.Tx, id conversation.ID) (Promise, error) {
	s, err := db.One(ctx, tx, func(r db.Row) (s subject, err error) {
		return s, r.Scan(&s.stage, &s.kind, &s.severity, &s.channel, &s.team, &s.tier)
	}, `SELECT c.stage, c.type, c.severity, c.channel, c.team_id, COALESCE(o.tier, '') FROM conversation c LEFT JOIN contact_company o ON o.id = c.company_id WHERE c.id = $1`, id)
	if err != nil {
		return Promise{}, err
	}
	list, err := GetTargets(ctx, tx)
	if err != nil {
		return Promise{}, err
	}
	of, err := calendar.For(ctx, tx, s.team, s.tier)
	if err != nil {
		return Promise{}, err
	}
	kept, err := keepHours(ctx, tx, of)
	if err != nil {
		return Promise{}, err
	}
	for _, t := range list {
		if t.fits(s) {
			return t.promise(kept), nil
		}
	}
	return Promise{Counts: Working, Hours: kept}, nil
}
