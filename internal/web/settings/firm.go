package settings

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) firmRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/firm", team.ManageSettings, a.firm)
	rt.Page("POST /settings/firm", team.ManageSettings, a.saveFirm)
	rt.Page("GET /settings/about", "", a.about)
}

func (a area) firm(w http.ResponseWriter, r *http.Request) error {
	var f team.Firm
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		f, err = team.GetFirm(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, firmPage(f, ui.Trouble{}))
	return nil
}

func (a area) saveFirm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := team.Firm{Name: r.FormValue("firm"), Language: r.FormValue("language"), Zone: r.FormValue("zone")}
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.ChangeFirm(ctx, tx, f) })
	if err == nil {
		return done(w, r, "/settings/firm", "saved")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	ui.Render(w, r, trouble.Status, firmPage(f, trouble))
	return nil
}
