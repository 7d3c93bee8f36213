package team

import (
	"context"
	"errors"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// Team is a group of people who share a queue.
type Team struct {
	ID      TeamID
	Name    string
	About   string
	Members int // people who can come in
}

const teamColumns = `t.id, t.name, t.about,
	(SELECT COUNT(*) FROM team_member m JOIN team_person p ON p.id = m.person_id WHERE m.team_id = t.id AND p.state = 'active')`

func scanTeam(row db.Row) (t Team, err error) {
	return t, row.Scan(&t.ID, &t.Name, &t.About, &t.Members)
}

// Teams lists the teams by name.
func Teams(ctx context.Context, tx *db.Tx) ([]Team, error) {
	return db.All(ctx, tx, scanTeam, `SELECT `+teamColumns+` FROM team t ORDER BY t.name_key`)
}

// GetTeam returns a team.
func GetTeam(ctx context.Context, tx *db.Tx, id TeamID) (Team, error) {
	t, err := db.One(ctx, tx, scanTeam, `SELECT `+teamColumns+` FROM team t WHERE t.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return t, problem.New(problem.NotFound, "There is no such team.")
	}
	return t, err
}

// MakeTeam makes a team without members.
func MakeTeam(ctx context.Context, tx *db.Tx, name, about string) (TeamID, error) {
	if err := Allow(ctx, ManagePeople); err != nil {
		return 0, err
	}
	name, err := checkName(name)
	if err != nil {
		return 0, err
	}
	id := TeamID(tx.NewID())
	n, err := tx.Exec(ctx, `INSERT INTO team (id, name, name_key, about, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name_key) DO NOTHING`,
		id, name, strings.ToLower(name), clip(about, 500), tx.Now())
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, errSameTeam()
	}
	return id, event.Record(ctx, tx, TeamMade{id, name})
}

func errSameTeam() error {
	return problem.New(problem.Conflict, "There is a team of this name already.").With("name", "There is a team of this name already.")
}

// ChangeTeam changes a team's name and description.
func ChangeTeam(ctx context.Context, tx *db.Tx, id TeamID, name, about string) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	name, err := checkName(name)
	if err != nil {
		return err
	}
	t, err := GetTeam(ctx, tx, id)
	if err != nil {
		return err
	}
	same, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE name_key = $1 AND id <> $2`, strings.ToLower(name), id)
	if err != nil {
		return err
	}
	if same {
		return errSameTeam()
	}
	_, err = tx.Exec(ctx, `UPDATE team SET name = $2, name_key = $3, about = $4 WHERE id = $1`, id, name, strings.ToLower(name), clip(about, 500))
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, TeamChanged{id, t.Name, name})
}

// DeleteTeam deletes a team. Whoever else holds its id reacts to TeamDeleted.
func DeleteTeam(ctx context.Context, tx *db.Tx, id TeamID) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	t, err := GetTeam(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM team_member WHERE team_id = $1`, `DELETE FROM team WHERE id = $1`} {
		if _, err := change(ctx, tx, q, id); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, TeamDeleted{id, t.Name})
}

// SetMembers makes exactly these people the members of a team.
func SetMembers(ctx context.Context, tx *db.Tx, id TeamID, people []ID) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	if _, err := GetTeam(ctx, tx, id); err != nil {
		return err
	}
	had, err := members(ctx, tx, id)
	if err != nil {
		return err
	}
	came, went := difference(people, had), difference(had, people)
	for _, p := range came {
		if err := mayManage(ctx, tx, p); err != nil {
			return err
		}
		if err := join(ctx, tx, p, id); err != nil {
			return err
		}
	}
	for _, p := range went {
		if err := mayManage(ctx, tx, p); err != nil {
			return err
		}
		if err := leave(ctx, tx, p, id); err != nil {
			return err
		}
	}
	if len(came)+len(went) == 0 {
		return nil
	}
	return event.Record(ctx, tx, MembersChanged{Team: id, Came: came, Went: went})
}

// Members lists the people of a team who are active or invited, by name.
func Members(ctx context.Context, tx *db.Tx, id TeamID) ([]Person, error) {
	return People(ctx, tx, Filter{Team: id})
}

func members(ctx context.Context, tx *db.Tx, id TeamID) ([]ID, error) {
	return db.All(ctx, tx, func(r db.Row) (p ID, err error) { return p, r.Scan(&p) }, `SELECT person_id FROM team_member WHERE team_id = $1`, id)
}

// SetTeams makes a person a member of exactly these teams.
func SetTeams(ctx context.Context, tx *db.Tx, person ID, teams []TeamID) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	return setTeams(ctx, tx, person, teams)
}

func setTeams(ctx context.Context, tx *db.Tx, person ID, teams []TeamID) error {
	had, err := db.All(ctx, tx, func(r db.Row) (t TeamID, err error) { return t, r.Scan(&t) },
		`SELECT team_id FROM team_member WHERE person_id = $1`, person)
	if err != nil {
		return err
	}
	for _, t := range difference(teams, had) {
		if _, err := GetTeam(ctx, tx, t); err != nil {
			return err
		}
		if err := join(ctx, tx, person, t); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, MembersChanged{Team: t, Came: []ID{person}, Went: []ID{}, Person: person}); err != nil {
			return err
		}
	}
	for _, t := range difference(had, teams) {
		if err := leave(ctx, tx, person, t); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, MembersChanged{Team: t, Came: []ID{}, Went: []ID{person}, Person: person}); err != nil {
			return err
		}
	}
	return nil
}

func join(ctx context.Context, tx *db.Tx, p ID, t TeamID) error {
	_, err := change(ctx, tx, `INSERT INTO team_member (person_id, team_id) VALUES ($1, $2) ON CONFLICT (person_id, team_id) DO NOTHING`, p, t)
	return err
}

func leave(ctx context.Context, tx *db.Tx, p ID, t TeamID) error {
	_, err := change(ctx, tx, `DELETE FROM team_member WHERE person_id = $1 AND team_id = $2`, p, t)
	return err
}

// difference is what is in a and not in b, each once.
func difference[T comparable](a, b []T) []T {
	out := []T{}
	for _, v := range a {
		if !slices.Contains(b, v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
