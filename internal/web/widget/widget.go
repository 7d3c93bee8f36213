// Package widget is the edge of the chat (internal/channel/chat) that browsers on
// the firm's own pages talk to: JSON over requests that carry no cookie, from the
// origins that the firm allows, and one stream that says when to look again.
//
//	GET  /widget.js               the script that shows it
//	GET  /widget/{key}            how the widget looks and what it asks
//	GET  /widget/{key}/messages   ?after=: what the visitor may see
//	POST /widget/{key}/messages   {client_id, text, name, email, page}
//	POST /widget/{key}/got        {id}: the browser has everything up to it
//	GET  /widget/{key}/live       server-sent events
//
// Who asks stands in "Authorization: Visitor TOKEN" or in "Visitor-Proof" (see
// chat.Caller). Nothing here reads a cookie, so nothing another site makes a
// browser send is anybody's.
package widget

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/live"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/room"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// Parts are what New needs.
type Parts struct {
	DB   *db.DB
	Chat *chat.Chat
	Hub  *live.Hub
	Room *room.Room
	Log  *slog.Logger
}

type edge struct{ Parts }

// New makes the handler of /widget.js and everything under /widget/.
func New(p Parts) (http.Handler, error) {
	e := &edge{p}
	js, err := newScript()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /widget.js", js)
	mux.HandleFunc("GET /widget/{key}", e.open(e.settings))
	mux.HandleFunc("GET /widget/{key}/messages", e.open(e.messages))
	mux.HandleFunc("POST /widget/{key}/messages", e.open(e.say))
	mux.HandleFunc("POST /widget/{key}/got", e.open(e.got))
	mux.HandleFunc("GET /widget/{key}/live", e.open(e.live))
	mux.HandleFunc("OPTIONS /widget/{key}", e.preflight)
	mux.HandleFunc("OPTIONS /widget/{key}/{what}", e.preflight)
	return mux, nil
}

// maxBody bounds what is read of a request, in bytes.
const maxBody = 64 << 10

// open lets a request through that comes from a page which may show the widget.
func (e *edge) open(fn func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head(w)
		ctx := i18n.With(chat.AsVisitor(r.Context()), i18n.Reader{Locale: locale(r)})
		r = r.WithContext(ctx)
		s, err := e.widget(ctx, r.PathValue("key"))
		if err == nil && !allow(w, r, s) {
			err = problem.New(problem.Forbidden, "This page may not show the chat.")
		}
		if err == nil {
			err = fn(w, r)
		}
		if err != nil && ctx.Err() == nil {
			e.refuse(w, r, err)
		}
	}
}

func (e *edge) widget(ctx context.Context, key string) (s chat.Settings, err error) {
	err = e.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = chat.SettingsFor(ctx, tx, key)
		return err
	})
	return s, err
}

func head(w http.ResponseWriter) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Add("Vary", "Origin")
}

// allow says whether the page that asks may show the widget, to its browser too.
func allow(w http.ResponseWriter, r *http.Request, s chat.Settings) bool {
	origin := r.Header.Get("Origin")
	if origin == "" { // a page of ours, or no browser
		return true
	}
	if !s.Allows(origin) {
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
	return true
}

func (e *edge) preflight(w http.ResponseWriter, r *http.Request) {
	head(w)
	if s, err := e.widget(r.Context(), r.PathValue("key")); err != nil || !allow(w, r, s) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Visitor-Proof, Last-Event-ID")
	h.Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
}

func locale(r *http.Request) i18n.Locale {
	if l, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	return i18n.Match(r.Header.Get("Accept-Language"))
}

// caller is who asks.
func caller(r *http.Request) chat.Caller {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Visitor ")
	return chat.Caller{Key: r.PathValue("key"), Token: token, Proof: r.Header.Get("Visitor-Proof")}
}

// read takes a JSON body.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return problem.New(problem.Invalid, "That is too long.")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if d.Decode(into) != nil {
		return problem.New(problem.Invalid, "That cannot be read.")
	}
	return nil
}

func write(w http.ResponseWriter, status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(raw)
	return err
}

// refused is what a browser is told when something does not go.
type refused struct {
	Text   string            `json:"text"`
	Fields map[string]string `json:"fields,omitempty"`
}

