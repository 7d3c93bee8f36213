package shift_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// turn is the turn of somebody in a rota at a time.
func (h *house) turn(rota shift.RotaID, who, at string) (found shift.Turn) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		b, err := shift.LoadOne(h.ctx, tx, rota, wall(at), wall(at))
		for _, t := range b.Plan(wall(at), wall(at).Add(1)) {
			if t.Person == h.who[who] {
				found = t
			}
		}
		return err
	})
	if found.Rota == 0 {
		h.t.Fatalf("%s has no turn at %s", who, at)
	}
	return found
}

func ref(t shift.Turn) shift.Ref { return shift.Ref{Rota: t.Rota, Key: t.Key, From: t.From} }

// kinds are what happened to something, oldest first.
func (h *house) kinds(subject string) string {
	var list []string
	h.do(func(tx *db.Tx) error {
		events, err := event.Of(h.ctx, tx, subject, 1<<62, 100)
		for _, e := range events {
			list = append(list, strings.TrimPrefix(e.Kind, "shift."))
		}
		return err
	})
	slices.Reverse(list)
	return strings.Join(list, " ")
}

func TestSwap(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rota := h.make(h.day("Kim", "Noah"))
		ask := func(who, other string) (id shift.SwapID, err error) {
			give, take := h.turn(rota, "Kim", "2026-11-25 10:00"), h.turn(rota, "Noah", "2026-11-26 10:00")
			err = h.as(who, func(ctx context.Context, tx *db.Tx) (err error) {
				id, err = shift.Ask(ctx, tx, ref(give), h.who[other], ref(take), "동생 결혼식")
				return err
			})
			return id, err
		}
		if _, err := ask("Oh", "Noah"); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("another's turn is given away: %v", err)
		}
		if _, err := ask("Kim", "Oh"); problem.KindOf(err) != problem.Invalid {
			t.Errorf("another's turn is taken: %v", err)
		}
		swap, err := ask("Kim", "Noah")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ask("Kim", "Noah"); problem.KindOf(err) != problem.Invalid {
			t.Errorf("asked twice: %v", err)
		}
		step := func(who string, do func(context.Context, *db.Tx, shift.SwapID) error) error {
			return h.as(who, func(ctx context.Context, tx *db.Tx) error { return do(ctx, tx, swap) })
		}
		if err := step("Kim", shift.Accept); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("Kim accepts for Noah: %v", err)
		}
		if got := h.duty(rota, "2026-11-25 10:00"); got != "Kim" {
			t.Errorf("before it is accepted: %q", got)
		}
		if err := step("Noah", shift.Accept); err != nil {
			t.Fatal(err)
		}
		if a, b := h.duty(rota, "2026-11-25 10:00"), h.duty(rota, "2026-11-26 10:00"); a != "Noah" || b != "Kim" {
			t.Errorf("swapped: %q %q", a, b)
		}
		if got := h.turn(rota, "Noah", "2026-11-25 10:00"); got.Why != shift.BySwap || got.Instead != h.who["Kim"] {
			t.Errorf("why: %+v", got)
		}
		if err := step("Noah", shift.Decline); problem.KindOf(err) != problem.Conflict {
			t.Errorf("declined after it was accepted: %v", err)
		}
		if err := step("Oh", shift.UndoSwap); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("a third one undoes: %v", err)
		}
		if err := step("Kim", shift.UndoSwap); err != nil {
			t.Fatal(err)
		}
		if a, b := h.duty(rota, "2026-11-25 10:00"), h.duty(rota, "2026-11-26 10:00"); a != "Kim" || b != "Noah" {
			t.Errorf("undone: %q %q", a, b)
		}
		if got := h.kinds(swap.String()); got != "swap_asked swapped swap_undone" {
			t.Errorf("log: %s", got)
		}
		if got := h.kinds(rota.String()); got != "rota_made overridden overridden override_undone override_undone" {
			t.Errorf("log of the rota: %s", got)
		}
		if swap, err = ask("Kim", "Noah"); err != nil {
			t.Fatal(err)
		}
		moved := h.turn(rota, "Kim", "2026-11-25 10:00")
		h.do(func(tx *db.Tx) error {
			_, err := shift.Move(h.ctx, tx, rota, moved.Key, moved.From, shift.Where{Person: h.who["Oh"], From: moved.From, Until: moved.Until})
			return err
		})
		if err := step("Noah", shift.Accept); problem.KindOf(err) != problem.Conflict {
			t.Errorf("a turn that is no longer his was swapped: %v", err)
		}
		if err := step("Kim", shift.Withdraw); err != nil {
			t.Fatal(err)
		}
	})
}

func TestATurnIsMovedByHandAndBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rota := h.make(h.day("Kim", "Noah"))
		move := func(who, at, to, from, until string) (change shift.ChangeID) {
			h.t.Helper()
			turn := h.turn(rota, who, at)
			where := shift.Where{Person: h.who[to], From: turn.From, Until: turn.Until}
			if from != "" {
				where.From, where.Until = wall(from), wall(until)
			}
			h.do(func(tx *db.Tx) (err error) {
				change, err = shift.Move(h.ctx, tx, rota, turn.Key, turn.From, where)
				return err
			})
			return change
		}
		undo := func(change shift.ChangeID) {
			h.t.Helper()
			h.do(func(tx *db.Tx) error { return shift.Undo(h.ctx, tx, rota, change) })
		}
		duty := func(want ...string) {
			h.t.Helper()
			for _, w := range want {
				at, who, _ := strings.Cut(w, " = ")
				if got := h.duty(rota, at); got != who {
					t.Errorf("%s: %q, want %q", at, got, who)
				}
			}
		}
		given := move("Kim", "2026-11-23 10:00", "Oh", "", "")
		duty("2026-11-23 10:00 = Oh", "2026-11-25 10:00 = Kim")
		undo(given)
		later := move("Kim", "2026-11-23 10:00", "Kim", "2026-11-23 13:00", "2026-11-23 22:00")
		duty("2026-11-23 10:00 = ", "2026-11-23 14:00 = Kim", "2026-11-23 21:00 = Kim")
		again := move("Kim", "2026-11-23 21:00", "Mun", "2026-11-23 14:00", "2026-11-23 22:00") // what was placed is changed itself
		duty("2026-11-23 13:30 = ", "2026-11-23 14:00 = Mun")
		undo(again)
		duty("2026-11-23 12:30 = ", "2026-11-23 13:30 = Kim", "2026-11-23 14:00 = Kim")
		undo(later)
		duty("2026-11-23 10:00 = Kim", "2026-11-23 21:00 = ")
		nobody := move("Noah", "2026-11-24 10:00", "", "", "")
		duty("2026-11-24 10:00 = ")
		undo(nobody)
		if err := h.try("", func(tx *db.Tx) error { return shift.Undo(h.ctx, tx, rota, nobody) }); problem.KindOf(err) != problem.Conflict {
			t.Errorf("undone twice: %v", err)
		}

		var single shift.SingleID
		var placed shift.ChangeID
		weekly := shift.Single{Rota: rota, People: h.people("Mun"), Day: date("2026-11-28"), From: 22 * 60, Length: 8 * 60, Weekly: true}
		h.do(func(tx *db.Tx) (err error) {
			single, placed, err = shift.Place(h.ctx, tx, weekly)
			return err
		})
		duty("2026-11-29 05:59 = Mun", "2026-11-29 06:00 = ", "2027-01-03 05:00 = Mun")
		once := move("Mun", "2026-12-05 23:00", "Oh", "", "")
		duty("2026-12-05 23:00 = Oh", "2026-12-12 23:00 = Mun")
		undo(once)
		var removed shift.ChangeID
		h.do(func(tx *db.Tx) (err error) {
			removed, err = shift.Remove(h.ctx, tx, rota, single)
			return err
		})
		duty("2026-12-05 23:00 = ")
		undo(removed)
		duty("2026-12-05 23:00 = Mun")
		undo(placed)
		duty("2026-12-05 23:00 = ")

		h.do(func(tx *db.Tx) error {
			r, err := shift.Get(h.ctx, tx, rota)
			if err != nil {
				return err
			}
			r.Layers[0].Slots = h.slots("Oh")
			if err := shift.Change(h.ctx, tx, rota, r.Version, r); err != nil {
				return err
			}
			if err := shift.Change(h.ctx, tx, rota, r.Version, r); problem.KindOf(err) != problem.Conflict {
				t.Errorf("somebody's change is lost: %v", err)
			}
			return nil
		})
		duty("2026-11-23 10:00 = Oh")
		h.do(func(tx *db.Tx) error { return shift.UndoChange(h.ctx, tx, rota) })
		duty("2026-11-23 10:00 = Kim")
		if err := h.as("Kim", func(ctx context.Context, tx *db.Tx) error { return shift.Delete(ctx, tx, rota) }); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("an agent deletes a rota: %v", err)
		}
		h.do(func(tx *db.Tx) error { return shift.Delete(h.ctx, tx, rota) })
		h.at("2026-11-30 00:00")
	})
}

