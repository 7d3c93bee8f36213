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

// Rung does the Ring job: it tells what became warned or broken at the instant of the ring, each once. What became so later, where the ring comes
// late, waits for a ring of its own: other timers of the conversation may be due before that.
func Rung(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	known, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation WHERE id = $1`, id)
	if err != nil || !known {
		return err
	}
	return reckon(ctx, tx, id, true)
}

// reckon works the clocks of a conversation out anew, keeps what they say, and sets the next ring, which tells what has become of them. What
// says the same as before is not written again.
func reckon(ctx context.Context, tx *db.Tx, id conversation.ID, rung bool) error {
	list, err := steps(ctx, tx, id)
	if err != nil {
		return err
	}
	hours, err := keptHours(ctx, tx, list)
	if err != nil {
		return err
	}
	had, err := keptClocks(ctx, tx, id)
	if err != nil {
		return err
	}
	clocks, counts := Reckon(list, hours), lastCounts(list)
	var until time.Time // what became so by then is told
	for which, c := range clocks {
		if rung {
			until = earliest(until, c.nextRing(had[which].level(c)))
		}
	}
	if until.After(tx.Now()) {
		until = time.Time{}
	}
	var facts []event.Fact
	var was, next time.Time
	for _, which := range All {
		before, kept := had[which]
		if kept {
			was = earliest(was, before.nextRing(before.told))
		}
		c, runs := clocks[which]
		if !runs {
			if kept {
				if _, err := tx.Exec(ctx, `DELETE FROM sla_clock WHERE conversation_id = $1 AND clock = $2`, id, which); err != nil {
					return err
				}
			}
			continue
		}
		told, more := c.tell(id, which, before.level(c), until, tx.Now())
		facts = append(facts, more...)
		next = earliest(next, c.nextRing(told))
		if now := (keptClock{c.shown(), counts, told}); !kept || now != before {
			if err := now.keep(ctx, tx, id, which); err != nil {
				return err
			}
		}
	}
	if rung || !next.Equal(was) {
		if err := ring(ctx, tx, id, next); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, facts...)
}

// ring sets when the clocks are looked at again; zero: never.
func ring(ctx context.Context, tx *db.Tx, id conversation.ID, next time.Time) error {
	if next.IsZero() {
		return job.Cancel(ctx, tx, ringKey(id))
	}
	return job.Replace(ctx, tx, Ring{id}, job.Options{At: next, Key: ringKey(id), Lane: conversation.Timers(id), With: true})
}

// tell says what a clock has to tell above a level of what became so until an instant, and to which level that comes.
func (c Clock) tell(id conversation.ID, which Which, level int, until, now time.Time) (int, []event.Fact) {
	if !c.Runs() {
		return level, nil
	}
	var facts []event.Fact
	if level < 1 && reachedBy(c.Warn, until) {
		level = 1
		if !reachedBy(c.Due, now) {
			facts = append(facts, Warned{id, which, c.Due, job.Late(now, c.Warn)})
		}
	}
	if level < 2 && reachedBy(c.Due, until) {
		level = 2
		facts = append(facts, Broken{id, which, c.Due, !job.Late(now, c.Due).IsZero()})
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

// keptClock is a clock as it is kept, with how much was told of it.
type keptClock struct {
	Clock
	counts Counts
	told   int
}

// level is how much of a clock was told already: of another run, or under another target, nothing.
func (k keptClock) level(c Clock) int {
	if !k.Started.Equal(c.Started) || k.Target != c.Target {
		return 0
	}
	return k.told
}

// shown is what is kept of a clock: to the millisecond, without what it used.
func (c Clock) shown() Clock {
	ms := func(t time.Time) time.Time {
		if t.IsZero() {
			return time.Time{}
		}
		return time.UnixMilli(t.UnixMilli()).UTC()
	}
	return Clock{Started: ms(c.Started), Target: c.Target.Truncate(time.Millisecond), Warn: ms(c.Warn), Due: ms(c.Due), Met: ms(c.Met), Held: c.Held}
}

func (k keptClock) keep(ctx context.Context, tx *db.Tx, id conversation.ID, which Which) error {
	_, err := tx.Exec(ctx, `INSERT INTO sla_clock (conversation_id, clock, started_at, target, counts, warn_at, due_at, met_at, held, told) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (conversation_id, clock) DO UPDATE SET started_at = excluded.started_at, target = excluded.target, counts = excluded.counts, warn_at = excluded.warn_at,
		due_at = excluded.due_at, met_at = excluded.met_at, held = excluded.held, told = excluded.told`,
		id, which, k.Started, k.Target.Milliseconds(), k.counts, k.Warn, k.Due, k.Met, k.Held, k.told)
	return err
}

func keptClocks(ctx context.Context, tx *db.Tx, id conversation.ID) (map[Which]keptClock, error) {
	out := map[Which]keptClock{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var which Which
		var k keptClock
		var target int64
		err := r.Scan(&which, db.Time(&k.Started), &target, &k.counts, db.Time(&k.Warn), db.Time(&k.Due), db.Time(&k.Met), &k.Held, &k.told)
		k.Target = time.Duration(target) * time.Millisecond
		k.Clock = k.shown()
		out[which] = k
		return err
	}, `SELECT clock, started_at, target, counts, warn_at, due_at, met_at, held, told FROM sla_clock WHERE conversation_id = $1`, id)
}