func (e *edge) refuse(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	p, ok := problem.As(err)
	switch {
	case db.IsFull(err), errors.Is(err, room.ErrShort):
		w.Header().Set("Retry-After", "30")
		write(w, http.StatusInsufficientStorage, refused{Text: i18n.T(ctx, "chat.later")})
		return
	case !ok || p.Kind == problem.Internal:
		e.Log.ErrorContext(ctx, "widget failed", "path", r.URL.Path, "error", err)
		write(w, http.StatusServiceUnavailable, refused{Text: i18n.T(ctx, "chat.later")})
		return
	}
	out := refused{Text: i18n.Sentence(ctx, p.Format, p.Args...)}
	for _, f := range ui.ErrorsOf(ctx, err) {
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		out.Fields[f.Name] = f.Text
	}
	write(w, ui.Status(p.Kind), out)
}

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
var spoken = []string{"panel", "log", "open", "close", "send", "write", "name", "email", "missing", "unread", "read", "waits"}

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
		out.Words[w] = i18n.T(ctx, "chat."+w, "n", "{n}", "title", "{title}")
	}
	if out.Greeting == "" {
		out.Greeting = i18n.T(ctx, "chat.greeting")
	}
	return write(w, http.StatusOK, out)
}

// line is a message in the browser.
type line struct {
	ID     string `json:"id"`
	Client string `json:"client_id,omitempty"`
	From   string `json:"from"` // "visitor", "agent" or "bot"
	Name   string `json:"name,omitempty"`
	Text   string `json:"text"`
	At     string `json:"at"`
	Read   bool   `json:"read,omitempty"`
}

func (e *edge) messages(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var after conversation.MessageID
	if text := r.URL.Query().Get("after"); text != "" {
		if err := after.UnmarshalText([]byte(text)); err != nil {
			return problem.New(problem.Invalid, "That cannot be read.")
		}
	}
	out := struct {
		Items []line `json:"items"`
	}{[]line{}}
	err := e.DB.Read(ctx, func(tx *db.Tx) error {
		v, _, err := e.Chat.Find(ctx, tx, caller(r))
		if err != nil {
			return err
		}
		list, err := chat.Lines(ctx, tx, v, after)
		for _, m := range list {
			out.Items = append(out.Items, show(m))
		}
		return err
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, out)
}

func show(m chat.Line) line {
	l := line{ID: m.ID.String(), Client: m.Client, From: "agent", Name: m.FromName, Text: m.Text, At: m.CreatedAt.Format("2006-01-02T15:04:05.000Z")}
	switch m.Kind {
	case conversation.FromCustomer:
		l.From, l.Name, l.Read = "visitor", "", m.Read
	case conversation.FromBot:
		l.From = "bot"
	}
	return l
}

func (e *edge) say(w http.ResponseWriter, r *http.Request) error {
	if err := e.Room.Short(); err != nil {
		return err
	}
	var in struct {
		ClientID string `json:"client_id"`
		Text     string `json:"text"`
		Name     string `json:"name"`
		Email    string `json:"email"`
		Page     string `json:"page"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	words := chat.Words{Client: in.ClientID, Text: in.Text,
		Card: chat.Card{Name: in.Name, Email: in.Email, Page: in.Page, Language: string(i18n.Of(ctx).Locale)}}
	var said chat.Said
	err := e.DB.Write(ctx, func(tx *db.Tx) (err error) {
		said, err = e.Chat.Say(ctx, tx, caller(r), words)
		return err
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusCreated, struct {
		ID    string `json:"id"`
		Token string `json:"token,omitempty"`
	}{said.Message.String(), said.Token})
}

func (e *edge) got(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID conversation.MessageID `json:"id"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		v, _, err := e.Chat.Find(ctx, tx, caller(r))
		if err != nil {
			return err
		}
		return chat.Got(ctx, tx, v, in.ID)
	})
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// live is the stream of a visitor. Where it was broken off does not matter: what
// it says is only that there is something to look at, and the browser looks when
// it begins.
func (e *edge) live(w http.ResponseWriter, r *http.Request) error {
	who := caller(r)
	find := func(ctx context.Context) (v chat.Visitor, err error) {
		err = e.DB.Read(ctx, func(tx *db.Tx) (err error) { v, _, err = e.Chat.Find(ctx, tx, who); return err })
		return v, err
	}
	v, err := find(r.Context())
	if err != nil {
		return err
	}
	r = r.WithContext(chat.With(r.Context(), v.ID))
	e.Hub.Serve(w, r, []string{chat.Topic(v.ID)}, 0, func(ctx context.Context) bool {
		is, err := find(ctx)
		return err == nil && is.ID == v.ID
	})
	return nil
}
