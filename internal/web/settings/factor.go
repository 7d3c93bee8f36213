package settings

import (
	"net/http"
	"regexp"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// enrolling is a second factor that waits for its first code.
type enrolling struct {
	team.Enrolment
	QR      string // an SVG path of unit squares
	Size    int
	Trouble ui.Trouble
}

// factor shows what there is, and how to begin. Somebody whose role needs one and
// who has none sees no other page.
func (a area) factor(w http.ResponseWriter, r *http.Request) error {
	s, err := a.loadSafety(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, factorPage(s, desk.Session(r.Context()).Must))
	return nil
}

func (a area) newFactor(w http.ResponseWriter, r *http.Request) error {
	var e enrolling
	var err error
	if e.Enrolment, err = a.Door.Enrol(r.Context(), r.FormValue("password")); err != nil {
		return a.factorAgain(w, r, err)
	}
	return showEnrolling(w, r, http.StatusOK, e)
}

// factorAgain shows the page with what is wrong.
func (a area) factorAgain(w http.ResponseWriter, r *http.Request, err error) error {
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	s, err := a.loadSafety(r)
	if err != nil {
		return err
	}
	s.Trouble = trouble
	ui.Render(w, r, trouble.Status, factorPage(s, desk.Session(r.Context()).Must))
	return nil
}

func showEnrolling(w http.ResponseWriter, r *http.Request, status int, e enrolling) error {
	var err error
	if e.QR, e.Size, err = e.Enrolment.QR(); err != nil {
		return err
	}
	ui.Render(w, r, status, enrolPage(e))
	return nil
}

var secretForm = regexp.MustCompile(`^[A-Z2-7]{16,64}$`)

// confirmFactor takes the first code. A wrong one shows the same picture again:
// the page brings it along, since the desk keeps only the sealed secret.
func (a area) confirmFactor(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	session := desk.Session(ctx)
	var codes []string
	var token string
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		codes, token, err = a.Door.ConfirmFactor(ctx, tx, session, r.FormValue("code"))
		return err
	})
	if err == nil {
		desk.SetCookie(w, r, token, session.Kept)
		ui.Render(w, r, http.StatusOK, codesPage(codes))
		return nil
	}
	e := enrolling{Enrolment: team.Enrolment{Secret: r.FormValue("secret"), URL: r.FormValue("url")}}
	if !secretForm.MatchString(e.Secret) || !strings.HasPrefix(e.URL, "otpauth://totp/") || len(e.URL) > 600 {
		return err
	}
	if e.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return showEnrolling(w, r, e.Trouble.Status, e)
}

func (a area) newRecovery(w http.ResponseWriter, r *http.Request) error {
	codes, err := a.Door.MakeRecovery(r.Context(), r.FormValue("password"))
	if err != nil {
		return a.factorAgain(w, r, err)
	}
	ui.Render(w, r, http.StatusOK, codesPage(codes))
	return nil
}

var codeForm = regexp.MustCompile(`^[a-z0-9_-]{4}(-[a-z0-9_-]{4}){2}$`)

// recoveryFile gives the codes on the page back as a file: the desk does not have them.
func (a area) recoveryFile(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	codes := r.PostForm["code"]
	for _, c := range codes {
		if len(codes) > 20 || !codeForm.MatchString(strings.ToLower(c)) {
			return problem.New(problem.Invalid, "These are no recovery codes.")
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="baraji-recovery-codes.txt"`)
	_, err := w.Write([]byte(strings.Join(codes, "\r\n") + "\r\n"))
	return err
}

func (a area) dropFactor(w http.ResponseWriter, r *http.Request) error {
	if err := a.Door.DropFactor(r.Context(), r.FormValue("code")); err != nil {
		return a.factorAgain(w, r, err)
	}
	return done(w, r, "/profile/security", "factor_dropped")
}
