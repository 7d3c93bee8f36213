package chat

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Settings are what a firm chooses for its widget.
type Settings struct {
	Title    map[string]string `json:"title,omitempty"`    // by language; "": the firm's name
	Greeting map[string]string `json:"greeting,omitempty"` // by language; "": ours
	Color    string            `json:"color,omitempty"`    // #rrggbb; "": ours
	Left     bool              `json:"left,omitempty"`     // stands at the left edge
	AskName  bool              `json:"ask_name,omitempty"`
	AskEmail bool              `json:"ask_email,omitempty"`
	Ask      []Question        `json:"ask,omitempty"`     // what else is asked of a stranger before he writes
	Proven   bool              `json:"proven,omitempty"`  // only who is proven may write
	Origins  []string          `json:"origins,omitempty"` // pages that may show it, such as https://shop.example; none: all
}

// Question is asked of a stranger before he writes.
type Question struct {
	Label    map[string]string `json:"label" doc:"By language: ko, en"`
	Required bool              `json:"required,omitempty"`
}

// In is a question in a language, or in the other one where it was not written.
func (q Question) In(lang string) string {
	if q.Label[lang] == "" {
		return cmp.Or(q.Label["ko"], q.Label["en"])
	}
	return q.Label[lang]
}

// maxQuestions: who has to answer more writes no message at all.
const maxQuestions = 3

var color = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// check makes the settings fit to be stored.
func (s *Settings) check() error {
	var c problem.Check
	s.Color = strings.ToLower(strings.TrimSpace(s.Color))
	c.That(s.Color == "" || color.MatchString(s.Color), "color", "Write the colour as #rrggbb.")
	for i, o := range s.Origins {
		u, err := url.Parse(strings.ToLower(strings.TrimSpace(o)))
		ok := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
		c.That(ok, "origins", "“%s” is no address of a site, such as https://shop.example.", o)
		if ok {
			s.Origins[i] = u.Scheme + "://" + u.Host
		}
	}
	c.That(len(s.Ask) <= maxQuestions, "ask", "Ask at most %d questions.", maxQuestions)
	texts := []map[string]string{s.Title, s.Greeting}
	for _, q := range s.Ask {
		c.That(strings.TrimSpace(q.In("ko")) != "", "ask", "Write the question.")
		texts = append(texts, q.Label)
	}
	for _, texts := range texts {
		for lang, text := range texts {
			c.That(lang == "ko" || lang == "en", "language", "Choose Korean or English.")
			c.That(len(text) <= 600, "greeting", "That is too long.")
		}
	}
	return c.Err()
}

// Allows says whether a page of that origin may show the widget.
func (s Settings) Allows(origin string) bool {
	return len(s.Origins) == 0 || slices.Contains(s.Origins, strings.ToLower(origin))
}

// Create opens a widget. Its key is the inbox's address.
func (c *Chat) Create(ctx context.Context, tx *db.Tx, in inbox.Inbox, s Settings) (inbox.Inbox, error) {
	if err := s.check(); err != nil {
		return in, err
	}
	in.Channel, in.Address = Channel, secret.Token()[:24] // 120 bits: it is public, but not to be guessed
	in, err := inbox.Create(ctx, tx, in)
	if err != nil {
		return in, err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return in, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO chat_widget (inbox_id, settings, secret) VALUES ($1, $2, $3)`, in.ID, string(text), c.newSecret(in.ID))
	return in, err
}

func (c *Chat) newSecret(id inbox.ID) string {
	return c.keys.Seal("chat/"+id.String(), []byte(secret.Token()))
}

// Configure changes what a firm chose.
func Configure(ctx context.Context, tx *db.Tx, id inbox.ID, s Settings) error {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return err
	}
	if err := s.check(); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE chat_widget SET settings = $2 WHERE inbox_id = $1`, id, string(text))
	if err == nil && n == 0 {
		return problem.New(problem.NotFound, "There is no such inbox.")
	}
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, inbox.Changed{ID: id, Fields: []string{"widget"}})
}

// SettingsOf are the settings of a widget.
func SettingsOf(ctx context.Context, tx *db.Tx, id inbox.ID) (s Settings, err error) {
	text, err := db.Value[string](ctx, tx, `SELECT settings FROM chat_widget WHERE inbox_id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return s, problem.New(problem.NotFound, "There is no such inbox.")
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

// SettingsFor are the settings of the widget with a key, if it may be used now.
func SettingsFor(ctx context.Context, tx *db.Tx, key string) (Settings, error) {
	in, err := open(ctx, tx, key)
	if err != nil {
		return Settings{}, err
	}
	return SettingsOf(ctx, tx, in.ID)
}

// Secret is what the firm's server signs with, for those who manage inboxes.
func (c *Chat) Secret(ctx context.Context, tx *db.Tx, id inbox.ID) (string, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return "", err
	}
	return c.secretOf(ctx, tx, id)
}

func (c *Chat) secretOf(ctx context.Context, tx *db.Tx, id inbox.ID) (string, error) {
	sealed, err := db.Value[string](ctx, tx, `SELECT secret FROM chat_widget WHERE inbox_id = $1`, id)
	if err != nil {
		return "", err
	}
	plain, err := c.keys.Unseal("chat/"+id.String(), sealed)
	return string(plain), err
}

// Renew gives the widget another secret: whatever was signed with the old one is worth
// nothing from now on. Who was proven comes back with a new proof, to the talk that is his.
func (c *Chat) Renew(ctx context.Context, tx *db.Tx, id inbox.ID) (string, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `UPDATE chat_widget SET secret = $2 WHERE inbox_id = $1`, id, c.newSecret(id)); err != nil {
		return "", err
	}
	return c.secretOf(ctx, tx, id)
}
