package sla

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Whole reads the clocks of one conversation with what they have used until now, of working time and on the wall, and the
// promise that holds. It reckons anew: for a page about one conversation; a list reads what is kept ([Of]).
func Whole(ctx context.Context, tx *db.Tx, id conversation.ID) (Clocks, Promise, error) {
	if err := tx.Settle(); err != nil {
		return nil, Promise{}, err
	}
	list, err := steps(ctx, tx, id)
	last := lastPromise(list)
	if err != nil || last < 0 {
		return nil, Promise{}, err
	}
	calendars, err := keptHours(ctx, tx, list)
	if err != nil {
		return nil, Promise{}, err
	}
	return Reckon(append(list, Step{At: tx.Now()}), calendars), list[last].Promise, nil
}
