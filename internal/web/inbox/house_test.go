package inbox_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	pages "baraji/internal/web/inbox"
	"baraji/internal/web/ui"
)

// shop is a desk with the pages of customers, and people who are signed in.
type shop struct {
	*dbtest.Desk
	t     testing.TB
	URL   string
	inbox inbox.Inbox
	mina  *visitor // may do everything
	door  *team.Door

	handler http.Handler
}

// visitor is one browser.
type visitor struct {
	*shop
	ID     team.ID
	email  string
	Cookie string
	lang   string
}

const password = "moonlight lamp"

var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword(password)
	if err != nil {
		panic(err)
	}
	return h
})

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) { fn(t, newShop(t, d)) })
}

func newShop(t testing.TB, d *dbtest.Desk) *shop {
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
	jobs := job.NewRunner(d.DB, quiet)
	job.Handle(jobs, job.Kind{}, func(context.Context, *job.Run, conversation.Wake) error { return nil })
	out := dial.New(dial.Options{Now: time.Now})
	mail := email.New(email.Parts{DB: d.DB, Log: quiet, Keys: keys, Blobs: files, Dial: out, Jobs: jobs})
	talks := conversation.Part()
	talks.Line = conversation.Line
	contact.Use(d.DB, mail.Part(), talks)
	parts := &desk.Desk{DB: d.DB, Log: quiet, Keys: keys, Blobs: files, Dial: out, Jobs: jobs, Events: event.NewLog(d.DB, jobs), Mail: mail,
		Door:   team.NewDoor(d.DB, keys, jobs, quiet, func(context.Context, team.Mail) error { return nil }),
		Counts: conversation.NewCounter(d.DB)}
	mux := http.NewServeMux()
	pages.Routes(desk.NewRoutes(parts, mux))
	all := http.NewServeMux()
	all.Handle("/static/", ui.Assets())
	all.HandleFunc("GET /enter", func(w http.ResponseWriter, r *http.Request) { desk.SetCookie(w, r, r.FormValue("as"), false) })
	all.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	all.Handle("/", ui.Secure(ui.Compress(parts.Recognise(ui.CSRF(mux)))))
	server := httptest.NewServer(all)
	t.Cleanup(server.Close)

	s := &shop{Desk: d, t: t, URL: server.URL, door: parts.Door, handler: all}
	s.must(func(tx *db.Tx) (err error) {
		ctx := s.system()
		if err = team.ChangeFirm(ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		s.inbox, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "도움", Channel: "email", Address: "help@moonlight.example"})
		return err
	})
	s.mina = s.visitor("한서윤", team.Owner)
	return s
}

func (s *shop) system() context.Context { return team.AsSystem(s.t.Context()) }

func (s *shop) must(fn func(*db.Tx) error) {
	s.t.Helper()
	if err := s.Write(s.t.Context(), fn); err != nil {
		s.t.Fatal(err)
	}
}

// visitor makes somebody with a role, and signs him in.
func (s *shop) visitor(name, role string) *visitor {
	s.t.Helper()
	v := &visitor{shop: s, lang: "en", email: fmt.Sprintf("%x@moonlight.example", name)}
	s.must(func(tx *db.Tx) (err error) {
		v.ID, err = team.MakePerson(s.system(), tx, v.email, name, role, hashed())
		return err
	})
	v.signIn()
	return v
}

// signIn begins a session, at first and after a long time.
func (v *visitor) signIn() {
	v.t.Helper()
	in, err := v.door.SignIn(v.t.Context(), team.Attempt{Email: v.email, Password: password, From: "203.0.113.7"})
	if err != nil {
		v.t.Fatal(err)
	}
	v.Cookie = in.Token
}

// as is a context in which the visitor acts.
func (v *visitor) as(tx *db.Tx) context.Context {
	v.t.Helper()
	a, err := team.ActorOf(v.t.Context(), tx, v.ID)
	if err != nil {
		v.t.Fatal(err)
	}
	return team.With(v.t.Context(), a)
}

// do does something as the visitor.
func (v *visitor) do(fn func(context.Context, *db.Tx) error) {
	v.t.Helper()
	v.must(func(tx *db.Tx) error { return fn(v.as(tx), tx) })
}

// answer is what the server says.
type answer struct {
	t      testing.TB
	Status int
	Body   string
	Header http.Header
}

var plain = http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (v *visitor) send(method, path string, form url.Values, headers ...string) answer {
	v.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.URL+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "baraji", Value: v.Cookie})
	r.Header.Set("Accept-Language", v.lang)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := plain.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{v.t, resp.StatusCode, string(b), resp.Header}
}

func (v *visitor) get(path string, headers ...string) answer {
	v.t.Helper()
	return v.send("GET", path, nil, headers...)
}

var csrfMeta = regexp.MustCompile(`<meta name="csrf" content="([^"]*)"`)

// post sends a form with the token of a page; htmx says that a fragment is wanted.
func (v *visitor) post(path string, form url.Values, htmx bool) answer {
	v.t.Helper()
	token := csrfMeta.FindStringSubmatch(v.get("/inbox").Body)
	if token == nil {
		v.t.Fatal("the page has no token")
	}
	headers := []string{"X-CSRF-Token", token[1]}
	if htmx {
		headers = append(headers, "HX-Request", "true")
	}
	if form == nil {
		form = url.Values{}
	}
	return v.send("POST", path, form, headers...)
}

// is fails the test unless the status is this.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, a.words())
	}
	return a
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// words is the text of the page.
func (a answer) words() string {
	text := tags.ReplaceAllString(a.Body, " ")
	text = strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&quot;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", "\u00a0", " ").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

// says fails the test unless the page holds each text.
func (a answer) says(texts ...string) answer {
	a.t.Helper()
	words := a.words()
	for _, text := range texts {
		if !strings.Contains(words, text) && !strings.Contains(a.Body, text) {
			a.t.Fatalf("the page does not say %q: %s", text, words)
		}
	}
	return a
}

// hides fails the test if the page holds one of the texts.
func (a answer) hides(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) {
			a.t.Fatalf("the page says %q: %s", text, a.words())
		}
	}
	return a
}

// leads fails the test unless the answer leads to a page.
func (a answer) leads(to string) answer {
	a.t.Helper()
	where := a.Header.Get("Location") + a.Header.Get("HX-Redirect")
	if where != to {
		a.t.Fatalf("leads to %q (%d), want %q: %s", where, a.Status, to, a.words())
	}
	return a
}
