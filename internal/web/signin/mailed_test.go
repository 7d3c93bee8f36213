package signin_test

import (
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/mail"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// to says whom a mail is for.
func to(m *mail.Message) string {
	if len(m.To) == 1 {
		return m.To[0].Addr
	}
	return ""
}

// A new password by a link that a real server took: it opens once, within an hour, and ends the other sessions.
func TestANewPasswordComesByMail(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		sink, noah, b := h.PostOffice(), h.As("noah", team.Owner), h.Stranger()
		b.Post("/forgot", "email", "nobody@shop.example").Leads("/forgot?sent")
		h.Run()
		if got := len(sink.Mails()); got != 0 {
			t.Fatalf("%d mails went to nobody", got)
		}
		b.Post("/forgot", "email", house.Address("noah")).Leads("/forgot?sent")
		letter := h.Letter(sink)
		if to(letter) != house.Address("noah") || letter.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("the mail is to %s, %q", to(letter), letter.Header.Get("Auto-Submitted"))
		}
		link := h.Link(letter)
		b.Get(link).Is(200).Says("noah@shop.example")
		b.Post(link, "password", "short").Is(422).Says("Use at least 8 characters.")
		b.Post(link, "password", "sunshine lamp").Is(303).Leads("/")
		b.Get("/settings").Is(200)
		h.Clock.Advance(time.Second)
		noah.Get("/settings").Is(303) // his old session, or a thief's
		b.Get(link).Is(404).Says("This link is no longer good")
		h.Stranger().Post(link, "password", "another lamp").Is(404)
		h.Stranger().Post("/sign-in", "email", house.Address("noah"), "password", house.Password).Is(403)
		h.Stranger().Post("/sign-in", "email", house.Address("noah"), "password", "sunshine lamp").Is(303)

		b.Post("/forgot", "email", house.Address("noah"))
		late := h.Link(h.Letter(sink))
		h.Clock.Advance(61 * time.Minute)
		b.Get(late).Is(404).Says("This link is no longer good")
	})
}

// A colleague comes in by a link in the firm's language, once.
func TestAColleagueJoinsByMail(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		sink := h.PostOffice()
		h.Mina.Post("/settings/people/invite", "name", "차이안", "email", "ian@shop.example", "role", "agent").Is(303)
		letter := h.Letter(sink)
		if to(letter) != "ian@shop.example" || !strings.Contains(letter.Text, "달빛상점") || !strings.Contains(letter.Text, "한서윤") {
			t.Errorf("the mail to %s says %s", to(letter), letter.Text)
		}
		link, b := h.Link(letter), h.Stranger()
		b.Get(link).Is(200).Says("ian@shop.example", "차이안", `lang="ko"`)
		b.Post(link, "name", "", "password", "short").Is(422).Says("f-name-error", "f-password-error")
		b.Post(link, "name", "차이안", "password", "sunshine lamp").Is(303).Leads("/")
		b.Get("/inbox").Is(200).Says("차이안")
		b.Get("/settings/people").Is(403)
		h.Stranger().Get(link).Is(404)
		h.Mina.Get("/settings/people").Is(200).Says("차이안")

		h.Mina.Post("/settings/people/invite", "name", "서이안", "email", "late@shop.example", "role", "agent")
		late := h.Link(h.Letter(sink))
		h.Clock.Advance(7*24*time.Hour + time.Minute)
		h.Stranger().Get(late).Is(404)
	})
}
