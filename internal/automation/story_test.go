package automation_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/outcall"
	"baraji/internal/promise"
	"baraji/internal/team"
)

// desk is a shop with two people and rules.
type desk struct {
	*dbtest.Desk
	t         testing.TB
	ctx       context.Context
	jobs      *job.Runner
	in        inbox.Inbox
	crew      team.TeamID
	kim, lee  team.ID
	customers int
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) { fn(t, open(t, base)) })
}

func open(t testing.TB, base *dbtest.Desk) *desk {
	d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, slog.New(slog.DiscardHandler))}
	log := event.NewLog(base.DB, d.jobs)
	automation.New(base.DB, log, d.jobs, slog.New(slog.DiscardHandler))
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		t.Fatal(err)
	}
	notice.New(notice.Parts{DB: base.DB, Keys: keys, Jobs: d.jobs, Clock: base.Clock.Now, Dial: dial.New(dial.Options{Now: base.Clock.Now}), Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	outcall.New(outcall.Parts{DB: base.DB, Keys: keys, Jobs: d.jobs, Clock: time.Now, Dial: dial.New(dial.Options{Now: time.Now})})
	handle(d, func(ctx context.Context, tx *db.Tx, w conversation.Wake) error {
		return conversation.WakeUp(ctx, tx, w.Conversation)
	})
	handle(d, func(ctx context.Context, tx *db.Tx, r promise.Ring) error { return nil })
	handle(d, oncall.Climbed)
	handle(d, oncall.Stirred)
	word, err := team.HashPassword("moonlight lamp")
	if err != nil {
		t.Fatal(err)
	}
	d.do(func(tx *db.Tx) (err error) {
		if err = team.ChangeFirm(d.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		if d.in, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"}); err != nil {
			return err
		}
		if d.crew, err = team.MakeTeam(d.ctx, tx, "Desk", ""); err != nil {
			return err
		}
		if d.kim, err = team.MakePerson(d.ctx, tx, "kim@dalbit.example", "Kim", team.Agent, word); err != nil {
			return err
		}
		d.lee, err = team.MakePerson(d.ctx, tx, "lee@dalbit.example", "Lee", team.Agent, word)
		return err
	})
	return d
}

func handle[J job.Args](d *desk, do func(context.Context, *db.Tx, J) error) {
	job.Handle(d.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j J) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return do(team.AsSystem(ctx), tx, j)
		})
	})
}

func (d *desk) do(fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.ctx, fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) drain() {
	d.t.Helper()
	if err := d.jobs.Drain(d.ctx); err != nil {
		d.t.Fatal(err)
	}
}

func act(do string, with ...string) automation.Act {
	a := automation.Act{Do: do, With: map[string]string{}}
	for i := 0; i+1 < len(with); i += 2 {
		a.With[with[i]] = with[i+1]
	}
	return a
}

func is(field, op string, values ...string) automation.If {
	return automation.If{Field: field, Op: op, Values: values}
}

// rule adds a rule that is on.
func (d *desk) rule(r automation.Rule) (id automation.ID) {
	d.t.Helper()
	r.On = true
	if r.Name == "" {
		r.Name = "a rule"
	}
	if r.When == "" {
		r.When = "conversation.received"
	}
	d.do(func(tx *db.Tx) (err error) {
		id, err = automation.Make(d.ctx, tx, r)
		return err
	})
	return id
}

// asks is a new customer who writes; before the rules have looked at it.
func (d *desk) asks(text string, auto bool) (id conversation.ID) {
	d.t.Helper()
	d.customers++
	name := fmt.Sprintf("guest%d", d.customers)
	d.do(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(d.ctx, tx, contact.Sender{Name: name, Email: name + "@example.com"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Message: conversation.Message{Subject: "Lamp", Text: text, Auto: auto}})
		id = got.Conversation
		return err
	})
	return id
}

func (d *desk) get(id conversation.ID) (c conversation.Conversation) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		c, err = conversation.Get(d.ctx, tx, id)
		return err
	})
	return c
}

func (d *desk) said(id conversation.ID) (texts []string) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		list, err := conversation.Messages(d.ctx, tx, id, 0, 100)
		for _, m := range list {
			texts = append(texts, string(m.Kind)+": "+m.Text)
		}
		return err
	})
	return texts
}

