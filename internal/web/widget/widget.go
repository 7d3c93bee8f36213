// Package widget is the edge of the chat (internal/channel/chat) that browsers on
// the firm's own pages talk to: JSON over requests that carry no cookie, from the
// origins that the firm allows, and one stream that says when to look again.
//
//	GET  /widget.js               the script that shows it
//	GET  /widget/{key}            how the widget looks and what it asks
//	GET  /widget/{key}/messages   ?after=: what the visitor may see
//	POST /widget/{key}/messages   {client_id, text, files, name, email, answers, page}
//	POST /widget/{key}/files      ?name=: the bytes of a file that he will write about
//	GET  /widget/{key}/files/{id} a file of what he may see, by its signed address
//	POST /widget/{key}/got        {id, read}: the browser has everything up to it; he has read it
//	POST /widget/{key}/typing     he types, at this moment
//	POST /widget/{key}/leave      who was proven signs out: his proof opens nothing any more
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
	"strconv"
	"strings"

	"baraji/internal/channel/chat"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/live"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/room"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// Parts are what New needs.
type Parts struct {
	DB    *db.DB
	Chat  *chat.Chat
	Blobs blob.Store
	Hub   *live.Hub
	Room  *room.Room
	Log   *slog.Logger

	// Tell says to the pages that follow a topic, on every node, that something of a kind happens there at this
	// moment.
	Tell func(ctx context.Context, topic, kind string)
}

type edge struct {
	Parts
	pace pace
	seen sightings
}

// New makes the handler of /widget.js and everything under /widget/.
func New(p Parts) (http.Handler, error) {
	e := &edge{Parts: p}
	js, err := newScript()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /widget.js", js)
	mux.HandleFunc("GET /widget/{key}", e.open(e.settings))
	mux.HandleFunc("GET /widget/{key}/messages", e.open(e.messages))
	mux.HandleFunc("POST /widget/{key}/messages", e.open(e.say))
	mux.HandleFunc("POST /widget/{key}/files", e.open(e.upload))
	mux.HandleFunc("GET /widget/{key}/files/{id}", e.file)
	mux.HandleFunc("POST /widget/{key}/got", e.open(e.got))
	mux.HandleFunc("POST /widget/{key}/typing", e.open(e.typing))
	mux.HandleFunc("POST /widget/{key}/leave", e.open(e.leave))
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
		if err == nil && r.Method == http.MethodPost {
			err = e.pace.step(desk.From(r), e.DB.Now())
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
	err = live.Apart(func() error {
		return e.DB.Read(ctx, func(tx *db.Tx) (err error) { s, err = chat.SettingsFor(ctx, tx, key); return err })
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
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(p.RetryAfter.Seconds()))))
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
