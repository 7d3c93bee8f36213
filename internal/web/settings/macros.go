package settings

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/macro"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) macroRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/macros", team.Reply, a.macros)
	rt.Page("GET /settings/macros/new", team.Reply, a.newMacro)
	rt.Page("POST /settings/macros/new", team.Reply, a.saveMacro)
	rt.Page("GET /settings/macros/{id}/edit", team.Reply, a.editMacro)
	rt.Page("POST /settings/macros/{id}/edit", team.Reply, a.saveMacro)
	rt.Page("POST /settings/macros/{id}/delete", team.Reply, a.deleteMacro)
	rt.Page("POST /settings/macros/{id}/restore", team.Reply, a.restoreMacro)
}

// macroShelf are the macros of one sort: one's own, a team's, everyone's.
type macroShelf struct {
	Title string
	List  []macro.Macro
}

// macroBoard is the page of all macros that one has.
type macroBoard struct {
	Asked   string
	Shelves []macroShelf
	Any     bool // there are some, whatever is asked
	House   acts.House
}

func (a area) macros(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), macroBoard{Asked: r.FormValue("q")}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := macro.List(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.House.Read(ctx, tx); err != nil {
			return err
		}
		p.Any = len(list) > 0
		p.shelve(ctx, list)
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, macrosPage(p))
	return nil
}

// shelve puts those that fit what is asked under a head each: one's own, then team by team, then everyone's.
func (p *macroBoard) shelve(ctx context.Context, list []macro.Macro) {
	put := func(title string, is func(macro.Macro) bool) {
		s := macroShelf{Title: title}
		for _, m := range list {
			if is(m) && m.Fits(p.Asked) {
				s.List = append(s.List, m)
			}
		}
		if len(s.List) > 0 {
			p.Shelves = append(p.Shelves, s)
		}
	}
	put(mw(ctx, "mine"), func(m macro.Macro) bool { return m.For == macro.Mine })
	known := map[team.TeamID]bool{}
	for _, t := range p.House.Teams {
		known[t.ID] = true
		put(t.Name, func(m macro.Macro) bool { return m.For == macro.OfTeam && m.Team == t.ID })
	}
	put(mw(ctx, "team_gone"), func(m macro.Macro) bool { return m.For == macro.OfTeam && !known[m.Team] })
	put(mw(ctx, "everyone"), func(m macro.Macro) bool { return m.For == macro.Everyone })
}

func mw(ctx context.Context, word string, args ...any) string {
	return i18n.T(ctx, "macro."+word, args...)
}

func macroPath(id macro.ID) string { return "/settings/macros/" + id.String() }

func macroID(r *http.Request) (macro.ID, error) {
	key, err := id.Read[macro.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such macro.")
	}
	return key, nil
}

func (a area) deleteMacro(w http.ResponseWriter, r *http.Request) error {
	key, err := macroID(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return macro.Delete(r.Context(), tx, key) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: mw(r.Context(), "deleted"), Undo: macroPath(key) + "/restore"}, "/settings/macros")
	return nil
}

func (a area) restoreMacro(w http.ResponseWriter, r *http.Request) error {
	key, err := macroID(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return macro.Restore(r.Context(), tx, key) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: mw(r.Context(), "restored")}, "/settings/macros")
	return nil
}
