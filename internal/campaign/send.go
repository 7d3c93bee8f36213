package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
)

// send is the work of a campaign that goes out: one job, which comes back until everybody had their turn.
type send struct {
	Campaign ID  `json:"campaign"`
	Turn     int `json:"turn"`
}

func (send) JobKind() string { return "campaign.send" }

// errOver ends the work of a turn: the campaign was paused, stopped, or is done.
var errOver = errors.New("this turn is over")

func (m *Campaigns) send(ctx context.Context, run *job.Run, j send) error {
	c, err := m.takeUp(ctx, run, j)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return err
	}
	if wait := c.next; wait.After(m.DB.Now()) {
		return job.Later(wait)
	}
	return m.handful(ctx, run, c)
}

// takeUp begins a run: what a run before it left is put right, and the members of the segment are written down.
func (m *Campaigns) takeUp(ctx context.Context, run *job.Run, j send) (c Campaign, err error) {
	begun := false
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		begun = false
		if c, err = m.current(ctx, tx, j); err != nil {
			return err
		}
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		if begun = c.State == Planned; begun { // with a job of its own
			return m.beginPlanned(ctx, tx, c)
		}
		return c.putRight(ctx, tx)
	})
	if err == nil && begun {
		err = errOver
	}
	if err != nil {
		return c, err
	}
	for !c.complete {
		err := m.DB.Write(ctx, func(tx *db.Tx) error {
			if c, err = m.current(ctx, tx, j); err != nil {
				return err
			}
			if err := run.Hold(ctx, tx); err != nil {
				return err
			}
			return c.gather(ctx, tx)
		})
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// current is the campaign of a job, if that is still meant for it.
func (m *Campaigns) current(ctx context.Context, tx *db.Tx, j send) (Campaign, error) {
	c, err := load(ctx, tx, j.Campaign)
	if problem.KindOf(err) == problem.NotFound || err == nil && (c.turn != j.Turn || c.State != Sending && c.State != Planned) {
		return c, errOver
	}
	return c, err
}

// beginPlanned begins what was planned. What is not ready any more is a draft again, and whoever made it is told.
func (m *Campaigns) beginPlanned(ctx context.Context, tx *db.Tx, c Campaign) error {
	err := m.ready(ctx, tx, c)
	if _, ours := problem.As(err); ours {
		if err := c.turnTo(ctx, tx, Draft, `planned_at = NULL`); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, Scheduled{c.ID, Draft}); err != nil {
			return err
		}
		return c.tell(ctx, tx, "campaign_unready")
	}
	if err != nil {
		return err
	}
	return m.begin(ctx, tx, c)
}

// putRight looks at mails that were in hand when the process died.
func (c Campaign) putRight(ctx context.Context, tx *db.Tx) error {
	for _, stmt := range []string{
		`UPDATE campaign_recipient SET state = 'unconfirmed', phase = '', at = $2 WHERE campaign_id = $1 AND state = 'sending' AND phase = '` + phaseData + `'`,
		`UPDATE campaign_recipient SET state = 'waiting', phase = '', sent_at = NULL, at = $2 WHERE campaign_id = $1 AND state = 'sending'`,
	} {
		if _, err := tx.Exec(ctx, stmt, c.ID, tx.Now()); err != nil {
			return fmt.Errorf("put %s right: %w", c.ID, err)
		}
	}
	return nil
}

// perPage is how many members are written down at once.
const perPage = 500

// gather writes the next members of the segment down.
func (c *Campaign) gather(ctx context.Context, tx *db.Tx) error {
	s, err := segment.Get(ctx, tx, c.Segment)
	if problem.KindOf(err) == problem.NotFound { // deleted since
		c.complete = true
	} else if err != nil {
		return err
	}
	var list []contact.ID
	if !c.complete {
		if list, err = segment.Members(ctx, tx, s, contact.ID(c.gathered), perPage); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		if err := c.writeDown(ctx, tx, list); err != nil {
			return err
		}
		c.gathered = int64(list[len(list)-1])
	}
	c.complete = c.complete || len(list) < perPage
	_, err = tx.Exec(ctx, `UPDATE campaign SET gathered = $2, complete = $3 WHERE id = $1`, c.ID, c.gathered, c.complete)
	return err
}

func (c Campaign) writeDown(ctx context.Context, tx *db.Tx, list []contact.ID) error {
	var a db.Args
	id, now := a.Add(c.ID), a.Add(tx.Now())
	q := `INSERT INTO campaign_recipient (id, campaign_id, contact_id, variant, state, at) VALUES `
	for n, who := range list {
		if n > 0 {
			q += `, `
		}
		q += `(` + a.Add(tx.NewID()) + `, ` + id + `, ` + a.Add(who) + `, ` + a.Add(c.variant(who)) + `, 'waiting', ` + now + `)`
	}
	if _, err := tx.Exec(ctx, q, a.List()...); err != nil {
		return fmt.Errorf("write down who gets %s: %w", c.ID, err)
	}
	return nil
}

