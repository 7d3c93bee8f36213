package oncall

import (
	"time"

	"baraji/internal/conversation"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// What can happen on call.
type (
	Opened struct {
		ID           ID              `json:"id"`
		Service      ServiceID       `json:"service"`
		Conversation conversation.ID `json:"conversation,omitzero"`
		Reason       string          `json:"reason"`
		Urgent       bool            `json:"urgent"`
	}
	// Told says that one person is told, by the ways of the notice.
	Told struct {
		ID     ID        `json:"id"`
		Person team.ID   `json:"person"`
		Notice notice.ID `json:"notice"`
		Round  int       `json:"round"`
		Step   int       `json:"step"`
		Late   bool      `json:"late,omitempty"` // more than a minute after it was due
		Due    time.Time `json:"due,omitzero"`   // when it was, where it is late
	}
	// Escalated says that nobody answered in time, or that nobody stands in a step, and the next one is told.
	Escalated struct {
		ID     ID   `json:"id"`
		Round  int  `json:"round"`
		Step   int  `json:"step"`
		Nobody bool `json:"nobody,omitempty"` // this step was passed over
	}
	Acknowledged struct {
		ID ID      `json:"id"`
		By team.ID `json:"by,omitzero"`
	}
	// Silent says that whoever acknowledged did nothing since, and is asked again.
	Silent struct {
		ID ID      `json:"id"`
		By team.ID `json:"by"`

		Due time.Time `json:"due,omitzero"` // when he was to be asked, where that is late
	}
	Reassigned struct {
		ID ID      `json:"id"`
		To team.ID `json:"to"`
	}
	// Exhausted says that all steps were gone through and nobody answered.
	Exhausted struct {
		ID ID `json:"id"`
	}
	Resolved struct {
		ID ID      `json:"id"`
		By team.ID `json:"by,omitzero"`
	}
	ServiceMade struct {
		ID ServiceID `json:"id"`
	}
	ServiceChanged struct {
		ID ServiceID `json:"id"`
	}
	ServiceDeleted struct {
		ID ServiceID `json:"id"`
	}
)

func (Opened) EventKind() string         { return "oncall.opened" }
func (Told) EventKind() string           { return "oncall.told" }
func (Escalated) EventKind() string      { return "oncall.escalated" }
func (Acknowledged) EventKind() string   { return "oncall.acknowledged" }
func (Silent) EventKind() string         { return "oncall.silent" }
func (Reassigned) EventKind() string     { return "oncall.reassigned" }
func (Exhausted) EventKind() string      { return "oncall.exhausted" }
func (Resolved) EventKind() string       { return "oncall.resolved" }
func (ServiceMade) EventKind() string    { return "oncall.service_made" }
func (ServiceChanged) EventKind() string { return "oncall.service_changed" }
func (ServiceDeleted) EventKind() string { return "oncall.service_deleted" }

func (f Opened) Subject() string         { return f.ID.String() }
func (f Told) Subject() string           { return f.ID.String() }
func (f Escalated) Subject() string      { return f.ID.String() }
func (f Acknowledged) Subject() string   { return f.ID.String() }
func (f Silent) Subject() string         { return f.ID.String() }
func (f Reassigned) Subject() string     { return f.ID.String() }
func (f Exhausted) Subject() string      { return f.ID.String() }
func (f Resolved) Subject() string       { return f.ID.String() }
func (f ServiceMade) Subject() string    { return f.ID.String() }
func (f ServiceChanged) Subject() string { return f.ID.String() }
func (f ServiceDeleted) Subject() string { return f.ID.String() }
