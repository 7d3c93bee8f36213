package runbooks

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/runbook"
	"baraji/internal/web/ui"
)

// shelf is the catalogue.
type shelf struct {
	Show    string
	Words   string
	List    []runbook.Runbook
	Figures map[runbook.ID]runbook.Figures
	Guides  int
	Open    int // known errors that are not fixed
}

// shows are the lists of the page.
var shows = []string{"guides", "known", "archived"}

func (p shelf) filter() runbook.Filter {
	switch p.Show {
	case "known":
		return runbook.Filter{Kind: runbook.Known, Words: p.Words}
	case "archived":
		return runbook.Filter{Archived: true, Words: p.Words}
	}
	return runbook.Filter{Kind: runbook.Guide, Words: p.Words}
}

// list is GET /runbooks?show=&q=.
func (a area) list(w http.ResponseWriter, r *http.Request) error {
	p := shelf{Show: r.URL.Query().Get("show"), Words: strings.TrimSpace(r.URL.Query().Get("q"))}
	if !slices.Contains(shows, p.Show) {
		p.Show = "guides"
	}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		all, err := runbook.List(ctx, tx, runbook.Filter{})
		if err != nil {
			return err
		}
		for _, b := range all {
			switch {
			case b.Kind == runbook.Guide:
				p.Guides++
			case b.Open():
				p.Open++
			}
		}
		if p.List, err = runbook.List(ctx, tx, p.filter()); err != nil {
			return err
		}
		slices.SortStableFunc(p.List, func(a, b runbook.Runbook) int { // what is open comes first
			switch {
			case a.Open() == b.Open():
				return 0
			case a.Open():
				return -1
			}
			return 1
		})
		var ids []runbook.ID
		for _, b := range p.List {
			ids = append(ids, b.ID)
		}
		p.Figures, err = runbook.FiguresOf(ctx, tx, ids...)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, listPage(p))
	return nil
}

func (p shelf) url(show string) string {
	q := url.Values{"show": {show}}
	if p.Words != "" {
		q.Set("q", p.Words)
	}
	return "/runbooks?" + q.Encode()
}

// newPath is where one of the kind that is shown is written.
func (p shelf) newPath() string {
	if p.Show == "known" {
		return "/runbooks/new?kind=known"
	}
	return "/runbooks/new"
}

func (p shelf) newWord() string {
	if p.Show == "known" {
		return "new_known"
	}
	return "new"
}
