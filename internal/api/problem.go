package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/room"
)

// Problem is a refusal as RFC 9457 wants it.
type Problem struct {
	Type      string         `json:"type" doc:"What sort of refusal this is, for programs" example:"urn:baraji:problem:invalid"`
	Title     string         `json:"title" doc:"The sort, for people, in the language of Accept-Language"`
	Status    int            `json:"status" doc:"The HTTP status"`
	Detail    string         `json:"detail" doc:"What is wrong and what to do about it"`
	Errors    []ProblemField `json:"errors" nullable:"false" doc:"What is wrong with which field"`
	Reference string         `json:"reference,omitempty" doc:"Tell us this when it is our fault: it stands in the log"`
}

// ProblemField is what is wrong with one field.
type ProblemField struct {
	Field   string `json:"field" example:"from.email"`
	Message string `json:"message"`
}

// refusal is a Problem before it is put into the reader's language.
type refusal struct {
	status    int
	kind      string
	format    string
	args      []any
	fields    []problem.Field
	reference string
}

// kinds is which status each kind of problem has, here and nowhere else.
var kinds = map[problem.Kind]refusal{
	problem.Invalid:   {status: http.StatusUnprocessableEntity, kind: "invalid"},
	problem.NotFound:  {status: http.StatusNotFound, kind: "not-found"},
	problem.Forbidden: {status: http.StatusForbidden, kind: "forbidden"},
	problem.Conflict:  {status: http.StatusConflict, kind: "conflict"},
	problem.Limited:   {status: http.StatusTooManyRequests, kind: "limited"},
}

// large says that a body is too long for its operation.
func large(limit int64) error { return tooLarge(limit) }

type tooLarge int64

func (n tooLarge) Error() string {
	return "the body is longer than " + strconv.FormatInt(int64(n), 10) + " bytes"
}

// turn makes a refusal of an error.
func turn(err error) refusal {
	var big tooLarge
	switch {
	case errors.Is(err, errNoToken):
		return refusal{status: http.StatusUnauthorized, kind: "unauthorized", format: "Send a token: “Authorization: Bearer …”."}
	case errors.Is(err, errBadToken):
		return refusal{status: http.StatusUnauthorized, kind: "unauthorized", format: "This token opens nothing. It may have been revoked or have expired."}
	case errors.As(err, &big):
		return refusal{status: http.StatusRequestEntityTooLarge, kind: "too-large", format: "The body may have at most %d bytes.", args: []any{int64(big)}}
	}
	if p, ok := problem.As(err); ok {
		if f, ok := kinds[p.Kind]; ok {
			f.format, f.args, f.fields = p.Format, p.Args, p.Fields
			return f
		}
	}
	if db.IsFull(err) || errors.Is(err, blob.ErrFull) || errors.Is(err, room.ErrShort) {
		return refusal{status: http.StatusInsufficientStorage, kind: "no-room",
			format: "There is no room left on the server's disk, and nothing was changed. Tell whoever looks after the server."} // /readyz and the log say it once
	}
	if db.IsAway(err) || errors.Is(err, context.Canceled) { // whoever asked is still there: it is the program that ends
		return refusal{status: http.StatusServiceUnavailable, kind: "unavailable", format: "This cannot be done at the moment. Try again soon.", reference: reference()}
	}
	return refusal{status: http.StatusInternalServerError, kind: "internal", format: "Something went wrong on our side. It has been noted under the reference.", reference: reference()}
}

// reference is short enough to be read out on the telephone: K7QX-2210.
func reference() string {
	s := rand.Text()
	return s[:4] + "-" + s[4:8]
}

// problem makes the refusal what its reader reads.
func (f refusal) problem(ctx context.Context) Problem {
	p := Problem{Type: "urn:baraji:problem:" + f.kind, Title: i18n.T(ctx, "api.title_"+strconv.Itoa(f.status)), Status: f.status,
		Detail: i18n.Sentence(ctx, f.format, f.args...), Errors: []ProblemField{}, Reference: f.reference}
	for _, e := range f.fields {
		p.Errors = append(p.Errors, ProblemField{e.Name, i18n.Sentence(ctx, e.Format, e.Args...)})
	}
	return p
}

