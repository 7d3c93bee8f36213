package slack

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// settle is how long one waits whether more changes, before something is drawn anew.
const settle = 2

// anew has posts drawn anew that stand there; where is a condition with its arguments.
func anew(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	targets, err := db.All(ctx, tx, func(r db.Row) (t string, err error) { return t, r.Scan(&t) }, `SELECT DISTINCT target FROM slack_post WHERE state IN ('sent', 'sending') AND `+where, args...)
	if err != nil || len(targets) == 0 {
		return err
	}
	var a db.Args
	for _, v := range args {
		a.Add(v)
	}
	later := a.Add(tx.Now().Add(settle * second))
	_, err = tx.Exec(ctx, `UPDATE slack_post SET next_at = CASE WHEN wanted = done THEN `+later+` ELSE next_at END, wanted = wanted + 1 WHERE state IN ('sent', 'sending') AND `+where, a.List()...)
	for _, t := range targets {
		if err := wake(ctx, tx, t); err != nil {
			return err
		}
	}
	return err
}

// wake makes the job of a target look when the first of what is open is due.
func wake(ctx context.Context, tx *db.Tx, target string) error {
	at := tx.Now()
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&at)) }, `SELECT next_at FROM slack_post WHERE target = $1 AND `+open+` ORDER BY next_at`+db.Limit(1), target)
	if err != nil {
		return err
	}
	return job.Replace(ctx, tx, send{target}, job.Options{Lane: target, Key: send{}.JobKind() + "/" + target, At: at})
}

const cards = `kind = 'card' AND conversation_id = $1`

// OnStatusSet draws a card anew.
func OnStatusSet(ctx context.Context, tx *db.Tx, f conversation.StatusSet) error {
	return anew(ctx, tx, cards, f.ID)
}

// OnAssigned draws a card anew.
func OnAssigned(ctx context.Context, tx *db.Tx, f conversation.Assigned) error {
	return anew(ctx, tx, cards, f.ID)
}

// OnChanged draws a card anew.
func OnChanged(ctx context.Context, tx *db.Tx, f conversation.Changed) error {
	return anew(ctx, tx, cards, f.ID)
}

// OnNoted repeats a note in the threads of its conversation, where the firm wants that; not one that came from there.
func OnNoted(ctx context.Context, tx *db.Tx, f conversation.Noted) error {
	w, err := load(ctx, tx)
	if err != nil || w.ID == 0 || !w.Options.Notes || !w.Options.Customers {
		return err
	}
	from, err := db.Exists(ctx, tx, `SELECT 1 FROM slack_in WHERE message_id = $1`, f.Message)
	if err != nil || from {
		return err
	}
	list, err := db.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE `+cards+` AND state <> 'failed'`, f.ID)
	for _, c := range list {
		n := Post{workspace: w.Key, Target: c.Target, Kind: Note, Person: c.Person, Conversation: f.ID, Contact: c.Contact, Message: f.Message, Parent: c.ID}
		if _, err := n.keep(ctx, tx); err != nil {
			return err
		}
	}
	return err
}

// OnMerged takes the threads along to the conversation that lives on. Where both have a card in one place, that of the other stays as it is.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE slack_post SET kind = 'line' WHERE kind = 'card' AND conversation_id = $2
		AND EXISTS (SELECT 1 FROM slack_post o WHERE o.kind = 'card' AND o.conversation_id = $1 AND o.target = slack_post.target AND o.workspace = slack_post.workspace)`, f.ID, f.From)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE slack_post SET conversation_id = $1 WHERE conversation_id = $2`, f.ID, f.From); err != nil {
		return err
	}
	return anew(ctx, tx, cards, f.ID)
}

// OnDeleted takes away in Slack what was said of a conversation that is gone.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	return withdraw(ctx, tx, `conversation_id = $1`, f.ID)
}

// withdraw takes away what was said; where is a condition with its arguments. What was not said yet never is.
func withdraw(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	if _, err := tx.Exec(ctx, `DELETE FROM slack_post WHERE state IN ('waiting', 'failed') AND `+where, args...); err != nil {
		return err
	}
	targets, err := db.All(ctx, tx, func(r db.Row) (t string, err error) { return t, r.Scan(&t) }, `SELECT DISTINCT target FROM slack_post WHERE `+where, args...)
	if err != nil {
		return err
	}
	var a db.Args
	for _, v := range args {
		a.Add(v)
	}
	_, err = tx.Exec(ctx, `UPDATE slack_post SET state = 'withdrawn', text = '', next_at = `+a.Add(tx.Now())+`, conversation_id = 0, contact_id = 0, kind = 'line' WHERE `+where, a.List()...)
	for _, t := range targets {
		if err := stir(ctx, tx, t); err != nil {
			return err
		}
	}
	return err
}

// OnOpened tells a call in the channel for calls.
func OnOpened(ctx context.Context, tx *db.Tx, f oncall.Opened) error {
	w, err := load(ctx, tx)
	if err != nil || w.ID == 0 || w.Options.Pages == "" {
		return err
	}
	p := Post{workspace: w.Key, Target: w.Options.Pages, Kind: Page, Page: f.ID}
	_, err = p.keep(team.AsSystem(ctx), tx)
	return err
}

const calls = `page_id = $1`

// OnAcknowledged draws a call anew: somebody has it.
func OnAcknowledged(ctx context.Context, tx *db.Tx, f oncall.Acknowledged) error {
	return anew(ctx, tx, calls, f.ID)
}

// OnReassigned draws a call anew: somebody else is called.
func OnReassigned(ctx context.Context, tx *db.Tx, f oncall.Reassigned) error {
	return anew(ctx, tx, calls, f.ID)
}

// OnSilent draws a call anew: whoever had it is silent.
func OnSilent(ctx context.Context, tx *db.Tx, f oncall.Silent) error {
	return anew(ctx, tx, calls, f.ID)
}

// OnExhausted draws a call anew: nobody answered.
func OnExhausted(ctx context.Context, tx *db.Tx, f oncall.Exhausted) error {
	return anew(ctx, tx, calls, f.ID)
}

// OnResolved draws a call anew: it is over.
func OnResolved(ctx context.Context, tx *db.Tx, f oncall.Resolved) error {
	return anew(ctx, tx, calls, f.ID)
}
