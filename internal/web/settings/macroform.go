package settings

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/macro"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// macroForm is a macro as it is typed.
type macroForm struct {
	ID       macro.ID
	Name     string
	Shortcut string
	For      string // "everyone", "me", or the id of a team
	Text     i18n.Text
	Files    []macro.File          // that it has
	Fresh    []conversation.Upload // that were handed in
	Acts     []automation.Act
	Focus    string
	House    acts.House
	Trouble  ui.Trouble
}

func (f macroForm) path() string {
	if f.ID == 0 {
		return "/settings/macros/new"
	}
	return macroPath(f.ID) + "/edit"
}

func (f macroForm) rows() acts.Form {
	return acts.Form{Path: f.path(), Part: "macro-parts", At: "acts", Can: macro.Actions(), Acts: f.Acts, Focus: f.Focus, House: f.House, Wrong: f.Trouble.For}
}

func macroFormOf(m macro.Macro) macroForm {
	f := macroForm{ID: m.ID, Name: m.Name, Shortcut: m.Shortcut, For: string(m.For), Text: m.Text, Files: m.Files, Acts: m.Acts}
	if m.For == macro.OfTeam {
		f.For = m.Team.String()
	}
	return f
}

// newMacro shows an empty form, or with ?of= a second one of a macro, which is one's own.
func (a area) newMacro(w http.ResponseWriter, r *http.Request) error {
	f := macroForm{For: string(macro.Mine)}
	of, err := id.Read[macro.ID](r.FormValue("of"))
	if err != nil {
		return a.showMacro(w, r, http.StatusOK, f)
	}
	var m macro.Macro
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { m, err = macro.Get(r.Context(), tx, of); return err }); err != nil {
		return err
	}
	f = macroFormOf(m)
	f.ID, f.For, f.Name = 0, string(macro.Mine), mw(r.Context(), "second", "name", m.Name)
	return a.showMacro(w, r, http.StatusOK, f)
}

func (a area) editMacro(w http.ResponseWriter, r *http.Request) error {
	key, err := macroID(r)
	if err != nil {
		return err
	}
	var m macro.Macro
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { m, err = macro.ToChange(r.Context(), tx, key); return err }); err != nil {
		return err
	}
	return a.showMacro(w, r, http.StatusOK, macroFormOf(m))
}

func (a area) showMacro(w http.ResponseWriter, r *http.Request, status int, f macroForm) error {
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return f.House.Read(r.Context(), tx) }); err != nil {
		return err
	}
	ui.Render(w, r, status, macroFormPage(f))
	return nil
}

// typedMacro reads the form.
func typedMacro(r *http.Request) (f macroForm, g macro.Given) {
	f = macroForm{Name: r.FormValue("name"), Shortcut: r.FormValue("shortcut"), For: r.FormValue("for"), Text: i18n.Text{}, Acts: acts.Typed(r)}
	for _, l := range i18n.Locales() {
		f.Text[l] = r.FormValue("text." + string(l))
	}
	g = macro.Given{Name: f.Name, Shortcut: f.Shortcut, For: macro.For(f.For), Content: macro.Content{Text: f.Text, Acts: f.Acts}}
	if of, err := id.Read[team.TeamID](f.For); err == nil && f.For != "" {
		g.For, g.Team = macro.OfTeam, of
	}
	for _, s := range r.Form["keep"] {
		if key, err := id.Read[macro.FileID](s); err == nil {
			g.Keep = append(g.Keep, key)
		}
	}
	for _, s := range r.Form["file"] {
		if key, err := id.Read[macro.UploadID](s); err == nil {
			g.Uploads = append(g.Uploads, key)
		}
	}
	return f, g
}

// saveMacro is POST of the form: a row more or less, or all of it saved.
func (a area) saveMacro(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, g := typedMacro(r)
	if r.PathValue("id") != "" {
		key, err := macroID(r)
		if err != nil {
			return err
		}
		f.ID = key
	}
	do, at, _ := strings.Cut(r.FormValue("do"), " ")
	focus, only := acts.Arrange(&f.Acts, "acts", do, at)
	if only || do == "redraw" {
		f.Focus = focus
		return a.againMacro(w, r, http.StatusOK, f, g)
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if f.ID != 0 {
			return macro.Change(ctx, tx, f.ID, g)
		}
		_, err := macro.Make(ctx, tx, g)
		return err
	})
	if err == nil {
		return done(w, r, "/settings/macros", "saved")
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.againMacro(w, r, f.Trouble.Status, f, g)
}

// againMacro shows the form as it was typed, with the files that were handed in.
func (a area) againMacro(w http.ResponseWriter, r *http.Request, status int, f macroForm, g macro.Given) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if f.Files, err = macro.KeptFiles(r.Context(), tx, g); err != nil {
			return err
		}
		f.Fresh, err = conversation.Handed(r.Context(), tx, g.Uploads)
		return err
	})
	if err != nil {
		return err
	}
	return a.showMacro(w, r, status, f)
}

// macroFors are those who can have a macro. A team that is gone stays until another choice is made.
func macroFors(ctx context.Context, f macroForm) (list []ui.Option) {
	list = []ui.Option{{Value: string(macro.Mine), Label: mw(ctx, "for_me")}, {Value: string(macro.Everyone), Label: mw(ctx, "for_everyone")}}
	for _, t := range f.House.Teams {
		list = append(list, ui.Option{Value: t.ID.String(), Label: mw(ctx, "for_team", "team", t.Name)})
	}
	if !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == f.For }) {
		list = append(list, ui.Option{Value: f.For, Label: mw(ctx, "team_gone")})
	}
	return list
}

func macroTitle(ctx context.Context, f macroForm) string {
	if f.ID == 0 {
		return mw(ctx, "new")
	}
	return f.Name
}
