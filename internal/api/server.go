package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

type server struct {
	Parts
	mux   *http.ServeMux
	known map[string]*operation // by the mux's pattern
	spec  []byte                // the description
	page  []byte                // the same for people
}

// call is one request on its way.
type call struct {
	op    *operation
	tx    *db.Tx // of a GET: everything is read at one moment
	token team.Token
	from  string // network address of who asks
	began time.Time
	path  string // with its query
	key   string // of idempotency; "" is none
	body  []byte

	stream func(http.ResponseWriter, *http.Request) // writes the answer when the transaction is over
	then   func(context.Context) error              // is done when the transaction of a GET is over
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// ServeHTTP answers a request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	ctx := i18n.With(r.Context(), i18n.Reader{Locale: i18n.Match(r.Header.Get("Accept-Language")), Now: s.DB.Now()})
	r = r.WithContext(ctx)
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v)
			}
			s.refuse(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	_, pattern := s.mux.Handler(r)
	op := s.known[pattern]
	c := &call{op: op, from: from(r), began: s.Clock(), path: r.URL.RequestURI()}
	r = r.WithContext(context.WithValue(ctx, callKey{}, c))
	switch {
	case op != nil && op.public:
		s.mux.ServeHTTP(w, r)
	case op != nil && op.reads:
		s.read(w, r, c)
	default:
		s.write(w, r, c)
	}
}

// secure sets what every answer has: it is for programs, not for browsers, and
// nobody in between may keep it.
func secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// read answers a GET in one read transaction, and writes when it is over.
func (s *server) read(w http.ResponseWriter, r *http.Request, c *call) {
	var out kept
	err := s.DB.Read(r.Context(), func(tx *db.Tx) error {
		ctx, err := s.recognise(r, tx, c)
		if err != nil {
			return err
		}
		if err := plain(r); err != nil {
			return err
		}
		out, c.tx, c.stream, c.then = kept{header: http.Header{}}, tx, nil, nil
		s.mux.ServeHTTP(&out, r.WithContext(ctx))
		return nil
	})
	c.tx = nil
	if err == nil && c.then != nil {
		err = c.then(r.Context())
	}
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case c.stream != nil:
		c.stream(w, r)
	default:
		out.copyTo(w)
	}
}

// write answers everything else: the handler opens the transaction itself.
func (s *server) write(w http.ResponseWriter, r *http.Request, c *call) {
	ctx := r.Context()
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		ctx, err = s.recognise(r, tx, c)
		return err
	})
	if err == nil {
		err = plain(r)
	}
	if err == nil && c.op == nil {
		s.unknown(w, r)
		return
	}
	if err == nil {
		err = c.take(w, r)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.mux.ServeHTTP(w, r.WithContext(ctx))
}

// recognise finds out who asks, and counts the request.
func (s *server) recognise(r *http.Request, tx *db.Tx, c *call) (context.Context, error) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return nil, errNoToken
	}
	actor, token, err := s.Door.AuthenticateToken(r.Context(), tx, strings.TrimSpace(text), c.from)
	if errors.Is(err, team.ErrSignedOut) {
		return nil, errBadToken
	}
	if err != nil {
		return nil, err
	}
	c.token = token
	return team.With(r.Context(), actor), s.Door.Spend(token, tx.Now())
}

var (
	errNoToken  = errors.New("no token")
	errBadToken = errors.New("a token that opens nothing")
)

// plain refuses text that no database keeps: NUL, and what is not UTF-8.
func plain(r *http.Request) error {
	bad := func(s string) bool { return strings.ContainsRune(s, 0) || !utf8.ValidString(s) }
	if bad(r.URL.Path) {
		return problem.New(problem.NotFound, "There is nothing here.")
	}
	if r.URL.RawQuery == "" {
		return nil
	}
	for name, values := range r.URL.Query() {
		for _, v := range append(values, name) {
			if bad(v) {
				return problem.New(problem.Invalid, "Send text in UTF-8, without the character NUL.")
			}
		}
	}
	return nil
}

// maxKey is how long an Idempotency-Key may be.
const maxKey = 200

// take reads the key and the body of a request that changes something.
func (c *call) take(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodPost {
		c.key = r.Header.Get("Idempotency-Key")
	}
	for _, b := range []byte(c.key) {
		if b < ' ' || b > '~' || len(c.key) > maxKey {
			return problem.For("Idempotency-Key", "An Idempotency-Key is 1 to %d visible ASCII characters.", maxKey)
		}
	}
	if c.op.raw {
		return nil
	}
	limit := c.op.limit
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return large(limit)
	}
	if err != nil {
		return problem.New(problem.Invalid, "The body broke off.")
	}
	c.body = body
	r.Body = io.NopCloser(bytes.NewReader(body))
	if holdsNUL(body) {
		return problem.New(problem.Invalid, "Send text in UTF-8, without the character NUL.")
	}
	return nil
}

// holdsNUL says whether a string of a JSON text holds NUL.
func holdsNUL(body []byte) bool {
	if !bytes.Contains(body, []byte(`\u0000`)) {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	for {
		t, err := d.Token()
		if err != nil {
			return false // at the end, or not JSON: that is told by whoever reads it
		}
		if s, ok := t.(string); ok && strings.ContainsRune(s, 0) {
			return true
		}
	}
}

// kept is an answer that has not left yet.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header { return k.header }

func (k *kept) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
	}
}

func (k *kept) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

func (k *kept) copyTo(w http.ResponseWriter) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	if k.status == 0 {
		k.status = http.StatusOK
	}
	w.WriteHeader(k.status)
	w.Write(k.body.Bytes()) // the reader may be gone
}

// from is the address that a request comes from. A forwarding header is believed
// only from this machine: a proxy of ours.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return host
	}
	hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	if last := strings.TrimSpace(hops[len(hops)-1]); net.ParseIP(last) != nil {
		return last
	}
	return host
}

// unknown answers what no operation is for: with 405 where the path has others.
func (s *server) unknown(w http.ResponseWriter, r *http.Request) {
	probe := kept{header: http.Header{}}
	s.mux.ServeHTTP(&probe, r)
	allow := probe.header.Get("Allow")
	if probe.status != http.StatusMethodNotAllowed || allow == "" {
		s.refuse(w, r, problem.New(problem.NotFound, "There is nothing here."))
		return
	}
	w.Header().Set("Allow", allow)
	s.send(w, s.answerOf(r, refusal{status: http.StatusMethodNotAllowed, kind: "method", format: "This cannot be done here: only %s.", args: []any{allow}}))
}
