package notice

import "baraji/internal/team"

// What can happen to how people are told.
type (
	// ChoicesChanged says that somebody wants to be told otherwise.
	ChoicesChanged struct {
		Person team.ID `json:"person"`
	}
	// BrowserAdded says that a browser takes pushes for somebody.
	BrowserAdded struct {
		Person  team.ID   `json:"person"`
		Browser BrowserID `json:"browser"`
	}
	// BrowserGone says that one takes no more: he does not want it, or its service no longer knows it.
	BrowserGone struct {
		Person  team.ID   `json:"person"`
		Browser BrowserID `json:"browser"`
		Unknown bool      `json:"unknown,omitempty"`
	}
	// SlackChanged says that an address of Slack was set or taken away: a person's, or the firm's.
	SlackChanged struct {
		Person team.ID `json:"person,omitzero"`
		Set    bool    `json:"set"`
	}
)

func (ChoicesChanged) EventKind() string { return "notice.choices_changed" }
func (BrowserAdded) EventKind() string   { return "notice.browser_added" }
func (BrowserGone) EventKind() string    { return "notice.browser_gone" }
func (SlackChanged) EventKind() string   { return "notice.slack_changed" }

func (f ChoicesChanged) Subject() string { return f.Person.String() }
func (f BrowserAdded) Subject() string   { return f.Person.String() }
func (f BrowserGone) Subject() string    { return f.Person.String() }
func (f SlackChanged) Subject() string {
	if f.Person == 0 {
		return "notice"
	}
	return f.Person.String()
}
