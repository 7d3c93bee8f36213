package slack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// send is the job of saying what there is for one channel or person.
type send struct {
	Target string `json:"target"`
}

func (send) JobKind() string { return "slack.send" }

// atOnce is how many are said in one run.
const atOnce = 20

// send says what is due, one after another, and then sleeps until something is.
func (s *Slack) send(ctx context.Context, run *job.Run, j send) error {
	for range atOnce {
		more, err := s.step(ctx, run, j.Target)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	return s.next(ctx, run, j)
}

// ready is what can be done now: a line waits for its card, and a card is taken away after its lines, which are looked for in its thread.
const ready = open + ` AND (parent_id = 0 OR state <> 'waiting' OR EXISTS (SELECT 1 FROM slack_post c WHERE c.id = slack_post.parent_id AND c.state = 'sent'))
	AND (state <> 'withdrawn' OR NOT EXISTS (SELECT 1 FROM slack_post l WHERE l.parent_id = slack_post.id AND l.state = 'withdrawn'))`

// next ends the run, or says when the next one is.
func (s *Slack) next(ctx context.Context, run *job.Run, j send) error {
	var later time.Time
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		later = time.Time{}
		w, err := load(ctx, tx)
		if err != nil {
			return err
		}
		err = db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&later)) }, `SELECT next_at FROM slack_post WHERE workspace = $1 AND target = $2 AND `+ready+` ORDER BY next_at`+db.Limit(1), w.Key, j.Target)
		if err != nil {
			return err
		}
		if later.IsZero() {
			return run.Finish(ctx, tx)
		}
		if w.HeldUntil.After(later) {
			later = w.HeldUntil
		}
		if w.Trouble != "" { // a new token wakes us sooner
			later = tx.Now().Add(time.Hour)
		}
		return nil
	})
	if err == nil && !later.IsZero() {
		return job.Later(later)
	}
	return err
}

// turn is one post with what is to be done about it.
type turn struct {
	w      Workspace
	token  string
	p      Post
	look   bool // it may stand there already
	parent string
	drawn  drawn
	why    *Refusal
}

// step does what is due first; false: nothing is.
func (s *Slack) step(ctx context.Context, run *job.Run, target string) (bool, error) {
	w, token, err := s.at(ctx)
	if err != nil || w.ID == 0 || w.Trouble != "" || w.HeldUntil.After(s.DB.Now()) {
		return false, err
	}
	t := turn{w: w, token: token}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.pick(ctx, tx, run, target, &t) })
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read what is to be said in Slack: %w", err)
	}
	got, err := s.try(ctx, t)
	if err != nil {
		return false, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.note(team.AsSystem(ctx), tx, t, got) })
	if err != nil {
		return false, fmt.Errorf("write down what came of %s: %w", t.p.ID, err)
	}
	return true, nil
}

