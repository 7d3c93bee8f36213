package house

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"baraji/internal/web/ui"
)

// Answer is what came back, and what a reader finds in it. What does not hold ends the test.
type Answer struct {
	t      testing.TB
	Status int
	Body   string
	To     string // where it leads, "" for nowhere
	Header http.Header
}

// Is fails the test unless the status is this.
func (a Answer) Is(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d (to %q): %s", a.Status, status, a.To, a.Words())
	}
	return a
}

var tags = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// Words is what one reads of the page.
func (a Answer) Words() string {
	text := html.UnescapeString(tags.ReplaceAllString(a.Body, " "))
	return strings.Join(strings.Fields(text), " ")
}

// Says fails the test unless the page holds each text, in its words or in its source.
func (a Answer) Says(texts ...string) Answer {
	a.t.Helper()
	words := a.Words()
	for _, text := range texts {
		if !strings.Contains(words, text) && !strings.Contains(a.Body, text) {
			a.t.Fatalf("the page does not say %q: %s", text, words)
		}
	}
	return a
}

// Hides fails the test if the page holds one of the texts.
func (a Answer) Hides(texts ...string) Answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) {
			a.t.Fatalf("the page says %q: %s", text, a.Words())
		}
	}
	return a
}

// Leads fails the test unless the answer leads to a page.
func (a Answer) Leads(to string) Answer {
	a.t.Helper()
	if a.To != to {
		a.t.Fatalf("leads to %q (%d), want %q: %s", a.To, a.Status, to, a.Words())
	}
	return a
}

// Toast is what the next page will say for a moment, and where that can be taken back.
func (a Answer) Toast() (toast ui.Toast) {
	a.t.Helper()
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name != "baraji_toast" {
			continue
		}
		text, err := base64.RawURLEncoding.DecodeString(c.Value)
		if err == nil {
			err = json.Unmarshal(text, &toast)
		}
		if err != nil {
			a.t.Fatalf("the toast %q: %v", c.Value, err)
		}
	}
	return toast
}

// Find is the first group of a pattern in the source of the page.
func (a Answer) Find(pattern string) string {
	a.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(a.Body)
	if len(m) < 2 {
		a.t.Fatalf("nothing on the page is like %s: %s", pattern, a.Words())
	}
	return html.UnescapeString(m[1])
}
