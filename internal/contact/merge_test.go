package contact_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/problem"
)

// two are people with everything that can be moved.
func two(t *testing.T, desk *dbtest.Desk) (keep, lose contact.ID) {
	t.Helper()
	k := wrote(t, desk, contact.Sender{Email: "hana@solip.example.com", Name: "Kim Hana", Language: "ko"})
	desk.Clock.Advance(time.Minute)
	l := wrote(t, desk, contact.Sender{Phone: "010-1234-5678", Email: "hana@naver.com", Name: "김하나", ExternalID: "shop-17"})
	wrote(t, desk, contact.Sender{Channel: "chat", Handle: "v-9", ExternalID: "shop-99", Unproven: true})
	do(t, desk, func(ctx context.Context, tx *db.Tx) error {
		for _, f := range []contact.Field{{Key: "plan", English: "Plan", Type: contact.ChoiceField, Choices: []string{"Basic", "Pro"}}, {Key: "seats", English: "Seats", Type: contact.NumberField}} {
			f.Holder = contact.OfContact
			if _, err := contact.DefineField(ctx, tx, f); err != nil {
				return err
			}
		}
		if err := contact.SetValues(ctx, tx, k.ID, map[string]string{"plan": "Pro"}); err != nil {
			return err
		}
		if err := contact.SetValues(ctx, tx, l.ID, map[string]string{"plan": "Basic", "seats": "1,200.50"}); err != nil {
			return err
		}
		if err := contact.Tag(ctx, tx, k.ID, []string{"VIP"}, nil); err != nil {
			return err
		}
		if err := contact.Tag(ctx, tx, l.ID, []string{"vip", "세미나"}, nil); err != nil {
			return err
		}
		for _, who := range []contact.ID{k.ID, l.ID} {
			if _, err := contact.AddNote(ctx, tx, who, "note on "+who.String(), who == l.ID); err != nil {
				return err
			}
			if _, err := contact.Update(ctx, tx, who, func(c *contact.Contact) error { c.Remember = "likes " + c.Name; return nil }); err != nil {
				return err
			}
		}
		_, err := contact.Update(ctx, tx, l.ID, func(c *contact.Contact) error {
			c.Title, c.Stage, c.BirthYear, c.Owner = "Buyer", contact.PostSale, 1984, 77
			return nil
		})
		if err != nil {
			return err
		}
		return contact.Block(ctx, tx, l.ID, "asked for it")
	})
	desk.Clock.Advance(time.Minute)
	return k.ID, l.ID
}

// state is all that can be seen of people.
type state struct {
	People []contact.Profile
	Notes  [][]contact.Note
	Found  [][]string
}

func stateOf(t *testing.T, desk *dbtest.Desk, ids ...contact.ID) (s state) {
	t.Helper()
	for _, id := range ids {
		s.People = append(s.People, whole(t, desk, id))
		s.Notes = append(s.Notes, read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Note, error) { return contact.Notes(ctx, tx, id) }))
	}
	for _, q := range []string{"hana", "하나", "5678", "naver", "shop-17"} {
		s.Found = append(s.Found, list(t, desk, contact.Filter{Query: q, Sort: contact.ByCreated}))
	}
	s.Found = append(s.Found, list(t, desk, contact.Filter{Tag: "세미나"}), list(t, desk, contact.Filter{Field: "plan", Value: "Basic"}), list(t, desk, contact.Filter{}))
	return s
}

func merge(t *testing.T, desk *dbtest.Desk, keep, lose contact.ID) contact.MergeID {
	t.Helper()
	return write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.MergeID, error) {
		return contact.Merge(ctx, tx, keep, lose)
	})
}

func unmerge(t *testing.T, desk *dbtest.Desk, id contact.MergeID) {
	t.Helper()
	do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.Unmerge(ctx, tx, id) })
}

