package consent_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const ads, notice = consent.Advertising, consent.Notice

// Nothing is advertised to who did not agree; the newest word about an address counts, and consent for all of them reaches each.
func TestTheNewestWordCounts(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.may(s.ara, home, ads, consent.NoConsent)
		s.may(s.ara, home, notice, "")
		s.give(" ARA@home.example ", consent.ByForm)
		s.may(s.ara, home, ads, "")
		s.may(s.ara, "Ara@HOME.example", ads, "")
		s.may(s.ara, work, ads, consent.NoConsent)
		s.pass(time.Minute)
		s.give("", consent.OnDesk)
		s.may(s.ara, work, ads, "")
		s.pass(time.Minute)
		s.withdraw(work)
		s.may(s.ara, work, ads, consent.IsTakenBack)
		s.may(s.ara, home, ads, "")
		s.pass(time.Minute)
		s.withdraw("")
		s.may(s.ara, home, ads, consent.IsTakenBack)
		s.may(s.ara, home, notice, "")
		s.pass(time.Minute)
		s.give(work, consent.ByPortal)
		s.may(s.ara, work, ads, "")
		s.may(s.ara, home, ads, consent.IsTakenBack)
		s.may(s.ara, "other@home.example", ads, consent.NotTheirs)
		s.may(s.ara, "", ads, consent.NoAddress)
		s.may(s.ara+1, home, ads, consent.IsGone)
		s.do(func(tx *db.Tx) error { return contact.Block(s.ctx, tx, s.ara, "asked for it") })
		s.may(s.ara, work, notice, consent.IsBlocked)
		s.do(func(tx *db.Tx) error {
			list, err := consent.History(s.ctx, tx, s.ara)
			if len(list) != 5 || list[0].What != consent.IsGiven || list[4].Wording != "News and offers" || list[4].Proof != "fsb_1" || list[4].Actor == "" {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

// Of two words at one moment the withdrawal counts; an old list that is imported later does not outdo what was said since; to withdraw twice is one word.
func TestAWithdrawalIsNotLost(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.withdraw(home)
		s.give(home, consent.ByImport) // at the same millisecond
		s.may(s.ara, home, ads, consent.IsTakenBack)
		s.pass(time.Hour)
		s.do(func(tx *db.Tx) error {
			return consent.Give(s.ctx, tx, consent.Given{Who: s.ara, Purpose: ads, How: consent.ByImport, At: tx.Now().Add(-48 * time.Hour)})
		})
		s.may(s.ara, home, ads, consent.IsTakenBack)
		s.may(s.ara, work, ads, "")
		s.withdraw(home)
		s.do(func(tx *db.Tx) error {
			list, err := consent.History(s.ctx, tx, s.ara)
			if len(list) != 3 {
				t.Errorf("%d entries", len(list))
			}
			return err
		})
	})
}

// After two years consent counts no more unless it was confirmed; confirming makes none where there is none.
func TestConsentGrowsOld(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		confirm := func(address string) {
			s.do(func(tx *db.Tx) error { return consent.Confirm(s.ctx, tx, s.ara, address, ads, consent.ByMail, "") })
		}
		confirm(home)
		s.may(s.ara, home, ads, consent.NoConsent)
		s.give(home, consent.ByForm)
		s.Clock.Advance(s.Clock.Now().AddDate(2, 0, 0).Sub(s.Clock.Now()))
		s.may(s.ara, home, ads, "")
		s.pass(time.Millisecond)
		s.may(s.ara, home, ads, consent.IsExpired)
		confirm(home)
		s.may(s.ara, home, ads, "")
		s.pass(time.Hour)
		s.withdraw(home)
		confirm(home)
		s.may(s.ara, home, ads, consent.IsTakenBack)
		s.do(func(tx *db.Tx) error { return consent.SetRules(s.ctx, tx, consent.Rules{ForEver: true}) })
		s.give(work, consent.ByForm)
		s.Clock.Advance(20 * 365 * 24 * time.Hour)
		s.may(s.ara, work, ads, "")
	})
}

// The list of addresses outdoes consent. A stronger reason takes the place of a weaker one; who agrees anew is taken off only where they had left.
func TestTheList(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.give("", consent.ByForm)
		s.suppress(home, consent.Unsubscribed)
		s.may(s.ara, home, ads, "suppressed_unsubscribed")
		s.may(s.ara, home, notice, "")
		s.may(s.ara, work, ads, "")
		s.give("", consent.ByImport)
		s.may(s.ara, home, ads, "suppressed_unsubscribed")
		s.pass(time.Second)
		s.give("", consent.ByForm)
		s.may(s.ara, home, ads, "")
		s.suppress(home, consent.HardBounce)
		s.suppress("Ara@HOME.example", consent.Unsubscribed)
		s.give(home, consent.ByForm)
		s.may(s.ara, home, ads, "suppressed_bounce")
		s.may(s.ara, home, notice, "suppressed_bounce")
		s.suppress(home, consent.Complaint)
		var id consent.BarID
		s.do(func(tx *db.Tx) error {
			list, err := consent.Bars(s.ctx, tx, consent.BarFilter{Query: "HOME.ex", Limit: 10})
			if len(list) != 1 || list[0].Reason != consent.Complaint || list[0].Address != home {
				t.Fatalf("%+v", list)
			}
			id = list[0].ID
			return err
		})
		s.do(func(tx *db.Tx) error { return consent.Lift(s.ctx, tx, id) })
		s.may(s.ara, home, ads, "")
		for _, bad := range []struct {
			address string
			reason  consent.Reason
		}{{"nobody", consent.ByHand}, {home, "mood"}, {"", consent.ByHand}} {
			if err := s.try(func(tx *db.Tx) error { return consent.Suppress(s.ctx, tx, bad.address, bad.reason, "") }); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%v: %v", bad, err)
			}
		}
		if err := s.try(func(tx *db.Tx) error { return consent.Lift(s.ctx, tx, id) }); problem.KindOf(err) != problem.NotFound {
			t.Errorf("lifted twice: %v", err)
		}
	})
}

