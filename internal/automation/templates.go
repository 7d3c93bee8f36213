package automation

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/moment"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// Template is a rule that one can begin with. Its name is the word "rules.start_" + its key, what it is good for that + "_about". A value of an action
// that begins with "=" is filled in when somebody begins: "=team" and "=service" with the first that the firm has, "=me" with whoever begins, and anything
// else with the word "rules.start_" + the key + "_" + it.
type Template struct {
	Key  string
	Part string // the part of the time after the sale that it serves; "" is every day
	When string
	If   If
	Then []Act
}

// Templates lists them, in the order of the page. After the sale they follow what a firm does then, from sending the goods to taking them back;
// only what people are entitled to has none, since no rule can look at that yet.
var Templates = []Template{
	{"away", "", "conversation.received",
		all(is("fact.first", "yes"), is("fact.auto", "no"), is("time.working", "no")),
		[]Act{act("reply", "text", "=text", "korean", "=text")}},
	{"vip", "", "conversation.opened",
		anyOf(is("company.tier", "is", "VIP", "Gold"), is("customer.tags", "has", "VIP")),
		[]Act{act("team", "team", "=team"), act("set", "priority", "high")}},
	{"late", "", "sla.broken", If{},
		[]Act{act("set", "priority", "urgent"), act("tell", "person", "=me", "text", "=text")}},
	{"form", "", "form.submitted", If{},
		[]Act{act("tell", "person", "=me", "text", "=text")}},
	{"delivery", "fulfilment", "conversation.received",
		all(is("customer.owner", "filled"), says("배송", "송장", "언제 와요", "언제 도착", "tracking", "where is my order", "not arrived")),
		[]Act{act("set", "type", "delivery"), act("assign", "person", "owner")}},
	{"billing", "billing", "conversation.received",
		all(says("청구서", "세금계산서", "영수증", "이중 결제", "invoice", "receipt", "charged twice")),
		[]Act{act("set", "type", "billing"), act("tag", "tag", "=tag")}},
	{"cancel", "cancelling", "conversation.received",
		all(is("fact.auto", "no"), says("주문 취소", "취소해", "주소 변경", "주소를 바꿔", "cancel my order", "change my order", "wrong address")),
		[]Act{act("set", "type", "order", "priority", "urgent"), act("reply", "text", "=text", "korean", "=text")}},
	{"refund", "returns", "conversation.received",
		all(says("환불", "반품", "refund", "money back", "send it back")),
		[]Act{act("set", "type", "refund", "priority", "high"), act("tag", "tag", "=tag")}},
	{"broken", "returns", "conversation.received",
		all(is("fact.first", "yes"), says("깨졌", "파손", "불량", "고장", "broken", "damaged", "defective")),
		[]Act{act("set", "type", "repair", "priority", "high"), act("promise", "text", "=text", "days", "3", "person", "owner")}},
	{"complaint", "complaints", "conversation.received",
		all(says("소비자원", "고소", "신고하", "불만", "화가 나", "complaint", "lawyer", "unacceptable")),
		[]Act{act("set", "type", "complaint", "severity", "major"), act("page", "service", "=service", "text", "=text", "urgent", "no")}},
	{"success", "support", "contact.stage_changed",
		all(is("fact.to", "is", "onboarding", "post-sale")),
		[]Act{act("promise", "text", "=text", "days", "14", "person", "owner")}},
	{"account", "incidents", "conversation.received",
		all(is("company.value", "at_least", "10000000"), is("customer.owner", "filled"), says("접속이 안", "먹통", "안 돼요", "장애", "not working", "outage", "is down")),
		[]Act{act("set", "type", "problem", "severity", "major"), act("assign", "person", "owner")}},
	{"regular", "relations", "conversation.status_set",
		all(is("fact.to", "is", "solved"), is("customer.conversations", "at_least", "5")),
		[]Act{act("tag_customer", "tag", "=tag")}},
	{"happy", "referrals", "conversation.received",
		all(says("최고예요", "정말 감사", "추천할게", "love it", "great service", "recommend you")),
		[]Act{act("tag_customer", "tag", "=tag"), act("tell", "person", "=me", "text", "=text")}},
	{"retire", "end", "conversation.received",
		all(says("폐기", "수거", "버리려", "dispose", "recycle", "trade in")),
		[]Act{act("tag", "tag", "=tag"), act("note", "text", "=text")}},
	{"remind", "", moment.Kind,
		all(is("conversation.status", "is", "pending"), is("conversation.tags", "has_not", "=tag")),
		[]Act{act("reply", "text", "=text", "korean", "=text", "then", "pending"), act("tag", "tag", "=tag")}},
	{"close", "", moment.Kind,
		all(is("conversation.status", "is", "pending"), is("conversation.tags", "has", "=tag")),
		[]Act{act("status", "to", "solved"), act("untag", "tag", "=tag")}},
	{"renewal", "relations", moment.Kind, If{},
		[]Act{act("customer_stage", "stage", "renewal"), act("promise", "text", "=text", "days", "14", "person", "owner")}},
	{"yearly", "relations", moment.Kind, If{},
		[]Act{act("write", "subject", "=subject", "korean_subject", "=subject", "text", "=text", "korean", "=text")}},
	{"checkin", "support", moment.Kind,
		all(is("conversation.status", "is", "solved"), is("conversation.type", "is", "delivery", "repair", "exchange", "problem"), is("conversation.tags", "has_not", "=tag")),
		[]Act{act("tag", "tag", "=tag"), act("reply", "text", "=text", "korean", "=text", "then", "solved")}},
	{"silent", "relations", moment.Kind,
		all(is("customer.stage", "is", "post-sale"), is("customer.blocked", "no")),
		[]Act{act("promise", "text", "=text", "days", "7", "person", "owner")}},
	{"figures", "", moment.Kind, If{},
		[]Act{act("tell", "person", "=me", "text", "=text")}},
}

