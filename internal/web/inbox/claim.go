package inbox

import (
	"net/http"

	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// claim takes what somebody said of himself in a form, or leaves it.
func (a *area) claim(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	key, err := id.Read[form.ClaimID](r.PathValue("claim"))
	if err != nil {
		return problem.New(problem.NotFound, "This is not there any more.")
	}
	do, word := form.Leave, "inbox.claim_left"
	if r.FormValue("do") == "take" {
		do, word = form.Take, "inbox.claim_taken"
	}
	if err := a.do(r, func(tx *db.Tx) error { return do(r.Context(), tx, key) }); err != nil {
		return err
	}
	done(w, r, talk, ui.Toast{Text: i18n.T(r.Context(), word)})
	return nil
}
