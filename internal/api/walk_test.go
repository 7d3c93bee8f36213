package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/automation"
	"baraji/internal/calendar"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/promise"
	"baraji/internal/runbook"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/webhook"
)

// step is one operation of the description.
type step struct {
	Method, Path string
	Summary      string `json:"summary"`
	OperationID  string `json:"operationId"`
	Parameters   []struct {
		Name string `json:"name"`
		In   string `json:"in"`
	} `json:"parameters"`
	Responses map[string]json.RawMessage `json:"responses"`
	known     *operation
}

func (s step) String() string { return s.Method + " " + s.Path }

// walk lists every operation of the description, in order.
func (w *world) walk() (all []step) {
	var spec struct{ Paths map[string]map[string]step }
	if err := json.Unmarshal(w.call("", "GET", "/openapi.json", nil).Body.Bytes(), &spec); err != nil {
		w.t.Fatal(err)
	}
	for path, methods := range spec.Paths {
		for method, s := range methods {
			s.Method, s.Path = strings.ToUpper(method), path
			s.known = w.server.known[s.String()]
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b step) int { return strings.Compare(a.String(), b.String()) })
	return all
}

func TestEveryRouteIsDescribedAndTheOtherWayRound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		described := map[string]bool{}
		for _, s := range w.walk() {
			described[s.String()] = true
			if s.known == nil {
				t.Errorf("%s is described and the server does not know it", s)
			}
			if s.Summary == "" || s.OperationID == "" || s.Responses["default"] == nil && !s.known.public {
				t.Errorf("%s is described poorly", s)
			}
			r, _ := http.NewRequest(s.Method, example(s.Path, nil), nil)
			if _, pattern := w.server.mux.Handler(r); pattern != s.String() {
				t.Errorf("%s is served by %q", s, pattern)
			}
		}
		for pattern := range w.server.known {
			if !described[pattern] {
				t.Errorf("%s is served and not described", pattern)
			}
		}
		for _, later := range []string{"/leads", "/reports"} {
			w.call(w.admin, "GET", later, nil).want(404)
		}
	})
}

// example fills in the parameters of a path.
func example(path string, values map[string]string) string {
	var out []string
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") {
			name := strings.Trim(part, "{}")
			if v, ok := values[name]; ok {
				part = url.PathEscape(v)
			} else {
				part = "x"
			}
		}
		out = append(out, part)
	}
	return strings.Join(out, "/")
}

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
		hook, try, err := w.hook(ctx, tx)
		if err != nil {
			return err
		}
		out = things{
			"webhooks":      {"id": hook.String(), "delivery": try.String()},
			"services":      {"id": watched.String()},
			"pages":         {"id": called.ID.String()},
			"calendars":     {"id": own.String(), "exception": off.String()},
			"rotas":         {"id": rota.String(), "shift": placed.String()},
			"overrides":     {"id": over.String()},
			"swaps":         {"id": swap.String()},
			"leaves":        {"id": away.String()},
			"incidents":     {"id": broken.ID.String()},
			"runbooks":      {"id": book.String()},
			"promises":      {"id": promised.String()},
			"rules":         {"id": ruled.String()},
			"forms":         {"id": asked.ID.String(), "door": mailed.ID.String()},
			"articles":      {"id": article.String()},
			"answers":       {"id": saved.String()},
			"assistant":     {"id": lesson.String()},
			"widgets":       {"id": chatting.ID.String()},
			"conversations": {"id": got.Conversation.String(), "tag": "vip", "person": person.String()},
			"messages":      {"id": got.Message.String()},
			"attachments":   {"id": m.Attachments[0].ID.String()},
			"contacts":      {"id": who.ID.String(), "note": note.String(), "address": p.Addresses[0].ID.String()},
			"companies":     {"id": firm.ID.String()},
			"fields":        {"id": field.ID.String()},
			"inboxes":       {"id": door.ID.String(), "kind": "signature", "language": "ko"},
			"people":        {"id": person.String()},
			"routing":       {"id": person.String()},
			"teams":         {"id": of.String()},
			"tokens":        {"id": token.String()},
			"roles":         {"name": role},
			"quarantine":    {"id": email.ItemID(tx.NewID()).String()},
			"jobs":          {"id": event.ID(tx.NewID()).String()},
		}
		return nil
	})
	return out
}

// rostered makes a rota with somebody in it, an override, a swap that is asked, and a leave.
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

