package webhook

import (
	"time"

	"baraji/internal/kit/event"
)

// What can happen to endpoints.
type (
	// Made says that there is one more.
	Made struct {
		ID ID `json:"id"`
	}
	// Changed says that its address, its description or what it takes is another.
	Changed struct {
		ID     ID       `json:"id"`
		Fields []string `json:"fields"`
	}
	// Deleted says that it is no more.
	Deleted struct {
		ID ID `json:"id"`
	}
	// Rotated says that it has a new secret.
	Rotated struct {
		ID     ID   `json:"id"`
		AtOnce bool `json:"at_once,omitempty"` // the old one is worth nothing any more
	}
	// Switched says that somebody switched it on or off.
	Switched struct {
		ID ID   `json:"id"`
		On bool `json:"on"`
	}
	// Tried is what is sent when somebody tries whether it arrives.
	Tried struct {
		ID ID `json:"id"`
	}
	// Resent says that somebody had it sent again: one event, or all that was missed since a time.
	Resent struct {
		ID    ID        `json:"id"`
		Event event.ID  `json:"event,omitzero"`
		Since time.Time `json:"since,omitzero"`
	}
	// Disabled says that it was switched off by itself.
	Disabled struct {
		ID  ID    `json:"id"`
		Why State `json:"why"` // Failing or Gone
	}
)

func (Made) EventKind() string     { return "webhook.made" }
func (Changed) EventKind() string  { return "webhook.changed" }
func (Deleted) EventKind() string  { return "webhook.deleted" }
func (Rotated) EventKind() string  { return "webhook.rotated" }
func (Switched) EventKind() string { return "webhook.switched" }
func (Tried) EventKind() string    { return "webhook.tried" }
func (Resent) EventKind() string   { return "webhook.resent" }
func (Disabled) EventKind() string { return "webhook.disabled" }

func (f Made) Subject() string     { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f Deleted) Subject() string  { return f.ID.String() }
func (f Rotated) Subject() string  { return f.ID.String() }
func (f Switched) Subject() string { return f.ID.String() }
func (f Tried) Subject() string    { return f.ID.String() }
func (f Resent) Subject() string   { return f.ID.String() }
func (f Disabled) Subject() string { return f.ID.String() }
