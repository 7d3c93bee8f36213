package team

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
)

const recoveryCodes = 10

// MakeRecovery gives whoever acts and shows that he knows his password ten new
// recovery codes, shown this once; the old ones are void. It runs its own
// transactions, like SignIn.
func (d *Door) MakeRecovery(ctx context.Context, password string) (codes []string, err error) {
	who, err := d.prove(ctx, "password", password)
	if err != nil {
		return nil, err
	}
	if who.factor == "" {
		return nil, problem.New(problem.Conflict, "You have no second factor.")
	}
	err = d.db.Write(ctx, func(tx *db.Tx) error {
		if codes, err = d.makeRecovery(ctx, tx, who.id); err != nil {
			return err
		}
		return event.Record(ctx, tx, RecoveryMade{who.id})
	})
	return codes, err
}

// makeRecovery makes codes of 60 bits, such as "k3v7-q2mx-a5tw".
func (d *Door) makeRecovery(ctx context.Context, tx *db.Tx, person ID) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM team_recovery WHERE person_id = $1`, person); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		t := secret.Token()
		codes[i] = t[:4] + "-" + t[4:8] + "-" + t[8:12]
		_, err := tx.Exec(ctx, `INSERT INTO team_recovery (person_id, digest) VALUES ($1, $2)`, person, d.recoveryDigest(person, codes[i]))
		if err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// recoveryDigest needs the installation's key: 60 bits alone could be searched.
func (d *Door) recoveryDigest(person ID, code string) string {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	return d.keys.Tag("recovery", person.String(), code)
}

func (d *Door) spendRecovery(ctx context.Context, tx *db.Tx, person ID, code, from string) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM team_recovery WHERE person_id = $1 AND digest = $2`, person, d.recoveryDigest(person, code))
	if err != nil || n == 0 {
		return false, err
	}
	left, err := RecoveryLeft(ctx, tx, person)
	if err != nil {
		return false, err
	}
	return true, event.Record(event.As(ctx, person.String()), tx, RecoveryUsed{person, left, clip(from, 64)})
}

// RecoveryLeft counts the recovery codes that a person has not used yet.
func RecoveryLeft(ctx context.Context, tx *db.Tx, person ID) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM team_recovery WHERE person_id = $1`, person)
}
