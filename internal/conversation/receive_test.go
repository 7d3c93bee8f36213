package conversation_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Numbers begin at 1001 and go up; no two are the same, also when many come at once. A beginning that came to
// nothing may leave a gap (db.Next).
func TestNumbers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		is(t, "the first", h.get(h.question("Where is my lamp?")).Number, 1001)
		var many sync.WaitGroup
		for i := range 8 {
			many.Go(func() {
				system := team.AsSystem(t.Context())
				err := h.Write(system, func(tx *db.Tx) error {
					who, _, err := contact.Resolve(system, tx, contact.Sender{Email: fmt.Sprintf("c%d@solip.example", i)})
					if err != nil {
						return err
					}
					_, err = conversation.Receive(system, tx, conversation.Inbound{Inbox: h.in, Contact: who, Message: conversation.Message{Text: "lamp"}})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		many.Wait()
		is(t, "a beginning that is refused", h.fails(h.minji, func(ctx context.Context, tx *db.Tx) error {
			who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: "haram@solip.example"})
			if err == nil {
				_, err = conversation.Receive(ctx, tx, conversation.Inbound{Inbox: h.in, Contact: who, Priority: "now", Message: conversation.Message{Text: "lamp"}})
			}
			return err
		}), "invalid priority")
		before := h.count(`SELECT MAX(number) FROM conversation`)
		after := h.get(h.question("One more")).Number
		is(t, "the last is the highest", after > int64(before), true)
		is(t, "numbers", h.count(`SELECT COUNT(DISTINCT number) FROM conversation WHERE number >= 1001`), 10)
		for _, words := range []string{"#1001", "1001"} {
			is(t, "found by "+words, h.hits(words) > 0, true)
		}
	})
}

// What a first message makes of a conversation.
func TestHowItBegins(t *testing.T) {
	type in = conversation.Inbound
	each(t, func(t *testing.T, h *house) {
		hour := h.Now().Add(-time.Hour)
		for _, c := range []struct {
			name   string
			how    func(*in)
			status conversation.Status
			stage  conversation.Stage
			waits  bool
			quiet  bool // nobody reacts
		}{
			{"a question", func(*in) {}, conversation.Open, conversation.PreSale, true, false},
			{"of somebody who has bought", func(i *in) { i.Contact.Stage = "customer" }, conversation.Open, conversation.PostSale, true, false},
			{"of somebody at renewal", func(i *in) { i.Contact.Stage = contact.Stage(conversation.Renewal) }, conversation.Open, conversation.Renewal, true, false},
			{"with a stage", func(i *in) { i.Stage = conversation.Onboarding }, conversation.Open, conversation.Onboarding, true, false},
			{"a machine's notice", func(i *in) { i.Auto = true }, conversation.Open, conversation.PreSale, false, false},
			{"a bounce", func(i *in) { i.Auto, i.Message.Bounce = true, &conversation.Bounce{Recipient: "a@b.example"} }, conversation.Solved, conversation.PreSale, false, false},
			{"a receipt", func(i *in) { i.Auto, i.Flags = true, []string{"auto_receipt"} }, conversation.Solved, conversation.PreSale, false, false},
			{"a newsletter", func(i *in) { i.Auto, i.Flags = true, []string{"auto_list"} }, conversation.Solved, conversation.PreSale, false, false},
			{"history", func(i *in) { i.History, i.At = true, hour }, conversation.Solved, conversation.PreSale, false, true},
			{"a recent one of the backlog", func(i *in) { i.Quiet, i.At = true, hour }, conversation.Open, conversation.PreSale, true, true},
			{"from the future", func(i *in) { i.At = h.Now().Add(time.Hour) }, conversation.Open, conversation.PreSale, true, false},
		} {
			h.drain()
			id := h.writes("haram@solip.example", "Where is my lamp?", 0, c.how).Conversation
			got := h.get(id)
			is(t, c.name+": nobody reacts", h.count(`SELECT COUNT(*) FROM job WHERE kind = 'event.react'`) == 0, c.quiet)
			is(t, c.name, got.Status, c.status)
			is(t, c.name+": stage", got.Stage, c.stage)
			is(t, c.name+": waits", !got.WaitingSince.IsZero(), c.waits)
			is(t, c.name+": not later than now", got.LastAt.After(h.Now()), false)
			is(t, c.name+": the log", h.facts(id), "opened received")
		}
	})
}

// Who takes part: who writes, who is in copy, the customer's other addresses; never who only sent a machine's report.
func TestWhoTakesPart(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.writes("haram@solip.example", "Where is my lamp?", 0, func(in *conversation.Inbound) {
			in.Recipients.To = []conversation.Address{{Address: "help@moonlight.example"}}
			in.Recipients.Cc = []conversation.Address{{Address: "Mina@Solip.example"}}
		}).Conversation
		h.writes("mailer-daemon@solip.example", "failed", id, func(in *conversation.Inbound) {
			in.Auto, in.Recipients.Cc = true, []conversation.Address{{Address: "mallory@evil.example"}}
		})
		h.replies(h.minji, id, conversation.Answer{Cc: []conversation.Address{{Address: "lawyer@solip.example"}}})
		h.does(h.minji, func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.AddAddress(ctx, tx, h.get(id).Contact, contact.Email, "haram@home.example")
			return err
		})
		for address, want := range map[string]bool{
			"haram@solip.example": true, " HARAM@Solip.Example ": true, "mina@solip.example": true, "lawyer@solip.example": true, "haram@home.example": true,
			"help@moonlight.example": false, "mailer-daemon@solip.example": false, "mallory@evil.example": false, "other@solip.example": false, "haram@so1ip.example": false, "": false,
		} {
			got := ask(h, h.minji, func(ctx context.Context, tx *db.Tx) (bool, error) {
				return conversation.TakesPart(ctx, tx, id, address)
			})
			is(t, fmt.Sprintf("%q takes part", address), got, want)
		}
	})
}

// What continues a talk that was merged goes where that one went; an older mail that comes later does not hide what was said last.
func TestWhereMoreIsSaid(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lamp, chair := h.question("Where is my lamp?"), h.question("And my chair?")
		h.merges(chair, lamp)
		is(t, "goes on in", h.writes("haram@solip.example", "Hello?", lamp).Conversation, chair)
		h.Clock.Advance(time.Hour)
		h.replies(h.minji, chair, conversation.Answer{Text: "Both are on their way."})
		h.writes("haram@solip.example", "Some days ago", chair, func(in *conversation.Inbound) { in.History, in.At = true, h.Now().Add(-48*time.Hour) })
		got := h.get(chair)
		is(t, "what the list shows", got.Snippet, "Both are on their way.")
		is(t, "who spoke last", got.LastKind, conversation.FromAgent)
		is(t, "nobody waits", got.WaitingSince.IsZero(), true)
		long := h.writes("haram@solip.example", strings.Repeat("안녕하세요 ", 1000), 0, func(in *conversation.Inbound) { in.Subject = strings.Repeat("긴 제목", 400) })
		c := h.get(long.Conversation)
		is(t, "a long subject", len(c.Subject) <= 1000 && strings.HasPrefix(c.Subject, "긴 제목"), true)
	})
}
