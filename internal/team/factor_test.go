package team_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"

	"github.com/pquerna/otp/totp"
)

func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enrolled gives a person a second factor.
func (h *house) enrolled(t *testing.T, id team.ID, in team.Entry) (secret string, codes []string, token string) {
	t.Helper()
	ctx := h.as(id)
	wantKind(t, second(h.door.Enrol(ctx, "a wrong guess")), problem.Invalid)
	e, err := h.door.Enrol(ctx, password)
	if err != nil {
		t.Fatal(err)
	}
	secret = e.Secret
	if !strings.HasPrefix(e.URL, "otpauth://totp/Baraji:") || !strings.Contains(e.URL, secret) {
		t.Errorf("url %s", e.URL)
	}
	if path, size, err := e.QR(); err != nil || size < 21 || !strings.HasPrefix(path, "M0 0h1v1h-1z") {
		t.Errorf("QR of %d: %.40s %v", size, path, err)
	}
	h.must(func(tx *db.Tx) (err error) {
		codes, token, err = h.door.ConfirmFactor(ctx, tx, in.Session, code(t, secret, h.Now()))
		return err
	})
	return secret, codes, token
}

func TestASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		here, there := h.signIn("seoyun"), h.signIn("seoyun")
		secret, codes, token := h.enrolled(t, id, here)
		if len(codes) != 10 || len(codes[0]) != 14 {
			t.Errorf("codes %v", codes)
		}
		for tok, in := range map[string]bool{token: true, here.Token: false, there.Token: false} {
			if _, _, err := h.who(tok); (err == nil) != in {
				t.Errorf("in %v: %v", in, err)
			}
		}
		if m := h.lastMail(); m.Key != "team.mail_factor_on" || m.To != "seoyun@moonlight.example" || m.Path != "" {
			t.Errorf("mail %+v", m)
		}

		half := h.signIn("seoyun")
		if !half.Half || half.Device != "" {
			t.Fatalf("%+v", half)
		}
		if _, _, err := h.who(half.Token); !errors.Is(err, team.ErrSignedOut) {
			t.Error("half a session opens something")
		}
		confirm := func(c string) (team.Entry, error) {
			return h.door.Confirm(t.Context(), half.Token, c, "", "203.0.113.7")
		}
		wantKind(t, second(confirm(code(t, secret, h.Now()))), problem.Invalid)                      // used to confirm
		wantKind(t, second(confirm(code(t, secret, h.Now().Add(-30*time.Second)))), problem.Invalid) // older than the last one used
		wantKind(t, second(confirm(code(t, secret, h.Now().Add(60*time.Second)))), problem.Invalid)  // too early
		in, err := confirm(code(t, secret, h.Now().Add(30*time.Second)))
		if err != nil || in.Half || in.Device == "" || in.Token == half.Token {
			t.Fatalf("%+v, %v", in, err)
		}
		if a, _, err := h.who(in.Token); err != nil || a.Person != id {
			t.Errorf("%+v, %v", a, err)
		}
		if _, err := confirm(code(t, secret, h.Now())); !errors.Is(err, team.ErrSignedOut) {
			t.Errorf("the half session is still there: %v", err)
		}

		half = h.signIn("seoyun")
		h.Clock.Advance(11 * time.Minute)
		if _, err := confirm(code(t, secret, h.Now())); !errors.Is(err, team.ErrSignedOut) {
			t.Errorf("half for ever: %v", err)
		}
	})
}

func TestARecoveryCodeOpensOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		_, codes, _ := h.enrolled(t, id, h.signIn("seoyun"))
		use := func(c string) error {
			return second(h.door.Confirm(t.Context(), h.signIn("seoyun").Token, c, "", "203.0.113.7"))
		}
		if err := use(" " + strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))); err != nil {
			t.Fatal(err)
		}
		wantKind(t, use(codes[3]), problem.Invalid)
		h.must(func(tx *db.Tx) error {
			left, err := team.RecoveryLeft(t.Context(), tx, id)
			if left != 9 {
				t.Errorf("%d left", left)
			}
			return err
		})
		ctx := h.as(id)
		byToken := team.From(ctx)
		byToken.Token = 1
		wantKind(t, second(h.door.MakeRecovery(team.With(ctx, byToken), password)), problem.Forbidden)
		wantKind(t, second(h.door.MakeRecovery(ctx, "a wrong guess")), problem.Invalid)
		fresh, err := h.door.MakeRecovery(ctx, password)
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, use(codes[4]), problem.Invalid)
		if err := use(fresh[4]); err != nil {
			t.Error(err)
		}
		if log := h.kinds(id.String()); !slices.Contains(log, "recovery_used") || !slices.Contains(log, "recovery_made") {
			t.Errorf("log %v", log)
		}
	})
}

