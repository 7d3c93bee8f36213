package api

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func roles(rt *routes) {
	get(rt, "/roles", "List the roles: the built-in ones from the most powerful down, then own ones", listRoles)
	post(rt, "/roles", "Make a role", makeRole, status(http.StatusCreated), about("Nobody makes a role that may do more than he."))
	get(rt, "/roles/{name}", "Get a role", getRole)
	patch(rt, "/roles/{name}", "Change a role of your own", changeRole)
	remove(rt, "/roles/{name}", "Delete a role that nobody has", deleteRole)
}

// Role is a set of rights under a name.
type Role struct {
	Name         string   `json:"name" doc:"How it is referred to"`
	BuiltIn      bool     `json:"built_in"`
	Title        string   `json:"title" doc:"For people"`
	About        string   `json:"about"`
	Rights       []string `json:"rights" nullable:"false"`
	See          string   `json:"see" enum:"everything,teams,mine"`
	Masked       bool     `json:"masked"`
	SecondFactor bool     `json:"second_factor" doc:"Its people must have a second factor"`
}

func showRole(ctx context.Context, r team.Role) Role {
	out := Role{r.Name, r.BuiltIn, r.Title, r.About, texts(r.Rights), string(r.See), r.Masked, r.SecondFactor}
	if r.BuiltIn {
		out.Title, out.About = i18n.T(ctx, r.Word()), i18n.T(ctx, r.Word()+"_about")
	}
	return out
}

func listRoles(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Role], error) {
	l, err := team.Roles(ctx, tx)
	return all(l, func(r team.Role) Role { return showRole(ctx, r) }), err
}

// roleAtPath is a role in a path.
type roleAtPath struct {
	Name string `path:"name" maxLength:"100"`
}

func getRole(ctx context.Context, tx *db.Tx, in *roleAtPath) (Role, error) {
	r, err := roleAt(ctx, tx, in.Name)
	return showRole(ctx, r), err
}

func roleAt(ctx context.Context, tx *db.Tx, name string) (team.Role, error) {
	l, err := team.Roles(ctx, tx)
	for _, r := range l {
		if r.Name == name {
			return r, err
		}
	}
	if err == nil {
		err = problem.New(problem.NotFound, "There is nothing here.")
	}
	return team.Role{}, err
}

// RoleHead is what may be written of a role.
type RoleHead struct {
	Title        *string   `json:"title,omitempty" maxLength:"200"`
	About        *string   `json:"about,omitempty" maxLength:"2000"`
	Rights       *[]string `json:"rights,omitempty" maxItems:"100"`
	See          *string   `json:"see,omitempty" enum:"everything,teams,mine"`
	Masked       *bool     `json:"masked,omitempty"`
	SecondFactor *bool     `json:"second_factor,omitempty"`
}

// newRole makes a role.
type newRole struct{ Body struct{ RoleHead } }

func (h RoleHead) onto(r *team.Role) error {
	if h.Title != nil {
		r.Title = *h.Title
	}
	if h.About != nil {
		r.About = *h.About
	}
	if h.See != nil {
		r.See = team.See(*h.See)
	}
	if h.Masked != nil {
		r.Masked = *h.Masked
	}
	if h.Rights == nil {
		return nil
	}
	var err error
	r.Rights, err = rightsOf(*h.Rights)
	return err
}

// rightsOf reads the names of rights.
func rightsOf(names []string) ([]team.Right, error) {
	var out []team.Right
	for _, name := range names {
		if !contains(team.Rights, team.Right(name)) {
			return nil, problem.For("rights", "There is no right “%s”.", name)
		}
		out = append(out, team.Right(name))
	}
	return out, nil
}

func (h RoleHead) touches() bool {
	return h.Title != nil || h.About != nil || h.Rights != nil || h.See != nil || h.Masked != nil
}

func makeRole(ctx context.Context, tx *db.Tx, in *newRole) (Role, error) {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return Role{}, err
	}
	r := team.Role{See: team.SeeEverything}
	if err := in.Body.onto(&r); err != nil {
		return Role{}, err
	}
	name, err := team.MakeRole(ctx, tx, r)
	if err != nil {
		return Role{}, err
	}
	return in.Body.require(ctx, tx, name)
}

// require sets whether its people need a second factor, and returns the role.
func (h RoleHead) require(ctx context.Context, tx *db.Tx, name string) (Role, error) {
	if h.SecondFactor != nil {
		if err := team.RequireFactor(ctx, tx, name, *h.SecondFactor); err != nil {
			return Role{}, err
		}
	}
	r, err := roleAt(ctx, tx, name)
	return showRole(ctx, r), err
}

// rolePatch changes a role.
type rolePatch struct {
	Name string `path:"name" maxLength:"100"`
	Body struct{ RoleHead }
}

func changeRole(ctx context.Context, tx *db.Tx, in *rolePatch) (Role, error) {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return Role{}, err
	}
	r, err := roleAt(ctx, tx, in.Name)
	if err != nil {
		return Role{}, err
	}
	if err := in.Body.onto(&r); err != nil {
		return Role{}, err
	}
	if in.Body.touches() {
		if err := team.EditRole(ctx, tx, r); err != nil {
			return Role{}, err
		}
	}
	return in.Body.require(ctx, tx, in.Name)
}

func deleteRole(ctx context.Context, tx *db.Tx, in *roleAtPath) error {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return err
	}
	if _, err := roleAt(ctx, tx, in.Name); err != nil {
		return err
	}
	return team.DeleteRole(ctx, tx, in.Name)
}
