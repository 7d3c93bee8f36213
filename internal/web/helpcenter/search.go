package helpcenter

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/token"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

type searchPageProps struct {
	around
	Hits   []knowledge.Hit
	Names  map[knowledge.CategoryID]string
	Issues []knowledge.Page // known problems among the hits stand first
	Read   []knowledge.Page // when nothing was found
	Said   assistant.Reply  // the assistant's, with its answer
	Thanks bool             // the reader has said whether it helped
}

const (
	maxHits  = 20
	maxTyped = 6 // while somebody types
)

// search is GET /hc/{locale}/search?q=…; part=1 asks for the list alone, while somebody types. What nobody finds is counted.
func (a area) search(w http.ResponseWriter, v visit) error {
	part := v.r.URL.Query().Has("part")
	p := searchPageProps{Names: map[knowledge.CategoryID]string{}}
	p.Query = strings.TrimSpace(v.r.URL.Query().Get("q"))
	limit := maxHits
	if part {
		limit = maxTyped
	}
	err := a.read(v, func(tx *db.Tx) (err error) {
		if p.Hits, err = knowledge.Search(v.ctx, tx, v.locale, p.Query, limit); err != nil {
			return err
		}
		if err = a.surround(tx, v, &p.around); err != nil {
			return err
		}
		if len(p.Hits) == 0 {
			p.Read, err = a.pages(v, tx, knowledge.Find{Limit: mostRead})
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range p.Shelves {
		p.Names[c.ID] = c.Called(v.locale)
		for _, u := range c.Under {
			p.Names[u.ID] = u.Called(v.locale)
		}
	}
	p.Title, p.Path, p.Hidden = t(v.ctx, "results_for", "q", p.Query), searchPath(v.locale, p.Query), true
	p.Also = map[i18n.Locale]string{}
	for _, l := range i18n.Locales() {
		p.Also[l] = searchPath(l, p.Query)
	}
	if part {
		return a.send(w, v, http.StatusOK, typedHits(p))
	}
	if p.Said, err = a.asks(v, p.Query); err != nil {
		return err
	}
	p.Thanks = v.r.URL.Query().Has("thanks")
	if _, err := a.sendTo(w, v, http.StatusOK, searchPage(p), p.Said.Ref != ""); err != nil || p.Query == "" || len(p.Hits) > 0 || machine(v.r.UserAgent()) {
		return err
	}
	ui.Sent(w)
	ctx := context.WithoutCancel(v.ctx) // the reader has his page and may be gone
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return knowledge.Missed(ctx, tx, v.locale, p.Query) }); err != nil {
		a.Log.Warn("a search without result was not counted", "error", err)
	}
	return nil
}

func searchPath(l i18n.Locale, q string) string {
	return "/hc/" + string(l) + "/search?" + url.Values{"q": {q}}.Encode()
}

type missingPageProps struct {
	around
	Hits []knowledge.Hit // what the address may have meant
	Read []knowledge.Page
}

// missing is the answer to an address that leads nowhere: what it may have meant, and what others read.
func (a area) missing(w http.ResponseWriter, v visit) error {
	p := missingPageProps{around: around{Hidden: true}}
	p.Query = guess(v.r.URL.Path)
	err := a.read(v, func(tx *db.Tx) (err error) {
		if p.Hits, err = knowledge.Search(v.ctx, tx, v.locale, p.Query, maxTyped); err != nil {
			return err
		}
		if err = a.surround(tx, v, &p.around); err != nil {
			return err
		}
		p.Read, err = a.pages(v, tx, knowledge.Find{Limit: mostRead})
		return err
	})
	if err != nil {
		return err
	}
	p.Title = t(v.ctx, "lost")
	return a.send(w, v, http.StatusNotFound, missingPage(p))
}

// guess is what an address that leads nowhere is about: its last part, as words.
func guess(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 4 || parts[2] == "picture" {
		return ""
	}
	return strings.ReplaceAll(parts[len(parts)-1], "-", " ")
}

// piece is a piece of a text, marked or not.
type piece struct {
	Text   string
	Marked bool
}

// pieces cuts a text at its hits.
func pieces(text string, hits []token.Hit) (list []piece) {
	at := 0
	for _, h := range hits {
		if h.From > at {
			list = append(list, piece{text[at:h.From], false})
		}
		list = append(list, piece{text[h.From:h.To], true})
		at = h.To
	}
	if at < len(text) {
		list = append(list, piece{text[at:], false})
	}
	return list
}
