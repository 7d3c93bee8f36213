package inbox_test

import (
	"context"
	"testing"

	"baraji/internal/assistant"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/test/rig/house"
)

// TestWhatMightBeAnsweredStandsBesideTheAnswer: what customers may read is suggested, what is for the team is not; what is inserted is
// noted, and becomes what is learned when the talk is solved.
func TestWhatMightBeAnsweredStandsBesideTheAnswer(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		var saved assistant.AnswerID
		var talk conversation.ID
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			secret := assistant.Answer{Locale: i18n.English, Title: "What does delivery cost us?", Body: "CANARY", Audience: knowledge.Internal, Phrasings: []string{"delivery time of my lamp"}}
			if _, err = assistant.Create(ctx, tx, secret); err != nil {
				return err
			}
			saved, err = assistant.Create(ctx, tx, assistant.Answer{Locale: i18n.English, Title: "When does it arrive?", Body: "Within two days.", Phrasings: []string{"how long does delivery take", "where is my parcel", "delivery time"}})
			return err
		})
		h.Must(func(tx *db.Tx) error {
			who, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: "Hana", Email: "hana@customer.example"})
			if err != nil {
				return err
			}
			got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: "What is the delivery time of my lamp?", ReplyText: "What is the delivery time of my lamp?"}})
			talk = got.Conversation
			return err
		})
		if _, err := h.Helper.Retrain(h.System()); err != nil {
			t.Fatal(err)
		}
		at := "/inbox/" + talk.String()
		h.Mina.Get(at+"/suggestions").Is(200).Says("When does it arrive?").Hides("CANARY", "cost us")
		h.Mina.Post(at+"/use", "target", saved.String()).Is(204)
		h.Mina.Post(at+"/use", "target", "ans_nonsense").Is(422)
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Reply(ctx, tx, talk, conversation.Answer{Text: "Within two days.", Then: conversation.Solved})
			return err
		})
		h.Run()
		h.Clock.Advance(10e9)
		h.Run()
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := assistant.Lessons(ctx, tx, assistant.Waiting, 0, 10)
			if len(list) != 1 || list[0].Answer != saved || list[0].Likely != 1 {
				t.Errorf("to be learned: %+v", list)
			}
			return err
		})
		h.Mina.Get("/assistant").Is(200).Says("What is the delivery time of my lamp?", "When does it arrive?")
	})
}
