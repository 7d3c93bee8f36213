package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// block is a part of a message, as Slack's Block Kit has it.
type block struct {
	Type     string `json:"type"`
	Text     *words `json:"text,omitempty"`
	Fields   []any  `json:"fields,omitempty"`
	Elements []any  `json:"elements,omitempty"`
}

// words are a text of Block Kit. Verbatim: Slack makes no links and names of what stands there.
type words struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

// button is one that acts back, or leads to an address.
type button struct {
	Type   string `json:"type"`
	Text   words  `json:"text"`
	Action string `json:"action_id"`
	Value  string `json:"value,omitempty"`
	URL    string `json:"url,omitempty"`
	Style  string `json:"style,omitempty"`
}

func mark(s string) *words { return &words{"mrkdwn", s, true} }

func press(ctx context.Context, what string, of PostID, style string) any {
	return button{"button", words{Type: "plain_text", Text: t(ctx, "button_"+what)}, what, of.String(), "", style}
}

func lead(ctx context.Context, address string) any {
	return button{"button", words{Type: "plain_text", Text: t(ctx, "button_open")}, "open", "", address, ""}
}

// sum tells whether something else would be shown.
func (d drawn) sum() string {
	b, _ := json.Marshal(d) // plain strings
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// t is a word of this package.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "slack."+key, args...)
}

// draw is what a post shows: in a channel what the firm lets be read there, in its language; to one person what they may see, in theirs.
func (s *Slack) draw(ctx context.Context, tx *db.Tx, w Workspace, p Post) (drawn, error) {
	ctx, err := p.reader(ctx, tx)
	if err != nil {
		return drawn{}, err
	}
	switch {
	case p.Kind == Notice:
		return s.drawNotice(ctx, tx, w, p)
	case p.Kind == Page:
		return s.drawPage(ctx, tx, w, p)
	case p.Conversation == 0:
		return s.drawAlone(ctx, p)
	}
	c, err := conversation.Get(ctx, tx, p.Conversation)
	if problem.KindOf(err) == problem.NotFound {
		return drawn{}, &Refusal{Why: Hidden}
	}
	if err != nil {
		return drawn{}, err
	}
	switch p.Kind {
	case Card:
		return s.drawCard(ctx, tx, w, p, c)
	case Note:
		return s.drawNote(ctx, tx, p)
	}
	return drawn{Text: clip(p.Text, 1000), Blocks: []block{{Type: "section", Text: mark(escape(p.Text))}}}, nil
}

// reader is a context in which whoever reads it acts and reads.
func (p Post) reader(ctx context.Context, tx *db.Tx) (context.Context, error) {
	if p.Person == 0 {
		return inFirm(team.AsSystem(ctx), tx)
	}
	ctx, ok, err := as(ctx, tx, p.Person)
	if err == nil && !ok {
		err = &Refusal{Why: NoPerson}
	}
	return ctx, err
}

func inFirm(ctx context.Context, tx *db.Tx) (context.Context, error) {
	f, err := team.GetFirm(ctx, tx)
	return i18n.With(ctx, i18n.Reader{Locale: i18n.Locale(f.Language), Zone: zone(f.Zone), Now: tx.Now()}), err
}

// as is a context in which somebody acts who works here; not ok: they cannot come in.
func as(ctx context.Context, tx *db.Tx, who team.ID) (context.Context, bool, error) {
	a, err := team.ActorOf(ctx, tx, who)
	if err != nil || a.Nobody() {
		return ctx, false, err
	}
	p, err := team.Get(team.AsSystem(ctx), tx, who)
	if err != nil {
		return ctx, false, err
	}
	f, err := team.GetFirm(ctx, tx)
	return i18n.With(team.With(ctx, a), i18n.Reader{Locale: i18n.Locale(orElse(p.Language, f.Language)), Zone: zone(orElse(p.Zone, f.Zone)), Now: tx.Now()}), true, err
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return z
}

