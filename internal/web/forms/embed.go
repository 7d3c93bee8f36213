package forms

import (
	_ "embed"
	"net/http"
)

//go:embed embed.js
var script []byte

// embedScript is GET /f/embed.js: it puts the form into a page of the firm, in a frame that is as tall as the form.
func embedScript(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=600")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, err := w.Write(script)
	return err
}