// nested says that an operation is about one thing.
func (s step) nested() bool { return strings.Contains(s.Path, "{") }

// goodBodies is what does for the operations that change something; the others
// have none or need none.
func goodBodies(other things) map[string]any {
	return map[string]any{
		"POST /conversations":                       opening("Lamp", "new@example.com"),
		"PATCH /conversations/{id}":                 map[string]any{"subject": "Other"},
		"POST /conversations/{id}/messages":         map[string]any{"kind": "note", "text": "Aha."},
		"POST /conversations/{id}/merge":            map[string]any{"from": other["conversations"]["id"]},
		"POST /conversations/{id}/split":            map[string]any{"message_id": other["messages"]["id"]},
		"POST /conversations/{id}/tags":             map[string]any{"name": "late"},
		"POST /conversations/{id}/followers":        map[string]any{"person_id": other["people"]["id"]},
		"POST /contacts":                            map[string]any{"name": "Bora", "email": "bora@example.com"},
		"PATCH /contacts/{id}":                      map[string]any{"title": "CEO"},
		"POST /contacts/{id}/addresses":             map[string]any{"kind": "phone", "value": "010-1234-5678"},
		"POST /contacts/{id}/notes":                 map[string]any{"text": "Likes tea."},
		"PATCH /contacts/{id}/notes/{note}":         map[string]any{"pinned": true},
		"POST /contacts/{id}/merge":                 map[string]any{"from": other["contacts"]["id"]},
		"POST /companies":                           map[string]any{"name": "Haneul"},
		"POST /companies/{id}/merge":                map[string]any{"from": other["companies"]["id"]},
		"PATCH /companies/{id}":                     map[string]any{"tier": "gold"},
		"POST /calendars":                           map[string]any{"name": "Night", "week": map[string]any{"mon": "22-24"}, "tiers": []string{"gold"}},
		"PATCH /calendars/{id}":                     map[string]any{"week": map[string]any{"sun": "10-12"}},
		"POST /calendars/{id}/exceptions":           map[string]any{"first": "2030-02-01", "kind": "hours", "hours": "10-14"},
		"PATCH /targets":                            map[string]any{"targets": []any{map[string]any{"first": 10, "counts": "work", "pauses": []string{"pending"}}}},
		"POST /calendars/{id}/holidays":             map[string]any{"text": "2030-03-04,Day of lamps"},
		"PATCH /routing":                            map[string]any{"rules": []any{map[string]any{"to": "team", "team": other["teams"]["id"]}}},
		"POST /routing/decide":                      map[string]any{"text": "the till is down", "tier": "gold"},
		"PATCH /routing/people/{id}":                map[string]any{"room": 5},
		"POST /rotas":                               map[string]any{"name": "Nights", "mode": "call", "layers": []any{map[string]any{"slots": [][]string{{other["people"]["id"]}}, "first": "2030-01-07", "hand_over": "09:00", "every": 1, "unit": "weeks", "hours": []any{map[string]any{"days": []string{"sat"}, "from": "22:00", "to": "06:00"}}}}},
		"PATCH /rotas/{id}":                         map[string]any{"color": 3},
		"POST /rotas/{id}/shifts":                   map[string]any{"people": []string{other["people"]["id"]}, "from": "2030-01-07T09:00:00Z", "until": "2030-01-07T18:00:00Z"},
		"POST /overrides":                           map[string]any{"rota_id": other["rotas"]["id"], "person_id": other["people"]["id"], "from": "2030-01-07T09:00:00Z", "until": "2030-01-07T18:00:00Z"},
		"POST /swaps":                               map[string]any{"give": map[string]any{"rota_id": other["rotas"]["id"], "key": "none", "from": "2030-01-07T09:00:00Z"}, "other_id": other["people"]["id"]},
		"POST /leaves":                              map[string]any{"person_id": other["people"]["id"], "from": "2030-01-07T00:00:00Z", "until": "2030-01-08T00:00:00Z"},
		"POST /fields":                              map[string]any{"of": "contact", "key": "shoe", "label": map[string]any{"en": "Shoe"}, "type": "text"},
		"PATCH /fields/{id}":                        map[string]any{"rank": 3},
		"POST /inboxes":                             map[string]any{"name": "Two", "channel": "api"},
		"POST /forms":                               map[string]any{"name": "Two", "slug": "two", "inbox_id": other["forms"]["door"], "definition": map[string]any{"title": map[string]string{"en": "T"}, "fields": []any{map[string]any{"key": "email", "kind": "email", "label": map[string]string{"en": "Mail"}}}}},
		"PATCH /forms/{id}":                         map[string]any{"name": "Other", "state": "live"},
		"PUT /widgets/{id}":                         map[string]any{"color": "#006b5e"},
		"PATCH /inboxes/{id}":                       map[string]any{"name": "Three"},
		"PUT /inboxes/{id}/texts/{kind}/{language}": map[string]any{"body": "Bye"},
		"POST /people":                              map[string]any{"email": "new@shop.example", "name": "New", "role": "light"},
		"PATCH /people/{id}":                        map[string]any{"name": "Renamed"},
		"POST /teams":                               map[string]any{"name": "Night"},
		"PATCH /teams/{id}":                         map[string]any{"about": "…"},
		"POST /roles":                               map[string]any{"title": "Own", "rights": []string{"conversation.note"}, "see": "mine"},
		"PATCH /roles/{name}":                       map[string]any{"about": "…"},
		"POST /tokens":                              map[string]any{"name": "bot", "role": "light"},
		"GET /search":                               nil,
		"POST /services":                            map[string]any{"name": "Till", "steps": []any{map[string]any{"people": []string{other["people"]["id"]}, "wait": 5}}},
		"PATCH /services/{id}":                      map[string]any{"about": "…", "rules": []any{map[string]any{"on": "asked", "severity": "critical", "when": "after", "urgent": true}}},
		"POST /pages":                               map[string]any{"service_id": other["services"]["id"], "title": "Down"},
		"POST /pages/{id}/reassign":                 map[string]any{"person_id": other["people"]["id"]},
		"POST /promises":                            map[string]any{"words": "A lamp", "contact_id": other["contacts"]["id"], "owner_id": other["people"]["id"], "due_at": "2036-01-05T10:00:00Z"},
		"PATCH /promises/{id}":                      map[string]any{"words": "Two lamps"},
		"POST /promises/{id}/move":                  map[string]any{"due_at": "2036-02-05T10:00:00Z"},
		"POST /rules":                               map[string]any{"name": "Tag", "when": "conversation.received", "then": []any{map[string]any{"do": "tag", "with": map[string]string{"tag": "x"}}}},
		"PATCH /rules/{id}":                         map[string]any{"on": true, "place": 0},
		"POST /rules/try":                           map[string]any{"name": "Tag", "when": "conversation.received", "then": []any{map[string]any{"do": "tag", "with": map[string]string{"tag": "x"}}}},
		"POST /runbooks":                            map[string]any{"title": map[string]string{"en": "Lights"}, "steps": []any{map[string]any{"text": map[string]string{"en": "Look"}}}},
		"PATCH /runbooks/{id}":                      map[string]any{"severity": "critical"},
		"POST /conversations/{id}/runbooks/start":   map[string]any{"runbook_id": other["runbooks"]["id"]},
		"POST /conversations/{id}/runbooks/tick":    map[string]any{"step": 1, "what": "done"},
		"POST /conversations/{id}/runbooks/end":     map[string]any{"to": "solved"},
		"POST /incidents":                           map[string]any{"title": map[string]string{"en": "No light"}, "severity": "critical"},
		"PATCH /incidents/{id}":                     map[string]any{"severity": "minor"},
		"POST /incidents/{id}/update":               map[string]any{"state": "identified", "text": map[string]string{"en": "The fuse."}},
		"POST /incidents/{id}/resolve":              map[string]any{"text": map[string]string{"en": "Light."}},
		"POST /incidents/{id}/link":                 map[string]any{"conversation_id": other["conversations"]["id"]},
		"POST /webhooks":                            map[string]any{"address": "https://shop.example/in", "kinds": []string{"team"}},
		"PATCH /webhooks/{id}":                      map[string]any{"about": "The shop", "state": "on"},
		"POST /webhooks/{id}/resend":                map[string]any{"since": dbtest.Start.Add(-time.Hour)},
		"POST /articles":                            map[string]any{"title": "Bulbs", "body": "E27.", "locale": "en"},
		"PATCH /articles/{id}":                      map[string]any{"title": "Other"},
		"POST /answers":                             map[string]any{"title": "Which bulb?", "body": "E27.", "phrasings": []string{"what bulb"}, "locale": "en"},
		"PATCH /answers/{id}":                       map[string]any{"title": "Other"},
		"POST /assistant/ask":                       map[string]any{"text": "lamps?", "locale": "en"},
		"POST /assistant/lessons":                   map[string]any{"text": "Have you any lamps?", "answer_id": other["answers"]["id"]},
	}
}

