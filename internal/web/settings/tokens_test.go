package settings_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// Everybody makes tokens for himself, which do what he may do; nobody makes more of them than that.
func TestOnesOwnTokens(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		ida, other := h.As("ida", team.Agent), h.As("other", team.Agent)
		ida.Get("/profile/tokens").Is(200).Says("My tokens", "No token yet")
		ida.Get("/profile/tokens/new").Is(200).Says("Answer customers").Hides("manage.tokens", `name="role"`)
		ida.Post("/profile/tokens/new", "name", "Script", "rate", "0").Is(422).Says("1 to 600 requests a minute")
		ida.Post("/profile/tokens/new", "name", "Script", "rate", "60", "rights", "manage.people").Is(422)
		ida.Post("/profile/tokens/new", "name", "Script", "rate", "60", "as", "itself", "role", team.Admin).Is(200) // it is hers all the same
		made := ida.Post("/profile/tokens/new", "name", "Reader", "rate", "60", "rights", "conversation.read").Is(200)
		token := made.Find(`(brj_[A-Za-z0-9_-]+)`)
		rest := func(method, path, body string) int {
			t.Helper()
			return h.Stranger().Send(method, "/api/v1"+path, strings.NewReader(body), "Authorization", "Bearer "+token, "Content-Type", "application/json").Status
		}
		for _, c := range []struct {
			method, path, body string
			want               int
		}{
			{"GET", "/me", "", 200}, {"GET", "/conversations", "", 200}, {"GET", "/people", "", 200}, {"GET", "/contacts", "", 403}, {"GET", "/tokens", "", 403},
			{"POST", "/tokens", `{"name":"More","role":"light"}`, 403}, {"POST", "/tokens", `{"name":"More","person_id":"` + ida.ID.String() + `"}`, 403},
		} {
			if got := rest(c.method, c.path, c.body); got != c.want {
				t.Errorf("%s %s %s: %d, want %d", c.method, c.path, c.body, got, c.want)
			}
		}
		var all []team.Token
		ida.Do(func(ctx context.Context, tx *db.Tx) (err error) { all, err = team.OwnTokens(ctx, tx); return err })
		if len(all) != 2 || all[0].Name != "Reader" || all[1].Person != ida.ID {
			t.Fatalf("ida's are %+v", all)
		}
		other.Get("/profile/tokens").Is(200).Hides("Reader")
		revoke := "/profile/tokens/" + all[0].ID.String() + "/revoke"
		other.Post(revoke).Is(404)
		h.Mina.Post(revoke).Is(404) // hers are the firm's page
		h.Mina.Get("/settings/tokens").Is(200).Says("Reader", "ida")
		if got := rest("GET", "/me", ""); got != 200 {
			t.Errorf("it was revoked by somebody else: %d", got)
		}
		ida.Post(revoke).Leads("/profile/tokens")
		if got := rest("GET", "/me", ""); got != 401 {
			t.Errorf("revoked, it answers %d", got)
		}
	})
}

// How long people stay signed in is the firm's choice: shorter holds at once, longer from the next sign-in.
func TestHowLongOneStaysSignedIn(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		set := func(idle, days, keptIdle, keptDays string) house.Answer {
			t.Helper()
			h.Mina.SignIn()
			return h.Mina.Post("/settings/sessions", "idle_hours", idle, "days", days, "kept_idle", keptIdle, "kept_days", keptDays)
		}
		in := func(v *house.Visitor) bool { t.Helper(); return v.Get("/profile").Status == http.StatusOK }
		h.Mina.Get("/settings/sessions").Is(200).Says(`value="12"`, `value="7"`, `value="14"`, `value="30"`)
		for _, wrong := range [][4]string{{"0", "7", "14", "30"}, {"12", "31", "14", "30"}, {"12", "7", "x", "30"}, {"12", "7", "14", "91"}, {"-1", "7", "14", ""}} {
			set(wrong[0], wrong[1], wrong[2], wrong[3]).Is(422).Says("Enter 1 to")
		}
		ida := h.As("ida", team.Agent)
		h.Clock.Advance(2 * time.Hour)
		if !in(ida) {
			t.Fatal("signed out after two hours")
		}
		h.Clock.Advance(61 * time.Minute)
		set("1", "1", "14", "30").Leads("/settings/sessions")
		if in(ida) {
			t.Error("an hour is over, and ida is still in")
		}
		ida.SignIn()
		for range 24 {
			h.Clock.Advance(59 * time.Minute)
			if !in(ida) {
				t.Fatal("signed out although she was there")
			}
		}
		h.Clock.Advance(59 * time.Minute)
		if in(ida) {
			t.Error("a day is over, and ida is still in")
		}
		ida.SignIn()
		set("72", "30", "14", "30").Leads("/settings/sessions")
		h.Clock.Advance(25 * time.Hour)
		if in(ida) {
			t.Error("she was promised a day when she came")
		}
		ida.SignIn()
		h.Clock.Advance(71 * time.Hour)
		if !in(ida) {
			t.Error("signed out before three days")
		}
	})
}
