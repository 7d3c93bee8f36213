package team

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// MakeRole makes an own role from Title, About, Rights, See and Masked, and returns its name.
func MakeRole(ctx context.Context, tx *db.Tx, r Role) (string, error) {
	if err := r.check(ctx, tx); err != nil {
		return "", err
	}
	r.Name = id.Format("rol", tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO team_role (name, title, about, rights, see, masked, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Name, r.Title, r.About, writeRights(r.Rights), r.See, r.Masked, tx.Now())
	if err != nil {
		return "", err
	}
	return r.Name, event.Record(ctx, tx, RoleMade{r.Name, r.Title, r.Rights, r.See, r.Masked})
}

// EditRole changes an own role for all who have it, from this moment on.
func EditRole(ctx context.Context, tx *db.Tx, r Role) error {
	before, err := ownRole(ctx, tx, r.Name)
	if err != nil {
		return err
	}
	if err := r.check(ctx, tx); err != nil {
		return err
	}
	_, err = change(ctx, tx, `UPDATE team_role SET title = $2, about = $3, rights = $4, see = $5, masked = $6 WHERE name = $1`,
		r.Name, r.Title, r.About, writeRights(r.Rights), r.See, r.Masked)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, RoleEdited{r.Name, r.Title, before.Rights, r.Rights, r.See, r.Masked})
}

// DeleteRole deletes an own role that nobody has.
func DeleteRole(ctx context.Context, tx *db.Tx, name string) error {
	r, err := ownRole(ctx, tx, name)
	if err != nil {
		return err
	}
	used, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE role = $1 UNION ALL SELECT 1 FROM team_token WHERE role = $1 AND revoked_at IS NULL`, name)
	if err != nil {
		return err
	}
	if used {
		return problem.New(problem.Conflict, "People or tokens have this role. Give them another one first.")
	}
	// Revoked tokens keep their line in the list, under the least of the roles.
	if _, err := change(ctx, tx, `UPDATE team_token SET role = 'light' WHERE role = $1`, name); err != nil {
		return err
	}
	if _, err := change(ctx, tx, `DELETE FROM team_role WHERE name = $1 AND NOT built_in`, name); err != nil {
		return err
	}
	return event.Record(ctx, tx, RoleDeleted{name, r.Title})
}

// ownRole is an own role that whoever acts may touch: he has all that it carries.
func ownRole(ctx context.Context, tx *db.Tx, name string) (Role, error) {
	if err := Allow(ctx, ManagePeople); err != nil {
		return Role{}, err
	}
	r, err := GetRole(ctx, tx, name)
	if err != nil {
		return r, err
	}
	if r.BuiltIn {
		return r, problem.New(problem.Conflict, "Built-in roles stay as they are. Make one of your own instead.")
	}
	return r, mayGrant(ctx, r)
}

// check tidies a role and says what is wrong with it.
func (r *Role) check(ctx context.Context, tx *db.Tx) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	r.Title = strings.Join(strings.Fields(clip(r.Title, 300)), " ")
	r.About = clip(r.About, 500)
	r.Rights = readRights(writeRights(r.Rights))
	var c problem.Check
	c.That(r.Title != "", "title", "Enter a name.")
	c.That(len([]rune(r.Title)) <= 60, "title", "Use at most %d characters.", 60)
	c.That(r.See == SeeEverything || r.See == SeeTeams || r.See == SeeMine, "see", "Choose what this person sees.")
	c.That(len(r.Rights) > 0, "rights", "Choose at least one right.")
	c.That(!slices.Contains(r.Rights, Own), "rights", "Only owners own. Choose the other rights.")
	if err := c.Err(); err != nil {
		return err
	}
	same, err := db.Exists(ctx, tx, `SELECT 1 FROM team_role WHERE lower(title) = lower($1) AND name <> $2`, r.Title, r.Name)
	if err != nil {
		return err
	}
	if _, builtIn := builtInRole(strings.ToLower(r.Title)); same || builtIn {
		return problem.New(problem.Conflict, "There is a role of this name already.").With("title", "There is a role of this name already.")
	}
	return mayGrant(ctx, *r)
}
