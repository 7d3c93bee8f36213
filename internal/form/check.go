package form

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// Bounds of a form. They are generous for people, and keep one page one page.
const (
	maxFields  = 60
	maxChoices = 100
	maxTitle   = 200   // letters
	maxLabel   = 2000  // letters: a consent may be long
	maxText    = 5000  // letters of intro and thanks
	maxAnswer  = 20000 // letters of a long answer, at the most
	maxFiles   = 5
)

var (
	slugForm = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$`)
	keyForm  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// taken may not be the address of a form.
var taken = []string{"embed", "new", "thanks", "help"}

func checkSlug(s string) error {
	if !slugForm.MatchString(s) || slices.Contains(taken, s) {
		return problem.For("slug", "Write the address in small letters, digits and hyphens, such as repair-request.")
	}
	return nil
}

// check makes a definition fit to be stored, or says what is wrong with it, field by field ("fields.<key>").
func (d *Definition) check() error {
	var c problem.Check
	for _, t := range []*Text{&d.Title, &d.Intro, &d.Button, &d.Thanks} {
		*t = tidy(*t)
	}
	c.That(d.Title.In(i18n.Korean) != "", "title", "Give the form a title.")
	c.That(d.Title.Fits(maxTitle) && d.Button.Fits(60), "title", "That is too long.")
	c.That(d.Intro.Fits(maxText) && d.Thanks.Fits(maxText), "intro", "That is too long.")
	c.That(len(d.Fields) > 0, "fields", "Ask at least one question.")
	c.That(len(d.Fields) <= maxFields, "fields", "A form may ask at most %d questions.", maxFields)
	c.That(d.Type == "" || slices.Contains(conversation.Types, d.Type), "type", "There is no type “%s”.", d.Type)
	for i, o := range d.Origins {
		origin, ok := Origin(o)
		c.That(ok, "origins", "“%s” is no address of a site, such as https://shop.example.", o)
		d.Origins[i] = origin
	}
	before := map[string]Field{}
	for i := range d.Fields {
		f := &d.Fields[i]
		f.check(&c, before)
		before[f.Key] = *f
	}
	return c.Err()
}

// Origin is the part of an address that names a site, as browsers write it.
func Origin(s string) (string, bool) {
	u, err := url.Parse(strings.ToLower(strings.TrimSpace(s)))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil ||
		strings.ContainsAny(u.Host, " ;,'\"") {
		return s, false
	}
	return u.Scheme + "://" + u.Host, true
}

// ready says what a form lacks to be shown to customers.
func (d Definition) ready() error {
	if !d.Asks(Email) {
		return problem.For("fields", "Ask for an e-mail address, or nobody can be answered.")
	}
	return nil
}

func tidy(t Text) Text {
	out := Text{}
	for _, l := range i18n.Locales() {
		if s := plain(t[l]); s != "" {
			out[l] = s
		}
	}
	return out
}

func (f *Field) check(c *problem.Check, before map[string]Field) {
	at := "fields." + f.Key
	f.Label, f.Help = tidy(f.Label), tidy(f.Help)
	_, twice := before[f.Key]
	c.That(keyForm.MatchString(f.Key) && !twice, at, "Each question needs a key of its own, of small letters and digits, such as order_number.")
	c.That(slices.Contains(Kinds, f.Kind), at, "Choose what the question asks for.")
	c.That(f.Kind == Hidden || f.Label.In(i18n.Korean) != "", at, "Write the question.")
	c.That(f.Label.Fits(maxLabel) && f.Help.Fits(maxLabel) && len(f.Default) <= 500, at, "That is too long.")
	f.checkChoices(c, at)
	c.That(f.Min == nil || f.Max == nil || *f.Min <= *f.Max, at, "The smallest value is greater than the greatest.")
	_, key, own := f.fills()
	c.That(f.As == "" || f.As == AsName || f.As == AsSubject || f.As == AsAdvertising && f.Kind == Consent || own && keyForm.MatchString(key), at, "An answer cannot be used as “%s”.", f.As)
	if f.When != nil {
		other, ok := before[f.When.Field]
		c.That(ok && other.Kind != Upload && f.Kind != Hidden, at, "A question can depend on an earlier one only.")
		for _, v := range f.When.Is {
			_, is := other.Option(v)
			c.That(len(other.Choices) == 0 || is, at, "The question that it depends on has no answer “%s”.", v)
		}
	}
}

func (f *Field) checkChoices(c *problem.Check, at string) {
	if f.Kind != Choice && f.Kind != Choices {
		f.Choices = nil
		return
	}
	seen := map[string]bool{}
	for i := range f.Choices {
		o := &f.Choices[i]
		o.Label, o.Value = tidy(o.Label), oneLine(o.Value)
		if o.Value == "" {
			o.Value = o.Label.In(i18n.English)
		}
		c.That(o.Value != "" && !seen[o.Value] && o.Label.Fits(maxTitle) && len(o.Value) <= 800, at, "Write each choice once.")
		seen[o.Value] = true
	}
	c.That(len(f.Choices) > 0, at, "Offer at least one choice.")
	c.That(len(f.Choices) <= maxChoices, at, "Offer at most %d choices.", maxChoices)
}
