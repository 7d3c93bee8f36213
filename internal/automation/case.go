package automation

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/promise"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// Case is a fact and what it is about, read when it is asked for, once.
type Case struct {
	ctx   context.Context
	tx    *db.Tx
	at    time.Time
	event event.Event
	owner team.ID // of the rule that looks at it
	fact  map[string]json.RawMessage

	of          refs
	talk        lazy[conversation.Conversation]
	talkFields  lazy[map[string]string]
	message     lazy[conversation.Message]
	customer    lazy[contact.Profile]
	company     lazy[contact.Company]
	companyMore lazy[map[string]string]
	sum         lazy[conversation.Sum]
	open        lazy[bool]
	hook        lazy[map[string]string]
	clocks      lazy[sla.Clocks]
	incidents   lazy[[]incident.Incident]
	promises    lazy[[]promise.Promise]
}

// refs are what a fact names.
type refs struct {
	conversation conversation.ID
	message      conversation.MessageID
	contact      contact.ID
	company      contact.CompanyID
}

// lazy is read once. What is gone is its zero value.
type lazy[T any] struct {
	done  bool
	value T
}

func (l *lazy[T]) get(read func() (T, error)) (T, error) {
	if l.done {
		return l.value, nil
	}
	v, err := read()
	if err != nil && problem.KindOf(err) != problem.NotFound && !errors.Is(err, db.ErrNoRow) {
		return v, err
	}
	if err != nil {
		var zero T
		v = zero
	}
	l.done, l.value = true, v
	return v, nil
}

// NewCase is the case of a fact, for what acts on it in its own name; owner answers for that.
func NewCase(ctx context.Context, tx *db.Tx, e event.Event, owner team.ID) *Case {
	c := newCase(ctx, tx, e)
	c.owner = owner
	return c
}

// About is the case of what no fact tells of: somebody wants something done about a conversation or a customer, given by its id.
func About(ctx context.Context, tx *db.Tx, subject string) *Case {
	return newCase(ctx, tx, event.Event{Subject: subject})
}

// On says what it is about where the fact does not: what was begun since, or whom a customer was merged into. 0 leaves it as it is.
func (c *Case) On(who contact.ID, talk conversation.ID) {
	if who != 0 {
		c.of.contact = who
	}
	if talk != 0 {
		c.of.conversation = talk
	}
	c.again()
}

// Conversation is the id of the one that it is about; 0 is none.
func (c *Case) Conversation() conversation.ID { return c.of.conversation }

func newCase(ctx context.Context, tx *db.Tx, e event.Event) *Case {
	c := &Case{ctx: ctx, tx: tx, at: tx.Now(), event: e}
	if json.Unmarshal(e.Body, &c.fact) != nil {
		c.fact = map[string]json.RawMessage{}
	}
	c.of.take(e.Subject)
	for _, name := range []string{"conversation", "message", "contact", "company"} {
		c.of.take(c.word(name))
	}
	return c
}

// take keeps an id that is of a kind that rules know.
func (r *refs) take(s string) {
	if v, err := id.Read[conversation.ID](s); err == nil && r.conversation == 0 {
		r.conversation = v
	}
	if v, err := id.Read[conversation.MessageID](s); err == nil && r.message == 0 {
		r.message = v
	}
	if v, err := id.Read[contact.ID](s); err == nil && r.contact == 0 {
		r.contact = v
	}
	if v, err := id.Read[contact.CompanyID](s); err == nil && r.company == 0 {
		r.company = v
	}
}

// word is what a fact says under a name, as text; "" where it says nothing.
func (c *Case) word(name string) string {
	raw := c.fact[name]
	var s string
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// Holds says whether a condition is so.
func (c *Case) Holds(i If) (bool, error) { return c.holds(i) }

// Perform does one thing after another, in the name that ctx carries, and returns their keys. With an error nothing of it may stay: the transaction has
// to be undone.
func (c *Case) Perform(ctx context.Context, acts []Act) (did []string, err error) {
	for _, a := range acts {
		if err := a.perform(ctx, c); err != nil {
			return did, err
		}
		did = append(did, a.Do)
	}
	return did, nil
}

func (c *Case) now() time.Time { return c.at }

// Subject is what a run is about: the conversation, else the customer, else what the fact happened to.
func (c *Case) subject() string {
	switch {
	case c.of.conversation != 0:
		return c.of.conversation.String()
	case c.of.contact != 0:
		return c.of.contact.String()
	}
	return c.event.Subject
}

// Talk is the conversation that it is about, the one that lives on if it was merged.
func (c *Case) Talk() (conversation.Conversation, error) {
	return c.talk.get(func() (conversation.Conversation, error) {
		if c.of.conversation == 0 {
			return conversation.Conversation{}, db.ErrNoRow
		}
		return conversation.Survivor(c.ctx, c.tx, c.of.conversation)
	})
}

// Message is the one that the fact is about.
func (c *Case) Message() (conversation.Message, error) {
	return c.message.get(func() (conversation.Message, error) {
		if c.of.message == 0 {
			return conversation.Message{}, db.ErrNoRow
		}
		return conversation.GetMessage(c.ctx, c.tx, c.of.message)
	})
}

// Customer is whom it concerns.
func (c *Case) Customer() (contact.Profile, error) {
	return c.customer.get(func() (contact.Profile, error) {
		who := c.of.contact
		if who == 0 {
			talk, err := c.Talk()
			if err != nil {
				return contact.Profile{}, err
			}
			who = talk.Contact
		}
		if who == 0 {
			return contact.Profile{}, db.ErrNoRow
		}
		return contact.Whole(c.ctx, c.tx, who)
	})
}

// Company is the customer's.
func (c *Case) Company() (contact.Company, error) {
	return c.company.get(func() (contact.Company, error) {
		which := c.of.company
		if which == 0 {
			p, err := c.Customer()
			if err != nil {
				return contact.Company{}, err
			}
			which = p.Company
		}
		if which == 0 {
			return contact.Company{}, db.ErrNoRow
		}
		return contact.OneCompany(c.ctx, c.tx, which)
	})
}

// again forgets what was read: something was done.
func (c *Case) again() {
	c.talk, c.customer, c.company = lazy[conversation.Conversation]{}, lazy[contact.Profile]{}, lazy[contact.Company]{}
	c.talkFields, c.companyMore, c.sum = lazy[map[string]string]{}, lazy[map[string]string]{}, lazy[conversation.Sum]{}
	c.clocks, c.incidents, c.promises = lazy[sla.Clocks]{}, lazy[[]incident.Incident]{}, lazy[[]promise.Promise]{}
}
