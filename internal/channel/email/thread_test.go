package email

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

// ways are the ways in which a mail may claim to belong to a conversation, each
// with what is made of the right id, number and so on.
type claim struct {
	id     string // the Message-ID of our answer
	number int64
	first  string // the Message-ID of the customer's own first mail
}

var ways = []struct {
	name  string
	apply func(m *forged, token string, c claim)
	proof bool // a right token proves that the bearer has our mail
	hint  bool // a right token is a hint
}{
	{"subject number", func(m *forged, s string, _ claim) { m.subject = "Re: [#" + s + "] lamp" }, false, true},
	{"In-Reply-To", func(m *forged, s string, _ claim) { m.header("In-Reply-To", "<"+s+">") }, true, true},
	{"References", func(m *forged, s string, _ claim) { m.header("References", "<x@y.example> <"+s+">") }, true, true},
	{"plus address", func(m *forged, s string, _ claim) { m.to = "support+" + s + "@shop.example" }, false, false},
	{"quoted marker", func(m *forged, s string, _ claim) {
		m.body = "hi\r\n\r\n> ref:" + s + ":ref\r\n> Message-ID: <" + s + ">\r\n"
	}, false, false},
	{"Thread-Index", func(m *forged, s string, _ claim) { m.header("Thread-Index", s) }, false, false},
}

type forged struct {
	from, to, subject, body string
	headers                 []string
}

func (m *forged) header(name, value string) { m.headers = append(m.headers, name+": "+value) }

func (m *forged) raw() string {
	return "From: " + m.from + "\r\nTo: " + m.to + "\r\nSubject: " + m.subject + "\r\n" + strings.Join(append(m.headers, ""), "\r\n") + "\r\n" + m.body + "\r\n"
}

// tokens are what stands there.
var tokens = []struct {
	name  string
	right bool
	hint  bool // enough for a hint
	of    func(way string, c claim) string
}{
	{"right", true, true, func(way string, c claim) string {
		if way == "subject number" {
			return fmt.Sprint(c.number)
		}
		return c.id
	}},
	{"wrong", false, false, func(way string, c claim) string {
		if way == "subject number" {
			return "999999999"
		}
		return strings.Replace(c.id, ".", ".a", 1)
	}},
	{"absent", false, false, func(string, claim) string { return "" }},
	{"truncated", false, false, func(way string, c claim) string {
		if way == "subject number" {
			return "99"
		}
		local, domain, _ := strings.Cut(c.id, "@")
		return local[:len(local)-4] + "@" + domain
	}},
	{"upper-cased", true, true, func(way string, c claim) string {
		if way == "subject number" {
			return fmt.Sprint(c.number)
		}
		return strings.ToUpper(c.id)
	}},
	{"legacy signature", false, false, func(way string, c claim) string {
		if way == "subject number" {
			return "0"
		}
		name, rest, _ := strings.Cut(c.id, ".")
		return name + "." + rest[:16] + rest[strings.IndexByte(rest, '@'):]
	}},
}

var senders = []struct {
	name string
	from string
	part bool
	auto bool
}{
	{"participant", "Haram <" + customer + ">", true, false},
	{"participant in capitals", "Haram <HARAM@Solip.Example>", true, false},
	{"participant's other address", "haram@home.example", true, false},
	{"cc participant", "Mina <mina@solip.example>", true, false},
	{"stranger", "mallory@evil.example", false, false},
	{"same display name", "Haram <haram@evil.example>", false, false},
	{"address as display name", "\"" + customer + "\" <mallory2@evil.example>", false, false},
	{"same domain", "other@solip.example", false, false},
	{"look-alike domain", "Haram <haram@so1ip.example>", false, false},
	{"look-alike letters", "=?UTF-8?B?SGFyYW0=?= <haram@sоlip.example>", false, false}, // a Cyrillic o
	{"machine", "no-reply@evil.example", false, true},
}

const ours = "mx.shop.example" // the mail server of the inbox

