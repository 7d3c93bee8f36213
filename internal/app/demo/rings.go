package demo

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// rings lets the promised times that ended until a moment of the story tell so, each at its own: nobody works on the queue while the story is told.
func (s *story) rings(ctx context.Context, tx *db.Tx, until time.Time) error {
	ctx = team.AsSystem(ctx)
	for {
		var args string
		var at time.Time
		err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&args, db.Time(&at)) },
			`SELECT args, run_at FROM job WHERE kind = 'sla.ring' AND run_at <= $1 ORDER BY run_at, id`+db.Limit(1), until)
		if err != nil || at.IsZero() {
			return err
		}
		var j sla.Ring
		if err := json.Unmarshal([]byte(args), &j); err != nil {
			return err
		}
		tx.At(at)
		if err := sla.Rung(ctx, tx, j.Conversation); err != nil {
			return err
		}
		if err := tx.Settle(); err != nil {
			return err
		}
		left, err := db.Exists(ctx, tx, `SELECT 1 FROM job WHERE kind = 'sla.ring' AND run_at = $1 AND args = $2`, at, args)
		if err != nil || left {
			return errors.Join(err, errors.New("a promised time tells the same again and again"))
		}
	}
}