// drawCard is a conversation as it is now.
func (s *Slack) drawCard(ctx context.Context, tx *db.Tx, w Workspace, p Post, c conversation.Conversation) (drawn, error) {
	title := "#" + strconv.FormatInt(c.Number, 10)
	if w.Options.Customers && c.Subject != "" {
		title += " " + oneLine(c.Subject, 200)
	}
	fields, err := s.fields(ctx, tx, w, c)
	if err != nil {
		return drawn{}, err
	}
	d := drawn{Text: title, Blocks: []block{{Type: "section", Text: mark("*" + link(s.talk(c), title) + "*"), Fields: fields}}}
	if p.Text != "" {
		d.Text += " – " + clip(p.Text, 500)
		d.Blocks = append(d.Blocks, block{Type: "section", Text: mark(escape(p.Text))})
	}
	d.Blocks = append(d.Blocks, block{Type: "actions", Elements: s.presses(ctx, p, c)})
	last, err := p.last(ctx, tx)
	if last != "" {
		d.Blocks = append(d.Blocks, block{Type: "context", Elements: []any{mark(last)}})
	}
	d.Text = escape(d.Text)
	return d, err
}

func (s *Slack) talk(c conversation.Conversation) string { return s.URL + "/inbox/" + c.ID.String() }

// fields are what one wants to know at a glance.
func (s *Slack) fields(ctx context.Context, tx *db.Tx, w Workspace, c conversation.Conversation) (list []any, err error) {
	add := func(name, value string) {
		list = append(list, mark("*"+t(ctx, name)+"*\n"+escape(oneLine(value, 200))))
	}
	if w.Options.Customers && team.From(ctx).Can(team.ReadContacts) {
		who, err := contact.Get(ctx, tx, c.Contact)
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return nil, err
		}
		if who.Name != "" {
			add("customer", who.Name)
		}
	}
	status := i18n.T(ctx, "inbox.status_"+string(c.Status))
	if c.Status == conversation.Snoozed {
		status += " · " + i18n.Moment(ctx, c.SnoozedUntil)
	}
	add("status", status)
	add("priority", i18n.T(ctx, "inbox.priority_"+c.Priority))
	assignee := t(ctx, "nobody")
	if c.Assignee != 0 {
		if assignee, err = nameOf(ctx, tx, c.Assignee); err != nil {
			return nil, err
		}
	}
	add("assignee", assignee)
	return list, nil
}

func nameOf(ctx context.Context, tx *db.Tx, who team.ID) (string, error) {
	name, err := db.Value[string](ctx, tx, `SELECT name FROM team_person WHERE id = $1`, who)
	if errors.Is(err, db.ErrNoRow) {
		return "–", nil
	}
	return name, err
}

// presses are the buttons that make sense now.
func (s *Slack) presses(ctx context.Context, p Post, c conversation.Conversation) (list []any) {
	if c.MergedInto == 0 {
		if c.Assignee == 0 {
			list = append(list, press(ctx, "take", p.ID, "primary"))
		} else if c.Status != conversation.Solved {
			list = append(list, press(ctx, "take", p.ID, ""))
		}
		if c.Status != conversation.Solved {
			list = append(list, press(ctx, "solve", p.ID, ""))
			if c.Status != conversation.Snoozed {
				list = append(list, press(ctx, "snooze", p.ID, ""))
			}
		}
	}
	return append(list, lead(ctx, s.talk(c)))
}

// last is what was last done with the buttons.
func (p Post) last(ctx context.Context, tx *db.Tx) (string, error) {
	if len(p.Acts) == 0 {
		return "", nil
	}
	a := p.Acts[len(p.Acts)-1]
	name, err := nameOf(ctx, tx, a.Who)
	return escape(t(ctx, "did_"+a.What, "name", name) + " · " + i18n.Moment(ctx, a.At)), err
}

// drawAlone is what is said about a customer, or about nobody.
func (s *Slack) drawAlone(ctx context.Context, p Post) (drawn, error) {
	d := drawn{Text: escape(clip(p.Text, 1000)), Blocks: []block{{Type: "section", Text: mark(escape(p.Text))}}}
	if p.Contact != 0 {
		d.Blocks = append(d.Blocks, block{Type: "actions", Elements: []any{lead(ctx, s.URL+"/customers/"+p.Contact.String())}})
	}
	return d, nil
}

