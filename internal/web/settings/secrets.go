package settings

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) secretRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/secrets", team.ManageTokens, a.secrets)
	rt.Page("GET /settings/secrets/new", team.ManageTokens, a.newSecret)
	rt.Page("POST /settings/secrets/new", team.ManageTokens, a.makeSecret)
	rt.Page("GET /settings/secrets/{id}", team.ManageTokens, a.secret)
	rt.Page("POST /settings/secrets/{id}", team.ManageTokens, a.changeSecret)
	rt.Page("POST /settings/secrets/{id}/delete", team.ManageTokens, a.deleteSecret)
}

// keptSecret is a secret as its form shows it. What it says is never filled in again, not even when it was refused.
type keptSecret struct {
	outcall.Secret
	Trouble ui.Trouble
}

func secretPath(id outcall.SecretID) string { return "/settings/secrets/" + id.String() }

func (f keptSecret) path() string {
	if f.ID == 0 {
		return "/settings/secrets/new"
	}
	return secretPath(f.ID)
}

func (a area) secrets(w http.ResponseWriter, r *http.Request) error {
	var list []outcall.Secret
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { list, err = outcall.Secrets(r.Context(), tx); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, secretsPage(list))
	return nil
}

func (a area) newSecret(w http.ResponseWriter, r *http.Request) error {
	ui.Render(w, r, http.StatusOK, secretPage(keptSecret{}))
	return nil
}

func (a area) makeSecret(w http.ResponseWriter, r *http.Request) error {
	f := keptSecret{Secret: outcall.Secret{Name: r.FormValue("name"), Host: r.FormValue("host")}}
	err := a.DB.Write(r.Context(), func(tx *db.Tx) error {
		_, err := a.Calls.MakeSecret(r.Context(), tx, f.Name, f.Host, r.FormValue("value"))
		return err
	})
	if err == nil {
		return done(w, r, "/settings/secrets", "saved")
	}
	return a.refuseSecret(w, r, f, err)
}

func (a area) refuseSecret(w http.ResponseWriter, r *http.Request, f keptSecret, err error) error {
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, secretPage(f))
	return nil
}

func (a area) secretAt(r *http.Request) (f keptSecret, err error) {
	key, err := id.Read[outcall.SecretID](r.PathValue("id"))
	if err != nil {
		return f, problem.New(problem.NotFound, "There is no such secret.")
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { f.Secret, err = outcall.GetSecret(r.Context(), tx, key); return err })
	return f, err
}

func (a area) secret(w http.ResponseWriter, r *http.Request) error {
	f, err := a.secretAt(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, secretPage(f))
	return nil
}

func (a area) changeSecret(w http.ResponseWriter, r *http.Request) error {
	f, err := a.secretAt(r)
	if err != nil {
		return err
	}
	err = a.DB.Write(r.Context(), func(tx *db.Tx) error { return a.Calls.ChangeSecret(r.Context(), tx, f.ID, r.FormValue("value")) })
	if err == nil {
		return done(w, r, "/settings/secrets", "saved")
	}
	return a.refuseSecret(w, r, f, err)
}

func (a area) deleteSecret(w http.ResponseWriter, r *http.Request) error {
	f, err := a.secretAt(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return outcall.DeleteSecret(r.Context(), tx, f.ID) }); err != nil {
		return err
	}
	return done(w, r, "/settings/secrets", "secret_deleted")
}
