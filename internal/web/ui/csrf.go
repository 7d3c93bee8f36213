package ui

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

const (
	csrfField  = "_csrf"
	csrfHeader = "X-CSRF-Token"
	csrfCookie = "baraji_csrf"
	maxForm    = 32 << 20 // bytes of a form that carries its token inside
)

// CSRF lets unsafe requests through only if they come from our own pages: by
// where the browser says they come from (Sec-Fetch-Site, else Origin), and by
// the token of the session, or before sign-in of a cookie (double submit). It
// stands behind the session, which sets Viewer.CSRF.
func CSRF(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if Sessionless(r.URL.Path) {
			if !safe(r.Method) && origin.Check(r) != nil {
				Problem(w, r, problem.New(problem.Forbidden, "This page is too old to be sent. Load it again and repeat the last step."))
				return
			}
			next.ServeHTTP(w, r)
			return
		}
		v := Of(r.Context())
		if v.CSRF == "" {
			v.CSRF = cookieToken(w, r)
			if v.Locale == "" {
				v.Locale = i18n.Match(r.Header.Get("Accept-Language"))
			}
			r = r.WithContext(With(r.Context(), v))
		}
		if safe(r.Method) {
			next.ServeHTTP(w, r)
			return
		}
		if origin.Check(r) != nil || !sameToken(sentToken(w, r), v.CSRF) {
			Problem(w, r, problem.New(problem.Forbidden, "This page is too old to be sent. Load it again and repeat the last step."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Sessionless says whether a path is of those pages behind which no session stands: what they change, anybody may change, so there is
// nothing that another site could abuse; or, behind /answer/ and /off/, whoever has a link that nobody can guess. They must not differ from reader to reader, or nobody could keep them: no token, no cookie.
// Where a request comes from is looked at all the same.
func Sessionless(path string) bool {
	return strings.HasPrefix(path, "/hc/") || strings.HasPrefix(path, "/f/") || strings.HasPrefix(path, "/answer/") || strings.HasPrefix(path, "/off/") || path == "/status" || strings.HasPrefix(path, "/status/")
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// cookieToken is the token of somebody who has no session yet. SameSite=Strict
// keeps it out of requests that other sites cause.
func cookieToken(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie(csrfCookie); err == nil && len(c.Value) >= 22 {
		return c.Value
	}
	token := rand.Text()
	http.SetCookie(w, &http.Cookie{Name: csrfCookie, Value: token, Path: "/", HttpOnly: true, Secure: secure(r), SameSite: http.SameSiteStrictMode})
	return token
}

func secure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// sentToken reads the token from the header, so that large uploads need not be
// parsed, or from the form.
func sentToken(w http.ResponseWriter, r *http.Request) string {
	if t := r.Header.Get(csrfHeader); t != "" {
		return t
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return r.PostFormValue(csrfField)
}

// mask hides the token behind a random pad that is new in each page, so that
// the length of compressed pages tells nothing about it (BREACH).
func mask(token string) string {
	pad := make([]byte, len(token))
	rand.Read(pad)
	hidden := make([]byte, len(token))
	subtle.XORBytes(hidden, []byte(token), pad)
	enc := base64.RawURLEncoding
	return enc.EncodeToString(pad) + "." + enc.EncodeToString(hidden)
}

func unmask(s string) string {
	a, b, _ := strings.Cut(s, ".")
	pad, err1 := base64.RawURLEncoding.DecodeString(a)
	hidden, err2 := base64.RawURLEncoding.DecodeString(b)
	if err1 != nil || err2 != nil || len(pad) != len(hidden) {
		return ""
	}
	subtle.XORBytes(hidden, hidden, pad)
	return string(hidden)
}

func sameToken(sent, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(unmask(sent)), []byte(want)) == 1
}
