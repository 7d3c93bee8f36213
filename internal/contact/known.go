package contact

import (
	"context"

	"baraji/internal/kit/db"
)

// Find is the person who has one of the addresses that a sender proves, if there is one. Unlike Resolve it changes nothing.
// Like Resolve it asks for no right: it is for channels.
func Find(ctx context.Context, tx *db.Tx, s Sender) (c Contact, known bool, err error) {
	proved, _ := s.addresses()
	if len(proved) == 0 {
		return Contact{}, false, ErrNoAddress
	}
	c, found, err := find(ctx, tx, proved)
	return c, len(found) > 0, err
}
