package consent_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// shop is a firm with one customer of two addresses.
type shop struct {
	*dbtest.Desk
	t    *testing.T
	ctx  context.Context
	jobs *job.Runner
	log  *event.Log
	ara  contact.ID
}

const (
	home = "ara@home.example"
	work = "ara@work.example"
)

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		keys, err := secret.New([]byte("an example key of 32 bytes here!"))
		if err != nil {
			t.Fatal(err)
		}
		s := &shop{Desk: desk, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(desk.DB, slog.New(slog.DiscardHandler))}
		db.Attach(desk.DB, keys)
		s.log = event.NewLog(desk.DB, s.jobs)
		contact.Use(desk.DB, consent.Part())
		s.do(func(tx *db.Tx) error {
			if err := team.ChangeFirm(s.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			c, err := contact.Create(s.ctx, tx, contact.Sender{Name: "Ara", Email: "Ara@home.example", Language: "ko"})
			if err == nil {
				_, err = contact.AddAddress(s.ctx, tx, c.ID, contact.Email, work)
			}
			s.ara = c.ID
			return err
		})
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

func (s *shop) pass(d time.Duration) { s.Clock.Advance(d) }

func (s *shop) give(address string, how consent.How) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		return consent.Give(s.ctx, tx, consent.Given{Who: s.ara, Address: address, Purpose: consent.Advertising, How: how, Wording: "News and offers", Proof: "fsb_1"})
	})
}

func (s *shop) withdraw(address string) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		return consent.Withdraw(s.ctx, tx, s.ara, address, consent.Advertising, consent.ByLink, "")
	})
}

func (s *shop) suppress(address string, why consent.Reason) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error { return consent.Suppress(s.ctx, tx, address, why, "550 5.1.1") })
}

// may fails unless an address may, or may not, be written to.
func (s *shop) may(who contact.ID, address string, p consent.Purpose, want consent.Why) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		got, err := consent.May(s.ctx, tx, who, address, p)
		if got != want {
			s.t.Errorf("%s to %s: %q, want %q", p, address, got, want)
		}
		return err
	})
}
