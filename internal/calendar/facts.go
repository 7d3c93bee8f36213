package calendar

import "baraji/internal/kit/hours"

// What can happen to a calendar.
type (
	// Made says that there is a new one.
	Made struct {
		ID ID `json:"id"`
	}
	// Changed says that its week, zone, holidays or those whose it is are others.
	Changed struct {
		ID ID `json:"id"`
	}
	// Deleted says that it is gone.
	Deleted struct {
		ID ID `json:"id"`
	}
	// Excepted says that some days are not as the week has them.
	Excepted struct {
		ID        ID          `json:"id"`
		Exception ExceptionID `json:"exception"`
		Kind      Kind        `json:"kind"`
		First     hours.Date  `json:"first"`
		Last      hours.Date  `json:"last"`
	}
	// Unexcepted says that they are again.
	Unexcepted struct {
		ID        ID          `json:"id"`
		Exception ExceptionID `json:"exception"`
	}
	// HolidaysTaken says that the holidays of a file hold; 0: none any more.
	HolidaysTaken struct {
		ID   ID  `json:"id"`
		Days int `json:"days"`
	}
)

func (Made) EventKind() string          { return "calendar.made" }
func (Changed) EventKind() string       { return "calendar.changed" }
func (Deleted) EventKind() string       { return "calendar.deleted" }
func (Excepted) EventKind() string      { return "calendar.excepted" }
func (Unexcepted) EventKind() string    { return "calendar.unexcepted" }
func (HolidaysTaken) EventKind() string { return "calendar.holidays_taken" }

func (f Made) Subject() string          { return f.ID.String() }
func (f Changed) Subject() string       { return f.ID.String() }
func (f Deleted) Subject() string       { return f.ID.String() }
func (f Excepted) Subject() string      { return f.ID.String() }
func (f Unexcepted) Subject() string    { return f.ID.String() }
func (f HolidaysTaken) Subject() string { return f.ID.String() }
