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

func (h *house) invite(name, role string) (id team.ID) {
	h.t.Helper()
	h.must(func(tx *db.Tx) (err error) {
		id, err = team.Invite(h.system(), tx, team.Invitee{Email: name + "@moonlight.example", Name: name, Role: role, Language: "ko"})
		return err
	})
	return id
}

func TestAnInvitation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.invite("seoyun", team.Agent)
		m := h.lastMail()
		token, ok := strings.CutPrefix(m.Path, "/join/")
		want := team.Mail{To: "seoyun@moonlight.example", Name: "seoyun", Key: "team.mail_invite", Path: m.Path, Language: "ko", Firm: "Baraji", Expires: h.Now().Add(7 * 24 * time.Hour)}
		if !ok || m != want {
			t.Fatalf("mail %+v", m)
		}
		h.notInDatabase(t, token)
		h.must(func(tx *db.Tx) error {
			l, err := h.door.Invitation(t.Context(), tx, token)
			if l.Person != id || l.Name != "seoyun" {
				t.Errorf("%+v", l)
			}
			if _, err := h.door.Reset(t.Context(), tx, token); problem.KindOf(err) != problem.NotFound {
				t.Errorf("an invitation resets a password: %v", err)
			}
			return err
		})
		join := func() error {
			return h.write(func(tx *db.Tx) error {
				_, _, err := h.door.Join(t.Context(), tx, token, "서윤", hashed(), "203.0.113.7")
				return err
			})
		}
		if err := join(); err != nil {
			t.Fatal(err)
		}
		wantKind(t, join(), problem.NotFound)
		if p := h.get(id); p.State != team.Active || p.Name != "서윤" || !p.JoinedAt.Equal(h.Now()) {
			t.Errorf("%+v", p)
		}
		h.signIn("seoyun")
		if got, want := h.kinds(id.String()), []string{"invited", "joined", "signed_in"}; !slices.Equal(got, want) {
			t.Errorf("log %v", got)
		}
	})
}

// notInDatabase looks for a secret in the log and the queue.
func (h *house) notInDatabase(t *testing.T, secret string) {
	t.Helper()
	tag := secret[strings.Index(secret, ".")+1:]
	h.must(func(tx *db.Tx) error {
		for _, q := range []string{`SELECT COUNT(*) FROM event WHERE body LIKE $1`, `SELECT COUNT(*) FROM job WHERE args LIKE $1`} {
			if n, err := db.Value[int](t.Context(), tx, q, "%"+tag+"%"); err != nil || n > 0 {
				t.Errorf("%s: %d, %v", q, n, err)
			}
		}
		return nil
	})
}

func TestAnInvitationEnds(t *testing.T) {
	for name, end := range map[string]func(h *house, id team.ID){
		"when its time is over": func(h *house, id team.ID) { h.Clock.Advance(7 * 24 * time.Hour) },
		"when another one was sent": func(h *house, id team.ID) {
			h.must(func(tx *db.Tx) error { return team.InviteAgain(h.system(), tx, id) })
		},
		"when the person is disabled": func(h *house, id team.ID) { h.must(func(tx *db.Tx) error { return team.Disable(h.system(), tx, id) }) },
		"when the address changes": func(h *house, id team.ID) {
			h.must(func(tx *db.Tx) error { return team.ChangeEmail(h.system(), tx, id, "other@moonlight.example") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				id := h.invite("seoyun", team.Agent)
				token := strings.TrimPrefix(h.lastMail().Path, "/join/")
				end(h, id)
				wantKind(t, h.write(func(tx *db.Tx) error {
					_, _, err := h.door.Join(t.Context(), tx, token, "x", hashed(), "")
					return err
				}), problem.NotFound)
			})
		})
	}
}

func TestATokenThatWasTamperedWithOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.invite("jun", team.Admin)
		other := strings.TrimPrefix(h.lastMail().Path, "/join/")
		h.invite("seoyun", team.Agent)
		token := strings.TrimPrefix(h.lastMail().Path, "/join/")
		bad := []string{"", ".", "lnk_", token[:len(token)-1], token + "a", strings.Replace(token, ".", "..", 1), other[:18] + token[18:]}
		for i := range token {
			bad = append(bad, token[:i]+string(token[i]^1)+token[i+1:])
		}
		h.must(func(tx *db.Tx) error {
			for _, b := range bad {
				if l, err := h.door.Invitation(t.Context(), tx, b); err == nil {
					t.Errorf("%q opens %+v", b, l)
				}
			}
			return nil
		})
	})
}

