package automation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/team"
)

func (d *desk) at(w moment.When, i automation.If, then ...automation.Act) automation.ID {
	d.t.Helper()
	return d.rule(automation.Rule{When: moment.Kind, Moment: &w, If: i, Then: then})
}

// later lets time go by, in steps, as the program would see it.
func (d *desk) later(by, step time.Duration) {
	d.t.Helper()
	for ; by > 0; by -= step {
		d.Clock.Advance(min(step, by))
		d.drain()
	}
}

func (d *desk) ran(of automation.ID, want int) {
	d.t.Helper()
	if got := d.runs(of); len(got) != want {
		d.t.Errorf("%d runs, want %d: %+v", len(got), want, got)
	}
}

// renews is a customer whose contract ends on a day.
func (d *desk) renews(day, zone string) (who contact.ID) {
	d.t.Helper()
	d.customers++
	name := fmt.Sprintf("guest%d", d.customers)
	d.do(func(tx *db.Tx) error {
		c, _, err := contact.Resolve(d.ctx, tx, contact.Sender{Name: name, Email: name + "@example.com"})
		if err != nil {
			return err
		}
		who = c.ID
		if zone != "" {
			if err := d.moves(tx, who, zone); err != nil {
				return err
			}
		}
		return contact.SetValues(d.ctx, tx, who, map[string]string{"ends": day})
	})
	return who
}

func (d *desk) moves(tx *db.Tx, who contact.ID, zone string) error {
	_, err := contact.Update(d.ctx, tx, who, func(c *contact.Contact) error { c.TimeZone = zone; return nil })
	return err
}

func (d *desk) ends() {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		_, err := contact.DefineField(d.ctx, tx, contact.Field{Holder: contact.OfContact, Key: "ends", English: "Contract ends", Korean: "계약 만료일", Type: contact.DateField})
		return err
	})
}

// clock sets the time by the firm's wall.
func (d *desk) clock(wall string) {
	d.t.Helper()
	zone, _ := time.LoadLocation("Asia/Seoul")
	to, err := time.ParseInLocation("2006-01-02 15:04", wall, zone)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Clock.Advance(to.Sub(d.Clock.Now()))
	d.drain()
}

var beforeEnd = moment.When{Date: "customer.field.ends", Count: 30, Unit: "days", Before: true, At: 9 * 60}

// The whole way of a renewal: thirty days before, at nine on the customer's wall, once; a new day counts again.
func TestARenewalIsThoughtOfOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.clock("2026-12-01 12:00")
		d.ends()
		here, away := d.renews("2027-01-10", ""), d.renews("2027-01-10", "America/New_York")
		d.renews("2027-06-10", "")
		past := d.renews("2026-12-20", "") // thirty days before that have gone by
		rule := d.at(beforeEnd, automation.If{}, act("tag_customer", "tag", "renewal"))
		d.later(9*24*time.Hour, 24*time.Hour)
		d.clock("2026-12-11 08:59")
		d.ran(rule, 0)
		d.clock("2026-12-11 09:00")
		d.ran(rule, 1)
		d.clock("2026-12-11 23:00") // nine in New York
		d.ran(rule, 2)
		d.later(3*24*time.Hour, 6*time.Hour)
		d.ran(rule, 2)
		tagged := func(who contact.ID) bool {
			p := contact.Profile{}
			d.do(func(tx *db.Tx) (err error) { p, err = contact.Whole(d.ctx, tx, who); return err })
			return len(p.Tags) == 1
		}
		if !tagged(here) || !tagged(away) || tagged(past) {
			t.Error("not those who were meant")
		}
		d.do(func(tx *db.Tx) error {
			return contact.SetValues(d.ctx, tx, here, map[string]string{"ends": "2027-02-01"})
		})
		d.clock("2027-01-02 09:00")
		d.ran(rule, 3)

		// Somebody moves across the world on the day itself: it is the same day.
		zone := "America/Los_Angeles"
		d.do(func(tx *db.Tx) error { return d.moves(tx, here, zone) })
		d.later(2*24*time.Hour, time.Hour)
		d.ran(rule, 3)
	})
}

