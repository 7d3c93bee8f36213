package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// guarded is a form behind CSRF, for somebody with a session.
func guarded(token string) http.Handler {
	next := CSRF(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			Render(w, r, http.StatusOK, Token())
		}
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(With(r.Context(), Viewer{CSRF: token})))
	})
}

var hidden = regexp.MustCompile(`value="([^"]+)"`)

func sendForm(h http.Handler, token string, change func(*http.Request)) int {
	r := httptest.NewRequest(http.MethodPost, "http://desk.example/reply", strings.NewReader(url.Values{csrfField: {token}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestOnlyOurOwnFormsAreTaken(t *testing.T) {
	h := guarded("secret of the session")
	token := hidden.FindStringSubmatch(body(t, get(t, h, "/reply")))[1]
	other := hidden.FindStringSubmatch(body(t, get(t, h, "/reply")))[1]
	if token == other {
		t.Error("two pages carry the same bytes")
	}
	cases := []struct {
		name   string
		token  string
		change func(*http.Request)
		want   int
	}{
		{"our form", token, nil, 200},
		{"the form of another page", other, nil, 200},
		{"the header of a script", "", func(r *http.Request) { r.Header.Set(csrfHeader, token) }, 200},
		{"no token", "", nil, 403},
		{"the token of somebody else", mask("secret of a stranger"), nil, 403},
		{"nonsense", "a.b.c", nil, 403},
		{"the bare token", "secret of the session", nil, 403},
		{"from another site", token, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"from a sibling of our domain", token, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, 403},
		{"from our site", token, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }, 200},
		{"an old browser on another site", token, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"an old browser here", token, func(r *http.Request) { r.Header.Set("Origin", "http://desk.example") }, 200},
	}
	for _, c := range cases {
		if got := sendForm(h, c.token, c.change); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestBeforeSignInACookieCarriesTheToken(t *testing.T) {
	h := guarded("")
	page := get(t, h, "/sign-in")
	token, cookie := hidden.FindStringSubmatch(body(t, page))[1], page.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode {
		t.Errorf("cookie %v", cookie)
	}
	if got := sendForm(h, token, func(r *http.Request) { r.AddCookie(cookie) }); got != 200 {
		t.Errorf("with its cookie: %d", got)
	}
	if got := sendForm(h, token, nil); got != 403 {
		t.Errorf("without: %d", got)
	}
}

func TestMask(t *testing.T) {
	for _, token := range []string{"", "a", "secret of the session"} {
		if got := unmask(mask(token)); got != token {
			t.Errorf("%q came back as %q", token, got)
		}
	}
}

func FuzzUnmask(f *testing.F) {
	f.Add(mask("secret"))
	f.Fuzz(func(t *testing.T, s string) {
		if sameToken(s, "") {
			t.Error("an empty token was taken")
		}
	})
}
