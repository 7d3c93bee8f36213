package contact_test

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/problem"
)

func company(t *testing.T, desk *dbtest.Desk, o contact.Company, values map[string]string) contact.CompanyID {
	t.Helper()
	return write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.CompanyID, error) {
		made, err := contact.CreateCompany(ctx, tx, o)
		if err != nil {
			return 0, err
		}
		return made.ID, contact.SetCompanyValues(ctx, tx, made.ID, values)
	})
}

func oneCompany(t *testing.T, desk *dbtest.Desk, id contact.CompanyID) contact.Company {
	t.Helper()
	return read(t, desk, func(ctx context.Context, tx *db.Tx) (contact.Company, error) { return contact.OneCompany(ctx, tx, id) })
}

// companyState is everything that a merge of companies may touch.
func companyState(t *testing.T, desk *dbtest.Desk, ids ...contact.CompanyID) (out []any) {
	t.Helper()
	for _, id := range ids {
		out = append(out, oneCompany(t, desk, id),
			read(t, desk, func(ctx context.Context, tx *db.Tx) (map[string]string, error) {
				return contact.CompanyValues(ctx, tx, id)
			}),
			list(t, desk, contact.Filter{Company: id, Sort: contact.ByName}))
	}
	return out
}

func called(t *testing.T, desk *dbtest.Desk, words string) (names []string) {
	t.Helper()
	all := read(t, desk, func(ctx context.Context, tx *db.Tx) ([]contact.Company, error) {
		l, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: words})
		return l, err
	})
	for _, o := range all {
		names = append(names, o.Name)
	}
	return names
}

func TestTwoCompaniesAreOneAndTwoAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		withKeys(t, desk)
		var told []string
		contact.Use(desk.DB, contact.Part{Name: "order",
			MoveCompany: func(_ context.Context, _ *db.Tx, lose, keep contact.CompanyID) (json.RawMessage, error) {
				told = append(told, "move "+lose.String()+" "+keep.String())
				return json.RawMessage(`["memo"]`), nil
			},
			BackCompany: func(_ context.Context, _ *db.Tx, lose, keep contact.CompanyID, memo json.RawMessage) error {
				told = append(told, "back "+lose.String()+" "+keep.String()+" "+string(memo))
				return nil
			}})
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			for _, key := range []string{"plan", "seats"} {
				if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfCompany, Key: key, English: key, Type: contact.TextField}); err != nil {
					return err
				}
			}
			return nil
		})
		wrote(t, desk, contact.Sender{Email: "hana@solip.example", Name: "Hana"})
		keep := get(t, desk, wrote(t, desk, contact.Sender{Email: "bora@solip.example", Name: "Bora"}).ID).Company // guessed from the domain
		lose := company(t, desk, contact.Company{Name: "솔잎 주식회사", Industry: "Retail", Tier: "gold", Value: 1200, Currency: "KRW", Notes: "Pays late.", Owner: 77,
			Domains: []string{"solipkorea.example"}}, map[string]string{"plan": "Pro", "seats": "5"})
		wrote(t, desk, contact.Sender{Email: "dodam@solipkorea.example", Name: "Dodam"})

		before := companyState(t, desk, keep, lose)
		desk.Clock.Advance(time.Minute)
		merge := write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.CompanyMergeID, error) {
			return contact.MergeCompanies(ctx, tx, keep, lose)
		})

		one := oneCompany(t, desk, keep)
		want := contact.Company{ID: keep, Name: "솔잎 주식회사", Industry: "Retail", Tier: "gold", Value: 1200, Currency: "KRW", Notes: "Pays late.", Owner: 77,
			Domains: []string{"solip.example", "solipkorea.example"}, CreatedAt: one.CreatedAt, UpdatedAt: desk.Clock.Now()}
		if !reflect.DeepEqual(one, want) {
			t.Errorf("together they are\n%+v, want\n%+v", one, want)
		}
		if got := oneCompany(t, desk, lose); !reflect.DeepEqual(got, one) {
			t.Errorf("the old id leads to %+v", got)
		}
		if got := list(t, desk, contact.Filter{Company: keep, Sort: contact.ByName}); !reflect.DeepEqual(got, []string{"Bora", "Dodam", "Hana"}) {
			t.Errorf("its people are %v", got)
		}
		if got := called(t, desk, ""); len(got) != 1 {
			t.Errorf("companies: %v", got)
		}
		if got := called(t, desk, "솔잎"); !reflect.DeepEqual(got, []string{"솔잎 주식회사"}) {
			t.Errorf("found by name: %v", got)
		}
		if got := wrote(t, desk, contact.Sender{Email: "new@solipkorea.example"}); get(t, desk, got.ID).Company != keep {
			t.Error("who writes from the other's domain is not in it")
		}
		again := func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.MergeCompanies(ctx, tx, lose, keep)
			return err
		}
		if err := desk.Write(agent(t), func(tx *db.Tx) error { return again(agent(t), tx) }); problem.KindOf(err) != problem.Invalid {
			t.Errorf("merged again: %v", err)
		}
		desk.Clock.Advance(time.Minute)
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			all, err := contact.CompanyMergers(ctx, tx, keep)
			if err != nil || len(all) != 1 || all[0].ID != merge || all[0].LoseName != "솔잎 주식회사" {
				t.Errorf("merges: %+v, %v", all, err)
			}
			return contact.UnmergeCompanies(ctx, tx, merge)
		})
		after := companyState(t, desk, keep, lose)
		before[2], before[5] = []string{"Bora", "Hana", "new@solipkorea.example"}, []string{"Dodam"} // who came later stays
		if !reflect.DeepEqual(after, before) {
			t.Errorf("afterwards\n%+v, before\n%+v", after, before)
		}
		if got := called(t, desk, "솔잎"); !reflect.DeepEqual(got, []string{"솔잎 주식회사"}) {
			t.Errorf("found by name: %v", got)
		}
		if want := []string{"move " + lose.String() + " " + keep.String(), "back " + lose.String() + " " + keep.String() + ` ["memo"]`}; !reflect.DeepEqual(told, want) {
			t.Errorf("others were told %q", told)
		}
		if got := kinds(t, desk, keep); !reflect.DeepEqual(got[len(got)-2:], []string{"company.merged", "company.unmerged"}) {
			t.Errorf("facts %v", got)
		}
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.UnmergeCompanies(ctx, tx, merge) }) // once is enough
	})
}

