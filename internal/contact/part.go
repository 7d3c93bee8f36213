package contact

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/kit/db"
)

// Part is what another package keeps about people, and what it does with that.
// Every function may be nil. They run in the transaction of the command that
// calls them, after its own rows are written.
type Part struct {
	Name string // of the package; the key of its piece of an export

	// Move gives what belongs to lose to keep. The memo is handed to Back.
	Move func(ctx context.Context, tx *db.Tx, lose, keep ID) (memo json.RawMessage, err error)
	// Back gives exactly what Move moved back to lose, as far as it is still there.
	Back func(ctx context.Context, tx *db.Tx, lose, keep ID, memo json.RawMessage) error
	// MoveCompany and BackCompany do the same for two companies that are one.
	MoveCompany func(ctx context.Context, tx *db.Tx, lose, keep CompanyID) (memo json.RawMessage, err error)
	BackCompany func(ctx context.Context, tx *db.Tx, lose, keep CompanyID, memo json.RawMessage) error
	// Export returns everything about a person that whoever acts may see, to be written as JSON.
	Export func(ctx context.Context, tx *db.Tx, id ID) (any, error)
	// Erase takes everything about a person away. addresses are all that he had.
	Erase func(ctx context.Context, tx *db.Tx, id ID, addresses []Address) error
	// Line returns what the timeline shows of a person from before a moment: the newest first, at most limit.
	Line func(ctx context.Context, tx *db.Tx, id ID, before time.Time, limit int) ([]Entry, error)
}

type parts []Part

// Use tells who else keeps something about people. It belongs to setting up and
// is called once, with the whole list.
func Use(d *db.DB, list ...Part) { db.Attach(d, parts(list)) }

func partsOf(tx *db.Tx) parts { return db.Attached[parts](tx) }

// Rows are those of a table that belong to a person by their column contact_id; R is the type of their ids. Their Move and Back are what most parts need.
type Rows[R any] string

// Move is a Part's Move.
func (t Rows[R]) Move(ctx context.Context, tx *db.Tx, lose, keep ID) (json.RawMessage, error) {
	ids, err := db.Repoint[R](ctx, tx, string(t), "contact_id", lose, keep)
	if err != nil {
		return nil, err
	}
	return json.Marshal(ids)
}

// Back is a Part's Back.
func (t Rows[R]) Back(ctx context.Context, tx *db.Tx, lose, keep ID, memo json.RawMessage) error {
	var ids []R
	if err := json.Unmarshal(memo, &ids); err != nil {
		return err
	}
	return db.PointBack(ctx, tx, string(t), "contact_id", lose, keep, ids)
}
