package team_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/team"
)

// benchHouse has 40 people in 8 teams, each signed in, and a token.
func benchHouse(b *testing.B, engine db.Engine) (h *house, cookie, key string) {
	h = newHouse(b, dbtest.New(b, engine))
	h.must(func(tx *db.Tx) (err error) {
		var teams []team.TeamID
		for _, n := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			t, err := team.MakeTeam(h.system(), tx, n, "")
			if err != nil {
				return err
			}
			teams = append(teams, t)
		}
		for i := range 40 {
			id, err := team.MakePerson(h.system(), tx, fmt.Sprintf("p%d@moonlight.example", i), "p", team.Agent, hashed())
			if err != nil {
				return err
			}
			if err := team.SetTeams(h.system(), tx, id, teams[:3]); err != nil {
				return err
			}
		}
		key, _, err = team.MakeToken(h.system(), tx, "bench", team.Admin, 0)
		return err
	})
	for range 5 {
		cookie = h.signIn("p0").Token
	}
	return h, cookie, key
}

func BenchmarkAuthenticate(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		h, cookie, key := benchHouse(b, engine)
		session := func(tx *db.Tx) error { _, _, err := h.door.Authenticate(b.Context(), tx, cookie); return err }
		token := func(tx *db.Tx) error {
			_, t, err := h.door.AuthenticateToken(b.Context(), tx, key, "203.0.113.7")
			if err != nil {
				return err
			}
			return h.door.Spend(t, tx.Now())
		}
		nothing := func(*db.Tx) error { return nil }
		for name, fn := range map[string]func(*db.Tx) error{"session": session, "token": token, "nothing": nothing} {
			b.Run(string(engine)+"/"+name+" and its transaction", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := h.Read(b.Context(), fn); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(string(engine)+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				h.Read(b.Context(), func(tx *db.Tx) error {
					for b.Loop() {
						if err := fn(tx); err != nil {
							b.Fatal(err)
						}
					}
					return nil
				})
			})
		}
	}
}

func BenchmarkHash(b *testing.B) {
	h := newHouse(b, dbtest.New(b, dbtest.Engines()[0]))
	for b.Loop() {
		if _, err := h.door.Hash(b.Context(), password); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefusal shows that a known and an unknown address take equally long:
// turn by turn, since the machine is not equally busy all the time.
func BenchmarkRefusal(b *testing.B) {
	h := newHouse(b, dbtest.New(b, dbtest.Engines()[0]))
	h.person("seoyun", team.Agent)
	took := map[string][]time.Duration{}
	for b.Loop() {
		for _, name := range []string{"seoyun", "nobody"} {
			h.Clock.Advance(time.Hour)
			began := time.Now()
			h.door.SignIn(b.Context(), team.Attempt{Email: name + "@moonlight.example", Password: "a wrong guess", From: "203.0.113.7"})
			took[name] = append(took[name], time.Since(began))
		}
	}
	for name, list := range took {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2].Microseconds())/1000, "ms-median-"+name)
	}
}
