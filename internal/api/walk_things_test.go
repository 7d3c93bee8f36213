package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/automation"
	"baraji/internal/calendar"
	"baraji/internal/campaign"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/hookin"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/macro"
	"baraji/internal/oncall"
	"baraji/internal/outcall"
	"baraji/internal/promise"
	"baraji/internal/runbook"
	"baraji/internal/segment"
	"baraji/internal/sequence"
	"baraji/internal/shift"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/webhook"
)

// things is one of everything, by the resource in the path, and what stands below it.
type things map[string]map[string]string

// furnished fills a world with one of everything that a team of its own may see.
func (w *world) furnished(of team.TeamID) things {
	w.t.Helper()
	out := things{}
	w.do(func(ctx context.Context, tx *db.Tx) error {
		door, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Shop " + of.String(), Channel: "api", Address: of.String(), Team: of})
		if err != nil {
			return err
		}
		who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Hana", Email: "h" + of.String() + "@example.com"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: door, Contact: who, Tags: []string{"vip"},
			Message: conversation.Message{Subject: "Lamp", Text: "Where?", Attachments: []conversation.Attachment{{Name: "a.txt", Type: "text/plain", Size: 3, Blob: w.file}}}})
		if err != nil {
			return err
		}
		m, err := conversation.GetMessage(ctx, tx, got.Message)
		if err != nil {
			return err
		}
		note, err := contact.AddNote(ctx, tx, who.ID, "Likes lamps.", false)
		if err != nil {
			return err
		}
		p, err := contact.Whole(ctx, tx, who.ID)
		if err != nil {
			return err
		}
		firm, err := contact.CreateCompany(ctx, tx, contact.Company{Name: "Solip " + of.String()})
		if err != nil {
			return err
		}
		field, err := conversation.DefineField(ctx, tx, conversation.Field{Key: "f" + strings.ToLower(of.String()[4:]), English: "F", Type: "text"})
		if err != nil {
			return err
		}
		person, err := team.MakePerson(ctx, tx, "p"+of.String()+"@shop.example", "Minsu", team.Agent, password(w.t))
		if err != nil {
			return err
		}
		if err := conversation.Follow(ctx, tx, got.Conversation, person); err != nil {
			return err
		}
		_, token, err := team.MakeToken(ctx, tx, "t", team.Light, 0)
		if err != nil {
			return err
		}
		role, err := team.MakeRole(ctx, tx, team.Role{Title: "R " + of.String(), Rights: []team.Right{team.Note}, See: team.SeeMine})
		if err != nil {
			return err
		}
		chatting, err := w.chat.Create(ctx, tx, inbox.Inbox{Name: "Chat " + of.String(), Team: of}, chat.Settings{})
		if err != nil {
			return err
		}
		saved, err := assistant.Create(ctx, tx, assistant.Answer{Locale: i18n.English, Title: "Lamps of " + of.String(), Body: "Yes."})
		if err != nil {
			return err
		}
		lesson, err := assistant.Teach(ctx, tx, assistant.Lesson{Text: "Any lamps?", Target: assistant.Target{Answer: saved}})
		if err != nil {
			return err
		}
		article, err := knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.English, Title: "Lamps of " + of.String(), Body: "They shine."})
		if err != nil {
			return err
		}
		mailed, err := inbox.Create(ctx, tx, inbox.Inbox{Name: "Mail " + of.String(), Channel: "email", Address: of.String() + "@shop.example"})
		if err != nil {
			return err
		}
		asked, err := form.Create(ctx, tx, form.Form{Name: "Form", Slug: "form-" + strings.ReplaceAll(of.String(), "_", "-"), Inbox: mailed.ID, Definition: form.Definition{
			Title: form.Text{i18n.English: "Form"}, Fields: []form.Field{{Key: "email", Kind: form.Email, Label: form.Text{i18n.English: "Mail"}}}}})
		if err != nil {
			return err
		}
		own, err := calendar.Make(ctx, tx, calendar.Given{Name: "Hours " + of.String()})
		if err != nil {
			return err
		}
		off, err := calendar.Except(ctx, tx, calendar.Exception{Calendar: own, First: hours.Date{Year: 2030, Month: 1, Day: 2}, Last: hours.Date{Year: 2030, Month: 1, Day: 2}, Kind: calendar.Closed})
		if err != nil {
			return err
		}
		rota, placed, over, swap, away, err := rostered(ctx, tx, of, person)
		if err != nil {
			return err
		}
		promised, err := promise.Make(ctx, tx, promise.Given{Words: "A lamp", Owner: person, Conversation: got.Conversation, Due: tx.Now().AddDate(1, 0, 0)})
		if err != nil {
			return err
		}
		book, err := runbook.Make(ctx, tx, runbook.Content{Title: i18n.Text{i18n.English: "Lights at " + of.String()}, Steps: []runbook.Step{{Text: i18n.Text{i18n.English: "Look"}}}})
		if err != nil {
			return err
		}
		if _, err := runbook.Start(ctx, tx, got.Conversation, book); err != nil {
			return err
		}
		broken, err := incident.Open(ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "No light at " + of.String()}, Severity: "major"})
		if err != nil {
			return err
		}
		watched, err := oncall.MakeService(ctx, tx, oncall.Service{Name: "Payments " + of.String(), Course: oncall.Course{Steps: []oncall.Step{{Who: []oncall.Target{{Person: person}}, Wait: 5}}}})
		if err != nil {
			return err
		}
		called, err := oncall.Open(ctx, tx, watched, oncall.Call{Title: "The till is down", Reason: oncall.ByHand})
		if err != nil {
			return err
		}
		ruled, err := automation.Make(ctx, tx, automation.Rule{Name: "Tag", When: "conversation.received", Then: []automation.Act{{Do: "tag", With: map[string]string{"tag": "x"}}}})
		if err != nil {
			return err
		}
		flow, way, err := onTheWay(ctx, tx, who.ID, got.Conversation)
		if err != nil {
			return err
		}
		group, err := segment.Make(ctx, tx, segment.Segment{Name: fmt.Sprintf("Group %d", tx.NewID()), If: segment.If{Field: "customer.tags", Op: "filled"}})
		if err != nil {
			return err
		}
		sent, err := w.writes(ctx, tx, group, mailed.ID)
		if err != nil {
			return err
		}
		if err := consent.Suppress(ctx, tx, fmt.Sprintf("gone%d@customer.example", tx.NewID()), consent.ByHand, ""); err != nil {
			return err
		}
		barred, err := consent.Bars(ctx, tx, consent.BarFilter{Limit: 1})
		if err != nil {
			return err
		}
		written, err := macro.Make(ctx, tx, macro.Given{Name: "Hello", For: macro.Everyone, Content: macro.Content{Text: i18n.Text{i18n.English: "Hello"}}})
		if err != nil {
			return err
		}
		outward, err := outcall.Ask(ctx, tx, outcall.Request{Method: "GET", Address: outcall.Text{{Text: "https://shop.example/x"}}}, outcall.About{Subject: got.Conversation.String()})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE outcall SET state = 'failed' WHERE id = $1`, outward); err != nil {
			return err
		}
		sealed, err := w.calls.MakeSecret(ctx, tx, "key_"+strconv.FormatInt(tx.NewID(), 10), "shop.example", "x")
		if err != nil {
			return err
		}
		said, err := w.says(ctx, tx)
		if err != nil {
			return err
		}
		told, item, err := w.tells(ctx, tx)
		if err != nil {
			return err
		}
		hook, try, err := w.hook(ctx, tx)
		if err != nil {
			return err
		}
		out = things{
			"incoming-webhooks": {"id": told.String(), "item": item.String()},
			"requests":          {"id": outward.String()},
			"secrets":           {"id": sealed.String()},
			"slack":             {"id": said.String()},
			"webhooks":          {"id": hook.String(), "delivery": try.String()},
			"services":          {"id": watched.String()},
			"pages":             {"id": called.ID.String()},
			"calendars":         {"id": own.String(), "exception": off.String()},
			"rotas":             {"id": rota.String(), "shift": placed.String()},
			"overrides":         {"id": over.String()},
			"swaps":             {"id": swap.String()},
			"leaves":            {"id": away.String()},
			"incidents":         {"id": broken.ID.String()},
			"runbooks":          {"id": book.String()},
			"promises":          {"id": promised.String()},
			"rules":             {"id": ruled.String()},
			"flows":             {"id": flow.String()},
			"macros":            {"id": written.String()},
			"segments":          {"id": group.String()},
			"campaigns":         {"id": sent.String()},
			"suppressions":      {"id": barred[0].ID.String()},
			"flow-paths":        {"id": way.String()},
			"forms":             {"id": asked.ID.String(), "door": mailed.ID.String()},
			"articles":          {"id": article.String()},
			"answers":           {"id": saved.String()},
			"assistant":         {"id": lesson.String()},
			"widgets":           {"id": chatting.ID.String()},
			"conversations":     {"id": got.Conversation.String(), "tag": "vip", "person": person.String(), "macro": written.String()},
			"messages":          {"id": got.Message.String()},
			"attachments":       {"id": m.Attachments[0].ID.String()},
			"contacts":          {"id": who.ID.String(), "note": note.String(), "address": p.Addresses[0].ID.String()},
			"companies":         {"id": firm.ID.String()},
			"fields":            {"id": field.ID.String()},
			"inboxes":           {"id": door.ID.String(), "kind": "signature", "language": "ko"},
			"people":            {"id": person.String()},
			"routing":           {"id": person.String()},
			"teams":             {"id": of.String()},
			"tokens":            {"id": token.String()},
			"roles":             {"name": role},
			"quarantine":        {"id": email.ItemID(tx.NewID()).String()},
			"jobs":              {"id": event.ID(tx.NewID()).String()},
		}
		return nil
	})
	return out
}

// rostered makes a rota with somebody in it, an override, a swap that is asked, and a leave.
// onTheWay makes a flow that nobody is in, and another one with a customer in it.
func onTheWay(ctx context.Context, tx *db.Tx, who contact.ID, talk conversation.ID) (flow sequence.ID, way sequence.PathID, err error) {
	f := sequence.Flow{Name: "Tag", Steps: []sequence.Step{{Do: "act", Acts: []automation.Act{{Do: "tag", With: map[string]string{"tag": "x"}}}}}}
	for range 2 {
		if flow, err = sequence.Make(ctx, tx, f); err != nil {
			return
		}
		if err = sequence.Switch(ctx, tx, flow, true); err != nil {
			return
		}
		if way == 0 {
			if way, err = sequence.Begin(ctx, tx, flow, who, talk); err != nil {
				return
			}
		}
	}
	return
}

func rostered(ctx context.Context, tx *db.Tx, of team.TeamID, person team.ID) (rota shift.RotaID, single shift.SingleID, over shift.OverrideID, swap shift.SwapID, away shift.LeaveID, err error) {
	rota, err = shift.Make(ctx, tx, shift.Rota{Name: "Rota " + of.String(), Mode: shift.InHouse})
	if err != nil {
		return
	}
	from := time.Date(2030, 1, 2, 9, 0, 0, 0, time.UTC)
	if single, _, err = shift.Place(ctx, tx, shift.Single{Rota: rota, People: []team.ID{person}, Day: hours.Date{Year: 2030, Month: 1, Day: 2}, From: 9 * 60, Length: 60}); err != nil {
		return
	}
	if over, err = shift.Set(ctx, tx, shift.Override{Rota: rota, From: from.AddDate(0, 0, 9), Until: from.AddDate(0, 0, 10)}); err != nil {
		return
	}
	if away, err = shift.TakeLeave(ctx, tx, shift.Leave{Person: person, From: from.AddDate(0, 1, 0), Until: from.AddDate(0, 2, 0), Kind: shift.Holiday}); err != nil {
		return
	}
	b, err := shift.LoadOne(ctx, tx, rota, from, from)
	if err != nil {
		return
	}
	secret, err := hashed()
	if err != nil {
		return
	}
	other, err := team.MakePerson(ctx, tx, "other-"+of.String()+"@shop.example", "Other", team.Light, secret)
	if err != nil {
		return
	}
	for _, t := range b.Plan(from.AddDate(0, 0, -2), from.AddDate(0, 0, 2)) {
		swap, err = shift.Ask(ctx, tx, shift.Ref{Rota: rota, Key: t.Key, From: t.From}, other, shift.Ref{}, "")
	}
	return
}

// absent has the ids of what never was.
func (t things) absent() things {
	out := things{}
	for kind, values := range t {
		out[kind] = map[string]string{}
		for name, v := range values {
			if i := strings.IndexByte(v, '_'); i > 0 && len(v) > i+6 {
				v = v[:i+1] + "0000000000zz1"[:len(v)-i-1]
			}
			if kind == "roles" {
				v = "nobody"
			}
			out[kind][name] = v
		}
	}
	return out
}

func (t things) path(s step) string {
	return example(s.Path, t[section(strings.TrimPrefix(s.Path, prefix))])
}

// says makes a message for Slack that was given up; the first time, Slack is connected.
func (w *world) says(ctx context.Context, tx *db.Tx) (id slack.PostID, err error) {
	is, err := slack.Is(ctx, tx)
	if err == nil && !is {
		err = w.slack.Connect(ctx, tx, slack.Given{Token: w.there.Token, Signing: w.there.Signing}, slack.Found{Key: w.there.Key, Name: w.there.Name, Bot: w.there.Bot})
	}
	if err == nil {
		id, err = slack.Tell(ctx, tx, slack.Message{Channel: "C0HELP", Text: "Look"})
	}
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE slack_post SET state = 'failed' WHERE id = $1`, id)
	}
	return id, err
}

