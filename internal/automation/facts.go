package automation

import "baraji/internal/kit/event"

// What can happen to rules.
type (
	// Made says that there is one more.
	Made struct {
		ID ID `json:"id"`
	}
	// Changed says that a rule says something else.
	Changed struct {
		ID      ID  `json:"id"`
		Version int `json:"version"`
	}
	// Switched says that a rule was switched on or off.
	Switched struct {
		ID ID   `json:"id"`
		On bool `json:"on"`
	}
	// Moved says that rules have another order.
	Moved struct {
		ID    ID  `json:"id"`
		Place int `json:"place"`
	}
	// Deleted says that a rule is gone, with its runs.
	Deleted struct {
		ID ID `json:"id"`
	}
	// Failed says that what a rule wanted to do was given up.
	Failed struct {
		ID    ID       `json:"id"`
		Run   RunID    `json:"run"`
		Event event.ID `json:"event"`
	}
)

func (Made) EventKind() string     { return "automation.made" }
func (Changed) EventKind() string  { return "automation.changed" }
func (Switched) EventKind() string { return "automation.switched" }
func (Moved) EventKind() string    { return "automation.moved" }
func (Deleted) EventKind() string  { return "automation.deleted" }
func (Failed) EventKind() string   { return "automation.failed" }

func (f Made) Subject() string     { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f Switched) Subject() string { return f.ID.String() }
func (f Moved) Subject() string    { return f.ID.String() }
func (f Deleted) Subject() string  { return f.ID.String() }
func (f Failed) Subject() string   { return f.ID.String() }