// Birthdays come every year, also those of leap days.
func TestABirthdayComesEveryYear(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.clock("2026-12-01 12:00")
		d.ends()
		d.renews("1984-02-29", "")
		d.renews("1990-03-02", "")
		d.renews("2028-03-02", "") // has not come yet
		w := moment.When{Date: "customer.field.ends", Unit: "days", Yearly: true, At: 600}
		rule := d.at(w, automation.If{}, act("tag_customer", "tag", "birthday"))
		for n, day := range []string{"2027-02-28", "2027-03-02", "2028-02-28", "2028-02-29", "2028-03-02"} {
			d.clock(day + " 10:05")
			d.ran(rule, []int{1, 2, 2, 3, 5}[n])
		}
	})
}

// What was missed is made up for when it is less than a day late; of a schedule the last time, once.
func TestWhatWasMissed(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.clock("2026-12-01 12:00")
		d.ends()
		d.renews("2027-01-10", "")
		d.renews("2027-01-12", "")
		rule := d.at(beforeEnd, automation.If{}, act("tag_customer", "tag", "renewal"))
		hourly := d.at(moment.When{Every: "hour"}, automation.If{}, act("tell", "person", d.kim.String(), "text", "Look"))
		d.clock("2026-12-13 14:20") // the first would have been on the 11th, the second today
		d.ran(rule, 1)
		d.ran(hourly, 1)
		d.drain()
		d.clock("2026-12-13 15:00")
		d.ran(hourly, 2)
	})
}

// The old rule of every help desk: who has not answered for three days is reminded, and later solved.
func TestPendingConversations(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		talk, other := d.asks("Where is my lamp?", false), d.asks("Hello", false)
		d.do(func(tx *db.Tx) error { return conversation.SetStatus(d.ctx, tx, talk, conversation.Pending) })
		rule := d.at(moment.When{Every: "hour", Each: "conversation"}, automation.If{Of: []automation.If{is("conversation.status", "is", "pending"), is("conversation.last_at", "longer_ago", "4320")}},
			act("status", "to", "solved"))
		d.later(71*time.Hour, 12*time.Hour)
		d.ran(rule, 0)
		d.later(3*time.Hour, time.Hour)
		if d.ran(rule, 1); d.get(talk).Status != conversation.Solved || d.get(other).Status != conversation.Open {
			t.Error("not the one that was meant")
		}
		// What a schedule does once for each is not done again.
		once := d.at(moment.When{Every: "day", Each: "conversation", Once: true}, automation.If{}, act("tag", "tag", "seen"))
		d.later(72*time.Hour, 24*time.Hour)
		d.ran(once, 1)
		// Solved ones are looked at when somebody asks for them.
		again := d.at(moment.When{Every: "day", Each: "conversation", Once: true}, is("conversation.status", "is", "solved"), act("tag", "tag", "done"))
		d.later(48*time.Hour, 24*time.Hour)
		d.ran(again, 1)
	})
}

// So long after the customer wrote last, after our answer, since the status is what it is; whoever writes again begins anew.
func TestAfterInstants(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		kinds := []string{"conversation.created_at", "conversation.customer_at", "conversation.answered_at", "conversation.waiting_since", "conversation.status_at", "customer.created_at", "customer.seen_at"}
		var rules []automation.ID
		for _, k := range kinds {
			rules = append(rules, d.at(moment.When{Date: k, Count: 3, Unit: "hours"}, automation.If{}, act("tell", "person", d.kim.String(), "text", k)))
		}
		expect := func(when string, want ...int) {
			t.Helper()
			for i, r := range rules {
				if got := len(d.runs(r)); got != want[i] {
					t.Errorf("%s: %s ran %d times, want %d", when, kinds[i], got, want[i])
				}
			}
		}
		talk := d.asks("Where is my lamp?", false)
		d.later(2*time.Hour, 30*time.Minute)
		expect("after two hours", 0, 0, 0, 0, 0, 0, 0)
		d.do(func(tx *db.Tx) error {
			_, err := conversation.Reply(d.ctx, tx, talk, conversation.Answer{Text: "On its way."})
			return err
		})
		d.later(90*time.Minute, 15*time.Minute)
		expect("after three and a half", 1, 1, 0, 0, 1, 1, 1)
		d.later(2*time.Hour, 15*time.Minute)
		expect("after five and a half", 1, 1, 1, 0, 1, 1, 1)
		d.later(24*time.Hour, time.Hour)
		expect("a day later", 1, 1, 1, 0, 1, 1, 1)
	})
}

