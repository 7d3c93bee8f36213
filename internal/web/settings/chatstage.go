package settings

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/look"
	"baraji/internal/web/ui"
)

// stage is a page of a shop on which the widget shows itself, in a frame beside its settings.
func (a area) stage(w http.ResponseWriter, r *http.Request) error {
	ui.Frameable(w, nil)
	ui.Render(w, in(r, r.URL.Query().Get("lang")), http.StatusOK, stagePage(ui.Of(r.Context()).Shop))
	return nil
}

// in is a request of somebody who reads a language.
func in(r *http.Request, lang string) *http.Request {
	l, ok := i18n.Parse(lang)
	if !ok {
		return r
	}
	v := ui.Of(r.Context())
	v.Locale = l
	return r.WithContext(ui.With(r.Context(), v))
}

// staged is what the stage is told whenever a setting changes. Nothing is saved.
type staged struct {
	Look  look.Look `json:"look"`
	Color string    `json:"color"` // what is to be said of the colour
	Tone  string    `json:"tone"`
}

// lookOf answers with the look of what is on the page.
func (a area) lookOf(w http.ResponseWriter, r *http.Request) error {
	c := readWidget(r, corner{})
	var firm team.Firm
	var hope chat.Expectation
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if firm, err = team.GetFirm(r.Context(), tx); err == nil {
			hope, err = a.expect(r.Context(), tx, r.URL.Query().Get("key"), firm.Zone)
		}
		return err
	})
	if err != nil {
		return err
	}
	reader := in(r, r.URL.Query().Get("lang"))
	said := judge(r.Context(), c.Color)
	if _, ok := look.Judge(c.Color); !ok {
		c.Color = ""
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(staged{look.Of(reader.Context(), c.Settings, firm.Name, hope), said.Text, said.Tone})
}

// expect is what a visitor would be told of the time until an answer. A widget that is new or closed says nothing.
func (a area) expect(ctx context.Context, tx *db.Tx, key, zone string) (chat.Expectation, error) {
	at, err := time.LoadLocation(zone)
	if err != nil || key == "" {
		return chat.Expectation{}, err
	}
	hope, err := a.Chat.Expect(ctx, tx, key, at)
	if problem.KindOf(err) == problem.NotFound {
		return chat.Expectation{}, nil
	}
	return hope, err
}

// verdict is what the page says of a colour.
type verdict struct{ Text, Tone string }

func judge(ctx context.Context, color string) verdict {
	if color == "" {
		return verdict{Text: t(ctx, "chat_color_ours")}
	}
	v, ok := look.Judge(color)
	ratio := func(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }
	switch {
	case !ok:
		return verdict{Text: t(ctx, "chat_color_none"), Tone: "warn"}
	case !v.OnLight():
		return verdict{Text: t(ctx, "chat_color_light", "n", ratio(v.Light), "better", v.Better), Tone: "warn"}
	case !v.OnDark():
		return verdict{Text: t(ctx, "chat_color_dark", "n", ratio(v.Dark), "better", v.Better), Tone: "warn"}
	}
	return verdict{Text: t(ctx, "chat_color_good", "letters", ratio(v.Letters), "light", ratio(v.Light)), Tone: "good"}
}

// installing is a widget on the page that says how it comes into the firm's own.
type installing struct {
	corner
	Sites []chat.Site
}

func (a area) installWidget(w http.ResponseWriter, r *http.Request) error {
	c, err := a.loadWidget(r)
	if err != nil {
		return err
	}
	c.Site = a.Base(r)
	p := installing{corner: c}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.Sites, err = chat.Sites(r.Context(), tx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, installPage(p))
	return nil
}