func (d *desk) runs(of automation.ID) (list []automation.Run) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		list, err = automation.Runs(d.ctx, tx, of, 0, 100)
		return err
	})
	return list
}

func outcomes(list []automation.Run) string {
	var s []string
	for _, r := range list {
		s = append(s, string(r.Outcome))
	}
	return strings.Join(s, " ")
}

// A customer writes of a refund: what the rules do, in their order, until one stops.
func TestRulesActInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		refund := d.rule(automation.Rule{Name: "Refunds", If: automation.If{Mode: "any", Of: []automation.If{is("message.text", "contains", "refund", "환불"), is("conversation.subject", "contains", "refund")}},
			Then: []automation.Act{act("set", "type", "refund", "priority", "high"), act("tag", "tag", "money"), act("team", "team", d.crew.String())}})
		// The next one sees what the first did.
		then := d.rule(automation.Rule{Name: "Money is Kim's", If: automation.If{Of: []automation.If{is("conversation.tags", "has", "money"), is("conversation.priority", "is", "high", "urgent")}},
			Then: []automation.Act{act("assign", "person", d.kim.String()), act("reply", "text", "Hello {customer.name}, #{conversation.number}. {what.is_that}{{7*7}}", "korean", "{customer.name}님, 안녕하세요.")}, Stop: true})
		never := d.rule(automation.Rule{Name: "Everything else is Lee's", Then: []automation.Act{act("assign", "person", d.lee.String())}})

		one := d.asks("I want a REFUND.", false)
		d.drain()
		c := d.get(one)
		if c.Type != "refund" || c.Priority != "high" || !slices.Contains(c.Tags, "money") || c.Team != d.crew || c.Assignee != d.kim {
			t.Errorf("it is %+v", c)
		}
		want := fmt.Sprintf("agent: Hello guest1, #%d. {{7*7}}", c.Number)
		if said := d.said(one); len(said) != 2 || said[1] != want {
			t.Errorf("said %q, want %q", said, want)
		}
		if got := outcomes(d.runs(refund)) + "|" + outcomes(d.runs(then)) + "|" + outcomes(d.runs(never)); got != "done|done|" {
			t.Errorf("runs %q", got)
		}
		two := d.asks("Where is it?", false)
		d.drain()
		if c := d.get(two); c.Assignee != d.lee || c.Type == "refund" {
			t.Errorf("the other is %+v", c)
		}
		// The log says who did it.
		d.do(func(tx *db.Tx) error {
			list, err := event.OfKind(d.ctx, tx, one.String(), "conversation.assigned", 10)
			if err == nil && (len(list) != 1 || automation.ActorOf(list[0].Actor) != then || list[0].Depth != 1) {
				t.Errorf("the log says %+v", list)
			}
			return err
		})
	})
}

// What fails takes nothing of the others with it, is undone whole, and its owner is told.
func TestARuleThatFails(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.do(func(tx *db.Tx) error {
			_, err := conversation.DefineField(d.ctx, tx, conversation.Field{Key: "order", English: "Order", Korean: "주문", Type: "number"})
			return err
		})
		bad := d.rule(automation.Rule{Name: "No number", Owner: d.kim, Then: []automation.Act{act("tag", "tag", "half"), act("field", "field", "order", "value", "none")}})
		d.rule(automation.Rule{Name: "Tag", Then: []automation.Act{act("tag", "tag", "whole")}})
		one := d.asks("Where is it?", false)
		d.drain()
		if c := d.get(one); !slices.Equal(c.Tags, []string{"whole"}) {
			t.Errorf("tags %q", c.Tags)
		}
		list := d.runs(bad)
		if outcomes(list) != "given_up" || list[0].Why["en"] != "Enter a number." || list[0].Why["ko"] == list[0].Why["en"] {
			t.Errorf("runs %+v", list)
		}
		d.do(func(tx *db.Tx) error {
			kim := team.With(d.ctx, team.Actor{Person: d.kim, See: team.SeeEverything})
			told, err := notice.Unread(kim, tx)
			if err == nil && (len(told) != 1 || told[0].Words != "notice.rule_failed") {
				t.Errorf("Kim was told %+v", told)
			}
			return err
		})
	})
}