// A process that dies in the middle neither repeats nor leaves out: the timer rings again from where the row says.
func TestAKillInTheMiddle(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.clock("2026-12-01 12:00")
		d.ends()
		for range 12 {
			d.renews("2027-01-10", "")
		}
		rule := d.at(beforeEnd, automation.If{}, act("tag_customer", "tag", "renewal"))
		d.clock("2026-12-11 09:00")
		d.ran(rule, 12)
		d.do(func(tx *db.Tx) error { // as if the end had not been written, and half of what was begun neither
			zone := tx.Now().Add(-time.Hour).UnixMilli()
			if _, err := tx.Exec(d.ctx, `UPDATE moment_plan SET done_to = $1`, zone); err != nil {
				return err
			}
			_, err := tx.Exec(d.ctx, `DELETE FROM moment_done WHERE thing IN (SELECT thing FROM moment_done ORDER BY thing LIMIT 5)`)
			return err
		})
		d.later(2*time.Hour, time.Hour)
		d.ran(rule, 17)
		for _, r := range d.runs(rule) {
			if r.Outcome != automation.Done && r.Outcome != automation.Cut {
				t.Errorf("%+v", r)
			}
		}
	})
}

// Whoever is merged is one customer: what began for either began for both.
func TestMergedCustomersAreToldOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.clock("2026-12-01 12:00")
		d.ends()
		keep, lose := d.renews("2027-01-10", "America/New_York"), d.renews("2027-01-10", "")
		rule := d.at(beforeEnd, automation.If{}, act("tag_customer", "tag", "renewal"))
		d.clock("2026-12-11 12:00") // the one in Seoul
		d.ran(rule, 1)
		contact.Use(d.DB, moment.Part())
		d.do(func(tx *db.Tx) error {
			_, err := contact.Merge(d.ctx, tx, keep, lose)
			return err
		})
		d.later(48*time.Hour, 6*time.Hour)
		d.ran(rule, 1)
	})
}

// What is off, changed or deleted does not come, and what was due while it was off neither.
func TestSwitchedOffNothingComes(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		rule := d.at(moment.When{Every: "day", At: 9 * 60}, automation.If{}, act("tell", "person", d.kim.String(), "text", "Morning"))
		d.later(24*time.Hour, time.Hour)
		d.ran(rule, 1)
		d.do(func(tx *db.Tx) error { return automation.Switch(d.ctx, tx, rule, false) })
		d.later(48*time.Hour, time.Hour)
		d.do(func(tx *db.Tx) error { return automation.Switch(d.ctx, tx, rule, true) })
		d.drain()
		d.ran(rule, 1)
		d.later(24*time.Hour, time.Hour)
		d.ran(rule, 2)
		d.do(func(tx *db.Tx) error { return automation.Delete(d.ctx, tx, rule) })
		d.later(24*time.Hour, time.Hour)
		d.do(func(tx *db.Tx) error {
			n, err := db.Value[int](d.ctx, tx, `SELECT (SELECT COUNT(*) FROM moment_plan) + (SELECT COUNT(*) FROM moment_done) + (SELECT COUNT(*) FROM job WHERE kind = 'moment.ring')`)
			if n != 0 {
				t.Errorf("%d rows are left", n)
			}
			return err
		})
	})
}

