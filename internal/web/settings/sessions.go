package settings

import (
	"net/http"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) sessionRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/sessions", team.ManagePeople, a.sessions)
	rt.Page("POST /settings/sessions", team.ManagePeople, a.saveSessions)
}

// staying is the form of how long people stay signed in, as it was typed.
type staying struct {
	Idle, Days, KeptIdle, KeptDays string
	Trouble                        ui.Trouble
}

func (a area) sessions(w http.ResponseWriter, r *http.Request) error {
	var l team.Lengths
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		l, err = team.GetLengths(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, sessionsPage(staying{Idle: strconv.Itoa(l.IdleHours), Days: strconv.Itoa(l.Days), KeptIdle: strconv.Itoa(l.KeptIdle),
		KeptDays: strconv.Itoa(l.KeptDays)}))
	return nil
}

// saveSessions takes what is no number for 0, which is refused with the bounds.
func (a area) saveSessions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s := staying{Idle: r.FormValue("idle_hours"), Days: r.FormValue("days"), KeptIdle: r.FormValue("kept_idle"), KeptDays: r.FormValue("kept_days")}
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	l := team.Lengths{IdleHours: number(s.Idle), Days: number(s.Days), KeptIdle: number(s.KeptIdle), KeptDays: number(s.KeptDays)}
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.ChangeLengths(ctx, tx, l) })
	if err == nil {
		return done(w, r, "/settings/sessions", "saved")
	}
	if s.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, s.Trouble.Status, sessionsPage(s))
	return nil
}
