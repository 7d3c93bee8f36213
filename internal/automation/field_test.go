package automation_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/promise"
	"baraji/internal/segment"
	"baraji/internal/sla"
)

// looked is what the test below looks at: a conversation of which everything is known, one of which next to nothing is, and what stands beside them.
type looked struct {
	rich, bare conversation.ID
	fact       map[string]any
	segment    segment.ID
}

// Whatever a condition can look at is looked at: it is so of a conversation of which it should be, and not of one of which it should not. So nothing
// is in the list without a test.
func TestEveryCondition(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		l := d.furnish(t)
		tests := map[string]automation.If{
			"fact.from":    is("fact.from", "is", "open"),
			"fact.to":      is("fact.to", "is", "pending", "solved"),
			"fact.tag":     is("fact.tag", "is", "vip"),
			"fact.clock":   is("fact.clock", "is", "first"),
			"fact.by_rule": is("fact.by_rule", "yes"),
			"fact.first":   is("fact.first", "yes"),
			"fact.auto":    is("fact.auto", "yes"),

			"hook.which":  is("hook.which", "is", "hkn_0000000000001"),
			"hook.value.": is("hook.value.total", "contains", "300"),

			"message.text":  is("message.text", "contains", "refund"),
			"message.from":  is("message.from", "is", "choi@hanok.example"),
			"message.files": is("message.files", "at_least", "1"),

			"conversation.subject":       is("conversation.subject", "begins", "Broken"),
			"conversation.status":        is("conversation.status", "is", "open"),
			"conversation.stage":         is("conversation.stage", "is", "post-sale"),
			"conversation.type":          is("conversation.type", "is", "refund"),
			"conversation.priority":      is("conversation.priority", "is", "high"),
			"conversation.severity":      is("conversation.severity", "is", "major"),
			"conversation.channel":       is("conversation.channel", "is", "email"),
			"conversation.inbox":         is("conversation.inbox", "is", d.in.ID.String()),
			"conversation.language":      is("conversation.language", "is", "ko"),
			"conversation.team":          is("conversation.team", "is", d.crew.String()),
			"conversation.assignee":      is("conversation.assignee", "is", d.kim.String()),
			"conversation.tags":          is("conversation.tags", "has", "lamp"),
			"conversation.messages":      is("conversation.messages", "at_least", "3"),
			"conversation.created_at":    is("conversation.created_at", "longer_ago", "120"),
			"conversation.last_at":       is("conversation.last_at", "within_last", "30"),
			"conversation.waiting_since": is("conversation.waiting_since", "within_last", "30"),
			"conversation.answered":      is("conversation.answered", "yes"),
			"conversation.field.":        is("conversation.field.order", "is", "A-1"),

			"sla.due":       is("sla.due", "within_next", "600"),
			"sla.broken":    is("sla.broken", "yes"),
			"sla.stands":    is("sla.stands", "no"),
			"incident.open": is("incident.open", "yes"),

			"customer.name":               is("customer.name", "is", "Choi"),
			"customer.email":              is("customer.email", "contains", "hanok.example"),
			"customer.stage":              is("customer.stage", "is", "post-sale"),
			"customer.language":           is("customer.language", "is", "ko"),
			"customer.tags":               is("customer.tags", "has", "loud"),
			"customer.owner":              is("customer.owner", "is", d.lee.String()),
			"customer.blocked":            is("customer.blocked", "no"),
			"customer.created_at":         is("customer.created_at", "longer_ago", "120"),
			"customer.seen_at":            is("customer.seen_at", "within_last", "30"),
			"customer.conversations":      is("customer.conversations", "at_least", "2"),
			"customer.open_conversations": is("customer.open_conversations", "at_least", "2"),
			"customer.field.":             is("customer.field.club", "is", "gold"),
			"customer.segment.":           is("customer.segment."+l.segment.String(), "yes"),

			"promise.open": is("promise.open", "at_least", "2"),
			"promise.due":  is("promise.due", "within_next", "1500"),

			"company.name":     is("company.name", "is", "Hanok"),
			"company.tier":     is("company.tier", "is", "Gold"),
			"company.industry": is("company.industry", "contains", "retail"),
			"company.value":    is("company.value", "at_least", "5000"),
			"company.field.":   is("company.field.plan", "is", "pro"),

			"time.working": is("time.working", "yes"),
			"time.weekday": is("time.weekday", "is", "wednesday"),
			"time.hour":    is("time.hour", "equals", "11"),
		}
		for _, f := range automation.Fields {
			test, ok := tests[f.Key]
			if !ok {
				t.Errorf("%s: nobody has looked at it", f.Key)
				continue
			}
			if so := d.so(l.rich, l.fact, test); !so {
				t.Errorf("%s: not so", f.Key)
			}
			if strings.HasPrefix(f.Key, "time.") {
				continue
			}
			if so := d.so(l.bare, nil, test); so {
				t.Errorf("%s: so of a conversation of which it is not", f.Key)
			}
		}
		d.Clock.Advance(36 * time.Hour) // another day, another hour, nobody there
		for key, test := range tests {
			if strings.HasPrefix(key, "time.") && d.so(l.rich, l.fact, test) {
				t.Errorf("%s: so at another time", key)
			}
		}
		if so := d.so(l.rich, nil, automation.If{Expr: `customer.segment.` + l.segment.String() + ` and not incident.open`}); so {
			t.Error("an expression reads the incident wrongly")
		}
		if so := d.so(l.rich, nil, automation.If{Expr: `customer.segment.` + l.segment.String() + ` and incident.open`}); !so {
			t.Error("an expression reads the segment wrongly")
		}
	})
}

