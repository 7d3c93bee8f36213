package ui

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// Status is the HTTP status of a kind of problem, here and nowhere else in the pages.
func Status(k problem.Kind) int {
	switch k {
	case problem.Invalid:
		return http.StatusUnprocessableEntity
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.Conflict:
		return http.StatusConflict
	case problem.Limited:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// Problem answers with what went wrong: a page, or for htmx a toast that leaves
// the page and what was typed in it alone. What is not for people is logged
// under a reference, and the page shows the reference.
func Problem(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	if ctx.Err() != nil {
		return // the reader has gone; nobody is there to read it
	}
	p := refusal(ctx, err)
	if p.Reference != "" {
		slog.ErrorContext(ctx, "page failed", "reference", p.Reference, "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	if e, ok := problem.As(err); ok && e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds()+1)))
	}
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Reswap", "none")
		Trigger(w, "toast", Toast{Text: p.line(ctx), Kind: "bad"})
		w.WriteHeader(p.Status)
		return
	}
	if r.Method == http.MethodGet {
		p.Again = r.URL.RequestURI()
	}
	Render(w, r, p.Status, ProblemPage(p))
}

// Refusal is a problem as it is shown.
type Refusal struct {
	Status    int
	Title     string
	Text      string
	Reference string // of an error of ours, in the log
	Again     string // where to try again; empty: only back
}

func refusal(ctx context.Context, err error) Refusal {
	e, ok := problem.As(err)
	if db.IsFull(err) || errors.Is(err, blob.ErrFull) {
		return Refusal{Status: http.StatusInsufficientStorage, Title: i18n.T(ctx, "common.no_room"), Text: i18n.T(ctx, "common.no_room_hint")}
	}
	if db.IsAway(err) || errors.Is(err, context.Canceled) { // the reader is still there: it is the database that is not, or the program that ends
		return Refusal{Status: http.StatusServiceUnavailable, Title: i18n.T(ctx, "api.title_503"), Text: i18n.Sentence(ctx, "This cannot be done at the moment. Try again soon."), Reference: reference()}
	}
	if !ok || e.Kind == problem.Internal {
		return Refusal{Status: http.StatusInternalServerError, Title: i18n.T(ctx, "common.broken"), Text: i18n.T(ctx, "common.broken_hint"), Reference: reference()}
	}
	status := Status(e.Kind)
	return Refusal{Status: status, Title: i18n.T(ctx, "common.refused_"+strconv.Itoa(status)), Text: i18n.Sentence(ctx, e.Format, e.Args...)}
}

// line is the problem in one line, for a toast.
func (p Refusal) line(ctx context.Context) string {
	if p.Reference == "" {
		return p.Text
	}
	return p.Title + " " + i18n.T(ctx, "common.reference", "reference", p.Reference)
}

// reference is short enough to be read out on the telephone: K7QX-2210.
func reference() string {
	s := rand.Text() // base32: no 0, 1, 8, 9
	return s[:4] + "-" + s[4:8]
}

// Errors are what is wrong with the fields of a form, in the reader's language
// and in the order of the check.
type Errors []FieldError

// FieldError is what is wrong with one field.
type FieldError struct{ Name, Text string }

// ErrorsOf takes the field messages out of err; none when it has none.
func ErrorsOf(ctx context.Context, err error) Errors {
	var all Errors
	for _, f := range problem.Fields(err) {
		all = append(all, FieldError{f.Name, i18n.Sentence(ctx, f.Format, f.Args...)})
	}
	return all
}

// For is the message about the field, or empty.
func (e Errors) For(name string) string {
	for _, f := range e {
		if f.Name == name {
			return f.Text
		}
	}
	return ""
}
