package assistant_test

import (
	"context"
	"strings"
	"testing"

	"baraji/internal/assistant"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// talk is a visitor's in the chat.
type talk struct {
	*desk
	in  inbox.Inbox
	who contact.Contact
	id  conversation.ID
}

func (d *desk) chats() *talk {
	d.t.Helper()
	k := &talk{desk: d}
	d.do(func(ctx context.Context, tx *db.Tx) (err error) {
		if k.in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Chat", Channel: "chat", Address: "key" + d.Now().String()}); err != nil {
			return err
		}
		k.who, _, err = contact.Resolve(ctx, tx, contact.Sender{Name: "V", Email: "v@customer.example"})
		return err
	})
	return k
}

// says writes as the visitor and gives what the assistant said to it.
func (k *talk) says(text string) string {
	k.t.Helper()
	before := k.said()
	k.do(func(ctx context.Context, tx *db.Tx) error {
		got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: k.in, Contact: k.who, Continues: k.id, Message: conversation.Message{Subject: "Chat", Text: text, ReplyText: text}})
		k.id = got.Conversation
		return err
	})
	k.works()
	return strings.Join(k.said()[len(before):], "\n---\n")
}

// said is all that the assistant said.
func (k *talk) said() (list []string) {
	if k.id == 0 {
		return nil
	}
	k.do(func(ctx context.Context, tx *db.Tx) error {
		all, err := conversation.Messages(ctx, tx, k.id, 0, 100)
		for _, m := range all {
			if m.Kind == conversation.FromBot {
				list = append(list, m.Text)
			}
		}
		return err
	})
	return list
}

// mayPress is what stands on the buttons below the last thing that was said.
func (k *talk) mayPress() string {
	var list []string
	k.do(func(ctx context.Context, tx *db.Tx) error {
		all, err := conversation.Messages(ctx, tx, k.id, 0, 100)
		for _, b := range all[len(all)-1].Buttons {
			list = append(list, b.Label)
		}
		return err
	})
	return strings.Join(list, "\n")
}

func (k *talk) is() (c conversation.Conversation) {
	k.t.Helper()
	k.do(func(ctx context.Context, tx *db.Tx) (err error) { c, err = conversation.Get(ctx, tx, k.id); return err })
	return c
}

func (d *desk) inChat(on bool) {
	d.edits(func(ctx context.Context, tx *db.Tx) error { return assistant.SetInChat(ctx, tx, on) })
}

// TestItAnswersInTheChatAndGivesWayToPeople (S2-52).
func TestItAnswersInTheChatAndGivesWayToPeople(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.lamps()
		d.works()
		if k := d.chats(); k.says("how long does delivery take?") != "" {
			t.Error("it answers although nobody let it")
		}
		d.inChat(true)
		k := d.chats()
		if s := k.says("how do I send something back?"); !strings.Contains(s, "Within fourteen days.") || !strings.Contains(k.mayPress(), "Sending a lamp back") || !strings.Contains(k.mayPress(), "person") {
			t.Errorf("it says %q", s)
		}
		if c := k.is(); c.Status != conversation.Pending || c.Assignee != 0 || !c.FirstReplyAt.IsZero() {
			t.Errorf("after its answer: %+v", c)
		}
		if s := k.says("yes"); !strings.Contains(s, "Good to hear") {
			t.Errorf("to yes it says %q", s)
		}
		if s := k.says("I want to talk to a person"); !strings.Contains(s, "passing you on") {
			t.Errorf("who wants a person is told %q", s)
		}
		if c := k.is(); c.Status != conversation.Open {
			t.Errorf("handed over and %s", c.Status)
		}
		if s := k.says("how long does delivery take?"); s != "" {
			t.Errorf("handed over, it goes on: %q", s)
		}
		d.edits(func(ctx context.Context, tx *db.Tx) error {
			tried, err := assistant.TriedIn(ctx, tx, k.id)
			if len(tried) != 1 || tried[0].Outcome != assistant.Answered || tried[0].Useful != "yes" {
				t.Errorf("the agent is told %+v", tried)
			}
			return err
		})
	})
}

func TestItIsSilentWherePeopleAre(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.lamps()
		d.works()
		d.inChat(true)
		taken := d.chats()
		if s := taken.says("tell me about the weather on mars"); !strings.Contains(s, "passing it on to a person") {
			t.Errorf("what it does not know: %q", s)
		}
		answered := d.chats()
		answered.says("where is my parcel")
		d.edits(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Reply(ctx, tx, answered.id, conversation.Answer{Text: "I look."})
			return err
		})
		if s := answered.says("how long does delivery take?"); s != "" {
			t.Errorf("a person has answered, and it says %q", s)
		}
		assigned := d.chats()
		assigned.says("where is my parcel")
		d.edits(func(ctx context.Context, tx *db.Tx) error {
			return conversation.Assign(ctx, tx, assigned.id, team.From(ctx).Person)
		})
		if s := assigned.says("how long does delivery take?"); s != "" {
			t.Errorf("a person looks after it, and it says %q", s)
		}
		for _, text := range injections()[:20] {
			if s := d.chats().says(text); strings.Contains(s, "CANARY") || strings.Count(s, "---") > 0 {
				t.Errorf("%q: %q", text, s)
			}
		}
	})
}
