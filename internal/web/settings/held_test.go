package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"baraji/internal/team"
	"baraji/test/rig/house"
)

// nobodys is a mail without a sender: such mail is held.
const nobodys = "To: help@moonlight.example\r\nSubject: =?UTF-8?B?67CU64uk7JeQ7IScIOyYqCDtjrjsp4A=?=\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
	"<p>A letter in a <b>bottle</b>.</p><script>alert(1)</script><img src=\"https://evil.example/x.gif\">\r\n"

// held is a house in which n mails are held, and somebody who may look at them.
func held(t *testing.T, h *house.House, n int) (*house.Visitor, string) {
	t.Helper()
	h.Furnish()
	for i := range n {
		if err := h.Mail.Bring(h.System(), h.Inbox.ID, fmt.Sprintf("bottle %d", i), "", []byte(nobodys)); err != nil {
			t.Fatal(err)
		}
	}
	h.Run()
	b := h.As("noah", team.Admin)
	return b, b.Get("/settings/quarantine").Is(200).Find(`href="(/settings/quarantine/mai_[^"]+)"`)
}

func TestAHeldMailIsLookedAtAndSaved(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b, mail := held(t, h, 1)
		b.Get("/inbox").Is(200).Says("Held mail", "/settings/quarantine")
		b.Get(mail).Is(200).Says("No sender", "There is nobody to answer.", "바다에서 온 편지", "A letter in a bottle.", "help@moonlight.example", mail+"/html").Hides("<b>bottle</b>")
		frame := b.Get(mail+"/html").Is(200).Says("<b>bottle</b>").Hides("<script", `src="https://evil.example`)
		if policy := frame.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-scripts") || strings.Contains(policy, "allow-same-origin") {
			t.Errorf("the frame's policy is %q", policy)
		}
		file := b.Get(mail + "/original").Is(200)
		if file.Body != nobodys || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") || file.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("the original comes as %v: %q", file.Header, file.Body)
		}
		b.Lang = "ko"
		b.Get(mail).Is(200).Says("바다에서 온 편지", `lang="ko"`).Hides("There is nobody")
		for _, path := range []string{mail, mail + "/html", mail + "/original"} {
			h.As("agent"+path[len(path)-3:], team.Agent).Get(path).Is(403)
			b.Get(strings.Replace(path, "mai_", "mai_0", 1)).Is(404)
		}
	})
}

func TestAHeldMailIsTriedAgainDiscardedAndBroughtBack(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b, mail := held(t, h, 1)
		b.Post(mail + "/retry").Is(303).Leads("/settings/quarantine")
		b.Get("/settings/quarantine").Is(200).Says("Nothing is held")
		h.Run() // it has no sender this time either
		b.Get(mail).Is(200).Says("No sender")

		gone := b.Swap(mail + "/discard").Leads("/settings/quarantine").Toast()
		b.Get("/settings/quarantine").Is(200).Says("Nothing is held")
		b.Get(mail).Is(404)
		b.Post(mail + "/discard").Is(404)
		b.Post(gone.Undo).Is(303).Leads(mail)
		b.Get(mail).Is(200).Says("바다에서 온 편지")
	})
}

func TestManyHeldMailsComeInPages(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		b, _ := held(t, h, 30)
		page := b.Get("/settings/quarantine").Is(200).Says("30 mails")
		if n := strings.Count(page.Body, `class="thing__main"`); n != 25 {
			t.Errorf("%d are on the first page", n)
		}
		rest := b.Get(page.Find(`href="([^"]*before=[^"]*)"`)).Is(200)
		if n := strings.Count(rest.Body, `class="thing__main"`); n != 5 {
			t.Errorf("%d are on the second page", n)
		}
	})
}
