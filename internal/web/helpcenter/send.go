package helpcenter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"baraji/internal/knowledge"

	"github.com/a-h/templ"
)

// send answers with a page that browsers and proxies may keep for a minute, and ask about by its tag. What only some customers see
// is kept by nobody but their browsers.
func (a area) send(w http.ResponseWriter, v visit, status int, page templ.Component) error {
	return a.sendTo(w, v, status, page, false)
}

// sendTo is send; a page of somebody's own is kept by nobody but his browser.
func (a area) sendTo(w http.ResponseWriter, v visit, status int, page templ.Component, own bool) error {
	var b bytes.Buffer
	if err := page.Render(v.ctx, &b); err != nil {
		return fmt.Errorf("draw %s: %w", v.r.URL.Path, err)
	}
	sum := sha256.Sum256(b.Bytes())
	tag := `W/"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.locale))
	h.Set("Cache-Control", "public, max-age=60")
	if knowledge.ReaderOf(v.ctx).SignedIn || own {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Set("ETag", tag)
	if status == http.StatusOK && v.r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the reader may have gone away
	return nil
}
