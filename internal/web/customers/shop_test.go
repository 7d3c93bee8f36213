package customers_test

import (
	"context"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/house"
)

// shop is a house with a shop in it, whose customers write.
type shop struct {
	*house.House
	t testing.TB
}

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) { fn(t, newShop(t, d)) })
}

func newShop(t testing.TB, d *dbtest.Desk) *shop {
	t.Helper()
	return &shop{house.New(t, d).Furnish(), t}
}

// wrote is a customer who writes a mail, and the conversation that it opens.
func (s *shop) wrote(from contact.Sender, subject string) (contact.Contact, conversation.ID) {
	s.t.Helper()
	var c contact.Contact
	var got conversation.ReceivedIn
	s.Must(func(tx *db.Tx) (err error) {
		ctx := s.System()
		if c, _, err = contact.Resolve(ctx, tx, from); err != nil {
			return err
		}
		got, err = conversation.Receive(ctx, tx, conversation.Inbound{Inbox: s.Inbox, Contact: c, Message: conversation.Message{
			FromName: c.Name, FromAddress: c.Email, Subject: subject, Text: "“" + subject + "” 봐 주세요.", ReplyText: subject + " 봐 주세요."}})
		return err
	})
	return c, got.Conversation
}

// solved is an answer that ends a conversation.
func (s *shop) solved(id conversation.ID) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: "보냈어요.", Then: conversation.Solved})
		return err
	})
}
