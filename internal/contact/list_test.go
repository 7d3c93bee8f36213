package contact_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func TestPagesAreStable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		for i := range 23 {
			wrote(t, desk, contact.Sender{Email: fmt.Sprintf("p%02d@naver.com", i), Name: fmt.Sprintf("Person %c", 'A'+i%5)})
			if i%3 == 0 {
				desk.Clock.Advance(time.Minute) // some came at one moment
			}
		}
		for _, sort := range []contact.Sort{"", contact.BySeen, contact.ByName, contact.ByCreated} {
			var all []contact.Contact
			cursor := ""
			for page := 0; ; page++ {
				var got []contact.Contact
				got, next := pageOf(t, desk, contact.Filter{Sort: sort, Cursor: cursor, Limit: 4})
				all = append(all, got...)
				if page == 2 { // somebody comes, and somebody who was listed writes again: pages must not repeat or lose anybody
					wrote(t, desk, contact.Sender{Email: fmt.Sprintf("new-%s@naver.com", sort), Name: "Person A"})
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			seen := map[contact.ID]bool{}
			for i, c := range all {
				if seen[c.ID] {
					t.Errorf("%s: %s comes twice", sort, c.Email)
				}
				seen[c.ID] = true
				if i == 0 {
					continue
				}
				before := all[i-1]
				if sort == contact.ByName && before.Name > c.Name || sort == contact.ByCreated && before.ID < c.ID || sort == contact.BySeen && before.LastSeenAt.Before(c.LastSeenAt) {
					t.Errorf("%s: %s comes before %s", sort, before.Email, c.Email)
				}
			}
			if len(all) < 23 {
				t.Errorf("%s: %d people", sort, len(all))
			}
		}
		for _, bad := range []contact.Filter{{Cursor: "x"}, {Cursor: "bnVsbA"}, {Sort: "age"}} {
			err := desk.Read(agent(t), func(tx *db.Tx) error { _, _, err := contact.List(agent(t), tx, bad); return err })
			if problem.KindOf(err) != problem.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func pageOf(t testing.TB, desk *dbtest.Desk, f contact.Filter) (list []contact.Contact, next string) {
	t.Helper()
	read(t, desk, func(ctx context.Context, tx *db.Tx) (_ int, err error) {
		list, next, err = contact.List(ctx, tx, f)
		return 0, err
	})
	return list, next
}

func TestFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		hana := wrote(t, desk, contact.Sender{Email: "hana@acme.co.kr", Name: "김하나", Phone: "02-123-4567"})
		desk.Clock.Advance(time.Minute)
		bora := wrote(t, desk, contact.Sender{Email: "bora94@naver.com", Name: "이보라 Bora"})
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "plan", Korean: "요금제", Type: contact.TextField}); err != nil {
				return err
			}
			if err := contact.SetValues(ctx, tx, bora.ID, map[string]string{"plan": "Pro"}); err != nil {
				return err
			}
			if err := contact.Tag(ctx, tx, hana.ID, []string{" VIP "}, nil); err != nil {
				return err
			}
			_, err := contact.Update(ctx, tx, bora.ID, func(c *contact.Contact) error { c.Stage, c.Owner = contact.Renewal, 77; return nil })
			return err
		})
		h, b := "김하나", "이보라 Bora"
		for _, c := range []struct {
			f    contact.Filter
			want []string
		}{
			{contact.Filter{}, []string{b, h}},
			{contact.Filter{Sort: contact.ByName}, []string{h, b}},
			{contact.Filter{Company: hana.Company}, []string{h}},
			{contact.Filter{Stage: contact.Renewal}, []string{b}},
			{contact.Filter{Owner: 77}, []string{b}},
			{contact.Filter{Tag: "vip"}, []string{h}},
			{contact.Filter{Field: "plan", Value: "Pro"}, []string{b}},
			{contact.Filter{Field: "plan", Value: "Basic"}, nil},
			{contact.Filter{Query: "하나"}, []string{h}},
			{contact.Filter{Query: "나"}, []string{h}},
			{contact.Filter{Query: "bor"}, []string{b}},
			{contact.Filter{Query: "bora94@na"}, []string{b}},
			{contact.Filter{Query: "acme"}, []string{h}},
			{contact.Filter{Query: "02 123 4567"}, []string{h}},
			{contact.Filter{Query: "4567"}, []string{h}},
			{contact.Filter{Query: "+8221234567"}, []string{h}},
			{contact.Filter{Query: `"`}, nil},
			{contact.Filter{Query: "하나", Stage: contact.Renewal}, nil},
		} {
			if got := list(t, desk, c.f); !slices.Equal(got, c.want) {
				t.Errorf("%+v leaves %v, not %v", c.f, got, c.want)
			}
		}
	})
}