// A segment that is gone is not taken for one that nobody is in: otherwise "not in it" were so of everybody.
func TestASegmentThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		l := d.furnish(t)
		id := d.rule(automation.Rule{When: "conversation.tagged", If: is("customer.segment."+l.segment.String(), "no"), Then: []automation.Act{act("set", "priority", "urgent")}})
		d.rule(automation.Rule{When: "conversation.tagged", Then: []automation.Act{act("set", "severity", "minor")}})
		d.do(func(tx *db.Tx) error { return segment.Delete(d.ctx, tx, l.segment) })
		d.do(func(tx *db.Tx) error { return conversation.Tag(d.ctx, tx, l.bare, "gift") })
		d.drain()
		if c := d.get(l.bare); c.Priority == "urgent" || c.Severity != "minor" {
			t.Errorf("it was done to everybody, or the rule behind it was forgotten: %q %q", c.Priority, c.Severity)
		}
		runs := d.runs(id)
		if len(runs) != 1 || runs[0].Outcome != automation.GivenUp || !strings.Contains(runs[0].Why.In(i18n.Korean), "세그먼트") {
			t.Errorf("%+v", runs)
		}
	})
}

func (d *desk) so(talk conversation.ID, fact map[string]any, i automation.If) (so bool) {
	d.t.Helper()
	body, err := json.Marshal(fact)
	if err != nil {
		d.t.Fatal(err)
	}
	e := event.Event{Kind: "conversation.received", Subject: talk.String(), Body: body}
	if fact != nil {
		e.Actor = "rule:rul_0000000000001"
	}
	d.do(func(tx *db.Tx) (err error) {
		so, err = automation.NewCase(d.ctx, tx, e, d.kim).Holds(i)
		return err
	})
	return so
}

// furnish makes both conversations, on a Wednesday between eight and eleven in the firm.
func (d *desk) furnish(t *testing.T) (l looked) {
	t.Helper()
	sla.Use(d.DB)
	handle(d, func(ctx context.Context, tx *db.Tx, r sla.Ring) error { return sla.Rung(ctx, tx, r.Conversation) })
	zone, _ := time.LoadLocation("Asia/Seoul")
	d.Clock.Advance(time.Date(2027, 3, 10, 8, 0, 0, 0, zone).Sub(d.Clock.Now()))
	from := func(name, address, language string) (c contact.Contact) {
		d.do(func(tx *db.Tx) (err error) {
			c, _, err = contact.Resolve(d.ctx, tx, contact.Sender{Name: name, Email: address, Language: language})
			return err
		})
		return c
	}
	writes := func(in inbox.Inbox, who contact.Contact, m conversation.Message, continues conversation.ID) (got conversation.ReceivedIn) {
		d.do(func(tx *db.Tx) (err error) {
			m.FromAddress = who.Email
			if got, err = conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: in, Contact: who, Message: m, Continues: continues}); err != nil {
				return err
			}
			return sla.OnReceived(d.ctx, tx, conversation.Received{ID: got.Conversation, Message: got.Message, First: got.New})
		})
		return got
	}
	d.define()
	var chat inbox.Inbox
	d.do(func(tx *db.Tx) (err error) {
		chat, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Chat", Channel: "chat"})
		return err
	})
	choi := from("Choi", "choi@hanok.example", "ko")
	l.rich = writes(d.in, choi, conversation.Message{Subject: "Broken lamp", Text: "It is broken."}, 0).Conversation
	writes(d.in, choi, conversation.Message{Subject: "Another", Text: "And another thing."}, 0)
	l.segment = d.known(l.rich, choi.ID)
	d.Clock.Advance(2 * time.Hour) // the first answer comes late
	d.do(func(tx *db.Tx) error {
		m, err := conversation.Reply(d.ctx, tx, l.rich, conversation.Answer{Text: "We are on it."})
		if err != nil {
			return err
		}
		return sla.OnReplied(d.ctx, tx, conversation.Replied{ID: l.rich, Message: m.ID})
	})
	park := from("Park", "park@elsewhere.example", "")
	l.bare = writes(chat, park, conversation.Message{Subject: "Hello", Text: "Hello"}, 0).Conversation
	d.do(func(tx *db.Tx) error {
		if err := conversation.SetStatus(d.ctx, tx, l.bare, conversation.Pending); err != nil {
			return err
		}
		if err := sla.OnStatusSet(d.ctx, tx, conversation.StatusSet{ID: l.bare, From: conversation.Open, To: conversation.Pending}); err != nil {
			return err
		}
		return contact.Block(d.ctx, tx, park.ID, "example")
	})
	d.Clock.Advance(40 * time.Minute)
	choi = from("Choi", "choi@hanok.example", "ko")
	last := writes(d.in, choi, conversation.Message{Subject: "Broken lamp", Text: "I want a refund.", Attachments: []conversation.Attachment{{Name: "lamp.png", Type: "image/png", Size: 9, Blob: strings.Repeat("ab", 32)}}}, l.rich)
	d.Clock.Advance(25 * time.Minute)
	l.fact = map[string]any{"from": "open", "to": "solved", "tag": "vip", "clock": "first", "first": true, "auto": true, "hook": "hkn_0000000000001",
		"item": "hki_0000000000001", "message": last.Message.String()}
	return l
}

