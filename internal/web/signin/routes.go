// Package signin is the pages before the desk: signing in and out, the second
// factor, a forgotten password, an invitation, and setting up a new desk.
//
// They work without scripts and paste works in every field. What is answered to
// an address that nobody has is what is answered to one that somebody has.
package signin

import (
	"context"
	"net/http"
	"net/url"

	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// door is the pages with the parts of the program that they call.
type door struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	d := door{rt.Desk}
	rt.Public("GET /sign-in", d.askSignIn)
	rt.Public("POST /sign-in", d.signIn)
	rt.Public("GET /sign-in/code", d.askCode)
	rt.Public("POST /sign-in/code", d.confirm)
	rt.Public("GET /sign-out", d.askSignOut)
	rt.Public("POST /sign-out", d.signOut)
	rt.Public("GET /forgot", d.askForgot)
	rt.Public("POST /forgot", d.forgot)
	rt.Public("GET /reset/{token}", d.askReset)
	rt.Public("POST /reset/{token}", d.reset)
	rt.Public("GET /join/{token}", d.askJoin)
	rt.Public("POST /join/{token}", d.join)
	rt.Public("GET /set-up", d.askSetUp)
	rt.Public("POST /set-up", d.setUp)
	rt.Public("GET /language/{language}", d.language)
}

// enter lets somebody in whose password was right: to the page that he wanted, or
// first to the second factor.
func (d door) enter(w http.ResponseWriter, r *http.Request, in team.Entry, to string) error {
	desk.SetCookie(w, r, in.Token, in.Session.Kept && !in.Half)
	if in.Half {
		ui.Redirect(w, r, "/sign-in/code?to="+url.QueryEscape(to))
		return nil
	}
	setDevice(w, r, in.Device)
	ui.Redirect(w, r, to)
	return nil
}

// attempt is what a browser tells beside address and password.
func attempt(r *http.Request, email, password string, keep bool) team.Attempt {
	return team.Attempt{Email: email, Password: password, Keep: keep, Device: device(r), From: desk.From(r), Agent: r.UserAgent()}
}

const deviceCookie = "baraji_device"

// device is the token of a browser that somebody signed in with before.
func device(r *http.Request) string {
	c, err := r.Cookie(deviceCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func setDevice(w http.ResponseWriter, r *http.Request, token string) {
	if token == "" {
		return
	}
	year := 365 * 24 * 3600
	http.SetCookie(w, &http.Cookie{Name: deviceCookie, Value: token, Path: "/", MaxAge: year, HttpOnly: true, Secure: desk.OverTLS(r), SameSite: http.SameSiteLaxMode})
}

// speaking answers a link from a mail in the language of whom it was sent to,
// unless the browser has chosen another.
func speaking(r *http.Request, language string) *http.Request {
	v := ui.Of(r.Context())
	if l, ok := desk.Language(language); ok && !desk.HasLanguage(r) {
		v.Locale = l
	}
	return r.WithContext(ui.With(r.Context(), v))
}

// elsewhere is the language that the page is not in.
func elsewhere(ctx context.Context) i18n.Locale {
	if i18n.Of(ctx).Locale == i18n.Korean {
		return i18n.English
	}
	return i18n.Korean
}

// shop is what the firm calls itself, and ours before it has a name.
func shop(ctx context.Context) string {
	if s := ui.Of(ctx).Shop; s != "" {
		return s
	}
	return "Baraji"
}

// languages are those that we speak, as a choice.
func languages() (list []ui.Option) {
	for _, l := range i18n.Locales() {
		list = append(list, ui.Option{Value: string(l), Label: l.Name()})
	}
	return list
}
