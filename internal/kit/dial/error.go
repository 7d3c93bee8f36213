package dial

import (
	"log/slog"
)

// Kind is what went wrong, for the log and the metrics; people are not told.
type Kind int

const (
	Refused     Kind = iota + 1 // the address is not one we connect to
	Unresolved                  // the name has no address
	Unreachable                 // nobody answered
	Insecure                    // connected, but the TLS handshake failed
)

func (k Kind) String() string {
	return [...]string{"", "refused", "unresolved", "unreachable", "insecure"}[k]
}

// Error is a connection that was not made. Its text is safe to show.
type Error struct {
	Kind    Kind
	Address string // host:port as asked for
	what    string
	err     error
}

func failed(kind Kind, address, what string, err error) *Error {
	return &Error{Kind: kind, Address: address, what: what, err: err}
}

// Error says the same whatever the reason was.
func (e *Error) Error() string { return "could not connect to " + e.Address }

// Detail says what happened. It is for the log and for administrators of the server itself.
func (e *Error) Detail() string {
	return e.Error() + ": " + e.Kind.String() + ": " + e.what + ": " + e.err.Error()
}

// LogValue lets log/slog write the detail.
func (e *Error) LogValue() slog.Value { return slog.StringValue(e.Detail()) }

// Unwrap gives the cause, to be compared with, not shown.
func (e *Error) Unwrap() error { return e.err }