// times are those of the templates that wait for one. The date "=date" is the first that customers have.
var times = map[string]moment.When{
	"remind":  {Date: "conversation.answered_at", Count: 3, Unit: "days"},
	"close":   {Date: "conversation.answered_at", Count: 4, Unit: "days"},
	"renewal": {Date: "=date", Count: 30, Unit: "days", Before: true, At: 9 * 60},
	"yearly":  {Date: "=date", Unit: "days", Yearly: true, At: 10 * 60},
	"checkin": {Date: "conversation.status_at", Count: 1, Unit: "weeks"},
	"silent":  {Date: "customer.seen_at", Count: 3, Unit: "months"},
	"figures": {Every: "week", Days: []string{"monday"}, At: 9 * 60},
}

func all(of ...If) If   { return If{Of: of} }
func anyOf(of ...If) If { return If{Mode: "any", Of: of} }

func is(field, op string, values ...string) If { return If{Field: field, Op: op, Values: values} }

// says is so when one of the words stands in the message.
func says(words ...string) If { return is("message.text", "contains", words...) }

// act is an action with what it is told, by turns a name and a value.
func act(do string, with ...string) Act {
	a := Act{Do: do, With: map[string]string{}}
	for i := 0; i < len(with); i += 2 {
		a.With[with[i]] = with[i+1]
	}
	return a
}

// TemplateOf finds one by its key.
func TemplateOf(key string) (Template, bool) {
	i := slices.IndexFunc(Templates, func(t Template) bool { return t.Key == key })
	if i < 0 {
		return Template{}, false
	}
	return Templates[i], true
}

// Needs is what a firm must have for it beside people: "team", "service", "date" or nothing.
func (t Template) Needs() string {
	if times[t.Key].Date == "=date" {
		return "date"
	}
	for _, a := range t.Then {
		for _, v := range a.With {
			if v == "=team" || v == "=service" {
				return v[1:]
			}
		}
	}
	return ""
}

// Begin is the rule of a template, filled in from what the firm has, in the reader's language. What there is nothing for stays empty.
func (t Template) Begin(ctx context.Context, tx *db.Tx) (Rule, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Rule{}, err
	}
	teams, err := team.Teams(ctx, tx)
	if err != nil {
		return Rule{}, err
	}
	services, err := oncall.Services(ctx, tx)
	if err != nil {
		return Rule{}, err
	}
	has := map[string]string{"=team": "", "=service": "", "=me": "nobody"}
	if len(teams) > 0 {
		has["=team"] = teams[0].ID.String()
	}
	if len(services) > 0 {
		has["=service"] = services[0].ID.String()
	}
	if me := team.From(ctx).Person; me != 0 {
		has["=me"] = me.String()
	}
	r := Rule{Name: i18n.T(ctx, "rules.start_"+t.Key), When: t.When, If: t.If.copied()}
	for i, one := range r.If.Of {
		for n, v := range one.Values {
			if word, open := strings.CutPrefix(v, "="); open {
				r.If.Of[i].Values[n] = i18n.T(ctx, "rules.start_"+t.Key+"_"+word)
			}
		}
	}
	if r.Moment, err = t.moment(ctx, tx); err != nil {
		return r, err
	}
	for _, a := range t.Then {
		r.Then = append(r.Then, t.filled(ctx, a, has))
	}
	return r, nil
}

// moment is the time of a template; nothing where it waits for a fact.
func (t Template) moment(ctx context.Context, tx *db.Tx) (*moment.When, error) {
	w, is := times[t.Key]
	if !is {
		return nil, nil
	}
	w.Days = slices.Clone(w.Days)
	if w.Date != "=date" {
		return &w, nil
	}
	list, err := contact.Fields(ctx, tx, contact.OfContact)
	i := slices.IndexFunc(list, func(f contact.Field) bool { return f.Type == contact.DateField })
	if w.Date = "customer.field."; err == nil && i >= 0 {
		w.Date += list[i].Key
	}
	return &w, err
}

// filled is an act with its values. A customer is answered in both languages, whatever the reader's is.
func (t Template) filled(ctx context.Context, a Act, has map[string]string) Act {
	out := Act{Do: a.Do, With: map[string]string{}}
	for name, v := range a.With {
		word, open := strings.CutPrefix(v, "=")
		known, given := has[v]
		key := "rules.start_" + t.Key + "_" + word
		switch {
		case !open:
		case given:
			v = known
		case strings.HasPrefix(name, "korean"):
			v = i18n.Every(key)[i18n.Korean]
		case a.Do == "reply" || a.Do == "write":
			v = i18n.Every(key)[i18n.English]
		default:
			v = i18n.T(ctx, key)
		}
		out.With[name] = v
	}
	return out
}

// copied shares nothing with the list.
func (i If) copied() If {
	i.Values = slices.Clone(i.Values)
	i.Of = slices.Clone(i.Of)
	for n := range i.Of {
		i.Of[n] = i.Of[n].copied()
	}
	return i
}
