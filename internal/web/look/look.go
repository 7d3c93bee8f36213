// Package look is how a chat widget looks: what its script is told before anybody writes. The widget's own edge asks for
// it, and the page of its settings, which shows what is being chosen there.
package look

import (
	"cmp"
	"context"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/i18n"
)

// Look is what the script of the widget reads.
type Look struct {
	Title    string `json:"title"`
	Greeting string `json:"greeting"`
	Color    string `json:"color,omitempty"`
	Left     bool   `json:"left,omitempty"`
	AskName  bool   `json:"ask_name,omitempty"`
	AskEmail bool   `json:"ask_email,omitempty"`
	Language string `json:"language"`
	Status   string `json:"status,omitempty"` // when an answer may be expected

	May       []conversation.Button `json:"may,omitempty"` // what may be pressed below the greeting
	Questions []Question            `json:"questions,omitempty"`

	Words map[string]string `json:"words"` // what the widget itself says
}

// Question is one that a stranger is asked before he writes.
type Question struct {
	Label    string `json:"label"`
	Required bool   `json:"required,omitempty"`
}

// spoken are the words of the widget, as the catalogue has them under "chat.".
var spoken = []string{"panel", "log", "open", "close", "send", "write", "name", "email", "missing", "unread", "read", "waits",
	"attach", "types", "picks", "drop", "file_off", "again", "many", "large", "failed", "stranger"}

// Of is the look of a widget with these settings, in the language of the reader. Where the firm chose no title it is
// the firm's name.
func Of(ctx context.Context, s chat.Settings, firm string, hope chat.Expectation) Look {
	lang := string(i18n.Of(ctx).Locale)
	out := Look{Title: cmp.Or(s.Title[lang], firm), Greeting: cmp.Or(s.Greeting[lang], i18n.T(ctx, "chat.greeting")), Color: s.Color, Left: s.Left,
		AskName: s.AskName, AskEmail: s.AskEmail, Language: lang, Status: status(ctx, hope, s.AskEmail || s.Proven), Words: map[string]string{}}
	for _, q := range s.Ask {
		out.Questions = append(out.Questions, Question{q.In(lang), q.Required})
	}
	for _, w := range spoken { // with their places left open
		out.Words[w] = i18n.T(ctx, "chat."+w, "n", "{n}", "title", "{title}", "name", "{name}")
	}
	return out
}

// status says honestly when an answer may be expected.
func status(ctx context.Context, e chat.Expectation, mail bool) string {
	switch {
	case e.Within > 0:
		return i18n.T(ctx, "chat.within", "span", i18n.Duration(ctx, e.Within))
	case !e.Back.IsZero() && mail:
		return i18n.T(ctx, "chat.back_mail", "at", moment(ctx, e.Back))
	case !e.Back.IsZero():
		return i18n.T(ctx, "chat.back", "at", moment(ctx, e.Back))
	case e.Away && mail:
		return i18n.T(ctx, "chat.away_mail")
	case e.Away:
		return i18n.T(ctx, "chat.away")
	}
	return ""
}

// moment is a time on the firm's wall, without the day when that is today's.
func moment(ctx context.Context, at time.Time) string {
	r := i18n.Of(ctx)
	r.Zone = at.Location()
	ctx = i18n.With(ctx, r)
	if hours.DateOf(at, r.Zone) == hours.DateOf(r.Now, r.Zone) {
		return i18n.Clock(ctx, at)
	}
	return i18n.Moment(ctx, at)
}
