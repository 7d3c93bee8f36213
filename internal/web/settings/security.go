package settings

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// safety is how somebody comes in, and where he is.
type safety struct {
	team.Person
	Sessions []team.Session
	Here     team.SessionID
	Codes    int // recovery codes left
	Trouble  ui.Trouble
}

func (a area) loadSafety(r *http.Request) (s safety, err error) {
	ctx := r.Context()
	s.Here = desk.Session(ctx).ID
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		me := team.From(ctx).Person
		if s.Person, err = team.Get(ctx, tx, me); err != nil {
			return err
		}
		if s.Codes, err = team.RecoveryLeft(ctx, tx, me); err != nil {
			return err
		}
		s.Sessions, err = team.Sessions(ctx, tx)
		return err
	})
	return s, err
}

func (a area) security(w http.ResponseWriter, r *http.Request) error {
	s, err := a.loadSafety(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, securityPage(s))
	return nil
}

// changePassword gives this browser a new cookie and signs the others out.
func (a area) changePassword(w http.ResponseWriter, r *http.Request) error {
	session := desk.Session(r.Context())
	token, err := a.Door.ChangePassword(r.Context(), session, r.FormValue("old"), r.FormValue("password"))
	if err == nil {
		desk.SetCookie(w, r, token, session.Kept)
		return done(w, r, "/profile/security", "password_changed")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	s, err := a.loadSafety(r)
	if err != nil {
		return err
	}
	s.Trouble = trouble
	ui.Render(w, r, trouble.Status, securityPage(s))
	return nil
}

func (a area) endSession(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := id.Read[team.SessionID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "This device is signed out already.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.EndSession(ctx, tx, s) }); err != nil {
		return err
	}
	return done(w, r, "/profile/security", "session_ended")
}

func (a area) endOthers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	here := desk.Session(ctx).ID
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.EndOtherSessions(ctx, tx, here) }); err != nil {
		return err
	}
	return done(w, r, "/profile/security", "sessions_ended")
}