// What no rule is to blame for is tried again: nothing of it is seen on the page but that it failed, and nothing is lost.
func TestARuleIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		rule := d.rule(automation.Rule{Owner: d.kim, Then: []automation.Act{act("note", "text", "half"), act("tag", "tag", "vip")}})
		one := d.asks("Where is it?", false)
		d.do(func(tx *db.Tx) error {
			_, err := tx.Exec(d.ctx, `ALTER TABLE conversation_tagging RENAME TO elsewhere`)
			return err
		})
		d.drain()
		if list := d.runs(rule); outcomes(list) != "failed" || !strings.HasPrefix(list[0].Why["en"], "Something went wrong on our side.") {
			t.Errorf("runs %+v", list)
		}
		d.do(func(tx *db.Tx) error {
			_, err := tx.Exec(d.ctx, `ALTER TABLE elsewhere RENAME TO conversation_tagging`)
			return err
		})
		d.Clock.Advance(time.Hour)
		d.drain()
		if list := d.runs(rule); outcomes(list) != "done" || list[0].Tries != 2 {
			t.Errorf("runs %+v", list)
		}
		if c, said := d.get(one), d.said(one); !slices.Equal(c.Tags, []string{"vip"}) || len(said) != 2 {
			t.Errorf("tags %q, said %q", c.Tags, said)
		}
	})
}

// Rules that run at once and write the same rows clash, and clash is no failure.
func TestRulesThatClash(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		rule := d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "vip"), act("assign", "person", d.kim.String()), act("note", "text", "seen")}})
		const many = 40
		for range many {
			d.asks("Where is it?", false)
		}
		ctx, stop := context.WithCancel(d.ctx)
		done := make(chan error, 1)
		go func() { done <- d.jobs.Run(ctx) }()
		for end := time.Now().Add(time.Minute); len(d.runs(rule)) < many && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		for i, r := range d.runs(rule) {
			if r.Outcome != automation.Done || r.Tries != 1 {
				t.Fatalf("run %d of %d: %+v", i, many, r)
			}
		}
		if n := len(d.runs(rule)); n != many {
			t.Errorf("%d runs", n)
		}
	})
}

// A rule that is made after another was deleted stands behind all that are there.
func TestARuleMadeAfterOneWasDeleted(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		first := d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "a")}})
		d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "b")}})
		d.do(func(tx *db.Tx) error { return automation.Delete(d.ctx, tx, first) })
		d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "c")}})
		one := d.asks("Hello", false)
		d.drain()
		if c := d.get(one); !slices.Equal(c.Tags, []string{"b", "c"}) {
			t.Errorf("tags %q", c.Tags)
		}
	})
}

// Two machines do not answer each other for ever, and one is not answered at all.
func TestMachinesAreNotAnswered(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.rule(automation.Rule{Name: "Thanks", Then: []automation.Act{act("reply", "text", "Thank you.")}})
		auto := d.asks("I am away.", true)
		d.drain()
		if said := d.said(auto); len(said) != 1 {
			t.Errorf("said %q", said)
		}
		talk := d.asks("Hello.", false)
		d.drain()
		for range 6 {
			d.do(func(tx *db.Tx) error {
				c, err := conversation.Get(d.ctx, tx, talk)
				if err != nil {
					return err
				}
				who, err := contact.Get(d.ctx, tx, c.Contact)
				if err != nil {
					return err
				}
				_, err = conversation.Receive(d.ctx, tx, conversation.Inbound{Inbox: d.in, Contact: who, Continues: talk, Message: conversation.Message{Text: "Thank you too."}})
				return err
			})
			d.drain()
		}
		n := 0
		for _, s := range d.said(talk) {
			if strings.HasPrefix(s, "agent") {
				n++
			}
		}
		if n != automation.MostAnswers {
			t.Errorf("%d answers", n)
		}
		if got := outcomes(d.runs(id)); got != "given_up given_up given_up given_up done done done given_up" {
			t.Errorf("runs %q", got)
		}
	})
}

