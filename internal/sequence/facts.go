package sequence

import (
	"baraji/internal/contact"
	"baraji/internal/conversation"
)

// What can happen to flows, and to those who are in them.
type (
	Made struct {
		ID ID `json:"id"`
	}
	Changed struct {
		ID      ID  `json:"id"`
		Version int `json:"version"`
	}
	Switched struct {
		ID ID   `json:"id"`
		On bool `json:"on"`
	}
	Deleted struct {
		ID ID `json:"id"`
	}

	// Started says that a customer came in.
	Started struct {
		ID           PathID          `json:"id"`
		Flow         ID              `json:"flow"`
		Contact      contact.ID      `json:"contact"`
		Conversation conversation.ID `json:"conversation,omitzero"`
	}
	// Ended says that he is through, or out of it for another reason.
	Ended struct {
		ID           PathID          `json:"id"`
		Flow         ID              `json:"flow"`
		Contact      contact.ID      `json:"contact"`
		Conversation conversation.ID `json:"conversation,omitzero"`
		State        State           `json:"state"`
	}
	// Asked says that somebody is asked for a yes or a no.
	Asked struct {
		ID   PathID `json:"id"`
		Flow ID     `json:"flow"`
		Step int    `json:"step"`
	}
	// Decided says what the answer was.
	Decided struct {
		ID   PathID `json:"id"`
		Flow ID     `json:"flow"`
		Step int    `json:"step"`
		Yes  bool   `json:"yes"`
	}
	// Steered says that a person did something with a path: "paused", "resumed", "moved", "tried_again".
	Steered struct {
		ID   PathID `json:"id"`
		Flow ID     `json:"flow"`
		How  What   `json:"how"`
	}
	// Failed says that a step went wrong too often.
	Failed struct {
		ID   PathID `json:"id"`
		Flow ID     `json:"flow"`
		Step int    `json:"step"`
	}
)

func (Made) EventKind() string     { return "sequence.made" }
func (Changed) EventKind() string  { return "sequence.changed" }
func (Switched) EventKind() string { return "sequence.switched" }
func (Deleted) EventKind() string  { return "sequence.deleted" }
func (Started) EventKind() string  { return "sequence.started" }
func (Ended) EventKind() string    { return "sequence.ended" }
func (Asked) EventKind() string    { return "sequence.asked" }
func (Decided) EventKind() string  { return "sequence.decided" }
func (Steered) EventKind() string  { return "sequence.steered" }
func (Failed) EventKind() string   { return "sequence.failed" }

func (f Made) Subject() string     { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f Switched) Subject() string { return f.ID.String() }
func (f Deleted) Subject() string  { return f.ID.String() }
func (f Started) Subject() string  { return f.ID.String() }
func (f Ended) Subject() string    { return f.ID.String() }
func (f Asked) Subject() string    { return f.ID.String() }
func (f Decided) Subject() string  { return f.ID.String() }
func (f Steered) Subject() string  { return f.ID.String() }
func (f Failed) Subject() string   { return f.ID.String() }
