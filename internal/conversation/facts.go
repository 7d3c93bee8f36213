package conversation

import (
	"baraji/internal/contact"
	"baraji/internal/team"
	"time"
)

// What can happen to a conversation. See the package comment.
type (
	Opened struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact"`
		Channel string     `json:"channel"`
	}
	Received struct {
		ID      ID        `json:"id"`
		Message MessageID `json:"message"`
		First   bool      `json:"first,omitempty"`
		Auto    bool      `json:"auto,omitempty"`
	}
	Replied struct {
		ID      ID        `json:"id"`
		Message MessageID `json:"message"`
		Channel string    `json:"channel,omitempty"` // how it goes; "": as the conversation's
		SendAt  time.Time `json:"send_at,omitzero"`
	}
	Noted struct {
		ID       ID        `json:"id"`
		Message  MessageID `json:"message"`
		Mentions []team.ID `json:"mentions,omitempty"`
	}
	Unsent struct { // an answer was taken back before it was sent
		ID      ID        `json:"id"`
		Message MessageID `json:"message"`
	}
	Assigned struct {
		ID   ID      `json:"id"`
		From team.ID `json:"from,omitzero"`
		To   team.ID `json:"to,omitzero"`
	}
	TeamSet struct {
		ID   ID          `json:"id"`
		From team.TeamID `json:"from,omitzero"`
		To   team.TeamID `json:"to,omitzero"`
	}
	StatusSet struct {
		ID   ID        `json:"id"`
		From Status    `json:"from"`
		To   Status    `json:"to"`
		Till time.Time `json:"till,omitzero"` // of a snooze
		Due  time.Time `json:"due,omitzero"`  // when a snooze was to end, where it ended late
	}
	Tagged struct {
		ID  ID     `json:"id"`
		Tag string `json:"tag"`
	}
	Untagged struct {
		ID  ID     `json:"id"`
		Tag string `json:"tag"`
	}
	Changed struct {
		ID     ID       `json:"id"`
		Fields []string `json:"fields"`
	}
	Followed struct {
		ID     ID      `json:"id"`
		Person team.ID `json:"person"`
	}
	Unfollowed struct {
		ID     ID      `json:"id"`
		Person team.ID `json:"person"`
	}
	Merged struct { // From went into ID
		ID   ID `json:"id"`
		From ID `json:"from"`
	}
	Split struct { // New came out of ID
		ID  ID `json:"id"`
		New ID `json:"new"`
	}
	Undone struct {
		ID   ID     `json:"id"`
		What string `json:"what"` // "merge" or "split"
	}
	Deleted struct {
		ID ID `json:"id"`
	}
	DeliverySet struct {
		ID      ID        `json:"id"`
		Message MessageID `json:"message"`
		State   Delivery  `json:"state"`
	}
)

func (Opened) EventKind() string      { return "conversation.opened" }
func (Received) EventKind() string    { return "conversation.received" }
func (Replied) EventKind() string     { return "conversation.replied" }
func (Noted) EventKind() string       { return "conversation.noted" }
func (Unsent) EventKind() string      { return "conversation.unsent" }
func (Assigned) EventKind() string    { return "conversation.assigned" }
func (TeamSet) EventKind() string     { return "conversation.team_set" }
func (StatusSet) EventKind() string   { return "conversation.status_set" }
func (Tagged) EventKind() string      { return "conversation.tagged" }
func (Untagged) EventKind() string    { return "conversation.untagged" }
func (Changed) EventKind() string     { return "conversation.changed" }
func (Followed) EventKind() string    { return "conversation.followed" }
func (Unfollowed) EventKind() string  { return "conversation.unfollowed" }
func (Merged) EventKind() string      { return "conversation.merged" }
func (Split) EventKind() string       { return "conversation.split" }
func (Undone) EventKind() string      { return "conversation.undone" }
func (Deleted) EventKind() string     { return "conversation.deleted" }
func (DeliverySet) EventKind() string { return "conversation.delivery_set" }

func (f Opened) Subject() string      { return f.ID.String() }
func (f Received) Subject() string    { return f.ID.String() }
func (f Replied) Subject() string     { return f.ID.String() }
func (f Noted) Subject() string       { return f.ID.String() }
func (f Unsent) Subject() string      { return f.ID.String() }
func (f Assigned) Subject() string    { return f.ID.String() }
func (f TeamSet) Subject() string     { return f.ID.String() }
func (f StatusSet) Subject() string   { return f.ID.String() }
func (f Tagged) Subject() string      { return f.ID.String() }
func (f Untagged) Subject() string    { return f.ID.String() }
func (f Changed) Subject() string     { return f.ID.String() }
func (f Followed) Subject() string    { return f.ID.String() }
func (f Unfollowed) Subject() string  { return f.ID.String() }
func (f Merged) Subject() string      { return f.ID.String() }
func (f Split) Subject() string       { return f.ID.String() }
func (f Undone) Subject() string      { return f.ID.String() }
func (f Deleted) Subject() string     { return f.ID.String() }
func (f DeliverySet) Subject() string { return f.ID.String() }