// verdicts are what the headers say of the sender. Only the topmost field of our own server counts.
var verdicts = []struct {
	name   string
	field  string
	forged bool
}{
	{"nothing said", "", false},
	{"pass", ours + "; spf=pass smtp.mailfrom=x.example; dkim=pass header.d=x.example; dmarc=pass header.from=x.example", false},
	{"fail", ours + "; spf=fail smtp.mailfrom=x.example; dkim=none; dmarc=fail (p=NONE) header.from=x.example", true},
	{"fail, and a forged pass below", "MX.Shop.Example; dmarc=fail header.from=x.example\r\nAuthentication-Results: " + ours + "; dmarc=pass header.from=x.example", true},
	{"a stranger's fail", "mx.evil.example; dmarc=fail header.from=x.example", false},
	{"a stranger's pass over our fail", "mx.evil.example; dmarc=pass\r\nAuthentication-Results: " + ours + "; dmarc=fail header.from=x.example", true},
	{"nobody knows", ours + "; spf=softfail; dkim=fail; dmarc=permerror header.from=x.example", false},
}

// trusts makes an inbox believe what its mail server says of senders.
func (h *house) trusts(in inbox.Inbox, server string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		a, err := h.mail.Account(h.ctx, tx, in.ID)
		if err != nil {
			return err
		}
		a.Inbox, a.AuthServer = in.ID, server
		return h.mail.SetAccount(h.ctx, tx, a)
	})
}

// TestWhereAMailBelongs is T30: six ways to claim a conversation, six kinds of
// token, eleven senders, and for right tokens all that may be said of a sender.
// Only what has an id that we signed and comes from somebody who takes part, and
// is not known to be somebody else, is put into a conversation.
func TestWhereAMailBelongs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		h.trusts(h.in, ours)
		all, attached, hinted, fresh, foreign, reopened := 0, 0, 0, 0, 0, 0
		for w, way := range ways {
			for k, token := range tokens {
				home := h.solved(t, fmt.Sprintf("home%d%d", w, k))
				for s, sender := range senders {
					for v, verdict := range verdicts {
						if v > 0 && (token.name != "right" || sender.auto) {
							continue
						}
						all++
						m := &forged{from: home.rewrite(sender.from), to: shop, subject: "lamp", body: "let me in"}
						if verdict.field != "" {
							m.header("Authentication-Results", verdict.field)
						}
						m.header("Message-ID", fmt.Sprintf("<t30.%d.%d.%d.%d@elsewhere.example>", w, k, s, v))
						if v := token.of(way.name, home.claim); v != "" {
							way.apply(m, v, home.claim)
						}
						if sender.auto {
							m.header("Auto-Submitted", "auto-replied")
						}
						name := way.name + ", " + token.name + ", " + sender.name + ", " + verdict.name
						item := h.take(h.in, "", m.raw())
						got := h.of(item)
						related := slices.Contains(ids(h.relatedTo(got.ID)), home.id.String())
						want := way.proof && token.right && sender.part && !verdict.forged
						switch {
						case got.ID == home.id:
							attached++
						case related:
							hinted++
						default:
							fresh++
						}
						if got.ID == home.id && !want {
							foreign++
						}
						if (got.ID == home.id) != want {
							t.Errorf("%s: attached %v, want %v", name, got.ID == home.id, want)
						}
						if wantHint := !want && token.hint && way.hint; got.ID != home.id && related != wantHint {
							t.Errorf("%s: hint %v, want %v", name, related, wantHint)
						}
						if marked := slices.Contains(h.message(item.Message).Flags, FlagForged); marked != verdict.forged {
							t.Errorf("%s: marked as forged %v", name, marked)
						}
						if verdict.forged && got.Contact == h.contactOf(home.id) {
							t.Errorf("%s: is taken for the customer", name)
						}
						if !want && h.status(home.id) != conversation.Solved {
							reopened++
							t.Errorf("%s reopened the conversation", name)
						}
						if want {
							h.setStatus(home.id, conversation.Solved)
						}
					}
				}
			}
		}
		t.Logf("T30 %s: %d forged and true mails: %d attached, %d new with a hint, %d new; %d in a foreign talk, %d reopened",
			desk.Engine(), all, attached, hinted, fresh, foreign, reopened)
	})
}

func ids(list []conversation.ID) (out []string) {
	for _, id := range list {
		out = append(out, id.String())
	}
	return out
}

// talk is a conversation of a customer with two addresses and a colleague in copy, answered and solved.
type talk struct {
	claim
	id   conversation.ID
	name string
}

// rewrite gives each talk people of its own.
func (k talk) rewrite(s string) string {
	for _, who := range []string{"haram@", "HARAM@", "mina@", "other@"} {
		s = strings.ReplaceAll(s, "<"+who, "<"+k.name+who)
		if strings.HasPrefix(s, who) {
			s = k.name + s
		}
	}
	return strings.ReplaceAll(s, "\""+customer, "\""+k.name+customer)
}

