package shift

import (
	"time"

	"baraji/internal/team"
)

// What can happen to rotas and to those who stand in them.
type (
	// RotaMade says that there is a new one.
	RotaMade struct {
		ID RotaID `json:"id"`
	}
	// RotaChanged says that it has other layers, or is another in itself.
	RotaChanged struct {
		ID      RotaID `json:"id"`
		Version int    `json:"version"`
		Undone  bool   `json:"undone,omitempty"` // back to what it was before
	}
	// RotaDeleted says that it is gone.
	RotaDeleted struct {
		ID RotaID `json:"id"`
	}
	// Placed says that a shift was planned by hand, or moved.
	Placed struct {
		ID     RotaID    `json:"id"`
		Single SingleID  `json:"single"`
		People []team.ID `json:"people"`
		Again  bool      `json:"again,omitempty"`
	}
	// Removed says that such a shift is gone.
	Removed struct {
		ID     RotaID   `json:"id"`
		Single SingleID `json:"single"`
	}
	// Overridden says that somebody else stands for a while; none: nobody.
	Overridden struct {
		ID       RotaID     `json:"id"`
		Override OverrideID `json:"override"`
		Instead  team.ID    `json:"instead,omitempty"`
		Person   team.ID    `json:"person,omitempty"`
		From     time.Time  `json:"from"`
		Until    time.Time  `json:"until"`
		Swap     SwapID     `json:"swap,omitempty"` // that it came of
	}
	// OverrideUndone says that he does not.
	OverrideUndone struct {
		ID       RotaID     `json:"id"`
		Override OverrideID `json:"override"`
	}
	// SwapAsked says that somebody asks another to stand for him.
	SwapAsked struct {
		ID    SwapID  `json:"id"`
		Asker team.ID `json:"asker"`
		Other team.ID `json:"other"`
	}
	// Swapped says that the other does.
	Swapped struct {
		ID    SwapID  `json:"id"`
		Asker team.ID `json:"asker"`
		Other team.ID `json:"other"`
	}
	// SwapDeclined says that the other does not.
	SwapDeclined struct {
		ID    SwapID  `json:"id"`
		Asker team.ID `json:"asker"`
		Other team.ID `json:"other"`
	}
	// SwapWithdrawn says that it is asked no longer.
	SwapWithdrawn struct {
		ID    SwapID  `json:"id"`
		Asker team.ID `json:"asker"`
		Other team.ID `json:"other"`
	}
	// SwapUndone says that all is as it was before a swap.
	SwapUndone struct {
		ID    SwapID  `json:"id"`
		Asker team.ID `json:"asker"`
		Other team.ID `json:"other"`
	}
	// LeaveTaken says that somebody is away for a time.
	LeaveTaken struct {
		Person team.ID   `json:"person"`
		Leave  LeaveID   `json:"leave"`
		Deputy team.ID   `json:"deputy,omitempty"`
		From   time.Time `json:"from"`
		Until  time.Time `json:"until"`
	}
	// LeaveEnded says that he is not, or no longer.
	LeaveEnded struct {
		Person team.ID `json:"person"`
		Leave  LeaveID `json:"leave"`
	}
	// TurnBegan says that somebody stands from now on.
	TurnBegan struct {
		ID     RotaID    `json:"id"`
		Person team.ID   `json:"person"`
		At     time.Time `json:"at"`
		Late   bool      `json:"late,omitempty"` // it was told more than a minute after it was so
	}
	// TurnEnded says that he does no longer.
	TurnEnded struct {
		ID     RotaID    `json:"id"`
		Person team.ID   `json:"person"`
		Since  time.Time `json:"since"`
		At     time.Time `json:"at"`
		Late   bool      `json:"late,omitempty"`
	}
	// NoteDue says that somebody's turn ended without a hand-over note.
	NoteDue struct {
		ID     RotaID  `json:"id"`
		Note   NoteID  `json:"note"`
		Person team.ID `json:"person"`
	}
	// NoteWritten says that a hand-over note is there.
	NoteWritten struct {
		ID     RotaID  `json:"id"`
		Note   NoteID  `json:"note"`
		Person team.ID `json:"person"` // whose turn it is about
	}
	// NoteRead says that somebody confirmed it.
	NoteRead struct {
		ID   RotaID `json:"id"`
		Note NoteID `json:"note"`
	}
	// FeedMade says that somebody has the address of a calendar.
	FeedMade struct {
		Person team.ID `json:"person"`
		Feed   FeedID  `json:"feed"`
		Rota   RotaID  `json:"rota,omitempty"`
	}
	// FeedRevoked says that the address opens nothing any more.
	FeedRevoked struct {
		Person team.ID `json:"person"`
		Feed   FeedID  `json:"feed"`
	}
)

func (RotaMade) EventKind() string       { return "shift.rota_made" }
func (RotaChanged) EventKind() string    { return "shift.rota_changed" }
func (RotaDeleted) EventKind() string    { return "shift.rota_deleted" }
func (Placed) EventKind() string         { return "shift.placed" }
func (Removed) EventKind() string        { return "shift.removed" }
func (Overridden) EventKind() string     { return "shift.overridden" }
func (OverrideUndone) EventKind() string { return "shift.override_undone" }
func (SwapAsked) EventKind() string      { return "shift.swap_asked" }
func (Swapped) EventKind() string        { return "shift.swapped" }
func (SwapDeclined) EventKind() string   { return "shift.swap_declined" }
func (SwapWithdrawn) EventKind() string  { return "shift.swap_withdrawn" }
func (SwapUndone) EventKind() string     { return "shift.swap_undone" }
func (LeaveTaken) EventKind() string     { return "shift.leave_taken" }
func (LeaveEnded) EventKind() string     { return "shift.leave_ended" }
func (TurnBegan) EventKind() string      { return "shift.turn_began" }
func (TurnEnded) EventKind() string      { return "shift.turn_ended" }
func (NoteDue) EventKind() string        { return "shift.note_due" }
func (NoteWritten) EventKind() string    { return "shift.note_written" }
func (NoteRead) EventKind() string       { return "shift.note_read" }
func (FeedMade) EventKind() string       { return "shift.feed_made" }
func (FeedRevoked) EventKind() string    { return "shift.feed_revoked" }

func (f RotaMade) Subject() string       { return f.ID.String() }
func (f RotaChanged) Subject() string    { return f.ID.String() }
func (f RotaDeleted) Subject() string    { return f.ID.String() }
func (f Placed) Subject() string         { return f.ID.String() }
func (f Removed) Subject() string        { return f.ID.String() }
func (f Overridden) Subject() string     { return f.ID.String() }
func (f OverrideUndone) Subject() string { return f.ID.String() }
func (f SwapAsked) Subject() string      { return f.ID.String() }
func (f Swapped) Subject() string        { return f.ID.String() }
func (f SwapDeclined) Subject() string   { return f.ID.String() }
func (f SwapWithdrawn) Subject() string  { return f.ID.String() }
func (f SwapUndone) Subject() string     { return f.ID.String() }
func (f LeaveTaken) Subject() string     { return f.Person.String() }
func (f LeaveEnded) Subject() string     { return f.Person.String() }
func (f TurnBegan) Subject() string      { return f.ID.String() }
func (f TurnEnded) Subject() string      { return f.ID.String() }
func (f NoteDue) Subject() string        { return f.ID.String() }
func (f NoteWritten) Subject() string    { return f.ID.String() }
func (f NoteRead) Subject() string       { return f.ID.String() }
func (f FeedMade) Subject() string       { return f.Person.String() }
func (f FeedRevoked) Subject() string    { return f.Person.String() }
