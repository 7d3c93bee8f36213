package status

import (
	"context"
	"encoding/xml"
	"io"
	"time"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// atom is a feed (RFC 4287).
type atom struct {
	XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string    `xml:"xml:lang,attr"`
	ID      string    `xml:"id"`
	Title   string    `xml:"title"`
	Updated string    `xml:"updated"`
	Links   []atomRef `xml:"link"`
	Author  struct {
		Name string `xml:"name"`
	} `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomRef struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string  `xml:"id"`
	Title     string  `xml:"title"`
	Updated   string  `xml:"updated"`
	Published string  `xml:"published"`
	Link      atomRef `xml:"link"`
	Summary   string  `xml:"summary"`
}

const (
	feedBack = 90 * 24 * time.Hour
	feedMost = 50
)

// Render writes the feed, so that it is kept as pages are.
func (f atom) Render(_ context.Context, w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(f)
}

var _ templ.Component = atom{}

// feed is GET /status/feed.atom: one entry for each incident and maintenance, which is new again when something was said.
func (a area) feed(v visit) error {
	return a.kept(v, "feed", "application/atom+xml; charset=utf-8", func(tx *db.Tx) (templ.Component, error) {
		list, err := incident.Between(v.ctx, tx, tx.Now().Add(-feedBack), tx.Now().Add(time.Minute))
		if err != nil {
			return nil, err
		}
		works, err := incident.Maintenances(v.ctx, tx, tx.Now().Add(-feedBack))
		if err != nil {
			return nil, err
		}
		query := "?lang=" + string(v.locale)
		f := atom{Lang: string(v.locale), ID: v.base + "/status", Title: t(v.ctx, "title", "shop", ui.ShopName(v.ctx))}
		f.Author.Name = ui.ShopName(v.ctx)
		f.Links = []atomRef{{Rel: "self", Type: "application/atom+xml", Href: v.base + "/status/feed.atom" + query}, {Rel: "alternate", Type: "text/html", Href: v.base + "/status" + query}}
		latest := tx.Now().Add(-feedBack)
		for _, x := range list[:min(len(list), feedMost)] {
			said := x.StartedAt
			text := ""
			for i := len(x.Updates) - 1; i >= 0; i-- {
				u := x.Updates[i]
				said = u.At
				text = stateWord(v.ctx, u.State) + " – " + u.Text.In(v.locale) + "\n\n" + text
			}
			at := v.base + incident.Path(x.ID)
			f.Entries = append(f.Entries, atomEntry{at, stateWord(v.ctx, x.State) + ": " + x.Title.In(v.locale), stamp(said), stamp(x.StartedAt), atomRef{Rel: "alternate", Href: at + query}, text})
			latest = later(latest, said)
		}
		for _, m := range works {
			word := "planned"
			if m.Cancelled {
				word = "called_off"
			}
			f.Entries = append(f.Entries, atomEntry{v.base + "/status#" + m.ID.String(), t(v.ctx, word) + ": " + m.Title.In(v.locale), stamp(m.UpdatedAt), stamp(m.CreatedAt),
				atomRef{Rel: "alternate", Href: v.base + "/status" + query}, spanWord(v.ctx, m) + "\n\n" + m.About.In(v.locale)})
			latest = later(latest, m.UpdatedAt)
		}
		f.Updated = stamp(latest)
		return f, nil
	})
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
