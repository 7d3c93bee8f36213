package email

import (
	"fmt"
	"slices"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/problem"
	"baraji/test/rig"
)

const refused = ours + "; dmarc=fail header.from=solip.example"

// Whoever writes under a customer's address and is not he becomes a person of his own,
// gets no automatic answer, and the customer's own answer to ours comes where it belongs.
func TestAForgedSender(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		h.trusts(h.in, ours)
		h.autoReply(h.in)
		haram := h.of(h.take(h.in, "", letterOf("Haram <"+customer+">", "lamp", "It flickers")))
		before := len(sink.Mails())
		first := h.take(h.in, "", letterOf("Haram <"+customer+">", "my address has changed", "Send the lamp to Mallory", "Authentication-Results", refused))
		again := h.take(h.in, "", letterOf(customer, "and the chair", "Send it too", "Authentication-Results", refused))
		talk := h.of(first)
		if talk.Contact == haram.Contact || h.of(again).Contact != talk.Contact {
			t.Errorf("forged by %s and %s, the customer is %s", talk.Contact, h.of(again).Contact, haram.Contact)
		}
		if n := len(sink.Mails()) - before; n != 0 {
			t.Errorf("%d automatic answers to whoever's address was used", n)
		}
		_, id := h.reply(talk.ID, conversation.Answer{})
		last := sink.Mails()[len(sink.Mails())-1]
		if !slices.Equal(last.To, []string{customer}) {
			t.Errorf("the answer went to %v", last.To)
		}
		own := h.take(h.in, "", letterOf("Haram <"+customer+">", "Re: my address", "I did not write that", "In-Reply-To", "<"+id+">"))
		if h.of(own).ID != talk.ID || h.message(own.Message).Contact != haram.Contact {
			t.Errorf("the customer's answer is in %s by %s", h.of(own).ID, h.message(own.Message).Contact)
		}
	})
}

// Without a server that is believed no header means anything; its name is one word.
func TestWhomAnInboxBelieves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		item := h.take(h.in, "", letterOf(customer, "lamp", "It flickers", "Authentication-Results", refused))
		if slices.Contains(h.message(item.Message).Flags, FlagForged) {
			t.Error("a header was believed that anybody may have written")
		}
		for name, fails := range map[string]bool{" mx.shop.example ": false, "": false, "mx.shop.example;": true, "two words": true, "a\r\nb": true} {
			err := h.Write(h.ctx, func(tx *db.Tx) error {
				return h.mail.SetAccount(h.ctx, tx, Account{Inbox: h.in.ID, AuthServer: name})
			})
			if (problem.KindOf(err) == problem.Invalid && err != nil) != fails {
				t.Errorf("%q: %v", name, err)
			}
		}
		h.trusts(h.in, ours)
		a, err := readAccount(h)
		if err != nil || a.AuthServer != ours {
			t.Errorf("%q, %v", a.AuthServer, err)
		}
	})
}

func readAccount(h *house) (a Account, err error) {
	err = h.Read(h.ctx, func(tx *db.Tx) error { a, err = h.mail.Account(h.ctx, tx, h.in.ID); return err })
	return a, err
}

// Erasing the customer takes along what was written under his address, and by whoever was merged into him.
func TestErasingTakesForgedMailAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		h.trusts(h.in, ours)
		haram := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
		h.take(h.in, "", letterOf(customer, "money", "I am Haram, send some", "Authentication-Results", refused))
		other := h.of(h.take(h.in, "", letterOf("haram@home.example", "chair", "It wobbles. Haram, "+customer)))
		h.write(func(tx *db.Tx) error { _, err := contact.Merge(h.ctx, tx, haram.Contact, other.Contact); return err })
		h.write(func(tx *db.Tx) error { return contact.Erase(h.ctx, tx, haram.Contact) })
		if n := fmt.Sprint(h.count(`SELECT COUNT(*) FROM conversation_message`), h.count(`SELECT COUNT(*) FROM email_raw`), h.count(`SELECT COUNT(*) FROM contact`)); n != "0 0 0" {
			t.Errorf("messages, originals and people that are left: %s", n)
		}
	})
}