func TestACodeOpensOnceHoweverOftenItComes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		secret, codes, _ := h.enrolled(t, id, h.signIn("seoyun"))
		h.Clock.Advance(time.Minute)
		for _, c := range []string{code(t, secret, h.Now()), codes[0]} {
			var halves []string
			for range 4 {
				halves = append(halves, h.signIn("seoyun").Token)
			}
			var mu sync.Mutex
			var wg sync.WaitGroup
			in := 0
			for _, half := range halves {
				wg.Go(func() {
					_, err := h.door.Confirm(t.Context(), half, c, "", "203.0.113.7")
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						in++
					} else if problem.KindOf(err) == problem.Internal {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if in != 1 {
				t.Errorf("one code opened %d times", in)
			}
		}
	})
}

func TestGuessesAtCodesWait(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.person("seoyun", team.Agent)
		device := h.signIn("seoyun").Device
		secret, _, _ := h.enrolled(t, id, h.signIn("seoyun"))
		h.Clock.Advance(time.Minute)
		guess := func(device string) error {
			return second(h.door.Confirm(t.Context(), h.signIn("seoyun").Token, "000000", device, "203.0.113.7"))
		}
		for range 5 {
			wantKind(t, guess(""), problem.Invalid)
		}
		if d := wait(t, guess("")); d != time.Second {
			t.Errorf("waits %v", d)
		}
		if _, err := h.door.Confirm(t.Context(), h.signIn("seoyun").Token, code(t, secret, h.Now()), device, "203.0.113.7"); err != nil {
			t.Errorf("the known browser is locked out: %v", err)
		}
	})
}

func TestARoleThatNeedsASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("owner", team.Owner)
		id := h.person("seoyun", team.Agent)
		in := h.signIn("seoyun")
		h.must(func(tx *db.Tx) error { return team.RequireFactor(h.system(), tx, team.Agent, true) })
		a, s, err := h.who(in.Token)
		if err != nil || !s.Must || len(a.Rights) != 0 || a.Person != id {
			t.Fatalf("%+v %+v %v", a, s, err)
		}
		secret, _, token := h.enrolled(t, id, in)
		if a, s, err := h.who(token); err != nil || s.Must || !a.Can(team.Reply) {
			t.Errorf("%+v %+v %v", a, s, err)
		}
		h.Clock.Advance(time.Minute)
		ctx := h.as(id)
		wantKind(t, h.door.DropFactor(ctx, code(t, secret, h.Now())), problem.Conflict)
		h.must(func(tx *db.Tx) error { return team.RequireFactor(h.system(), tx, team.Agent, false) })
		wantKind(t, h.door.DropFactor(ctx, "123"), problem.Invalid)
		if err := h.door.DropFactor(ctx, code(t, secret, h.Now())); err != nil {
			t.Error(err)
		}
		if h.signIn("seoyun").Half {
			t.Error("still asked for a code")
		}
	})
}

func TestAnAdministratorTakesAwayALostFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		owner, admin, id := h.person("owner", team.Owner), h.person("admin", team.Admin), h.person("seoyun", team.Agent)
		_, _, mine := h.enrolled(t, owner, h.signIn("owner"))
		_, _, token := h.enrolled(t, id, h.signIn("seoyun"))
		drop := func(ctx context.Context, of team.ID) error {
			return h.write(func(tx *db.Tx) error { return team.DropFactorOf(ctx, tx, of) })
		}
		wantKind(t, drop(h.as(id), id), problem.Forbidden)
		wantKind(t, drop(h.as(admin), owner), problem.Forbidden)
		if err := drop(h.as(admin), id); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.who(token); !errors.Is(err, team.ErrSignedOut) {
			t.Error("his sessions go on")
		}
		if _, _, err := h.who(mine); err != nil {
			t.Error("the owner is out")
		}
	})
}
