package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// stamp is a time as it leaves: RFC 3339 in UTC with milliseconds, or null.
type stamp time.Time

// MarshalJSON writes the time.
func (t stamp) MarshalJSON() ([]byte, error) {
	if time.Time(t).IsZero() {
		return []byte("null"), nil
	}
	b := make([]byte, 0, 26)
	return append(time.Time(t).UTC().AppendFormat(append(b, '"'), "2006-01-02T15:04:05.000Z"), '"'), nil
}

// Schema describes it.
func (stamp) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

// ref is an id as it leaves: a string, or null for none.
type ref string

func refOf[I interface {
	~int64
	String() string
}](v I) ref {
	return ref(v.String())
}

// MarshalJSON writes the id.
func (r ref) MarshalJSON() ([]byte, error) {
	if r == "" {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, string(r)), nil // letters, digits and _ only
}

// Schema describes it.
func (ref) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

// maybe is a field of a PATCH: absent leaves what is there, null empties it.
type maybe[T any] struct {
	Set   bool
	Value T
}

// UnmarshalJSON notes that the field is there.
func (m *maybe[T]) UnmarshalJSON(b []byte) error {
	m.Set = true
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	return json.Unmarshal(b, &m.Value)
}

// Schema describes it.
func (maybe[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), false, "")
	s.Nullable = true
	return &s
}

// target reads the id in a path. What is no id leads nowhere, as one of what is
// not there does.
func target[I ~int64, P interface {
	*I
	UnmarshalText([]byte) error
}](s string) (I, error) {
	v, err := id.Read[I, P](s)
	if err != nil || v == 0 {
		return 0, problem.New(problem.NotFound, "There is nothing here.")
	}
	return v, nil
}

// named reads the id in a field or a query; "" is none.
func named[I ~int64, P interface {
	*I
	UnmarshalText([]byte) error
}](field, s string) (I, error) {
	if s == "" {
		return 0, nil
	}
	v, err := id.Read[I, P](s)
	if err != nil {
		return 0, problem.For(field, "This is not an id that belongs here.")
	}
	return v, nil
}

// namedAll reads a list of ids.
func namedAll[I ~int64, P interface {
	*I
	UnmarshalText([]byte) error
}](field string, list []string) ([]I, error) {
	var all []I
	for _, s := range list {
		v, err := named[I, P](field, s)
		if err != nil {
			return nil, err
		}
		if v == 0 {
			return nil, problem.For(field, "This is not an id that belongs here.")
		}
		all = append(all, v)
	}
	return all, nil
}

// one is the id in a path.
type one struct {
	ID string `path:"id"`
}

// Span is which part of a list is asked for. Like everything that is embedded in an
// input it is exported: huma looks at nothing else.
type Span struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many at most"`
	Cursor string `query:"cursor" maxLength:"500" doc:"Where the page before ended: its next"`
}

// page is a part of a list.
type page[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"The cursor of the next page; null at the end"`
}

// paged makes a page of what was found.
func paged[F, T any](list []F, next string, show func(F) T) page[T] {
	p := page[T]{Items: make([]T, len(list))}
	for i, v := range list {
		p.Items[i] = show(v)
	}
	if next != "" {
		p.Next = &next
	}
	return p
}

// cut makes a page of a list that was asked for with one item too many: what is
// behind it has the id of its last item as cursor.
func cut[F, T any](list []F, limit int, at func(F) string, show func(F) T) page[T] {
	if len(list) <= limit {
		return paged(list, "", show)
	}
	return paged(list[:limit], at(list[limit-1]), show)
}

// cursorID reads a cursor that is an id; "" is none.
func cursorID[I ~int64, P interface {
	*I
	UnmarshalText([]byte) error
}](s string) (I, error) {
	if s == "" {
		return 0, nil
	}
	v, err := id.Read[I, P](s)
	if err != nil || v == 0 {
		return 0, problem.For("cursor", "This page is not there. Begin with the first.")
	}
	return v, nil
}

// all is a whole list that needs no pages.
func all[F, T any](list []F, show func(F) T) page[T] { return paged(list, "", show) }
