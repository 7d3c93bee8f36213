package house

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Visitor is somebody with a browser of his own. It keeps cookies and follows no redirect.
type Visitor struct {
	*House
	ID   team.ID // 0 for a stranger
	Lang string  // what the browser asks for; "en" at first

	address, password string
	http              *http.Client
}

// Stranger is a visitor whom nobody knows yet.
func (h *House) Stranger() *Visitor {
	jar, _ := cookiejar.New(nil) // it never fails
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Visitor{House: h, Lang: "en", http: client}
}

// As makes somebody with a role, and signs him in.
func (h *House) As(name, role string) *Visitor {
	h.t.Helper()
	v := h.Stranger()
	v.ID, v.address, v.password = h.Hire(name, role), Address(name), Password
	v.SignIn()
	return v
}

// Enter signs somebody in who works here already.
func (h *House) Enter(address, password string) *Visitor {
	h.t.Helper()
	v := h.Stranger()
	v.address, v.password = address, password
	v.SignIn()
	h.Must(func(tx *db.Tx) error {
		a, _, err := h.Door.Authenticate(h.t.Context(), tx, v.Session())
		v.ID = a.Person
		return err
	})
	return v
}

// SignIn begins a session, at first and after a long time.
func (v *Visitor) SignIn() {
	v.t.Helper()
	in, err := v.Door.SignIn(v.t.Context(), team.Attempt{Email: v.address, Password: v.password, From: "203.0.113.7"})
	if err != nil {
		v.t.Fatal(err)
	}
	v.http.Jar.SetCookies(v.site(), []*http.Cookie{{Name: "baraji", Value: in.Token, Path: "/"}})
}

func (v *Visitor) site() *url.URL {
	u, err := url.Parse(v.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	return u
}

// Session is the token of the visitor's session, "" without one.
func (v *Visitor) Session() string {
	for _, c := range v.http.Jar.Cookies(v.site()) {
		if c.Name == "baraji" {
			return c.Value
		}
	}
	return ""
}

// Acting is a context in which the visitor acts.
func (v *Visitor) Acting(tx *db.Tx) context.Context {
	v.t.Helper()
	a, err := team.ActorOf(v.t.Context(), tx, v.ID)
	if err != nil {
		v.t.Fatal(err)
	}
	return team.With(v.t.Context(), a)
}

// Do does something as the visitor.
func (v *Visitor) Do(fn func(context.Context, *db.Tx) error) {
	v.t.Helper()
	v.Must(func(tx *db.Tx) error { return fn(v.Acting(tx), tx) })
}

// Get asks for a page.
func (v *Visitor) Get(path string, headers ...string) Answer {
	v.t.Helper()
	return v.Send("GET", path, nil, headers...)
}

// Post sends a form of pairs (name, value, name, value, …), as a browser does without any script.
func (v *Visitor) Post(path string, pairs ...string) Answer {
	v.t.Helper()
	return v.Send("POST", path, strings.NewReader(v.form(pairs).Encode()), "Content-Type", formType)
}

// Swap sends a form as the script of a page does, which wants a part of the page.
func (v *Visitor) Swap(path string, pairs ...string) Answer {
	v.t.Helper()
	return v.Send("POST", path, strings.NewReader(v.form(pairs).Encode()), "Content-Type", formType, "HX-Request", "true")
}

const formType = "application/x-www-form-urlencoded"

func (v *Visitor) form(pairs []string) url.Values {
	form := url.Values{"_csrf": {v.Token()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

var csrf = regexp.MustCompile(`<meta name="csrf" content="([^"]+)"`)

// Token is what the forms of this browser carry.
func (v *Visitor) Token() string {
	v.t.Helper()
	page := v.Get("/about-nothing") // even the page of what is not there has one
	m := csrf.FindStringSubmatch(page.Body)
	if m == nil {
		v.t.Fatalf("no token in %s", page.Body)
	}
	return m[1]
}

// Send sends a request as it is, with header lines as pairs.
func (v *Visitor) Send(method, path string, body io.Reader, headers ...string) Answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.URL+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", v.Lang)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	to := resp.Header.Get("Location") + resp.Header.Get("HX-Redirect")
	return Answer{v.t, resp.StatusCode, string(b), to, resp.Header}
}
