package team

import (
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// limit says how often something may fail before one has to wait, and how long.
type limit struct {
	free int           // failures before the first wait
	most time.Duration // the longest wait; they double from one second
}

// The limits. An office may share one address, so a source has more.
var (
	perAccount = limit{10, 15 * time.Minute}
	perSource  = limit{40, 15 * time.Minute}
	perDevice  = limit{10, 15 * time.Minute}
	perCode    = limit{5, 15 * time.Minute}
	perAsker   = limit{10, time.Hour} // asking for resets
)

// forget is how long after the last failure all is forgiven.
const forget = 24 * time.Hour

// wait after so many failures.
func (l limit) wait(fails int) time.Duration {
	over := fails - l.free
	if over < 0 {
		return 0
	}
	if over > 20 {
		return l.most
	}
	return min(time.Second<<over, l.most)
}

// try is one counter that an attempt counts on.
type try struct {
	name string
	limit
}

// try names a counter by what it counts and for whom, unreadably.
func (d *Door) try(l limit, what, whom string) try { return try{d.keys.Tag("try/"+what, whom), l} }

// take counts an attempt as failed before it is made, so that many at once do
// not all get through, or says how long to wait. A refused attempt is not
// counted: waits do not grow by knocking.
func take(ctx context.Context, tx *db.Tx, tries ...try) error {
	for _, t := range tries {
		free, err := db.One(ctx, tx, func(r db.Row) (at time.Time, err error) { return at, r.Scan(db.Time(&at)) },
			`SELECT free_at FROM team_try WHERE name = $1 AND last_at > $2`, t.name, tx.Now().Add(-forget))
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
		if left := free.Sub(tx.Now()); left > 0 {
			return problem.New(problem.Limited, "Too many tries. Wait a moment, then try again.").Wait(left)
		}
	}
	for _, t := range tries {
		if err := count(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

func count(ctx context.Context, tx *db.Tx, t try) error {
	fails, err := db.Value[int](ctx, tx, `
		INSERT INTO team_try (name, fails, last_at, free_at) VALUES ($1, 1, $2, $2)
		ON CONFLICT (name) DO UPDATE SET fails = CASE WHEN team_try.last_at > $3 THEN team_try.fails + 1 ELSE 1 END, last_at = excluded.last_at
		RETURNING fails`, t.name, tx.Now(), tx.Now().Add(-forget))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE team_try SET free_at = $2 WHERE name = $1`, t.name, tx.Now().Add(t.wait(fails)))
	return err
}

// forgive clears a counter after a success.
func forgive(ctx context.Context, tx *db.Tx, t try) error {
	_, err := tx.Exec(ctx, `DELETE FROM team_try WHERE name = $1`, t.name)
	return err
}

// giveBack takes back what one attempt counted, and no more: whoever has an
// account of his own must not clear the way for guesses at others.
func giveBack(ctx context.Context, tx *db.Tx, t try) error {
	_, err := tx.Exec(ctx, `UPDATE team_try SET fails = fails - 1, free_at = last_at WHERE name = $1 AND fails > 0`, t.name)
	return err
}
