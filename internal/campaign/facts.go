package campaign

import (
	"baraji/internal/contact"
	"baraji/internal/conversation"
)

// What can happen to campaigns, and to those who get them.
type (
	Made struct {
		ID ID `json:"id"`
	}
	Changed struct {
		ID ID `json:"id"`
	}
	Deleted struct {
		ID ID `json:"id"`
	}
	// Scheduled says that it begins at a time; taken back, it says "draft".
	Scheduled struct {
		ID    ID    `json:"id"`
		State State `json:"state"`
	}
	Started struct {
		ID ID `json:"id"`
	}
	// Halted says that it was paused; Why is "" when a person did that.
	Halted struct {
		ID  ID     `json:"id"`
		Why string `json:"why,omitempty"`
	}
	Resumed struct {
		ID ID `json:"id"`
	}
	// Ended says that it is over: done, or stopped.
	Ended struct {
		ID    ID    `json:"id"`
		State State `json:"state"`
	}

	// Sent says that a customer was mailed.
	Sent struct {
		ID        ID          `json:"id"`
		Recipient RecipientID `json:"recipient"`
		Contact   contact.ID  `json:"contact"`
	}
	// Bounced says that the mail came back for good.
	Bounced struct {
		ID        ID          `json:"id"`
		Recipient RecipientID `json:"recipient"`
		Contact   contact.ID  `json:"contact"`
	}
	// Replied says that a customer answered.
	Replied struct {
		ID           ID              `json:"id"`
		Recipient    RecipientID     `json:"recipient"`
		Contact      contact.ID      `json:"contact"`
		Conversation conversation.ID `json:"conversation"`
	}
	// Unsubscribed says that a customer does not want such mails any more; Spam, that they called it that.
	Unsubscribed struct {
		ID        ID          `json:"id"`
		Recipient RecipientID `json:"recipient"`
		Contact   contact.ID  `json:"contact"`
		Spam      bool        `json:"spam,omitempty"`
	}
	// DefaultsChanged says that new campaigns begin otherwise.
	DefaultsChanged struct{}
)

func (Made) EventKind() string            { return "campaign.made" }
func (Changed) EventKind() string         { return "campaign.changed" }
func (Deleted) EventKind() string         { return "campaign.deleted" }
func (Scheduled) EventKind() string       { return "campaign.scheduled" }
func (Started) EventKind() string         { return "campaign.started" }
func (Halted) EventKind() string          { return "campaign.paused" }
func (Resumed) EventKind() string         { return "campaign.resumed" }
func (Ended) EventKind() string           { return "campaign.ended" }
func (Sent) EventKind() string            { return "campaign.sent" }
func (Bounced) EventKind() string         { return "campaign.bounced" }
func (Replied) EventKind() string         { return "campaign.replied" }
func (Unsubscribed) EventKind() string    { return "campaign.unsubscribed" }
func (DefaultsChanged) EventKind() string { return "campaign.defaults_changed" }

func (f Made) Subject() string          { return f.ID.String() }
func (f Changed) Subject() string       { return f.ID.String() }
func (f Deleted) Subject() string       { return f.ID.String() }
func (f Scheduled) Subject() string     { return f.ID.String() }
func (f Started) Subject() string       { return f.ID.String() }
func (f Halted) Subject() string        { return f.ID.String() }
func (f Resumed) Subject() string       { return f.ID.String() }
func (f Ended) Subject() string         { return f.ID.String() }
func (f Sent) Subject() string          { return f.Contact.String() }
func (f Bounced) Subject() string       { return f.Contact.String() }
func (f Replied) Subject() string       { return f.Contact.String() }
func (f Unsubscribed) Subject() string  { return f.Contact.String() }
func (DefaultsChanged) Subject() string { return "campaign" }
