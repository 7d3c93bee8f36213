package calendar_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// write runs a command as the program, and fails with what it refuses.
func write(t *testing.T, desk *dbtest.Desk, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := try(t, desk, fn); err != nil {
		t.Fatalf("%v %v", err, problem.Fields(err))
	}
}

func try(t *testing.T, desk *dbtest.Desk, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := team.AsSystem(t.Context())
	return desk.DB.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

func seoul(t *testing.T, desk *dbtest.Desk) {
	write(t, desk, func(ctx context.Context, tx *db.Tx) error {
		return team.ChangeFirm(ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"})
	})
}

func counted(t *testing.T, desk *dbtest.Desk, id calendar.ID) (h hours.Calendar) {
	write(t, desk, func(ctx context.Context, tx *db.Tx) (err error) {
		h, err = calendar.Hours(ctx, tx, id)
		return err
	})
	return h
}

func date(text string) hours.Date {
	d, _ := hours.ParseDate(text)
	return d
}

// on says what holds on a day, as people write it.
func on(h hours.Calendar, day string) string {
	var list []string
	for _, b := range h.On(date(day)) {
		list = append(list, b.String())
	}
	return strings.Join(list, ", ")
}

func TestTheFirmHasHoursFromTheBeginning(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := counted(t, desk, calendar.Firm)
		if got := on(h, "2026-12-25"); got != "09:00-18:00" || h.Zone != time.UTC {
			t.Errorf("Christmas in UTC: %q %v", got, h.Zone)
		}
		seoul(t, desk)
		h = counted(t, desk, calendar.Firm)
		for day, want := range map[string]string{"2026-11-20": "09:00-18:00", "2026-11-22": "", "2026-12-25": "", "2027-02-09": "", "2050-09-30": ""} {
			if got := on(h, day); got != want {
				t.Errorf("%s in Seoul: %q, want %q", day, got, want)
			}
		}
	})
}

func TestWhatHoldsOnADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		seoul(t, desk)
		except := func(first, last string, kind calendar.Kind, text string) (id calendar.ExceptionID) {
			write(t, desk, func(ctx context.Context, tx *db.Tx) (err error) {
				id, err = calendar.Except(ctx, tx, calendar.Exception{Calendar: calendar.Firm, First: date(first), Last: date(last), Kind: kind, Hours: text, Note: " because  "})
				return err
			})
			return id
		}
		write(t, desk, func(ctx context.Context, tx *db.Tx) error {
			n, err := calendar.TakeHolidays(ctx, tx, calendar.Firm, []byte("2026-11-27,창립기념일\n2026-11-28,x"))
			if n != 2 {
				t.Errorf("%d days taken", n)
			}
			return err
		})
		except("2026-12-25", "2026-12-25", calendar.Other, "10-14")
		except("2026-12-28", "2026-12-31", calendar.Closed, "9-18")
		except("2026-12-31", "2026-12-31", calendar.Peak, "8-12, 20-22")
		except("2026-11-29", "2026-11-29", calendar.Maintenance, "2-5")
		gone := except("2026-11-24", "2026-11-24", calendar.Closed, "")
		add := except("2026-11-25", "2026-11-25", calendar.Peak, "7-9, 12-20")
		write(t, desk, func(ctx context.Context, tx *db.Tx) error { return calendar.Unexcept(ctx, tx, calendar.Firm, gone) })
		h := counted(t, desk, calendar.Firm)
		for day, want := range map[string]string{
			"2026-11-24": "09:00-18:00", "2026-11-25": "07:00-20:00", "2026-11-26": "09:00-18:00", "2026-11-27": "",
			"2026-11-29": "02:00-05:00", "2026-12-25": "10:00-14:00", "2026-12-30": "", "2026-12-31": "08:00-12:00, 20:00-22:00",
		} {
			if got := on(h, day); got != want {
				t.Errorf("%s: %q, want %q", day, got, want)
			}
		}
		write(t, desk, func(ctx context.Context, tx *db.Tx) error {
			list, err := calendar.Exceptions(ctx, tx, calendar.Firm, date("2026-11-26"))
			if err != nil {
				return err
			}
			if len(list) != 4 || list[0].First != date("2026-11-29") || list[0].Note != "because" || list[3].First != date("2026-12-31") {
				t.Errorf("coming: %+v", list)
			}
			if _, err := calendar.TakeHolidays(ctx, tx, calendar.Firm, nil); err != nil {
				return err
			}
			kinds := []string{}
			events, err := event.Of(ctx, tx, calendar.Firm.String(), 0, 100)
			if err != nil {
				return err
			}
			for _, e := range events {
				kinds = append(kinds, e.Kind)
			}
			if got := strings.Join(kinds, " "); strings.Count(got, "excepted") != 7 || !strings.HasPrefix(got, "calendar.holidays_taken calendar.unexcepted calendar.excepted") {
				t.Errorf("log: %s", got)
			}
			return calendar.Unexcept(ctx, tx, calendar.Firm, add)
		})
		if got := on(counted(t, desk, calendar.Firm), "2026-11-27"); got != "09:00-18:00" {
			t.Errorf("without the holidays of the file: %q", got)
		}
	})
}

func TestOpenNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		seoul(t, desk)
		write(t, desk, func(ctx context.Context, tx *db.Tx) error {
			w := calendar.Office()
			w.Days[time.Monday], w.Days[time.Tuesday], w.Days[time.Wednesday] = "9-12, 13-18", "9-24", "0-6, 9-18"
			return calendar.Change(ctx, tx, calendar.Firm, calendar.Given{Week: w})
		})
		h := counted(t, desk, calendar.Firm)
		at := func(text string) time.Time {
			v, err := time.ParseInLocation("2006-01-02 15:04", text, h.Zone)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		for _, tt := range []struct {
			at, until string
			open      bool
		}{
			{"2026-11-23 10:00", "2026-11-23 12:00", true},
			{"2026-11-23 12:00", "2026-11-23 13:00", false},
			{"2026-11-24 23:00", "2026-11-25 06:00", true}, // over midnight in one stretch
			{"2026-11-20 18:00", "2026-11-23 09:00", false},
			{"2026-12-24 18:00", "2026-12-28 09:00", false}, // Christmas is free
		} {
			if got := calendar.Now(h, at(tt.at)); got.Open != tt.open || !got.Until.Equal(at(tt.until)) {
				t.Errorf("%s: %v, want %v until %s", tt.at, got, tt.open, tt.until)
			}
		}
		if got := calendar.Now(hours.Always(), at("2026-11-20 18:00")); !got.Open || !got.Until.IsZero() && got.Until.Before(at("2036-01-01 00:00")) {
			t.Errorf("who never closes: %v", got)
		}
	})
}

