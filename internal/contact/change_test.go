package contact_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func TestUpdate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		c := wrote(t, desk, contact.Sender{Email: "hana@naver.com", Name: "Hana"})
		desk.Clock.Advance(time.Minute)
		change := func(fn func(*contact.Contact)) error {
			ctx := agent(t)
			return desk.Write(ctx, func(tx *db.Tx) error {
				_, err := contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error { fn(c); return nil })
				return err
			})
		}
		if err := change(func(c *contact.Contact) {
			c.Name, c.Stage, c.Language, c.TimeZone, c.Blocked = "하나", contact.Onboarding, "en-GB", "Asia/Seoul", "ignored"
		}); err != nil {
			t.Fatal(err)
		}
		got := get(t, desk, c.ID)
		if got.Name != "하나" || got.Stage != contact.Onboarding || got.Language != "en" || got.Blocked != "" || !got.UpdatedAt.Equal(desk.Clock.Now()) {
			t.Errorf("%+v", got)
		}
		if err := change(func(*contact.Contact) {}); err != nil {
			t.Error(err)
		}
		if got := kinds(t, desk, c.ID); !slices.Equal(got, []string{"contact.created", "contact.changed", "contact.stage_changed"}) {
			t.Errorf("facts %v", got)
		}
		for field, fn := range map[string]func(*contact.Contact){
			"stage": func(c *contact.Contact) { c.Stage = "lost" }, "language": func(c *contact.Contact) { c.Language = "??" },
			"time_zone": func(c *contact.Contact) { c.TimeZone = "../etc/passwd" }, "birth_year": func(c *contact.Contact) { c.BirthYear = 84 },
			"company_id": func(c *contact.Contact) { c.Company = 12345 },
		} {
			if err := change(fn); len(problem.Fields(err)) != 1 || problem.Fields(err)[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := agent(t)
		hana := wrote(t, desk, contact.Sender{Email: "hana@naver.com"})
		dana := wrote(t, desk, contact.Sender{Email: "dana@naver.com"})
		add := func(kind contact.Kind, s string) (id contact.AddressID, err error) {
			err = desk.Write(ctx, func(tx *db.Tx) (err error) { id, err = contact.AddAddress(ctx, tx, hana.ID, kind, s); return err })
			return id, err
		}
		if _, err := add(contact.Email, "DANA@naver.com"); problem.KindOf(err) != problem.Conflict {
			t.Errorf("somebody else's: %v", err)
		}
		for _, bad := range []struct {
			kind contact.Kind
			s    string
		}{{contact.Email, "x"}, {contact.Phone, "12"}, {contact.External, " "}} {
			if _, err := add(bad.kind, bad.s); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%v: %v", bad, err)
			}
		}
		second, err := add(contact.Email, "Hana@work.co.kr")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := add(contact.Email, "hana@work.co.kr"); again != second || err != nil {
			t.Errorf("added twice: %v %v", again, err)
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.MakePrimary(ctx, tx, hana.ID, second) })
		if got := get(t, desk, hana.ID); got.Email != "Hana@work.co.kr" || got.Name != "Hana@work.co.kr" {
			t.Errorf("%+v", got)
		}
		reach := read(t, desk, func(ctx context.Context, tx *db.Tx) (string, error) {
			return contact.Reach(ctx, tx, hana.ID, contact.Email)
		})
		if reach != "Hana@work.co.kr" {
			t.Errorf("reached at %q", reach)
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.RemoveAddress(ctx, tx, hana.ID, second) })
		if got := get(t, desk, hana.ID); got.Email != "hana@naver.com" || !whole(t, desk, hana.ID).Addresses[0].Primary {
			t.Errorf("%+v", got)
		}
		if got := list(t, desk, contact.Filter{Query: "work"}); got != nil {
			t.Errorf("still found: %v", got)
		}
		err = desk.Write(ctx, func(tx *db.Tx) error {
			return contact.RemoveAddress(ctx, tx, dana.ID, whole(t, desk, hana.ID).Addresses[0].ID)
		})
		if problem.KindOf(err) != problem.NotFound {
			t.Errorf("removed somebody else's: %v", err)
		}
		_, err = func() (c contact.Contact, err error) {
			return c, desk.Write(ctx, func(tx *db.Tx) error {
				_, err := contact.Create(ctx, tx, contact.Sender{Email: "hana@naver.com"})
				return err
			})
		}()
		if problem.KindOf(err) != problem.Conflict {
			t.Errorf("created twice: %v", err)
		}
	})
}

func TestOwnFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := agent(t)
		c := wrote(t, desk, contact.Sender{Email: "hana@acme.co.kr"})
		define := func(f contact.Field) (contact.Field, error) {
			err := desk.Write(ctx, func(tx *db.Tx) (err error) { f, err = contact.DefineField(ctx, tx, f); return err })
			return f, err
		}
		for i, kind := range []contact.FieldType{contact.TextField, contact.NumberField, contact.DateField, contact.ChoiceField} {
			if _, err := define(contact.Field{Holder: contact.OfContact, Key: string(kind), Korean: "항목", Type: kind, Choices: []string{"가", "나", "가", " "}, Rank: 9 - i}); err != nil {
				t.Fatal(err)
			}
		}
		for _, bad := range []contact.Field{{}, {Holder: contact.OfContact, Key: "Plan", English: "x", Type: contact.TextField}, {Holder: contact.OfContact, Key: "x", Type: contact.TextField},
			{Holder: contact.OfContact, Key: "x", English: "x", Type: contact.ChoiceField}, {Holder: contact.OfContact, Key: "text", English: "x", Type: contact.TextField}} {
			if _, err := define(bad); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		set := func(key, v string) error {
			return desk.Write(ctx, func(tx *db.Tx) error { return contact.SetValues(ctx, tx, c.ID, map[string]string{key: v}) })
		}
		for _, v := range []struct{ key, given, want string }{
			{"text", " 새벽 배송 ", "새벽 배송"}, {"number", "1,200.50", "1200.5"}, {"number", "-3e2", "-300"}, {"date", "2026-02-28", "2026-02-28"}, {"choice", "나", "나"}, {"text", "", ""},
			{"text", strings.Repeat("가", 500), strings.Repeat("가", 500)},
		} {
			if err := set(v.key, v.given); err != nil || whole(t, desk, c.ID).Values[v.key] != v.want {
				t.Errorf("%s %q: %v, %v", v.key, v.given, whole(t, desk, c.ID).Values, err)
			}
		}
		for _, v := range [][2]string{{"number", "ten"}, {"number", "NaN"}, {"number", "0x10"}, {"number", "1e999"}, {"date", "2026-02-30"}, {"date", "31.1.2026"}, {"choice", "다"},
			{"text", strings.Repeat("가", 501)}, {"nothing", "x"}} {
			if f := problem.Fields(set(v[0], v[1])); len(f) != 1 || f[0].Name != "fields."+v[0] {
				t.Errorf("%v: %+v", v, f)
			}
		}
		all := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Field, error) {
			return contact.Fields(ctx, tx, contact.OfContact)
		})
		if len(all) != 4 || all[0].Key != "choice" || !slices.Equal(all[0].Choices, []string{"가", "나"}) || all[0].English != "항목" {
			t.Errorf("%+v", all)
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.RemoveField(ctx, tx, all[0].ID) })
		if _, there := whole(t, desk, c.ID).Values["choice"]; there {
			t.Error("the value of a removed field is there")
		}
		if _, err := define(contact.Field{Holder: contact.OfCompany, Key: "erp", English: "ERP", Type: contact.TextField}); err != nil {
			t.Fatal(err)
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			return contact.SetCompanyValues(ctx, tx, c.Company, map[string]string{"erp": "none"})
		})
		got := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Company, error) {
			list, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: "acm", Field: "erp", Value: "none"})
			return list, err
		})
		if len(got) != 1 || got[0].ID != c.Company {
			t.Errorf("%+v", got)
		}
	})
}

func TestNotes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := agent(t)
		colleague := team.With(t.Context(), team.Actor{Person: 5, Rights: []team.Right{team.Note, team.ReadContacts}})
		c := wrote(t, desk, contact.Sender{Email: "hana@naver.com"})
		id := write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.NoteID, error) {
			return contact.AddNote(ctx, tx, c.ID, " Has two cats \r\n", false)
		})
		if err := desk.Write(colleague, func(tx *db.Tx) error { return contact.EditNote(colleague, tx, id, "Has two cats", true) }); err != nil {
			t.Errorf("pin: %v", err)
		}
		for name, fn := range map[string]func(*db.Tx) error{
			"edit":   func(tx *db.Tx) error { return contact.EditNote(colleague, tx, id, "Has a dog", true) },
			"remove": func(tx *db.Tx) error { return contact.RemoveNote(colleague, tx, id) },
		} {
			if err := desk.Write(colleague, fn); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s by a colleague: %v", name, err)
			}
		}
		want := []contact.Note{{ID: id, Contact: c.ID, Author: 77, Text: "Has two cats", Pinned: true, CreatedAt: dbtest.Start, UpdatedAt: dbtest.Start}}
		if got := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Note, error) { return contact.Notes(ctx, tx, c.ID) }); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v", got)
		}
		if err := desk.Write(ctx, func(tx *db.Tx) error { return contact.RemoveNote(ctx, tx, id) }); err != nil {
			t.Error(err)
		}
		if got := kinds(t, desk, c.ID); !slices.Equal(got, []string{"contact.created", "contact.note_added", "contact.note_changed", "contact.note_removed"}) {
			t.Errorf("facts %v", got)
		}
	})
}

