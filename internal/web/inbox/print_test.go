package inbox_test

import (
	"context"
	"fmt"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/test/rig/house"
)

// What is printed is the whole conversation, however long, and nothing that only we see unless that is asked for.
func TestAPrintIsWhole(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		var id conversation.ID
		h.Must(func(tx *db.Tx) error {
			ctx := h.System()
			c, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "윤하람", Email: "haram@solip.example"})
			if err != nil {
				return err
			}
			got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: h.Inbox, Contact: c,
				Message: conversation.Message{FromName: c.Name, FromAddress: c.Email, Subject: "램프가 깜빡여요", Text: "첫 번째 말이에요."}})
			id = got.Conversation
			return err
		})
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			if _, err := conversation.AddNote(ctx, tx, id, conversation.Remark{Text: "우리끼리만 하는 말"}); err != nil {
				return err
			}
			for i := range 120 {
				if _, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: fmt.Sprintf("답 %03d.", i)}); err != nil {
					return err
				}
			}
			return nil
		})
		h.Mina.Get("/inbox/" + id.String()).Is(200).Says("답 119.").Hides("첫 번째 말이에요.")
		h.Mina.Get("/inbox/"+id.String()+"/print").Is(200).Says("램프가 깜빡여요", "첫 번째 말이에요.", "답 000.", "답 060.", "답 119.").Hides("우리끼리만 하는 말")
		h.Mina.Get("/inbox/"+id.String()+"/print?notes=1").Is(200).Says("첫 번째 말이에요.", "우리끼리만 하는 말", "only we see it")
	})
}
