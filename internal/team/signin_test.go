package team_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func TestSomebodyComesInAndGoes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		a := attempt("seoyun")
		a.Email = " SeoYun@Moonlight.EXAMPLE "
		in, err := h.door.SignIn(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if in.Half || len(in.Token) != 40 || in.Device == "" {
			t.Errorf("%+v", in)
		}
		actor, s, err := h.who(in.Token)
		if err != nil || actor.Person != id || actor.Name != "seoyun" || actor.Role != team.Agent || actor.See != team.SeeEverything {
			t.Fatalf("%+v, %v", actor, err)
		}
		if !actor.Can(team.Reply) || actor.Can(team.ManagePeople) || actor.Can(team.Own) {
			t.Errorf("rights %v", actor.Rights)
		}
		if s.ID != in.Session.ID || s.Address != "203.0.113.7" || s.Agent != "a browser" || !s.Choices.Shortcuts {
			t.Errorf("%+v", s)
		}
		h.must(func(tx *db.Tx) error { return team.SignOut(t.Context(), tx, in.Token) })
		if _, _, err := h.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
			t.Errorf("still in: %v", err)
		}
		if got, want := h.kinds(id.String()), []string{"person_made", "signed_in", "signed_out"}; !slices.Equal(got, want) {
			t.Errorf("log %v, want %v", got, want)
		}
	})
}

// An observer must not learn who works here: every refusal has one text and
// costs one hash and the same number of events, whoever the address belongs to.
func TestRefusalsAreAlike(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("owner", team.Owner)
		h.person("seoyun", team.Agent)
		gone := h.person("gone", team.Agent)
		h.must(func(tx *db.Tx) error {
			if _, err := team.Invite(h.system(), tx, team.Invitee{Email: "new@moonlight.example", Name: "New", Role: team.Agent}); err != nil {
				return err
			}
			return team.Disable(h.system(), tx, gone)
		})
		var texts []string
		for name, a := range map[string]team.Attempt{
			"wrong":             {Email: "seoyun@moonlight.example", Password: "wrong password"},
			"empty":             {Email: "seoyun@moonlight.example"},
			"huge":              {Email: "seoyun@moonlight.example", Password: strings.Repeat("x", 1<<20)},
			"the stored hash":   {Email: "seoyun@moonlight.example", Password: "$argon2id$v=19$m=19456,t=2,p=1$"},
			"unknown":           {Email: "nobody@moonlight.example", Password: password},
			"disabled":          {Email: "gone@moonlight.example", Password: password},
			"invited":           {Email: "new@moonlight.example", Password: password},
			"invited and empty": {Email: "new@moonlight.example"},
			"not an address":    {Email: "seoyun", Password: password},
		} {
			hashes, events := h.door.Hashes(), h.count("team.sign_in_failed")
			a.From = "198.51.100." + fmt.Sprint(len(name))
			_, err := h.door.SignIn(t.Context(), a)
			texts = append(texts, wantKind(t, err, problem.Forbidden).Error())
			if n := h.door.Hashes() - hashes; n != 1 {
				t.Errorf("%s: %d hashes", name, n)
			}
			if n := h.count("team.sign_in_failed") - events; n != 1 {
				t.Errorf("%s: %d events", name, n)
			}
		}
		if slices.Sort(texts); texts[0] != texts[len(texts)-1] {
			t.Errorf("answers differ: %q", texts)
		}
	})
}

func (h *house) count(kind string) (n int) {
	h.t.Helper()
	h.must(func(tx *db.Tx) (err error) {
		n, err = db.Value[int](h.t.Context(), tx, `SELECT COUNT(*) FROM event WHERE kind = $1`, kind)
		return err
	})
	return n
}

func TestWrongPasswordsWaitLongerAndLonger(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("seoyun", team.Agent)
		known := h.signIn("seoyun").Device
		guess := attempt("seoyun")
		guess.Password = "a wrong guess"
		n := 0
		try := func() error { // each guess comes from another house
			guess.From = fmt.Sprintf("203.0.113.%d", n%250)
			n++
			_, err := h.door.SignIn(t.Context(), guess)
			return err
		}
		for range 10 {
			wantKind(t, try(), problem.Forbidden)
		}
		var waits []time.Duration
		for range 12 {
			hashes := h.door.Hashes()
			d := wait(t, try())
			if h.door.Hashes() != hashes {
				t.Fatal("a refused attempt was hashed")
			}
			if again := wait(t, try()); again != d {
				t.Fatalf("knocking made the wait %v, it was %v", again, d)
			}
			waits = append(waits, d)
			h.Clock.Advance(d)
			wantKind(t, try(), problem.Forbidden)
		}
		if waits[0] != time.Second || waits[1] != 2*time.Second || waits[5] != 32*time.Second || waits[11] != 15*time.Minute {
			t.Errorf("waits %v", waits)
		}
		// The right password waits as well, elsewhere; the browser that was signed in before does not.
		wait(t, second(h.door.SignIn(t.Context(), attempt("seoyun"))))
		a := attempt("seoyun")
		a.Device = known
		if _, err := h.door.SignIn(t.Context(), a); err != nil {
			t.Errorf("the known browser is locked out: %v", err)
		}
		wait(t, try()) // which does not open the way for the guesses
		// A device of one person is worth nothing for another.
		h.person("jun", team.Agent)
		guess.Email, guess.Device = "jun@moonlight.example", known
		for range 10 {
			wantKind(t, try(), problem.Forbidden)
		}
		wait(t, try())
		h.Clock.Advance(25 * time.Hour)
		wantKind(t, try(), problem.Forbidden) // forgiven
	})
}

func second[T any](_ T, err error) error { return err }

