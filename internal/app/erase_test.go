package app_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/test/rig/house"
)

// Bora and Haram write in one conversation, which is Bora's. When Haram asks to be forgotten it stays, without his words,
// his name and his address; only the originals of Bora's own mails still say to whom they went.
func TestTheErasedLeavesTheConversationsOfOthers(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		sink := h.PostOffice()
		bring := func(name, header, body string) {
			t.Helper()
			raw := header + "To: help@moonlight.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nMessage-ID: <" + name + "@x.example>\r\n\r\n" + body + "\r\n"
			if err := h.Mail.Bring(h.System(), h.Inbox.ID, name, "envelope@x.example", []byte(raw)); err != nil {
				t.Fatal(err)
			}
			h.Run()
		}
		bring("one", "From: Bora <bora@firm.example>\r\nCc: Haram Yoon <haram@solip.example>\r\nSubject: Our lamp\r\n", "Haram Yoon knows all about it.")
		var talk conversation.Conversation
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 1})
			if err != nil || len(list) != 1 {
				return fmt.Errorf("%d conversations: %v", len(list), err)
			}
			talk = list[0]
			_, err = conversation.Reply(ctx, tx, talk.ID, conversation.Answer{Text: "Thank you both, also Haram Yoon <haram@solip.example>.",
				Cc: []conversation.Address{{Name: "Haram Yoon", Address: "haram@solip.example"}}})
			return err
		})
		left := h.Letter(sink)
		bring("two", "From: Haram Yoon <haram@solip.example>\r\nSubject: Re: Our lamp\r\nIn-Reply-To: <"+left.MessageID+">\r\n", "My secretword is here.")
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := conversation.Messages(ctx, tx, talk.ID, 0, 10)
			if len(list) != 3 {
				t.Errorf("%d messages, not 3: the guest's did not come here", len(list))
			}
			return err
		})
		h.Mina.Get("/inbox/"+talk.ID.String()).Is(200).Says("secretword", "Haram Yoon")

		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, _, err := contact.List(ctx, tx, contact.Filter{Query: "haram@solip.example"})
			if err != nil || len(list) != 1 {
				return fmt.Errorf("%d customers: %v", len(list), err)
			}
			return contact.Erase(ctx, tx, list[0].ID)
		})
		h.Clock.Advance(60e9)
		h.Run()
		h.Mina.SignIn()
		h.Mina.Get("/inbox/"+talk.ID.String()).Is(200).Says("Thank you both", "asked to be forgotten", conversation.Gone).Hides("secretword", "haram", "Haram")
		for _, word := range []string{"secretword", "haram", "solip"} {
			h.Mina.Get("/search?q=" + word).Is(200).Hides("Our lamp")
		}
		dump(t, h, func(table, row string) {
			low := strings.ToLower(row)
			if strings.Contains(low, "secretword") || strings.Contains(low, "haram") && table != "email_raw" {
				t.Errorf("%s: %.300s", table, row)
			}
		})
	})
}

// dump calls do with every row of every table, as text.
func dump(t *testing.T, h *house.House, do func(table, row string)) {
	t.Helper()
	driver := map[db.Engine]string{db.SQLite: "sqlite", db.Postgres: "pgx"}[h.DB.Engine()]
	raw, err := sql.Open(driver, h.Config.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, table := range tables(t) {
		rows, err := raw.QueryContext(t.Context(), `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			into := make([]any, len(columns))
			for i := range into {
				into[i] = new(any)
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			var row []string
			for i, v := range into {
				if b, ok := (*v.(*any)).([]byte); ok {
					row = append(row, columns[i]+"="+string(b))
					continue
				}
				row = append(row, columns[i]+"="+fmt.Sprint(*v.(*any)))
			}
			do(table, strings.Join(row, " "))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
