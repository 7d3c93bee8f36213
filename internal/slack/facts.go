package slack

import "baraji/internal/team"

// What can happen to the connection. See the package comment.
type (
	// Connected says that a workspace was connected, or has a new token.
	Connected struct {
		ID ID `json:"id"`
	}
	// Disconnected says that nothing goes there any more.
	Disconnected struct {
		ID ID `json:"id"`
	}
	// OptionsChanged says that something else may be said there.
	OptionsChanged struct {
		ID ID `json:"id"`
	}
	// Troubled says that Slack takes the token no more.
	Troubled struct {
		ID  ID  `json:"id"`
		Why Why `json:"why"`
	}
	// Linked says that somebody was found in Slack, or is themselves again.
	Linked struct {
		ID     ID      `json:"id"`
		Person team.ID `json:"person"`
	}
	// Parted says that whoever that is in Slack acts for them no more.
	Parted struct {
		ID     ID      `json:"id"`
		Person team.ID `json:"person"`
	}
	// GivenUp says that a post was not said and is not tried any more.
	GivenUp struct {
		ID  PostID `json:"id"`
		Why Why    `json:"why"`
	}
)

func (Connected) EventKind() string      { return "slack.connected" }
func (Disconnected) EventKind() string   { return "slack.disconnected" }
func (OptionsChanged) EventKind() string { return "slack.options_changed" }
func (Troubled) EventKind() string       { return "slack.troubled" }
func (Linked) EventKind() string         { return "slack.linked" }
func (Parted) EventKind() string         { return "slack.parted" }
func (GivenUp) EventKind() string        { return "slack.given_up" }

func (f Connected) Subject() string      { return f.ID.String() }
func (f Disconnected) Subject() string   { return f.ID.String() }
func (f OptionsChanged) Subject() string { return f.ID.String() }
func (f Troubled) Subject() string       { return f.ID.String() }
func (f Linked) Subject() string         { return f.ID.String() }
func (f Parted) Subject() string         { return f.ID.String() }
func (f GivenUp) Subject() string        { return f.ID.String() }
