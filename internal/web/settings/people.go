package settings

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) peopleRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/people", team.ManagePeople, a.people)
	rt.Page("GET /settings/people/invite", team.ManagePeople, a.askInvite)
	rt.Page("POST /settings/people/invite", team.ManagePeople, a.invite)
	rt.Page("GET /settings/people/{id}", team.ManagePeople, a.person)
	rt.Page("POST /settings/people/{id}", team.ManagePeople, a.savePerson)
	for name, do := range personActs() {
		rt.Page("POST /settings/people/{id}/"+name, team.ManagePeople, func(w http.ResponseWriter, r *http.Request) error { return a.actOn(w, r, name, do) })
	}
}

// personActs is what can be done to a person with one button.
func personActs() map[string]func(context.Context, *db.Tx, team.ID) error {
	return map[string]func(context.Context, *db.Tx, team.ID) error{
		"disable": team.Disable, "enable": team.Enable, "invite-again": team.InviteAgain,
		"end-sessions": team.EndSessionsOf, "drop-factor": team.DropFactorOf, "trust-address": team.TrustAddress,
	}
}

// staff is what the people pages choose from.
type staff struct {
	Roles []team.Role
	Teams []team.Team
}

func loadStaff(ctx context.Context, tx *db.Tx) (s staff, err error) {
	if s.Roles, err = team.Roles(ctx, tx); err != nil {
		return s, err
	}
	s.Teams, err = team.Teams(ctx, tx)
	return s, err
}

func (a area) people(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := team.Filter{State: team.State(r.FormValue("state")), Role: r.FormValue("role"), Text: r.FormValue("q")}
	var list []team.Person
	var s staff
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = loadStaff(ctx, tx); err != nil {
			return err
		}
		list, err = team.People(ctx, tx, f)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, peoplePage(list, f, s))
	return nil
}

// colleague is one person, or one who is invited, as the form shows him.
type colleague struct {
	team.Person
	Sessions []team.Session
	Yours    bool // whoever looks may change him
	staff
	Trouble ui.Trouble
}

func (a area) askInvite(w http.ResponseWriter, r *http.Request) error {
	c := colleague{Person: team.Person{Role: team.Agent}, Yours: true}
	return a.showInvite(w, r, http.StatusOK, c)
}

func (a area) showInvite(w http.ResponseWriter, r *http.Request, status int, c colleague) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		c.staff, err = loadStaff(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, invitePage(c))
	return nil
}

func readColleague(r *http.Request, c *colleague) {
	c.Name, c.Email, c.Role, c.See = r.FormValue("name"), r.FormValue("email"), r.FormValue("role"), team.See(r.FormValue("see"))
	c.Person.Teams = nil
	for _, s := range r.Form["teams"] {
		if t, err := id.Read[team.TeamID](s); err == nil {
			c.Person.Teams = append(c.Person.Teams, t)
		}
	}
}

func (a area) invite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var c colleague
	readColleague(r, &c)
	c.Language = r.FormValue("language")
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := team.Invite(ctx, tx, team.Invitee{Email: c.Email, Name: c.Name, Role: c.Role, See: c.See, Teams: c.Person.Teams, Language: c.Language})
		return err
	})
	if err == nil {
		return done(w, r, "/settings/people", "invited", "name", c.Name)
	}
	if c.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showInvite(w, r, c.Trouble.Status, c)
}

func (a area) loadPerson(r *http.Request) (c colleague, err error) {
	ctx := r.Context()
	who, err := id.Read[team.ID](r.PathValue("id"))
	if err != nil {
		return c, problem.New(problem.NotFound, "There is no such person.")
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if c.Person, err = team.Get(ctx, tx, who); err != nil {
			return err
		}
		if c.staff, err = loadStaff(ctx, tx); err != nil {
			return err
		}
		c.Sessions, err = team.SessionsOf(ctx, tx, who)
		c.Yours = err == nil
		if problem.KindOf(err) == problem.Forbidden {
			err = nil // seen, but not changed: he may do more than whoever looks
		}
		return err
	})
	return c, err
}

func (a area) person(w http.ResponseWriter, r *http.Request) error {
	c, err := a.loadPerson(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, personPage(c))
	return nil
}

func (a area) savePerson(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := a.loadPerson(r)
	if err != nil {
		return err
	}
	readColleague(r, &c)
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, do := range []func() error{
			func() error { return team.Rename(ctx, tx, c.ID, c.Name) },
			func() error { return team.ChangeEmail(ctx, tx, c.ID, c.Email) },
			func() error { return team.GiveRole(ctx, tx, c.ID, c.Role) },
			func() error { return team.Show(ctx, tx, c.ID, c.See) },
			func() error { return team.SetTeams(ctx, tx, c.ID, c.Person.Teams) },
		} {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		if c.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		ui.Render(w, r, c.Trouble.Status, personPage(c))
		return nil
	}
	return done(w, r, "/settings/people/"+c.ID.String(), "saved")
}

// actOn does one of personActs.
func (a area) actOn(w http.ResponseWriter, r *http.Request, name string, do func(context.Context, *db.Tx, team.ID) error) error {
	ctx := r.Context()
	c, err := a.loadPerson(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, c.ID) }); err != nil {
		return err
	}
	return done(w, r, "/settings/people/"+c.ID.String(), "person_"+wordOf(name), "name", c.Name)
}
