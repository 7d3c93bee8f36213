package contact

import (
	"context"

	"baraji/internal/kit/db"
)

// Known says whether somebody has one of the addresses that a sender proves. Like Resolve it asks for no right: for channels
// that must not change what is known of a person.
func Known(ctx context.Context, tx *db.Tx, s Sender) (bool, error) {
	proved, _ := s.addresses()
	if len(proved) == 0 {
		return false, ErrNoAddress
	}
	_, found, err := find(ctx, tx, proved)
	return len(found) > 0, err
}
