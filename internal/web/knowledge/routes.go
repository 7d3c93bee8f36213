package knowledge

import (
	"context"
	"net/http"

	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// area is the pages with the parts of the program that they call.
type area struct{ *desk.Desk }

// Routes adds the pages.
func Routes(rt *desk.Routes) {
	a := area{rt.Desk}
	rt.Page("GET /knowledge", team.ReadArticles, a.list)
	rt.Page("POST /knowledge", team.EditArticles, a.create)
	rt.Page("POST /knowledge/from/{id}", team.EditArticles, a.fromConversation)
	rt.Page("GET /knowledge/articles/{id}", team.ReadArticles, a.article)
	rt.Page("POST /knowledge/articles/{id}", team.EditArticles, a.save)
	rt.Page("POST /knowledge/articles/{id}/keep", team.EditArticles, a.keep)
	rt.Page("POST /knowledge/articles/{id}/unpublish", team.EditArticles, a.unpublish)
	rt.Page("POST /knowledge/articles/{id}/archive", team.EditArticles, a.archive)
	rt.Page("GET /knowledge/articles/{id}/versions", team.ReadArticles, a.versions)
	rt.Page("POST /knowledge/versions/{id}/restore", team.EditArticles, a.restore)
	rt.Page("POST /knowledge/preview", team.EditArticles, a.preview)
	rt.Page("POST /knowledge/pictures", team.EditArticles, a.picture)
	rt.Page("GET /knowledge/categories", team.ReadArticles, a.categories)
	rt.Page("POST /knowledge/categories", team.EditArticles, a.saveCategory)
	rt.Page("POST /knowledge/categories/{id}/delete", team.EditArticles, a.removeCategory)
	rt.Page("GET /knowledge/files", team.ReadArticles, a.files)
	rt.Page("POST /knowledge/files", team.EditArticles, a.upload)
	rt.Page("POST /knowledge/files/take", team.EditArticles, a.take)
	rt.Page("GET /knowledge/export.zip", team.ReadArticles, a.export)
	rt.Page("GET /knowledge/searches", team.ReadArticles, a.searches)
	rt.Page("POST /knowledge/searches/forget", team.EditArticles, a.forget)
	rt.Page("POST /knowledge/synonyms", team.EditArticles, a.synonyms)
}

// t is a word of this area.
func t(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "knowledge."+key, args...)
}

func articleID(r *http.Request) (knowledge.ID, error) {
	n, err := id.Read[knowledge.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such article.")
	}
	return n, nil
}

func articleURL(id knowledge.ID) string { return "/knowledge/articles/" + id.String() }

// done says what was done on the page that comes next.
func done(w http.ResponseWriter, r *http.Request, to, word string) error {
	ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), word)}, to)
	return nil
}

func mayWrite(ctx context.Context) bool { return ui.Of(ctx).Can(string(team.EditArticles)) }

// locale reads a language from a form.
func locale(r *http.Request) (i18n.Locale, error) {
	l, ok := i18n.Parse(r.FormValue("locale"))
	if !ok {
		return l, problem.For("locale", "Choose a language.")
	}
	return l, nil
}
