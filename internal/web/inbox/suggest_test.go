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

// TestAKnownProblemStandsBesideTheComplaint (S1-20): before an answer is typed, with what one can do until it is solved; what is written
// down for the team alone is shown and not inserted; another question does not bring it up.
func TestAKnownProblemStandsBesideTheComplaint(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			for _, w := range []struct {
				title, summary string
				who            knowledge.Audience
				issue          knowledge.Issue
			}{
				{"The dimmer flickers", "Turn it to the end once.", knowledge.Everybody, knowledge.Open},
				{"Dimmer flickers: batch 7", "CANARY", knowledge.Internal, knowledge.Open},
				{"The dimmer flickers no more", "Fixed.", knowledge.Everybody, knowledge.Fixed},
			} {
				a, err := knowledge.Create(ctx, tx, knowledge.Draft{})
				if err != nil {
					return err
				}
				if _, err := knowledge.Save(ctx, tx, a, knowledge.Edit{Audience: w.who, Issue: w.issue, Texts: map[i18n.Locale]knowledge.Words{i18n.English: {Title: w.title, Summary: w.summary, Body: "We look into it."}}}); err != nil {
					return err
				}
				if err := knowledge.Publish(ctx, tx, a, false, i18n.English); err != nil {
					return err
				}
			}
			return nil
		})
		says := func(subject, text string) string {
			var talk conversation.ID
			h.Must(func(tx *db.Tx) error {
				who, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: "Hana", Email: "hana@customer.example"})
				if err != nil {
					return err
				}
				got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: who, Message: conversation.Message{Subject: subject, Text: text, ReplyText: text}})
				talk = got.Conversation
				return err
			})
			return "/inbox/" + talk.String() + "/suggestions"
		}
		h.Mina.Get(says("My lamp", "The dimmer flickers since yesterday.")).Is(200).Says("Known problem", "The dimmer flickers", "Turn it to the end once.", "batch 7").Hides("CANARY", "no more")
		h.Mina.Get(says("Delivery", "When does my order arrive?")).Is(200).Hides("Known problem")
		h.Mina.Get("/inbox/new").Is(200).Says("2 known problems at the moment", "The dimmer flickers").Hides("no more")
	})
}