// pick takes the first that is due, draws it and marks it: from here on it may stand there.
func (s *Slack) pick(ctx context.Context, tx *db.Tx, run *job.Run, target string, t *turn) error {
	if err := run.Hold(ctx, tx); err != nil {
		return err
	}
	p, err := db.One(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE workspace = $1 AND target = $2 AND next_at <= $3 AND `+ready+` ORDER BY id`+db.Limit(1), t.w.Key, target, tx.Now())
	if err != nil {
		return err
	}
	t.p, t.look, t.why = p, p.State == Sending, nil
	if p.Parent != 0 {
		if t.parent, err = db.Value[string](ctx, tx, `SELECT ts FROM slack_post WHERE id = $1`, p.Parent); err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
	}
	if p.State == Withdrawn {
		return nil
	}
	t.drawn, err = s.draw(ctx, tx, t.w, p)
	if t.why = refusalOf(err); t.why != nil {
		return nil
	}
	if err != nil || p.State == Sent {
		return err
	}
	if p.firstAt.IsZero() {
		t.p.firstAt = tx.Now()
	}
	_, err = tx.Exec(ctx, `UPDATE slack_post SET state = 'sending', first_at = $2 WHERE id = $1`, p.ID, t.p.firstAt)
	return err
}

// result is what came of one try.
type result struct {
	room, ts string
	why      *Refusal
}

// try speaks to Slack. It fails only where the program is ended meanwhile, or the database.
func (s *Slack) try(ctx context.Context, t turn) (got result, err error) {
	if t.why != nil && t.p.State != Withdrawn {
		return result{why: t.why}, nil
	}
	switch t.p.State {
	case Withdrawn:
		err = s.back(ctx, t)
	case Sent:
		got.room, got.ts = t.p.room, t.p.ts
		if t.drawn.sum() != t.p.shown {
			err = s.redraw(ctx, t.token, sent{Channel: t.p.room, TS: t.p.ts, drawn: t.drawn, Metadata: metaOf(t.p.ID)})
		}
	default:
		got.room, got.ts, err = s.first(ctx, t)
	}
	if got.why = refusalOf(err); got.why != nil {
		return got, nil
	}
	return got, err
}

// back takes something away; where nobody knows whether it stands there, it is looked for.
func (s *Slack) back(ctx context.Context, t turn) (err error) {
	room, ts := t.p.room, t.p.ts
	if ts == "" {
		if room, err = s.room(ctx, t); err == nil {
			ts, err = s.find(ctx, t.token, room, t.parent, t.p.ID, t.p.firstAt)
		}
		if err != nil || ts == "" {
			return err
		}
	}
	return s.takeAway(ctx, t.token, room, ts)
}

// first says something for the first time, as far as we know: what may stand there already is looked for.
func (s *Slack) first(ctx context.Context, t turn) (room, ts string, err error) {
	if room, err = s.room(ctx, t); err != nil {
		return "", "", err
	}
	if t.look {
		ts, err = s.find(ctx, t.token, room, t.parent, t.p.ID, t.p.firstAt)
		if r := refusalOf(err); r != nil && r.Why == Outside && s.join(ctx, t.token, room) == nil {
			ts, err = s.find(ctx, t.token, room, t.parent, t.p.ID, t.p.firstAt)
		}
		if err != nil || ts != "" {
			return room, ts, err
		}
	}
	m := sent{Channel: room, Thread: t.parent, drawn: t.drawn, Metadata: metaOf(t.p.ID)}
	room, ts, err = s.say(ctx, t.token, m)
	if r := refusalOf(err); r != nil && r.Why == Outside && t.p.Person == 0 {
		if s.join(ctx, t.token, m.Channel) == nil {
			return s.say(ctx, t.token, m)
		}
	}
	return room, ts, err
}

// room is where it is said: the channel, or where we talk to one person.
func (s *Slack) room(ctx context.Context, t turn) (string, error) {
	if t.p.Person == 0 {
		return t.p.Target, nil
	}
	l, err := s.seek(ctx, t.w, t.token, t.p.Person)
	if err != nil || l.room != "" {
		return l.room, err
	}
	room, err := s.open(ctx, t.token, l.User)
	if err != nil {
		return "", err
	}
	return room, s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE slack_person SET room = $3 WHERE workspace = $1 AND slack_user = $2`, t.w.Key, l.User, room)
		return err
	})
}