// slice is how long a handful lasts.
const slice = 5 * time.Second

// handful is how many mails go at once, and for how long that has to do.
func (m Manners) handful() (int, time.Duration) {
	n := m.Rate * int(slice/time.Second) / 60
	if n > 0 {
		return n, slice
	}
	return 1, time.Minute / time.Duration(max(m.Rate, 1))
}

// handful sends as many as may go now. Each step ends one mail and claims the next, in one transaction.
func (m *Campaigns) handful(ctx context.Context, run *job.Run, c Campaign) error {
	n, lasts := c.Manners.handful()
	w := &walk{m: m, run: run, c: c, next: m.DB.Now().Add(lasts)}
	defer w.close()
	for range n {
		if err := w.step(ctx); err != nil {
			return w.ended(ctx, err)
		}
		err := w.hand(ctx)
		var away email.Away
		if errors.As(err, &away) {
			return w.away(ctx, err)
		}
		if err != nil {
			return err
		}
	}
	if err := w.settle(ctx); err != nil {
		return w.ended(ctx, err)
	}
	return job.Later(w.next)
}

// walk is one run of a campaign.
type walk struct {
	m       *Campaigns
	run     *job.Run
	c       Campaign
	next    time.Time
	carrier *email.Carrier
	inHand
	paced bool // it is written down when the next handful may go
	well  bool // the server was told to be well
}

// inHand is the mail that is being sent, if there is one.
type inHand struct {
	row  Recipient
	bulk email.Bulk
	said error // what came of it
}

func (w *walk) close() {
	if w.carrier != nil {
		w.carrier.Close()
	}
}

// errNobody says that nobody's turn is now.
var errNobody = errors.New("nobody's turn is now")

// step ends the mail in hand, and takes the next one into it.
func (w *walk) step(ctx context.Context) error {
	var next inHand
	var why error
	err := w.m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		next, why = inHand{}, nil
		if err := w.run.Hold(ctx, tx); err != nil {
			return err
		}
		if w.row.ID != 0 {
			if err := w.conclude(ctx, tx); err != nil {
				return err
			}
		}
		c, err := load(ctx, tx, w.c.ID)
		if err != nil {
			return err
		}
		if c.turn != w.c.turn {
			why = errOver
			return nil
		}
		if next, err = w.claim(ctx, tx); errors.Is(err, errNobody) {
			why, err = errNobody, nil
		}
		return err
	})
	if err != nil {
		return err
	}
	w.inHand, w.paced = next, true
	return why
}

// mostSkipped is how many are left out in one transaction.
const mostSkipped = 50

// claim finds the next who gets the mail, and writes down that it is being sent. Those before them who do not get it keep the reason.
func (w *walk) claim(ctx context.Context, tx *db.Tx) (inHand, error) {
	if err := w.pace(ctx, tx); err != nil {
		return inHand{}, err
	}
	s, err := segment.Get(ctx, tx, w.c.Segment)
	gone := problem.KindOf(err) == problem.NotFound
	if err != nil && !gone {
		return inHand{}, err
	}
	if w.carrier == nil {
		if w.carrier, err = w.m.Mail.Carrier(ctx, tx, w.c.Inbox); err != nil {
			return inHand{}, err
		}
	}
	for range mostSkipped {
		r, err := w.c.first(ctx, tx)
		if err != nil {
			return inHand{}, err
		}
		v := verdict{why: LeftGroup}
		if !gone {
			if v, err = w.m.decide(ctx, tx, w.c, s, r.Contact, r.ID); err != nil {
				return inHand{}, err
			}
		}
		if v.why == "" && v.until.IsZero() {
			return w.take(ctx, tx, r, v)
		}
		if err := r.leftOut(ctx, tx, v); err != nil {
			return inHand{}, err
		}
	}
	return inHand{}, nil
}

