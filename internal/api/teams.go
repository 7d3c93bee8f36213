package api

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func teams(rt *routes) {
	get(rt, "/teams", "List the teams, by name", listTeams)
	post(rt, "/teams", "Make a team", makeTeam, status(http.StatusCreated))
	get(rt, "/teams/{id}", "Get a team with its members", getTeam)
	patch(rt, "/teams/{id}", "Change a team; `members` replaces all members", changeTeam)
	remove(rt, "/teams/{id}", "Delete a team", deleteTeam)
}

// Team is a team as a list shows it.
type Team struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	About string `json:"about"`
	Count int    `json:"count" doc:"How many of its people can come in"`
}

// WholeTeam is a team with its people.
type WholeTeam struct {
	Team
	Members []string `json:"members" nullable:"false" doc:"Ids of people"`
}

func showTeam(t team.Team) Team { return Team{t.ID.String(), t.Name, t.About, t.Members} }

// Who may act at all sees who works here: he hands things to them.
func listTeams(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Team], error) {
	l, err := team.Teams(ctx, tx)
	return all(l, showTeam), err
}

func getTeam(ctx context.Context, tx *db.Tx, in *one) (WholeTeam, error) {
	id, err := target[team.TeamID](in.ID)
	if err != nil {
		return WholeTeam{}, err
	}
	return wholeTeam(ctx, tx, id)
}

func wholeTeam(ctx context.Context, tx *db.Tx, id team.TeamID) (WholeTeam, error) {
	t, err := team.GetTeam(ctx, tx, id)
	if err != nil {
		return WholeTeam{}, err
	}
	l, err := team.Members(ctx, tx, id)
	out := WholeTeam{Team: showTeam(t), Members: []string{}}
	for _, p := range l {
		out.Members = append(out.Members, p.ID.String())
	}
	return out, err
}

// newTeam makes a team.
type newTeam struct {
	Body struct {
		Name    string   `json:"name" maxLength:"200"`
		About   string   `json:"about,omitempty" maxLength:"2000"`
		Members []string `json:"members,omitempty" nullable:"false" maxItems:"1000"`
	}
}

func makeTeam(ctx context.Context, tx *db.Tx, in *newTeam) (WholeTeam, error) {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return WholeTeam{}, err
	}
	id, err := team.MakeTeam(ctx, tx, in.Body.Name, in.Body.About)
	if err != nil {
		return WholeTeam{}, err
	}
	if err := setMembers(ctx, tx, id, in.Body.Members); err != nil {
		return WholeTeam{}, err
	}
	return wholeTeam(ctx, tx, id)
}

func setMembers(ctx context.Context, tx *db.Tx, id team.TeamID, members []string) error {
	if members == nil {
		return nil
	}
	var people []team.ID
	for _, s := range members {
		p, err := colleague(ctx, tx, "members", s)
		if err != nil {
			return err
		}
		people = append(people, p)
	}
	return team.SetMembers(ctx, tx, id, people)
}

// teamPatch changes a team.
type teamPatch struct {
	ID   string `path:"id"`
	Body struct {
		Name    *string  `json:"name,omitempty" maxLength:"200"`
		About   *string  `json:"about,omitempty" maxLength:"2000"`
		Members []string `json:"members,omitempty" nullable:"false" maxItems:"1000"`
	}
}

func changeTeam(ctx context.Context, tx *db.Tx, in *teamPatch) (WholeTeam, error) {
	t, err := teamAt(ctx, tx, in.ID)
	if err != nil {
		return WholeTeam{}, err
	}
	if in.Body.Name != nil {
		t.Name = *in.Body.Name
	}
	if in.Body.About != nil {
		t.About = *in.Body.About
	}
	if err := team.ChangeTeam(ctx, tx, t.ID, t.Name, t.About); err != nil {
		return WholeTeam{}, err
	}
	if err := setMembers(ctx, tx, t.ID, in.Body.Members); err != nil {
		return WholeTeam{}, err
	}
	return wholeTeam(ctx, tx, t.ID)
}

// teamAt is the team in a path, of somebody who may change it.
func teamAt(ctx context.Context, tx *db.Tx, s string) (team.Team, error) {
	if err := team.Allow(ctx, team.ManagePeople); err != nil {
		return team.Team{}, err
	}
	id, err := target[team.TeamID](s)
	if err != nil {
		return team.Team{}, err
	}
	return team.GetTeam(ctx, tx, id)
}

func deleteTeam(ctx context.Context, tx *db.Tx, in *one) error {
	t, err := teamAt(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return team.DeleteTeam(ctx, tx, t.ID)
}
