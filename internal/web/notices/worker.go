package notices

import (
	_ "embed"
	"net/http"
)

//go:embed notices.js
var script []byte

// worker is the service worker that shows pushes. It is the same for everybody, and a new one counts at once.
func worker(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	_, err := w.Write(script)
	return err
}
