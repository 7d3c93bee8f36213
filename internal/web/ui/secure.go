package ui

import (
	"net/http"
	"strings"
)

// policy is the content security policy of every page (CSP Level 3). No inline
// style or script runs, whoever wrote it. Mail is shown in frames of our own
// (kit/html), with a narrower policy of theirs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; frame-src 'self'; media-src 'self' blob:; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Secure sets the headers that every answer of the pages needs. A handler that
// is public or must be framed (the widget, a mail's frame) sets its own after it.
func Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Frameable lets other sites show the page in a frame: those that are named, and none else.
func Frameable(w http.ResponseWriter, origins []string) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(append([]string{"'self'"}, origins...), " "), 1))
	h.Del("X-Frame-Options") // it knows no list
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
