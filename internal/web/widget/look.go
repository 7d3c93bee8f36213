package widget

import (
	"net/http"

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

	Words map[string]string `json:"words"` // what the widget itself says
}

// spoken are the words of the widget, as the catalogue has them under "chat.".
var spoken = []string{"panel", "log", "open", "close", "send", "write", "name", "email", "missing", "unread", "read", "waits",
	"attach", "types", "drop", "file_off", "again", "many", "large", "failed", "stranger"}

func (e *edge) settings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var s chat.Settings
	var firm team.Firm
	err := e.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = chat.SettingsFor(ctx, tx, r.PathValue("key")); err != nil {
			return err
		}
		firm, err = team.GetFirm(ctx, tx)
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
	out.Words = map[string]string{}
	for _, w := range spoken { // with their places left open
		out.Words[w] = i18n.T(ctx, "chat."+w, "n", "{n}", "title", "{title}", "name", "{name}")
	}
	if out.Greeting == "" {
		out.Greeting = i18n.T(ctx, "chat.greeting")
	}
	return write(w, http.StatusOK, out)
}
