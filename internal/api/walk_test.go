package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// step is one operation of the description.
type step struct {
	Method, Path string
	Summary      string `json:"summary"`
	OperationID  string `json:"operationId"`
	Parameters   []struct {
		Name string `json:"name"`
		In   string `json:"in"`
	} `json:"parameters"`
	Responses map[string]json.RawMessage `json:"responses"`
	known     *operation
}

func (s step) String() string { return s.Method + " " + s.Path }

// walk lists every operation of the description, in order.
func (w *world) walk() (all []step) {
	var spec struct{ Paths map[string]map[string]step }
	if err := json.Unmarshal(w.call("", "GET", "/openapi.json", nil).Body.Bytes(), &spec); err != nil {
		w.t.Fatal(err)
	}
	for path, methods := range spec.Paths {
		for method, s := range methods {
			s.Method, s.Path = strings.ToUpper(method), path
			s.known = w.server.known[s.String()]
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b step) int { return strings.Compare(a.String(), b.String()) })
	return all
}

func TestEveryRouteIsDescribedAndTheOtherWayRound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		described := map[string]bool{}
		for _, s := range w.walk() {
			described[s.String()] = true
			if s.known == nil {
				t.Errorf("%s is described and the server does not know it", s)
			}
			if s.Summary == "" || s.OperationID == "" || s.Responses["default"] == nil && !s.known.public {
				t.Errorf("%s is described poorly", s)
			}
			r, _ := http.NewRequest(s.Method, example(s.Path, nil), nil)
			if _, pattern := w.server.mux.Handler(r); pattern != s.String() {
				t.Errorf("%s is served by %q", s, pattern)
			}
		}
		for pattern := range w.server.known {
			if !described[pattern] {
				t.Errorf("%s is served and not described", pattern)
			}
		}
		for _, later := range []string{"/leads", "/reports"} {
			w.call(w.admin, "GET", later, nil).want(404)
		}
	})
}

// example fills in the parameters of a path.
func example(path string, values map[string]string) string {
	var out []string
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") {
			name := strings.Trim(part, "{}")
			if v, ok := values[name]; ok {
				part = url.PathEscape(v)
			} else {
				part = "x"
			}
		}
		out = append(out, part)
	}
	return strings.Join(out, "/")
}

// nested says that an operation is about one thing.
func (s step) nested() bool { return strings.Contains(s.Path, "{") }

// lookersFirst puts in front what changes nothing: all of that can look at the same things.
func lookersFirst(steps []step) []step {
	changes := func(s step) bool { return s.Method != "GET" }
	looks := slices.DeleteFunc(slices.Clone(steps), changes)
	return append(looks, slices.DeleteFunc(steps, func(s step) bool { return !changes(s) })...)
}