func (s step) body(bodies map[string]any) any {
	if b, ok := bodies[s.Method+" "+strings.TrimPrefix(s.Path, prefix)]; ok {
		return b
	}
	if s.Method == "POST" && strings.HasSuffix(s.Path, "/attachments") {
		return "abc"
	}
	return nil
}

func (s step) query() string {
	if strings.HasSuffix(s.Path, "/search") {
		return "?q=lamp"
	}
	return ""
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestWhoMayWhat walks every operation as everybody: without a token, with that of
// each role, and as an agent of another team; on what is his, another's, and what
// never was (T35).
func TestWhoMayWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		mine := w.named("Mine")
		stranger := w.person("stranger@shop.example", team.Agent, team.SeeTeams, mine)
		tokens := map[string]string{}
		for _, r := range team.BuiltIn() {
			if r.Name != team.Owner { // a token of its own cannot be one
				tokens[r.Name] = w.token(r.Name)
			}
		}
		steps := w.walk()
		slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(b2i(a.Method != "GET"), b2i(b.Method != "GET")) }) // who only looks can look at the same things
		var fresh team.TeamID
		var own, strange things
		used := true
		hidden := map[string]bool{"conversations": true, "messages": true, "attachments": true, "promises": true}
		for i, s := range steps {
			if s.known.public {
				continue
			}
			if used || s.Method != "GET" {
				fresh = w.named(fmt.Sprint("F", i))
				own, strange = w.furnished(fresh), w.furnished(w.named(fmt.Sprint("O", i)))
			}
			used = s.Method != "GET"
			gone, bodies := own.absent(), goodBodies(strange)
			if r := w.call("", s.Method, own.path(s)+s.query(), s.body(bodies)); r.Code != 401 {
				t.Errorf("%s by nobody: %d %s", s, r.Code, r.Body)
			}
			kind := section(strings.TrimPrefix(s.Path, prefix))
			if s.nested() && hidden[kind] {
				r := w.call(stranger, s.Method, strange.path(s)+s.query(), s.body(bodies))
				g := w.call(stranger, s.Method, gone.path(s)+s.query(), s.body(bodies))
				if r.Code != g.Code || r.Code != 404 && r.Code != 403 || r.Code == 404 && told(r) != told(g) {
					t.Errorf("%s on another team's: %d %s; on what never was: %d %s", s, r.Code, r.Body, g.Code, g.Body)
				}
			}
			r := w.call(w.admin, s.Method, own.path(s)+s.query(), s.body(bodies))
			if r.Code >= 300 && !lacks[s.Method+" "+strings.TrimPrefix(s.Path, prefix)] {
				t.Errorf("%s by the administrator: %d %s", s, r.Code, r.Body)
			}
			if r.Code >= 500 {
				t.Errorf("%s: %d %s\n%s", s, r.Code, r.Body, w.logged)
			}
			own = w.furnished(w.named(fmt.Sprint("G", i)))
			for _, role := range slices.Sorted(maps.Keys(tokens)) {
				g := w.call(tokens[role], s.Method, gone.path(s)+s.query(), s.body(bodies))
				if s.nested() && g.Code != 404 && g.Code != 403 {
					t.Errorf("%s by %s on what never was: %d %s", s, role, g.Code, g.Body)
				}
				if g.Code == 404 || !s.nested() || role == team.Admin {
					continue
				}
				if r := w.call(tokens[role], s.Method, own.path(s)+s.query(), s.body(bodies)); r.Code != g.Code {
					t.Errorf("%s by %s: %d on what is there, %d on what never was: %s", s, role, r.Code, g.Code, r.Body)
				}
			}
		}
	})
}

