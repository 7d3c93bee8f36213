package runbook

import "baraji/internal/conversation"

// What can happen to runbooks, and in conversations in which one is followed.
type (
	// Made says that one was written.
	Made struct {
		ID ID `json:"id"`
	}
	// Changed says that it was written anew.
	Changed struct {
		ID      ID  `json:"id"`
		Version int `json:"version"`
	}
	// Archived says that it was put away.
	Archived struct {
		ID ID `json:"id"`
	}
	// Unarchived says that it was brought back.
	Unarchived struct {
		ID ID `json:"id"`
	}
	// Started says that somebody follows it in a conversation.
	Started struct {
		Conversation conversation.ID `json:"conversation"`
		Run          RunID           `json:"run"`
		Runbook      ID              `json:"runbook"`
		Version      int             `json:"version"`
	}
	// Ticked says what became of a step.
	Ticked struct {
		Conversation conversation.ID `json:"conversation"`
		Run          RunID           `json:"run"`
		Step         int             `json:"step"` // its key
		Place        int             `json:"place"`
		What         What            `json:"what"`
	}
	// TookBack says that the last tick was taken back.
	TookBack struct {
		Conversation conversation.ID `json:"conversation"`
		Run          RunID           `json:"run"`
		Step         int             `json:"step"`
		Place        int             `json:"place"`
	}
	// Ended says how it ended. Stuck is the place of the step at which it stuck; 0: at none.
	Ended struct {
		Conversation conversation.ID `json:"conversation"`
		Run          RunID           `json:"run"`
		Runbook      ID              `json:"runbook"`
		To           State           `json:"to"`
		Stuck        int             `json:"stuck,omitempty"`
	}
	// Resumed says that what had ended goes on.
	Resumed struct {
		Conversation conversation.ID `json:"conversation"`
		Run          RunID           `json:"run"`
	}
)

func (Made) EventKind() string       { return "runbook.made" }
func (Changed) EventKind() string    { return "runbook.changed" }
func (Archived) EventKind() string   { return "runbook.archived" }
func (Unarchived) EventKind() string { return "runbook.unarchived" }
func (Started) EventKind() string    { return "runbook.started" }
func (Ticked) EventKind() string     { return "runbook.ticked" }
func (TookBack) EventKind() string   { return "runbook.took_back" }
func (Ended) EventKind() string      { return "runbook.ended" }
func (Resumed) EventKind() string    { return "runbook.resumed" }

func (f Made) Subject() string       { return f.ID.String() }
func (f Changed) Subject() string    { return f.ID.String() }
func (f Archived) Subject() string   { return f.ID.String() }
func (f Unarchived) Subject() string { return f.ID.String() }
func (f Started) Subject() string    { return f.Conversation.String() }
func (f Ticked) Subject() string     { return f.Conversation.String() }
func (f TookBack) Subject() string   { return f.Conversation.String() }
func (f Ended) Subject() string      { return f.Conversation.String() }
func (f Resumed) Subject() string    { return f.Conversation.String() }
