package hookin

import (
	"baraji/internal/contact"
	"baraji/internal/conversation"
)

// What can happen to hooks.
type (
	// Made says that there is one more.
	Made struct {
		ID ID `json:"id"`
	}
	// Changed says that its name, its proof or its mapping is another.
	Changed struct {
		ID ID `json:"id"`
	}
	// Switched says that somebody switched it on or off.
	Switched struct {
		ID ID   `json:"id"`
		On bool `json:"on"`
	}
	// Rotated says that it has a new secret.
	Rotated struct {
		ID     ID   `json:"id"`
		AtOnce bool `json:"at_once,omitempty"` // the old one is worth nothing any more
	}
	// Deleted says that it is no more.
	Deleted struct {
		ID ID `json:"id"`
	}
	// Received says that something came and was done. Rules listen to it; what it said stays with the item.
	Received struct {
		Hook         ID              `json:"hook"`
		Item         ItemID          `json:"item"`
		Contact      contact.ID      `json:"contact,omitzero"`
		Conversation conversation.ID `json:"conversation,omitzero"`
		NewContact   bool            `json:"new_contact,omitempty"`
	}
)

func (Made) EventKind() string     { return "hookin.made" }
func (Changed) EventKind() string  { return "hookin.changed" }
func (Switched) EventKind() string { return "hookin.switched" }
func (Rotated) EventKind() string  { return "hookin.rotated" }
func (Deleted) EventKind() string  { return "hookin.deleted" }
func (Received) EventKind() string { return "hookin.received" }

func (f Made) Subject() string     { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f Switched) Subject() string { return f.ID.String() }
func (f Rotated) Subject() string  { return f.ID.String() }
func (f Deleted) Subject() string  { return f.ID.String() }

// Subject is the conversation, else the customer, else the hook.
func (f Received) Subject() string {
	switch {
	case f.Conversation != 0:
		return f.Conversation.String()
	case f.Contact != 0:
		return f.Contact.String()
	}
	return f.Hook.String()
}