// T25: rules that set each other off, made at random. Every chain ends, soon, and says so.
func TestRulesThatSetEachOtherOff(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		sets := 50
		random := rand.New(rand.NewPCG(25, 25))
		for set := range sets {
			var ids []automation.ID
			for n := range 4 + random.IntN(5) {
				tag := func() string { return fmt.Sprintf("t%d", random.IntN(4)) }
				r := automation.Rule{Name: fmt.Sprintf("set %d rule %d", set, n)}
				r.When = []string{"conversation.received", "conversation.tagged", "conversation.untagged", "conversation.noted", "conversation.changed", "conversation.assigned"}[random.IntN(6)]
				for range 1 + random.IntN(3) {
					r.Then = append(r.Then, []automation.Act{act("tag", "tag", tag()), act("untag", "tag", tag()), act("note", "text", "again"),
						act("set", "priority", []string{"low", "high"}[random.IntN(2)]), act("assign", "person", []string{d.kim.String(), d.lee.String()}[random.IntN(2)])}[random.IntN(5)])
				}
				ids = append(ids, d.rule(r))
			}
			before := d.events()
			d.asks("Where is it?", false)
			d.drain()
			made, deepest := d.events()-before, 0
			d.do(func(tx *db.Tx) (err error) {
				deepest, err = db.Value[int](d.ctx, tx, `SELECT COALESCE(MAX(depth), 0) FROM event`)
				return err
			})
			if deepest > event.MaxDepth || made > 400 {
				t.Errorf("set %d: %d facts of one message, %d deep", set, made, deepest)
			}
			done, cut := 0, 0
			for _, id := range ids {
				for _, run := range d.runs(id) {
					switch run.Outcome {
					case automation.Done:
						done++
					case automation.Cut:
						cut++
					}
				}
				d.do(func(tx *db.Tx) error { return automation.Delete(d.ctx, tx, id) })
			}
			if done > automation.MostRuns || done >= 3*len(ids) && cut == 0 {
				t.Errorf("set %d: %d runs, %d cut", set, done, cut)
			}
		}
	})
}

func (d *desk) events() (n int) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		n, err = db.Value[int](d.ctx, tx, `SELECT COUNT(*) FROM event`)
		return err
	})
	return n
}

// What a rule would have done, and what changes with its versions.
func TestATryChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		a := d.asks("A refund, please.", false)
		d.asks("Where is it?", false)
		d.drain()
		d.Clock.Advance(time.Hour)
		r := automation.Rule{Name: "Refunds", When: "conversation.received", If: is("message.text", "contains", "refund"), Then: []automation.Act{act("tag", "tag", "money")}}
		before := d.events()
		d.do(func(tx *db.Tx) error {
			w, err := automation.Try(d.ctx, tx, r, tx.Now().Add(-24*time.Hour))
			if err == nil && (w.Looked != 2 || w.Ran != 1 || len(w.Times) != 1 || w.Times[0].Subject != a.String()) {
				t.Errorf("it would have %+v", w)
			}
			return err
		})
		if d.events() != before || len(d.get(a).Tags) != 0 {
			t.Error("it changed something")
		}
		id := d.rule(r)
		d.do(func(tx *db.Tx) error {
			got, err := automation.Get(d.ctx, tx, id)
			if err != nil {
				return err
			}
			got.Name = "Money back"
			if err := automation.Change(d.ctx, tx, got); err != nil {
				return err
			}
			if err := automation.Switch(d.ctx, tx, id, false); err != nil {
				return err
			}
			list, err := automation.Versions(d.ctx, tx, id)
			if err == nil && (len(list) != 2 || list[0].Name != "Money back" || list[1].Name != "Refunds") {
				t.Errorf("versions %+v", list)
			}
			return err
		})
		b := d.asks("A refund!", false)
		d.drain()
		if len(d.get(b).Tags) != 0 {
			t.Error("what is off acted")
		}
	})
}