// refuse answers with what went wrong. What is our fault is logged.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && !errors.Is(err, errNoToken) {
		return // who asked has gone
	}
	s.send(w, s.problemOf(r.Context(), r.Method, r.URL.Path, err))
}

// problemOf is an error as an answer.
func (s *server) problemOf(ctx context.Context, method, path string, err error) *answer {
	f := turn(err)
	if f.reference != "" && !errors.Is(err, context.Canceled) {
		s.Log.ErrorContext(ctx, "request failed", "reference", f.reference, "method", method, "path", path, "error", err)
	}
	a := f.answer(ctx)
	switch f.status {
	case http.StatusUnauthorized:
		a.header("WWW-Authenticate", `Bearer realm="Baraji"`)
	case http.StatusServiceUnavailable:
		a.header("Retry-After", "2")
	case http.StatusInsufficientStorage:
		a.header("Retry-After", "30")
	}
	if p, ok := problem.As(err); ok && p.RetryAfter > 0 {
		a.header("Retry-After", strconv.Itoa(int(p.RetryAfter.Seconds())+1))
	}
	return a
}

func (s *server) answerOf(r *http.Request, f refusal) *answer { return f.answer(r.Context()) }

func (f refusal) answer(ctx context.Context) *answer {
	b, _ := json.Marshal(f.problem(ctx)) // strings and numbers: cannot fail
	return &answer{status: f.status, kind: "application/problem+json", body: b}
}

// retell puts what huma refuses (a body that is not JSON, a value of another
// type) into our form and the reader's language.
func retell(ctx huma.Context, status string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	f := refusal{status: e.Status, kind: "invalid", format: "Some of what was sent does not do. See the errors."}
	switch e.Status {
	case http.StatusBadRequest:
		f.kind, f.format = "malformed", "The body cannot be read. Send JSON in UTF-8."
	case http.StatusUnsupportedMediaType:
		f.kind, f.format = "media-type", "Send the body as application/json."
	case http.StatusRequestEntityTooLarge:
		f.kind, f.format = "too-large", "The body is too long."
	case http.StatusUnprocessableEntity:
	default:
		f.kind, f.format = "internal", "Something went wrong on our side. It has been noted under the reference."
	}
	for _, d := range e.Errors {
		f.fields = append(f.fields, retold(d))
	}
	return f.problem(ctx.Context()), nil
}

// sentences are huma's messages in our words; %s is the rest of the message.
var sentences = []struct{ begins, format string }{
	{"unexpected property", "There is no such field."},
	{"expected required property ", "This field is missing."},
	{"required ", "This is missing."},
	{"expected string to be RFC 3339", "Enter a time such as 2026-01-05T09:00:00.000Z."},
	{"expected string", "Enter text."},
	{"expected boolean", "Enter true or false."},
	{"expected integer", "Enter a whole number."},
	{"expected number", "Enter a number within the limits: %s."},
	{"expected array", "Enter a list within the limits: %s."},
	{"expected object", "Enter an object."},
	{"expected value to be one of ", "Choose one of %s."},
	{"expected length <= ", "At most %s characters."},
	{"expected length >= ", "At least %s characters."},
	{"invalid integer", "Enter a whole number."},
	{"invalid boolean", "Enter true or false."},
}

func retold(d *huma.ErrorDetail) problem.Field {
	name := d.Location
	for _, prefix := range []string{"body.", "query.", "path.", "header."} {
		name = strings.TrimPrefix(name, prefix)
	}
	if missing, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		missing, _, _ = strings.Cut(missing, " ")
		if name == "body" {
			name = missing
		} else {
			name += "." + missing
		}
	}
	for _, s := range sentences {
		if rest, ok := strings.CutPrefix(d.Message, s.begins); ok {
			f := problem.Field{Name: name, Format: s.format}
			if strings.Contains(s.format, "%s") {
				f.Args = []any{strings.Trim(rest, ` "`)}
			}
			return f
		}
	}
	return problem.Field{Name: name, Format: "This value does not do."}
}

// problems puts our refusals into the description, in place of huma's.
func (rt *routes) problems() {
	rt.problem = rt.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
}
