package signin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"baraji/internal/team"
	"baraji/internal/web/ui"
	"baraji/test/rig/house"

	"github.com/pquerna/otp/totp"
)

func TestTheFirstRunIsThereOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.Stranger()
		if a := b.Get("/"); a.To != "/set-up" {
			t.Errorf("/ leads to %q", a.To)
		}
		b.Get("/set-up").Is(200).Says("Let us begin")
		b.Post("/set-up", "firm", "", "zone", "", "name", "", "email", "", "password", "short").
			Is(422).Says("Enter the name of your firm.", "Choose a time zone.", "Enter a name.", "f-email-error", "Use at least 8 characters.")
		a := b.Post("/set-up", "firm", "Moonlight", "language", "en", "zone", "Asia/Seoul", "name", "Noah", "email", "noah@shop.example", "password", house.Password)
		if a.Status != http.StatusSeeOther || a.To != "/settings/inboxes" {
			t.Fatalf("%d to %q\n%s", a.Status, a.To, a.Body)
		}
		b.Get("/settings/inboxes").Is(200).Says("No inbox yet", "Noah")
		for _, a := range []house.Answer{b.Get("/set-up"), h.Stranger().Get("/set-up"), h.Stranger().Post("/set-up", "firm", "Thief", "language", "en", "zone", "UTC", "name", "T", "email", "t@shop.example", "password", house.Password)} {
			a.Is(404)
		}
	})
}

func TestSigningInLeadsToWhereOneWanted(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Hire("noah", team.Owner)
		b := h.Stranger()
		if a := b.Get("/settings/people?q=x"); a.To != "/sign-in?to=%2Fsettings%2Fpeople%3Fq%3Dx" {
			t.Errorf("to %q", a.To)
		}
		wrong := b.Post("/sign-in", "email", "noah@shop.example", "password", "wrong one")
		unknown := b.Post("/sign-in", "email", "nobody@shop.example", "password", "wrong one")
		wrong.Is(403).Says("The e-mail address or the password is wrong.")
		unhide := regexp.MustCompile(`(noah|nobody)@shop\.example|content="[^"]*"|name="_csrf" value="[^"]*"`)
		if unhide.ReplaceAllString(wrong.Body, "") != unhide.ReplaceAllString(unknown.Body, "") {
			t.Error("an unknown address is answered otherwise than a known one")
		}
		for to, want := range map[string]string{"/settings/people?q=x": "/settings/people?q=x", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/"} {
			b := h.Stranger()
			if a := b.Post("/sign-in", "email", "noah@shop.example", "password", house.Password, "to", to); a.To != want {
				t.Errorf("to %q leads to %q, want %q", to, a.To, want)
			}
		}
	})
}

func TestManyWrongPasswordsHaveToWait(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Hire("noah", team.Owner)
		b := h.Stranger()
		var last house.Answer
		for range 12 {
			last = b.Post("/sign-in", "email", "noah@shop.example", "password", "wrong one")
		}
		last.Is(429).Says("You can try again in")
		if last.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	})
}

var secretField = regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`)
var urlField = regexp.MustCompile(`name="url" value="([^"]+)"`)

func TestASecondFactorIsAskedFor(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		b.Post("/profile/factor/new", "password", "wrong one").Is(422).Says("Second factor")
		page := b.Post("/profile/factor/new", "password", house.Password)
		page.Is(200).Says("<svg class=\"qr\"", "Scan")
		found := secretField.FindStringSubmatch(page.Body)
		if found == nil {
			t.Fatal("no secret")
		}
		code := func() string { c, _ := totp.GenerateCode(found[1], h.Clock.Now()); return c }
		address := strings.ReplaceAll(urlField.FindStringSubmatch(page.Body)[1], "&amp;", "&")
		b.Post("/profile/factor/confirm", "code", "000000", "secret", found[1], "url", address).Is(422).Says(found[1])
		on := b.Post("/profile/factor/confirm", "code", code(), "secret", found[1], "url", address)
		on.Is(200).Says("These codes are shown this once")
		recovery := regexp.MustCompile(`<code>([^<]+)</code>`).FindStringSubmatch(on.Body)[1]

		h.Clock.Advance(time.Minute)
		again := h.Stranger()
		if a := again.Post("/sign-in", "email", "noah@shop.example", "password", house.Password, "to", "/settings"); a.To != "/sign-in/code?to=%2Fsettings" {
			t.Fatalf("to %q", a.To)
		}
		if a := again.Get("/settings"); a.Status == 200 {
			t.Fatal("half a session opens a page")
		}
		again.Post("/sign-in/code", "code", "000000", "to", "/settings").Is(422).Says("One more step")
		if a := again.Post("/sign-in/code", "code", code(), "to", "/settings"); a.To != "/settings" {
			t.Fatalf("%d to %q", a.Status, a.To)
		}
		again.Get("/settings").Is(200)

		other := h.Stranger()
		other.Post("/sign-in", "email", "noah@shop.example", "password", house.Password)
		if a := other.Post("/sign-in/code", "code", recovery); a.To != "/" {
			t.Errorf("a recovery code leads to %q (%d)", a.To, a.Status)
		}
	})
}

func TestAResetLinkOpensOnce(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Hire("noah", team.Owner)
		b := h.Stranger()
		known, unknown := b.Post("/forgot", "email", "noah@shop.example"), b.Post("/forgot", "email", "nobody@shop.example")
		if known.Status != unknown.Status || known.To != unknown.To || known.To != "/forgot?sent" {
			t.Errorf("known %d %q, unknown %d %q", known.Status, known.To, unknown.Status, unknown.To)
		}
		b.Get("/forgot?sent").Is(200).Says("Look into your mail")
		b.Get("/reset/lnk_1.nonsense").Is(404).Says("This link is no longer good")
		b.Get("/join/lnk_1.nonsense").Is(404).Says("This link is no longer good")
	})
}

func TestEveryFormNeedsItsToken(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Hire("noah", team.Owner)
		b := h.Stranger()
		b.Get("/sign-in")
		for _, route := range h.Routes {
			if route.Method != "POST" {
				continue
			}
			path := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(route.Path, "x")
			headers := []string{"Content-Type", "application/x-www-form-urlencoded"}
			if ui.Sessionless(path) { // no session stands behind those: where it comes from is what counts (ui.CSRF)
				headers = append(headers, "Sec-Fetch-Site", "cross-site")
			}
			if a := b.Send("POST", path, strings.NewReader("email=noah@shop.example&password=x"), headers...); a.Status != 403 {
				t.Errorf("POST %s without a token: %d", route.Path, a.Status)
			}
		}
	})
}

func TestTheLanguageIsChosenBeforeSigningIn(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Hire("noah", team.Owner)
		b := h.Stranger()
		b.Get("/sign-in").Is(200).Says("Welcome back", `lang="en"`, "한국어")
		if a := b.Get("/language/ko"); a.To != "/sign-in" {
			t.Errorf("to %q", a.To)
		}
		b.Get("/sign-in").Is(200).Says("다시 오셨네요", `lang="ko"`)
		b.Get("/language/xx").Is(404)
	})
}

func TestSigningOutEndsTheSession(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Owner)
		b.Get("/settings").Is(200)
		h.Clock.Advance(time.Second)
		if a := b.Post("/sign-out"); a.To != "/sign-in" {
			t.Errorf("to %q", a.To)
		}
		if a := b.Get("/settings"); a.To != "/sign-in?to=%2Fsettings" {
			t.Errorf("still in: %d %q", a.Status, a.To)
		}
	})
}