func TestAPasswordIsReset(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		in := h.signIn("seoyun")
		ask := func(email, from string) error {
			return h.write(func(tx *db.Tx) error { return h.door.AskReset(t.Context(), tx, email, from) })
		}
		if err := ask("SeoYun@moonlight.example", "198.51.100.1"); err != nil {
			t.Fatal(err)
		}
		m := h.lastMail()
		token, ok := strings.CutPrefix(m.Path, "/reset/")
		if !ok || m.Key != "team.mail_reset" || !m.Expires.Equal(h.Now().Add(time.Hour)) {
			t.Fatalf("%+v", m)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		used, device := 0, ""
		for range 4 {
			wg.Go(func() {
				_, d, err := use(h, token)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					used, device = used+1, d
				} else if problem.KindOf(err) != problem.NotFound {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if used != 1 {
			t.Errorf("used %d times", used)
		}
		if _, _, err := h.who(in.Token); !errors.Is(err, team.ErrSignedOut) {
			t.Error("the old session goes on")
		}
		if m := h.lastMail(); m.Key != "team.mail_password_changed" {
			t.Errorf("mail %+v", m)
		}
		a := attempt("seoyun")
		a.Device = device
		if _, err := h.door.SignIn(t.Context(), a); err != nil {
			t.Error(err)
		}
		if log := h.kinds(id.String()); !slices.Contains(log, "reset_asked") || !slices.Contains(log, "password_changed") {
			t.Errorf("log %v", log)
		}
		// It ends after an hour.
		if err := ask("seoyun@moonlight.example", "198.51.100.1"); err != nil {
			t.Fatal(err)
		}
		token = strings.TrimPrefix(h.lastMail().Path, "/reset/")
		h.Clock.Advance(time.Hour)
		_, _, err := use(h, token)
		wantKind(t, err, problem.NotFound)
	})
}

func use(h *house, token string) (email, device string, err error) {
	err = h.Write(h.t.Context(), func(tx *db.Tx) error {
		email, device, err = h.door.UseReset(h.t.Context(), tx, token, hashed(), "203.0.113.7")
		return err
	})
	return email, device, err
}

// Asking costs the same whoever the address belongs to: one counter, one job.
// Who it is, is looked up later, and nobody is flooded.
func TestAskingTellsNothingAndFloodsNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("seoyun", team.Agent)
		n := 0
		ask := func(email string) error {
			n++
			return h.write(func(tx *db.Tx) error {
				return h.door.AskReset(t.Context(), tx, email, fmt.Sprintf("198.51.100.%d", n))
			})
		}
		for _, email := range []string{"seoyun@moonlight.example", "nobody@moonlight.example"} {
			if err := ask(email); err != nil {
				t.Fatal(err)
			}
		}
		h.must(func(tx *db.Tx) error {
			jobs, err := db.Value[int](t.Context(), tx, `SELECT COUNT(*) FROM job WHERE kind = 'team.reset'`)
			if jobs != 2 {
				t.Errorf("%d jobs", jobs)
			}
			return err
		})
		for range 20 {
			h.drain()
			if err := ask("seoyun@moonlight.example"); err != nil {
				t.Fatal(err)
			}
		}
		h.drain()
		if len(h.mails) != 5 {
			t.Errorf("%d mails", len(h.mails))
		}
		h.Clock.Advance(61 * time.Minute)
		ask("seoyun@moonlight.example")
		if h.drain(); len(h.mails) != 6 {
			t.Errorf("%d mails an hour later", len(h.mails))
		}
		from := func() error {
			return h.write(func(tx *db.Tx) error { return h.door.AskReset(t.Context(), tx, "x@moonlight.example", "192.0.2.1") })
		}
		for range 10 {
			if err := from(); err != nil {
				t.Fatal(err)
			}
		}
		wait(t, from())
	})
}

func TestOneChangesOnesPassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		here, there := h.signIn("seoyun"), h.signIn("seoyun")
		ctx := h.as(id)
		wantKind(t, second(h.door.ChangePassword(ctx, here.Session, "a wrong guess", "a better lamp")), problem.Invalid)
		wantKind(t, second(h.door.ChangePassword(ctx, here.Session, password, "short")), problem.Invalid)
		token, err := h.door.ChangePassword(ctx, here.Session, password, "a better lamp")
		if err != nil {
			t.Fatal(err)
		}
		for tok, in := range map[string]bool{token: true, here.Token: false, there.Token: false} {
			if _, _, err := h.who(tok); (err == nil) != in {
				t.Errorf("in %v: %v", in, err)
			}
		}
		wantKind(t, second(h.door.SignIn(t.Context(), attempt("seoyun"))), problem.Forbidden)
		a := attempt("seoyun")
		a.Password = "a better lamp"
		if _, err := h.door.SignIn(t.Context(), a); err != nil {
			t.Error(err)
		}
	})
}
