package api

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func people(rt *routes) {
	get(rt, "/people", "List who works here, by name", listPeople)
	post(rt, "/people", "Invite somebody; a mail with a link is sent", invite, status(http.StatusCreated))
	get(rt, "/people/{id}", "Get a person", getPerson)
	patch(rt, "/people/{id}", "Change a person; `enabled` false keeps him from coming in", changePerson)
	post(rt, "/people/{id}/invite", "Send the invitation again; the old link is void", inviteAgain)
}

// Person is somebody who works here. Address and dates are shown to those who
// manage people, and to himself.
type Person struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	State        string   `json:"state" enum:"invited,active,disabled"`
	Role         string   `json:"role"`
	See          string   `json:"see" doc:"Empty: what the role sees"`
	Teams        []string `json:"teams" nullable:"false"`
	Email        string   `json:"email"`
	Language     string   `json:"language"`
	SecondFactor bool     `json:"second_factor"`
	Failing      bool     `json:"failing" doc:"Notices to this address keep coming back"`
	CreatedAt    stamp    `json:"created_at"`
	SignedInAt   stamp    `json:"signed_in_at"`
}

func showPerson(ctx context.Context, p team.Person) Person {
	out := Person{ID: p.ID.String(), Name: p.Name, State: string(p.State), Role: p.Role, See: string(p.See), Teams: ids(p.Teams)}
	if a := team.From(ctx); a.Can(team.ManagePeople) || a.Person == p.ID {
		out.Email, out.Language, out.SecondFactor, out.Failing = p.Email, p.Language, p.Factor, p.Failing
		out.CreatedAt, out.SignedInAt = stamp(p.CreatedAt), stamp(p.SignedInAt)
	}
	return out
}

// peopleQuery narrows the list.
type peopleQuery struct {
	State string `query:"state" enum:"invited,active,disabled,all" doc:"Those who are active or invited unless said"`
	Role  string `query:"role" maxLength:"100"`
	Team  string `query:"team"`
	Q     string `query:"q" maxLength:"200" doc:"In the name; for those who manage people in the address too"`
}

func listPeople(ctx context.Context, tx *db.Tx, in *peopleQuery) (page[Person], error) {
	group, err := named[team.TeamID]("team", in.Team)
	if err != nil {
		return page[Person]{}, err
	}
	f := team.Filter{State: team.State(in.State), Role: in.Role, Team: group}
	if in.State == "all" {
		f.State = team.All
	}
	mayAll := team.From(ctx).Can(team.ManagePeople)
	if mayAll {
		f.Text = in.Q
	}
	l, err := team.People(ctx, tx, f)
	if !mayAll && in.Q != "" {
		l = byName(l, in.Q)
	}
	return all(l, func(p team.Person) Person { return showPerson(ctx, p) }), err
}

func byName(l []team.Person, q string) (out []team.Person) {
	for _, p := range l {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(q)) {
			out = append(out, p)
		}
	}
	return out
}

func getPerson(ctx context.Context, tx *db.Tx, in *one) (Person, error) {
	id, err := target[team.ID](in.ID)
	if err != nil {
		return Person{}, err
	}
	p, err := team.Get(ctx, tx, id)
	return showPerson(ctx, p), err
}

// invitation is who is invited.
type invitation struct {
	Body struct {
		Email    string   `json:"email" maxLength:"320"`
		Name     string   `json:"name" maxLength:"200"`
		Role     string   `json:"role" maxLength:"100"`
		See      string   `json:"see,omitempty" enum:",everything,teams,mine"`
		Teams    []string `json:"teams,omitempty" nullable:"false" maxItems:"100"`
		Language string   `json:"language,omitempty" enum:"ko,en"`
	}
}

func invite(ctx context.Context, tx *db.Tx, in *invitation) (Person, error) {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return Person{}, err
	}
	b := in.Body
	groups, err := namedAll[team.TeamID]("teams", b.Teams)
	if err != nil {
		return Person{}, err
	}
	id, err := team.Invite(ctx, tx, team.Invitee{Email: b.Email, Name: b.Name, Role: b.Role, See: team.See(b.See), Teams: groups, Language: b.Language})
	if err != nil {
		return Person{}, err
	}
	p, err := team.Get(ctx, tx, id)
	return showPerson(ctx, p), err
}

// managed is the person in a path, of somebody who manages people.
func managed(ctx context.Context, tx *db.Tx, s string) (team.Person, error) {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return team.Person{}, err
	}
	id, err := target[team.ID](s)
	if err != nil {
		return team.Person{}, err
	}
	return team.Get(ctx, tx, id)
}

// personPatch changes a person.
type personPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name    *string   `json:"name,omitempty" maxLength:"200"`
		Email   *string   `json:"email,omitempty" maxLength:"320"`
		Role    *string   `json:"role,omitempty" maxLength:"100"`
		See     *string   `json:"see,omitempty" enum:",everything,teams,mine"`
		Teams   *[]string `json:"teams,omitempty" maxItems:"100"`
		Enabled *bool     `json:"enabled,omitempty"`
	}
}

func changePerson(ctx context.Context, tx *db.Tx, in *personPatch) (Person, error) {
	p, err := managed(ctx, tx, in.ID)
	if err != nil {
		return Person{}, err
	}
	for _, step := range in.steps(p.ID) {
		if err := step(ctx, tx); err != nil {
			return Person{}, err
		}
	}
	p, err = team.Get(ctx, tx, p.ID)
	return showPerson(ctx, p), err
}

// steps are the commands that a change consists of.
func (in *personPatch) steps(id team.ID) (all []func(context.Context, *db.Tx) error) {
	b := in.Body
	add := func(step func(context.Context, *db.Tx) error) { all = append(all, step) }
	if b.Name != nil {
		add(func(ctx context.Context, tx *db.Tx) error { return team.Rename(ctx, tx, id, *b.Name) })
	}
	if b.Email != nil {
		add(func(ctx context.Context, tx *db.Tx) error { return team.ChangeEmail(ctx, tx, id, *b.Email) })
	}
	if b.Role != nil {
		add(func(ctx context.Context, tx *db.Tx) error { return team.GiveRole(ctx, tx, id, *b.Role) })
	}
	if b.See != nil {
		add(func(ctx context.Context, tx *db.Tx) error { return team.Show(ctx, tx, id, team.See(*b.See)) })
	}
	if b.Teams != nil {
		add(func(ctx context.Context, tx *db.Tx) error {
			groups, err := namedAll[team.TeamID]("teams", *b.Teams)
			if err != nil {
				return err
			}
			return team.SetTeams(ctx, tx, id, groups)
		})
	}
	if b.Enabled != nil {
		turn := team.Disable
		if *b.Enabled {
			turn = team.Enable
		}
		add(func(ctx context.Context, tx *db.Tx) error { return turn(ctx, tx, id) })
	}
	return all
}

func inviteAgain(ctx context.Context, tx *db.Tx, in *one) (Person, error) {
	p, err := managed(ctx, tx, in.ID)
	if err != nil {
		return Person{}, err
	}
	if err := team.InviteAgain(ctx, tx, p.ID); err != nil {
		return Person{}, err
	}
	return showPerson(ctx, p), nil
}
