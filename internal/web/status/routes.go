package status

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// area is the pages with the parts of the program that they call.
type area struct {
	*desk.Desk
	memory *memory
}

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk, &memory{}}
	rt.Public("GET /status", a.in(a.board))
	rt.Public("GET /status/history", a.in(a.history))
	rt.Public("GET /status/feed.atom", a.in(a.feed))
	rt.Public("POST /status/subscribe", a.in(a.subscribe))
	rt.Public("GET /status/confirm/{id}/{token}", a.in(a.confirmForm))
	rt.Public("POST /status/confirm/{id}/{token}", a.in(a.confirm))
	rt.Public("GET /status/mails/{id}/{token}", a.in(a.mails))
	rt.Public("POST /status/mails/{id}/{token}", a.in(a.changeMails))
	rt.Public("GET /status/{id}", a.in(a.one))
}

// visit is one request of a reader.
type visit struct {
	ctx    context.Context
	locale i18n.Locale
	base   string // our address, for links that must be whole
	r      *http.Request
	w      http.ResponseWriter
}

// in reads the language: as the address says, else as the browser does. What is read is for everybody, so nobody reads it.
func (a area) in(fn func(visit) error) desk.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		viewer := ui.Of(r.Context())
		v := visit{locale: i18n.Match(r.Header.Get("Accept-Language")), base: a.Base(r), w: w}
		if r.Header.Get("Accept-Language") == "" {
			v.locale = viewer.Locale
		}
		if l, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
			v.locale = l
		}
		zone := time.UTC
		err := a.DB.Read(r.Context(), func(tx *db.Tx) error {
			page, err := incident.GetPage(r.Context(), tx)
			if err == nil && !page.On {
				err = problem.New(problem.NotFound, "This page is not here.")
			}
			if err != nil {
				return err
			}
			firm, err := team.GetFirm(r.Context(), tx)
			if z, bad := time.LoadLocation(firm.Zone); bad == nil {
				zone = z
			}
			return err
		})
		if err != nil {
			return err
		}
		v.ctx = ui.With(team.With(r.Context(), team.Actor{}), ui.Viewer{Shop: viewer.Shop, Locale: v.locale, Zone: zone, Now: a.DB.Now()})
		v.r = r.WithContext(v.ctx)
		return fn(v)
	}
}

// t is a word of the status page.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "status."+key, args...)
}

// kept sends what make makes, or made for an earlier reader of the same name and language.
func (a area) kept(v visit, name, kind string, make func(tx *db.Tx) (templ.Component, error)) error {
	name = string(v.locale) + " " + v.base + " " + name
	minute := a.DB.Now().Truncate(time.Minute) // maintenance begins, days end, and it is so long ago
	body, err := a.found(v, minute, name)
	if err == nil && body == nil {
		body, err = a.draw(v, minute, name, make)
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `W/"` + hex.EncodeToString(sum[:8]) + `"`
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Language", string(v.locale))
	h.Set("Cache-Control", "public, max-age=15")
	h.Set("Vary", "Accept-Language, Accept-Encoding")
	h.Set("ETag", tag)
	if v.r.Header.Get("If-None-Match") == tag {
		v.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = v.w.Write(body) // the reader may have gone away
	return nil
}

// found is what was drawn of a page since anything changed; nil: nothing was.
func (a area) found(v visit, minute time.Time, name string) (body []byte, err error) {
	err = a.DB.Read(v.ctx, func(tx *db.Tx) error {
		stamp, err := incident.Stamp(v.ctx, tx)
		body = a.memory.get(stamp, minute, name)
		return err
	})
	return body, err
}

// draw draws a page, unless somebody else has done so meanwhile.
func (a area) draw(v visit, minute time.Time, name string, make func(tx *db.Tx) (templ.Component, error)) (body []byte, err error) {
	defer a.memory.alone(name)()
	err = a.DB.Read(v.ctx, func(tx *db.Tx) error {
		stamp, err := incident.Stamp(v.ctx, tx)
		if err != nil {
			return err
		}
		if body = a.memory.get(stamp, minute, name); body != nil {
			return nil
		}
		page, err := make(tx)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := page.Render(v.ctx, &b); err != nil {
			return fmt.Errorf("draw %s: %w", v.r.URL.Path, err)
		}
		body = b.Bytes()
		a.memory.put(stamp, minute, name, body)
		return nil
	})
	return body, err
}

const page = "text/html; charset=utf-8"

// board is GET /status.
func (a area) board(v visit) error {
	return a.kept(v, "board", page, func(tx *db.Tx) (templ.Component, error) {
		b, err := incident.Look(v.ctx, tx)
		return boardPage(v, b), err
	})
}

// one is GET /status/{id}.
func (a area) one(v visit) error {
	key, err := id.Read[incident.ID](v.r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such incident.")
	}
	return a.kept(v, key.String(), page, func(tx *db.Tx) (templ.Component, error) {
		x, err := incident.ShownOne(v.ctx, tx, key)
		if err != nil {
			return nil, err
		}
		list, err := incident.Components(v.ctx, tx)
		return onePage(v, x, list), err
	})
}

// past is a month of the history.
type past struct {
	Month      time.Time // its beginning
	List       []incident.Shown
	Works      []incident.Maintenance
	Components []incident.Component
	Newer      string // "" where there is none
	Older      string
}

// oldest is how far back the history leads.
const oldest = 5 * 12 // months

// history is GET /status/history?month=2026-11.
func (a area) history(v visit) error {
	zone := i18n.Of(v.ctx).Zone
	now := a.DB.Now().In(zone)
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone)
	p := past{Month: this}
	if s := v.r.URL.Query().Get("month"); s != "" {
		at, err := time.ParseInLocation("2006-01", s, zone)
		if err != nil || at.After(this) || at.Before(this.AddDate(0, -oldest, 0)) {
			return problem.New(problem.NotFound, "This page is not here.")
		}
		p.Month = at
	}
	if p.Month.Before(this) {
		p.Newer = p.Month.AddDate(0, 1, 0).Format("2006-01")
	}
	if p.Month.After(this.AddDate(0, -oldest, 0)) {
		p.Older = p.Month.AddDate(0, -1, 0).Format("2006-01")
	}
	return a.kept(v, "history "+p.Month.Format("2006-01"), page, func(tx *db.Tx) (_ templ.Component, err error) {
		end := p.Month.AddDate(0, 1, 0)
		if p.List, err = incident.Between(v.ctx, tx, p.Month, end); err != nil {
			return nil, err
		}
		all, err := incident.Maintenances(v.ctx, tx, p.Month)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			if m.From.Before(end) && !m.Cancelled && m.Over(tx.Now()) {
				p.Works = append(p.Works, m)
			}
		}
		p.Components, err = incident.Components(v.ctx, tx)
		return historyPage(v, p), err
	})
}