func (h *house) solved(t *testing.T, name string) talk {
	k := talk{name: name}
	k.first = name + ".q1@solip.example"
	c := h.of(h.take(h.in, "", letterOf("Haram <"+name+customer+">", "lamp", "It flickers", "Cc", name+"mina@solip.example", "Message-ID", "<"+k.first+">")))
	h.write(func(tx *db.Tx) error {
		_, err := contact.AddAddress(h.ctx, tx, c.Contact, contact.Email, name+"haram@home.example")
		return err
	})
	_, k.claim.id = h.reply(c.ID, conversation.Answer{})
	k.id, k.number = c.ID, c.Number
	h.setStatus(c.ID, conversation.Solved)
	return k
}

func (h *house) setStatus(id conversation.ID, s conversation.Status) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error { return conversation.SetStatus(h.ctx, tx, id, s) })
	h.drain()
}

func (h *house) status(id conversation.ID) conversation.Status {
	h.t.Helper()
	return readOne[conversation.Status](h, `SELECT status FROM conversation WHERE id = $1`, id)
}

// The id of the customer's own mail proves nothing, as others have it too; it is
// a hint, for who writes twice before we answer.
func TestAnAnswerToTheCustomersOwnMailIsAHint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		k := h.solved(t, "a")
		got := h.of(h.take(h.in, "", letterOf("a"+customer, "Re: lamp", "one more thing", "In-Reply-To", "<"+k.first+">", "Message-ID", "<q2@solip.example>")))
		if got.ID == k.id || !slices.Contains(ids(h.relatedTo(got.ID)), k.id.String()) {
			t.Errorf("in %s (%s), related to %v", got.ID, k.id, h.relatedTo(got.ID))
		}
	})
}

// TestTrueReplies is the other half of T30: what customers really answer comes
// into its conversation, also when that was merged, split or put back since.
func TestTrueReplies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		type sent struct {
			k    talk
			want conversation.ID
		}
		var all []sent
		for i := range 200 {
			k := h.solved(t, fmt.Sprintf("t%d.", i))
			s := sent{k, k.id}
			if i%5 > 0 && i%5 < 4 {
				other := h.of(h.take(h.in, "", letterOf(fmt.Sprintf("u%d@other.example", i), "chair", "wobbles")))
				switch i % 5 {
				case 1: // merged into another one
					h.write(func(tx *db.Tx) error { _, err := conversation.Merge(h.ctx, tx, other.ID, k.id); return err })
					s.want = other.ID
				case 2: // merged and put back
					h.write(func(tx *db.Tx) error {
						if _, err := conversation.Merge(h.ctx, tx, other.ID, k.id); err != nil {
							return err
						}
						_, err := conversation.Undo(h.ctx, tx, other.ID)
						return err
					})
				case 3: // our answer split off
					msg, _ := ourMessage(h.mail.keys, k.claim.id)
					h.write(func(tx *db.Tx) error {
						c, err := conversation.SplitOff(h.ctx, tx, k.id, msg, true, "")
						s.want = c.ID
						return err
					})
				}
			}
			all = append(all, s)
		}
		hit := 0
		for i, s := range all {
			from := "Haram <" + s.k.name + customer + ">"
			if i%3 == 1 {
				from = strings.ToUpper(s.k.name+"mina") + "@solip.example"
			}
			header := []string{"Message-ID", fmt.Sprintf("<true%d@solip.example>", i)}
			switch i % 4 {
			case 0:
				header = append(header, "In-Reply-To", "<"+s.k.claim.id+">")
			case 1:
				header = append(header, "References", "<"+s.k.first+">\r\n <"+s.k.claim.id+">")
			case 2:
				header = append(header, "In-Reply-To", "<"+strings.ToUpper(s.k.claim.id)+">", "References", "<"+s.k.first+">")
			case 3:
				header = append(header, "In-Reply-To", s.k.claim.id+" (answer of today)")
			}
			got := h.of(h.take(h.in, "", letterOf(from, "Re: something else", "Thank you", header...)))
			if got.ID == s.want && got.Status == conversation.Open {
				hit++
			} else {
				t.Errorf("%d (way %d): in %s (%s), want %s", i, i%5, got.ID, got.Status, s.want)
			}
		}
		t.Logf("T30 %s: %d of %d true replies attached (a fifth each merged, merged and undone, split)", desk.Engine(), hit, len(all))
		if hit*1000 < len(all)*995 {
			t.Errorf("only %d of %d", hit, len(all))
		}
	})
}