func TestASourceWaitsWhoeverItGuessesAt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("seoyun", team.Agent)
		for i := range 40 {
			wantKind(t, second(h.door.SignIn(t.Context(), team.Attempt{Email: fmt.Sprintf("p%d@moonlight.example", i), From: fmt.Sprintf("[2001:db8::%x]:4711", i)})), problem.Forbidden)
		}
		wait(t, second(h.door.SignIn(t.Context(), team.Attempt{Email: "other@moonlight.example", From: "2001:db8::ffff"})))
		h.signIn("seoyun") // from elsewhere
	})
}

func TestManyGuessesAtOnceDoNotSlipThrough(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("seoyun", team.Agent)
		var mu sync.Mutex
		var wg sync.WaitGroup
		before, limited := h.door.Hashes(), 0
		for range 30 {
			wg.Go(func() {
				a := attempt("seoyun")
				a.Password = "a wrong guess"
				_, err := h.door.SignIn(t.Context(), a)
				mu.Lock()
				defer mu.Unlock()
				if problem.KindOf(err) == problem.Limited {
					limited++
				} else if problem.KindOf(err) != problem.Forbidden {
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		if n := h.door.Hashes() - before; n != 10 || limited != 20 {
			t.Errorf("%d guesses were looked at, %d limited", n, limited)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	for name, c := range map[string]struct {
		kept             bool
		idle, whole, day time.Duration
	}{
		"a browser":            {false, 12 * time.Hour, 7 * 24 * time.Hour, 11 * time.Hour},
		"one that is kept":     {true, 14 * 24 * time.Hour, 30 * 24 * time.Hour, 13 * 24 * time.Hour},
		"one that is kept on ": {true, 14 * 24 * time.Hour, 30 * 24 * time.Hour, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				h.person("seoyun", team.Agent)
				a := attempt("seoyun")
				a.Keep = c.kept
				in, err := h.door.SignIn(t.Context(), a)
				if err != nil {
					t.Fatal(err)
				}
				began := h.Now()
				for h.Now().Add(c.day).Sub(began) < c.whole { // used now and then
					h.Clock.Advance(c.day)
					if _, _, err := h.who(in.Token); err != nil {
						t.Fatalf("after %v: %v", h.Now().Sub(began), err)
					}
					if err := h.door.Flush(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				h.Clock.Advance(c.whole - h.Now().Sub(began))
				if _, _, err := h.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
					t.Errorf("lasts longer than %v: %v", c.whole, err)
				}
				in, _ = h.door.SignIn(t.Context(), a)
				h.Clock.Advance(c.idle - time.Second)
				if _, _, err := h.who(in.Token); err != nil {
					t.Errorf("shorter than %v: %v", c.idle, err)
				}
				h.Clock.Advance(c.idle) // after it was seen
				if _, _, err := h.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
					t.Errorf("lasts idle for %v: %v", c.idle, err)
				}
			})
		})
	}
}

func TestOneSeesAndEndsOnesSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		me, other := h.person("seoyun", team.Agent), h.person("jun", team.Agent)
		here, there, his := h.signIn("seoyun"), h.signIn("seoyun"), h.signIn("jun")
		mine, theirs := h.as(me), h.as(other)
		h.must(func(tx *db.Tx) error {
			all, err := team.Sessions(mine, tx)
			if len(all) != 2 {
				t.Errorf("%d sessions", len(all))
			}
			return err
		})
		wantKind(t, h.write(func(tx *db.Tx) error { return team.EndSession(theirs, tx, here.Session.ID) }), problem.NotFound)
		wantKind(t, h.write(func(tx *db.Tx) error { return team.EndSessionsOf(theirs, tx, me) }), problem.Forbidden)
		h.must(func(tx *db.Tx) error { return team.EndOtherSessions(mine, tx, here.Session.ID) })
		for token, in := range map[string]bool{here.Token: true, there.Token: false, his.Token: true} {
			if _, _, err := h.who(token); (err == nil) != in {
				t.Errorf("%v, want in: %v", err, in)
			}
		}
	})
}

func TestADisabledPersonIsOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		boss, id := h.person("owner", team.Owner), h.person("seoyun", team.Admin)
		in := h.signIn("seoyun")
		var key string
		h.must(func(tx *db.Tx) (err error) {
			key, _, err = team.NewToken(h.as2(tx, id), tx, team.Token{Name: "script", Person: id})
			return err
		})
		h.must(func(tx *db.Tx) error { return team.Disable(h.as2(tx, boss), tx, id) })
		if _, _, err := h.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
			t.Errorf("session: %v", err)
		}
		if _, err := h.token(key); !errors.Is(err, team.ErrSignedOut) {
			t.Errorf("token: %v", err)
		}
		wantKind(t, second(h.door.SignIn(t.Context(), attempt("seoyun"))), problem.Forbidden)
		h.must(func(tx *db.Tx) error { return team.Enable(h.as2(tx, boss), tx, id) })
		if _, _, err := h.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
			t.Error("the old session is back")
		}
		h.signIn("seoyun")
	})
}

func TestWhatIsOverIsSwept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("seoyun", team.Agent)
		h.signIn("seoyun")
		a := attempt("seoyun")
		a.Password = "a wrong guess"
		h.door.SignIn(t.Context(), a)
		h.Clock.Advance(40 * 24 * time.Hour)
		h.must(func(tx *db.Tx) error { return team.Sweep(t.Context(), tx) })
		h.must(func(tx *db.Tx) error {
			for _, table := range []string{"team_session", "team_try", "team_link"} {
				if n, err := db.Value[int](t.Context(), tx, `SELECT COUNT(*) FROM `+table); err != nil || n != 0 {
					t.Errorf("%s: %d left, %v", table, n, err)
				}
			}
			return nil
		})
	})
}
