package widget

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// look is what the widget has to know before anybody writes.
type look struct {
	Title    string `json:"title"`
	Greeting string `json:"greeting"`
	Color    string `json:"color,omitempty"`
	Left     bool   `json:"left,omitempty"`
	AskName  bool   `json:"ask_name,omitempty"`
	AskEmail bool   `json:"ask_email,omitempty"`
	Language string `json:"language"`
	Status   string `json:"status,omitempty"` // when an answer may be expected

	Questions []question `json:"questions,omitempty"`

	Words map[string]string `json:"words"` // what the widget itself says
}

// question is one that a stranger is asked before he writes.
type question struct {
	Label    string `json:"label"`
	Required bool   `json:"required,omitempty"`
}

// status says honestly when an answer may be expected.
func status(ctx context.Context, e chat.Expectation, mail bool) string {
	switch {
	case e.Within > 0:
		return i18n.T(ctx, "chat.within", "span", i18n.Duration(ctx, e.Within))
	case e.Tomorrow && mail:
		return i18n.T(ctx, "chat.tomorrow_mail")
	case e.Tomorrow:
		return i18n.T(ctx, "chat.tomorrow")
	case e.Away && mail:
		return i18n.T(ctx, "chat.away_mail")
	case e.Away:
		return i18n.T(ctx, "chat.away")
	}
	return ""
}

// spoken are the words of the widget, as the catalogue has them under "chat.".
var spoken = []string{"panel", "log", "open", "close", "send", "write", "name", "email", "missing", "unread", "read", "waits",
	"attach", "types", "drop", "file_off", "again", "many", "large", "failed", "stranger"}

func (e *edge) settings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var s chat.Settings
	var firm team.Firm
	var hope chat.Expectation
	err := e.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = chat.SettingsFor(ctx, tx, r.PathValue("key")); err != nil {
			return err
		}
		if firm, err = team.GetFirm(ctx, tx); err != nil {
			return err
		}
		zone, err := time.LoadLocation(firm.Zone)
		if err != nil {
			return err
		}
		hope, err = e.Chat.Expect(ctx, tx, r.PathValue("key"), zone)
		return err
	})
	if err != nil {
		return err
	}
	lang := string(i18n.Of(ctx).Locale)
	out := look{Title: s.Title[lang], Greeting: s.Greeting[lang], Color: s.Color, Left: s.Left, AskName: s.AskName, AskEmail: s.AskEmail, Language: lang}
	if out.Title == "" {
		out.Title = firm.Name
	}
	out.Status = status(ctx, hope, s.AskEmail || s.Proven)
	for _, q := range s.Ask {
		out.Questions = append(out.Questions, question{q.In(lang), q.Required})
	}
	out.Words = map[string]string{}
	for _, w := range spoken { // with their places left open
		out.Words[w] = i18n.T(ctx, "chat."+w, "n", "{n}", "title", "{title}", "name", "{name}")
	}
	if out.Greeting == "" {
		out.Greeting = i18n.T(ctx, "chat.greeting")
	}
	return write(w, http.StatusOK, out)
}