// A time is for its rule alone.
func TestNobodyElseHearsATime(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.asks("Hello", false)
		one := d.at(moment.When{Every: "day", At: 9 * 60, Each: "customer"}, automation.If{}, act("tag_customer", "tag", "a"))
		two := d.at(moment.When{Every: "day", At: 18 * 60, Each: "customer"}, automation.If{}, act("tag_customer", "tag", "b"))
		d.later(24*time.Hour, time.Hour)
		d.ran(one, 1)
		d.ran(two, 1)
	})
}

func TestTimesThatMakeNoSense(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.ends()
		long := strings.Repeat("x", 5000)
		for _, test := range []struct {
			field string
			when  moment.When
			act   automation.Act
		}{
			{"moment.every", moment.When{}, act("tell", "person", "nobody", "text", "x")},
			{"moment.every", moment.When{Every: "second"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.at", moment.When{Every: "day", At: 1440}, act("tell", "person", "nobody", "text", "x")},
			{"moment.at", moment.When{Every: "hour", At: 60}, act("tell", "person", "nobody", "text", "x")},
			{"moment.at", moment.When{Every: "day", At: -1}, act("tell", "person", "nobody", "text", "x")},
			{"moment.days", moment.When{Every: "week"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.days", moment.When{Every: "week", Days: []string{"someday"}}, act("tell", "person", "nobody", "text", "x")},
			{"moment.day", moment.When{Every: "month", Day: 32}, act("tell", "person", "nobody", "text", "x")},
			{"moment.day", moment.When{Every: "month"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.zone", moment.When{Every: "day", Zone: "../../etc/passwd"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.zone", moment.When{Every: "day", Zone: "Local"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.each", moment.When{Every: "day", Each: "message"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.date", moment.When{Date: "customer.field.", Unit: "days"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.date", moment.When{Date: "customer.field.club", Unit: "days"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.date", moment.When{Date: long, Unit: "days"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.unit", moment.When{Date: "customer.field.ends", Count: 5, Unit: "minutes"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.unit", moment.When{Date: "customer.seen_at", Count: 5}, act("tell", "person", "nobody", "text", "x")},
			{"moment.count", moment.When{Date: "customer.seen_at", Unit: "hours"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.count", moment.When{Date: "customer.seen_at", Count: 1 << 62, Unit: "hours"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.count", moment.When{Date: "customer.field.ends", Count: -1, Unit: "days"}, act("tell", "person", "nobody", "text", "x")},
			{"moment.before", moment.When{Date: "customer.seen_at", Count: 1, Unit: "hours", Before: true}, act("tell", "person", "nobody", "text", "x")},
			{"then.0.do", moment.When{Every: "day"}, act("tag", "tag", "x")},
			{"then.0.do", moment.When{Every: "day", Each: "customer"}, act("tag", "tag", "x")},
			{"then.0.do", moment.When{Every: "day", Each: "company"}, act("tag_customer", "tag", "x")},
		} {
			err := d.Write(d.ctx, func(tx *db.Tx) error {
				_, err := automation.Make(d.ctx, tx, automation.Rule{Name: "x", On: true, When: moment.Kind, Moment: &test.when, Then: []automation.Act{test.act}})
				return err
			})
			fields := problem.Fields(err)
			if len(fields) == 0 || fields[0].Name != test.field {
				t.Errorf("%+v: %v, want %s", test.when, err, test.field)
			}
		}
		if err := d.Write(d.ctx, func(tx *db.Tx) error {
			_, err := automation.Make(team.AsSystem(d.ctx), tx, automation.Rule{Name: "x", When: moment.Kind, Then: []automation.Act{act("tell", "person", "nobody", "text", "x")}})
			return err
		}); problem.KindOf(err) != problem.Invalid {
			t.Errorf("without a time: %v", err)
		}
	})
}