// Every action does something that one can see, and refuses what makes no sense; so no action is in the list without a test.
func TestEveryAction(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var awake oncall.ServiceID
		d.do(func(tx *db.Tx) (err error) {
			if _, err := conversation.DefineField(d.ctx, tx, conversation.Field{Key: "order", English: "Order", Korean: "주문", Type: "text"}); err != nil {
				return err
			}
			if awake, err = oncall.MakeService(d.ctx, tx, oncall.Service{Name: "Machines", Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: d.kim}}, Wait: 5}}}}); err != nil {
				return err
			}
			_, err = contact.DefineField(d.ctx, tx, contact.Field{Holder: contact.OfContact, Key: "club", English: "Club", Korean: "클럽", Type: "text"})
			return err
		})
		type look struct {
			c    conversation.Conversation
			p    contact.Profile
			said []string
			own  map[string]string
		}
		count := func(tx *db.Tx, query string) int {
			n, err := db.Value[int](d.ctx, tx, query)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		tests := map[string]struct {
			with []string
			so   func(look, *db.Tx) bool
		}{
			"reply": {[]string{"text", "Hi {customer.name}", "then", "solved"}, func(l look, _ *db.Tx) bool {
				return slices.Contains(l.said, "agent: Hi "+l.p.Name) && l.c.Status == conversation.Solved
			}},
			"write": {[]string{"subject", "Your lamp", "text", "Is all well, {customer.name}?"}, func(l look, tx *db.Tx) bool {
				return count(tx, `SELECT COUNT(*) FROM conversation WHERE subject = 'Your lamp'`) == 1 && count(tx, `SELECT COUNT(*) FROM conversation_message WHERE subject = 'Your lamp' AND kind = 'agent'`) == 1
			}},
			"note":   {[]string{"text", "look: {conversation.subject}"}, func(l look, _ *db.Tx) bool { return slices.Contains(l.said, "note: look: Lamp") }},
			"assign": {[]string{"person", d.lee.String()}, func(l look, _ *db.Tx) bool { return l.c.Assignee == d.lee }},
			"team":   {[]string{"team", d.crew.String()}, func(l look, _ *db.Tx) bool { return l.c.Team == d.crew }},
			"status": {[]string{"to", "pending"}, func(l look, _ *db.Tx) bool { return l.c.Status == conversation.Pending }},
			"snooze": {[]string{"minutes", "90"}, func(l look, tx *db.Tx) bool {
				return l.c.Status == conversation.Snoozed && l.c.SnoozedUntil.Sub(tx.Now()) == 90*time.Minute
			}},
			"set":            {[]string{"severity", "critical", "stage", "renewal"}, func(l look, _ *db.Tx) bool { return l.c.Severity == "critical" && l.c.Stage == conversation.Renewal }},
			"tag":            {[]string{"tag", "vip"}, func(l look, _ *db.Tx) bool { return slices.Contains(l.c.Tags, "vip") }},
			"untag":          {[]string{"tag", "vip"}, func(l look, _ *db.Tx) bool { return !slices.Contains(l.c.Tags, "vip") }},
			"field":          {[]string{"field", "order", "value", "A-1"}, func(l look, _ *db.Tx) bool { return l.own["order"] == "A-1" }},
			"follow":         {[]string{"person", d.kim.String()}, func(l look, tx *db.Tx) bool { return count(tx, `SELECT COUNT(*) FROM conversation_follower`) == 1 }},
			"tell":           {[]string{"person", d.kim.String(), "text", "Look"}, func(l look, tx *db.Tx) bool { return count(tx, `SELECT COUNT(*) FROM notice WHERE kind = 'rule'`) == 1 }},
			"promise":        {[]string{"text", "A new lamp", "days", "3", "person", d.kim.String()}, func(l look, tx *db.Tx) bool { return count(tx, `SELECT COUNT(*) FROM promise`) == 1 }},
			"page":           {[]string{"service", awake.String(), "text", "Machines stand"}, func(l look, tx *db.Tx) bool { return count(tx, `SELECT COUNT(*) FROM oncall_page`) == 1 }},
			"tag_customer":   {[]string{"tag", "loud"}, func(l look, _ *db.Tx) bool { return slices.Contains(l.p.Tags, "loud") }},
			"untag_customer": {[]string{"tag", "loud"}, func(l look, _ *db.Tx) bool { return !slices.Contains(l.p.Tags, "loud") }},
			"customer_field": {[]string{"field", "club", "value", "gold"}, func(l look, _ *db.Tx) bool { return l.p.Values["club"] == "gold" }},
			"http": {[]string{"method", "POST", "address", "https://shop.example.invalid/orders/{conversation.number}", "body", `{"who": "{customer.name}"}`}, func(l look, tx *db.Tx) bool {
				list, err := outcall.List(d.ctx, tx, outcall.Filter{}, 10)
				return err == nil && len(list) == 1 && list[0].Request.Address.Shown() == fmt.Sprintf("https://shop.example.invalid/orders/%d", l.c.Number) && list[0].Request.Body.Shown() == `{"who": "`+l.p.Name+`"}`
			}},
			"customer_stage": {[]string{"stage", "post-sale"}, func(l look, _ *db.Tx) bool { return string(l.p.Stage) == "post-sale" }},
		}
		for _, a := range automation.Actions {
			test, ok := tests[a.Key]
			if !ok {
				t.Errorf("%s: nobody has tried it", a.Key)
				continue
			}
			id := d.rule(automation.Rule{Name: a.Key, Then: []automation.Act{act(a.Key, test.with...)}})
			talk := d.asks("Hello", false)
			d.drain()
			d.do(func(tx *db.Tx) (err error) {
				l := look{c: d.getIn(tx, talk)}
				if l.p, err = contact.Whole(d.ctx, tx, l.c.Contact); err != nil {
					return err
				}
				if l.own, err = conversation.Values(d.ctx, tx, talk); err != nil {
					return err
				}
				list, err := conversation.Messages(d.ctx, tx, talk, 0, 100)
				for _, m := range list {
					l.said = append(l.said, string(m.Kind)+": "+m.Text)
				}
				if !test.so(l, tx) {
					t.Errorf("%s: %+v, %q", a.Key, l.c, l.said)
				}
				return err
			})
			if got := outcomes(d.runs(id)); got != "done" {
				t.Errorf("%s: %s %+v", a.Key, got, d.runs(id))
			}
			d.do(func(tx *db.Tx) error { return automation.Delete(d.ctx, tx, id) })

			// Without what it needs it cannot be saved.
			for _, p := range a.Params {
				if p.May {
					continue
				}
				err := d.Write(d.ctx, func(tx *db.Tx) error {
					_, err := automation.Make(d.ctx, tx, automation.Rule{Name: "x", When: "conversation.received", Then: []automation.Act{act(a.Key)}})
					return err
				})
				if problem.KindOf(err) != problem.Invalid {
					t.Errorf("%s without %s: %v", a.Key, p.Name, err)
				}
			}
		}
	})
}

