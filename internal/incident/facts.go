package incident

import (
	"time"

	"baraji/internal/conversation"
	"baraji/internal/team"
)

// What can happen to incidents.
type (
	// Opened says that something is broken for many.
	Opened struct {
		ID       ID     `json:"id"`
		Severity string `json:"severity"`
	}
	// Changed says that it is described otherwise.
	Changed struct {
		ID     ID       `json:"id"`
		Fields []string `json:"fields"`
	}
	// StateSet says how far it is.
	StateSet struct {
		ID   ID    `json:"id"`
		From State `json:"from"`
		To   State `json:"to"`
	}
	// RoleSet says who does what; To 0: nobody.
	RoleSet struct {
		ID   ID      `json:"id"`
		Role Role    `json:"role"`
		To   team.ID `json:"to,omitzero"`
	}
	// ReachSet says that it concerns other customers.
	ReachSet struct {
		ID     ID  `json:"id"`
		Groups int `json:"groups"`
	}
	// Impacted says how a component is hit.
	Impacted struct {
		ID        ID          `json:"id"`
		Component ComponentID `json:"component"`
		Impact    Impact      `json:"impact"`
	}
	// Updated says that something was said to those whom it concerns.
	Updated struct {
		ID     ID       `json:"id"`
		Update UpdateID `json:"update"`
		State  State    `json:"state"`
		Public bool     `json:"public,omitempty"`
		Told   bool     `json:"told,omitempty"`
	}
	// Told says that nobody waits any more to be told an update, and how many were.
	Told struct {
		ID     ID       `json:"id"`
		Update UpdateID `json:"update"`
		People int      `json:"people"`
	}
	// ToldElsewhere says of a conversation that its customer was told in another one: nobody is told twice.
	ToldElsewhere struct {
		ID       conversation.ID `json:"id"`
		Incident ID              `json:"incident"`
		In       conversation.ID `json:"in"`
		Number   int64           `json:"number"` // of that one
	}
	// Noted says that somebody wrote a note.
	Noted struct {
		ID   ID     `json:"id"`
		Note NoteID `json:"note"`
	}
	// Linked says that a conversation is about it.
	Linked struct {
		ID           ID              `json:"id"`
		Conversation conversation.ID `json:"conversation"`
	}
	// Unlinked says that it is not.
	Unlinked struct {
		ID           ID              `json:"id"`
		Conversation conversation.ID `json:"conversation"`
	}
	// ReviewWritten says that it was reviewed.
	ReviewWritten struct {
		ID ID `json:"id"`
	}
	// ActionAdded says that something is to be done about it.
	ActionAdded struct {
		ID     ID       `json:"id"`
		Action ActionID `json:"action"`
		Cause  bool     `json:"cause,omitempty"`
	}
	// ActionDone says that it is done.
	ActionDone struct {
		ID     ID       `json:"id"`
		Action ActionID `json:"action"`
	}
	// ActionReopened says that it is not after all.
	ActionReopened struct {
		ID     ID       `json:"id"`
		Action ActionID `json:"action"`
	}
	// ComponentsChanged says that the status page has other components.
	ComponentsChanged struct {
		Components int `json:"components"`
	}
	// PageChanged says that the status page is arranged otherwise.
	PageChanged struct {
		On bool `json:"on"`
	}
	// MaintenancePlanned says that work was announced.
	MaintenancePlanned struct {
		ID   MaintenanceID `json:"id"`
		From time.Time     `json:"from"`
		To   time.Time     `json:"to"`
	}
	// MaintenanceChanged says that it is announced otherwise.
	MaintenanceChanged struct {
		ID MaintenanceID `json:"id"`
	}
	// MaintenanceCancelled says that it does not happen.
	MaintenanceCancelled struct {
		ID MaintenanceID `json:"id"`
	}
	// Subscribed says that somebody asked for mails.
	Subscribed struct {
		ID SubscriberID `json:"id"`
	}
	// Confirmed says that the address is his.
	Confirmed struct {
		ID SubscriberID `json:"id"`
	}
	// Unsubscribed says that he wants none any more.
	Unsubscribed struct {
		ID SubscriberID `json:"id"`
	}
)

func (Opened) EventKind() string               { return "incident.opened" }
func (Changed) EventKind() string              { return "incident.changed" }
func (StateSet) EventKind() string             { return "incident.state_set" }
func (RoleSet) EventKind() string              { return "incident.role_set" }
func (ReachSet) EventKind() string             { return "incident.reach_set" }
func (Impacted) EventKind() string             { return "incident.impacted" }
func (Updated) EventKind() string              { return "incident.updated" }
func (Told) EventKind() string                 { return "incident.told" }
func (ToldElsewhere) EventKind() string        { return "incident.told_elsewhere" }
func (Noted) EventKind() string                { return "incident.noted" }
func (Linked) EventKind() string               { return "incident.linked" }
func (Unlinked) EventKind() string             { return "incident.unlinked" }
func (ReviewWritten) EventKind() string        { return "incident.reviewed" }
func (ActionAdded) EventKind() string          { return "incident.action_added" }
func (ActionDone) EventKind() string           { return "incident.action_done" }
func (ActionReopened) EventKind() string       { return "incident.action_reopened" }
func (ComponentsChanged) EventKind() string    { return "incident.components_changed" }
func (PageChanged) EventKind() string          { return "incident.page_changed" }
func (MaintenancePlanned) EventKind() string   { return "incident.maintenance_planned" }
func (MaintenanceChanged) EventKind() string   { return "incident.maintenance_changed" }
func (MaintenanceCancelled) EventKind() string { return "incident.maintenance_cancelled" }
func (Subscribed) EventKind() string           { return "incident.subscribed" }
func (Confirmed) EventKind() string            { return "incident.confirmed" }
func (Unsubscribed) EventKind() string         { return "incident.unsubscribed" }

func (f Opened) Subject() string               { return f.ID.String() }
func (f Changed) Subject() string              { return f.ID.String() }
func (f StateSet) Subject() string             { return f.ID.String() }
func (f RoleSet) Subject() string              { return f.ID.String() }
func (f ReachSet) Subject() string             { return f.ID.String() }
func (f Impacted) Subject() string             { return f.ID.String() }
func (f Updated) Subject() string              { return f.ID.String() }
func (f Told) Subject() string                 { return f.ID.String() }
func (f ToldElsewhere) Subject() string        { return f.ID.String() }
func (f Noted) Subject() string                { return f.ID.String() }
func (f Linked) Subject() string               { return f.ID.String() }
func (f Unlinked) Subject() string             { return f.ID.String() }
func (f ReviewWritten) Subject() string        { return f.ID.String() }
func (f ActionAdded) Subject() string          { return f.ID.String() }
func (f ActionDone) Subject() string           { return f.ID.String() }
func (f ActionReopened) Subject() string       { return f.ID.String() }
func (ComponentsChanged) Subject() string      { return "status" }
func (PageChanged) Subject() string            { return "status" }
func (f MaintenancePlanned) Subject() string   { return f.ID.String() }
func (f MaintenanceChanged) Subject() string   { return f.ID.String() }
func (f MaintenanceCancelled) Subject() string { return f.ID.String() }
func (f Subscribed) Subject() string           { return f.ID.String() }
func (f Confirmed) Subject() string            { return f.ID.String() }
func (f Unsubscribed) Subject() string         { return f.ID.String() }