func TestLeaveAndDeputies(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rota := h.make(h.day("Kim"))
		take := func(who, of, from, until, deputy string) (id shift.LeaveID, err error) {
			err = h.as(who, func(ctx context.Context, tx *db.Tx) (err error) {
				id, err = shift.TakeLeave(ctx, tx, shift.Leave{Person: h.who[of], From: wall(from), Until: wall(until), Kind: shift.Holiday, Deputy: h.who[deputy]})
				return err
			})
			return id, err
		}
		if _, err := take("Noah", "Kim", "2026-11-24 00:00", "2026-11-25 00:00", ""); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("Noah sends Kim on leave: %v", err)
		}
		if _, err := take("Kim", "Kim", "2026-11-24 00:00", "2026-11-28 00:00", "Noah"); err != nil {
			t.Fatal(err)
		}
		if _, err := take("Noah", "Noah", "2026-11-25 00:00", "2026-11-26 00:00", "Oh"); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[string]string{"2026-11-23 10:00": "Kim", "2026-11-24 10:00": "Noah", "2026-11-25 10:00": "Oh", "2026-11-27 10:00": "Noah", "2026-11-30 10:00": "Kim"} {
			if got := h.duty(rota, at); got != want {
				t.Errorf("%s: %q, want %q", at, got, want)
			}
		}
		each, err := take("Oh", "Oh", "2026-11-25 00:00", "2026-11-26 00:00", "Kim") // they are each other's: nobody is left
		if err != nil {
			t.Fatal(err)
		}
		if got := h.duty(rota, "2026-11-25 10:00"); got != "" {
			t.Errorf("in a circle: %q", got)
		}
		if err := h.as("Oh", func(ctx context.Context, tx *db.Tx) error { return shift.EndLeave(ctx, tx, each) }); err != nil {
			t.Fatal(err)
		}
		h.do(func(tx *db.Tx) error {
			b, err := shift.LoadOne(h.ctx, tx, rota, wall("2026-11-23 00:00"), wall("2026-11-30 00:00"))
			if err != nil {
				return err
			}
			away, err := shift.Away(h.ctx, tx, wall("2026-11-25 10:00"))
			if len(away) != 2 || away[h.who["Kim"]].Deputy != h.who["Noah"] {
				t.Errorf("away: %v", away)
			}
			working, err2 := shift.Working(h.ctx, tx, wall("2026-11-25 10:00"))
			if len(working) != 1 || !slices.Equal(working[h.who["Oh"]], []shift.RotaID{rota}) {
				t.Errorf("working: %v", working)
			}
			plan := b.Plan(wall("2026-11-23 00:00"), wall("2026-11-30 00:00"))
			if gaps := shift.Gaps(b.Needs(wall("2026-11-23 00:00"), wall("2026-11-30 00:00")), plan); len(gaps) != 0 {
				t.Errorf("gaps: %v", gaps)
			}
			if err == nil {
				err = err2
			}
			return err
		})
		h.at("2026-11-23 09:00")
		h.at("2026-11-23 10:00")
		h.do(func(tx *db.Tx) error { return team.Disable(h.ctx, tx, h.who["Kim"]) })
		if got := h.duty(rota, "2026-11-30 10:00"); got != "" {
			t.Errorf("who may not come in stands: %q", got)
		}
		if got := h.told(rota); !slices.Equal(got, []string{"+Kim 11-23 09:00", "-Kim 11-23 10:00"}) {
			t.Errorf("told: %q", got)
		}
		h.do(func(tx *db.Tx) error { return team.Enable(h.ctx, tx, h.who["Kim"]) })
		if got := h.duty(rota, "2026-11-30 10:00"); got != "Kim" {
			t.Errorf("who may come in again: %q", got)
		}
	})
}

func TestHandOverNotes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := h.day("Kim", "Noah")
		r.Notes = true
		rota := h.make(r)
		notes := func() (list []shift.Note) {
			h.do(func(tx *db.Tx) (err error) {
				list, err = shift.Notes(h.ctx, tx, h.Clock.Now().Add(-48*time.Hour))
				return err
			})
			return list
		}
		h.at("2026-11-23 09:00")
		begin := func(who string) (id shift.NoteID, err error) {
			err = h.as(who, func(ctx context.Context, tx *db.Tx) (err error) {
				id, err = shift.BeginNote(ctx, tx, rota)
				return err
			})
			return id, err
		}
		if _, err := begin("Kim"); problem.KindOf(err) != problem.Conflict {
			t.Errorf("begun in the morning: %v", err)
		}
		h.at("2026-11-23 17:00")
		id, err := begin("Kim")
		if err != nil {
			t.Fatal(err)
		}
		write := func(who, open string) error {
			return h.as(who, func(ctx context.Context, tx *db.Tx) error { return shift.WriteNote(ctx, tx, id, open, "") })
		}
		read := func(who string) error {
			return h.as(who, func(ctx context.Context, tx *db.Tx) error { return shift.ReadNote(ctx, tx, id) })
		}
		if err := read("Noah"); problem.KindOf(err) != problem.Conflict {
			t.Errorf("read before it is written: %v", err)
		}
		if err := write("Kim", "R-2291은 환불 승인만 남았어요."); err != nil {
			t.Fatal(err)
		}
		h.at("2026-11-24 18:30")
		list := notes()
		if len(list) != 2 || list[1].ID != id || !list[0].WrittenAt.IsZero() || list[0].Person != h.who["Noah"] {
			t.Fatalf("notes: %+v", list)
		}
		if err := read("Kim"); problem.KindOf(err) != problem.Conflict {
			t.Errorf("Kim confirms his own: %v", err)
		}
		if err := read("Noah"); err != nil {
			t.Fatal(err)
		}
		if err := write("Kim", "more"); problem.KindOf(err) != problem.Conflict {
			t.Errorf("changed after it was read: %v", err)
		}
		h.at("2026-12-20 00:00")
		if list = notes(); len(list) < 15 || !list[len(list)-1].WrittenAt.IsZero() {
			t.Errorf("missing ones stay on the list: %d", len(list))
		}
	})
}

