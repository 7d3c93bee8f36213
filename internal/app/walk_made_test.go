package app_test

import (
	"fmt"

	"baraji/internal/automation"
	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/hookin"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/macro"
	"baraji/internal/oncall"
	"baraji/internal/outcall"
	"baraji/internal/promise"
	"baraji/internal/runbook"
	"baraji/internal/segment"
	"baraji/internal/sequence"
	"baraji/internal/team"
	"baraji/internal/webhook"
)

// calls adds a service, a call of it, and somebody who can be called instead.
func (w *walk) calls(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		of, err := oncall.MakeService(ctx, tx, oncall.Service{Name: "Till " + out["n"], Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: w.other.ID}}, Wait: 5}}}})
		if err != nil {
			return err
		}
		p, err := oncall.Open(ctx, tx, of, oncall.Call{Title: "The till is down", Reason: oncall.ByHand})
		out["service"], out["call"], out["colleague"] = of.String(), p.ID.String(), w.other.ID.String()
		return err
	})
}

// promises adds a promise out of the conversation, which somebody else keeps.
func (w *walk) promises(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		p, err := promise.Make(w.System(), tx, promise.Given{Words: "A lamp " + secret(read[team.TeamID](out["of"])), Owner: w.other.ID, Conversation: read[conversation.ID](out["conversation"]), Due: tx.Now().AddDate(1, 0, 0)})
		out["promise"] = p.String()
		return err
	})
}

// follows adds a runbook that is followed in the conversation.
func (w *walk) follows(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		of, err := runbook.Make(ctx, tx, runbook.Content{Title: i18n.Text{i18n.English: "Lights " + out["n"]}, Steps: []runbook.Step{{Text: i18n.Text{i18n.English: "Look"}}}})
		if err != nil {
			return err
		}
		run, err := runbook.Start(ctx, tx, read[conversation.ID](out["conversation"]), of)
		out["runbook"], out["run"], out["followed"] = of.String(), run.ID.String(), out["conversation"]
		return err
	})
}

// flows adds a flow that nobody is in, and another one with the customer in it, about the conversation.
func (w *walk) flows(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		for _, name := range []string{"path", "flown"} {
			flow, err := sequence.Make(ctx, tx, sequence.Flow{Name: "Tag", Steps: []sequence.Step{{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: 1440}}}})
			if err != nil {
				return err
			}
			if err := sequence.Switch(ctx, tx, flow, true); err != nil {
				return err
			}
			if out[name] = flow.String(); name == "path" {
				p, err := sequence.Begin(ctx, tx, flow, read[contact.ID](out["contact"]), read[conversation.ID](out["conversation"]))
				if err != nil {
					return err
				}
				out[name] = p.String()
			}
		}
		return nil
	})
}

// hook adds a webhook, in place of an older one where there are many: there can be only so many, and the first ones are walked for long.
func (w *walk) hook(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		list, err := webhook.List(ctx, tx)
		if err != nil {
			return err
		}
		if len(list) > 20 {
			if err := w.Hooks.Delete(ctx, tx, list[10].ID); err != nil {
				return err
			}
		}
		id, _, err := w.Hooks.Make(ctx, tx, webhook.Given{Address: "https://shop.example/in", Kinds: []string{"chat"}})
		out["hook"] = id.String()
		if err != nil {
			return err
		}
		ruled, err := automation.Make(ctx, tx, automation.Rule{Name: "Tag", When: "conversation.received", Then: []automation.Act{{Do: "tag", With: map[string]string{"tag": "x"}}}})
		out["ruled"] = ruled.String()
		return err
	})
}

// asks adds a request to another system that was given up, and a secret.
func (w *walk) asks(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		ctx := w.System()
		id, err := outcall.Ask(ctx, tx, outcall.Request{Method: "GET", Address: outcall.Text{{Text: "https://shop.example/x"}}}, outcall.About{Subject: out["conversation"]})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE outcall SET state = 'failed' WHERE id = $1`, id); err != nil {
			return err
		}
		sealed, err := w.Calls.MakeSecret(ctx, tx, fmt.Sprintf("key_%d", tx.NewID()), "shop.example", "x")
		out["request"], out["secret"] = id.String(), sealed.String()
		if err != nil {
			return err
		}
		told, _, err := w.Intake.Make(ctx, tx, hookin.Given{Name: "Shop", Proof: hookin.Proof{Scheme: hookin.Bearer}})
		out["told"] = told.String()
		return err
	})
}

// groups adds a segment, and an address to which nothing goes.
func (w *walk) groups(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		made, err := segment.Make(w.System(), tx, segment.Segment{Name: fmt.Sprintf("Group %d", tx.NewID()), If: segment.If{Field: "customer.tags", Op: "filled"}})
		if err != nil {
			return err
		}
		address := fmt.Sprintf("gone%d@customer.example", tx.NewID())
		if err := consent.Suppress(w.System(), tx, address, consent.ByHand, ""); err != nil {
			return err
		}
		list, err := consent.Bars(w.System(), tx, consent.BarFilter{Query: address, Limit: 1})
		if err == nil {
			out["segment"], out["bar"] = made.String(), list[0].ID.String()
		}
		return err
	})
}

// mailings adds a campaign.
func (w *walk) mailings(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		made, err := campaign.Make(w.System(), tx, campaign.Campaign{Name: "News", Purpose: consent.Notice, Manners: campaign.Manners{Rate: 60}})
		out["campaign"] = made.String()
		return err
	})
}

// macros adds a macro that everybody has.
func (w *walk) macros(out things) {
	w.t.Helper()
	w.Must(func(tx *db.Tx) error {
		written, err := macro.Make(w.System(), tx, macro.Given{Name: "Hello", For: macro.Everyone, Content: macro.Content{Text: i18n.Text{i18n.English: "Hello"}, Acts: []automation.Act{{Do: "tag", With: map[string]string{"tag": "x"}}}}})
		out["macro"] = written.String()
		return err
	})
}
