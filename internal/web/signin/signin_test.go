package signin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"baraji/internal/team"

	"github.com/pquerna/otp/totp"
)

func TestTheFirstRunIsThereOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser()
		if a := b.get("/"); a.to != "/set-up" {
			t.Errorf("/ leads to %q", a.to)
		}
		b.get("/set-up").has(t, 200, "Let us begin")
		b.post("/set-up", "firm", "", "zone", "", "name", "", "email", "", "password", "short").
			has(t, 422, "Enter the name of your firm.", "Choose a time zone.", "Enter a name.", "f-email-error", "Use at least 8 characters.")
		a := b.post("/set-up", "firm", "Moonlight", "language", "en", "zone", "Asia/Seoul", "name", "Noah", "email", "noah@shop.example", "password", password)
		if a.status != http.StatusSeeOther || a.to != "/settings/inboxes" {
			t.Fatalf("%d to %q\n%s", a.status, a.to, a.body)
		}
		b.get("/settings/inboxes").has(t, 200, "No inbox yet", "Noah")
		for _, a := range []answer{b.get("/set-up"), h.browser().get("/set-up"), h.browser().post("/set-up", "firm", "Thief", "language", "en", "zone", "UTC", "name", "T", "email", "t@shop.example", "password", password)} {
			a.has(t, 404)
		}
	})
}

func TestSigningInLeadsToWhereOneWanted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("noah", team.Owner)
		b := h.browser()
		if a := b.get("/settings/people?q=x"); a.to != "/sign-in?to=%2Fsettings%2Fpeople%3Fq%3Dx" {
			t.Errorf("to %q", a.to)
		}
		wrong := b.post("/sign-in", "email", "noah@shop.example", "password", "wrong one")
		unknown := b.post("/sign-in", "email", "nobody@shop.example", "password", "wrong one")
		wrong.has(t, 403, "The e-mail address or the password is wrong.")
		unhide := regexp.MustCompile(`(noah|nobody)@shop\.example|content="[^"]*"|name="_csrf" value="[^"]*"`)
		if unhide.ReplaceAllString(wrong.body, "") != unhide.ReplaceAllString(unknown.body, "") {
			t.Error("an unknown address is answered otherwise than a known one")
		}
		for to, want := range map[string]string{"/settings/people?q=x": "/settings/people?q=x", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/"} {
			b := h.browser()
			if a := b.post("/sign-in", "email", "noah@shop.example", "password", password, "to", to); a.to != want {
				t.Errorf("to %q leads to %q, want %q", to, a.to, want)
			}
		}
	})
}

func TestManyWrongPasswordsHaveToWait(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("noah", team.Owner)
		b := h.browser()
		var last answer
		for range 12 {
			last = b.post("/sign-in", "email", "noah@shop.example", "password", "wrong one")
		}
		last.has(t, 429, "You can try again in")
		if last.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	})
}

var secretField = regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`)
var urlField = regexp.MustCompile(`name="url" value="([^"]+)"`)

func TestASecondFactorIsAskedFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		b.post("/profile/factor/new", "password", "wrong one").has(t, 422, "Second factor")
		page := b.post("/profile/factor/new", "password", password)
		page.has(t, 200, "<svg class=\"qr\"", "Scan")
		found := secretField.FindStringSubmatch(page.body)
		if found == nil {
			t.Fatal("no secret")
		}
		code := func() string { c, _ := totp.GenerateCode(found[1], h.Clock.Now()); return c }
		address := strings.ReplaceAll(urlField.FindStringSubmatch(page.body)[1], "&amp;", "&")
		b.post("/profile/factor/confirm", "code", "000000", "secret", found[1], "url", address).has(t, 422, found[1])
		on := b.post("/profile/factor/confirm", "code", code(), "secret", found[1], "url", address)
		on.has(t, 200, "These codes are shown this once")
		recovery := regexp.MustCompile(`<code>([^<]+)</code>`).FindStringSubmatch(on.body)[1]

		h.Clock.Advance(time.Minute)
		again := h.browser()
		if a := again.post("/sign-in", "email", "noah@shop.example", "password", password, "to", "/settings"); a.to != "/sign-in/code?to=%2Fsettings" {
			t.Fatalf("to %q", a.to)
		}
		if a := again.get("/settings"); a.status == 200 {
			t.Fatal("half a session opens a page")
		}
		again.post("/sign-in/code", "code", "000000", "to", "/settings").has(t, 422, "One more step")
		if a := again.post("/sign-in/code", "code", code(), "to", "/settings"); a.to != "/settings" {
			t.Fatalf("%d to %q", a.status, a.to)
		}
		again.get("/settings").has(t, 200)

		other := h.browser()
		other.post("/sign-in", "email", "noah@shop.example", "password", password)
		if a := other.post("/sign-in/code", "code", recovery); a.to != "/" {
			t.Errorf("a recovery code leads to %q (%d)", a.to, a.status)
		}
	})
}

func TestAResetLinkOpensOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("noah", team.Owner)
		b := h.browser()
		known, unknown := b.post("/forgot", "email", "noah@shop.example"), b.post("/forgot", "email", "nobody@shop.example")
		if known.status != unknown.status || known.to != unknown.to || known.to != "/forgot?sent" {
			t.Errorf("known %d %q, unknown %d %q", known.status, known.to, unknown.status, unknown.to)
		}
		b.get("/forgot?sent").has(t, 200, "Look into your mail")
		b.get("/reset/lnk_1.nonsense").has(t, 404, "This link is no longer good")
		b.get("/join/lnk_1.nonsense").has(t, 404, "This link is no longer good")
	})
}

func TestEveryFormNeedsItsToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("noah", team.Owner)
		b := h.browser()
		b.get("/sign-in")
		for _, route := range h.routes {
			if route.Method != "POST" {
				continue
			}
			path := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(route.Path, "x")
			if a := b.do("POST", path, map[string][]string{"email": {"noah@shop.example"}, "password": {password}}); a.status != 403 {
				t.Errorf("POST %s without a token: %d", route.Path, a.status)
			}
		}
	})
}

func TestTheLanguageIsChosenBeforeSigningIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.person("noah", team.Owner)
		b := h.browser()
		b.get("/sign-in").has(t, 200, "Welcome back", `lang="en"`, "한국어")
		if a := b.get("/language/ko"); a.to != "/sign-in" {
			t.Errorf("to %q", a.to)
		}
		b.get("/sign-in").has(t, 200, "다시 오셨네요", `lang="ko"`)
		b.get("/language/xx").has(t, 404)
	})
}

func TestSigningOutEndsTheSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.as("noah", team.Owner)
		b.get("/settings").has(t, 200)
		h.Clock.Advance(time.Second)
		if a := b.post("/sign-out"); a.to != "/sign-in" {
			t.Errorf("to %q", a.to)
		}
		if a := b.get("/settings"); a.to != "/sign-in?to=%2Fsettings" {
			t.Errorf("still in: %d %q", a.status, a.to)
		}
	})
}