// note writes down what came of a try.
func (s *Slack) note(ctx context.Context, tx *db.Tx, t turn, got result) error {
	if got.why != nil {
		return s.noteRefusal(ctx, tx, t, got.why)
	}
	if t.p.State == Withdrawn {
		_, err := tx.Exec(ctx, `DELETE FROM slack_post WHERE id = $1`, t.p.ID)
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE slack_post SET state = CASE WHEN state = 'withdrawn' THEN state ELSE 'sent' END, tries = tries + 1, at = $2, next_at = $2, why = '', said = '', room = $3, ts = $4, shown = $5, done = $6 WHERE id = $1`,
		t.p.ID, tx.Now(), got.room, got.ts, t.drawn.sum(), t.p.wanted)
	if err != nil || n == 0 || t.p.State == Sent {
		return err
	}
	return t.p.came(ctx, tx, notice.Sent, "")
}

// noteRefusal writes down why it did not go: it waits, is given up, or everything does.
func (s *Slack) noteRefusal(ctx context.Context, tx *db.Tx, t turn, r *Refusal) error {
	switch {
	case r.Why == Token:
		if err := s.trouble(ctx, tx, t.w, r); err != nil {
			return err
		}
	case r.Why == Rate:
		if _, err := tx.Exec(ctx, `UPDATE slack SET held_until = $2 WHERE id = $1`, t.w.ID, tx.Now().Add(max(r.After, time.Second))); err != nil {
			return err
		}
	case r.Why == Gone && t.p.State != Withdrawn && (t.p.State == Sent || t.p.Parent != 0):
		return t.p.outlived(ctx, tx)
	}
	late := !t.p.firstAt.IsZero() && !tx.Now().Before(t.p.firstAt.Add(Persist))
	switch {
	case t.p.State == Withdrawn && (!r.Why.passing() || late):
		_, err := tx.Exec(ctx, `DELETE FROM slack_post WHERE id = $1`, t.p.ID)
		return err
	case t.p.State == Sent && !r.Why.passing():
		_, err := tx.Exec(ctx, `UPDATE slack_post SET done = $2, why = $3, said = $4, at = $5 WHERE id = $1`, t.p.ID, t.p.wanted, r.Why, r.Said, tx.Now())
		return err
	case t.p.State != Sent && (!r.Why.passing() || late):
		return t.p.fail(ctx, tx, r)
	}
	state := t.p.State
	if state == Waiting && r.Why.unsure() || state == Sending {
		state = Sending
	}
	_, err := tx.Exec(ctx, `UPDATE slack_post SET state = CASE WHEN state = 'withdrawn' THEN state ELSE $2 END, tries = tries + 1, next_at = $3, at = $4, why = $5, said = $6 WHERE id = $1`, t.p.ID, state, t.p.again(tx.Now(), r), tx.Now(), r.Why, r.Said)
	return err
}

// again is when it is tried again.
func (p Post) again(now time.Time, r *Refusal) time.Time {
	if r.Why == Rate {
		return now.Add(max(r.After, time.Second))
	}
	d := 5 * time.Second
	for range min(p.Tries, 10) {
		d = min(d*3, time.Hour)
	}
	return now.Add(d*4/5 + rand.N(d*2/5+1))
}

// outlived is what happens when what a post hangs on was deleted in Slack: a line becomes the new card, a card is forgotten.
func (p Post) outlived(ctx context.Context, tx *db.Tx) error {
	gone := p.ID
	if p.Parent != 0 && p.State != Sent {
		gone = p.Parent
	}
	if _, err := tx.Exec(ctx, `DELETE FROM slack_post WHERE id = $1`, gone); err != nil {
		return err
	}
	if gone != p.ID {
		if _, err := tx.Exec(ctx, `UPDATE slack_post SET kind = CASE WHEN kind = 'line' THEN 'card' ELSE kind END, parent_id = 0, state = 'waiting', next_at = $2 WHERE id = $1`, p.ID, tx.Now()); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE slack_post SET parent_id = $2 WHERE parent_id = $1 AND state = 'waiting'`, gone, orZero(gone != p.ID, p.ID))
	return err
}

func orZero(is bool, id PostID) PostID {
	if is {
		return id
	}
	return 0
}

// fail gives a post up, with what waits for it, and tells whoever answers for it.
func (p Post) fail(ctx context.Context, tx *db.Tx, r *Refusal) error {
	n, err := tx.Exec(ctx, `UPDATE slack_post SET state = 'failed', at = $2, why = $3, said = $4 WHERE id = $1 AND state IN ('waiting', 'sending')`, p.ID, tx.Now(), r.Why, r.Said)
	if err != nil || n == 0 {
		return err
	}
	waiting, err := db.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE parent_id = $1 AND state IN ('waiting', 'sending')`, p.ID)
	if err != nil {
		return err
	}
	for _, line := range waiting {
		line.Owner = 0 // one notice is enough
		if err := line.fail(ctx, tx, r); err != nil {
			return err
		}
	}
	if err := p.came(ctx, tx, notice.Failed, string(r.Why)); err != nil {
		return err
	}
	if p.Owner != 0 {
		n := notice.Notice{Person: p.Owner, Kind: notice.Rule, Subject: p.ID.String(), Words: "notice.slack_failed", Link: "/settings/slack#messages"}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, GivenUp{p.ID, r.Why})
}

// came tells the notice whose way this is.
func (p Post) came(ctx context.Context, tx *db.Tx, state notice.State, why string) error {
	if p.Delivery == 0 {
		return nil
	}
	return notice.Came(ctx, tx, p.Delivery, state, why)
}

// trouble notes that Slack takes the token no more, once, and tells who connected it.
func (s *Slack) trouble(ctx context.Context, tx *db.Tx, w Workspace, r *Refusal) error {
	n, err := tx.Exec(ctx, `UPDATE slack SET trouble = $2, said = $3, trouble_at = $4 WHERE id = $1 AND trouble = ''`, w.ID, r.Why, r.Said, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	if w.ConnectedBy != 0 {
		n := notice.Notice{Person: w.ConnectedBy, Kind: notice.Rule, Subject: w.ID.String(), Words: "notice.slack_troubled", Args: map[string]string{"workspace": w.Name}, Link: "/settings/slack", Ways: []notice.Way{notice.Bell, notice.Mail}}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Troubled{w.ID, r.Why})
}
