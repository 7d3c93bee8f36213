package knowledge

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

// order is the page of the categories, with a form for one of them.
type order struct {
	Tree    []knowledge.Category
	Edited  knowledge.Category // zero: a new one
	Trouble ui.Trouble
}

// categories is GET /knowledge/categories?edit=….
func (a area) categories(w http.ResponseWriter, r *http.Request) error {
	edited, _ := id.Read[knowledge.CategoryID](r.FormValue("edit"))
	return a.showCategories(w, r, http.StatusOK, knowledge.Category{ID: edited}, ui.Trouble{})
}

func (a area) showCategories(w http.ResponseWriter, r *http.Request, status int, typed knowledge.Category, trouble ui.Trouble) error {
	p := order{Edited: typed, Trouble: trouble}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Tree, err = knowledge.Categories(ctx, tx); err != nil || typed.ID == 0 || typed.Name != nil {
			return err
		}
		p.Edited, err = knowledge.GetCategory(ctx, tx, typed.ID)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, categoriesPage(p))
	return nil
}

// saveCategory is POST /knowledge/categories: a new one, or with an id a change.
func (a area) saveCategory(w http.ResponseWriter, r *http.Request) error {
	c := knowledge.Category{Slug: r.FormValue("slug"), Icon: r.FormValue("icon"),
		Name:  map[i18n.Locale]string{i18n.English: r.FormValue("name_en"), i18n.Korean: r.FormValue("name_ko")},
		About: map[i18n.Locale]string{i18n.English: r.FormValue("about_en"), i18n.Korean: r.FormValue("about_ko")}}
	c.ID, _ = id.Read[knowledge.CategoryID](r.FormValue("edited"))
	c.Parent, _ = id.Read[knowledge.CategoryID](r.FormValue("parent"))
	c.Rank, _ = strconv.Atoi(r.FormValue("rank"))
	c.Rank = min(max(c.Rank, 0), 9999)
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { _, err := knowledge.SaveCategory(ctx, tx, c); return err })
	if err == nil {
		return done(w, r, "/knowledge/categories", "saved")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	return a.showCategories(w, r, trouble.Status, c, trouble)
}

// removeCategory is POST /knowledge/categories/{id}/delete.
func (a area) removeCategory(w http.ResponseWriter, r *http.Request) error {
	c, err := id.Read[knowledge.CategoryID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such category.")
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error { return knowledge.RemoveCategory(ctx, tx, c) })
	if err == nil {
		return done(w, r, "/knowledge/categories", "removed")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	return a.showCategories(w, r, trouble.Status, knowledge.Category{}, trouble)
}

// lookups is the page of what readers looked for.
type lookups struct {
	Misses   []knowledge.Miss
	Synonyms [][]string
	Typed    string
	Trouble  ui.Trouble
}

// searches is GET /knowledge/searches.
func (a area) searches(w http.ResponseWriter, r *http.Request) error {
	return a.showSearches(w, r, http.StatusOK, "", ui.Trouble{})
}

func (a area) showSearches(w http.ResponseWriter, r *http.Request, status int, typed string, trouble ui.Trouble) error {
	p := lookups{Typed: typed, Trouble: trouble}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Misses, err = knowledge.Misses(ctx, tx, 100); err != nil {
			return err
		}
		p.Synonyms, err = knowledge.Synonyms(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if typed == "" {
		var lines []string
		for _, set := range p.Synonyms {
			lines = append(lines, strings.Join(set, ", "))
		}
		p.Typed = strings.Join(lines, "\n")
	}
	ui.Render(w, r, status, searchesPage(p))
	return nil
}

// forget is POST /knowledge/searches/forget.
func (a area) forget(w http.ResponseWriter, r *http.Request) error {
	l, err := locale(r)
	if err != nil {
		return err
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		return knowledge.ForgetMiss(ctx, tx, l, r.FormValue("wanted"))
	}); err != nil {
		return err
	}
	return done(w, r, "/knowledge/searches", "removed")
}

// synonyms is POST /knowledge/synonyms: one set a line, words parted by commas.
func (a area) synonyms(w http.ResponseWriter, r *http.Request) error {
	var sets [][]string
	for line := range strings.SplitSeq(strings.ReplaceAll(r.FormValue("synonyms"), "\r\n", "\n"), "\n") {
		sets = append(sets, strings.Split(line, ","))
	}
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return knowledge.SetSynonyms(ctx, tx, sets) })
	if err == nil {
		return done(w, r, "/knowledge/searches", "saved")
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	return a.showSearches(w, r, trouble.Status, r.FormValue("synonyms"), trouble)
}

// parentOptions are the categories that another may stand under.
func parentOptions(ctx context.Context, p order) []ui.Option {
	list := []ui.Option{{Label: t(ctx, "at_top")}}
	for _, c := range p.Tree {
		if c.ID != p.Edited.ID {
			list = append(list, ui.Option{Value: c.ID.String(), Label: c.Called(i18n.Of(ctx).Locale)})
		}
	}
	return list
}

func iconOptions(ctx context.Context) (list []ui.Option) {
	for _, name := range knowledge.Icons {
		list = append(list, ui.Option{Value: name, Label: t(ctx, "icon_"+strings.ReplaceAll(name, "-", "_"))})
	}
	return list
}