func (d *desk) getIn(tx *db.Tx, id conversation.ID) conversation.Conversation {
	c, err := conversation.Get(d.ctx, tx, id)
	if err != nil {
		d.t.Error(err)
	}
	return c
}

// Who may not change settings makes no rule, and sees none.
func TestWhoMayNotMakesNoRule(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.rule(automation.Rule{Then: []automation.Act{act("tag", "tag", "x")}})
		lee := team.With(d.ctx, team.Actor{Person: d.lee, See: team.SeeEverything, Rights: []team.Right{team.Handle, team.Reply}})
		for name, try := range map[string]func(tx *db.Tx) error{
			"list":   func(tx *db.Tx) error { _, err := automation.List(lee, tx); return err },
			"get":    func(tx *db.Tx) error { _, err := automation.Get(lee, tx, id); return err },
			"make":   func(tx *db.Tx) error { _, err := automation.Make(lee, tx, automation.Rule{}); return err },
			"switch": func(tx *db.Tx) error { return automation.Switch(lee, tx, id, false) },
			"move":   func(tx *db.Tx) error { return automation.Move(lee, tx, id, 0) },
			"delete": func(tx *db.Tx) error { return automation.Delete(lee, tx, id) },
			"runs":   func(tx *db.Tx) error { _, err := automation.Runs(lee, tx, id, 0, 10); return err },
			"try":    func(tx *db.Tx) error { _, err := automation.Try(lee, tx, automation.Rule{}, tx.Now()); return err },
		} {
			if err := d.Write(d.ctx, try); problem.KindOf(err) != problem.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Work that is cut off in the middle is done again, and what was done is not.
func TestACutOffRunIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		id := d.rule(automation.Rule{Then: []automation.Act{act("note", "text", "once")}})
		talk := d.asks("Hello", false)
		var looked event.Event
		d.do(func(tx *db.Tx) error {
			list, err := event.OfKind(d.ctx, tx, talk.String(), "conversation.received", 1)
			looked = list[0]
			return err
		})
		d.drain()
		// The same work again, as after a death between the commit and the end of the job.
		for range 2 {
			if err := d.Write(d.ctx, func(tx *db.Tx) error { return automation.Hear(d.ctx, tx, looked) }); err != nil {
				t.Fatal(err)
			}
			d.drain()
		}
		if said := d.said(talk); len(said) != 2 {
			t.Errorf("said %q", said)
		}
		if got := outcomes(d.runs(id)); got != "done" {
			t.Errorf("runs %q", got)
		}
	})
}
