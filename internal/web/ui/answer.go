package ui

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/a-h/templ"
)

// Render writes a page or a fragment. It is drawn in memory first: half a page
// that ends in an error would be worse than the error.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	var page bytes.Buffer
	if err := c.Render(r.Context(), &page); err != nil {
		Problem(w, r, fmt.Errorf("draw %s: %w", r.URL.Path, err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request") // a fragment is not the page
	w.Header().Set("Content-Length", strconv.Itoa(page.Len()))
	w.WriteHeader(status)
	if _, err := page.WriteTo(w); err != nil {
		slog.DebugContext(r.Context(), "the reader went away", "path", r.URL.Path, "error", err)
	}
}

// Sent hands the answer to the network, so that its reader need not wait for
// what the handler does next. What goes wrong then can only be logged.
func Sent(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// Fragment says whether htmx asks for a part of a page.
func Fragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") == "" &&
		r.Header.Get("HX-Request-Type") != "full" && r.Header.Get("HX-History-Restore-Request") == ""
}

// Redirect sends the browser to another of our pages, after a form (303) and
// for htmx. The address must be a path; anything else goes home.
func Redirect(w http.ResponseWriter, r *http.Request, to string) {
	to = Local(to)
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// Local is to if it is a path of ours, "/" otherwise: an address from a form must
// not lead anyone away.
func Local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\x00\r\n\t") {
		return "/"
	}
	return to
}

// Toast is a word about what was done.
type Toast struct {
	Text string `json:"text"`
	Undo string `json:"undo,omitempty"` // path that a POST undoes it at
	Kind string `json:"kind,omitempty"` // "bad" for what went wrong
}

// Say shows a toast with the answer: at once for htmx, else on the page that is
// loaded next.
func Say(w http.ResponseWriter, r *http.Request, t Toast) {
	if r.Header.Get("HX-Request") == "true" && w.Header().Get("HX-Redirect") == "" {
		Trigger(w, "toast", t)
		return
	}
	keepToast(w, r, t)
}

// SayThere shows a toast on the page that Redirect leads to.
func SayThere(w http.ResponseWriter, r *http.Request, t Toast, to string) {
	keepToast(w, r, t)
	Redirect(w, r, to)
}

// keepToast puts it into a cookie that the next page's script reads and drops.
func keepToast(w http.ResponseWriter, r *http.Request, t Toast) {
	b, err := json.Marshal(t)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "baraji_toast", Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 30, Secure: secure(r), SameSite: http.SameSiteStrictMode})
}

// Trigger adds an event to the answer, which htmx dispatches in the page. Events
// that are there stay.
func Trigger(w http.ResponseWriter, name string, detail any) {
	events := map[string]any{}
	if now := w.Header().Get("HX-Trigger"); now != "" {
		_ = json.Unmarshal([]byte(now), &events) // our own writing
	}
	events[name] = detail
	b, err := json.Marshal(events)
	if err != nil {
		return
	}
	w.Header().Set("HX-Trigger", ascii(b))
}

// ascii escapes what a header may not hold (RFC 9110 section 5.5).
func ascii(b []byte) string {
	var out strings.Builder
	for _, r := range string(b) {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, u)
		}
	}
	return out.String()
}
