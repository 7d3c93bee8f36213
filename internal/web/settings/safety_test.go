package settings_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"baraji/internal/team"
	"baraji/test/rig/house"

	"github.com/pquerna/otp/totp"
)

// factorOf sets up a second factor as a person does, and returns what makes its codes, and the recovery codes.
func factorOf(t *testing.T, b *house.Visitor) (code func() string, recovery []string) {
	t.Helper()
	page := b.Post("/profile/factor/new", "password", house.Password).Is(200)
	secret := page.Find(`name="secret" value="([A-Z2-7]+)"`)
	code = func() string {
		c, err := totp.GenerateCode(secret, b.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	on := b.Post("/profile/factor/confirm", "code", code(), "secret", secret, "url", page.Find(`name="url" value="([^"]+)"`)).Is(200)
	return code, codes(on)
}

func codes(a house.Answer) (list []string) {
	for _, m := range regexp.MustCompile(`<code>([^<]+)</code>`).FindAllStringSubmatch(a.Body, -1) {
		list = append(list, m[1])
	}
	return list
}

func TestRecoveryCodesAreSavedCountedAndMadeAnew(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Agent)
		_, first := factorOf(t, b)
		if len(first) != 10 {
			t.Fatalf("%d recovery codes", len(first))
		}
		file := b.Post("/profile/factor/codes.txt", "code", first[0], "code", first[1]).Is(200)
		if file.Body != first[0]+"\r\n"+first[1]+"\r\n" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the file holds %q (%s)", file.Body, file.Header.Get("Content-Disposition"))
		}
		b.Post("/profile/factor/codes.txt", "code", "<script>alert(1)</script>").Is(422)
		b.Get("/profile/security").Is(200).Says("10 recovery codes left")

		enter := func(recovery string) house.Answer {
			again := h.Stranger()
			again.Post("/sign-in", "email", house.Address("noah"), "password", house.Password)
			return again.Post("/sign-in/code", "code", recovery)
		}
		enter(strings.ToUpper(first[0])).Is(303).Leads("/")
		enter(first[0]).Is(422)
		b.Get("/profile/security").Is(200).Says("9 recovery codes left")

		b.Post("/profile/factor/recovery", "password", "wrong one").Is(422)
		second := codes(b.Post("/profile/factor/recovery", "password", house.Password).Is(200))
		b.Get("/profile/security").Is(200).Says("10 recovery codes left")
		enter(first[1]).Is(422)
		enter(second[0]).Is(303).Leads("/")
	})
}

func TestASecondFactorIsDroppedWithACode(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b := h.As("noah", team.Agent)
		code, _ := factorOf(t, b)
		h.Clock.Advance(time.Minute)
		b.Post("/profile/factor/drop", "code", "000000").Is(422)
		b.Post("/profile/factor/drop", "code", code()).Is(303).Leads("/profile/security")
		b.Get("/profile/security").Is(200).Says("Turn on").Hides("recovery codes")
		h.Stranger().Post("/sign-in", "email", house.Address("noah"), "password", house.Password).Is(303).Leads("/")
	})
}

func TestARoleThatNeedsASecondFactorOpensNothingElse(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Post("/settings/roles/agent/factor", "required", "true").Is(303)
		b := h.As("noah", team.Agent)
		b.Get("/inbox").Is(303).Leads("/profile/factor")
		b.Get("/profile/factor").Is(200).Says("Your role needs a second factor.")
		factorOf(t, b)
		b.Get("/inbox").Is(200)
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		here, thief := h.As("noah", team.Agent), h.As("thief", team.Agent)
		enter := func(agent string) *house.Visitor {
			v := h.Stranger()
			form := "_csrf=" + v.Token() + "&email=" + house.Address("noah") + "&password=" + strings.ReplaceAll(house.Password, " ", "+")
			v.Send("POST", "/sign-in", strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded", "User-Agent", agent).Is(303)
			return v
		}
		phone := enter("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1")
		desk := enter("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36")
		page := here.Get("/profile/security").Is(200).Says("Safari", "iPhone", "Chrome", "Windows", "This device")
		ends := regexp.MustCompile(`action="(/profile/sessions/ses_[^"]+/end)"`).FindAllStringSubmatch(page.Body, -1)
		if len(ends) != 2 {
			t.Fatalf("%d sessions can be ended, want the two others", len(ends))
		}
		thief.Post(ends[0][1]).Is(404) // another's
		phone.Get("/profile").Is(200)
		for _, end := range ends[:1] {
			here.Post(end[1]).Is(303).Leads("/profile/security")
		}
		here.Post(ends[0][1]).Is(404)
		h.Clock.Advance(time.Second)
		if a, b := phone.Get("/profile").Status, desk.Get("/profile").Status; a+b != 200+303 {
			t.Errorf("after one was ended: phone %d, desk %d", a, b)
		}
		here.Post("/profile/sessions/others/end").Is(303)
		h.Clock.Advance(time.Second)
		phone.Get("/profile").Is(303)
		desk.Get("/profile").Is(303)
		here.Get("/profile/security").Is(200).Hides("/end\"")
	})
}
