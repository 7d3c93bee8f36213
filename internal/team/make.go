package team

import (
	"context"
	"errors"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
)

// MakePerson makes a person who may come in at once with a password: on the
// command line, by an import, in the demo.
func MakePerson(ctx context.Context, tx *db.Tx, email, name, role string, password Hashed) (ID, error) {
	if err := Allow(ctx, ManagePeople); err != nil {
		return 0, err
	}
	if password.text == "" {
		return 0, problem.For("password", "Enter a password.")
	}
	if err := closeSetUp(ctx, tx); err != nil && !errors.Is(err, errSetUp) {
		return 0, err
	}
	id, err := add(ctx, tx, newPerson{email: email, name: name, role: role, state: Active, password: password})
	if err != nil {
		return 0, err
	}
	return id, event.Record(ctx, tx, PersonMade{id, role})
}

type newPerson struct {
	email, name, role, language string
	see                         See
	teams                       []TeamID
	state                       State
	password                    Hashed
}

// add checks and stores a person.
func add(ctx context.Context, tx *db.Tx, n newPerson) (ID, error) {
	email, err := foldEmail(n.email)
	if err != nil {
		return 0, err
	}
	name, err := checkName(n.name)
	if err != nil {
		return 0, err
	}
	if err := mayGive(ctx, tx, n.role, n.see); err != nil {
		return 0, err
	}
	id := ID(tx.NewID())
	var joined any
	if n.state == Active {
		joined = tx.Now()
	}
	rows, err := tx.Exec(ctx, `
		INSERT INTO team_person (id, name, email, state, role, see, language, password, created_at, joined_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (email) DO NOTHING`,
		id, name, email, n.state, n.role, n.see, language(n.language), n.password.text, tx.Now(), joined)
	if err != nil {
		return 0, err
	}
	if rows == 0 {
		return 0, problem.New(problem.Conflict, "Somebody here has this address already.").With("email", "Somebody here has this address already.")
	}
	return id, setTeams(ctx, tx, id, n.teams)
}

// mayGive is nil if whoever acts may give a person this role and this view.
func mayGive(ctx context.Context, tx *db.Tx, role string, see See) error {
	r, err := GetRole(ctx, tx, role)
	if err != nil {
		return err
	}
	if see != "" {
		if wide(see) == 1 && see != SeeMine {
			return problem.For("see", "Choose what this person sees.")
		}
		r.See = see
	}
	return mayGrant(ctx, r)
}

// language is one that we speak, or "" for the firm's.
func language(s string) string {
	if s == "en" || s == "ko" {
		return s
	}
	return ""
}