func TestMergeAndUndoLeaveNoTrace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		keep, lose := two(t, desk)
		before := stateOf(t, desk, keep, lose)
		m := merge(t, desk, keep, lose)

		p := whole(t, desk, lose) // the old id leads to who he is now
		if p.ID != keep || p.Name != "Kim Hana" || p.Title != "Buyer" || p.Phone != "010-1234-5678" || p.BirthYear != 1984 || p.Blocked != "asked for it" {
			t.Errorf("merged into %+v", p.Contact)
		}
		if len(p.Addresses) != 4 || p.Email != "hana@solip.example.com" {
			t.Errorf("addresses %+v", p.Addresses)
		}
		if want := map[string]string{"plan": "Pro", "seats": "1200.5"}; !reflect.DeepEqual(p.Values, want) {
			t.Errorf("values %v", p.Values)
		}
		if !slices.Equal(p.Tags, []string{"vip", "세미나"}) || p.Remember != "likes Kim Hana\n\nlikes 김하나" {
			t.Errorf("tags %v, remember %q", p.Tags, p.Remember)
		}
		if got := list(t, desk, contact.Filter{Query: "5678"}); !slices.Equal(got, []string{"Kim Hana"}) {
			t.Errorf("found by phone: %v", got)
		}
		if got := wrote(t, desk, contact.Sender{ExternalID: "shop-17"}); got.ID != keep {
			t.Errorf("resolved to %s", got.ID)
		}

		unmerge(t, desk, m)
		if after := stateOf(t, desk, keep, lose); !reflect.DeepEqual(after, before) {
			t.Errorf("undone:\n%s\nbefore:\n%s", pretty(after), pretty(before))
		}
		unmerge(t, desk, m) // twice does nothing
		if got := kinds(t, desk, keep); !slices.Equal(got[len(got)-2:], []string{"contact.merged", "contact.unmerged"}) {
			t.Errorf("facts %v", got)
		}
	})
}

func pretty(v any) string { b, _ := json.MarshalIndent(v, "", " "); return string(b) }

func TestWhatWasChangedAfterAMergeStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		keep, lose := two(t, desk)
		m := merge(t, desk, keep, lose)
		desk.Clock.Advance(time.Minute)
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			if _, err := contact.Update(ctx, tx, keep, func(c *contact.Contact) error { c.Title = "Director"; return nil }); err != nil {
				return err
			}
			if _, err := contact.AddNote(ctx, tx, lose, "later", false); err != nil {
				return err
			}
			return contact.SetValues(ctx, tx, keep, map[string]string{"seats": "7"})
		})
		unmerge(t, desk, m)
		k, l := whole(t, desk, keep), whole(t, desk, lose)
		if k.Title != "Director" || l.Title != "Buyer" || k.Values["seats"] != "7" || l.Values["seats"] != "1200.5" || k.BirthYear != 0 {
			t.Errorf("keep %+v %v\nlose %+v %v", k.Contact, k.Values, l.Contact, l.Values)
		}
		if got := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Note, error) { return contact.Notes(ctx, tx, keep) }); len(got) != 2 || got[0].Text != "later" {
			t.Errorf("notes of keep %+v", got)
		}
	})
}

func TestMergesInARow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		a := wrote(t, desk, contact.Sender{Email: "a@naver.com"}).ID
		b := wrote(t, desk, contact.Sender{Email: "b@naver.com"}).ID
		c := wrote(t, desk, contact.Sender{Email: "c@naver.com"}).ID
		ab, bc := merge(t, desk, b, a), merge(t, desk, c, b)
		if got := get(t, desk, a); got.ID != c {
			t.Errorf("a is %s", got.ID)
		}
		ctx := agent(t)
		err := desk.Write(ctx, func(tx *db.Tx) error { return contact.Unmerge(ctx, tx, ab) })
		if problem.KindOf(err) != problem.Conflict {
			t.Errorf("undone out of order: %v", err)
		}
		err = desk.Write(ctx, func(tx *db.Tx) error { _, err := contact.Merge(ctx, tx, a, c); return err })
		if problem.KindOf(err) != problem.Invalid {
			t.Errorf("merged into himself: %v", err)
		}
		unmerge(t, desk, bc)
		unmerge(t, desk, ab)
		for id, email := range map[contact.ID]string{a: "a@naver.com", b: "b@naver.com", c: "c@naver.com"} {
			if p := whole(t, desk, id); p.ID != id || len(p.Addresses) != 1 || p.Email != email || !p.Addresses[0].Primary {
				t.Errorf("%+v", p)
			}
		}
	})
}

// The parts of other packages move in the same transaction, and move back.
func TestPartsMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		keep, lose := two(t, desk)
		var calls []string
		contact.Use(desk.DB, contact.Part{Name: "order",
			Move: func(_ context.Context, _ *db.Tx, l, k contact.ID) (json.RawMessage, error) {
				calls = append(calls, "move", l.String(), k.String())
				return json.RawMessage(`[1,2]`), nil
			},
			Back: func(_ context.Context, _ *db.Tx, l, k contact.ID, memo json.RawMessage) error {
				calls = append(calls, "back", l.String(), k.String(), string(memo))
				return nil
			},
		}, contact.Part{Name: "silent"})
		unmerge(t, desk, merge(t, desk, keep, lose))
		if want := []string{"move", lose.String(), keep.String(), "back", lose.String(), keep.String(), "[1,2]"}; !slices.Equal(calls, want) {
			t.Errorf("%v, not %v", calls, want)
		}
	})
}
