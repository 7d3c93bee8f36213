package portal

import (
	"errors"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/portal"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"

	"context"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Public("GET /portal", a.guest(a.list))
	rt.Public("GET /portal/sign-in", a.stranger(a.signIn))
	rt.Public("POST /portal/sign-in", a.stranger(a.ask))
	rt.Public("GET /portal/enter/{token}", a.stranger(a.door))
	rt.Public("POST /portal/enter/{token}", a.stranger(a.enter))
	rt.Public("POST /portal/sign-out", a.guest(a.signOut))
	rt.Public("GET /portal/talks/{id}", a.guest(a.talk))
	rt.Public("POST /portal/talks/{id}", a.guest(a.answer))
	rt.Public("POST /portal/talks/{id}/{act}", a.guest(a.turn))
	rt.Public("GET /portal/talks/{id}/file/{file}", a.guest(a.file))
	rt.Public("GET /portal/new", a.guest(a.begin))
	rt.Public("POST /portal/new", a.guest(a.begun))
	rt.Public("GET /portal/help", a.guest(a.help))
	rt.Public("GET /portal/help/{slug}", a.guest(a.article))
	rt.Public("GET /portal/picture/{id}", a.guest(a.picture))
	rt.Public("GET /portal/helped", a.guest(a.glad))
	rt.Public("POST /portal/helped", a.guest(a.helped))
	rt.Public("GET /portal/sessions", a.guest(a.sessions))
	rt.Public("POST /portal/sessions/end", a.guest(a.endOthers))
	rt.Public("POST /portal/sessions/{id}/end", a.guest(a.endOne))
	rt.Public("GET /portal/language/{language}", a.guest(a.speak))
}

// visit is one request of a customer, or of somebody who is none yet.
type visit struct {
	portal.Guest
	ctx context.Context
	r   *http.Request
}

type handler func(http.ResponseWriter, visit) error

// stranger lets everybody in. The team's session counts for nothing here.
func (a area) stranger(fn handler) desk.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := ui.Of(r.Context())
		l := v.Locale
		if asked, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
			l = asked
		}
		return fn(w, a.visit(r, portal.Guest{}, l))
	}
}

func (a area) visit(r *http.Request, g portal.Guest, l i18n.Locale) visit {
	v := ui.Of(r.Context())
	ctx := ui.With(team.With(r.Context(), team.Actor{}), ui.Viewer{Shop: v.Shop, Locale: l, Zone: v.Zone, Now: a.DB.Now(), CSRF: v.CSRF})
	return visit{g, ctx, r.WithContext(ctx)}
}

// guest lets those in who have a session, and leads the others to the door.
func (a area) guest(fn handler) desk.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var g portal.Guest
		err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { g, err = portal.Who(r.Context(), tx, cookie(r)); return err })
		if errors.Is(err, portal.ErrStranger) {
			http.Redirect(w, r, "/portal/sign-in", http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		if g.Stale {
			if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return portal.Seen(r.Context(), tx, g.ID) }); err != nil {
				a.Log.Warn("a session of the portal was not noted", "error", err)
			}
		}
		l := g.Language
		if l == "" {
			l = ui.Of(r.Context()).Locale
		}
		return fn(w, a.visit(r, g, l))
	}
}

func (a area) write(v visit, fn func(tx *db.Tx) error) error { return a.DB.Write(v.ctx, fn) }

// cookieName: __Host- makes browsers refuse it from another host or without TLS.
func cookieName(r *http.Request) string {
	if desk.OverTLS(r) {
		return "__Host-baraji-portal"
	}
	return "baraji-portal"
}

func cookie(r *http.Request) string {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie gives the browser a session; "" takes it away.
func setCookie(w http.ResponseWriter, r *http.Request, token string) {
	c := &http.Cookie{Name: cookieName(r), Value: token, Path: "/", MaxAge: 30 * 24 * 3600, HttpOnly: true, Secure: desk.OverTLS(r), SameSite: http.SameSiteLaxMode}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "portal."+key, args...)
}
