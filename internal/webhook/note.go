package webhook

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/notice"
	"baraji/internal/team"
)

const (
	// Persist is how long a delivery is tried, and how long an endpoint may fail.
	Persist = 72 * time.Hour
	// longestPause is how long an endpoint that only fails is left alone at most.
	longestPause = 5 * time.Minute
	// minute is how exactly an endpoint knows when something arrived.
	minute = time.Minute
)

// note writes down what came of a try.
func note(ctx context.Context, tx *db.Tx, id ID, p parcel, got result) error {
	state, next := Delivered, tx.Now()
	if p.first.IsZero() {
		p.first = tx.Now()
	}
	if got.why != "" {
		state, next = Waiting, again(tx.Now(), p, got)
		if p.trial || !tx.Now().Before(p.first.Add(Persist)) {
			state = Failed
		}
	}
	n, err := tx.Exec(ctx, `UPDATE webhook_delivery SET state = $2, tries = $3, first_at = $4, next_at = $5, at = $6, status = $7, why = $8, took = $9, answer = $10
		WHERE id = $1 AND state = 'waiting'`, p.id, state, p.tries+1, p.first, next, tx.Now(), got.status, got.why, got.took, got.answer)
	if err != nil || n == 0 {
		return err // it was deleted, or switched off meanwhile
	}
	if got.why == "" {
		return well(ctx, tx, id)
	}
	return ill(ctx, tx, id, p, got)
}

// again is when a delivery is tried again: never after its three days.
func again(now time.Time, p parcel, got result) time.Time {
	d := wait(p.tries + 1)
	d = max(d*4/5+rand.N(d*2/5+1), got.after)
	if last := p.first.Add(Persist); now.Add(d).After(last) {
		return last
	}
	return now.Add(d)
}

// well notes that something arrived; most of the time that is known.
func well(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `UPDATE webhook SET failures = 0, failing_since = NULL, pause_until = NULL, sent_at = $2 WHERE id = $1 AND (failures > 0 OR pause_until IS NOT NULL OR COALESCE(sent_at, 0) < $3)`,
		id, tx.Now(), tx.Now().Add(-minute))
	return err
}

// ill notes that something did not, and switches off what is gone or has failed for too long. A trial changes nothing else.
func ill(ctx context.Context, tx *db.Tx, id ID, p parcel, got result) error {
	e, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhook WHERE id = $1`+tx.ForLock(), id)
	if errors.Is(err, db.ErrNoRow) || err == nil && e.State != On {
		return nil
	}
	if err != nil {
		return err
	}
	if got.why == HasGone {
		return disable(ctx, tx, e, Gone)
	}
	if p.trial {
		return nil
	}
	e.Failures++
	if e.FailingSince.IsZero() {
		e.FailingSince = tx.Now()
	}
	if !tx.Now().Before(e.FailingSince.Add(Persist)) {
		return disable(ctx, tx, e, Failing)
	}
	pause := got.after
	if e.Failures >= only {
		pause = max(pause, min(5*time.Second<<min(e.Failures-only, 10), longestPause))
	}
	var until time.Time
	if pause > 0 {
		until = tx.Now().Add(pause)
	}
	_, err = tx.Exec(ctx, `UPDATE webhook SET failures = $2, failing_since = $3, pause_until = $4 WHERE id = $1`, id, e.Failures, e.FailingSince, until)
	return err
}

// disable switches off what cannot be reached, and tells whoever made it.
func disable(ctx context.Context, tx *db.Tx, e Endpoint, why State) error {
	ctx = team.AsSystem(ctx)
	if err := halt(ctx, tx, e.ID, why); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Disabled{e.ID, why}); err != nil {
		return err
	}
	who, err := keepers(ctx, tx, e)
	if err != nil {
		return err
	}
	for _, p := range who {
		_, err := notice.Tell(ctx, tx, notice.Notice{Person: p, Kind: notice.Halted, Subject: e.ID.String(), Words: "notice.said_hook_" + string(why),
			Args: map[string]string{"name": e.Name()}, Link: "/settings/webhooks/" + e.ID.String(), Ways: []notice.Way{notice.Bell, notice.Mail}})
		if err != nil {
			return err
		}
	}
	return nil
}

// halt switches off: what waits is missed from then on.
func halt(ctx context.Context, tx *db.Tx, id ID, state State) error {
	_, err := tx.Exec(ctx, `UPDATE webhook SET state = $2, off_at = $3, updated_at = $3, pause_until = NULL WHERE id = $1`, id, state, tx.Now())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE webhook_delivery SET state = 'missed', at = $2 WHERE webhook_id = $1 AND state = 'waiting'`, id, tx.Now())
	return err
}

// keepers are those who are told: who made it; if he cannot come in any more, all who could.
func keepers(ctx context.Context, tx *db.Tx, e Endpoint) (list []team.ID, err error) {
	people, err := team.People(ctx, tx, team.Filter{State: team.Active})
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if p.ID == e.CreatedBy {
			return []team.ID{p.ID}, nil
		}
	}
	for _, p := range people {
		a, err := team.ActorOf(ctx, tx, p.ID)
		if err != nil {
			return nil, err
		}
		if a.Can(team.ManageTokens) && a.Can(team.ReadAudit) {
			list = append(list, p.ID)
		}
	}
	return list, nil
}
