package automation

import (
	"slices"
	"strings"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// Field is something a rule can look at. Its word on the page is "rules.field_" + the key with "_" for ".".
type Field struct {
	Key     string // such as "conversation.status"; one that ends with "." is followed by the key of an own field
	Kind    Kind
	Choose  string          // what a choice or an own one is picked from: "team", "person", "inbox", "segment"; "" is Choices
	Choices func() []string // of a word; nil: any
	read    func(c *Case, own string) (Value, error)
}

func any0() []string { return nil }

func words[T ~string](list []T) func() []string {
	return func() (out []string) {
		for _, w := range list {
			if w != "" {
				out = append(out, string(w))
			}
		}
		return out
	}
}

// Fields lists what rules can look at, in the order of the page.
var Fields = slices.Concat(factFields, hookFields, messageFields, talkFields, slaFields, incidentFields, customerFields, segmentFields, promiseFields, companyFields, timeFields)

// FieldOf finds one by its key, and which own field is meant.
func FieldOf(key string) (f Field, own string) {
	for _, f := range Fields {
		if f.Key == key {
			return f, ""
		}
		if name, ok := strings.CutPrefix(key, f.Key); ok && strings.HasSuffix(f.Key, ".") && name != "" && len(name) <= 60 {
			return f, name
		}
	}
	return Field{}, ""
}

// What the fact itself says.
var factFields = []Field{
	{"fact.from", Word, "", any0, ofFact("from")},
	{"fact.to", Word, "", any0, ofFact("to")},
	{"fact.tag", Word, "", any0, ofFact("tag")},
	{"fact.clock", Word, "", any0, ofFact("clock")},
	{"fact.by_rule", Flag, "", nil, func(c *Case, _ string) (Value, error) {
		return Value{Yes: strings.HasPrefix(c.event.Actor, actorPrefix)}, nil
	}},
	{"fact.first", Flag, "", nil, func(c *Case, _ string) (Value, error) { return Value{Yes: c.word("first") == "true"}, nil }},
	{"fact.auto", Flag, "", nil, func(c *Case, _ string) (Value, error) { return Value{Yes: c.word("auto") == "true"}, nil }},
}

func ofFact(name string) func(*Case, string) (Value, error) {
	return func(c *Case, _ string) (Value, error) { return text(c.word(name)), nil }
}

// What came to an incoming webhook: its values stay there, and go with the customer.
var hookFields = []Field{
	{"hook.which", Word, "hook", any0, func(c *Case, _ string) (Value, error) { return text(c.word("hook")), nil }},
	{"hook.value.", Text, "hook_value", nil, func(c *Case, own string) (Value, error) {
		all, err := c.hook.get(func() (map[string]string, error) {
			item, err := id.Read[hookin.ItemID](c.word("item"))
			if err != nil || item == 0 {
				return nil, nil // it is about nothing that came
			}
			return hookin.Values(c.ctx, c.tx, item)
		})
		return text(all[own]), err
	}},
}

var messageFields = []Field{
	{"message.text", Text, "", nil, func(c *Case, _ string) (Value, error) {
		m, err := c.Message()
		if m.ReplyText != "" {
			return text(m.ReplyText), err
		}
		return text(m.Text), err
	}},
	{"message.from", Text, "", nil, func(c *Case, _ string) (Value, error) {
		m, err := c.Message()
		return text(m.FromAddress), err
	}},
	{"message.files", Number, "", nil, func(c *Case, _ string) (Value, error) {
		m, err := c.Message()
		return Value{Number: float64(m.Files)}, err
	}},
}

// ofTalk reads something of the conversation.
func ofTalk(read func(conversation.Conversation) Value) func(*Case, string) (Value, error) {
	return func(c *Case, _ string) (Value, error) {
		talk, err := c.Talk()
		if err != nil || talk.ID == 0 {
			return Value{}, err
		}
		return read(talk), nil
	}
}

var talkFields = []Field{
	{"conversation.subject", Text, "", nil, ofTalk(func(t conversation.Conversation) Value { return text(t.Subject) })},
	{"conversation.status", Word, "", words(conversation.Statuses), ofTalk(func(t conversation.Conversation) Value { return text(string(t.Status)) })},
	{"conversation.stage", Word, "", words(conversation.Stages), ofTalk(func(t conversation.Conversation) Value { return text(string(t.Stage)) })},
	{"conversation.type", Word, "", words(conversation.Types), ofTalk(func(t conversation.Conversation) Value { return text(t.Type) })},
	{"conversation.priority", Word, "", words(conversation.Priorities), ofTalk(func(t conversation.Conversation) Value { return text(t.Priority) })},
	{"conversation.severity", Word, "", words(conversation.Severities), ofTalk(func(t conversation.Conversation) Value { return text(t.Severity) })},
	{"conversation.channel", Word, "", any0, ofTalk(func(t conversation.Conversation) Value { return text(t.Channel) })},
	{"conversation.inbox", Word, "inbox", any0, ofTalk(func(t conversation.Conversation) Value { return text(t.Inbox.String()) })},
	{"conversation.language", Word, "", words([]string{"ko", "en"}), ofTalk(func(t conversation.Conversation) Value { return text(t.Language) })},
	{"conversation.team", Word, "team", any0, ofTalk(func(t conversation.Conversation) Value { return text(t.Team.String()) })},
	{"conversation.assignee", Word, "person", any0, ofTalk(func(t conversation.Conversation) Value { return text(t.Assignee.String()) })},
	{"conversation.tags", Many, "tag", any0, ofTalk(func(t conversation.Conversation) Value { return Value{Texts: t.Tags} })},
	{"conversation.messages", Number, "", nil, ofTalk(func(t conversation.Conversation) Value { return Value{Number: float64(t.Messages)} })},
	{"conversation.created_at", Moment, "", nil, ofTalk(func(t conversation.Conversation) Value { return Value{At: t.CreatedAt} })},
	{"conversation.last_at", Moment, "", nil, ofTalk(func(t conversation.Conversation) Value { return Value{At: t.LastAt} })},
	{"conversation.waiting_since", Moment, "", nil, ofTalk(func(t conversation.Conversation) Value { return Value{At: t.WaitingSince} })},
	{"conversation.answered", Flag, "", nil, ofTalk(func(t conversation.Conversation) Value { return Value{Yes: !t.FirstReplyAt.IsZero()} })},
	{"conversation.field.", Text, "conversation_field", nil, func(c *Case, own string) (Value, error) {
		all, err := c.talkFields.get(func() (map[string]string, error) {
			talk, err := c.Talk()
			if err != nil || talk.ID == 0 {
				return nil, err
			}
			return conversation.Values(c.ctx, c.tx, talk.ID)
		})
		return text(all[own]), err
	}},
}

func ofCustomer(read func(contact.Profile) Value) func(*Case, string) (Value, error) {
	return func(c *Case, own string) (Value, error) {
		p, err := c.Customer()
		if err != nil || p.ID == 0 {
			return Value{}, err
		}
		return read(p), nil
	}
}

var customerFields = []Field{
	{"customer.name", Text, "", nil, ofCustomer(func(p contact.Profile) Value { return text(p.Name) })},
	{"customer.email", Text, "", nil, ofCustomer(func(p contact.Profile) Value { return text(p.Email) })},
	{"customer.stage", Word, "", words(contact.Stages), ofCustomer(func(p contact.Profile) Value { return text(string(p.Stage)) })},
	{"customer.language", Word, "", words([]string{"ko", "en"}), ofCustomer(func(p contact.Profile) Value { return text(p.Language) })},
	{"customer.tags", Many, "", any0, ofCustomer(func(p contact.Profile) Value { return Value{Texts: p.Tags} })},
	{"customer.owner", Word, "person", any0, ofCustomer(func(p contact.Profile) Value { return text(p.Owner.String()) })},
	{"customer.blocked", Flag, "", nil, ofCustomer(func(p contact.Profile) Value { return Value{Yes: p.Blocked != ""} })},
	{"customer.created_at", Moment, "", nil, ofCustomer(func(p contact.Profile) Value { return Value{At: p.CreatedAt} })},
	{"customer.seen_at", Moment, "", nil, ofCustomer(func(p contact.Profile) Value { return Value{At: p.LastSeenAt} })},
	{"customer.conversations", Number, "", nil, ofSum(func(s conversation.Sum) int { return s.All })},
	{"customer.open_conversations", Number, "", nil, ofSum(func(s conversation.Sum) int { return s.Open })},
	{"customer.field.", Text, "contact_field", nil, func(c *Case, own string) (Value, error) {
		p, err := c.Customer()
		return text(p.Values[own]), err
	}},
}

func ofSum(read func(conversation.Sum) int) func(*Case, string) (Value, error) {
	return func(c *Case, _ string) (Value, error) {
		s, err := c.sum.get(func() (conversation.Sum, error) {
			p, err := c.Customer()
			if err != nil || p.ID == 0 {
				return conversation.Sum{}, err
			}
			return conversation.SumOf(c.ctx, c.tx, p.ID)
		})
		return Value{Number: float64(read(s))}, err
	}
}

func ofCompany(read func(contact.Company) Value) func(*Case, string) (Value, error) {
	return func(c *Case, _ string) (Value, error) {
		o, err := c.Company()
		if err != nil || o.ID == 0 {
			return Value{}, err
		}
		return read(o), nil
	}
}

var companyFields = []Field{
	{"company.name", Text, "", nil, ofCompany(func(o contact.Company) Value { return text(o.Name) })},
	{"company.tier", Text, "", nil, ofCompany(func(o contact.Company) Value { return text(o.Tier) })},
	{"company.industry", Text, "", nil, ofCompany(func(o contact.Company) Value { return text(o.Industry) })},
	{"company.value", Number, "", nil, ofCompany(func(o contact.Company) Value { return Value{Number: float64(o.Value)} })},
	{"company.field.", Text, "company_field", nil, func(c *Case, own string) (Value, error) {
		all, err := c.companyMore.get(func() (map[string]string, error) {
			o, err := c.Company()
			if err != nil || o.ID == 0 {
				return nil, err
			}
			return contact.CompanyValues(c.ctx, c.tx, o.ID)
		})
		return text(all[own]), err
	}},
}

var timeFields = []Field{
	{"time.working", Flag, "", nil, func(c *Case, _ string) (Value, error) {
		open, err := c.open.get(c.working)
		return Value{Yes: open}, err
	}},
	{"time.weekday", Word, "", words([]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}), func(c *Case, _ string) (Value, error) {
		at, err := c.local()
		return text(strings.ToLower(at.Weekday().String())), err
	}},
	{"time.hour", Number, "", nil, func(c *Case, _ string) (Value, error) {
		at, err := c.local()
		return Value{Number: float64(at.Hour())}, err
	}},
}

// working says whether the firm works now, for the team that has the conversation and the tier of the customer.
func (c *Case) working() (bool, error) {
	talk, err := c.Talk()
	if err != nil {
		return false, err
	}
	o, err := c.Company()
	if err != nil {
		return false, err
	}
	list, err := calendar.List(c.ctx, c.tx)
	if err != nil {
		return false, err
	}
	h, err := calendar.Hours(c.ctx, c.tx, calendar.Pick(list, talk.Team, o.Tier))
	return h.Open(c.now()), err
}

// local is now on the firm's clock.
func (c *Case) local() (time.Time, error) {
	firm, err := team.GetFirm(c.ctx, c.tx)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(firm.Zone)
	if err != nil {
		zone = time.UTC
	}
	return c.now().In(zone), nil
}
