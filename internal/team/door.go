package team

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
)

// Door is how people and programs come in: one for each process. It holds what
// a transaction cannot: the keys, the few places for hashing, how fast each token
// is used, and who was seen and is not written down yet.
type Door struct {
	db     *db.DB
	keys   *secret.Keys
	log    *slog.Logger
	slots  slots
	hashes atomic.Int64 // how many were computed: equal work is tested by counting
	send   func(context.Context, Mail) error

	sessions memory[entry]
	tokens   memory[used]

	mu      sync.Mutex
	buckets map[TokenID]bucket
	seen    map[SessionID]time.Time
	used    map[TokenID]use
}

type use struct {
	at   time.Time
	from string
}

// NewDoor makes the door and takes over its jobs. send sends one mail over the
// network; it is called by a job, outside of any transaction, and again later
// when it fails.
func NewDoor(d *db.DB, keys *secret.Keys, jobs *job.Runner, log *slog.Logger, send func(context.Context, Mail) error) *Door {
	door := &Door{db: d, keys: keys, log: log, slots: newSlots(), send: send,
		buckets: map[TokenID]bucket{}, seen: map[SessionID]time.Time{}, used: map[TokenID]use{}}
	job.Handle(jobs, job.Kind{Pool: "react"}, door.reset)
	job.Handle(jobs, job.Kind{Pool: "mail"}, door.mailLink)
	job.Handle(jobs, job.Kind{Pool: "mail"}, door.mailNews)
	job.Every(jobs, "team.clean", job.Kind{}, job.Interval(time.Hour), door.clean)
	return door
}

// Run writes down every half minute who was seen, until ctx ends.
func (d *Door) Run(ctx context.Context) error {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if err := d.Flush(ctx); err != nil {
				d.log.Warn("write down who was seen", "error", err)
			}
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
			defer cancel()
			return d.Flush(ctx)
		}
	}
}

// Flush writes down which sessions and tokens were seen and used. What a crash
// loses of it is made up for by their next request.
func (d *Door) Flush(ctx context.Context) error {
	d.mu.Lock()
	seen, used := d.seen, d.used
	d.seen, d.used = map[SessionID]time.Time{}, map[TokenID]use{}
	d.mu.Unlock()
	if len(seen)+len(used) == 0 {
		return nil
	}
	return d.db.Write(ctx, func(tx *db.Tx) error {
		for id, at := range seen {
			if _, err := tx.Exec(ctx, `UPDATE team_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, at); err != nil {
				return err
			}
		}
		for id, u := range used {
			if _, err := tx.Exec(ctx, `UPDATE team_token SET used_at = $2, used_from = $3 WHERE id = $1`, id, u.at, u.from); err != nil {
				return err
			}
		}
		return nil
	})
}

// clean removes what is over: sessions, old tries, links.
func (d *Door) clean(ctx context.Context, run *job.Run) error {
	return d.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		d.forgetBuckets(tx.Now())
		return sweep(ctx, tx)
	})
}

func sweep(ctx context.Context, tx *db.Tx) error {
	now := tx.Now()
	l, err := GetLengths(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM team_session WHERE expires_at <= $1`, now},
		{`DELETE FROM team_session WHERE kept AND seen_at <= $1`, now.Add(-l.idle(true))},
		{`DELETE FROM team_session WHERE NOT kept AND seen_at <= $1`, now.Add(-l.idle(false))},
		{`DELETE FROM team_try WHERE last_at <= $1`, now.Add(-forget)},
		{`DELETE FROM team_link WHERE expires_at <= $1`, now.Add(-30 * 24 * time.Hour)},
	} {
		if _, err := tx.Exec(ctx, c.query, c.before); err != nil {
			return err
		}
	}
	return nil
}
