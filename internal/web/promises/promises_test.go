package promises_test

import (
	"net/url"
	"strings"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// A promise from the sentence in which it was made to the day that was agreed on instead, by its pages.
func TestAPromiseFromASentenceToAnotherDay(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		noah := h.As("noah", team.Agent)
		var talk conversation.ID
		var message conversation.MessageID
		h.Must(func(tx *db.Tx) error {
			who, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: "Hana", Email: "hana@customer.example"})
			if err != nil {
				return err
			}
			got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: "When?", FromAddress: who.Email}})
			talk, message = got.Conversation, got.Message
			return err
		})
		at := "/inbox/" + talk.String() + "/promise"
		sentence := "You get the new lamp by Friday."
		noah.Get(at+"?message="+message.String()+"&words="+url.QueryEscape(sentence)).Is(200).Says(sentence, `value="2026-01-09"`, "Read from the sentence")
		noah.Post(at, "words", sentence, "sentence", sentence, "message", message.String(), "day", "", "owner", noah.ID.String()).Is(422).Says("Say until when.")
		noah.Post(at, "words", sentence, "sentence", sentence, "message", message.String(), "day", "2026-01-09", "kind", "delivery", "owner", noah.ID.String()).Leads("/inbox/" + talk.String())
		noah.Get("/inbox/"+talk.String()).Says("Promises", sentence)
		noah.Get("/promises").Is(200).Says(sentence, "Hana", "noah")
		one := path(t, noah.Get("/promises").Body)
		h.Clock.Advance(5 * 24 * 3600e9)
		h.Run()
		noah.SignIn()
		noah.Get("/promises?view=slipping").Says(sentence, "Overdue")

		noah.Get(one).Is(200).Says("Agree on another day", "We promised you: "+sentence)
		noah.Post(one+"/move", "day", "2026-01-01").Is(422).Says("Choose a time that is still to come.")
		noah.Post(one+"/move", "day", "2026-01-16", "why", "None left", "tell", "draft", "text", "The new day is {day}.").Leads("/inbox/" + talk.String() + "?view=all")
		noah.Get("/inbox/" + talk.String()).Says("The new day is Fri 16 Jan.")
		noah.Post(one+"/move", "day", "2026-01-19", "tell", "send", "text", "Even later: {day}.").Leads(one)
		noah.Get("/inbox/" + talk.String()).Says("Even later: Mon 19 Jan.")
		noah.Get(one).Says("None left", "Days agreed on before")
		noah.Post(one+"/close", "to", "kept").Leads(one)
		noah.Get("/promises?view=kept").Says(sentence, "moved 2 times")
		noah.Post(one + "/reopen").Leads(one)
		noah.Post(one+"/close", "to", "broken").Leads(one)
		noah.Get("/promises?view=broken").Says(sentence)
	})
}

func path(t *testing.T, body string) string {
	t.Helper()
	_, rest, ok := strings.Cut(body, `"/promises/prm_`)
	if !ok {
		t.Fatal("no promise is listed")
	}
	id, _, _ := strings.Cut(rest, `"`)
	return "/promises/prm_" + id
}
