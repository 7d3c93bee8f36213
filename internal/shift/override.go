package shift

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Overrides are the overrides of a rota that reach into a time, as they were made; of all rotas where none is named.
func Overrides(ctx context.Context, tx *db.Tx, rota RotaID, from, until time.Time) ([]Override, error) {
	return db.All(ctx, tx, scanOverride, `SELECT `+overrideColumns+` FROM shift_override
		WHERE (rota_id = $1 OR $1 = 0) AND until_at > $2 AND from_at < $3 ORDER BY id`, rota, from, until)
}

// Set makes somebody else stand for a while.
func Set(ctx context.Context, tx *db.Tx, o Override) (OverrideID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	if _, err := Get(ctx, tx, o.Rota); err != nil {
		return 0, err
	}
	o.Group, o.Swap = ChangeID(tx.NewID()), 0
	id, err := o.put(ctx, tx)
	if err != nil {
		return 0, err
	}
	return id, tell(ctx, tx, o.Rota)
}

// put checks and keeps an override, and tells.
func (o Override) put(ctx context.Context, tx *db.Tx) (OverrideID, error) {
	o.From, o.Until = o.From.Truncate(time.Minute), o.Until.Truncate(time.Minute)
	names, err := team.Names(ctx, tx)
	if err != nil {
		return 0, err
	}
	var c problem.Check
	c.That(!o.From.IsZero(), "from", "Enter when it begins.")
	c.That(o.From.Before(o.Until), "until", "The end is not after the beginning.")
	c.That(o.Until.Sub(o.From) <= longestTurn, "until", "At most %d days.", int(longestTurn.Hours()/24))
	c.That(o.Person == 0 || names[o.Person] != "", "person", "There is no such person.")
	c.That(o.Instead == 0 || names[o.Instead] != "", "instead", "There is no such person.")
	c.That(o.Person != o.Instead || o.Person == 0, "person", "Choose somebody else.")
	if err := c.Err(); err != nil {
		return 0, err
	}
	o.ID = OverrideID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO shift_override (id, rota_id, from_at, until_at, instead_id, person_id, swap_id, group_id, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		o.ID, o.Rota, o.From, o.Until, o.Instead, o.Person, o.Swap, o.Group, team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, err
	}
	return o.ID, event.Record(ctx, tx, Overridden{o.Rota, o.ID, o.Instead, o.Person, o.From, o.Until, o.Swap})
}

// Unset takes an override back. One that came of a swap goes with the swap.
func Unset(ctx context.Context, tx *db.Tx, id OverrideID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	o, err := db.One(ctx, tx, scanOverride, `SELECT `+overrideColumns+` FROM shift_override WHERE id = $1`, id)
	if o, err = must(o, err, "There is no such override."); err != nil {
		return err
	}
	if o.Swap != 0 {
		return problem.New(problem.Conflict, "This came of a swap. Undo the swap.")
	}
	if _, err := undoOverrides(ctx, tx, `id = $1`, id); err != nil {
		return err
	}
	return tell(ctx, tx, o.Rota)
}

// undoOverrides takes overrides back, and tells.
func undoOverrides(ctx context.Context, tx *db.Tx, where string, args ...any) (int, error) {
	list, err := db.All(ctx, tx, scanOverride, `SELECT `+overrideColumns+` FROM shift_override WHERE `+where+` ORDER BY id`, args...)
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		if _, err := tx.Exec(ctx, `DELETE FROM shift_override WHERE id = $1`, o.ID); err != nil {
			return 0, err
		}
		if err := event.Record(ctx, tx, OverrideUndone{o.Rota, o.ID}); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}