// writes makes a campaign that could begin.
func (w *world) writes(ctx context.Context, tx *db.Tx, to segment.ID, from inbox.ID) (campaign.ID, error) {
	a, err := w.server.Mail.Account(ctx, tx, from)
	if err != nil {
		return 0, err
	}
	a.SMTP = email.Server{Host: "127.0.0.1", Port: 1, Security: email.Plain}
	if err := w.server.Mail.SetAccount(ctx, tx, a); err != nil {
		return 0, err
	}
	d, err := campaign.GetDefaults(ctx, tx)
	if err != nil {
		return 0, err
	}
	return campaign.Make(ctx, tx, campaign.Campaign{Name: "Autumn", Purpose: consent.Notice, Segment: to, Inbox: from, Manners: d.Manners,
		Letter: campaign.Letter{Subject: i18n.Text{i18n.English: "Lamps"}, Text: i18n.Text{i18n.English: "They shine."}}})
}

// tells makes an incoming webhook with something that failed.
func (w *world) tells(ctx context.Context, tx *db.Tx) (hookin.ID, hookin.ItemID, error) {
	id, _, err := w.intake.Make(ctx, tx, hookin.Given{Name: "The shop", Proof: hookin.Proof{Scheme: hookin.Bearer}})
	if err != nil {
		return 0, 0, err
	}
	item, err := hookin.Try(ctx, tx, id, `{"a": 1}`)
	if err != nil {
		return 0, 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE hookin_item SET state = 'failed' WHERE id = $1`, item)
	return id, item, err
}

// hook makes a webhook with a delivery, in place of the oldest where there are many: there can be only so many.
func (w *world) hook(ctx context.Context, tx *db.Tx) (webhook.ID, webhook.DeliveryID, error) {
	list, err := webhook.List(ctx, tx)
	if err != nil {
		return 0, 0, err
	}
	if len(list) > 20 {
		if err := w.hooks.Delete(ctx, tx, list[0].ID); err != nil {
			return 0, 0, err
		}
	}
	id, _, err := w.hooks.Make(ctx, tx, webhook.Given{Address: "https://shop.example/in", Kinds: []string{"team"}})
	if err != nil {
		return 0, 0, err
	}
	d, err := w.hooks.Try(ctx, tx, id)
	return id, d, err
}
