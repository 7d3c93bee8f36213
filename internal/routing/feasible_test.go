package routing_test

import (
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

func TestWhatIsPromisedWhileNobodyStands(t *testing.T) {
	each(t, func(t *testing.T, d *desk) { // Monday at nine, to the next; working hours are nine to six on weekdays
		park := d.person("Park")
		feasible := func() (list []routing.Shortfall) {
			t.Helper()
			d.do(func(tx *db.Tx) (err error) { list, err = routing.Feasible(d.ctx, tx); return err })
			return list
		}
		targets := func(list ...sla.Target) {
			d.do(func(tx *db.Tx) error { return sla.SetTargets(d.ctx, tx, list) })
		}
		var night shift.RotaID // weekday nights only
		d.do(func(tx *db.Tx) (err error) {
			night, err = shift.Make(d.ctx, tx, shift.Rota{Name: "Night", Mode: shift.Partner, Color: 2, Layers: []shift.Layer{{Name: "n", Slots: [][]team.ID{{park}}, First: hours.Date{Year: 2026, Month: time.November, Day: 1},
				Every: 1, Unit: shift.Weeks, Hours: []shift.Span{{Days: []time.Weekday{1, 2, 3, 4}, From: 18 * 60, To: 9 * 60}}}}})
			return err
		})
		if got := feasible(); len(got) != 0 {
			t.Errorf("ten working minutes can be kept: %+v", got)
		}
		d.lists(routing.Lists{Scopes: []routing.Scope{{When: routing.When{Severity: "critical"}, By: night, Within: 15}}})
		weekend := 63 * time.Hour // Friday 18:00 to Monday 09:00
		if got := feasible(); len(got) != 1 || got[0].Scope != 1 || got[0].Long() != weekend {
			t.Errorf("%+v", got)
		}
		targets(sla.Target{Severity: "critical", First: 15, Counts: sla.Wall}, sla.Target{First: 15, Counts: sla.Wall, Severity: "minor"}, sla.Target{First: 10, Counts: sla.Working})
		got := feasible()
		if len(got) != 3 || got[1].Target != 1 || got[1].Long() != weekend {
			t.Fatalf("%+v", got)
		}
		if nights := 4 * 15 * time.Hour; got[2].Target != 2 || got[2].Long() != weekend+nights {
			t.Errorf("what no scope serves is promised for %s in vain", got[2].Long())
		}
	})
}