func TestAFeedOpensAsLongAsItsPersonMayComeIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var token string
		var id shift.FeedID
		err := h.as("Kim", func(ctx context.Context, tx *db.Tx) (err error) {
			token, id, err = shift.MakeFeed(ctx, tx, 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		open := func() error {
			return h.try("", func(tx *db.Tx) error {
				f, err := shift.OpenFeed(h.ctx, tx, token)
				if err == nil && f.Person != h.who["Kim"] {
					t.Errorf("whose: %+v", f)
				}
				return err
			})
		}
		if err := open(); err != nil {
			t.Fatal(err)
		}
		h.do(func(tx *db.Tx) error {
			hash, err := db.Value[string](h.ctx, tx, `SELECT hash FROM shift_feed WHERE id = $1`, id)
			if strings.Contains(hash, token) || len(hash) != 64 {
				t.Errorf("kept as %q", hash)
			}
			return err
		})
		h.do(func(tx *db.Tx) error { return team.Disable(h.ctx, tx, h.who["Kim"]) })
		if err := open(); problem.KindOf(err) != problem.NotFound {
			t.Errorf("of somebody who left: %v", err)
		}
		h.do(func(tx *db.Tx) error { return team.Enable(h.ctx, tx, h.who["Kim"]) })
		revoke := func(who string) error {
			return h.as(who, func(ctx context.Context, tx *db.Tx) error { return shift.RevokeFeed(ctx, tx, id) })
		}
		if err := revoke("Noah"); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("Noah revokes: %v", err)
		}
		if err := revoke("Kim"); err != nil {
			t.Fatal(err)
		}
		if err := open(); problem.KindOf(err) != problem.NotFound {
			t.Errorf("revoked: %v", err)
		}
	})
}

func TestShares(t *testing.T) {
	h := []shift.Turn{
		{Person: 1, From: wall("2026-11-27 22:00"), Until: wall("2026-11-28 09:00")}, // Friday night into a Saturday that is a holiday
		{Person: 2, From: wall("2026-11-23 09:00"), Until: wall("2026-11-23 18:00")},
	}
	got := shift.Shares(h, wall("2026-11-23 00:00"), wall("2026-11-28 08:00"), wall("2026-11-23 00:00").Location(), []hours.Date{date("2026-11-28")})
	want := []shift.Share{{Person: 1, Turns: 1, Total: 10 * time.Hour, Night: 8 * time.Hour, Weekend: 8 * time.Hour, Holiday: 8 * time.Hour},
		{Person: 2, Turns: 1, Total: 9 * time.Hour}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestWhatARotaMayNotBe(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.make(h.day("Kim"))
		for field, change := range map[string]func(*shift.Rota){
			"name":     func(r *shift.Rota) { r.Name = " day" },
			"zone":     func(r *shift.Rota) { r.Zone = "Moon/Base" },
			"mode":     func(r *shift.Rota) { r.Mode = "robots" },
			"0.people": func(r *shift.Rota) { r.Layers[0].Slots = nil },
			"0.first":  func(r *shift.Rota) { r.Layers[0].First = hours.Date{} },
			"0.last":   func(r *shift.Rota) { r.Layers[0].Last = date("2026-01-01") },
			"0.hand":   func(r *shift.Rota) { r.Layers[0].Hand = 1440 },
			"0.every":  func(r *shift.Rota) { r.Layers[0].Every = 5000 },
			"0.unit":   func(r *shift.Rota) { r.Layers[0].Unit = "moons" },
			"0.hours":  func(r *shift.Rota) { r.Layers[0].Hours[0].Days = nil },
			"0.level":  func(r *shift.Rota) { r.Layers[0].Level = 11 },
		} {
			r := h.day("Kim")
			r.Name = "Other"
			change(&r)
			err := h.try("", func(tx *db.Tx) error { _, err := shift.Make(h.ctx, tx, r); return err })
			if fields := problem.Fields(err); len(fields) != 1 || fields[0].Name != field {
				t.Errorf("%s: %v %v", field, err, fields)
			}
		}
	})
}
