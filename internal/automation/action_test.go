package automation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/outcall"
)

// Every action does something that one can see, and refuses what makes no sense; so no action is in the list without a test.
func TestEveryAction(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var awake oncall.ServiceID
		d.do(func(tx *db.Tx) (err error) {
			if _, err := conversation.DefineField(d.ctx, tx, conversation.Field{Key: "order", English: "Order", Korean: "주문", Type: "text"}); err != nil {
				return err
			}
			if _, err := tx.Exec(d.ctx, `INSERT INTO slack (id, place, workspace, name, bot, token, signing, options, connected_at) VALUES (1, 1, 'T1', 'Dalbit', 'U1', '', '', '{}', 0)`); err != nil {
				return err
			}
			if _, err := tx.Exec(d.ctx, `INSERT INTO slack_channel (id, workspace, channel, name, closed, member) VALUES (1, 'T1', 'C0HELP', 'help', FALSE, TRUE)`); err != nil {
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
			"slack": {[]string{"channel", "C0HELP", "person", d.kim.String(), "text", "{customer.name} #{conversation.number}"}, func(l look, tx *db.Tx) bool {
				return count(tx, fmt.Sprintf(`SELECT COUNT(*) FROM slack_post WHERE text = '– #%d' AND kind = 'card'`, l.c.Number)) == 2 // the firm keeps names to itself
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