// TestWhoMayWhat walks every operation as everybody: without a token, with that of
// each role, and as an agent of another team; on what is his, another's, and what
// never was (T35).
func TestWhoMayWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		mine := w.named("Mine")
		stranger := w.person("stranger@shop.example", team.Agent, team.SeeTeams, mine)
		tokens := map[string]string{}
		for _, r := range team.BuiltIn() {
			if r.Name != team.Owner { // a token of its own cannot be one
				tokens[r.Name] = w.token(r.Name)
			}
		}
		steps := lookersFirst(w.walk())
		var own, strange things // what was changed, or stood in what changed something, is furnished anew
		hidden := map[string]bool{"conversations": true, "messages": true, "attachments": true, "promises": true, "flow-paths": true}
		for i, s := range steps {
			if s.known.public {
				continue
			}
			if own == nil {
				own = w.furnished(w.named(fmt.Sprint("F", i)))
			}
			if strange == nil {
				strange = w.furnished(w.named(fmt.Sprint("O", i)))
			}
			gone, bodies := own.absent(), goodBodies(strange)
			if r := w.call("", s.Method, own.path(s)+s.query(), s.body(bodies)); r.Code != 401 {
				t.Errorf("%s by nobody: %d %s", s, r.Code, r.Body)
			}
			kind := section(strings.TrimPrefix(s.Path, prefix))
			if s.nested() && hidden[kind] {
				r := w.call(stranger, s.Method, strange.path(s)+s.query(), s.body(bodies))
				g := w.call(stranger, s.Method, gone.path(s)+s.query(), s.body(bodies))
				if r.Code != g.Code || r.Code != 404 && r.Code != 403 || r.Code == 404 && told(r) != told(g) {
					t.Errorf("%s on another team's: %d %s; on what never was: %d %s", s, r.Code, r.Body, g.Code, g.Body)
				}
			}
			allowed := func() {
				r := w.call(w.admin, s.Method, own.path(s)+s.query(), s.body(bodies))
				if r.Code >= 300 && !lacks[s.Method+" "+strings.TrimPrefix(s.Path, prefix)] {
					t.Errorf("%s by the administrator: %d %s", s, r.Code, r.Body)
				}
				if r.Code >= 500 {
					t.Errorf("%s: %d %s\n%s", s, r.Code, r.Body, w.logged)
				}
			}
			if !s.nested() { // makes one: whoever may comes first, for there is only one of some
				allowed()
			}
			for _, role := range slices.Sorted(maps.Keys(tokens)) {
				g := w.call(tokens[role], s.Method, gone.path(s)+s.query(), s.body(bodies))
				if s.nested() && g.Code != 404 && g.Code != 403 {
					t.Errorf("%s by %s on what never was: %d %s", s, role, g.Code, g.Body)
				}
				if g.Code == 404 || !s.nested() || role == team.Admin {
					continue
				}
				if r := w.call(tokens[role], s.Method, own.path(s)+s.query(), s.body(bodies)); r.Code != g.Code {
					t.Errorf("%s by %s: %d on what is there, %d on what never was: %s", s, role, r.Code, g.Code, r.Body)
				}
			}
			if s.nested() { // whoever may comes last: what the others were refused is as it was
				allowed()
			}
			if s.Method != "GET" {
				own = nil
				if strange.isIn(s.body(bodies)) {
					strange = nil
				}
			}
		}
	})
}

// isIn says whether something of it stands in a body.
func (t things) isIn(body any) bool {
	b, _ := json.Marshal(body)
	for _, ids := range t {
		for _, id := range ids {
			if id != "" && bytes.Contains(b, []byte(id)) {
				return true
			}
		}
	}
	return false
}

// lacks is what the furnished world has not got: mail, failed jobs, merges to undo, paths that ask or are stuck, campaigns that go out.
var lacks = map[string]bool{"GET /messages/{id}/source": true, "POST /messages/{id}/unsend": true, "POST /messages/{id}/resend": true,
	"GET /quarantine/{id}": true, "GET /quarantine/{id}/source": true, "POST /quarantine/{id}/retry": true,
	"DELETE /quarantine/{id}": true, "POST /jobs/{id}/retry": true, "DELETE /jobs/{id}": true, "POST /conversations/{id}/undo": true,
	"POST /swaps/{id}/undo": true, "POST /swaps": true, "POST /contacts/{id}/undo": true, "POST /companies/{id}/undo": true, "POST /conversations/{id}/split": true, "POST /people/{id}/invite": true,
	"POST /flow-paths/{id}/retry": true, "POST /flow-paths/{id}/decide": true,
	"POST /campaigns/{id}/pause": true, "POST /campaigns/{id}/resume": true, "POST /campaigns/{id}/stop": true}

// told is what a refusal says.
func told(r reply) string {
	var p Problem
	json.Unmarshal(r.Body.Bytes(), &p)
	return p.Type + " " + p.Title
}

func (w *world) named(name string) (id team.TeamID) {
	w.do(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = team.MakeTeam(ctx, tx, name, "")
		return err
	})
	return id
}

// hashed is made once: it takes its time.
var hashed = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("a long enough password 1") })

func password(t testing.TB) team.Hashed {
	h, err := hashed()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// person makes somebody who works here, and a token of his.
func (w *world) person(address, role string, see team.See, of team.TeamID) (text string) {
	w.t.Helper()
	w.do(func(ctx context.Context, tx *db.Tx) error {
		p, err := team.MakePerson(ctx, tx, address, "Somebody", role, password(w.t))
		if err != nil {
			return err
		}
		if err := team.Show(ctx, tx, p, see); err != nil {
			return err
		}
		if err := team.SetTeams(ctx, tx, p, []team.TeamID{of}); err != nil {
			return err
		}
		text, _, err = team.NewToken(ctx, tx, team.Token{Name: "his", Person: p})
		return err
	})
	return text
}
