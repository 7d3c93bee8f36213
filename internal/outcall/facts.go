package outcall

// What can happen to calls and secrets.
type (
	// GivenUp says that a call did not arrive and is not tried any more.
	GivenUp struct {
		ID  ID  `json:"id"`
		Why Why `json:"why"`
	}
	// Again says that somebody had it sent again.
	Again struct {
		ID ID `json:"id"`
	}
	// SecretMade says that there is one more.
	SecretMade struct {
		ID SecretID `json:"id"`
	}
	// SecretChanged says that it says something else.
	SecretChanged struct {
		ID SecretID `json:"id"`
	}
	// SecretDeleted says that it is no more.
	SecretDeleted struct {
		ID SecretID `json:"id"`
	}
)

func (GivenUp) EventKind() string       { return "outcall.given_up" }
func (Again) EventKind() string         { return "outcall.again" }
func (SecretMade) EventKind() string    { return "outcall.secret_made" }
func (SecretChanged) EventKind() string { return "outcall.secret_changed" }
func (SecretDeleted) EventKind() string { return "outcall.secret_deleted" }

func (f GivenUp) Subject() string       { return f.ID.String() }
func (f Again) Subject() string         { return f.ID.String() }
func (f SecretMade) Subject() string    { return f.ID.String() }
func (f SecretChanged) Subject() string { return f.ID.String() }
func (f SecretDeleted) Subject() string { return f.ID.String() }
