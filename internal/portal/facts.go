package portal

import (
	"baraji/internal/contact"
	"baraji/internal/conversation"
)

// What can happen here.
type (
	// Invited says that somebody of the team sent a customer a link.
	Invited struct {
		Contact contact.ID `json:"contact"`
	}
	// Entered says that a customer came in.
	Entered struct {
		Contact contact.ID `json:"contact"`
		Session SessionID  `json:"session"`
	}
	// Ended says that a session is over before its time.
	Ended struct {
		Session SessionID `json:"session"`
	}
	// Closed and Reopened say that a customer did that to his conversation himself.
	Closed struct {
		Conversation conversation.ID `json:"conversation"`
		Contact      contact.ID      `json:"contact"`
	}
	Reopened struct {
		Conversation conversation.ID `json:"conversation"`
		Contact      contact.ID      `json:"contact"`
	}
	// Shared says whether the people of a company see each other's conversations.
	Shared struct {
		Company contact.CompanyID `json:"company"`
		On      bool              `json:"on"`
	}
)

func (Invited) EventKind() string  { return "portal.invited" }
func (Entered) EventKind() string  { return "portal.entered" }
func (Ended) EventKind() string    { return "portal.ended" }
func (Closed) EventKind() string   { return "portal.closed" }
func (Reopened) EventKind() string { return "portal.reopened" }
func (Shared) EventKind() string   { return "portal.shared" }

func (f Invited) Subject() string  { return f.Contact.String() }
func (f Entered) Subject() string  { return f.Contact.String() }
func (f Ended) Subject() string    { return f.Session.String() }
func (f Closed) Subject() string   { return f.Conversation.String() }
func (f Reopened) Subject() string { return f.Conversation.String() }
func (f Shared) Subject() string   { return f.Company.String() }
