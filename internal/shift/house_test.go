package shift_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// house is a shop in Seoul with people, whose jobs run as in the product.
type house struct {
	*dbtest.Desk
	t    testing.TB
	jobs *job.Runner
	ctx  context.Context
	who  map[string]team.ID
	name map[team.ID]string
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, open(t, desk)) })
}

func open(t testing.TB, desk *dbtest.Desk) *house {
	h := &house{Desk: desk, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(desk.DB, slog.New(slog.DiscardHandler)), who: map[string]team.ID{}, name: map[team.ID]string{}}
	log := event.NewLog(desk.DB, h.jobs)
	event.Within(log, "rotas", shift.OnDisabled)
	event.Within(log, "rotas", shift.OnEnabled)
	event.Within(log, "rotas", shift.OnTeamDeleted)
	job.Handle(h.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, k shift.Tick) error {
		return desk.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return shift.Ticked(h.ctx, tx, k.Rota)
		})
	})
	h.do(func(tx *db.Tx) error {
		if err := team.ChangeFirm(h.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		for _, name := range []string{"Kim", "Noah", "Oh", "Mun"} {
			id, err := team.MakePerson(h.ctx, tx, strings.ToLower(name)+"@dalbit.example", name, team.Agent, hashed())
			if err != nil {
				return err
			}
			h.who[name], h.name[id] = id, name
		}
		return nil
	})
	h.at("2026-11-23 08:00") // a Monday
	return h
}

func (h *house) do(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try("", fn); err != nil {
		h.t.Fatalf("%v %v", err, problem.Fields(err))
	}
}

// try lets somebody do something; "" is the program.
func (h *house) try(who string, fn func(tx *db.Tx) error) error {
	return h.as(who, func(_ context.Context, tx *db.Tx) error { return fn(tx) })
}

func (h *house) as(who string, fn func(ctx context.Context, tx *db.Tx) error) error {
	h.t.Helper()
	ctx := h.ctx
	if who != "" {
		err := h.Read(ctx, func(tx *db.Tx) error {
			a, err := team.ActorOf(h.ctx, tx, h.who[who])
			ctx = team.With(h.t.Context(), a)
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return h.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

// hashed is the password that everybody has, made once: it takes a while.
var hashed = sync.OnceValue(func() team.Hashed {
	p, err := team.HashPassword("moonlight lamp")
	if err != nil {
		panic(err)
	}
	return p
})

// at lets the clock come to a time on the wall of Seoul, and does what is due by then.
func (h *house) at(text string) {
	h.t.Helper()
	if ahead := wall(text).Sub(h.Clock.Now()); ahead > 0 {
		h.Clock.Advance(ahead)
	}
	h.drain()
}

func (h *house) drain() {
	h.t.Helper()
	if err := h.jobs.Drain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

func wall(text string) time.Time {
	z, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		panic(err)
	}
	return at
}

func date(text string) hours.Date {
	d, err := hours.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func (h *house) people(names ...string) (list []team.ID) {
	for _, n := range names {
		list = append(list, h.who[n])
	}
	return list
}

// slots are people who take turns, one after another.
func (h *house) slots(names ...string) (list [][]team.ID) {
	for _, n := range names {
		list = append(list, h.people(strings.Split(n, "+")...))
	}
	return list
}

// duty is who stands in a rota at a time, by name.
func (h *house) duty(rota shift.RotaID, at string) string {
	h.t.Helper()
	var names []string
	h.do(func(tx *db.Tx) error {
		list, err := shift.OnDuty(h.ctx, tx, rota, wall(at))
		for _, p := range list {
			names = append(names, h.name[p])
		}
		return err
	})
	slices.Sort(names)
	return strings.Join(names, " ")
}

// told is what was told of a rota, oldest first: "+Kim 09:00", "-Kim 18:00".
func (h *house) told(rota shift.RotaID) (list []string) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		events, err := event.Of(h.ctx, tx, rota.String(), 1<<62, 500)
		slices.Reverse(events)
		for _, e := range events {
			var f struct {
				Person team.ID
				At     time.Time
				Late   bool
			}
			sign := map[string]string{"shift.turn_began": "+", "shift.turn_ended": "-"}[e.Kind]
			if sign == "" {
				continue
			}
			if err := json.Unmarshal(e.Body, &f); err != nil {
				return err
			}
			text := fmt.Sprintf("%s%s %s", sign, h.name[f.Person], f.At.In(wall("2026-01-01 00:00").Location()).Format("01-02 15:04"))
			if f.Late {
				text += " late"
			}
			list = append(list, text)
		}
		return err
	})
	return list
}

// day is people who take the day from nine to six in turns of a day.
func (h *house) day(names ...string) shift.Rota {
	return shift.Rota{Name: "Day", Mode: shift.InHouse, Layers: []shift.Layer{{Slots: h.slots(names...), First: date("2026-11-23"), Every: 1, Unit: shift.Days,
		Hours: []shift.Span{{Days: []time.Weekday{1, 2, 3, 4, 5}, From: 9 * 60, To: 18 * 60}}}}}
}

func (h *house) make(r shift.Rota) (id shift.RotaID) {
	h.t.Helper()
	h.do(func(tx *db.Tx) (err error) {
		id, err = shift.Make(h.ctx, tx, r)
		return err
	})
	h.drain()
	return id
}
