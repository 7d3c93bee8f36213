package segment_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/segment"
	"baraji/internal/team"
)

// shop is a firm in Seoul with four customers:
//
//	Ara   post-sale, Korean, Busan zone none, tags vip and lamp, plan gold, seats 12, renews in 20 days; of Moon & Co. (tier A, worth 1 200 000 won); a complaint is open; agreed to news
//	Boris pre-sale, English, Europe/Berlin, tag lamp, plan silver, seats 3, renewed 40 days ago; two solved conversations
//	Chloe former, nothing else known; was seen 400 days ago
//	Duri  pre-sale as everybody who is new, nothing else but a name with signs of SQL in it
type shop struct {
	*dbtest.Desk
	t     *testing.T
	ctx   context.Context
	in    inbox.Inbox
	ids   map[string]contact.ID
	mina  team.ID
	other team.TeamID
}

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		s := &shop{Desk: desk, t: t, ctx: team.AsSystem(t.Context()), ids: map[string]contact.ID{}}
		keys, err := secret.New([]byte("an example key of 32 bytes here!"))
		if err != nil {
			t.Fatal(err)
		}
		db.Attach(desk.DB, keys)
		event.NewLog(desk.DB, job.NewRunner(desk.DB, slog.New(slog.DiscardHandler)))
		contact.Use(desk.DB, conversation.Part(), consent.Part())
		s.do(s.open)
		fn(t, s)
	})
}

func (s *shop) try(fn func(tx *db.Tx) error) error { return s.Write(s.ctx, fn) }

func (s *shop) do(fn func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.try(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) open(tx *db.Tx) error {
	ctx := s.ctx
	if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
		return err
	}
	for _, f := range []contact.Field{
		{Holder: contact.OfContact, Key: "plan", English: "Plan", Type: contact.ChoiceField, Choices: []string{"gold", "silver"}},
		{Holder: contact.OfContact, Key: "seats", English: "Seats", Type: contact.NumberField},
		{Holder: contact.OfContact, Key: "renews", English: "Renews", Type: contact.DateField},
		{Holder: contact.OfContact, Key: "motto", English: "Motto", Type: contact.TextField},
		{Holder: contact.OfCompany, Key: "region", English: "Region", Type: contact.TextField},
	} {
		if _, err := contact.DefineField(ctx, tx, f); err != nil {
			return err
		}
	}
	for _, from := range []contact.Sender{{Name: "Ara", Email: "ara@moon.example"}, {Name: "Boris", Email: "boris@customer.example"},
		{Name: "Chloe", Email: "chloe@customer.example"}, {Name: "Duri %_' OR 1=1 --", Phone: "010-1234-5678"}} {
		c, err := contact.Create(ctx, tx, from)
		if err != nil {
			return err
		}
		s.ids[from.Name[:3]] = c.ID
	}
	return s.fill(tx)
}

func (s *shop) fill(tx *db.Tx) error {
	ctx, day := s.ctx, tx.Now()
	moon, err := contact.CreateCompany(ctx, tx, contact.Company{Name: "Moon & Co.", Tier: "A", Value: 1_200_000, Currency: "KRW", Size: "10-99"})
	if err != nil {
		return err
	}
	if err := contact.SetCompanyValues(ctx, tx, moon.ID, map[string]string{"region": "Gangnam"}); err != nil {
		return err
	}
	if s.mina, err = team.MakePerson(ctx, tx, "mina@dalbit.example", "Mina", team.Agent, hashed(s.t)); err != nil {
		return err
	}
	change := func(who string, fn func(c *contact.Contact)) error {
		_, err := contact.Update(ctx, tx, s.ids[who], func(c *contact.Contact) error { fn(c); return nil })
		return err
	}
	for _, err := range []error{
		change("Ara", func(c *contact.Contact) {
			c.Stage, c.Language, c.Company, c.Owner, c.BirthYear, c.Industry = contact.PostSale, "ko", moon.ID, s.mina, 1990, "Éclairage"
		}),
		change("Bor", func(c *contact.Contact) {
			c.Stage, c.Language, c.TimeZone = contact.PreSale, "en", "Europe/Berlin"
		}),
		change("Chl", func(c *contact.Contact) { c.Stage = contact.Former }),
		contact.Tag(ctx, tx, s.ids["Ara"], []string{"VIP", "lamp"}, nil),
		contact.Tag(ctx, tx, s.ids["Bor"], []string{"lamp"}, nil),
		contact.SetValues(ctx, tx, s.ids["Ara"], map[string]string{"plan": "gold", "seats": "12", "renews": day.AddDate(0, 0, 20).Format(time.DateOnly), "motto": "100% light_"}),
		contact.SetValues(ctx, tx, s.ids["Bor"], map[string]string{"plan": "silver", "seats": "3", "renews": day.AddDate(0, 0, -40).Format(time.DateOnly)}),
		consent.Give(ctx, tx, consent.Given{Who: s.ids["Ara"], Purpose: consent.Advertising, How: consent.ByForm, Wording: "News"}),
	} {
		if err != nil {
			return err
		}
	}
	if s.other, err = team.MakeTeam(ctx, tx, "Other", ""); err != nil {
		return err
	}
	if s.in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example", Team: s.other}); err != nil {
		return err
	}
	if err := s.wrote(tx, "Ara", "complaint", false, 0); err != nil {
		return err
	}
	for range 2 {
		if err := s.wrote(tx, "Bor", "", true, 100*24*time.Hour); err != nil {
			return err
		}
	}
	return nil
}

// wrote is a conversation of a customer.
func (s *shop) wrote(tx *db.Tx, who, kind string, solved bool, ago time.Duration) error {
	_, err := conversation.Receive(s.ctx, tx, conversation.Inbound{Inbox: s.in, Contact: contact.Contact{ID: s.ids[who]}, Type: kind, History: solved, At: tx.Now().Add(-ago), Tags: []string{"Refund"},
		Message: conversation.Message{Subject: "Lamp", Text: "When?"}})
	return err
}

// found are the first three letters of those in a segment, and whether each question about it agrees.
func (s *shop) found(i segment.If) (names []string, err error) {
	err = s.Read(s.ctx, func(tx *db.Tx) error {
		seg := segment.Segment{Name: "x", If: i}
		n, err := segment.Count(s.ctx, tx, seg)
		if err != nil {
			return err
		}
		members, err := segment.Members(s.ctx, tx, seg, 0, 100)
		if err != nil {
			return err
		}
		narrow, err := segment.Within(s.ctx, tx, seg)
		if err != nil {
			return err
		}
		list, _, err := contact.List(s.ctx, tx, contact.Filter{Narrow: narrow})
		if n != len(members) || n != len(list) {
			s.t.Errorf("%+v: counted %d, members %d, listed %d", i, n, len(members), len(list))
		}
		for name, id := range s.ids {
			holds, err := segment.Holds(s.ctx, tx, seg, id)
			if err != nil {
				return err
			}
			if holds != slices.Contains(members, id) {
				s.t.Errorf("%+v: %s is in: %v, holds: %v", i, name, !holds, holds)
			}
			if holds {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return err
	})
	return names, err
}
