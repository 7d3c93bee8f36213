package ui

import (
	"net/http"
	"strconv"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// Trouble is why a form comes back: what is wrong as a whole, or with its fields.
// The zero value is a form that is seen for the first time.
type Trouble struct {
	Status int
	Text   string // when no field is to blame
	Errors Errors
}

// For is what is wrong with one field, or empty.
func (t Trouble) For(field string) string { return t.Errors.For(field) }

// With adds what is wrong with more fields.
func (t Trouble) With(more Errors) Trouble {
	for _, e := range more {
		if t.Errors.For(e.Name) == "" {
			t.Errors = append(t.Errors, e)
		}
	}
	return t
}

// TroubleOf reads a refusal for the form that it belongs to. What is no refusal
// comes back as the error that it is. A wait is said in words and in the header.
func TroubleOf(w http.ResponseWriter, r *http.Request, err error) (Trouble, error) {
	e, ok := problem.As(err)
	if !ok || e.Kind == problem.Internal {
		return Trouble{}, err
	}
	ctx := r.Context()
	t := Trouble{Status: Status(e.Kind), Errors: ErrorsOf(ctx, err)}
	switch {
	case e.RetryAfter > 0:
		wait := (e.RetryAfter + time.Second - 1).Truncate(time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
		t.Text = i18n.Sentence(ctx, e.Format, e.Args...) + " " + i18n.T(ctx, "signin.wait", "time", i18n.Duration(ctx, wait))
	case len(t.Errors) == 0:
		t.Text = i18n.Sentence(ctx, e.Format, e.Args...)
	}
	return t, nil
}
