package consent

import "baraji/internal/contact"

// What can happen to consent.
type (
	// Gave says that a customer agreed to something.
	Gave struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact"`
		Purpose Purpose    `json:"purpose"`
		How     How        `json:"how"`
	}
	// Withdrew says that they took it back, or do not want it.
	Withdrew struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact"`
		Purpose Purpose    `json:"purpose"`
		How     How        `json:"how"`
	}
	// Confirmed says that they were asked about it again and left it as it is.
	Confirmed struct {
		ID      ID         `json:"id"`
		Contact contact.ID `json:"contact"`
		Purpose Purpose    `json:"purpose"`
		How     How        `json:"how"`
	}
	// Barred says that nothing goes to an address any more.
	Barred struct {
		ID     BarID  `json:"id"`
		Reason Reason `json:"reason"`
	}
	// Unbarred says that mail may go there again.
	Unbarred struct {
		ID     BarID  `json:"id"`
		Reason Reason `json:"reason"`
	}
	// Asked says that so many were asked about their consent again.
	Asked struct {
		N int `json:"n"`
	}
	// RulesChanged says that somebody chose other rules.
	RulesChanged struct{}
)

func (Gave) EventKind() string         { return "consent.given" }
func (Withdrew) EventKind() string     { return "consent.withdrawn" }
func (Confirmed) EventKind() string    { return "consent.confirmed" }
func (Barred) EventKind() string       { return "consent.barred" }
func (Unbarred) EventKind() string     { return "consent.unbarred" }
func (Asked) EventKind() string        { return "consent.asked" }
func (RulesChanged) EventKind() string { return "consent.rules_changed" }

func (f Gave) Subject() string       { return f.Contact.String() }
func (f Withdrew) Subject() string   { return f.Contact.String() }
func (f Confirmed) Subject() string  { return f.Contact.String() }
func (f Barred) Subject() string     { return f.ID.String() }
func (f Unbarred) Subject() string   { return f.ID.String() }
func (Asked) Subject() string        { return "consent" }
func (RulesChanged) Subject() string { return "consent" }
