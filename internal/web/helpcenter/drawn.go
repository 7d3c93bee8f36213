package helpcenter

import (
	"fmt"
	"net/http"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

// drawn is a page as every stranger gets it.
type drawn struct {
	body    []byte
	tag     string
	own     bool         // somebody's: kept by nobody but their browser
	article knowledge.ID // of which it is one read more; 0: of none
}

// shared names the page of a visit that is the same for all strangers: their language and our address are in it, nothing of theirs.
func (v visit) shared() (name string, ok bool) {
	return fmt.Sprint(v.base, " ", shop(v.ctx), " ", ui.Of(v.ctx).Zone, " ", v.r.URL.Path), v.r.Method == http.MethodGet && v.r.URL.RawQuery == "" && !knowledge.ReaderOf(v.ctx).SignedIn
}

// once answers with the page that was drawn for another stranger, where it still holds; else draw does.
func (a area) once(draw func(http.ResponseWriter, visit) error) func(http.ResponseWriter, visit) error {
	return func(w http.ResponseWriter, v visit) error {
		name, ok := v.shared()
		if !ok {
			return draw(w, v)
		}
		var page drawn
		err := a.read(v, func(tx *db.Tx) (err error) {
			if v.stamp, err = knowledge.Stamp(v.ctx, tx); err == nil {
				page, ok = a.memory.page(v.stamp, a.DB.Now(), name)
			}
			return err
		})
		if err != nil {
			return err
		}
		if !ok {
			return draw(w, v)
		}
		page.write(w, v, http.StatusOK)
		if page.article != 0 {
			a.counted(w, v, page.article)
		}
		return nil
	}
}

// write answers with a page. Strangers' browsers and proxies may keep it for a minute, and ask about it by its tag.
func (p drawn) write(w http.ResponseWriter, v visit, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.locale))
	h.Set("Cache-Control", "public, max-age=60")
	if p.own {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Set("ETag", p.tag)
	if status == http.StatusOK && v.r.Header.Get("If-None-Match") == p.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(status)
	_, _ = w.Write(p.body) // the reader may have gone away
}
