package moment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// Fits says whether the conditions of a rule or a flow are so for a fact that would be recorded. Where they are not, nothing is.
type Fits func(ctx context.Context, tx *db.Tx, owner string, e event.Event) (bool, error)

// Moments makes times come.
type Moments struct {
	db   *db.DB
	fits map[string]Fits // by what the ids of those begin with who have plans
}

// New makes the times of a desk come.
func New(d *db.DB, jobs *job.Runner) *Moments {
	m := &Moments{db: d, fits: map[string]Fits{}}
	job.Handle(jobs, job.Kind{Pool: "moments", Limit: 30 * time.Minute}, m.ring)
	return m
}

// Tell says who knows the conditions of those whose ids begin so. It belongs to setting up.
func (m *Moments) Tell(prefix string, f Fits) { m.fits[prefix] = f }

// ring is the work of a plan whose time has come.
type ring struct {
	Plan  int64  `json:"plan"`
	Owner string `json:"owner"`
}

func (ring) JobKind() string { return "moment.ring" }

const (
	looked = 200 // things whose conditions are looked at in one transaction
)

// ring begins what is due, page by page. What was begun stays when the process dies in between: the rows of what is done say how far it came.
func (m *Moments) ring(ctx context.Context, run *job.Run, j ring) error {
	var k kept
	var s search
	ctx = team.AsSystem(ctx)
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if k, _, err = load(ctx, tx, j.Owner); err == nil {
			s, err = k.search(ctx, tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	for after, more := int64(0), k.id == j.Plan && !s.to.IsZero(); more; {
		if after, more, err = m.page(ctx, j, s, after); err != nil {
			return err
		}
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return j.again(ctx, tx, s)
	})
}

// search is what is due now; no end is nothing.
func (k kept) search(ctx context.Context, tx *db.Tx) (s search, err error) {
	s.Plan = k.Plan
	if s.zone, err = firmZone(ctx, tx); err != nil {
		return s, err
	}
	if k.When.Date == "" {
		s.from, s.to = k.doneTo, k.When.last(k.doneTo, tx.Now(), s.zone)
		return s, nil
	}
	s.from, s.to = k.doneTo, tx.Now()
	if s.from.Before(s.to.Add(-Back)) {
		s.from = s.to.Add(-Back)
	}
	return s, nil
}

// page looks at some things, and begins those of which the conditions are so.
func (m *Moments) page(ctx context.Context, j ring, s search, after int64) (cursor int64, more bool, err error) {
	var begin []Due
	err = m.db.Read(ctx, func(tx *db.Tx) (err error) {
		begin = nil
		var list []Due
		if list, cursor, more, err = s.page(ctx, tx, after, looked); err != nil {
			return err
		}
		for _, d := range list {
			so, err := m.so(ctx, tx, s.Owner, d)
			if err != nil {
				return err
			}
			if so {
				begin = append(begin, d)
			}
		}
		return nil
	})
	if err != nil || len(begin) == 0 {
		return cursor, more, err
	}
	return cursor, more, m.db.Write(ctx, func(tx *db.Tx) error {
		if now, _, err := load(ctx, tx, j.Owner); err != nil || now.id != j.Plan {
			return err // switched off, or changed, since
		}
		for _, d := range begin {
			if err := s.begin(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// so says whether the conditions of the owner are so for a thing. What is done already costs no look.
func (m *Moments) so(ctx context.Context, tx *db.Tx, owner string, d Due) (bool, error) {
	done, err := db.Exists(ctx, tx, `SELECT 1 FROM moment_done WHERE owner = $1 AND thing = $2 AND mark = $3`, owner, d.Thing, d.mark)
	if err != nil || done {
		return false, err
	}
	prefix, _, _ := strings.Cut(owner, "_")
	fits := m.fits[prefix]
	if fits == nil {
		return false, fmt.Errorf("nobody knows %s", owner)
	}
	return fits(ctx, tx, owner, would(tx, owner, d))
}

// would is the fact of a thing before it is one.
func would(tx *db.Tx, owner string, d Due) event.Event {
	return event.Event{Kind: Kind, Subject: Came{For: owner, About: d.Subject}.Subject(), Actor: "system", At: tx.Now()}
}

// begin records that the time of a thing has come, once.
func (s search) begin(ctx context.Context, tx *db.Tx, d Due) error {
	n, err := tx.Exec(ctx, `INSERT INTO moment_done (owner, thing, mark, at) VALUES ($1, $2, $3, $4) ON CONFLICT (owner, thing, mark) DO NOTHING`, s.Owner, d.Thing, d.mark, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Came{s.Owner, d.Subject, d.At})
}

// again says how far a plan is done, and sets its timer.
func (j ring) again(ctx context.Context, tx *db.Tx, s search) error {
	k, is, err := load(ctx, tx, j.Owner)
	if err != nil || !is || k.id != j.Plan {
		return err
	}
	if !s.to.IsZero() {
		k.doneTo = s.to
	}
	next, err := k.next(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE moment_plan SET done_to = $2, next_at = $3 WHERE owner = $1`, k.Owner, k.doneTo, next); err != nil {
		return err
	}
	return job.Add(ctx, tx, j, k.timer(next))
}
