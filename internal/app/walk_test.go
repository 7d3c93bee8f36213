package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/job"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
	"baraji/test/rig/house"
)

// TestWhoMaySeeWhat walks every page and action of the program as everybody, on what he may see, on what is
// another team's or another person's, and on what never was, and compares with what ways promises (T35). A route
// that ways does not know fails the test, and so does a promise without a route. Whatever is refused changes
// nothing, and no answer to somebody of one team holds a word of the other's.
func TestWhoMaySeeWhat(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		t.Parallel()
		w := newWalk(t, h)
		known := map[string]bool{}
		for _, r := range h.Routes {
			name := r.Method + " " + r.Path
			known[name] = true
			way, ok := ways[name]
			if !ok {
				t.Errorf("%s: nobody has said who may (internal/app/ways_test.go)", name)
				continue
			}
			if way.public != r.Public || way.right != r.Right {
				t.Errorf("%s asks for %q (public: %v); promised is %q (public: %v)", name, r.Right, r.Public, way.right, way.public)
			}
			w.route(r, way)
		}
		for name := range ways {
			if !known[name] {
				t.Errorf("%s is promised and not served", name)
			}
		}
		w.searches()
		w.inForms()
		dbtest.NoScans(t, h.DB, "SELECT COUNT(*) FROM contact_company", // how many there are at all
			"lower(address) = $1", "lower(envelope_from) = $1", "lower(answer) LIKE", "WHERE m.contact_id = $1 ORDER BY i.id", "SET answer = '' WHERE answer <> ''") // an erasure looks everywhere
		t.Logf("%d routes, %d people, %d requests", len(h.Routes), len(w.people), w.asked)
	})
}

// way is what is promised of one route.
type way struct {
	public bool
	right  team.Right   // to come in; "" is to be signed in
	also   []team.Right // to do it, beside that; who has not all of them is refused
	id     string       // which of the things the path is about, by its placeholder {id}, {name} or {number}
	few    bool         // not everybody with the right sees each of them
	his    bool         // each has his own, and reaches no other's
	with   []string     // what stands for the other placeholders: name, value, …
	query  string
	form   string // pairs, as in an address; {thing} stands for its id
	upload bool   // the form is a file
	status int    // when it is done; 0 is anything below 400
	masked int    // the same for those who see masked data, where that differs
	passes bool   // it ends a session or starts a long answer: walked by nobody who may
}

type walk struct {
	*house.House
	t       *testing.T
	people  []person
	owner   person
	mine    team.TeamID
	theirs  team.TeamID
	alone   team.ID // sees only his own
	other   *house.Visitor
	own     things // of the team mine, followed by alone
	foreign things
	made    int
	asked   int
	counts  string // a query for how many rows there are of everything
	was     string // what that said last, when nothing that may change something was done since
}

func newWalk(t *testing.T, h *house.House) *walk {
	job.Handle(h.Jobs, job.Kind{Tries: 1}, func(context.Context, *job.Run, brokenJob) error { return errors.New("broken") })
	w := &walk{House: h.Furnish(), t: t, counts: countAll(t, h.DB.Engine())}
	h.PostOffice()
	w.mine, w.theirs = w.team("Mine"), w.team("Theirs")
	w.other = h.As("other", team.Agent)
	w.hireAll()
	w.trains()
	w.own, w.foreign = w.whole(w.mine), w.whole(w.theirs)
	return w
}

// route is one route, walked by everybody.
func (w *walk) route(r desk.Route, o way) {
	name, unsafe := r.Method+" "+r.Path, r.Method != "GET"
	if unsafe {
		w.forged(r, o)
	}
	if o.public {
		w.open(r, o)
		return
	}
	w.was = ""
	for _, p := range w.people {
		token := ""
		if unsafe {
			token = p.Token()
		}
		before := ""
		if unsafe {
			if before = w.was; before == "" {
				before = w.state()
			}
			w.was = ""
		}
		unchanged := func(what string) {
			if unsafe {
				if w.was = w.state(); w.was != before {
					w.t.Errorf("%s by %s %s changed something:\n%s\n%s", name, p.name, what, before, w.was)
				}
			}
		}
		if p.lacks != "" && p.lacks != o.right && !slices.Contains(o.also, p.lacks) && !(o.few && p.lacks == team.ReadConversations) {
			continue // here he is one more administrator
		}
		if p.out {
			a := w.ask(p, r, o, w.own, token)
			if a.Status != 303 || !strings.HasPrefix(a.To, "/sign-in") {
				w.t.Errorf("%s by %s: %d, leads to %q", name, p.name, a.Status, a.To)
			}
			unchanged("who is not signed in")
			continue
		}
		if !p.can(o.right) {
			all := []string{said(w.ask(p, r, o, w.own, token)), said(w.ask(p, r, o, w.foreign, token)), said(w.ask(p, r, o, w.own.absent(), token))}
			if !strings.HasPrefix(all[0], "403 ") || all[1] != all[0] || all[2] != all[0] {
				w.t.Errorf("%s by %s, who has no right to it: %.300q", name, p.name, all)
			}
			unchanged("who has no right to it")
			continue
		}
		w.allowed(r, o, p, token, unchanged)
	}
}