// pace writes down when the next handful may go, so that no restart is faster.
func (w *walk) pace(ctx context.Context, tx *db.Tx) error {
	if w.paced {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE campaign SET next_at = $2 WHERE id = $1`, w.c.ID, w.next)
	return err
}

// first is whose turn it is.
func (c Campaign) first(ctx context.Context, tx *db.Tx) (Recipient, error) {
	r, err := db.One(ctx, tx, scanRecipient, `SELECT `+recipientColumns+` FROM campaign_recipient r WHERE r.campaign_id = $1 AND r.state = 'waiting' AND (r.due_at IS NULL OR r.due_at <= $2)
		ORDER BY r.id LIMIT 1`, c.ID, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		err = errNobody
	}
	return r, err
}

// leftOut notes why somebody gets nothing, or not yet.
func (r Recipient) leftOut(ctx context.Context, tx *db.Tx, v verdict) error {
	if v.why == "" {
		_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET due_at = $2 WHERE id = $1`, r.ID, v.until)
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET state = 'skipped', why = $2, address = $3, due_at = NULL, at = $4 WHERE id = $1`, r.ID, v.why, v.address, tx.Now())
	return err
}

// take writes down that a mail is being sent, and what is in it.
func (w *walk) take(ctx context.Context, tx *db.Tx, r Recipient, v verdict) (h inHand, err error) {
	off := w.m.LeavePath(r.ID, true)
	l, err := w.m.compose(ctx, tx, w.c, v.who, v.address, r.Variant, off)
	if err != nil {
		return h, err
	}
	filled, err := json.Marshal(l.filled)
	if err != nil {
		return h, err
	}
	r.Address, r.Language, r.Attempts, r.SentAt, r.Fate = v.address, l.Language, r.Attempts+1, tx.Now(), Goes
	if r.since.IsZero() {
		r.since = tx.Now()
	}
	_, err = tx.Exec(ctx, `UPDATE campaign_recipient SET state = 'sending', phase = '', address = $2, language = $3, filled = $4, attempts = $5, sent_at = $6, at = $6, since = $7, due_at = NULL WHERE id = $1`,
		r.ID, r.Address, r.Language, string(filled), r.Attempts, tx.Now(), r.since)
	return inHand{row: r, bulk: email.Bulk{Ref: r.ID.String(), To: l.To, Subject: l.Subject, Text: l.Text, HTML: l.HTML, Off: off, List: w.c.ID.String(), Date: r.since}}, err
}

// hand gives the mail in hand to the server. Only what stops all mail is an error.
func (w *walk) hand(ctx context.Context) error {
	if w.row.ID == 0 {
		return nil
	}
	w.said = w.carrier.Send(ctx, w.bulk, w.aboutToEnd)
	var refused email.Refused
	if w.said == nil || errors.As(w.said, &refused) || errors.Is(w.said, email.ErrUnconfirmed) {
		if !w.well && w.said == nil {
			w.well = true
			return w.carrier.Trouble(ctx, nil)
		}
		return nil
	}
	return w.said
}

// aboutToEnd writes down, before the data is ended, that from now on only the server knows whether it has the mail.
func (w *walk) aboutToEnd(ctx context.Context) error {
	return w.m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := w.run.Hold(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE campaign_recipient SET phase = $2 WHERE id = $1`, w.row.ID, phaseData)
		return err
	})
}

// settle ends the mail in hand. It is written even while the program stops.
func (w *walk) settle(ctx context.Context) error {
	if w.row.ID == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
	defer cancel()
	err := w.m.DB.Write(ctx, func(tx *db.Tx) error {
		if err := w.run.Hold(ctx, tx); err != nil {
			return err
		}
		return w.conclude(ctx, tx)
	})
	if err == nil {
		w.inHand = inHand{}
	}
	return err
}

// away notes that the server could not be spoken with. The mail in hand did not leave.
func (w *walk) away(ctx context.Context, cause error) error {
	if err := w.carrier.Trouble(context.WithoutCancel(ctx), cause); err != nil {
		return errors.Join(cause, err)
	}
	if err := w.settle(ctx); err != nil {
		return errors.Join(cause, err)
	}
	return cause
}

// ended is how a run ends that found nobody: those who wait for their morning are waited for; else it is done.
func (w *walk) ended(ctx context.Context, cause error) error {
	if errors.Is(cause, errOver) {
		return nil
	}
	if !errors.Is(cause, errNobody) {
		return cause
	}
	var due time.Time
	err := w.m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		due, err = w.done(ctx, tx)
		return err
	})
	if err != nil || due.IsZero() {
		return err
	}
	if due.Before(w.next) {
		due = w.next
	}
	return job.Later(due)
}

// done says when the next may go; where nobody waits any more it ends the campaign.
func (w *walk) done(ctx context.Context, tx *db.Tx) (due time.Time, err error) {
	c, err := load(ctx, tx, w.c.ID)
	if err != nil || c.turn != w.c.turn {
		return due, err
	}
	waits, err := db.Exists(ctx, tx, `SELECT 1 FROM campaign_recipient WHERE campaign_id = $1 AND state = 'waiting'`, c.ID)
	if err != nil {
		return due, err
	}
	if waits {
		return db.One(ctx, tx, func(r db.Row) (t time.Time, err error) { return t, r.Scan(db.Time(&t)) },
			`SELECT MIN(due_at) FROM campaign_recipient WHERE campaign_id = $1 AND state = 'waiting'`, c.ID)
	}
	if err := w.run.Finish(ctx, tx); err != nil {
		return due, err
	}
	if err := c.turnTo(ctx, tx, Done, `ended_at = `+millis(tx.Now())); err != nil {
		return due, err
	}
	return due, event.Record(ctx, tx, Ended{c.ID, Done})
}