// define sets up own fields, promised times, and something that came to an incoming webhook.
func (d *desk) define() {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		if _, err := conversation.DefineField(d.ctx, tx, conversation.Field{Key: "order", English: "Order", Korean: "주문", Type: "text"}); err != nil {
			return err
		}
		for _, f := range []contact.Field{{Holder: contact.OfContact, Key: "club", English: "Club", Korean: "클럽", Type: "text"}, {Holder: contact.OfCompany, Key: "plan", English: "Plan", Korean: "요금제", Type: "text"}} {
			if _, err := contact.DefineField(d.ctx, tx, f); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(d.ctx, `INSERT INTO hookin (id, name, address, scheme, sealed, enabled, mapping, created_by, created_at, updated_at) VALUES (1, 'Shop', 'x', 'standard', '', TRUE, '{}', 0, 0, 0)`); err != nil {
			return err
		}
		if _, err := tx.Exec(d.ctx, `INSERT INTO hookin_item (id, hookin_id, message, raw, state, found, at) VALUES (1, 1, 'm', '{}', 'done', '{"total": "300.00"}', $1)`, tx.Now()); err != nil {
			return err
		}
		return sla.SetTargets(d.ctx, tx, []sla.Target{{First: 10, Next: 540, Counts: sla.Wall, Pauses: []conversation.Status{conversation.Pending}}})
	})
}

// known writes down all that can be known of a conversation and its customer, and makes a segment that has the customer in it.
func (d *desk) known(talk conversation.ID, who contact.ID) (in segment.ID) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		for _, step := range []func() error{
			func() error {
				o, err := contact.CreateCompany(d.ctx, tx, contact.Company{Name: "Hanok", Tier: "Gold", Industry: "Book retail", Value: 5000, Currency: "KRW"})
				if err != nil {
					return err
				}
				if err := contact.SetCompanyValues(d.ctx, tx, o.ID, map[string]string{"plan": "pro"}); err != nil {
					return err
				}
				_, err = contact.Update(d.ctx, tx, who, func(c *contact.Contact) error {
					c.Company, c.Stage, c.Owner = o.ID, contact.PostSale, d.lee
					return nil
				})
				return err
			},
			func() error { return contact.SetValues(d.ctx, tx, who, map[string]string{"club": "gold"}) },
			func() error { return contact.Tag(d.ctx, tx, who, []string{"loud"}, nil) },
			func() error { return conversation.SetValues(d.ctx, tx, talk, map[string]string{"order": "A-1"}) },
			func() error { return conversation.SetTags(d.ctx, tx, talk, []string{"lamp"}) },
			func() error { return conversation.SetTeam(d.ctx, tx, talk, d.crew) },
			func() error { return conversation.Assign(d.ctx, tx, talk, d.kim) },
			func() error { return d.set(tx, talk) },
			func() error {
				i, err := incident.Open(d.ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "Lamps fail", i18n.Korean: "조명 고장"}, Severity: "major", Inbox: d.in.ID})
				if err != nil {
					return err
				}
				return incident.Link(d.ctx, tx, i.ID, talk)
			},
			func() error { return d.promises(tx, talk, 24*time.Hour) },
			func() error { return d.promises(tx, talk, 72*time.Hour) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		in, err = segment.Make(d.ctx, tx, segment.Segment{Name: "Gold", If: segment.If{Field: "company.tier", Op: "is", Values: []string{"Gold"}}})
		return err
	})
	return in
}

func (d *desk) set(tx *db.Tx, talk conversation.ID) error {
	stage, kind, priority, severity := conversation.PostSale, "refund", "high", "major"
	return conversation.Update(d.ctx, tx, talk, conversation.Change{Stage: &stage, Type: &kind, Priority: &priority, Severity: &severity})
}

func (d *desk) promises(tx *db.Tx, talk conversation.ID, in time.Duration) error {
	_, err := promise.Make(d.ctx, tx, promise.Given{Words: "A new lamp", Owner: d.kim, Conversation: talk, Due: tx.Now().Add(in)})
	return err
}
