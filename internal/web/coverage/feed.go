package coverage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// A feed has what was since feedBack and what comes until feedAhead.
const (
	feedBack  = 31  // days
	feedAhead = 366 // days
)

// feed is a calendar that other programs read. Its address is all that they have to know, so nothing else is asked.
func (a area) feed(w http.ResponseWriter, r *http.Request) error {
	ctx := team.AsSystem(r.Context())
	token, is := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !is {
		return problem.New(problem.NotFound, "There is no such address.")
	}
	var f shift.Feed
	var text string
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if f, err = shift.OpenFeed(ctx, tx, token); err != nil {
			return err
		}
		text, err = feedText(ctx, tx, f, host(a.Base(r)))
		return err
	})
	if err != nil {
		return err
	}
	if a.DB.Now().Sub(f.ReadAt) > 2*time.Hour {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return shift.FeedRead(ctx, tx, f.ID) }); err != nil {
			a.Log.Warn("keep that a calendar was read", "error", err) // it is read all the same
		}
	}
	sum := sha256.Sum256([]byte(text))
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", etag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer")
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="baraji.ics"`)
	_, err = w.Write([]byte(text))
	return err
}

// feedText writes a feed in the language of whoever has it.
func feedText(ctx context.Context, tx *db.Tx, f shift.Feed, host string) (string, error) {
	person, err := team.Get(ctx, tx, f.Person)
	if err != nil {
		return "", err
	}
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return "", err
	}
	language := person.Language
	if language == "" {
		language = firm.Language
	}
	ctx = i18n.With(ctx, i18n.Reader{Locale: i18n.Locale(language), Zone: time.UTC, Now: tx.Now()})
	names, err := team.Names(ctx, tx)
	if err != nil {
		return "", err
	}
	from, until := tx.Now().AddDate(0, 0, -feedBack), tx.Now().AddDate(0, 0, feedAhead)
	books, err := shift.Load(ctx, tx, from, until)
	if err != nil {
		return "", err
	}
	title := t(ctx, "feed_mine", "firm", firm.Name)
	var changed time.Time
	var list []shift.Entry
	for _, b := range books {
		if f.Rota != 0 && b.Rota.ID != f.Rota {
			continue
		}
		if f.Rota != 0 {
			title = b.Rota.Name + " · " + firm.Name
		}
		changed = later(changed, lastChange(b))
		for _, turn := range b.Plan(from, until) {
			if f.Rota == 0 && turn.Person != f.Person {
				continue
			}
			name := b.Rota.Name
			if f.Rota != 0 {
				name = names[turn.Person]
			}
			list = append(list, shift.Entry{Key: turn.Key, From: turn.From, Until: turn.Until, Title: name, About: strings.TrimSpace(t(ctx, "mode_"+string(b.Rota.Mode)) + whyWord(ctx, turn, names))})
		}
	}
	return shift.ICS(title, host, changed, list), nil
}

// lastChange is when something was planned last that decides who stands.
func lastChange(b shift.Book) time.Time {
	at := b.Rota.UpdatedAt
	for _, s := range b.Singles {
		at = later(at, id.Time(int64(s.ID)))
	}
	for _, o := range b.Overrides {
		at = later(at, o.MadeAt)
	}
	for _, l := range b.Leaves {
		at = later(at, l.MadeAt)
	}
	return at
}

func host(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return "baraji"
	}
	return u.Hostname()
}

// makeFeed makes an address and shows it, once.
func (a area) makeFeed(w http.ResponseWriter, r *http.Request) error {
	var rota shift.RotaID
	if text := r.FormValue("rota"); text != "" {
		var err error
		if rota, err = id.Read[shift.RotaID](text); err != nil {
			return problem.New(problem.NotFound, "There is no such rota.")
		}
	}
	var token string
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		token, _, err = shift.MakeFeed(ctx, tx, rota)
		return err
	})
	if err != nil {
		return err
	}
	m, err := a.loadMine(r)
	if err != nil {
		return err
	}
	m.New = m.Site + "/coverage/feed/" + token + ".ics"
	w.Header().Set("Cache-Control", "no-store")
	ui.Render(w, r, http.StatusOK, minePage(m))
	return nil
}

func (a area) revokeFeed(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[shift.FeedID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such address.")
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return shift.RevokeFeed(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/coverage/mine", "feed_revoked", "")
}