// lacks is what the furnished world has not got: mail, failed jobs, merges to undo.
var lacks = map[string]bool{"GET /messages/{id}/source": true, "POST /messages/{id}/unsend": true, "POST /messages/{id}/resend": true,
	"GET /quarantine/{id}": true, "GET /quarantine/{id}/source": true, "POST /quarantine/{id}/retry": true,
	"DELETE /quarantine/{id}": true, "POST /jobs/{id}/retry": true, "DELETE /jobs/{id}": true, "POST /conversations/{id}/undo": true,
	"POST /swaps/{id}/undo": true, "POST /swaps": true, "POST /contacts/{id}/undo": true, "POST /companies/{id}/undo": true, "POST /conversations/{id}/split": true, "POST /people/{id}/invite": true}

// told is what a refusal says.
func told(r reply) string {
	var p Problem
	json.Unmarshal(r.Body.Bytes(), &p)
	return p.Type + " " + p.Title
}

func (w *world) named(name string) (id team.TeamID) {
	w.do(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = team.MakeTeam(ctx, tx, name, "")
		return err
	})
	return id
}

// hashed is made once: it takes its time.
var hashed = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("a long enough password 1") })

func password(t testing.TB) team.Hashed {
	h, err := hashed()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// person makes somebody who works here, and a token of his.
func (w *world) person(address, role string, see team.See, of team.TeamID) (text string) {
	w.t.Helper()
	w.do(func(ctx context.Context, tx *db.Tx) error {
		p, err := team.MakePerson(ctx, tx, address, "Somebody", role, password(w.t))
		if err != nil {
			return err
		}
		if err := team.Show(ctx, tx, p, see); err != nil {
			return err
		}
		if err := team.SetTeams(ctx, tx, p, []team.TeamID{of}); err != nil {
			return err
		}
		text, _, err = team.NewToken(ctx, tx, team.Token{Name: "his", Person: p})
		return err
	})
	return text
}

// nasty are texts that have broken others (T34, T44, T48).
var nasty = []string{"'", `"; DROP TABLE contact; --`, `\`, "%", "%00", "\x00", "\xff\xfe", "a\r\nBcc: x@y.example", "../../etc/passwd", "${7*7}", "{{7*7}}",
	"<script>alert(1)</script>", "=cmd|' /C calc'!A0", strings.Repeat("가", 600), "\u202e\u200b", "-1", "9223372036854775808", "1e999", "NaN", "null", "true",
	"[]", "{}", "cnv_", "cnv_zzzzzzzzzzzzzzzzzzzz", "* OR 1=1", `"unclosed`, "a* b* \"c d\" -e", "\U0001f600", " "}

func TestNothingThatIsSentBreaksUs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := w.furnished(w.named("Own"))
		for _, s := range w.walk() {
			if s.known.public {
				continue
			}
			for _, text := range nasty {
				w.attack(s, own, text)
			}
		}
	})
}

