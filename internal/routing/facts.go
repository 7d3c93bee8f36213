package routing

import (
	"time"

	"baraji/internal/conversation"
	"baraji/internal/team"
)

// What can happen.
type (
	// Routed says what was decided; why, the decision says.
	Routed struct {
		ID      conversation.ID `json:"id"`
		Outcome Outcome         `json:"outcome"`
		Person  team.ID         `json:"person,omitzero"`
		Team    team.TeamID     `json:"team,omitzero"`
	}
	// TakenBack says that who had it stayed silent.
	TakenBack struct {
		ID   conversation.ID `json:"id"`
		From team.ID         `json:"from"`
		Due  time.Time       `json:"due,omitzero"` // when he had been silent for too long, where this was done late
	}
	// RulesChanged says that other lists hold from now on.
	RulesChanged struct {
		Grades int `json:"grades"`
		Scopes int `json:"scopes"`
		Rules  int `json:"rules"`
	}
	// DeskChanged says that somebody takes more or less, speaks or can something else, or is away.
	DeskChanged struct {
		Person team.ID `json:"person"`
		Away   bool    `json:"away,omitempty"`
	}
)

func (Routed) EventKind() string       { return "routing.routed" }
func (TakenBack) EventKind() string    { return "routing.taken_back" }
func (RulesChanged) EventKind() string { return "routing.rules_changed" }
func (DeskChanged) EventKind() string  { return "routing.desk_changed" }

func (f Routed) Subject() string       { return f.ID.String() }
func (f TakenBack) Subject() string    { return f.ID.String() }
func (f RulesChanged) Subject() string { return "routing" }
func (f DeskChanged) Subject() string  { return f.Person.String() }
