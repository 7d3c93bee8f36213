package moment

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
)

// Part is what began for a customer: which rule, and when.
func Part() contact.Part {
	return contact.Part{Name: "moment", Move: moveTo, MoveCompany: moveCompany, Erase: erase}
}

// moveTo lets what began for one count for the other too: two who have the same date are not told twice.
func moveTo(ctx context.Context, tx *db.Tx, lose, keep contact.ID) (json.RawMessage, error) {
	return nil, count(ctx, tx, int64(lose), int64(keep))
}

func moveCompany(ctx context.Context, tx *db.Tx, lose, keep contact.CompanyID) (json.RawMessage, error) {
	return nil, count(ctx, tx, int64(lose), int64(keep))
}

func count(ctx context.Context, tx *db.Tx, lose, keep int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO moment_done (owner, thing, mark, at) SELECT d.owner, $2, d.mark, d.at FROM moment_done d WHERE d.thing = $1 ON CONFLICT (owner, thing, mark) DO NOTHING`, lose, keep)
	return err
}

func erase(ctx context.Context, tx *db.Tx, who contact.ID, _ []contact.Address) error {
	_, err := tx.Exec(ctx, `DELETE FROM moment_done WHERE thing = $1`, int64(who))
	return err
}

// kept is how long it is remembered what began: longer than anything is made up for, however zones and clocks change.
const keep = 40 * 24 * time.Hour

// Forget drops what is remembered for nothing, and winds up timers that stopped: those of plans that are long overdue.
func Forget(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM moment_done WHERE at < $1 AND mark <> $2`, tx.Now().Add(-keep), once); err != nil {
		return err
	}
	list, err := db.All(ctx, tx, scan, `SELECT owner, plan_id, body, done_to FROM moment_plan WHERE next_at < $1`, tx.Now().Add(-3*time.Hour))
	for _, k := range list {
		if err == nil {
			err = job.Replace(ctx, tx, ring{k.id, k.Owner}, k.timer(tx.Now()))
		}
	}
	return err
}
