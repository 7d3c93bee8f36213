package app

import (
	"context"

	"baraji/internal/kit/db"
	"baraji/internal/notice"
	"baraji/internal/shift"
	"baraji/internal/team"
)

// tellingOfShifts is who is told of what happens to shifts: both sides of a swap, those whose plan somebody else changed,
// and who owes a note.
func (a *App) tellingOfShifts() {
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.SwapAsked) error {
		return ofShift(ctx, tx, by, f.Asker, "coverage.said_swap_asked", "/coverage/mine", f.Other)
	})
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.Swapped) error {
		return ofShift(ctx, tx, by, f.Other, "coverage.said_swapped", "/coverage/mine", f.Asker, f.Other)
	})
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.SwapDeclined) error {
		return ofShift(ctx, tx, by, f.Other, "coverage.said_swap_declined", "/coverage/mine", f.Asker)
	})
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.SwapWithdrawn) error {
		return ofShift(ctx, tx, by, f.Asker, "coverage.said_swap_withdrawn", "/coverage/mine", f.Other)
	})
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.SwapUndone) error {
		return ofShift(ctx, tx, by, by, "coverage.said_swap_undone", "/coverage/mine", f.Asker, f.Other)
	})
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.Overridden) error {
		if f.Swap != 0 {
			return nil // they hear of the swap
		}
		return ofShift(ctx, tx, by, by, "coverage.said_overridden", "/coverage/mine", f.Person, f.Instead)
	})
	tell(a, func(ctx context.Context, tx *db.Tx, by team.ID, f shift.NoteDue) error {
		return ofShift(ctx, tx, by, 0, "coverage.said_note_due", "/coverage/handover", f.Person)
	})
}

// ofShift tells people something about their shifts, in the name of somebody; nobody of what he did himself.
func ofShift(ctx context.Context, tx *db.Tx, by, in team.ID, words, link string, people ...team.ID) error {
	for _, who := range people {
		if who == 0 || who == by {
			continue
		}
		if _, err := notice.Tell(ctx, tx, notice.Notice{Person: who, By: in, Kind: notice.Swap, Words: words, Link: link}); err != nil {
			return err
		}
	}
	return nil
}
