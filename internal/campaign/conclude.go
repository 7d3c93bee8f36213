package campaign

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
)

// longest is for how long a mail is tried that the server puts off.
const longest = 24 * time.Hour

// conclude writes down what came of the mail in hand.
func (w *walk) conclude(ctx context.Context, tx *db.Tx) error {
	var refused email.Refused
	r := w.row
	switch {
	case w.said == nil:
		if err := r.becomes(ctx, tx, Went, ""); err != nil {
			return err
		}
		if w.c.Trouble != "" {
			if _, err := tx.Exec(ctx, `UPDATE campaign SET trouble = '' WHERE id = $1`, w.c.ID); err != nil {
				return err
			}
		}
		return event.Record(ctx, tx, Sent{w.c.ID, r.ID, r.Contact})
	case errors.Is(w.said, email.ErrUnconfirmed):
		return r.becomes(ctx, tx, Unconfirmed, "")
	case errors.As(w.said, &refused) && (refused.ForEver() || tx.Now().Sub(r.since) > longest):
		return w.failed(ctx, tx, refused)
	case errors.As(w.said, &refused):
		return r.again(ctx, tx, tx.Now().Add(wait(r.Attempts)), refused.Error())
	}
	if _, err := tx.Exec(ctx, `UPDATE campaign SET trouble = $2 WHERE id = $1`, w.c.ID, clip(w.said.Error())); err != nil {
		return err
	}
	r.Attempts--
	return r.again(ctx, tx, time.Time{}, "")
}

// becomes ends a mail.
func (r Recipient) becomes(ctx context.Context, tx *db.Tx, f Fate, answer string) error {
	_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET state = $2, phase = '', answer = $3, at = $4 WHERE id = $1`, r.ID, f, clip(answer), tx.Now())
	if err != nil {
		return fmt.Errorf("note that %s is %s: %w", r.ID, f, err)
	}
	return nil
}

// again lets a mail wait for another try.
func (r Recipient) again(ctx context.Context, tx *db.Tx, due time.Time, answer string) error {
	var at any
	if !due.IsZero() {
		at = due
	}
	_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET state = 'waiting', phase = '', sent_at = NULL, due_at = $2, answer = $3, attempts = $4, at = $5 WHERE id = $1`,
		r.ID, at, clip(answer), r.Attempts, tx.Now())
	return err
}

// wait grows from a minute to four hours, give or take a quarter.
func wait(attempts int) time.Duration {
	d := min(time.Minute<<min(max(attempts-1, 0), 10), 4*time.Hour)
	return d*3/4 + rand.N(d/2)
}

// failed notes that a server does not take a mail. An address that does not exist is written to no more.
func (w *walk) failed(ctx context.Context, tx *db.Tx, why email.Refused) error {
	if err := w.row.becomes(ctx, tx, Failed, why.Error()); err != nil {
		return err
	}
	if why.Dead() {
		if err := suppress(ctx, tx, w.row, consent.HardBounce, why.Error()); err != nil {
			return err
		}
	}
	return w.c.takeFright(ctx, tx)
}

// suppress puts the address of a recipient on the list of those to which nothing goes.
func suppress(ctx context.Context, tx *db.Tx, r Recipient, why consent.Reason, proof string) error {
	err := consent.Suppress(ctx, tx, r.Address, why, r.ID.String()+" "+proof)
	if problem.KindOf(err) == problem.Invalid { // what is no address needs no place on the list
		return nil
	}
	return err
}

// A campaign pauses itself when of the first frights mails that were tried more than a tenth failed or came back: it goes to a list that is old, or was
// bought, and to go on would cost the firm the good name of its domain.
const (
	frights  = 50
	tooMuch  = 10 // percent
	wayWorse = "returned"
)

// takeFright pauses a campaign of which too much came back. A person can let it go on.
func (c Campaign) takeFright(ctx context.Context, tx *db.Tx) error {
	c, err := load(ctx, tx, c.ID)
	if err != nil || c.State != Sending || c.fearless {
		return err
	}
	type sum struct{ tried, back int }
	n, err := db.One(ctx, tx, func(r db.Row) (s sum, err error) { return s, r.Scan(&s.tried, &s.back) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN state IN ('failed', 'bounced') THEN 1 ELSE 0 END), 0) FROM campaign_recipient WHERE campaign_id = $1 AND state IN ('sent', 'failed', 'bounced', 'unconfirmed')`, c.ID)
	if err != nil || n.tried < frights || n.back*100 <= n.tried*tooMuch {
		return err
	}
	if err := c.pause(ctx, tx, wayWorse); err != nil {
		return err
	}
	return c.tell(ctx, tx, "campaign_returned")
}

// tell tells whoever made it.
func (c Campaign) tell(ctx context.Context, tx *db.Tx, words string) error {
	if c.By == 0 {
		return nil
	}
	_, err := notice.Tell(ctx, tx, notice.Notice{Person: c.By, Kind: notice.Halted, Ways: []notice.Way{notice.Bell, notice.Mail}, Subject: c.ID.String(), Words: "notice." + words, Args: map[string]string{"campaign": c.Name}, Link: c.Link()})
	return err
}

// Link is the address of its page.
func (c Campaign) Link() string { return "/campaigns/" + c.ID.String() }

// clip makes what a server said fit.
func clip(s string) string {
	s = line(s)
	if r := []rune(s); len(r) > 500 {
		return string(r[:500])
	}
	return s
}
