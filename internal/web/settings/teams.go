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

func (a area) teamRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/teams", team.ManagePeople, a.teams)
	rt.Page("GET /settings/teams/new", team.ManagePeople, a.team)
	rt.Page("POST /settings/teams/new", team.ManagePeople, a.saveTeam)
	rt.Page("GET /settings/teams/{id}", team.ManagePeople, a.team)
	rt.Page("POST /settings/teams/{id}", team.ManagePeople, a.saveTeam)
	rt.Page("POST /settings/teams/{id}/delete", team.ManagePeople, a.deleteTeam)
}

// crew is a team as its page shows it.
type crew struct {
	team.Team
	People  []team.Person
	Members map[team.ID]bool
	Trouble ui.Trouble
}

func (a area) teams(w http.ResponseWriter, r *http.Request) error {
	var list []team.Team
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		list, err = team.Teams(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, teamsPage(list))
	return nil
}

func (a area) loadTeam(r *http.Request) (c crew, err error) {
	ctx := r.Context()
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		c = crew{Members: map[team.ID]bool{}}
		if c.People, err = team.People(ctx, tx, team.Filter{}); err != nil || r.PathValue("id") == "" {
			return err
		}
		key, err := id.Read[team.TeamID](r.PathValue("id"))
		if err != nil {
			return problem.New(problem.NotFound, "There is no such team.")
		}
		if c.Team, err = team.GetTeam(ctx, tx, key); err != nil {
			return err
		}
		members, err := team.Members(ctx, tx, key)
		for _, p := range members {
			c.Members[p.ID] = true
		}
		return err
	})
	return c, err
}

func (a area) team(w http.ResponseWriter, r *http.Request) error {
	c, err := a.loadTeam(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, teamPage(c))
	return nil
}

func (a area) saveTeam(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := a.loadTeam(r)
	if err != nil {
		return err
	}
	c.Name, c.About, c.Members = r.FormValue("name"), r.FormValue("about"), map[team.ID]bool{}
	var members []team.ID
	for _, s := range r.Form["members"] {
		if p, err := id.Read[team.ID](s); err == nil {
			members, c.Members[p] = append(members, p), true
		}
	}
	key := c.ID
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if c.ID == 0 {
			key, err = team.MakeTeam(ctx, tx, c.Name, c.About)
		} else {
			err = team.ChangeTeam(ctx, tx, c.ID, c.Name, c.About)
		}
		if err != nil {
			return err
		}
		return team.SetMembers(ctx, tx, key, members)
	})
	if err == nil {
		return done(w, r, "/settings/teams", "saved")
	}
	if c.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, c.Trouble.Status, teamPage(c))
	return nil
}

func (a area) deleteTeam(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := a.loadTeam(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return team.DeleteTeam(ctx, tx, c.ID) }); err != nil {
		return err
	}
	return done(w, r, "/settings/teams", "team_deleted", "name", c.Name)
}