// Two customers who are one have one history, whose newest word counts; parted again each has their own.
func TestMergedCustomers(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		var other contact.ID
		var merge contact.MergeID
		s.give("", consent.ByForm)
		s.pass(time.Hour)
		s.do(func(tx *db.Tx) error {
			c, err := contact.Create(s.ctx, tx, contact.Sender{Name: "Ara B.", Email: "b@home.example"})
			other = c.ID
			if err == nil {
				err = consent.Withdraw(s.ctx, tx, other, "", ads, consent.OnDesk, "on the phone")
			}
			return err
		})
		s.do(func(tx *db.Tx) (err error) { merge, err = contact.Merge(s.ctx, tx, s.ara, other); return err })
		s.may(s.ara, home, ads, consent.IsTakenBack)
		s.may(other, "b@home.example", ads, consent.IsTakenBack)
		s.do(func(tx *db.Tx) error { return contact.Unmerge(s.ctx, tx, merge) })
		s.may(s.ara, home, ads, "")
		s.may(other, "b@home.example", ads, consent.IsTakenBack)
	})
}

// Who is erased leaves only digests: an old list that is imported again does not reach them, but they can come back themselves.
func TestErasedCustomers(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.give("", consent.ByForm)
		s.suppress(work, consent.HardBounce)
		var file contact.File
		s.do(func(tx *db.Tx) (err error) { file, err = contact.Export(s.ctx, tx, s.ara); return err })
		if b, _ := json.Marshal(file.Others["consent"]); !strings.Contains(string(b), "News and offers") {
			t.Errorf("%s", b)
		}
		s.do(func(tx *db.Tx) error { return contact.Erase(s.ctx, tx, s.ara) })
		s.do(func(tx *db.Tx) error {
			list, err := consent.Bars(s.ctx, tx, consent.BarFilter{Limit: 10})
			if err != nil || len(list) != 2 {
				t.Errorf("%+v", list)
			}
			for _, b := range list {
				if b.Address != "" || b.Proof != "" || b.Actor != "" {
					t.Errorf("%+v", b)
				}
			}
			if list, err = consent.Bars(s.ctx, tx, consent.BarFilter{Query: work, Limit: 10}); len(list) != 1 || list[0].Reason != consent.HardBounce {
				t.Errorf("a whole address is not found by its digest: %+v", list)
			}
			return err
		})
		s.do(func(tx *db.Tx) error {
			c, err := contact.Create(s.ctx, tx, contact.Sender{Name: "Ara", Email: home})
			s.ara = c.ID
			return err
		})
		s.give("", consent.ByImport)
		s.may(s.ara, home, ads, "suppressed_erased")
		s.may(s.ara, home, notice, "")
		s.give(home, consent.ByForm)
		s.may(s.ara, home, ads, "")
	})
}

// What is wrong with what is noted is said, and who may not change customers notes nothing.
func TestWhatCannotBeNoted(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		for want, g := range map[string]consent.Given{
			"purpose": {Purpose: notice, How: consent.ByForm},
			"how":     {Purpose: ads, How: "telepathy"},
			"at":      {Purpose: ads, How: consent.ByImport, At: s.Clock.Now().Add(time.Hour)},
			"address": {Purpose: ads, How: consent.ByForm, Address: "somebody@else.example"},
		} {
			g.Who = s.ara
			err := s.try(func(tx *db.Tx) error { return consent.Give(s.ctx, tx, g) })
			if f := problem.Fields(err); len(f) != 1 || f[0].Name != want {
				t.Errorf("%s: %v", want, err)
			}
		}
		reader := team.With(s.ctx, team.Actor{Person: 7, Rights: []team.Right{team.ReadContacts}, Masked: true})
		for what, do := range map[string]func(tx *db.Tx) error{
			"give": func(tx *db.Tx) error {
				return consent.Give(reader, tx, consent.Given{Who: s.ara, Purpose: ads, How: consent.OnDesk})
			},
			"withdraw": func(tx *db.Tx) error { return consent.Withdraw(reader, tx, s.ara, "", ads, consent.OnDesk, "") },
			"suppress": func(tx *db.Tx) error { return consent.Suppress(reader, tx, home, consent.ByHand, "") },
			"lift":     func(tx *db.Tx) error { return consent.Lift(reader, tx, 1) },
			"rules":    func(tx *db.Tx) error { return consent.SetRules(reader, tx, consent.Rules{ForEver: true}) },
		} {
			if err := s.try(do); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s: %v", what, err)
			}
		}
		s.give(home, consent.ByForm)
		s.suppress(home, consent.ByHand)
		s.do(func(tx *db.Tx) error {
			list, err := consent.History(reader, tx, s.ara)
			bars, err2 := consent.Bars(reader, tx, consent.BarFilter{Query: "zzz", Limit: 5})
			if err2 != nil || len(list) != 1 || list[0].Address == home || list[0].Proof != "" || len(bars) != 1 || bars[0].Address == home {
				t.Errorf("%+v %+v %v", list, bars, err2)
			}
			return err
		})
	})
}
