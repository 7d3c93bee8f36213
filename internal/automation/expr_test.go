package automation

import (
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// read is a case of which all is read already.
func read(now time.Time) *Case {
	c := &Case{at: now, event: event.Event{Actor: "rule:x"}}
	c.talk = lazy[conversation.Conversation]{true, conversation.Conversation{ID: 1, Priority: "urgent", Subject: "환불 please", Tags: []string{"VIP", "loud"}, Messages: 3, LastAt: now.Add(-4 * time.Hour)}}
	c.customer = lazy[contact.Profile]{true, contact.Profile{Contact: contact.Contact{ID: 2, Name: "Kim"}, Values: map[string]string{"ends": "2026-12-23", "seats": "12"}}}
	c.company = lazy[contact.Company]{true, contact.Company{ID: 3, Tier: "gold", Value: 12_000_000}}
	c.open = lazy[bool]{true, false}
	return c
}

func TestExpressions(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{
		`conversation.priority == "urgent"`: true,
		`conversation.priority == "urgent" and company.tier in ["gold", "platinum"] and time.working == false`: true,
		`conversation.priority == "urgent" and not time.working`:                                               true,
		`conversation.priority in ["low", "high"] or company.value >= 10000000`:                                true,
		`"VIP" in conversation.tags && !("quiet" in conversation.tags)`:                                        true,
		`len(conversation.tags) > 2`:                                                      false,
		`conversation.subject contains "환불"`:                                              true,
		`lower(customer.name) startsWith "kim"`:                                           true,
		`conversation.subject matches "^환불 [a-z]+$"`:                                      true,
		`hours_since(conversation.last_at) > 3 and hours_since(conversation.last_at) < 5`: true,
		`hours_since(conversation.waiting_since) > 0`:                                     false, // nobody waits
		`hours_since(conversation.waiting_since) < 1e9`:                                   false,
		`days_since(day(customer.field.ends)) > -31`:                                      true,
		`days_since(day(customer.field.gone)) > -31`:                                      false,
		`number(customer.field.seats) * 2 == 24`:                                          true,
		`number(customer.field.none) == 0`:                                                false,
		`customer.field.gone == ""`:                                                       true,
		`conversation.messages > 2 ? company.tier == "gold" : company.tier == "none"`:     true,
		`fact.by_rule`:                           true,
		`hook.value.total == ""`:                 true,
		"conversation.messages == 3\n and\ntrue": true,
	} {
		x, err := compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := x.runs(read(now)); err != nil || got != want {
			t.Errorf("%s: %t, %v", text, got, err)
		}
	}
}

// What is wrong is said with its place, in words that are ours.
func TestWrongExpressionsSayWhere(t *testing.T) {
	deep := strings.Repeat("(", 900) + "true" + strings.Repeat(")", 900)
	for text, want := range map[string]string{
		`conversation.priorty == "urgent"`:           "There is no field “conversation.priorty”.",
		`priority == "urgent"`:                       "There is no field “priority”.",
		`conversation == nil`:                        "There is no field “conversation”.",
		`customer.field == ""`:                       "There is no field “customer.field”.",
		`conversation.priority == 3`:                 "these two are not of one kind",
		`conversation.messages > "3"`:                "these two are not of one kind",
		`conversation.last_at > 3`:                   "these two are not of one kind",
		`conversation.priority = "urgent"`:           "This is not understood from “",
		`conversation.priority == "urgent`:           "Something is missing at the end.",
		`conversation.priority ==`:                   "Something is missing at the end.",
		`conversation.messages`:                      "has to be a yes or a no",
		"true and\n  conversation.subject === \"x\"": "line 2",
		`now() > 3`:                                    "There is no function “now”.",
		`len(1..100000000) > 3`:                        "“..” cannot stand in an expression.",
		`any(conversation.tags, # == "x")`:             "There is no function “any”.",
		`repeat("x", 1000000000) == "x"`:               "There is no function “repeat”.",
		`let a = "x" + "x"; a == a`:                    "Only fields, texts, numbers",
		`true; false`:                                  "Only fields, texts, numbers",
		`{"a": 1}.a == 1`:                              "Only fields, texts, numbers",
		`conversation.tags[0] == "x"`:                  "Only fields, texts, numbers",
		`conversation["priority"][customer.name] == 1`: "Only fields, texts, numbers",
		`conversation?.priority == "x"`:                "Only fields, texts, numbers",
		`conversation.subject[0:3] == "x"`:             "Only fields, texts, numbers",
		`$env["x"] == 1`:                               "",
		`customer.name.String() == ""`:                 "",
		`conversation.subject matches customer.name`:   "in quotes",
		`"a" matches "("`:                              "",
		`"aaaaaaaaaaaaaaaaaaaaaaaaaa" matches "(((a{1000}){1000}){1000})"`: "",
		`1 % 0 == 1`:  "“%” cannot stand",
		`2 ** 9 == 1`: "“**” cannot stand",
		`true` + strings.Repeat(" and true", 150): "too long",
		strings.Repeat("x", 2001):                 "At most 2000 characters.",
		strings.Repeat("not ", 480) + "true":      "",
		"":                                        "",
		"\x00\xff":                                "",
		`"` + strings.Repeat(`\u0041`, 200) + `"`:                            "has to be a yes or a no",
		`[` + strings.Repeat("[", 300) + strings.Repeat("]", 301) + ` == []`: "",
	} {
		begun := time.Now()
		_, err := compile(text)
		if err == nil {
			t.Errorf("%s: taken", text)
			continue
		}
		said, ok := problem.As(err)
		if !ok || !strings.Contains(said.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
		if took := time.Since(begun); took > 200*time.Millisecond {
			t.Errorf("%.40s: %s", text, took)
		}
	}
	if _, err := compile(deep); err != nil {
		t.Logf("deep brackets: %v", err)
	}
	c := problem.Check{}
	i := If{Of: []If{{Expr: " conversation.priorty == 1 "}}}
	i.Check(&c, "if")
	if f := problem.Fields(c.Err()); len(f) != 1 || f[0].Name != "if.0.expr" {
		t.Errorf("%+v", f)
	}
}

// Whatever stands in it, it ends, and soon.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{`conversation.priority == "urgent"`, `len(conversation.tags) > 2 and lower(trim(customer.name)) matches "a+"`, `days_since(day(customer.field.ends)) > -31`, "1..9", "a?.b", `"\u00`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := compile(text)
		if err != nil {
			if _, ok := problem.As(err); !ok {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		begun := time.Now()
		_, _ = x.runs(read(begun))
		if took := time.Since(begun); took > 100*time.Millisecond {
			t.Errorf("%q took %s", text, took)
		}
	})
}

func BenchmarkExpression(b *testing.B) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	text := `conversation.priority == "urgent" and company.tier in ["gold"] and not time.working and hours_since(conversation.last_at) > 3`
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			if _, err := compile(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("run", func(b *testing.B) {
		i, c := If{Of: []If{{Expr: text}}}, read(now)
		i.ready()
		for b.Loop() {
			if so, err := c.holds(i); !so || err != nil {
				b.Fatal(so, err)
			}
		}
	})
}
