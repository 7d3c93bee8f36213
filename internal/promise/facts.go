package promise

import (
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/team"
)

// What can happen to promises.
type (
	// Made says that something was promised.
	Made struct {
		ID           ID              `json:"id"`
		Contact      contact.ID      `json:"contact,omitzero"`
		Conversation conversation.ID `json:"conversation,omitzero"`
		Due          time.Time       `json:"due"`
	}
	// Changed says that it is described otherwise, or somebody else keeps it.
	Changed struct {
		ID    ID      `json:"id"`
		Owner team.ID `json:"owner"`
	}
	// WasKept says that it was kept.
	WasKept struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact,omitzero"`
	}
	// Broke says that it was not.
	Broke struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact,omitzero"`
	}
	// Moved says that another day was agreed on.
	Moved struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact,omitzero"`
		From    time.Time  `json:"from"`
		To      time.Time  `json:"to"`
	}
	// Reopened says that it is to be kept after all.
	Reopened struct {
		ID ID `json:"id"`
	}
	// Removed says that it was none.
	Removed struct {
		ID ID `json:"id"`
	}
	// Warned says that it is due soon.
	Warned struct {
		ID    ID        `json:"id"`
		Owner team.ID   `json:"owner"`
		Due   time.Time `json:"due"`
		Soon  time.Time `json:"soon,omitzero"` // when he was to be warned, where this was told late
	}
	// Slipped says that its time is over and it is still open.
	Slipped struct {
		ID    ID        `json:"id"`
		Owner team.ID   `json:"owner"`
		Due   time.Time `json:"due"`
		Late  bool      `json:"late,omitempty"` // this was told more than a minute after Due
	}
)

func (Made) EventKind() string     { return "promise.made" }
func (Changed) EventKind() string  { return "promise.changed" }
func (WasKept) EventKind() string  { return "promise.kept" }
func (Broke) EventKind() string    { return "promise.broken" }
func (Moved) EventKind() string    { return "promise.moved" }
func (Reopened) EventKind() string { return "promise.reopened" }
func (Removed) EventKind() string  { return "promise.removed" }
func (Warned) EventKind() string   { return "promise.warned" }
func (Slipped) EventKind() string  { return "promise.slipped" }

func (f Made) Subject() string     { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f WasKept) Subject() string  { return f.ID.String() }
func (f Broke) Subject() string    { return f.ID.String() }
func (f Moved) Subject() string    { return f.ID.String() }
func (f Reopened) Subject() string { return f.ID.String() }
func (f Removed) Subject() string  { return f.ID.String() }
func (f Warned) Subject() string   { return f.ID.String() }
func (f Slipped) Subject() string  { return f.ID.String() }
