package flow

import "baraji/internal/inbox"

// What can happen to the path of a widget.
type (
	// Saved says that the draft changed.
	Saved struct {
		Inbox inbox.ID `json:"inbox"`
	}
	// Published says that visitors are led by another version from now on.
	Published struct {
		Inbox   inbox.ID `json:"inbox"`
		Version int      `json:"version"`
	}
	// Switched says that the path leads visitors, or no longer.
	Switched struct {
		Inbox inbox.ID `json:"inbox"`
		On    bool     `json:"on"`
	}
)

func (Saved) EventKind() string     { return "flow.saved" }
func (Published) EventKind() string { return "flow.published" }
func (Switched) EventKind() string  { return "flow.switched" }

func (f Saved) Subject() string     { return f.Inbox.String() }
func (f Published) Subject() string { return f.Inbox.String() }
func (f Switched) Subject() string  { return f.Inbox.String() }
