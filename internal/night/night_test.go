package night_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/hours"
	"baraji/internal/night"
	"baraji/internal/team"
)

var seoul = time.FixedZone("KST", 9*3600)

func at(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, seoul) }

func TestWhatTheLastNightIs(t *testing.T) {
	office := hours.Calendar{Zone: seoul}
	for d := time.Monday; d <= time.Friday; d++ {
		office.Week[d] = []hours.Block{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 18 * 60}}
	}
	bar := hours.Calendar{Zone: seoul} // is open over midnight
	for d := range bar.Week {
		bar.Week[d] = []hours.Block{{From: 0, To: 2 * 60}, {From: 20 * 60, To: 24 * 60}}
	}
	for name, c := range map[string]struct {
		h    hours.Calendar
		at   time.Time
		want night.Span
		none bool
	}{
		"Tuesday morning":          {office, at(17, 9, 30), night.Span{From: at(16, 18, 0), Until: at(17, 9, 0), Over: true}, false},
		"after lunch":              {office, at(17, 14, 0), night.Span{From: at(16, 18, 0), Until: at(17, 9, 0), Over: true}, false},
		"at lunch":                 {office, at(17, 12, 30), night.Span{From: at(16, 18, 0), Until: at(17, 9, 0), Over: true}, false},
		"Monday":                   {office, at(23, 9, 0), night.Span{From: at(20, 18, 0), Until: at(23, 9, 0)}, false},
		"Monday a minute later":    {office, at(23, 9, 1), night.Span{From: at(20, 18, 0), Until: at(23, 9, 0), Over: true}, false},
		"in the night":             {office, at(17, 3, 0), night.Span{From: at(16, 18, 0), Until: at(17, 3, 0)}, false},
		"the night has just begun": {office, at(17, 18, 10), night.Span{From: at(17, 18, 0), Until: at(17, 18, 10)}, false},
		"a bar in the afternoon":   {bar, at(17, 15, 0), night.Span{From: at(17, 2, 0), Until: at(17, 15, 0)}, false},
		"a bar at midnight":        {bar, at(17, 0, 30), night.Span{From: at(16, 2, 0), Until: at(16, 20, 0), Over: true}, false},
		"who never closes":         {hours.Always(), at(17, 3, 0), night.Span{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := night.Last(c.h, c.at)
			if ok == c.none || !got.From.Equal(c.want.From) || !got.Until.Equal(c.want.Until) || got.Over != c.want.Over {
				t.Errorf("%v %+v, want %+v", ok, got, c.want)
			}
		})
	}
}

func TestTheMorningSeesWhatTheNightLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := team.AsSystem(t.Context())
		var in inbox.Inbox
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := desk.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		to := func(when time.Time) { desk.Clock.Advance(when.Sub(desk.Clock.Now())) }
		to(at(20, 10, 0)) // a Friday
		do(func(tx *db.Tx) (err error) {
			if err = team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"})
			return err
		})
		ask := func(name string) (id conversation.ID) {
			t.Helper()
			do(func(tx *db.Tx) error {
				who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: name, Email: name + "@example.com"})
				if err != nil {
					return err
				}
				got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: in, Contact: who, Message: conversation.Message{Subject: name, Text: "?"}})
				id = got.Conversation
				return err
			})
			return id
		}
		answer := func(id conversation.ID, then conversation.Status) {
			t.Helper()
			do(func(tx *db.Tx) error {
				_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "Here.", Then: then})
				return err
			})
		}
		ask("day")
		to(at(20, 23, 40))
		waits, open, solved := ask("waits"), ask("open"), ask("solved")
		urgent, word := ask("urgent"), "urgent"
		do(func(tx *db.Tx) error {
			return conversation.Update(ctx, tx, urgent, conversation.Change{Priority: &word})
		})
		answer(open, conversation.Pending)
		answer(solved, conversation.Solved)
		to(at(23, 9, 5))
		ask("monday")

		span := night.Span{From: at(20, 18, 0), Until: at(23, 9, 0), Over: true}
		cases := func() (list []night.Case) {
			t.Helper()
			do(func(tx *db.Tx) (err error) { list, err = night.Cases(ctx, tx, span); return err })
			return list
		}
		var got []string
		for _, c := range cases() {
			got = append(got, string(c.Group)+" "+c.Conversation.Subject)
		}
		if want := []string{"waits urgent", "waits waits", "open open", "solved solved"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		do(func(tx *db.Tx) error {
			h, err := calendar.Hours(ctx, tx, calendar.Firm)
			if err != nil {
				return err
			}
			s, err := night.Share(ctx, tx, h, at(1, 0, 0))
			if s.All != 6 || s.After != 4 || s.ByHour[time.Friday][23] != 4 {
				t.Errorf("%d of %d after hours, %d on Friday at eleven", s.After, s.All, s.ByHour[time.Friday][23])
			}
			return err
		})

		none := team.With(t.Context(), team.Actor{}) // who may see nothing sees nothing
		if err := desk.Read(none, func(tx *db.Tx) error {
			list, err := night.Cases(none, tx, span)
			if len(list) != 0 {
				t.Errorf("a stranger sees %d", len(list))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}

		secret, err := team.HashPassword("moonlight lamp")
		if err != nil {
			t.Fatal(err)
		}
		var kim team.ID
		do(func(tx *db.Tx) (err error) {
			kim, err = team.MakePerson(ctx, tx, "kim@dalbit.example", "Kim", team.Admin, secret)
			return err
		})
		me := func() context.Context {
			a := team.Actor{}
			do(func(tx *db.Tx) (err error) { a, err = team.ActorOf(ctx, tx, kim); return err })
			return team.With(t.Context(), a)
		}()
		looked := func() (by team.ID) {
			for _, c := range cases() {
				if c.ID == waits {
					by = c.Looked
				}
			}
			return by
		}
		look := func(done bool) {
			t.Helper()
			if err := desk.Write(me, func(tx *db.Tx) error { return night.Look(me, tx, waits, done) }); err != nil {
				t.Fatal(err)
			}
		}
		look(true)
		if looked() != kim {
			t.Error("it is not ticked off")
		}
		look(false)
		if looked() != 0 {
			t.Error("it is still ticked off")
		}
	})
}