// allowed is one route, walked by somebody who may come in.
func (w *walk) allowed(r desk.Route, o way, p person, token string, unchanged func(string)) {
	name := r.Method + " " + r.Path
	if o.id != "" {
		gone := w.ask(p, r, o, w.own.absent(), token)
		if gone.Status != 404 && (gone.Status != 403 || p.can(o.also...)) {
			w.t.Errorf("%s by %s on what never was: %.300s", name, p.name, said(gone))
		}
		if o.his || o.few && (p.narrow || p.masked) {
			a := w.ask(p, r, o, w.foreign, token)
			if said(a) != said(gone) {
				w.t.Errorf("%s by %s on another's: %.300q; on what never was: %.300q", name, p.name, said(a), said(gone))
			}
			w.keeps(name, p, a)
		}
		unchanged("on what is not his")
	}
	if o.passes {
		return
	}
	w.was = ""
	on := w.own
	if r.Method != "GET" {
		on = w.fresh(o.id, p)
		if o.id == "session" {
			token = p.Token()
		}
	}
	a, want := w.ask(p, r, o, on, token), o.status
	switch {
	case !p.can(o.also...):
		want = 403
	case o.few && !p.can(team.ReadConversations):
		want = 404
	case p.masked && o.masked != 0:
		want = o.masked
	}
	if want != 0 && a.Status != want || want == 0 && a.Status >= 400 {
		w.t.Errorf("%s by %s on his own: %.300s; want %d", name, p.name, said(a), want)
	}
	w.keeps(name, p, a)
}

// keeps fails the test if an answer to somebody who sees little holds a word of another team's.
func (w *walk) keeps(what string, p person, a house.Answer) {
	w.t.Helper()
	if p.narrow || p.out || p.name == team.Partner {
		if i := strings.Index(a.Body, secret(w.theirs)); i >= 0 {
			w.t.Errorf("%s tells %s what is another team's: %s", what, p.name, a.Body[max(0, i-200):i+30])
		}
	}
}

// forged is a form that comes from another site, or without or with another's token.
func (w *walk) forged(r desk.Route, o way) {
	before, mina := w.state(), person{Visitor: w.Mina}
	tries := map[string]house.Answer{
		"from another site":   w.ask(w.owner, r, o, w.own, w.owner.Token(), "Sec-Fetch-Site", "cross-site"),
		"from another origin": w.ask(w.owner, r, o, w.own, w.owner.Token(), "Origin", "https://evil.example"),
	}
	if !ui.Sessionless(r.Path) { // behind those stands no session, so they have no token: ui.CSRF
		tries["without a token"] = w.ask(w.owner, r, o, w.own, "")
		tries["with another's token"] = w.ask(w.owner, r, o, w.own, mina.Token())
	}
	for what, a := range tries {
		if a.Status != 403 {
			w.t.Errorf("%s %s %s: %.200s", r.Method, r.Path, what, said(a))
		}
	}
	if after := w.state(); after != before {
		w.t.Errorf("%s %s, forged, changed something:\n%s\n%s", r.Method, r.Path, before, after)
	}
}

// open is a page for everybody: it answers strangers, and tells nothing.
func (w *walk) open(r desk.Route, o way) {
	for _, p := range w.people[:3] {
		if o.passes && !p.out {
			continue
		}
		token := ""
		if r.Method != "GET" {
			token = p.Token()
		}
		a := w.ask(p, r, o, w.own, token)
		if o.status != 0 && a.Status != o.status || a.Status >= 500 {
			w.t.Errorf("%s %s by %s: %.200s", r.Method, r.Path, p.name, said(a))
		}
		w.keeps(r.Path, p, a)
	}
}
