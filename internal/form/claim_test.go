package form_test

import (
	"context"
	"fmt"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// asking is a form whose answers fill own fields of all three kinds, which the shop has.
func asking(t *testing.T, fn func(t *testing.T, s *shop)) {
	d := repair()
	d.Fields = append(d.Fields, form.Field{Key: "color", Kind: form.Choice, Label: both("Colour"), As: "contact:color", Choices: []form.Option{{Value: "red", Label: both("red")}, {Value: "blue", Label: both("blue")}}},
		form.Field{Key: "staff", Kind: form.Number, Label: both("Staff"), As: "company:staff"}, form.Field{Key: "serial", Kind: form.Line, Label: both("Serial"), As: "field:serial"})
	each(t, d, func(t *testing.T, s *shop) {
		s.do(func(ctx context.Context, tx *db.Tx) error {
			if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "color", English: "Colour", Type: contact.ChoiceField, Choices: []string{"red", "blue"}}); err != nil {
				return err
			}
			if _, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfCompany, Key: "staff", English: "Staff", Type: contact.NumberField}); err != nil {
				return err
			}
			_, err := conversation.DefineField(ctx, tx, conversation.Field{Key: "serial", English: "Serial", Type: "text"})
			return err
		})
		fn(t, s)
	})
}

func (s *shop) claims(who contact.ID) (list []form.Claim) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) (err error) { list, err = form.ClaimsOf(ctx, tx, who); return err })
	return list
}

func (s *shop) whole(who contact.ID) (p contact.Profile) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx *db.Tx) (err error) { p, err = contact.Whole(ctx, tx, who); return err })
	return p
}

// What somebody new says of himself is written down at once.
func TestAnAnswerFillsAnOwnFieldOfSomebodyNew(t *testing.T) {
	asking(t, func(t *testing.T, s *shop) {
		s.send(filled("color", "red", "serial", "A-12"))
		talk := s.talks()[0]
		if got := s.whole(talk.Contact).Values["color"]; got != "red" {
			t.Errorf("his colour is %q", got)
		}
		s.do(func(ctx context.Context, tx *db.Tx) error {
			all, err := conversation.Values(ctx, tx, talk.ID)
			if all["serial"] != "A-12" {
				t.Errorf("of the conversation: %v", all)
			}
			return err
		})
		if got := s.claims(talk.Contact); len(got) != 0 {
			t.Errorf("and is not asked about: %+v", got)
		}
	})
}

// Nobody overwrites what is known of somebody else (T26): it waits until somebody of the team takes it or leaves it.
func TestAnAnswerAboutAKnownCustomerIsAClaim(t *testing.T) {
	asking(t, func(t *testing.T, s *shop) {
		var mina contact.Contact
		s.do(func(ctx context.Context, tx *db.Tx) (err error) {
			firm, err := contact.CreateCompany(ctx, tx, contact.Company{Name: "Haneul"})
			if err != nil {
				return err
			}
			if mina, err = contact.Create(ctx, tx, contact.Sender{Email: "mina@customer.example"}); err != nil {
				return err
			}
			if _, err = contact.Update(ctx, tx, mina.ID, func(c *contact.Contact) error { c.Company = firm.ID; return nil }); err != nil {
				return err
			}
			return contact.SetValues(ctx, tx, mina.ID, map[string]string{"color": "blue"})
		})
		before := s.whole(mina.ID)
		s.send(filled("color", "red", "staff", "40"))
		after := s.whole(mina.ID)
		after.LastSeenAt = before.LastSeenAt
		if fmt.Sprintf("%+v", before) != fmt.Sprintf("%+v", after) {
			t.Errorf("she changed:\n%+v\n%+v", before, after)
		}
		list := s.claims(mina.ID)
		if len(list) != 2 || list[0].Key != "color" || list[0].Value != "red" || list[0].Was != "blue" || list[1].Of != contact.OfCompany || list[1].Value != "40" {
			t.Fatalf("claims: %+v", list)
		}

		// Whoever may not change customers neither sees nor takes them; nor does whoever sees everything masked.
		for name, a := range map[string]team.Actor{
			"reads":  {Person: 7, See: team.SeeEverything, Rights: []team.Right{team.ReadContacts, team.ReadConversations}},
			"masked": {Person: 7, See: team.SeeEverything, Masked: true, Rights: []team.Right{team.ReadContacts, team.ReadConversations, team.EditContacts}},
		} {
			ctx := team.With(t.Context(), a)
			if err := s.Write(ctx, func(tx *db.Tx) error {
				if seen, err := form.ClaimsOf(ctx, tx, mina.ID); err != nil || len(seen) != 0 {
					t.Errorf("%s sees %v, %v", name, seen, err)
				}
				return form.Take(ctx, tx, list[0].ID)
			}); err == nil {
				t.Errorf("%s takes it", name)
			}
		}

		s.do(func(ctx context.Context, tx *db.Tx) error {
			if err := form.Take(ctx, tx, list[0].ID); err != nil {
				return err
			}
			return form.Leave(ctx, tx, list[1].ID)
		})
		if got := s.whole(mina.ID).Values["color"]; got != "red" || len(s.claims(mina.ID)) != 0 {
			t.Errorf("taken: %q, left are %v", got, s.claims(mina.ID))
		}
		err := s.Write(s.boss, func(tx *db.Tx) error { return form.Take(s.boss, tx, list[0].ID) })
		if problem.KindOf(err) != problem.NotFound {
			t.Errorf("taken twice: %v", err)
		}
		s.send(filled("color", "red"))
		if got := s.claims(mina.ID); len(got) != 0 {
			t.Errorf("what stands there already is claimed: %+v", got)
		}

		// Erased with her.
		s.send(filled("color", "blue"))
		s.do(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `DELETE FROM form_submission WHERE contact_id = $1`, mina.ID); err != nil {
				return err
			}
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM form_claim`)
			if n != 0 {
				t.Errorf("%d claims of somebody who is erased", n)
			}
			return err
		})
	})
}

// A question that fills an own field has its kind and its choices, and its own words for them.
func TestAQuestionTakesTheShapeOfAnOwnField(t *testing.T) {
	asking(t, func(t *testing.T, s *shop) {
		var owns []form.Own
		s.do(func(ctx context.Context, tx *db.Tx) (err error) { owns, err = form.Owns(ctx, tx); return err })
		as := map[string]form.Own{}
		for _, o := range owns {
			as[o.As] = o
		}
		if len(owns) != 3 || as["company:staff"].Kind != form.Number || as["field:serial"].Kind != form.Line {
			t.Fatalf("%+v", owns)
		}
		f := as["contact:color"].Ask("color")
		if f.Kind != form.Choice || len(f.Choices) != 2 || f.Choices[0].Value != "red" || f.Label["en"] != "Colour" {
			t.Errorf("asked anew: %+v", f)
		}
		f.Choices = []form.Option{{Value: "Rouge", Label: form.Text{"ko": "빨강", "en": "Rouge"}}, {Value: "Bleu", Label: form.Text{"ko": "파랑", "en": "Bleu"}}}
		as["contact:color"].Shape(&f)
		if f.Choices[0].Value != "red" || f.Choices[0].Label["en"] != "Rouge" {
			t.Errorf("called otherwise: %+v", f.Choices)
		}
		phone := form.Field{Key: "p", Kind: form.Phone, As: "field:serial"}
		as["field:serial"].Shape(&phone)
		if phone.Kind != form.Phone {
			t.Error("a phone number is a line of text too")
		}
	})
}
