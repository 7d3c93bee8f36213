package webhook

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

const (
	// stretch is how much of the log is taken in one transaction.
	stretch = 500
	// behind is how far an endpoint's place may stay behind where nothing concerns it: a write for each event of others would be a waste.
	behind = 200
	// mostWaiting is how many deliveries of an endpoint wait at most. What comes then stays in the log until there is room.
	mostWaiting = 10_000
)

// Take writes a delivery for each event that an endpoint has not passed yet, and moves its place: one transaction for each stretch.
func (s *Hooks) Take(ctx context.Context) error {
	for {
		var due []ID
		if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { due, err = concerned(ctx, tx); return err }); err != nil {
			return fmt.Errorf("look for events: %w", err)
		}
		more := false
		for _, id := range due {
			err := s.DB.Write(ctx, func(tx *db.Tx) error {
				e, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhook WHERE id = $1 AND state = 'on'`+tx.ForLock(), id)
				if errors.Is(err, db.ErrNoRow) {
					return nil
				}
				if err != nil {
					return err
				}
				full, err := take(ctx, tx, e)
				more = more || full
				return err
			})
			if err != nil {
				return fmt.Errorf("take events for %s: %w", id, err)
			}
		}
		if !more {
			return nil
		}
	}
}

// concerned are the endpoints that have something to take, or are far behind.
func concerned(ctx context.Context, tx *db.Tx) (due []ID, err error) {
	last, err := event.Last(ctx, tx)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM webhook WHERE state = 'on' AND cursor_seq < $1`, last)
	if err != nil {
		return nil, err
	}
	ahead := map[int64][]event.Event{} // most stand at the same place
	for _, e := range list {
		if last-e.cursor < behind {
			if _, read := ahead[e.cursor]; !read {
				if ahead[e.cursor], err = event.After(ctx, tx, e.cursor, behind); err != nil {
					return nil, err
				}
			}
			if !slices.ContainsFunc(ahead[e.cursor], func(f event.Event) bool { return e.Takes(f.Kind) }) {
				continue
			}
		}
		if full, err := crowded(ctx, tx, e.ID); err != nil {
			return nil, err
		} else if !full {
			due = append(due, e.ID)
		}
	}
	return due, nil
}

func crowded(ctx context.Context, tx *db.Tx, id ID) (bool, error) {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM (SELECT 1 FROM webhook_delivery WHERE webhook_id = $1 AND state = 'waiting'`+db.Limit(mostWaiting)+`) AS w`, id)
	return n >= mostWaiting, err
}

// take passes a stretch of the log; more says that it may go on.
func take(ctx context.Context, tx *db.Tx, e Endpoint) (more bool, err error) {
	list, err := event.After(ctx, tx, e.cursor, stretch)
	if err != nil || len(list) == 0 {
		return false, err
	}
	took := int64(0)
	for _, f := range list {
		if !e.Takes(f.Kind) {
			continue
		}
		n, err := tx.Exec(ctx, `INSERT INTO webhook_delivery (id, webhook_id, event_id, seq, subject, state, next_at, at) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6)
			ON CONFLICT (webhook_id, event_id) DO NOTHING`, tx.NewID(), e.ID, f.ID, f.Seq, f.Subject, tx.Now())
		if err != nil {
			return false, err
		}
		took += n
	}
	if _, err := tx.Exec(ctx, `UPDATE webhook SET cursor_seq = $2 WHERE id = $1`, e.ID, list[len(list)-1].Seq); err != nil {
		return false, err
	}
	if took > 0 {
		err = stir(ctx, tx, e.ID)
	}
	return len(list) == stretch, err
}

// stir makes an endpoint's job look at its deliveries now.
func stir(ctx context.Context, tx *db.Tx, id ID) error {
	return job.Replace(ctx, tx, pump{id}, job.Options{Lane: id.String(), Key: pump{}.JobKind() + "/" + id.String()})
}
