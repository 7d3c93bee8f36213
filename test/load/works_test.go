package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
)

// work is one row of the table.
type work struct {
	name   string
	do     func(r *rand.Rand) (*http.Request, error)
	writes bool
}

func (l *loader) works() []work {
	one := func(r *rand.Rand) string { return l.ids[r.IntN(len(l.ids))] }
	word := func(r *rand.Rand) string { return words[r.IntN(len(words))] }
	three := func(r *rand.Rand) string { return url.QueryEscape(word(r) + " " + word(r) + " " + word(r)) }
	mine := l.somebody()
	return []work{
		{"my inbox", l.fixed("/api/v1/conversations?status=open&limit=25&assignee=" + mine), false},
		{"my inbox (page)", l.fixed("/inbox"), false},
		{"everything open", l.fixed("/api/v1/conversations?status=open&limit=25"), false},
		{"everything open (page)", l.fixed("/inbox?view=all"), false},
		{"everything, page 3,000", l.fixed("/api/v1/conversations?limit=25" + l.deep), false},
		{"conversation", l.fetch(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) }), false},
		{"its messages", l.fetch(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) + "/messages" }), false},
		{"conversation (page)", l.fetch(func(r *rand.Rand) string { return "/inbox/" + one(r) + "?view=all" }), false},
		{"search, one word", l.fetch(func(r *rand.Rand) string { return "/api/v1/conversations?limit=25&q=" + url.QueryEscape(word(r)) }), false},
		{"search, one word (page)", l.fetch(func(r *rand.Rand) string { return "/search?q=" + url.QueryEscape(word(r)) }), false},
		{"search, three words", l.fetch(func(r *rand.Rand) string { return "/api/v1/conversations?limit=25&q=" + three(r) }), false},
		{"search, three words (page)", l.fetch(func(r *rand.Rand) string { return "/search?q=" + three(r) }), false},
		{"create, new contact", l.send(func(*rand.Rand) string { return "/api/v1/conversations" }, func(r *rand.Rand) any {
			return map[string]any{"subject": word(r), "text": strings.Repeat(word(r)+" ", 60), "from": map[string]any{"name": "New", "email": fmt.Sprintf("new%d@example%d.example", r.Uint64(), r.IntN(3000))}}
		}), true},
		{"note", l.send(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) + "/messages" }, func(r *rand.Rand) any {
			return map[string]any{"kind": "note", "text": strings.Repeat(word(r)+" ", 30)}
		}), true},
		{"reply", l.send(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) + "/messages" }, func(r *rand.Rand) any {
			return map[string]any{"kind": "reply", "text": strings.Repeat(word(r)+" ", 30)}
		}), true},
	}
}

// somebody is a person with much to do.
func (l *loader) somebody() string {
	var page struct {
		Items []struct {
			Assignee *struct{ ID string } `json:"assignee"`
		}
	}
	l.get("/api/v1/conversations?status=open&limit=100", &page)
	for _, c := range page.Items {
		if c.Assignee != nil {
			return c.Assignee.ID
		}
	}
	return l.person
}

func (l *loader) fetch(path func(*rand.Rand) string) func(*rand.Rand) (*http.Request, error) {
	return func(r *rand.Rand) (*http.Request, error) { return http.NewRequest("GET", l.p.URL+path(r), nil) }
}

func (l *loader) fixed(path string) func(*rand.Rand) (*http.Request, error) {
	return l.fetch(func(*rand.Rand) string { return path })
}

func (l *loader) send(path func(*rand.Rand) string, body func(*rand.Rand) any) func(*rand.Rand) (*http.Request, error) {
	return func(r *rand.Rand) (*http.Request, error) {
		text, err := json.Marshal(body(r))
		if err != nil {
			return nil, err
		}
		req, err := http.NewRequest("POST", l.p.URL+path(r), bytes.NewReader(text))
		if err == nil {
			req.Header.Set("Content-Type", "application/json")
		}
		return req, err
	}
}