func TestCompanies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		ctx := agent(t)
		free := wrote(t, desk, contact.Sender{Email: "kim@gmail.com"})
		worker := wrote(t, desk, contact.Sender{Email: "kim@mail.acme.co.kr"})
		if free.Company != 0 || worker.Company == 0 {
			t.Errorf("%+v %+v", free, worker)
		}
		update := func(id contact.CompanyID, fn func(*contact.Company)) (o contact.Company, err error) {
			err = desk.Write(ctx, func(tx *db.Tx) (err error) {
				o, err = contact.UpdateCompany(ctx, tx, id, func(o *contact.Company) error { fn(o); return nil })
				return err
			})
			return o, err
		}
		o, err := update(worker.Company, func(o *contact.Company) {
			o.Name, o.Domains, o.Value, o.Currency, o.Tier = "아크메", append(o.Domains, "@ACME.com"), 1_200_000, "krw", "gold"
		})
		if err != nil || o.Guessed || !slices.Equal(o.Domains, []string{"acme.co.kr", "acme.com"}) || o.Currency != "KRW" || o.Name != "아크메" {
			t.Errorf("%+v %v", o, err)
		}
		if other := wrote(t, desk, contact.Sender{Email: "lee@acme.com"}); other.Company != worker.Company {
			t.Errorf("%+v", other)
		}
		for name, fn := range map[string]func(*contact.Company){"free mail": func(o *contact.Company) { o.Domains = []string{"gmail.com"} }, "no name": func(o *contact.Company) { o.Name = " " },
			"no domain": func(o *contact.Company) { o.Domains = []string{"acme"} }, "currency": func(o *contact.Company) { o.Currency = "won!" }} {
			if _, err := update(worker.Company, fn); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		err = desk.Write(ctx, func(tx *db.Tx) error {
			_, err := contact.CreateCompany(ctx, tx, contact.Company{Name: "Other", Domains: []string{"acme.com"}})
			return err
		})
		if problem.KindOf(err) != problem.Invalid {
			t.Errorf("a domain of two: %v", err)
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.RemoveCompany(ctx, tx, worker.Company) })
		if got := get(t, desk, worker.ID); got.Company != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestFreeMailMakesNoCompany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		for domain, company := range map[string]bool{"gmail.com": false, "naver.com": false, "daum.net": false, "hanmail.net": false, "kakao.com": false, "nate.com": false, "outlook.com": false,
			"hotmail.com": false, "icloud.com": false, "yahoo.co.kr": false, "yahoo.com": false, "proton.me": false, "co.kr": false, "com": false, "user.naver.com": false,
			"acme.co.kr": true, "navercorp.com": true, "kakaocorp.com": true, "xn--3e0b707e.kr": true} {
			if c := wrote(t, desk, contact.Sender{Email: "x@" + domain}); (c.Company != 0) != company {
				t.Errorf("%s: company %v", domain, c.Company)
			}
		}
	})
}

func TestTimeline(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		c := wrote(t, desk, contact.Sender{Email: "hana@naver.com"})
		contact.Use(desk.DB, contact.Part{Name: "order", Line: func(_ context.Context, _ *db.Tx, _ contact.ID, before time.Time, limit int) (list []contact.Entry, err error) {
			for i := 9; i >= 0; i-- {
				if at := dbtest.Start.Add(time.Duration(i/3) * time.Hour); at.Before(before) && len(list) < limit {
					list = append(list, contact.Entry{At: at, Kind: "order", Ref: fmt.Sprintf("ord_%d", i)})
				}
			}
			return list, nil
		}})
		for i := range 4 {
			desk.Clock.Advance(time.Hour)
			do(t, desk, func(ctx context.Context, tx *db.Tx) error {
				if err := contact.View(ctx, tx, c.ID, "10.0.0.1"); err != nil {
					return err
				}
				_, err := contact.AddNote(ctx, tx, c.ID, fmt.Sprint("note ", i), false)
				return err
			})
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error { c.Stage = contact.PostSale; return nil })
			return err
		})
		for limit := 3; limit < 20; limit++ {
			var all []contact.Entry
			var before time.Time
			for {
				page := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Entry, error) {
					return contact.Timeline(ctx, tx, c.ID, before, limit)
				})
				if len(page) == 0 {
					break
				}
				all, before = append(all, page...), page[len(page)-1].At
			}
			seen := map[contact.Entry]bool{}
			for i, e := range all {
				seen[e] = true
				if i > 0 && e.At.After(all[i-1].At) {
					t.Errorf("limit %d: %+v comes before %+v", limit, all[i-1], e)
				}
			}
			if limit >= 4 && (len(all) != 16 || len(seen) != 16) || all[0].At.Before(all[len(all)-1].At) {
				t.Errorf("limit %d: %d entries, %d different", limit, len(all), len(seen))
			}
		}
	})
}
