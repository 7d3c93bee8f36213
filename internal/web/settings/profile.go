package settings

import (
	"net/http"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) profileRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/me", "", func(w http.ResponseWriter, r *http.Request) error {
		ui.Redirect(w, r, "/profile")
		return nil
	})
	rt.Page("GET /profile", "", a.profile)
	rt.Page("POST /profile", "", a.saveProfile)
	rt.Page("POST /profile/theme", "", a.saveTheme)
	rt.Page("GET /profile/security", "", a.security)
	rt.Page("POST /profile/password", "", a.changePassword)
	rt.Page("POST /profile/sessions/others/end", "", a.endOthers)
	rt.Page("POST /profile/sessions/{id}/end", "", a.endSession)
	rt.Page("GET /profile/factor", "", a.factor)
	rt.Page("POST /profile/factor/new", "", a.newFactor)
	rt.Page("POST /profile/factor/confirm", "", a.confirmFactor)
	rt.Page("POST /profile/factor/recovery", "", a.newRecovery)
	rt.Page("POST /profile/factor/codes.txt", "", a.recoveryFile)
	rt.Page("POST /profile/factor/drop", "", a.dropFactor)
}

// me is the profile of whoever looks.
type me struct {
	team.Person
	Trouble ui.Trouble
}

func (a area) loadMe(r *http.Request) (m me, err error) {
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		m.Person, err = team.Get(r.Context(), tx, team.From(r.Context()).Person)
		return err
	})
	return m, err
}

func (a area) profile(w http.ResponseWriter, r *http.Request) error {
	m, err := a.loadMe(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, profilePage(m))
	return nil
}

func (a area) saveProfile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := a.loadMe(r)
	if err != nil {
		return err
	}
	m.Name = r.FormValue("name")
	m.Choices = team.Choices{Language: r.FormValue("language"), Zone: r.FormValue("zone"), Theme: r.FormValue("theme"), Density: r.FormValue("density"),
		Shortcuts: r.FormValue("shortcuts") != "", EnterSends: r.FormValue("enter_sends") != "", Signatures: map[string]string{}}
	for _, l := range i18n.Locales() {
		m.Signatures[string(l)] = strings.ReplaceAll(r.FormValue("signature."+string(l)), "\r\n", "\n")
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return team.ChangeProfile(ctx, tx, m.Name, m.Choices) })
	if err != nil {
		if m.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		ui.Render(w, r, m.Trouble.Status, profilePage(m))
		return nil
	}
	if l, ok := desk.Language(m.Language); ok {
		desk.SetLanguage(w, r, l) // the sign-in page speaks it as well
		v := ui.Of(ctx)
		v.Locale = l
		r = r.WithContext(ui.With(ctx, v))
	}
	return done(w, r, "/profile", "saved")
}

// saveTheme takes light or dark at once, without the rest of the form.
func (a area) saveTheme(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.ChangeTheme(ctx, tx, r.FormValue("theme")) })
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
