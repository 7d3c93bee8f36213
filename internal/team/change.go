package team

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
)

// GiveRole gives a person another role. His sessions end, so that what he may do
// grows only in browsers that sign in anew.
func GiveRole(ctx context.Context, tx *db.Tx, person ID, role string) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil || p.Role == role {
		return err
	}
	if err := mayGive(ctx, tx, role, p.See); err != nil {
		return err
	}
	if err := leavesOwner(ctx, tx, p); err != nil {
		return err
	}
	if _, err := change(ctx, tx, `UPDATE team_person SET role = $2 WHERE id = $1`, person, role); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, RoleChanged{person, p.Role, role}); err != nil {
		return err
	}
	return endSessions(ctx, tx, person, 0, "role")
}

// leavesOwner is a Conflict if p is the only owner who can come in. Transactions
// behave as if each were alone, so two owners cannot unmake each other at once.
func leavesOwner(ctx context.Context, tx *db.Tx, p Person) error {
	if p.Role != Owner || p.State != Active {
		return nil
	}
	other, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE role = 'owner' AND state = 'active' AND id <> $1`, p.ID)
	if err == nil && !other {
		err = problem.New(problem.Conflict, "%s is the last owner. Make somebody else an owner first.", p.Name)
	}
	return err
}

// Show chooses which conversations a person sees; "" is what his role sees.
func Show(ctx context.Context, tx *db.Tx, person ID, see See) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil || p.See == see {
		return err
	}
	if err := mayGive(ctx, tx, p.Role, see); err != nil {
		return err
	}
	if _, err := change(ctx, tx, `UPDATE team_person SET see = $2 WHERE id = $1`, person, see); err != nil {
		return err
	}
	return event.Record(ctx, tx, SeeChanged{person, p.See, see})
}

// ChangeEmail gives a person another address. Links that were sent to the old one
// are void, and devices have to prove themselves again.
func ChangeEmail(ctx context.Context, tx *db.Tx, person ID, email string) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	email, err := foldEmail(email)
	if err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil || p.Email == email {
		return err
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE email = $1`, email)
	if err != nil {
		return err
	}
	if taken {
		return problem.New(problem.Conflict, "Somebody here has this address already.").With("email", "Somebody here has this address already.")
	}
	if _, err := change(ctx, tx, `UPDATE team_person SET email = $2, bounces = 0 WHERE id = $1`, person, email); err != nil {
		return err
	}
	if err := voidLinks(ctx, tx, person); err != nil {
		return err
	}
	if p.State == Active { // the old mailbox hears of it, in case it was not meant
		if err := job.Add(ctx, tx, mailNews{person, "team.mail_email_changed", p.Email}, job.Options{}); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, EmailChanged{person, p.Email, email})
}

// Rename gives a person another name.
func Rename(ctx context.Context, tx *db.Tx, person ID, name string) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	return rename(ctx, tx, person, name)
}

func rename(ctx context.Context, tx *db.Tx, person ID, name string) error {
	name, err := checkName(name)
	if err != nil {
		return err
	}
	before, err := nameOf(ctx, tx, person)
	if err != nil || before == name {
		return err
	}
	if _, err := change(ctx, tx, `UPDATE team_person SET name = $2 WHERE id = $1`, person, name); err != nil {
		return err
	}
	return event.Record(ctx, tx, ProfileChanged{person, before, name})
}

// Disable keeps a person from coming in: his sessions end and his tokens open
// nothing, from this moment on. What he did stays.
func Disable(ctx context.Context, tx *db.Tx, person ID) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil || p.State == Off {
		return err
	}
	if err := leavesOwner(ctx, tx, p); err != nil {
		return err
	}
	if _, err := change(ctx, tx, `UPDATE team_person SET state = 'disabled' WHERE id = $1`, person); err != nil {
		return err
	}
	if err := voidLinks(ctx, tx, person); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Disabled{person}); err != nil {
		return err
	}
	return endSessions(ctx, tx, person, 0, "disabled")
}

// Enable lets a disabled person come in again: with his password, or, if he never
// had one, once he is invited again.
func Enable(ctx context.Context, tx *db.Tx, person ID) error {
	if err := mayManage(ctx, tx, person); err != nil {
		return err
	}
	n, err := change(ctx, tx, `UPDATE team_person SET state = CASE WHEN password = '' THEN 'invited' ELSE 'active' END WHERE id = $1 AND state = 'disabled'`, person)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Enabled{person})
}
