package knowledge

import (
	"context"
	"net/http"
	"slices"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// history is the versions of a text, one of them compared with the draft.
type history struct {
	knowledge.Article
	Locale i18n.Locale
	List   []knowledge.Version
	Shown  knowledge.Version // zero: none
	Lines  []knowledge.Line  // how it became the draft
	Names  map[team.ID]string
}

// versions is GET /knowledge/articles/{id}/versions?locale=…&version=….
func (a area) versions(w http.ResponseWriter, r *http.Request) error {
	article, err := articleID(r)
	if err != nil {
		return err
	}
	p := history{Locale: i18n.Of(r.Context()).Locale}
	if l, ok := i18n.Parse(r.FormValue("locale")); ok {
		p.Locale = l
	}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Article, err = knowledge.Get(ctx, tx, article); err != nil {
			return err
		}
		if p.List, err = knowledge.Versions(ctx, tx, article, p.Locale); err != nil {
			return err
		}
		p.Names, err = team.Names(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if len(p.List) > 0 {
		i := slices.IndexFunc(p.List, func(v knowledge.Version) bool { return v.ID.String() == r.FormValue("version") })
		p.Shown = p.List[max(i, 0)]
		now := p.Texts[p.Locale]
		p.Lines = knowledge.Compare(whole(p.Shown.Title, p.Shown.Summary, p.Shown.Body), whole(now.Title, now.Summary, now.Body))
	}
	ui.Render(w, r, http.StatusOK, versionsPage(p))
	return nil
}

func whole(title, summary, body string) string { return title + "\n" + summary + "\n" + body }

// restore is POST /knowledge/versions/{id}/restore.
func (a area) restore(w http.ResponseWriter, r *http.Request) error {
	v, err := id.Read[knowledge.VersionID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such version.")
	}
	var article knowledge.ID
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		article, err = knowledge.Restore(ctx, tx, v)
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, articleURL(article), "restored")
}
