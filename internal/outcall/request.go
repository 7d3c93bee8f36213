package outcall

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"baraji/internal/kit/problem"
)

// Methods lists what can be asked.
var Methods = []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodGet}

// Format is what a body is.
type Format string

// The formats.
const (
	JSON  Format = "json"
	Plain Format = "text"
)

// Formats lists them.
var Formats = []Format{JSON, Plain}

// Piece is a part of a text: words, or the place of a secret.
type Piece struct {
	Text   string `json:"t,omitempty"`
	Secret string `json:"s,omitempty"` // its name
	As     Escape `json:"e,omitempty"`
}

// Escape is how what is put in is written, by where it stands.
type Escape string

// The escapes.
const (
	AsIs     Escape = ""
	InJSON   Escape = "json"   // inside the quotes of a JSON string
	JSONItem Escape = "item"   // where a whole JSON value stands
	InURL    Escape = "url"    // in an address
	InHeader Escape = "header" // in a header: one line
)

// Of writes a value.
func (e Escape) Of(s string) string {
	switch e {
	case InJSON:
		b, _ := json.Marshal(s) // of a string: it does not fail
		return string(b[1 : len(b)-1])
	case JSONItem:
		return item(s)
	case InURL:
		return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
	case InHeader:
		return strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, s))
	}
	return s
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$`)

// item is a value that stands for itself in JSON: a number stays one, nothing is null.
func item(s string) string {
	switch {
	case s == "":
		return "null"
	case s == "true", s == "false", number.MatchString(s):
		return s
	}
	b, _ := json.Marshal(s) // of a string: it does not fail
	return string(b)
}

// Text is a text in pieces.
type Text []Piece

// Shown is the text as people may read it: secrets by their names.
func (t Text) Shown() string {
	return t.with(func(name string) string { return "{secret." + name + "}" })
}

func (t Text) with(secret func(name string) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.Secret != "" {
			b.WriteString(secret(p.Secret))
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// filled is the text with the secrets in their places.
func (t Text) filled(secrets map[string]string) string {
	var b strings.Builder
	for _, p := range t {
		if p.Secret != "" {
			b.WriteString(p.As.Of(secrets[p.Secret]))
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func (t Text) secrets() (names []string) {
	for _, p := range t {
		if p.Secret != "" {
			names = append(names, p.Secret)
		}
	}
	return names
}

// Header is a line above the body.
type Header struct {
	Name  string `json:"name"`
	Value Text   `json:"value"`
}

// Request is what is sent.
type Request struct {
	Method  string   `json:"method"`
	Address Text     `json:"address"`
	Headers []Header `json:"headers,omitempty"`
	Format  Format   `json:"format,omitempty"`
	Body    Text     `json:"body,omitempty"`
}

// Secrets are the names of those that it needs.
func (r Request) Secrets() []string {
	names := slices.Concat(r.Address.secrets(), r.Body.secrets())
	for _, h := range r.Headers {
		names = append(names, h.Value.secrets()...)
	}
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

const (
	mostAddress = 4000
	mostHeaders = 20
	mostBody    = 64 << 10
)

var origin = regexp.MustCompile(`^(https?)://([^/?#{}@\\\s]+)(?:[/?]|$)`)

var wholeOrigin = regexp.MustCompile(`^https?://[^/?]+[/?]`)

// originOf is where an address leads.
func originOf(address string) (scheme, host string, ok bool) {
	m := origin.FindStringSubmatch(address)
	if m == nil {
		return "", "", false
	}
	u, err := url.Parse(m[1] + "://" + m[2])
	if err != nil || u.Hostname() == "" {
		return "", "", false
	}
	return m[1], strings.ToLower(u.Host), true
}

// origin is where a text leads that is an address: its first piece says so to the end of the name. What was filled in never does.
func (t Text) origin() (scheme, host string, ok bool) {
	if len(t) == 0 || len(t) > 1 && !wholeOrigin.MatchString(t[0].Text) {
		return "", "", false
	}
	return originOf(t[0].Text)
}

// ReadHeaders reads headers from lines. Field names of what is wrong are at.
func ReadHeaders(c *problem.Check, at, text string) (list [][2]string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		c.That(ok && httpguts.ValidHeaderFieldName(name) && httpguts.ValidHeaderFieldValue(value), at, "Write each header on a line of its own, as in Authorization: Bearer {secret.shop}.")
		c.That(!ours(name), at, "Baraji sets the header %s itself.", http.CanonicalHeaderKey(name))
		list = append(list, [2]string{name, value})
	}
	c.That(len(list) <= mostHeaders, at, "At most %d headers.", mostHeaders)
	return list
}

// ours says whether a header is none of those that a rule may set: they say how the connection is used.
func ours(name string) bool {
	switch strings.ToLower(name) {
	case "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "trailer", "upgrade", "expect", "idempotency-key":
		return true
	}
	return false
}

// sound looks whether what was filled in can be sent.
func (r Request) sound() error {
	address := r.Address.with(func(string) string { return "x" })
	u, err := url.Parse(address)
	if err != nil || len(address) > mostAddress {
		return problem.New(problem.Invalid, "With what was filled in, the address cannot be read.")
	}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part == "." || part == ".." {
			return problem.New(problem.Invalid, "With what was filled in, the address leads elsewhere.")
		}
	}
	body := r.Body.with(func(string) string { return "0" })
	if len(body) > mostBody {
		return problem.New(problem.Invalid, "With what was filled in, the body is too long.")
	}
	if r.Format == JSON && body != "" && !json.Valid([]byte(body)) {
		return problem.New(problem.Invalid, "With what was filled in, the body is no JSON.")
	}
	return nil
}
