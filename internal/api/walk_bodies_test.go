package api

import (
	"strings"
	"time"

	"baraji/internal/kit/db/dbtest"
)

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
		"POST /flows":                               map[string]any{"name": "Tag", "steps": []any{map[string]any{"do": "act", "then": []any{map[string]any{"do": "tag", "with": map[string]string{"tag": "x"}}}}}},
		"PATCH /slack":                              map[string]any{"notes": true},
		"PATCH /flows/{id}":                         map[string]any{"name": "Other"},
		"POST /flow-paths":                          map[string]any{"flow_id": other["flows"]["id"], "contact_id": other["contacts"]["id"]},
		"POST /flow-paths/{id}/move":                map[string]any{"to": 1},
		"POST /flow-paths/{id}/decide":              map[string]any{"yes": true},
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
		"POST /segments":                            map[string]any{"name": "Mine", "if": map[string]any{"field": "customer.tags", "op": "filled"}},
		"PATCH /segments/{id}":                      map[string]any{"about": "…"},
		"POST /campaigns":                           map[string]any{"name": "Autumn", "purpose": "notice", "segment_id": other["segments"]["id"], "inbox_id": other["forms"]["door"]},
		"PATCH /campaigns/{id}":                     map[string]any{"share": 20, "manners": map[string]any{"rate": 10}},
		"PATCH /campaigns/defaults":                 map[string]any{"foot": map[string]any{"reach": "02-000-0000"}},
		"POST /contacts/{id}/consents":              map[string]any{"what": "withdrawn", "how": "hand"},
		"POST /suppressions":                        map[string]any{"address": "nobody@x.example", "reason": "hand"},
		"POST /macros":                              map[string]any{"name": "Mine", "for": "everyone", "text": map[string]string{"en": "Hello"}},
		"PATCH /macros/{id}":                        map[string]any{"name": "Other"},
		"POST /conversations/{id}/macros/{macro}":   map[string]any{"write": "note"},
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
		"POST /incoming-webhooks":                   map[string]any{"name": "The shop", "scheme": "bearer", "rows": []any{map[string]any{"to": "customer.email", "from": "email"}}},
		"PATCH /incoming-webhooks/{id}":             map[string]any{"name": "Other", "on": true},
		"POST /secrets":                             map[string]any{"name": "new_key", "host": "shop.example", "value": "x"},
		"PATCH /secrets/{id}":                       map[string]any{"value": "y"},
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