// What somebody changed after a merge stays as he left it; a company that was merged further is undone from the end; one that is removed takes along those that went into it.
func TestWhatCameAfterAMergeOfCompanies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		withKeys(t, desk)
		first := company(t, desk, contact.Company{Name: "First", Notes: "a"}, nil)
		second := company(t, desk, contact.Company{Name: "Second", Notes: "b", Tier: "gold", Size: "10-99"}, nil)
		third := company(t, desk, contact.Company{Name: "Third"}, nil)
		join := func(keep, lose contact.CompanyID) contact.CompanyMergeID {
			return write(t, desk, func(ctx context.Context, tx *db.Tx) (contact.CompanyMergeID, error) {
				return contact.MergeCompanies(ctx, tx, keep, lose)
			})
		}
		one := join(first, second)
		do(t, desk, func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.UpdateCompany(ctx, tx, second, func(o *contact.Company) error { o.Tier = "silver"; return nil }) // the old id will do
			return err
		})
		two := join(third, first)
		undo := func(id contact.CompanyMergeID) error {
			return desk.Write(agent(t), func(tx *db.Tx) error { return contact.UnmergeCompanies(agent(t), tx, id) })
		}
		if err := undo(one); problem.KindOf(err) != problem.Conflict {
			t.Errorf("undone under another merge: %v", err)
		}
		if got := oneCompany(t, desk, second); got.ID != third {
			t.Errorf("the oldest id leads to %+v", got)
		}
		if err := undo(two); err != nil {
			t.Fatal(err)
		}
		if err := undo(one); err != nil {
			t.Fatal(err)
		}
		got := oneCompany(t, desk, first)
		if got.Tier != "silver" || got.Size != "" || got.Notes != "a" || got.Name != "First" {
			t.Errorf("the first is %+v", got)
		}
		if got := oneCompany(t, desk, second); got.Tier != "gold" || got.Notes != "b" {
			t.Errorf("the second is %+v", got)
		}
		if err := undo(contact.CompanyMergeID(7)); problem.KindOf(err) != problem.NotFound {
			t.Errorf("what never was is undone: %v", err)
		}
		join(first, second)
		do(t, desk, func(ctx context.Context, tx *db.Tx) error { return contact.RemoveCompany(ctx, tx, second) })
		dump(t, desk, func(table, row string) {
			if table == "contact_company" && (row == "First" || row == "Second") {
				t.Errorf("%s is left", row)
			}
		})
	})
}
