// Package problem is the errors that a person may see: what is wrong and what
// to do about it. Every other error is ours and is shown as "something went
// wrong" with a reference.
package problem

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what sort of refusal a problem is. The edges (web/ui, api) map
// kinds to statuses, once each.
type Kind string

// The kinds of problem.
const (
	Invalid   Kind = "invalid"   // what was sent does not do
	NotFound  Kind = "not found" // it is not there, or not for this person
	Forbidden Kind = "forbidden" // this person may see it but not do it
	Conflict  Kind = "conflict"  // it does not fit what is there now
	Limited   Kind = "limited"   // too much, too often; RetryAfter says when again
	Internal  Kind = "internal"  // anything unknown
)

// Error is a refusal with a text that is fit for the person who asked. The
// text is an English sentence; kit/i18n knows the same sentence in the other
// languages, so the format, not the result, is kept.
type Error struct {
	Kind       Kind
	Format     string
	Args       []any
	Fields     []Field
	RetryAfter time.Duration // set for Limited
}

// Field is what is wrong with one input.
type Field struct {
	Name   string // as the form and the API call it
	Format string
	Args   []any
}

// Text is the field's message in English.
func (f Field) Text() string { return fmt.Sprintf(f.Format, f.Args...) }

func (e *Error) Error() string { return fmt.Sprintf(e.Format, e.Args...) }

// New makes an Error. Format is a whole sentence, a constant: it is the key
// under which the translations are found.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Format: format, Args: args}
}

// With adds what is wrong with one field.
func (e *Error) With(name, format string, args ...any) *Error {
	e.Fields = append(e.Fields, Field{Name: name, Format: format, Args: args})
	return e
}

// Wait says when one may try again.
func (e *Error) Wait(d time.Duration) *Error {
	e.RetryAfter = d
	return e
}

// For makes an Invalid error about one field: its text is also the error's.
func For(name, format string, args ...any) *Error {
	return New(Invalid, format, args...).With(name, format, args...)
}

// Check collects what is wrong with several fields, and is nil when nothing is.
type Check struct{ err *Error }

// That notes a field's message unless ok.
func (c *Check) That(ok bool, name, format string, args ...any) {
	if ok {
		return
	}
	if c.err == nil {
		c.err = New(Invalid, format, args...)
	}
	c.err.With(name, format, args...)
}

// Err is nil, or the Invalid error with every field noted.
func (c *Check) Err() error {
	if c.err == nil {
		return nil
	}
	return c.err
}

// As finds the Error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf says what kind of refusal err is; anything unknown is Internal.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// Fields are the field messages in err's chain.
func Fields(err error) []Field {
	if e, ok := As(err); ok {
		return e.Fields
	}
	return nil
}
