package incident

import (
	"context"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Role is what somebody does in an incident.
type Role string

// The roles.
const (
	Lead   Role = "lead"   // decides
	Speaks Role = "speaks" // tells customers
	Mends  Role = "mends"  // finds and mends the fault
	Writes Role = "writes" // keeps the timeline
)

// Roles lists them.
var Roles = []Role{Lead, Speaks, Mends, Writes}

// SetRole gives a role to somebody; nobody takes it away.
func SetRole(ctx context.Context, tx *db.Tx, id ID, role Role, who team.ID) error {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return err
	}
	if _, err := load(ctx, tx, id); err != nil {
		return err
	}
	if !slices.Contains(Roles, role) {
		return problem.For("role", "There is no such role in an incident.")
	}
	if who != 0 {
		p, err := team.Get(ctx, tx, who)
		if err != nil {
			return err
		}
		if p.State == team.Off {
			return problem.For("person", "%s does not work here any more.", p.Name)
		}
	}
	return setRole(ctx, tx, id, role, who)
}

func setRole(ctx context.Context, tx *db.Tx, id ID, role Role, who team.ID) error {
	was, err := RolesOf(ctx, tx, id)
	if err != nil || was[role] == who {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM incident_role WHERE incident_id = $1 AND role = $2`, id, role); err != nil {
		return err
	}
	if who != 0 {
		if _, err := tx.Exec(ctx, `INSERT INTO incident_role (incident_id, role, person_id) VALUES ($1, $2, $3)`, id, role, who); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, RoleSet{id, role, who})
}

// RolesOf says who has which role.
func RolesOf(ctx context.Context, tx *db.Tx, id ID) (map[Role]team.ID, error) {
	all := map[Role]team.ID{}
	return all, db.Each(ctx, tx, func(r db.Row) error {
		var role Role
		var who team.ID
		err := r.Scan(&role, &who)
		all[role] = who
		return err
	}, `SELECT role, person_id FROM incident_role WHERE incident_id = $1`, id)
}

// Leads says who leads each of some incidents.
func Leads(ctx context.Context, tx *db.Tx, ids ...ID) (map[ID]team.ID, error) {
	all := map[ID]team.ID{}
	if len(ids) == 0 {
		return all, nil
	}
	var a db.Args
	return all, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var who team.ID
		err := r.Scan(&id, &who)
		all[id] = who
		return err
	}, `SELECT incident_id, person_id FROM incident_role WHERE role = 'lead' AND incident_id IN `+db.In(&a, ids), a.List()...)
}
