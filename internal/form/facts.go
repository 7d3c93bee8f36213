package form

import "baraji/internal/conversation"

// What can happen to a form.
type (
	Created struct {
		ID ID `json:"id"`
	}
	Changed struct {
		ID      ID  `json:"id"`
		Version int `json:"version"`
	}
	StateSet struct {
		ID   ID    `json:"id"`
		From State `json:"from"`
		To   State `json:"to"`
	}
	Removed struct {
		ID ID `json:"id"`
	}
)

// What can happen to what was sent.
type (
	// Submitted says that it became a conversation.
	Submitted struct {
		ID           SubmissionID    `json:"id"`
		Form         ID              `json:"form"`
		Conversation conversation.ID `json:"conversation"`
	}
	// Held says that somebody has to look at it.
	Held struct {
		ID     SubmissionID `json:"id"`
		Form   ID           `json:"form"`
		Reason Reason       `json:"reason"`
	}
	// Accepted says that somebody has looked, and it became a conversation.
	Accepted struct {
		ID           SubmissionID    `json:"id"`
		Conversation conversation.ID `json:"conversation"`
	}
	// Discarded says that somebody has looked, and it was nothing.
	Discarded struct {
		ID SubmissionID `json:"id"`
	}
)

func (Created) EventKind() string   { return "form.created" }
func (Changed) EventKind() string   { return "form.changed" }
func (StateSet) EventKind() string  { return "form.state_set" }
func (Removed) EventKind() string   { return "form.removed" }
func (Submitted) EventKind() string { return "form.submitted" }
func (Held) EventKind() string      { return "form.held" }
func (Accepted) EventKind() string  { return "form.accepted" }
func (Discarded) EventKind() string { return "form.discarded" }

func (f Created) Subject() string   { return f.ID.String() }
func (f Changed) Subject() string   { return f.ID.String() }
func (f StateSet) Subject() string  { return f.ID.String() }
func (f Removed) Subject() string   { return f.ID.String() }
func (f Submitted) Subject() string { return f.ID.String() }
func (f Held) Subject() string      { return f.ID.String() }
func (f Accepted) Subject() string  { return f.ID.String() }
func (f Discarded) Subject() string { return f.ID.String() }
