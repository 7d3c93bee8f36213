package signin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/live"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
	"baraji/internal/web"
	"baraji/internal/web/desk"
)

const password = "moonlight lamp"

// hashed is everybody's password, made once: it takes a while.
var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword(password)
	if err != nil {
		panic(err)
	}
	return h
})

// house is a desk with all its pages behind a real server.
type house struct {
	*dbtest.Desk
	t      testing.TB
	URL    string
	door   *team.Door
	jobs   *job.Runner
	mails  chan team.Mail
	routes []desk.Route
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) { fn(t, newHouse(t, d)) })
}

func newHouse(t testing.TB, d *dbtest.Desk) *house {
	t.Helper()
	keys, err := secret.New([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	db.Attach(d.DB, keys)
	files, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	quiet := slog.New(slog.DiscardHandler)
	h := &house{Desk: d, t: t, jobs: job.NewRunner(d.DB, quiet), mails: make(chan team.Mail, 10)}
	job.Handle(h.jobs, job.Kind{}, func(context.Context, *job.Run, conversation.Wake) error { return nil })
	out := dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	mail := email.New(email.Parts{DB: d.DB, Log: quiet, Keys: keys, Blobs: files, Dial: out, Jobs: h.jobs})
	contact.Use(d.DB, mail.Part(), conversation.Part())
	h.door = team.NewDoor(d.DB, keys, h.jobs, quiet, func(_ context.Context, m team.Mail) error { h.mails <- m; return nil })
	pages, routes := web.New(&desk.Desk{DB: d.DB, Log: quiet, Keys: keys, Blobs: files, Dial: out, Jobs: h.jobs, Events: event.NewLog(d.DB, h.jobs),
		Hub: live.New(d.DB, nil), Mail: mail, Door: h.door, Counts: conversation.NewCounter(d.DB)})
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	h.URL, h.routes = server.URL, routes
	return h
}

func (h *house) system() context.Context { return team.AsSystem(h.t.Context()) }

func (h *house) must(fn func(*db.Tx) error) {
	h.t.Helper()
	if err := h.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// person makes somebody with a role.
func (h *house) person(name, role string) (id team.ID) {
	h.t.Helper()
	h.must(func(tx *db.Tx) (err error) {
		id, err = team.MakePerson(h.system(), tx, name+"@shop.example", name, role, hashed())
		return err
	})
	return id
}

// browser is one visitor with his cookies. It follows no redirect.
type browser struct {
	*http.Client
	h    *house
	lang string
}

func (h *house) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h, "en"}
}

// as is a browser in which somebody with a role has signed in.
func (h *house) as(name, role string) *browser {
	h.t.Helper()
	h.person(name, role)
	b := h.browser()
	if a := b.post("/sign-in", "email", name+"@shop.example", "password", password); a.status != http.StatusSeeOther {
		h.t.Fatalf("sign in as %s: %d\n%s", name, a.status, a.body)
	}
	return b
}

// answer is what came back.
type answer struct {
	status int
	body   string
	to     string // of a redirect
	header http.Header
}

func (b *browser) do(method, path string, form url.Values) answer {
	b.h.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.URL+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.lang)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{resp.StatusCode, string(text), resp.Header.Get("Location"), resp.Header}
}

func (b *browser) get(path string) answer { b.h.t.Helper(); return b.do("GET", path, nil) }

var token = regexp.MustCompile(`<meta name="csrf" content="([^"]+)"`)

// post sends a form with the token that any page of this browser carries.
func (b *browser) post(path string, pairs ...string) answer {
	b.h.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	page := b.get("/about-nothing") // even the page of what is not there carries one
	m := token.FindStringSubmatch(page.body)
	if m == nil {
		b.h.t.Fatalf("no token in %s", page.body)
	}
	form.Set("_csrf", m[1])
	return b.do("POST", path, form)
}

// has fails unless the page holds each of these.
func (a answer) has(t testing.TB, status int, words ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d (to %q)\n%s", a.status, status, a.to, a.body)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("the page has no %q\n%s", w, a.body)
		}
	}
}
