package automation_test

import (
	"strings"
	"testing"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// On a desk on which there is nothing yet each template is a rule that can be saved as it is, or says what has to be made first; once that is there, all can.
func TestEveryTemplateCanBeSaved(t *testing.T) {
	word, err := team.HashPassword("moonlight lamp")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) {
		for _, l := range i18n.Locales() {
			ctx := i18n.With(team.AsSystem(t.Context()), i18n.Reader{Locale: l})
			err := base.Write(ctx, func(tx *db.Tx) error {
				for _, begin := range automation.Templates {
					r, err := begin.Begin(ctx, tx)
					if err != nil {
						return err
					}
					_, err = automation.Make(ctx, tx, r)
					lacks := begin.Needs() != "" && l == i18n.Locales()[0]
					if lacks != (problem.KindOf(err) == problem.Invalid) || err != nil && !lacks {
						t.Errorf("%s: %s: lacks something %v: %v", l, begin.Key, lacks, err)
					}
					if bare := spoken(r); strings.Contains(bare, "start_") || strings.Contains(bare, "=") {
						t.Errorf("%s: %s: not all words are there: %s", l, begin.Key, bare)
					}
				}
				if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "ends_" + string(l), English: "Contract ends", Korean: "계약 만료일", Type: contact.DateField}); err != nil {
					return err
				}
				if _, err := team.MakeTeam(ctx, tx, "Desk "+string(l), ""); err != nil {
					return err
				}
				who, err := team.MakePerson(ctx, tx, string(l)+"@shop.example", string(l), team.Agent, word)
				if err != nil {
					return err
				}
				_, err = oncall.MakeService(ctx, tx, oncall.Service{Name: "Shop " + string(l), Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: who}}, Wait: 5}}}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// spoken are the words of a rule that were filled in.
func spoken(r automation.Rule) string {
	list := []string{r.Name}
	for _, a := range r.Then {
		for _, v := range a.With {
			list = append(list, v)
		}
	}
	return strings.Join(list, "\n")
}

// What somebody makes of a template changes nothing in the list.
func TestATemplateIsCopied(t *testing.T) {
	base := dbtest.New(t, db.SQLite)
	ctx := team.AsSystem(t.Context())
	err := base.Read(ctx, func(tx *db.Tx) error {
		begin, _ := automation.TemplateOf("refund")
		r, err := begin.Begin(ctx, tx)
		if err != nil {
			return err
		}
		r.If.Of[0].Values[0], r.Then[0].With["type"] = "other", "other"
		again, err := begin.Begin(ctx, tx)
		if again.If.Of[0].Values[0] == "other" || again.Then[0].With["type"] == "other" {
			t.Error("the list was changed")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