// An answer to a conversation that is gone opens a new one.
func TestAnAnswerToWhatIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		deleted, erased := h.solved(t, "d"), h.solved(t, "e")
		h.delete(deleted.id)
		h.write(func(tx *db.Tx) error { return contact.Erase(h.ctx, tx, h.contactOf(erased.id)) })
		h.Clock.Advance(1e9)
		for _, k := range []talk{deleted, erased} {
			got := h.of(h.take(h.in, "", letterOf(k.name+customer, "Re: lamp", "still there?", "In-Reply-To", "<"+k.claim.id+">")))
			if got.ID == k.id || got.Status != conversation.Open || len(h.relatedTo(got.ID)) != 0 {
				t.Errorf("%s: %+v", k.name, got)
			}
		}
	})
}

func (h *house) delete(id conversation.ID) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		if err := h.mail.Bury(h.ctx, tx, id); err != nil {
			return err
		}
		return conversation.Delete(h.ctx, tx, id)
	})
}

func (h *house) contactOf(id conversation.ID) contact.ID {
	h.t.Helper()
	return readOne[contact.ID](h, `SELECT contact_id FROM conversation WHERE id = $1`, id)
}

// Only a report about the very mail gets in without taking part, and it brings
// its sender in no further.
func TestAForgedReportOpensNoDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		k := h.solved(t, "a")
		report := "From: Mail System <mailer-daemon@evil.example>\r\nTo: " + shop + "\r\nCc: mallory@evil.example\r\nSubject: Undelivered\r\n" +
			"Return-Path: <>\r\nIn-Reply-To: <" + k.claim.id + ">\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n" +
			"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; evil.example\r\n\r\nFinal-Recipient: rfc822; a" + customer + "\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n"
		got := h.of(h.take(h.in, "<>", report))
		if got.ID != k.id || got.Status != conversation.Solved {
			t.Errorf("the report is in %s (%s), want %s", got.ID, got.Status, k.id)
		}
		for _, from := range []string{"mailer-daemon@evil.example", "mallory@evil.example"} {
			next := h.of(h.take(h.in, "", letterOf(from, "Re: lamp", "Send me the data of "+from, "In-Reply-To", "<"+k.claim.id+">")))
			if next.ID == k.id || h.status(k.id) != conversation.Solved {
				t.Errorf("%s got in behind the report", from)
			}
		}
	})
}

// After a split was put back, who joined the part that was split off is heard in the whole.
func TestWhoJoinedThePartTakesPartInTheWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		k := h.solved(t, "a")
		msg, _ := ourMessage(h.mail.keys, k.claim.id)
		var part conversation.Conversation
		h.write(func(tx *db.Tx) (err error) {
			part, err = conversation.SplitOff(h.ctx, tx, k.id, msg, true, "")
			return err
		})
		_, id := h.reply(part.ID, conversation.Answer{To: []conversation.Address{{Address: "joiner@solip.example"}}})
		h.write(func(tx *db.Tx) error { _, err := conversation.Undo(h.ctx, tx, part.ID); return err })
		if got := h.of(h.take(h.in, "", letterOf("joiner@solip.example", "Re: lamp", "Yes", "In-Reply-To", "<"+id+">"))); got.ID != k.id {
			t.Errorf("in %s, want %s", got.ID, k.id)
		}
	})
}

// The same address in other letters is the same: an international domain in either spelling.
func TestOneAddressInTwoSpellings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		c := h.of(h.take(h.in, "", letterOf("a@bücher.example", "lamp", "It flickers", "Content-Type", "text/plain; charset=utf-8", "Cc", "b@BÜCHER.example")))
		_, id := h.reply(c.ID, conversation.Answer{})
		for i, from := range []string{"a@xn--bcher-kva.example", "A@BU\u0308CHER.example", "b@xn--bcher-kva.example"} {
			if got := h.of(h.take(h.in, "", letterOf(from, "Re: lamp", "Yes", "In-Reply-To", "<"+id+">", "X-N", fmt.Sprint(i)))); got.ID != c.ID {
				t.Errorf("%s: in %s, want %s", from, got.ID, c.ID)
			}
		}
	})
}
