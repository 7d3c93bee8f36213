package macro

import (
	"baraji/internal/conversation"
	"baraji/internal/team"
)

// What can happen to macros.
type (
	// Made says that there is one more.
	Made struct {
		ID   ID          `json:"id"`
		For  For         `json:"for"`
		Team team.TeamID `json:"team,omitempty"`
	}
	// Changed says that it says or does something else.
	Changed struct {
		ID      ID  `json:"id"`
		Version int `json:"version"`
	}
	// Deleted says that it is gone.
	Deleted struct {
		ID ID `json:"id"`
	}
	// Restored says that it was brought back.
	Restored struct {
		ID ID `json:"id"`
	}
	// Used says that somebody wrote with it, or took its actions. What they did are facts of their own.
	Used struct {
		ID           ID              `json:"id"`
		Conversation conversation.ID `json:"conversation"`
	}
)

func (Made) EventKind() string     { return "macro.made" }
func (Changed) EventKind() string  { return "macro.changed" }
func (Deleted) EventKind() string  { return "macro.deleted" }
func (Restored) EventKind() string { return "macro.restored" }
func (Used) EventKind() string     { return "macro.used" }

func (f Made) Subject() string     { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f Deleted) Subject() string  { return f.ID.String() }
func (f Restored) Subject() string { return f.ID.String() }
func (f Used) Subject() string     { return f.ID.String() } // not the conversation: it would be one line more in its course, beside what was done
