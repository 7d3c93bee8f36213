package consent_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// post is a firm whose mails about consent are caught.
type post struct {
	*shop
	c    *consent.Consents
	sent []consent.Letter
	fail error
}

func posts(t *testing.T, fn func(t *testing.T, p *post)) {
	each(t, func(t *testing.T, s *shop) {
		p := &post{shop: s}
		keys, err := secret.New([]byte("an example key of 32 bytes here!"))
		if err != nil {
			t.Fatal(err)
		}
		p.c = consent.New(consent.Parts{DB: s.DB, Jobs: s.jobs, Keys: keys, URL: "https://desk.example", Send: func(_ context.Context, l consent.Letter) error {
			if p.fail == nil {
				p.sent = append(p.sent, l)
			}
			return p.fail
		}})
		event.Within(s.log, "receipt", p.c.OnGave)
		event.Within(s.log, "receipt", p.c.OnWithdrew)
		fn(t, p)
	})
}

func (p *post) flow() {
	p.t.Helper()
	if err := p.jobs.Drain(p.ctx); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) ask() (n int) {
	p.t.Helper()
	p.do(func(tx *db.Tx) (err error) { n, err = consent.Ask(p.ctx, tx); return err })
	p.flow()
	return n
}

// Who agrees or withdraws is told so, in their language, with a link by which they can change their mind; who was imported is not.
func TestReceipts(t *testing.T) {
	posts(t, func(t *testing.T, p *post) {
		p.give(home, consent.ByForm)
		p.give(work, consent.ByImport)
		p.flow()
		if len(p.sent) != 1 || p.sent[0].To != home || !strings.Contains(p.sent[0].Text, "News and offers") || !strings.Contains(p.sent[0].Text, "동의한 날") || p.sent[0].Off == "" ||
			!strings.Contains(p.sent[0].Text, p.sent[0].Off) {
			t.Fatalf("%+v", p.sent)
		}
		p.withdraw(home)
		p.flow()
		if len(p.sent) != 2 || p.sent[1].Off != "" || !strings.Contains(p.sent[1].Text, "받지 않겠다고") {
			t.Fatalf("%+v", p.sent)
		}
		p.do(func(tx *db.Tx) error { return consent.SetRules(p.ctx, tx, consent.Rules{NoReceipts: true}) })
		p.give(home, consent.ByForm)
		p.flow()
		if len(p.sent) != 2 {
			t.Errorf("a receipt that nobody wanted: %+v", p.sent[2:])
		}
	})
}

// The link opens what it is for and nothing else, and what it does counts.
func TestTheLink(t *testing.T) {
	posts(t, func(t *testing.T, p *post) {
		p.give(home, consent.ByForm)
		p.flow()
		_, path, _ := strings.Cut(p.sent[0].Off, "/consent/")
		id, token, _ := strings.Cut(path, "/")
		open := func(id, token string) (own consent.Own, err error) {
			return own, p.try(func(tx *db.Tx) error { own, err = p.c.Open(p.ctx, tx, id, token); return err })
		}
		own, err := open(id, token)
		if err != nil || own.Contact != p.ara || own.Address != home || strings.Contains(own.Shown, "ara@home") || own.Entry.What != consent.IsGiven || own.Until.IsZero() {
			t.Fatalf("%+v %v", own, err)
		}
		var other contact.AddressID
		p.do(func(tx *db.Tx) error {
			whole, err := contact.Whole(p.ctx, tx, p.ara)
			for _, a := range whole.Addresses {
				if a.Value == work {
					other = a.ID
				}
			}
			return err
		})
		for _, bad := range [][2]string{{other.String(), token}, {id, token[:len(token)-1]}, {id, token + "a"}, {id, ""}, {"adr_", token}, {p.ara.String(), token}, {"", ""}} {
			if _, err := open(bad[0], bad[1]); problem.KindOf(err) != problem.NotFound {
				t.Errorf("%v opens something: %v", bad, err)
			}
		}
		p.do(func(tx *db.Tx) error { return contact.RemoveAddress(p.ctx, tx, p.ara, own2(t, id)) })
		if _, err := open(id, token); problem.KindOf(err) != problem.NotFound {
			t.Errorf("an address that is gone: %v", err)
		}
	})
}

func own2(t *testing.T, s string) (id contact.AddressID) {
	if err := id.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return id
}

