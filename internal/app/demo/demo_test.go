package demo_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/app/demo"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func config(t *testing.T, engine db.Engine, now time.Time) app.Config {
	c := app.Config{Data: t.TempDir(), Real: time.Now, Now: func() time.Time { return now }}
	if engine == db.Postgres {
		c.Database = dbtest.URL(t, engine)
	}
	return c
}

func open(t *testing.T, c app.Config) (*app.App, context.Context) {
	t.Helper()
	ctx := team.AsSystem(t.Context())
	a, err := app.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a, ctx
}

func TestTheSampleShop(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			now := time.Date(2026, 3, 11, 5, 30, 0, 0, time.UTC)
			c := config(t, engine, now)
			began := time.Now()
			first, err := demo.Fill(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("filled within %v", time.Since(began))
			a, ctx := open(t, c)
			list, statuses, korean, waiting := talks(t, ctx, a)
			t.Logf("%d talks %v, %d in Korean, waiting %v", len(list), statuses, korean, waiting)
			if len(list) < 300 || korean*100/len(list) < 55 || korean*100/len(list) > 75 {
				t.Errorf("%d talks, %d in Korean", len(list), korean)
			}
			for status, least := range map[conversation.Status]int{conversation.Open: 12, conversation.Pending: 8, conversation.Snoozed: 4, conversation.Solved: 200} {
				if statuses[status] < least {
					t.Errorf("only %d are %s", statuses[status], status)
				}
			}
			if len(waiting) < 10 || waiting[0] > 10*time.Minute || waiting[len(waiting)-1] < 24*time.Hour {
				t.Errorf("they wait %v", waiting)
			}
			numbersFollowTime(t, list)
			read(t, ctx, a, now)

			second, err := demo.Fill(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if again, _, _, _ := talks(t, ctx, a); len(again) != len(list) {
				t.Errorf("the second start made %d talks of %d", len(again), len(list))
			}
			read(t, ctx, a, now)
			if second.Email != first.Email || second.Password == first.Password || second.Token == first.Token {
				t.Errorf("second start: %+v after %+v", second, first)
			}
			if _, err := a.Door.SignIn(ctx, team.Attempt{Email: second.Email, Password: second.Password, From: "127.0.0.1"}); err != nil {
				t.Errorf("sign in: %v", err)
			}
			err = a.DB.Read(ctx, func(tx *db.Tx) error {
				if _, _, err := a.Door.AuthenticateToken(ctx, tx, first.Token, ""); err == nil {
					t.Error("the first token still opens")
				}
				actor, _, err := a.Door.AuthenticateToken(ctx, tx, second.Token, "")
				if !actor.Can(team.ManagePeople) {
					t.Error("the token is not an administrator's")
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// read looks at what else is there.
func read(t *testing.T, ctx context.Context, a *app.App, now time.Time) {
	t.Helper()
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		people, err := contact.Count(ctx, tx, contact.Filter{})
		if err != nil || people < 120 {
			t.Errorf("%d people (%v)", people, err)
		}
		firms, err := contact.CountCompanies(ctx, tx, contact.CompanyFilter{})
		if err != nil || firms < 16 || firms > 24 {
			t.Errorf("%d firms (%v)", firms, err)
		}
		held, err := email.Quarantine(ctx, tx, 0, 0, 10)
		if err != nil || len(held) != 3 {
			t.Errorf("held %v (%v)", held, err)
		}
		unsealed, err := event.Unsealed(ctx, tx)
		if err != nil || unsealed != 0 {
			t.Errorf("%d facts are not sealed (%v)", unsealed, err)
		}
		if _, err := event.Verify(ctx, tx); err != nil {
			t.Error(err)
		}
		last, err := event.List(ctx, tx, event.Filter{Before: 1 << 62}, 1)
		if err != nil || len(last) != 1 || last[0].At.After(now) {
			t.Errorf("the last fact is %v (%v)", last, err)
		}
		queues, err := a.Jobs.Queues(ctx, tx)
		for _, q := range queues {
			if q.Due > 0 || q.Failed > 0 {
				t.Errorf("work is left: %+v", q)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func talks(t *testing.T, ctx context.Context, a *app.App) (all []conversation.Conversation, statuses map[conversation.Status]int, korean int, waiting []time.Duration) {
	t.Helper()
	statuses = map[conversation.Status]int{}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		for after := ""; ; {
			list, next, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Sort: conversation.Created, Limit: 100, After: after})
			if err != nil {
				return err
			}
			all = append(all, list...)
			if after = next; next == "" {
				return nil
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		statuses[c.Status]++
		if c.Language == "ko" {
			korean++
		}
		if !c.WaitingSince.IsZero() {
			waiting = append(waiting, a.DB.Now().Sub(c.WaitingSince).Round(time.Minute))
		}
		if strings.ContainsAny(c.Subject+c.Snippet, "{}") {
			t.Errorf("a gap was not filled: %q %q", c.Subject, c.Snippet)
		}
	}
	return all, statuses, korean, waiting
}

// numbersFollowTime: ids and numbers grow with the time; list is newest first.
func numbersFollowTime(t *testing.T, list []conversation.Conversation) {
	t.Helper()
	for i := 1; i < len(list); i++ {
		if a, b := list[i], list[i-1]; a.Number >= b.Number || a.ID >= b.ID {
			t.Errorf("%s #%d at %v comes before %s #%d at %v", a.ID, a.Number, a.CreatedAt, b.ID, b.Number, b.CreatedAt)
		}
	}
}

// The same each time, whenever it is started.
func TestTheSampleShopIsTheSameEachTime(t *testing.T) {
	var said []string
	for _, now := range []time.Time{time.Date(2026, 3, 11, 5, 30, 0, 0, time.UTC), time.Date(2026, 3, 11, 22, 10, 0, 0, time.UTC)} {
		c := config(t, db.SQLite, now)
		if _, err := demo.Fill(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		a, ctx := open(t, c)
		list, _, _, _ := talks(t, ctx, a)
		text := ""
		for _, c := range list[len(list)-200:] {
			text += fmt.Sprintln(c.Number, c.Subject, c.ContactName, c.Tags, c.Priority)
		}
		said = append(said, text)
	}
	if said[0] != said[1] {
		t.Errorf("two shops differ:\n%s\n\n%s", said[0][:400], said[1][:400])
	}
}

func TestADeskThatIsNotTheSampleShopIsLeftAlone(t *testing.T) {
	c := config(t, db.SQLite, time.Date(2026, 3, 11, 5, 30, 0, 0, time.UTC))
	if err := app.MakePerson(t.Context(), c, "hana@solip.example", "Hana", team.Owner, "a long enough password"); err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Fill(t.Context(), c); problem.KindOf(err) != problem.Conflict {
		t.Errorf("got %v", err)
	}
}
