package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"baraji/internal/kit/db"
)

// routes is where resources add their operations.
type routes struct {
	*server
	api     huma.API
	problem *huma.Schema
}

// operation is what the server must know of one before it runs.
type operation struct {
	public bool  // needs no token
	reads  bool  // runs in one read transaction, which the server opens
	raw    bool  // reads its body itself
	secret bool  // its answer holds a secret: it is kept sealed
	limit  int64 // bytes of the body
	status int   // when it is done
}

// usual is how long a body may be.
const usual = 256 << 10

// none is the answer that says nothing: 204.
type none struct{}

// option changes an operation beside what its verb says.
type option func(*huma.Operation, *operation)

// status sets what is answered when it is done.
func status(code int) option { return func(_ *huma.Operation, o *operation) { o.status = code } }

// body sets how long the body may be.
func body(limit int64) option { return func(_ *huma.Operation, o *operation) { o.limit = limit } }

// secretive makes that the answer, which holds a secret, is kept sealed.
func secretive(_ *huma.Operation, o *operation) { o.secret = true }

// about describes more than the summary does.
func about(text string) option { return func(h *huma.Operation, _ *operation) { h.Description = text } }

// action is what an operation does, in a transaction.
type action[I, O any] func(ctx context.Context, tx *db.Tx, in *I) (O, error)

// get adds an operation that reads.
func get[I, O any](rt *routes, path, summary string, fn action[I, O], more ...option) {
	h, o := rt.operation(http.MethodGet, path, summary, more)
	o.reads = true
	describe[O](rt, h, o)
	huma.Register(rt.api, *h, func(ctx context.Context, in *I) (*output, error) {
		c := callOf(ctx)
		v, err := fn(ctx, c.tx, in)
		if err != nil {
			return rt.output(rt.problemOf(ctx, h.Method, c.path, err)), nil
		}
		a, err := answered(o.status, v)
		if err != nil {
			a = rt.problemOf(ctx, h.Method, c.path, err)
		}
		return rt.output(a), nil
	})
}

// ask adds an operation that reads, in transactions of its own.
func ask[O any](rt *routes, path, summary string, fn func(context.Context) (O, error), more ...option) {
	h, o := rt.operation(http.MethodGet, path, summary, more)
	describe[O](rt, h, o)
	huma.Register(rt.api, *h, func(ctx context.Context, _ *struct{}) (*output, error) {
		v, err := fn(ctx)
		if err != nil {
			return rt.output(rt.problemOf(ctx, h.Method, callOf(ctx).path, err)), nil
		}
		a, err := answered(o.status, v)
		if err != nil {
			a = rt.problemOf(ctx, h.Method, callOf(ctx).path, err)
		}
		return rt.output(a), nil
	})
}

// change adds an operation that writes: fn and the answer that is kept for the
// Idempotency-Key are one transaction.
func change[I, O any](rt *routes, method, path, summary string, fn action[I, O], more ...option) {
	h, o := rt.operation(method, path, summary, more)
	if method == http.MethodPost {
		keyed(h)
	}
	describe[O](rt, h, o)
	huma.Register(rt.api, *h, func(ctx context.Context, in *I) (*output, error) {
		return rt.output(rt.once(ctx, h.Method, h.Method+" "+h.Path, o, func(ctx context.Context, tx *db.Tx) (any, error) { return fn(ctx, tx, in) })), nil
	})
}

func post[I, O any](rt *routes, path, summary string, fn action[I, O], more ...option) {
	change(rt, http.MethodPost, path, summary, fn, more...)
}

func patch[I, O any](rt *routes, path, summary string, fn action[I, O], more ...option) {
	change(rt, http.MethodPatch, path, summary, fn, more...)
}

func put[I, O any](rt *routes, path, summary string, fn action[I, O], more ...option) {
	change(rt, http.MethodPut, path, summary, fn, more...)
}

// remove adds a DELETE, which answers 204.
func remove[I any](rt *routes, path, summary string, fn func(context.Context, *db.Tx, *I) error, more ...option) {
	change(rt, http.MethodDelete, path, summary, func(ctx context.Context, tx *db.Tx, in *I) (none, error) { return none{}, fn(ctx, tx, in) }, more...)
}

// prefix is where all of it stands.
const prefix = "/api/v1"

func (rt *routes) operation(method, path, summary string, more []option) (*huma.Operation, *operation) {
	h := &huma.Operation{Method: method, Path: prefix + path, Summary: summary, OperationID: operationID(method, path),
		Tags: []string{section(path)}, Responses: map[string]*huma.Response{}}
	o := &operation{limit: usual, status: http.StatusOK}
	for _, m := range more {
		m(h, o)
	}
	h.MaxBodyBytes = o.limit + 1
	rt.known[method+" "+h.Path] = o
	return h, o
}

// describe says what is answered.
func describe[O any](rt *routes, h *huma.Operation, o *operation) {
	t := reflect.TypeFor[O]()
	r := &huma.Response{Description: http.StatusText(o.status)}
	if t == reflect.TypeFor[none]() {
		o.status, r.Description = http.StatusNoContent, "Done"
	} else if len(h.Responses) == 0 {
		schema := rt.api.OpenAPI().Components.Schemas.Schema(t, true, h.OperationID+"Answer")
		r.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
	}
	h.DefaultStatus = o.status
	if len(h.Responses) == 0 {
		h.Responses[strconv.Itoa(o.status)] = r
	}
	refused := &huma.Response{Description: "What was wrong", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: rt.problem}}}
	h.Responses["default"] = refused
}

// operationID is a name that does not change: get-conversations-id-messages.
func operationID(method, path string) string {
	return strings.ToLower(method) + strings.NewReplacer("/", "-", "{", "", "}", "", "_", "-", ".", "-").Replace(path)
}

// section is the resource that an operation belongs to.
func section(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return name
}

// schemaName names a type in the description, as programs made from it will.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	return strings.TrimSuffix(name, "JSON")
}

// around adds a POST whose work is outside of any transaction, such as on the
// network. It changes nothing, so of several at once each may do it; the answer of
// the first that is done is kept for its Idempotency-Key.
func around[I, O any](rt *routes, path, summary string, fn func(context.Context, *I) (O, error), more ...option) {
	h, o := rt.operation(http.MethodPost, path, summary, more)
	keyed(h)
	describe[O](rt, h, o)
	huma.Register(rt.api, *h, func(ctx context.Context, in *I) (*output, error) {
		v, err := fn(ctx, in)
		if err != nil {
			return rt.output(rt.problemOf(ctx, h.Method, callOf(ctx).path, err)), nil
		}
		return rt.output(rt.once(ctx, h.Method, h.Method+" "+h.Path, o, func(context.Context, *db.Tx) (any, error) { return v, nil })), nil
	})
}

// keyed describes the Idempotency-Key.
func keyed(h *huma.Operation) {
	most := maxKey
	h.Parameters = append(h.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header",
		Description: "Does it once however often it is sent", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &most}})
}
