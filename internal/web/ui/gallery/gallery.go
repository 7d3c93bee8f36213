// Package gallery shows every part of the pages in every state, in a made-up
// shop: what one looks at before and after a change of the styles, and what the
// browser tests walk through. It is served by tests only.
//
//	/parts /inbox /customer /settings /sign-in /empty /broken, each with
//	?lang=ko|en&theme=light|dark&density=roomy&keys=off
package gallery

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// now is the moment at which the gallery stands still.
func now() time.Time { return time.Date(2026, 11, 20, 5, 7, 0, 0, time.UTC) }

//go:embed gallery.css
var styles []byte

// Handler serves the gallery and the assets behind the middleware of the product.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", ui.Assets())
	mux.HandleFunc("GET /gallery.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Write(styles)
	})
	mux.HandleFunc("GET /parts", page(parts))
	mux.HandleFunc("GET /inbox", page(inbox))
	mux.HandleFunc("GET /customer", page(customer))
	mux.HandleFunc("GET /settings", page(settings))
	mux.HandleFunc("GET /sign-in", page(signIn))
	mux.HandleFunc("GET /empty", page(empty))
	mux.HandleFunc("GET /dialog", page(question))
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, r *http.Request) {
		ui.Problem(w, r.WithContext(ui.With(r.Context(), viewer(r))), errors.New("the gallery is meant to fail here"))
	})
	mux.HandleFunc("GET /find", page(found))
	mux.HandleFunc("POST /solve", act(func(w http.ResponseWriter, r *http.Request) error {
		ui.Say(w, r, ui.Toast{Text: pick(r.Context(), "#1042를 해결했어요", "#1042 is solved"), Undo: "/undo"})
		return nil
	}))
	mux.HandleFunc("POST /undo", act(func(w http.ResponseWriter, r *http.Request) error {
		ui.Say(w, r, ui.Toast{Text: pick(r.Context(), "다시 열었어요", "Open again")})
		return nil
	}))
	mux.HandleFunc("POST /refuse", act(func(http.ResponseWriter, *http.Request) error {
		return problem.New(problem.Conflict, "There is nothing to undo.")
	}))
	stream := &stream{told: make(chan struct{})}
	mux.HandleFunc("GET /live", stream.serve)
	mux.HandleFunc("GET /listening", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, stream.listening(0)) })
	mux.HandleFunc("POST /change", act(func(http.ResponseWriter, *http.Request) error { stream.tell(); return nil }))
	mux.HandleFunc("GET /changed", func(w http.ResponseWriter, r *http.Request) { ui.Render(w, r, http.StatusOK, changed(stream.count())) })
	return ui.Secure(ui.Compress(session(ui.CSRF(mux))))
}

// session stands for the product's: everyone but at the door is Seoyun.
func session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := viewer(r)
		if r.URL.Path == "/sign-in" {
			v = ui.Viewer{Shop: v.Shop, Locale: v.Locale, Zone: v.Zone, Now: v.Now, Theme: v.Theme}
		}
		next.ServeHTTP(w, r.WithContext(ui.With(r.Context(), v)))
	})
}

func viewer(r *http.Request) ui.Viewer {
	q := r.URL.Query()
	if from, err := url.Parse(r.Header.Get("Referer")); err == nil && !q.Has("lang") {
		q = from.Query() // what a page asks for is in the page's language
	}
	locale, ok := i18n.Parse(q.Get("lang"))
	if !ok {
		locale = i18n.Match(r.Header.Get("Accept-Language"))
	}
	v := ui.Viewer{ID: "per_1", Name: "한서윤", Shop: "달빛상점", Locale: locale, Zone: time.FixedZone("KST", 9*3600), Now: now(),
		Theme: q.Get("theme"), Density: q.Get("density"), KeysOff: q.Get("keys") == "off", Presence: "on", CSRF: "the gallery's token, which is no secret",
		Rights: func(string) bool { return true }, Frame: frame}
	if locale == i18n.English {
		v.Name, v.Shop = "Noah Reyes", "Moonlight Lamps"
	}
	return v
}

func frame(ctx context.Context) ui.Frame {
	p := func(ko, en string) string { return pick(ctx, ko, en) }
	return ui.Frame{
		Counts: map[string]int{"inbox": 23},
		Groups: []ui.Group{
			{Head: p("보기", "Views"), Links: []ui.Link{
				{Label: p("내 담당", "Mine"), URL: "/inbox", Icon: "user-round", Count: 7, Current: true},
				{Label: p("담당 없음", "Unassigned"), URL: "/inbox", Icon: "inbox", Count: 4, Hot: true},
				{Label: p("우리 팀", "My team"), URL: "/inbox", Icon: "users-round", Count: 23},
				{Label: p("나를 부른 글", "Mentions"), URL: "/inbox", Icon: "at-sign", Count: 2},
				{Label: p("곧 지킬 약속", "Promises due"), URL: "/inbox", Icon: "handshake", Count: 3},
				{Label: p("미뤄 둔 것", "Snoozed"), URL: "/inbox", Icon: "alarm-clock", Count: 12408},
			}},
			{Head: p("저장한 보기", "Saved"), Links: []ui.Link{
				{Label: p("밤사이 온 문의", "Came overnight"), URL: "/inbox", Icon: "moon", Count: 6},
			}},
		},
		Foot:   []ui.Link{{Label: p("당직 문가온", "On call: Gaon"), URL: "/coverage", Icon: "phone-call"}},
		Status: p("상담 중 4/6", "4 of 6 open"),
		Find:   "/find",
		Live:   "/live",
	}
}

func page(draw func() templ.Component) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { ui.Render(w, r, http.StatusOK, draw()) }
}

func act(do func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := do(w, r); err != nil {
			ui.Problem(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// pick is the gallery's own catalogue: what a shop's people wrote is not ours.
func pick(ctx context.Context, ko, en string) string {
	if i18n.Of(ctx).Locale == i18n.Korean {
		return ko
	}
	return en
}

// wrong are errors of a form, as a command would give them.
func wrong(ctx context.Context) ui.Errors {
	var check problem.Check
	check.That(false, "email", "Enter an e-mail address such as name@example.com.")
	check.That(false, "limit", "Enter a number.")
	return ui.ErrorsOf(ctx, check.Err())
}
