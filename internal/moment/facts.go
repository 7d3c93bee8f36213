package moment

import "time"

// Kind is the kind of the fact that a time has come.
const Kind = "moment.came"

// Came says that the time of a rule or a flow has come, for one thing.
type Came struct {
	For   string    `json:"for"`             // the rule or the flow: nobody else hears it
	About string    `json:"about,omitempty"` // the id of a conversation, a customer or a company
	Due   time.Time `json:"due"`
}

func (Came) EventKind() string { return Kind }

// Subject is the thing, or where it is about nothing the rule.
func (c Came) Subject() string {
	if c.About == "" {
		return c.For
	}
	return c.About
}
