package hookin

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// Target is something that can be filled from what comes. Its word on the page is "settings.hookin_to_" + the key with "_" for ".".
type Target struct {
	Key string // one that ends with "." is followed by the key of an own field, or by a name
}

// Targets lists them, in the order of the page.
var Targets = []Target{{"customer.email"}, {"customer.phone"}, {"customer.id"}, {"customer.name"}, {"customer.company"}, {"customer.stage"}, {"customer.language"}, {"customer.tag"}, {"customer.field."},
	{"conversation.subject"}, {"conversation.text"}, {"conversation.tag"}, {"conversation.type"}, {"conversation.priority"}, {"conversation.field."}, {"value."}}

func targetOf(key string) (t Target, own string) {
	for _, t := range Targets {
		if t.Key == key && !strings.HasSuffix(key, ".") {
			return t, ""
		}
		if name, ok := strings.CutPrefix(key, t.Key); ok && strings.HasSuffix(t.Key, ".") && name != "" {
			return t, name
		}
	}
	return Target{}, ""
}

// Row says from where one thing is filled: from a path, "fixed" text in quotes, or text with paths in braces.
type Row struct {
	To   string `json:"to"`
	From string `json:"from"`
}

// Mapping says what becomes of what comes.
type Mapping struct {
	Rows  []Row    `json:"rows"`
	Inbox inbox.ID `json:"inbox,omitzero"` // in which a conversation is opened; 0: of none
}

const (
	mostRows    = 60
	longestFrom = 1000
)

var valueName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// check tidies a mapping and finds what is wrong. Fields are called by their place: row.0.from.
func (m *Mapping) check(ctx context.Context, tx *db.Tx, c *problem.Check) error {
	c.That(len(m.Rows) <= mostRows, "rows", "At most %d rows.", mostRows)
	customers, err := contact.Fields(ctx, tx, contact.OfContact)
	if err != nil {
		return err
	}
	talks, err := conversation.Fields(ctx, tx)
	if err != nil {
		return err
	}
	for i := range m.Rows {
		r, at := &m.Rows[i], "row."+strconv.Itoa(i)
		r.From = strings.TrimSpace(r.From)
		t, own := targetOf(r.To)
		c.That(t.Key != "", at+".to", "Choose what is filled.")
		c.That(r.From != "", at+".from", "Enter where it stands, such as customer.email.")
		_, err := readSource(r.From)
		c.That(r.From == "" || err == nil && len(r.From) <= longestFrom, at+".from", "This is no path. Write customer.email, items[0].sku, “fixed text” in quotes, or text with {paths} in braces.")
		switch t.Key {
		case "customer.field.":
			c.That(slices.ContainsFunc(customers, func(f contact.Field) bool { return f.Key == own }), at+".to", "There is no such field.")
		case "conversation.field.":
			c.That(slices.ContainsFunc(talks, func(f conversation.Field) bool { return f.Key == own }), at+".to", "There is no such field.")
		case "value.":
			c.That(valueName.MatchString(own), at+".to", "Use small letters, digits and _, beginning with a letter, such as shop_key.")
		}
	}
	c.That(!m.opens() || m.fills("customer."), "rows", "A conversation needs a customer: fill his e-mail address, his phone number or his id too.")
	if m.Inbox != 0 {
		_, err := inbox.Get(ctx, tx, m.Inbox)
		c.That(err == nil, "inbox", "There is no such inbox, or it is disabled.")
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return err
		}
	}
	return nil
}

// fills says whether anything of a part is filled.
func (m Mapping) fills(part string) bool {
	return slices.ContainsFunc(m.Rows, func(r Row) bool { return strings.HasPrefix(r.To, part) })
}

// opens says whether a conversation is opened.
func (m Mapping) opens() bool {
	return slices.ContainsFunc(m.Rows, func(r Row) bool { return r.To == "conversation.text" || r.To == "conversation.subject" })
}

// source is where a text comes from: words and paths, one after another.
type source []part

type part struct {
	words string
	path  []step
}

// readSource reads a path, a "fixed" text, or a text with {paths}.
func readSource(s string) (source, error) {
	switch {
	case s == "":
		return nil, errPath
	case strings.ContainsAny(s[:1], `"`) || strings.HasPrefix(s, "“"):
		return source{{words: strings.Trim(s, `"“”`)}}, nil
	case !strings.Contains(s, "{"):
		path, err := readPath(s)
		return source{{path: path}}, err
	}
	var out source
	for s != "" {
		words, rest, ok := strings.Cut(s, "{")
		if words != "" {
			out = append(out, part{words: words})
		}
		if !ok {
			break
		}
		inside, after, ok := strings.Cut(rest, "}")
		path, err := readPath(inside)
		if !ok || err != nil {
			return nil, errPath
		}
		out, s = append(out, part{path: path}), after
	}
	return out, nil
}

func (s source) of(doc any) string {
	var b strings.Builder
	for _, p := range s {
		if p.path != nil {
			b.WriteString(look(doc, p.path))
		} else {
			b.WriteString(p.words)
		}
	}
	return strings.TrimSpace(b.String())
}

// Of is what a row says of something that came.
func (r Row) Of(doc any) string {
	s, err := readSource(strings.TrimSpace(r.From))
	if err != nil {
		return ""
	}
	return s.of(doc)
}

// found is what a mapping says of something that came, by target; "" is left out. Of tags there may be several.
type found map[string][]string

func (m Mapping) of(doc any) found {
	out := found{}
	for _, r := range m.Rows {
		if v := strings.ReplaceAll(r.Of(doc), "\x00", ""); v != "" {
			out[r.To] = append(out[r.To], v)
		}
	}
	return out
}

// one is what is said of a target; the first that says something counts.
func (f found) one(to string) string {
	if len(f[to]) == 0 {
		return ""
	}
	return f[to][0]
}

// tags are words with commas between them.
func (f found) tags(to string) (out []string) {
	for _, v := range f[to] {
		for word := range strings.SplitSeq(v, ",") {
			if word = strings.TrimSpace(word); word != "" {
				out = append(out, word)
			}
		}
	}
	return out
}

// own are the own fields of a part.
func (f found) own(part string) map[string]string {
	out := map[string]string{}
	for to := range f {
		if key, ok := strings.CutPrefix(to, part); ok {
			out[key] = f.one(to)
		}
	}
	return out
}