// What grows old is asked about once, and stays when nobody objects; a firm that wants an answer gets no consent without one.
func TestAskingAgain(t *testing.T) {
	posts(t, func(t *testing.T, p *post) {
		p.do(func(tx *db.Tx) error { return consent.SetRules(p.ctx, tx, consent.Rules{NoReceipts: true}) })
		p.give(home, consent.ByForm)
		if n := p.ask(); n != 0 {
			t.Errorf("young consent is asked about: %d", n)
		}
		p.pass(710 * 24 * time.Hour)
		p.do(func(tx *db.Tx) error {
			list, n, err := consent.DueFor(p.ctx, tx, 10)
			if n != 1 || len(list) != 1 || list[0].Name != "Ara" || list[0].Address != home {
				t.Errorf("%+v %d", list, n)
			}
			return err
		})
		if n := p.ask(); n != 1 || len(p.sent) != 1 || !strings.Contains(p.sent[0].Text, "제50조 제8항") || !strings.Contains(p.sent[0].Text, "News and offers") || !strings.Contains(p.sent[0].Text, p.sent[0].Off) {
			t.Fatalf("%d %+v", n, p.sent)
		}
		if n := p.ask(); n != 0 || len(p.sent) != 1 {
			t.Errorf("asked twice: %d", n)
		}
		p.pass(60 * 24 * time.Hour)
		p.may(p.ara, home, ads, "")
		p.do(func(tx *db.Tx) error {
			return consent.SetRules(p.ctx, tx, consent.Rules{NoReceipts: true, MustAnswer: true})
		})
		p.pass(660 * 24 * time.Hour)
		if n := p.ask(); n != 1 || !strings.Contains(p.sent[1].Text, "계속 받기") {
			t.Fatalf("%d %+v", n, p.sent)
		}
		p.pass(60 * 24 * time.Hour)
		p.may(p.ara, home, ads, consent.IsExpired)
		p.do(func(tx *db.Tx) error { return consent.Confirm(p.ctx, tx, p.ara, home, ads, consent.ByLink, "") })
		p.may(p.ara, home, ads, "")
	})
}

// Who withdrew since, is suppressed or erased is not mailed; what could not be sent is tried again and given up at last, and can be sent anew.
func TestLettersThatCannotGo(t *testing.T) {
	posts(t, func(t *testing.T, p *post) {
		p.do(func(tx *db.Tx) error { return consent.SetRules(p.ctx, tx, consent.Rules{NoReceipts: true}) })
		p.give(home, consent.ByForm)
		p.give(work, consent.ByForm)
		p.pass(710 * 24 * time.Hour)
		p.suppress(work, consent.HardBounce)
		p.fail = errors.New("the server is away")
		if n := p.ask(); n != 2 {
			t.Fatal(n)
		}
		for range 60 {
			p.pass(time.Hour)
			p.flow()
		}
		p.do(func(tx *db.Tx) error {
			waiting, failed, err := consent.Letters(p.ctx, tx)
			if waiting != 0 || failed != 1 {
				t.Errorf("%d wait, %d failed", waiting, failed)
			}
			return err
		})
		p.fail = nil
		if n := p.ask(); n != 1 || len(p.sent) != 1 || p.sent[0].To != home {
			t.Errorf("%d %+v", n, p.sent)
		}
		p.give(home, consent.ByForm)
		p.pass(710 * 24 * time.Hour)
		p.do(func(tx *db.Tx) error { _, err := consent.Ask(p.ctx, tx); return err })
		p.withdraw(home)
		p.flow()
		if len(p.sent) != 1 {
			t.Errorf("asked who has withdrawn: %+v", p.sent[1:])
		}
		p.do(func(tx *db.Tx) error { return consent.SetRules(p.ctx, tx, consent.Rules{}) })
		p.give(home, consent.ByForm)
		p.do(func(tx *db.Tx) error { return contact.Erase(p.ctx, tx, p.ara) })
		p.flow()
		if len(p.sent) != 1 {
			t.Errorf("mailed who is erased: %+v", p.sent[1:])
		}
	})
}

// A firm can have it done by itself; and only who may change settings has all asked.
func TestAskingByItself(t *testing.T) {
	posts(t, func(t *testing.T, p *post) {
		p.do(func(tx *db.Tx) error {
			return consent.SetRules(p.ctx, tx, consent.Rules{NoReceipts: true, ByItself: true})
		})
		p.give("", consent.ByForm)
		if err := p.jobs.Begin(p.ctx); err != nil {
			t.Fatal(err)
		}
		for range 106 {
			p.pass(7 * 24 * time.Hour)
			p.flow()
		}
		if len(p.sent) != 1 || p.sent[0].To != "Ara@home.example" {
			t.Errorf("%+v", p.sent)
		}
		agent := team.With(p.ctx, team.Actor{Person: 7, Rights: []team.Right{team.ReadContacts, team.EditContacts}})
		if err := p.try(func(tx *db.Tx) error { _, err := consent.Ask(agent, tx); return err }); problem.KindOf(err) != problem.Forbidden {
			t.Error(err)
		}
	})
}
