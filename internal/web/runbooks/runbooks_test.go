package runbooks_test

import (
	"strings"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// A runbook from the form in which it is written to the step at which it stuck, by its pages.
func TestARunbookFromItsFormToItsFigures(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		noah := h.As("noah", team.Agent)
		var talk conversation.ID
		var run runbook.RunID
		h.Must(func(tx *db.Tx) error {
			who, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: "Hana", Email: "hana@customer.example"})
			if err != nil {
				return err
			}
			got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: "The lights flicker.", FromAddress: who.Email}})
			talk = got.Conversation
			return err
		})

		// Buttons of the form keep what was typed; what is missing is said at its step.
		form := []string{"kind", "guide", "n", "2", "title.en", "Lights flicker", "words", "flicker", "0.key", "1", "0.text.en", "Turn it **off** <script>x</script>", "1.key", "2", "1.else", "step 1"}
		noah.Post("/runbooks/new", append(form, "do", "up 1")...).Is(200).Says("Lights flicker", "Go to step 2")
		noah.Post("/runbooks/new", append(form, "do", "step")...).Is(200).Says(`name="2.text.en"`)
		noah.Post("/runbooks/new", form...).Is(422).Says("Say what to do.")
		noah.Post("/runbooks/new", append(form, "1.text.en", "Send a new one")...).Is(303)
		one := path(t, noah.Get("/runbooks").Is(200).Says("Lights flicker", "“flicker”").Body)
		shown := noah.Get(one).Is(200).Says("<strong>off</strong>", "If it did not help: Go to step 1").Body
		if strings.Contains(shown, "<script>x") {
			t.Error("what was written runs")
		}
		noah.Get("/search?q=flicker").Says("Lights flicker", "2 steps")

		// Followed beside the conversation.
		at := "/inbox/" + talk.String() + "/runbook"
		noah.Get("/inbox/"+talk.String()+"/suggestions").Says("Lights flicker", `data-key="b 1"`)
		noah.Get(at + "?q=nothing").Is(200).Says("Nothing has “nothing”")
		noah.Post(at, "runbook", strings.TrimPrefix(one, "/runbooks/")).Leads("/inbox/" + talk.String())
		h.Must(func(tx *db.Tx) error {
			list, err := runbook.Of(h.System(), tx, talk)
			run = list[0].ID
			return err
		})
		at += "/" + run.String()
		noah.Post(at, "do", "done", "step", "1", "note", "It is dark.").Leads("/inbox/" + talk.String())
		noah.Post(at, "do", "done", "step", "1").Leads("/inbox/" + talk.String())
		noah.Post(at, "do", "skipped", "step", "2").Is(422)
		noah.Get("/inbox/"+talk.String()).Says("step 2 of 2", "It is dark.", "follows the runbook", "step 1 of <b>Lights flicker</b> is done")
		noah.Get(at + "?to=given_up").Is(200).Says("What was missing")
		noah.Post(at, "do", "given_up").Is(422).Says("Say what is missing")
		noah.Post(at, "do", "given_up", "why", "No spare lamp").Leads("/inbox/" + talk.String())
		noah.Get("/inbox/"+talk.String()).Says("Given up · stuck at step 2", "No spare lamp")
		noah.Get(one).Says("step 2, once", "stuck here once", "No spare lamp")

		// Mended, brought back, put away.
		edit := append(form, "version", "1", "1.text.en", "Call the workshop")
		noah.Get(one + "/edit").Is(200).Says("Send a new one")
		noah.Post(one+"/edit", edit...).Leads(one)
		noah.Post(one+"/edit", append(edit, "title.en", "Other")...).Is(409).Says("Somebody else has saved this runbook meanwhile")
		noah.Get(one+"?version=1").Is(200).Says("This is version 1", "Send a new one")
		noah.Post(one+"/restore", "version", "1").Leads(one)
		noah.Get(one).Says("Version 3", "Send a new one")
		noah.Post(one + "/archive").Leads(one)
		noah.Get("/runbooks").Says("There are no runbooks yet")
		noah.Get("/runbooks?show=archived").Says("Lights flicker")

		// A known error.
		noah.Post("/runbooks/new", "kind", "known", "title.en", "App 3.2 dims", "about.en", "It trembles.", "workaround.en", "Use the switch.").Is(303)
		noah.Get("/runbooks?show=known").Says("App 3.2 dims", "It trembles.", "Open", "Use the switch.")
		noah.Get("/find?q=trembles").Says("App 3.2 dims", "Known error")
	})
}

func path(t *testing.T, body string) string {
	t.Helper()
	_, rest, ok := strings.Cut(body, `"/runbooks/rbk_`)
	if !ok {
		t.Fatal("no runbook is listed")
	}
	id, _, _ := strings.Cut(rest, `"`)
	return "/runbooks/rbk_" + id
}
