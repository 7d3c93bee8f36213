package sla

import (
	"time"

	"baraji/internal/conversation"
)

// What can happen to promises.
type (
	// Warned says that a fifth of the time is left.
	Warned struct {
		ID    conversation.ID `json:"id"`
		Clock Which           `json:"clock"`
		Due   time.Time       `json:"due,omitzero"`
		Left  time.Time       `json:"left,omitzero"` // when a fifth was left, where this was told late
	}
	// Broken says that the time is used up.
	Broken struct {
		ID    conversation.ID `json:"id"`
		Clock Which           `json:"clock"`
		Due   time.Time       `json:"due"`
		Late  bool            `json:"late,omitempty"` // this was told more than a minute after Due
	}
	// TargetsChanged says that other times are promised from now on.
	TargetsChanged struct {
		Targets int `json:"targets"`
	}
)

func (Warned) EventKind() string         { return "sla.warned" }
func (Broken) EventKind() string         { return "sla.broken" }
func (TargetsChanged) EventKind() string { return "sla.targets_changed" }

func (f Warned) Subject() string         { return f.ID.String() }
func (f Broken) Subject() string         { return f.ID.String() }
func (f TargetsChanged) Subject() string { return "sla" }
