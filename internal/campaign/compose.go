package campaign

import (
	"context"
	"regexp"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/mail"
	"baraji/internal/team"
)

// Mail is a campaign's mail as one customer gets it.
type Mail struct {
	To       mail.Address
	Language i18n.Locale
	Variant  string
	Subject  string
	Text     string
	HTML     string

	filled map[string]string
}

// hole is a placeholder, with what stands there when nothing is known: {customer.company} or {customer.company|your firm}.
var hole = regexp.MustCompile(`\{([a-z]+(?:\.[a-z_][a-z0-9_]*)+)(?:\|([^{}\n]{0,100}))?\}`)

// Placeholders lists what can stand in a text; the values of own fields can too.
var Placeholders = []string{"customer.name", "customer.company", "firm.name"}

// language is the one in which a customer gets it: theirs, else the firm's, else the one that it is written in.
func (l Letter) language(tags ...string) i18n.Locale {
	for _, tag := range tags {
		if locale, ok := i18n.Parse(tag); ok && l.In(locale) {
			return locale
		}
	}
	for _, locale := range i18n.Locales() {
		if l.In(locale) {
			return locale
		}
	}
	return i18n.Locales()[0]
}

// letter is what a variant says.
func (c Campaign) letter(variant string) Letter {
	if variant == Second {
		return c.Other
	}
	return c.Letter
}

// values reads what is put into a text for a customer.
func values(ctx context.Context, tx *db.Tx, who contact.Profile, texts ...string) (map[string]string, error) {
	about := automation.About(ctx, tx, who.ID.String())
	filled := map[string]string{}
	for _, text := range texts {
		for _, m := range hole.FindAllStringSubmatch(text, -1) {
			key := m[1]
			if _, had := filled[key]; had {
				continue
			}
			v, err := about.Fill("{" + key + "}")
			if err != nil {
				return nil, err
			}
			if key == "customer.name" && (v == who.Email || v == who.Phone) { // nobody knows it
				v = ""
			}
			filled[key] = line(v)
		}
	}
	return filled, nil
}

// fill puts values into a text. What it puts in is not looked through again.
func fill(text string, values map[string]string, escape func(string) string) string {
	return hole.ReplaceAllStringFunc(text, func(s string) string {
		m := hole.FindStringSubmatch(s)
		if v := values[m[1]]; v != "" {
			return escape(v)
		}
		return m[2]
	})
}

func plain(s string) string { return s }

// escaped is a value that means nothing in Markdown: whatever a customer calls themselves, it is neither a link nor a picture.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// compose writes the mail of a customer as it is now.
func (m *Campaigns) compose(ctx context.Context, tx *db.Tx, c Campaign, who contact.Profile, address, variant, off string) (Mail, error) {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return Mail{}, err
	}
	l := c.letter(variant)
	locale := l.language(who.Language, firm.Language)
	filled, err := values(ctx, tx, who, l.Subject[locale], l.Text[locale])
	if err != nil {
		return Mail{}, err
	}
	return c.written(Mail{To: mail.Address{Name: named(who), Addr: address}, Language: locale, Variant: variant, filled: filled}, off), nil
}

func named(who contact.Profile) string {
	if who.Name == who.Email || who.Name == who.Phone {
		return ""
	}
	return who.Name
}

// written puts the values of a mail into what it says, and the frame around it.
func (c Campaign) written(l Mail, off string) Mail {
	said := c.letter(l.Variant)
	l.Subject = c.Frame.subject(c.Purpose, l.Language, line(fill(said.Subject[l.Language], l.filled, plain)))
	body := said.Text[l.Language]
	foot := c.Frame.foot(c.Purpose, l.Language)
	words := i18n.With(context.Background(), i18n.Reader{Locale: l.Language})
	leave := "leave"
	if c.Purpose == consent.Advertising {
		leave = "leave_ad"
	}
	l.Text = fill(body, l.filled, plain) + "\n\n-- \n" + foot + "\n" + i18n.T(words, "campaigns.mail_"+leave) + ": " + off
	l.HTML = email.BulkHTML(fill(body, l.filled, escaped), escaped2(foot)+"  \n["+i18n.T(words, "campaigns.mail_"+leave)+"]("+off+")")
	return l
}

// escaped2 is a text of several lines in Markdown.
func escaped2(s string) string {
	list := strings.Split(s, "\n")
	for i := range list {
		list[i] = escaped(list[i])
	}
	return strings.Join(list, "  \n")
}

// mark is what Korean law wants before the subject of advertising.
const mark = "(광고)"

func (f Frame) subject(p consent.Purpose, l i18n.Locale, s string) string {
	if !f.Mark || p != consent.Advertising || l != i18n.Korean {
		return s
	}
	return mark + " " + strings.TrimSpace(strings.TrimPrefix(s, mark))
}

// foot says who sends it, how they are reached, and why one gets it.
func (f Frame) foot(p consent.Purpose, l i18n.Locale) string {
	ctx := i18n.With(context.Background(), i18n.Reader{Locale: l})
	var parts []string
	for _, s := range []string{f.sender(), f.Address, f.Reach} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ") + "\n" + i18n.T(ctx, "campaigns.mail_because_"+string(p), "firm", f.sender())
}