func TestWhoseHoursTheyAre(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		var night, gold calendar.ID
		var crew team.TeamID
		write(t, desk, func(ctx context.Context, tx *db.Tx) (err error) {
			if crew, err = team.MakeTeam(ctx, tx, "Night", ""); err != nil {
				return err
			}
			if night, err = calendar.Make(ctx, tx, calendar.Given{Name: "Night", Teams: []team.TeamID{crew}}); err != nil {
				return err
			}
			gold, err = calendar.Make(ctx, tx, calendar.Given{Name: "Gold", Tiers: []string{" Gold ", "gold", "VIP"}, Zone: "Asia/Kathmandu"})
			return err
		})
		whose := func(of team.TeamID, tier string) (id calendar.ID) {
			write(t, desk, func(ctx context.Context, tx *db.Tx) (err error) {
				id, err = calendar.For(ctx, tx, of, tier)
				return err
			})
			return id
		}
		for _, tt := range []struct {
			of   team.TeamID
			tier string
			want calendar.ID
		}{{0, "", calendar.Firm}, {crew, "", night}, {crew, "silver", night}, {crew, "GOLD", gold}, {0, "vip", gold}} {
			if got := whose(tt.of, tt.tier); got != tt.want {
				t.Errorf("%v %q: %v, want %v", tt.of, tt.tier, got, tt.want)
			}
		}
		write(t, desk, func(ctx context.Context, tx *db.Tx) error {
			list, err := calendar.List(ctx, tx)
			if len(list) != 3 || list[0].ID != calendar.Firm || list[1].ID != gold || len(list[1].Tiers) != 2 || len(list[2].Teams) != 1 || list[1].Place().String() != "Asia/Kathmandu" {
				t.Errorf("list: %+v", list)
			}
			return err
		})
		write(t, desk, func(ctx context.Context, tx *db.Tx) error { // gold takes the team over, and night goes
			if err := calendar.Change(ctx, tx, gold, calendar.Given{Name: "Gold", Teams: []team.TeamID{crew}}); err != nil {
				return err
			}
			return calendar.Delete(ctx, tx, night)
		})
		if got := whose(crew, "gold"); got != gold {
			t.Errorf("taken over: %v", got)
		}
		write(t, desk, func(ctx context.Context, tx *db.Tx) error { return team.DeleteTeam(ctx, tx, crew) })
		if got := whose(crew, ""); got != calendar.Firm {
			t.Errorf("a team that is gone: %v", got)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		given := func(change func(*calendar.Given)) func(context.Context, *db.Tx) error {
			g := calendar.Given{Name: "New", Week: calendar.Office()}
			change(&g)
			return func(ctx context.Context, tx *db.Tx) error {
				_, err := calendar.Make(ctx, tx, g)
				return err
			}
		}
		except := func(first, last string, kind calendar.Kind, text string) func(context.Context, *db.Tx) error {
			return func(ctx context.Context, tx *db.Tx) error {
				_, err := calendar.Except(ctx, tx, calendar.Exception{Calendar: calendar.Firm, First: date(first), Last: date(last), Kind: kind, Hours: text})
				return err
			}
		}
		write(t, desk, given(func(g *calendar.Given) { g.Name = "Taken" }))
		for _, tt := range []struct {
			field string
			do    func(context.Context, *db.Tx) error
		}{
			{"name", given(func(g *calendar.Given) { g.Name = " " })},
			{"name", given(func(g *calendar.Given) { g.Name = "taken" })},
			{"name", given(func(g *calendar.Given) { g.Name = strings.Repeat("가", 61) })},
			{"zone", given(func(g *calendar.Given) { g.Zone = "Moon/Base" })},
			{"public", given(func(g *calendar.Given) { g.Public = "jp" })},
			{"day_1", given(func(g *calendar.Given) { g.Week.Days[1] = "18-9" })},
			{"day_0", given(func(g *calendar.Given) { g.Week.Days[0] = "9-12, 11-13" })},
			{"kind", except("2026-01-01", "2026-01-01", "party", "9-12")},
			{"first", except("", "", calendar.Closed, "")},
			{"last", except("2026-01-02", "2026-01-01", calendar.Closed, "")},
			{"last", except("2026-01-02", "2028-01-01", calendar.Closed, "")},
			{"hours", except("2026-01-02", "2026-01-02", calendar.Other, "")},
			{"hours", except("2026-01-02", "2026-01-02", calendar.Peak, "25-26")},
			{"", func(ctx context.Context, tx *db.Tx) error { return calendar.Delete(ctx, tx, calendar.Firm) }},
			{"", func(ctx context.Context, tx *db.Tx) error { return calendar.Delete(ctx, tx, 99) }},
			{"line_1", func(ctx context.Context, tx *db.Tx) error {
				_, err := calendar.TakeHolidays(ctx, tx, calendar.Firm, []byte("2026-01-01"))
				return err
			}},
		} {
			err := try(t, desk, tt.do)
			if fields := problem.Fields(err); err == nil || tt.field != "" && (len(fields) != 1 || fields[0].Name != tt.field) {
				t.Errorf("%s: %v %v", tt.field, err, fields)
			}
		}
		ctx := t.Context() // nobody
		err := desk.DB.Write(ctx, func(tx *db.Tx) error { return calendar.Change(ctx, tx, calendar.Firm, calendar.Given{}) })
		if problem.KindOf(err) != problem.Forbidden {
			t.Errorf("nobody may change hours: %v", err)
		}
	})
}
