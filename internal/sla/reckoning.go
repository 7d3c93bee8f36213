package sla

import (
	"cmp"
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// Ring is the job that looks at the clocks of a conversation when one of them is due, or nearly.
type Ring struct {
	Conversation conversation.ID `json:"conversation"`
}

// JobKind names the job.
func (Ring) JobKind() string { return "sla.ring" }

func ringKey(id conversation.ID) string { return "sla.ring/" + id.String() }

// lateAfter is how long after its time something is told as late.
const lateAfter = time.Minute

// Rung does the Ring job: it tells what is warned or broken now, each once, in the order in which it became so.
func Rung(ctx context.Context, tx *db.Tx, id conversation.ID) error { return reckon(ctx, tx, id) }

// reckon works the clocks of a conversation out anew, keeps what they say, tells what has become of them, and sets the next ring.
func reckon(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	list, err := steps(ctx, tx, id)
	if err != nil {
		return err
	}
	known, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation WHERE id = $1`, id)
	if err != nil || !known {
		return err
	}
	hours, err := keptHours(ctx, tx, list)
	if err != nil {
		return err
	}
	had, err := toldBefore(ctx, tx, id)
	if err != nil {
		return err
	}
	now := tx.Now()
	clocks := Reckon(list, hours)
	counts := lastCounts(list)
	var facts []event.Fact
	var next time.Time
	for _, which := range All {
		c, runs := clocks[which]
		if !runs {
			if _, was := had[which]; was {
				if _, err := tx.Exec(ctx, `DELETE FROM sla_clock WHERE conversation_id = $1 AND clock = $2`, id, which); err != nil {
					return err
				}
			}
			continue
		}
		level := had[which].level(c)
		reached, more := c.tell(id, which, level, now)
		facts = append(facts, more...)
		next = earliest(next, c.nextRing(reached))
		_, err := tx.Exec(ctx, `INSERT INTO sla_clock (conversation_id, clock, started_at, target, counts, warn_at, due_at, met_at, held, told) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (conversation_id, clock) DO UPDATE SET started_at = excluded.started_at, target = excluded.target, counts = excluded.counts, warn_at = excluded.warn_at,
			due_at = excluded.due_at, met_at = excluded.met_at, held = excluded.held, told = excluded.told`,
			id, which, c.Started, c.Target.Milliseconds(), counts, c.Warn, c.Due, c.Met, c.Held, reached)
		if err != nil {
			return err
		}
	}
	if err := ring(ctx, tx, id, next, len(had) > 0 || len(clocks) > 0); err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

// ring sets when the clocks are looked at again.
func ring(ctx context.Context, tx *db.Tx, id conversation.ID, next time.Time, any bool) error {
	if !any {
		return nil
	}
	if next.IsZero() {
		return job.Cancel(ctx, tx, ringKey(id))
	}
	return job.Replace(ctx, tx, Ring{id}, job.Options{At: next, Key: ringKey(id)})
}

// tell says what a clock has to tell above a level, and to which level that comes.
func (c Clock) tell(id conversation.ID, which Which, level int, now time.Time) (int, []event.Fact) {
	if !c.Runs() {
		return level, nil
	}
	var facts []event.Fact
	if level < 1 && reachedBy(c.Warn, now) {
		level = 1
		if !reachedBy(c.Due, now) {
			facts = append(facts, Warned{id, which, c.Due})
		}
	}
	if level < 2 && reachedBy(c.Due, now) {
		level = 2
		facts = append(facts, Broken{id, which, c.Due, now.Sub(c.Due) > lateAfter})
	}
	return level, facts
}

// nextRing is when a clock has something to tell next; zero: never.
func (c Clock) nextRing(level int) time.Time {
	switch {
	case !c.Runs() || level >= 2:
		return time.Time{}
	case level == 1:
		return c.Due
	}
	return earliest(c.Warn, c.Due)
}

func reachedBy(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// lastCounts is which time the promise that holds counts.
func lastCounts(list []Step) Counts {
	if at := lastPromise(list); at >= 0 {
		return cmp.Or(list[at].Promise.Counts, Working)
	}
	return Working
}

// before is what was told of a clock.
type before struct {
	started time.Time
	target  time.Duration
	told    int
}

// level is how much of a clock was told already: of another run, or under another target, nothing.
func (b before) level(c Clock) int {
	if !b.started.Equal(c.Started) || b.target != c.Target {
		return 0
	}
	return b.told
}

func toldBefore(ctx context.Context, tx *db.Tx, id conversation.ID) (map[Which]before, error) {
	out := map[Which]before{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var which Which
		var b before
		var target int64
		err := r.Scan(&which, db.Time(&b.started), &target, &b.told)
		b.target = time.Duration(target) * time.Millisecond
		out[which] = b
		return err
	}, `SELECT clock, started_at, target, told FROM sla_clock WHERE conversation_id = $1`, id)
}
