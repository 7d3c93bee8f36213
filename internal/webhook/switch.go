package webhook

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// Switch switches an endpoint on or off. One that is switched on takes what happens from then on; see Resend.
func (s *Hooks) Switch(ctx context.Context, tx *db.Tx, id ID, on bool) error {
	if err := may(ctx); err != nil {
		return err
	}
	e, err := find(ctx, tx, id, tx.ForLock())
	if err != nil || on == (e.State == On) {
		return err
	}
	if on {
		last, err := event.Last(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE webhook SET state = 'on', cursor_seq = $2, failures = 0, failing_since = NULL, pause_until = NULL, updated_at = $3 WHERE id = $1`, id, last, tx.Now())
		if err != nil {
			return err
		}
	} else {
		if err := catchUp(ctx, tx, e); err != nil { // so that one sees what was missed
			return err
		}
		if err := halt(ctx, tx, id, Off); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Switched{id, on})
}

// Rotate makes a new secret, which is told this once. The old ones go on signing beside it for a day; atOnce they are worth nothing from now on.
func (s *Hooks) Rotate(ctx context.Context, tx *db.Tx, id ID, atOnce bool) (string, error) {
	if err := may(ctx); err != nil {
		return "", err
	}
	if _, err := find(ctx, tx, id, tx.ForLock()); err != nil {
		return "", err
	}
	query, until := `UPDATE webhook_secret SET until_at = $2 WHERE webhook_id = $1 AND until_at IS NULL`, tx.Now().Add(Overlap)
	if atOnce {
		query, until = `UPDATE webhook_secret SET until_at = $2 WHERE webhook_id = $1 AND (until_at IS NULL OR until_at > $2)`, tx.Now()
	}
	if _, err := tx.Exec(ctx, query, id, until); err != nil {
		return "", err
	}
	text, err := s.addSecret(ctx, tx, id)
	if err != nil {
		return "", err
	}
	return text, event.Record(ctx, tx, Rotated{id, atOnce})
}

// OldUntil says until when an old secret signs beside the newest; zero: there is none.
func OldUntil(ctx context.Context, tx *db.Tx, id ID) (until time.Time, err error) {
	return until, db.Each(ctx, tx, func(r db.Row) error { return r.Scan(db.Time(&until)) },
		`SELECT MAX(until_at) FROM webhook_secret WHERE webhook_id = $1 AND until_at > $2`, id, tx.Now())
}

// Try sends an event that says that somebody tries: once, also to an endpoint that is off.
func (s *Hooks) Try(ctx context.Context, tx *db.Tx, id ID) (DeliveryID, error) {
	e, err := Get(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	if err := event.Record(ctx, tx, Tried{id}); err != nil {
		return 0, err
	}
	made, err := event.Of(ctx, tx, id.String(), 0, 1)
	if err != nil {
		return 0, err
	}
	d := DeliveryID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO webhook_delivery (id, webhook_id, event_id, seq, subject, trial, state, next_at, at) VALUES ($1, $2, $3, 0, $4, $5, 'waiting', $6, $6)`,
		d, e.ID, made[0].ID, id.String(), true, tx.Now())
	if err != nil {
		return 0, err
	}
	return d, stir(ctx, tx, id)
}

// Again has one delivery sent again, whatever became of it.
func (s *Hooks) Again(ctx context.Context, tx *db.Tx, id ID, d DeliveryID) error {
	if err := needOn(ctx, tx, id); err != nil {
		return err
	}
	had, err := GetDelivery(ctx, tx, id, d)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE webhook_delivery SET state = 'waiting', tries = 0, first_at = NULL, next_at = $2, at = $2 WHERE id = $1`, d, tx.Now())
	if err != nil {
		return err
	}
	if err := unpause(ctx, tx, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, Resent{ID: id, Event: had.Event.ID})
}

// Resend has everything sent that happened since a time and did not arrive: what failed, what was missed, and what happened while it was off.
func (s *Hooks) Resend(ctx context.Context, tx *db.Tx, id ID, since time.Time) error {
	if err := needOn(ctx, tx, id); err != nil {
		return err
	}
	if since.Before(tx.Now().Add(-Keep)) || since.After(tx.Now()) {
		return problem.For("since", "Choose a time of the last seven days.")
	}
	from, err := event.Since(ctx, tx, since)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE webhook_delivery SET state = 'waiting', tries = 0, first_at = NULL, next_at = $3, at = $3
		WHERE webhook_id = $1 AND state IN ('failed', 'missed') AND NOT trial AND seq > $2`, id, from, tx.Now())
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE webhook SET cursor_seq = $2 WHERE id = $1 AND cursor_seq > $2`, id, from); err != nil {
		return err
	}
	if err := unpause(ctx, tx, id); err != nil {
		return err
	}
	tx.After(s.Wake)
	return event.Record(ctx, tx, Resent{ID: id, Since: since})
}

func needOn(ctx context.Context, tx *db.Tx, id ID) error {
	e, err := Get(ctx, tx, id)
	if err == nil && e.State != On {
		return problem.New(problem.Conflict, "This webhook is off. Switch it on first.")
	}
	return err
}

// unpause makes that a person need not wait for the pauses of an endpoint that fails.
func unpause(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := tx.Exec(ctx, `UPDATE webhook SET failures = 0, pause_until = NULL WHERE id = $1`, id); err != nil {
		return err
	}
	return stir(ctx, tx, id)
}