// attack puts a text into every parameter of an operation, one after the other.
func (w *world) attack(s step, own things, text string) {
	w.t.Helper()
	kind := section(strings.TrimPrefix(s.Path, prefix))
	for _, p := range s.Parameters {
		values, path, headers := maps.Clone(own[kind]), "", []string{}
		if values == nil {
			values = map[string]string{}
		}
		switch p.In {
		case "path":
			values[p.Name] = text
			path = example(s.Path, values)
		case "query":
			path = example(s.Path, values) + "?" + p.Name + "=" + url.QueryEscape(text)
		case "header":
			if strings.ContainsAny(text, "\r\n\x00") {
				continue
			}
			path, headers = example(s.Path, values), []string{p.Name, text}
		}
		if text == " " && p.In == "path" || text == "" {
			continue
		}
		var body any
		if s.Method != "GET" && s.Method != "DELETE" {
			body = "{}"
		}
		if r := w.call(w.admin, s.Method, path, body, headers...); r.Code >= 500 {
			w.t.Errorf("%s with %q as %s: %d\n%s", s, text, p.Name, r.Code, w.logged)
			w.logged.Reset()
		}
	}
	w.attackBody(s, own, text)
}

// attackBody puts the text into every field of a body that would do.
func (w *world) attackBody(s step, own things, text string) {
	good, _ := s.body(goodBodies(own)).(map[string]any)
	for name := range good {
		bad := maps.Clone(good)
		bad[name] = text
		if from, ok := good[name].(map[string]any); ok {
			bad[name] = map[string]any{"email": text, "name": from["name"]}
		}
		path := example(s.Path, own[section(strings.TrimPrefix(s.Path, prefix))])
		if r := w.call(w.admin, s.Method, path, bad); r.Code >= 500 {
			w.t.Errorf("%s with %q as %s: %d\n%s", s, text, name, r.Code, w.logged)
			w.logged.Reset()
		}
	}
}
