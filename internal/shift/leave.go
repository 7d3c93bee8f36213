package shift

import (
	"context"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const longestLeave = 400 * 24 * time.Hour

// take keeps a leave, and tells.
func (l Leave) take(ctx context.Context, tx *db.Tx) (LeaveID, error) {
	l.ID = LeaveID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO shift_leave (id, person_id, from_at, until_at, kind, deputy_id, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		l.ID, l.Person, l.From, l.Until, l.Kind, l.Deputy, team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, err
	}
	if err := event.Record(ctx, tx, LeaveTaken{l.Person, l.ID, l.Deputy, l.From, l.Until}); err != nil {
		return 0, err
	}
	return l.ID, tellAll(ctx, tx)
}

// TakeLeave lets somebody be away for a time: whoever acts, or another where he plans for all.
func TakeLeave(ctx context.Context, tx *db.Tx, l Leave) (LeaveID, error) {
	if err := mine(ctx, l.Person); err != nil {
		return 0, err
	}
	l.From, l.Until = l.From.Truncate(time.Minute), l.Until.Truncate(time.Minute)
	names, err := team.Names(ctx, tx)
	if err != nil {
		return 0, err
	}
	var c problem.Check
	c.That(names[l.Person] != "", "person", "There is no such person.")
	c.That(!l.From.IsZero(), "from", "Enter when it begins.")
	c.That(l.From.Before(l.Until), "until", "The end is not after the beginning.")
	c.That(l.Until.Sub(l.From) <= longestLeave, "until", "At most %d days.", int(longestLeave.Hours()/24))
	c.That(slices.Contains(Kinds, l.Kind), "kind", "Choose what kind of leave it is.")
	c.That(l.Deputy == 0 || names[l.Deputy] != "", "deputy", "There is no such person.")
	c.That(l.Deputy != l.Person || l.Deputy == 0, "deputy", "Choose somebody else.")
	if err := c.Err(); err != nil {
		return 0, err
	}
	return l.take(ctx, tx)
}

// EndLeave ends a leave now, or takes it back where it has not begun.
func EndLeave(ctx context.Context, tx *db.Tx, id LeaveID) error {
	l, err := db.One(ctx, tx, scanLeave, `SELECT `+leaveColumns+` FROM shift_leave WHERE id = $1`, id)
	if l, err = must(l, err, "There is no such leave."); err != nil {
		return err
	}
	if err := mine(ctx, l.Person); err != nil {
		return err
	}
	if l.Kind == Gone {
		return problem.New(problem.Conflict, "Let this person come in again first.")
	}
	return l.end(ctx, tx)
}

func (l Leave) end(ctx context.Context, tx *db.Tx) error {
	var err error
	switch now := tx.Now(); {
	case !l.Until.After(now):
		return problem.New(problem.Conflict, "This leave is over.")
	case l.From.Before(now):
		_, err = tx.Exec(ctx, `UPDATE shift_leave SET until_at = $2 WHERE id = $1`, l.ID, now)
	default:
		_, err = tx.Exec(ctx, `DELETE FROM shift_leave WHERE id = $1`, l.ID)
	}
	if err != nil {
		return err
	}
	if err := event.Record(ctx, tx, LeaveEnded{l.Person, l.ID}); err != nil {
		return err
	}
	return tellAll(ctx, tx)
}

// LeavesOf are the leaves of somebody that are not over, by their beginning.
func LeavesOf(ctx context.Context, tx *db.Tx, person team.ID) ([]Leave, error) {
	return db.All(ctx, tx, scanLeave, `SELECT `+leaveColumns+` FROM shift_leave WHERE person_id = $1 AND until_at > $2 ORDER BY from_at, id`, person, tx.Now())
}

// OnDisabled lets nobody stand who may no longer come in.
func OnDisabled(ctx context.Context, tx *db.Tx, f team.Disabled) error {
	_, err := Leave{Person: f.Person, From: tx.Now(), Until: tx.Now().AddDate(200, 0, 0), Kind: Gone}.take(ctx, tx)
	return err
}

// OnEnabled lets him stand again.
func OnEnabled(ctx context.Context, tx *db.Tx, f team.Enabled) error {
	list, err := db.All(ctx, tx, scanLeave, `SELECT `+leaveColumns+` FROM shift_leave WHERE person_id = $1 AND kind = 'gone' AND until_at > $2 ORDER BY id`, f.Person, tx.Now())
	if err != nil {
		return err
	}
	for _, l := range list {
		if err := l.end(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}