// drawNote is a note of the conversation, with who wrote it.
func (s *Slack) drawNote(ctx context.Context, tx *db.Tx, p Post) (drawn, error) {
	m, err := conversation.GetMessage(ctx, tx, p.Message)
	if problem.KindOf(err) == problem.NotFound || errors.Is(err, db.ErrNoRow) {
		return drawn{}, &Refusal{Why: Gone, Said: "note"}
	}
	if err != nil {
		return drawn{}, err
	}
	name := t(ctx, "note")
	if m.Person != 0 {
		if name, err = nameOf(ctx, tx, m.Person); err != nil {
			return drawn{}, err
		}
	}
	text := "*" + escape(oneLine(name, 100)) + "*\n" + escape(clip(m.Text, longest))
	return drawn{Text: escape(name) + ": " + escape(clip(m.Text, 500)), Blocks: []block{{Type: "section", Text: mark(text)}}}, nil
}

// drawPage is a call of on call, for all in a channel.
func (s *Slack) drawPage(ctx context.Context, tx *db.Tx, w Workspace, p Post) (drawn, error) {
	page, err := oncall.Get(ctx, tx, p.Page)
	if problem.KindOf(err) == problem.NotFound {
		return drawn{}, &Refusal{Why: Hidden}
	}
	if err != nil {
		return drawn{}, err
	}
	head := t(ctx, "page_low", "service", page.ServiceName)
	switch {
	case page.Reason == oncall.Test:
		head = t(ctx, "page_test", "service", page.ServiceName)
	case page.Urgent:
		head = t(ctx, "page_urgent", "service", page.ServiceName)
	}
	what := ""
	if w.Options.Customers {
		what = page.Title
	}
	return s.call(ctx, tx, p, page, head, what)
}

// drawNotice is what one person is told; a call with its button.
func (s *Slack) drawNotice(ctx context.Context, tx *db.Tx, w Workspace, p Post) (drawn, error) {
	said, err := s.Notices.Said(ctx, tx, p.Delivery)
	if errors.Is(err, db.ErrNoRow) {
		return drawn{}, &Refusal{Why: Gone, Said: "notice"}
	}
	if err != nil {
		return drawn{}, err
	}
	if !w.Options.Customers {
		said.Title = ""
	}
	if p.Page != 0 {
		page, err := oncall.Get(ctx, tx, p.Page)
		if err == nil {
			return s.call(ctx, tx, p, page, said.Text, said.Title)
		}
		if problem.KindOf(err) != problem.NotFound {
			return drawn{}, err
		}
	}
	d := drawn{Text: escape(said.Text), Blocks: []block{{Type: "section", Text: mark("*" + escape(said.Text) + "*" + below(said.Title))}}}
	d.Blocks = append(d.Blocks, block{Type: "actions", Elements: []any{lead(ctx, said.Link)}})
	return d, nil
}

func below(s string) string {
	if s == "" {
		return ""
	}
	return "\n" + escape(oneLine(s, 300))
}

// call is a page with how it stands, and the button that answers it.
func (s *Slack) call(ctx context.Context, tx *db.Tx, p Post, page oncall.Page, head, what string) (drawn, error) {
	d := drawn{Text: escape(head), Blocks: []block{{Type: "section", Text: mark("*" + escape(head) + "*" + below(what))}}}
	var buttons []any
	if page.State == oncall.Running || page.State == oncall.Spent {
		buttons = append(buttons, press(ctx, "ack", p.ID, "primary"))
	}
	d.Blocks = append(d.Blocks, block{Type: "actions", Elements: append(buttons, lead(ctx, s.URL+page.Path()))})
	state, err := stateOf(ctx, tx, page)
	d.Blocks = append(d.Blocks, block{Type: "context", Elements: []any{mark(state)}})
	return d, err
}

func stateOf(ctx context.Context, tx *db.Tx, page oncall.Page) (string, error) {
	who, at := page.AckedBy, page.AckedAt
	if page.State == oncall.Over {
		who, at = page.EndedBy, page.EndedAt
	}
	name := ""
	if who != 0 && (page.State == oncall.Acked || page.State == oncall.Over) {
		var err error
		if name, err = nameOf(ctx, tx, who); err != nil {
			return "", err
		}
	}
	line := strings.TrimSpace(t(ctx, "page_"+string(page.State)))
	if name != "" {
		line = t(ctx, "page_"+string(page.State)+"_by", "name", name)
	}
	if !at.IsZero() && page.State != oncall.Running {
		line += " · " + i18n.Moment(ctx, at)
	}
	return escape(line), nil
}

// saidOf is what went wrong, as the one reads it to whom it happens.
func saidOf(ctx context.Context, err error) string {
	text := notice.Explain(err)
	return text.In(i18n.Of(ctx).Locale)
}
