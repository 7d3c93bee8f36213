package sla_test

import (
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/sla"
)

// Both clocks are told beside each other, also of one that stands; a night counts on the wall only.
func TestWorkingTimeAndTheWallBesideEachOther(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.targets(sla.Target{Next: 120, Solve: 480, Counts: sla.Working, Pauses: []conversation.Status{conversation.Pending}})
		id := d.asks(0, false) // Monday at nine
		d.at("2026-11-24 10:00")
		used := func(wantWork, wantWall time.Duration) (c sla.Clock) {
			t.Helper()
			d.do(func(tx *db.Tx) error {
				all, p, err := sla.Whole(d.ctx, tx, id)
				if c = all[sla.Solve]; p.Counts != sla.Working || c.Work != wantWork || c.Wall != wantWall || c.Used(sla.Wall) != c.Wall {
					t.Errorf("%s: %v of working time and %v on the wall, want %v and %v", p.Counts, c.Work, c.Wall, wantWork, wantWall)
				}
				return err
			})
			return c
		}
		before := used(10*time.Hour, 25*time.Hour)
		if kept := d.clocks(id)[sla.Solve]; !before.Due.Equal(kept.Due) {
			t.Errorf("due %v, kept is %v", before.Due, kept.Due)
		}
		d.answers(id, conversation.Pending)
		d.at("2026-11-25 10:00")
		if c := used(10*time.Hour, 25*time.Hour); c.Held != conversation.Pending {
			t.Errorf("held by %q", c.Held)
		}
	})
}
