package helpcenter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"baraji/internal/knowledge"
)

// send answers with a page that browsers and proxies may keep for a minute, and ask about by its tag. What only some customers see
// is kept by nobody but their browsers.
func (a area) send(w http.ResponseWriter, v visit, status int, page templ.Component) error {
	_, err := a.sendTo(w, v, status, page, false)
	return err
}

// sendShared is send of a page that is the same for all strangers: the next one gets it as it was drawn ([area.once]). It counts as a read of an article.
func (a area) sendShared(w http.ResponseWriter, v visit, page templ.Component, article knowledge.ID) error {
	p, err := a.sendTo(w, v, http.StatusOK, page, false)
	if name, ok := v.shared(); ok && err == nil {
		p.article = article
		a.memory.keep(v.stamp, name, p)
	}
	return err
}

// sendTo is send; a page of somebody's own is kept by nobody but their browser.
func (a area) sendTo(w http.ResponseWriter, v visit, status int, page templ.Component, own bool) (p drawn, err error) {
	var b bytes.Buffer
	if err := page.Render(v.ctx, &b); err != nil {
		return p, fmt.Errorf("draw %s: %w", v.r.URL.Path, err)
	}
	sum := sha256.Sum256(b.Bytes())
	p = drawn{body: b.Bytes(), tag: `W/"` + hex.EncodeToString(sum[:8]) + `"`, own: own || knowledge.ReaderOf(v.ctx).SignedIn}
	p.write(w, v, status)
	return p, nil
}