// Partners see masked data, and cannot find out the rest by searching.
func TestPartners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		hana := wrote(t, desk, contact.Sender{Email: "hana@solip.example.com", Name: "김하나", Phone: "010-1234-5678"})
		nameless := wrote(t, desk, contact.Sender{Email: "dana@naver.com"})
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.Update(ctx, tx, hana.ID, func(c *contact.Contact) error { c.Remember, c.BirthYear = "secret", 1984; return nil })
			return err
		})
		partner := team.With(t.Context(), team.Actor{Person: 5, Rights: []team.Right{team.ReadContacts, team.EditContacts, team.Export}, Masked: true})
		err := desk.Write(partner, func(tx *db.Tx) error {
			p, err := contact.Whole(partner, tx, hana.ID)
			if err != nil {
				return err
			}
			if p.Email != "h***@solip.example.com" || p.Phone != "010-****-5678" || p.Remember+p.Addresses[0].Value != "" || p.BirthYear != 0 || p.Addresses[1].Shown != "010-****-5678" {
				t.Errorf("%+v", p)
			}
			c, err := contact.Get(partner, tx, nameless.ID)
			if c.Name != "d***@naver.com" || err != nil {
				t.Errorf("%+v %v", c, err)
			}
			for query, want := range map[string]int{"하나": 1, "5678": 0, "hana": 0, "solip": 0} {
				found, _, err := contact.List(partner, tx, contact.Filter{Query: query})
				if len(found) != want || err != nil {
					t.Errorf("%s finds %d, %v", query, len(found), err)
				}
			}
			if _, err := contact.Export(partner, tx, hana.ID); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("exported: %v", err)
			}
			_, err = contact.Update(partner, tx, hana.ID, func(c *contact.Contact) error { c.Remember, c.Title = "", "Buyer"; return nil })
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := get(t, desk, hana.ID); got.Remember != "secret" || got.Title != "Buyer" {
			t.Errorf("%+v", got)
		}
	})
}

func TestNobodyMayDoAnything(t *testing.T) {
	desk := dbtest.New(t, dbtest.Engines()[0])
	c := wrote(t, desk, contact.Sender{Email: "hana@acme.co.kr"})
	ctx := t.Context()
	for name, do := range map[string]func(*db.Tx) error{
		"get":    func(tx *db.Tx) error { _, err := contact.Get(ctx, tx, c.ID); return err },
		"whole":  func(tx *db.Tx) error { _, err := contact.Whole(ctx, tx, c.ID); return err },
		"list":   func(tx *db.Tx) error { _, _, err := contact.List(ctx, tx, contact.Filter{}); return err },
		"update": func(tx *db.Tx) error { _, err := contact.Update(ctx, tx, c.ID, nil); return err },
		"create": func(tx *db.Tx) error { _, err := contact.Create(ctx, tx, contact.Sender{Email: "a@b.com"}); return err },
		"address": func(tx *db.Tx) error {
			_, err := contact.AddAddress(ctx, tx, c.ID, contact.Email, "a@b.com")
			return err
		},
		"remove":  func(tx *db.Tx) error { return contact.RemoveAddress(ctx, tx, c.ID, 1) },
		"tag":     func(tx *db.Tx) error { return contact.Tag(ctx, tx, c.ID, nil, nil) },
		"values":  func(tx *db.Tx) error { return contact.SetValues(ctx, tx, c.ID, nil) },
		"note":    func(tx *db.Tx) error { _, err := contact.AddNote(ctx, tx, c.ID, "x", false); return err },
		"notes":   func(tx *db.Tx) error { _, err := contact.Notes(ctx, tx, c.ID); return err },
		"block":   func(tx *db.Tx) error { return contact.Block(ctx, tx, c.ID, "x") },
		"merge":   func(tx *db.Tx) error { _, err := contact.Merge(ctx, tx, c.ID, 1); return err },
		"unmerge": func(tx *db.Tx) error { return contact.Unmerge(ctx, tx, 1) },
		"export":  func(tx *db.Tx) error { _, err := contact.Export(ctx, tx, c.ID); return err },
		"erase":   func(tx *db.Tx) error { return contact.Erase(ctx, tx, c.ID) },
		"line":    func(tx *db.Tx) error { _, err := contact.Timeline(ctx, tx, c.ID, time.Time{}, 5); return err },
		"company": func(tx *db.Tx) error { _, err := contact.OneCompany(ctx, tx, c.Company); return err },
		"field":   func(tx *db.Tx) error { _, err := contact.DefineField(ctx, tx, contact.Field{}); return err },
	} {
		if err := desk.Write(ctx, do); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}
