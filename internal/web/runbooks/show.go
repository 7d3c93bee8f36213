package runbooks

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// sight is a runbook as its page shows it.
type sight struct {
	runbook.Runbook
	Figures  runbook.Figures
	Used     []runbook.Used
	Versions []runbook.Version
	Shown    int // the version that is looked at
	Names    map[team.ID]string
}

// Old says that it is not what lives.
func (p sight) Old() bool { return p.Shown != p.Version }

const usedShown = 10

// show is GET /runbooks/{id}?version=.
func (a area) show(w http.ResponseWriter, r *http.Request) error {
	key, err := runbookID(r)
	if err != nil {
		return err
	}
	var p sight
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Runbook, err = runbook.Get(ctx, tx, key); err != nil {
			return err
		}
		if p.Versions, err = runbook.Versions(ctx, tx, key); err != nil {
			return err
		}
		if err := p.turnTo(r.URL.Query().Get("version")); err != nil {
			return err
		}
		if err := runbook.Name(ctx, tx, p.Steps); err != nil {
			return err
		}
		figures, err := runbook.FiguresOf(ctx, tx, key)
		if err != nil {
			return err
		}
		p.Figures = figures[key]
		if ui.Of(ctx).Can(string(team.ReadConversations)) {
			if p.Used, err = runbook.Lately(ctx, tx, key, usedShown); err != nil {
				return err
			}
		}
		p.Names, err = team.Names(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, showPage(p))
	return nil
}

// turnTo shows another version than the one that lives.
func (p *sight) turnTo(number string) error {
	p.Shown = p.Version
	if number == "" {
		return nil
	}
	n, _ := strconv.Atoi(number)
	i := slices.IndexFunc(p.Versions, func(v runbook.Version) bool { return v.Number == n })
	if i < 0 {
		return problem.New(problem.NotFound, "There is no such version.")
	}
	p.Shown, p.Content = n, p.Versions[i].Content
	return nil
}

// archive is POST /runbooks/{id}/archive: put away, or with off brought back.
func (a area) archive(w http.ResponseWriter, r *http.Request) error {
	key, err := runbookID(r)
	if err != nil {
		return err
	}
	off := r.FormValue("off") != ""
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return runbook.Archive(ctx, tx, key, !off) }); err != nil {
		return err
	}
	toast := ui.Toast{Text: t(r.Context(), "archived"), Undo: path(key) + "/archive?off=1"}
	if off {
		toast = ui.Toast{Text: t(r.Context(), "unarchived")}
	}
	ui.SayThere(w, r, toast, path(key))
	return nil
}

// restore is POST /runbooks/{id}/restore?version=.
func (a area) restore(w http.ResponseWriter, r *http.Request) error {
	key, err := runbookID(r)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(r.FormValue("version"))
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return runbook.Restore(ctx, tx, key, n) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), "restored", "n", n)}, path(key))
	return nil
}
