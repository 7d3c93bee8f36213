package settings

import (
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) roleRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/roles", team.ManagePeople, a.roles)
	rt.Page("GET /settings/roles/new", team.ManagePeople, a.newRole)
	rt.Page("POST /settings/roles/new", team.ManagePeople, a.saveRole)
	rt.Page("GET /settings/roles/{name}", team.ManagePeople, a.role)
	rt.Page("POST /settings/roles/{name}", team.ManagePeople, a.saveRole)
	rt.Page("POST /settings/roles/{name}/factor", team.ManagePeople, a.requireFactor)
	rt.Page("POST /settings/roles/{name}/delete", team.ManagePeople, a.deleteRole)
}

// roleForm is a role as its page shows it.
type roleForm struct {
	team.Role
	New     bool
	Trouble ui.Trouble
}

func (a area) roles(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var list []team.Role
	held := map[string]int{}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = team.Roles(ctx, tx); err != nil {
			return err
		}
		people, err := team.People(ctx, tx, team.Filter{})
		clear(held)
		for _, p := range people {
			held[p.Role]++
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, rolesPage(list, held))
	return nil
}

func (a area) newRole(w http.ResponseWriter, r *http.Request) error {
	f := roleForm{Role: team.Role{See: team.SeeEverything, Rights: []team.Right{team.ReadConversations, team.ReadContacts}}, New: true}
	ui.Render(w, r, http.StatusOK, rolePage(f))
	return nil
}

func (a area) loadRole(r *http.Request) (f roleForm, err error) {
	if r.PathValue("name") == "" {
		return roleForm{New: true}, nil
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		f.Role, err = team.GetRole(r.Context(), tx, r.PathValue("name"))
		return err
	})
	if problem.KindOf(err) == problem.Invalid { // as a choice in a form it would be a mistake; in an address it is not there
		err = problem.New(problem.NotFound, "There is no such role.")
	}
	return f, err
}

func (a area) role(w http.ResponseWriter, r *http.Request) error {
	f, err := a.loadRole(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, rolePage(f))
	return nil
}

func (a area) saveRole(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := a.loadRole(r)
	if err != nil {
		return err
	}
	f.Title, f.About, f.See, f.Masked = r.FormValue("title"), r.FormValue("about"), team.See(r.FormValue("see")), r.FormValue("masked") != ""
	f.Rights = nil
	for _, right := range r.Form["rights"] {
		f.Rights = append(f.Rights, team.Right(right))
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if !f.New {
			return team.EditRole(ctx, tx, f.Role)
		}
		_, err := team.MakeRole(ctx, tx, f.Role)
		return err
	})
	if err == nil {
		return done(w, r, "/settings/roles", "saved")
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, rolePage(f))
	return nil
}

func (a area) requireFactor(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	required := r.FormValue("required") == "true"
	if _, err := a.loadRole(r); err != nil {
		return err
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.RequireFactor(ctx, tx, r.PathValue("name"), required) })
	if err != nil {
		return err
	}
	return done(w, r, "/settings/roles/"+r.PathValue("name"), "saved")
}

func (a area) deleteRole(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := a.loadRole(r)
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return team.DeleteRole(ctx, tx, f.Name) })
	if err == nil {
		return done(w, r, "/settings/roles", "role_deleted", "name", f.Title)
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, rolePage(f))
	return nil
}
