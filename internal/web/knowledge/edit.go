package knowledge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// editor is the page of one article.
type editor struct {
	knowledge.Article
	Votes      knowledge.Votes
	Names      map[team.ID]string
	Categories []knowledge.Category
	Talk       conversation.Conversation // zero: it was not drafted from one, or not for this reader
	Trouble    ui.Trouble
}

// article is GET /knowledge/articles/{id}.
func (a area) article(w http.ResponseWriter, r *http.Request) error {
	article, err := articleID(r)
	if err != nil {
		return err
	}
	return a.show(w, r, article, http.StatusOK, nil, ui.Trouble{})
}

// show draws the editor; typed takes the place of what is stored, when a form came back.
func (a area) show(w http.ResponseWriter, r *http.Request, article knowledge.ID, status int, typed *knowledge.Edit, trouble ui.Trouble) error {
	p := editor{Trouble: trouble}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Article, err = knowledge.Get(ctx, tx, article); err != nil {
			return err
		}
		votes, err := knowledge.VotesOf(ctx, tx, article)
		if err != nil {
			return err
		}
		p.Votes = votes[article]
		if p.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if p.Categories, err = knowledge.Categories(ctx, tx); err != nil || p.Conversation == 0 || !team.From(ctx).Can(team.ReadConversations) {
			return err
		}
		if p.Talk, err = conversation.Get(ctx, tx, conversation.ID(p.Conversation)); problem.KindOf(err) == problem.NotFound {
			err = nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if typed != nil {
		p.take(*typed)
	}
	ui.Render(w, r, status, editPage(p))
	return nil
}

// take puts what somebody typed over what is stored.
func (p *editor) take(e knowledge.Edit) {
	p.Category, p.Owner, p.Audience, p.Segment, p.Issue, p.ReviewAt, p.Edition = e.Category, e.Owner, e.Audience, e.Segment, e.Issue, e.ReviewAt, e.Edition
	for l, w := range e.Texts {
		t := p.Texts[l]
		t.Title, t.Summary, t.Body, t.Slug = w.Title, w.Summary, w.Body, w.Slug
		p.Texts[l] = t
	}
}

// save is POST /knowledge/articles/{id}: keeps the drafts, and with publish=ko, en or both shows them to readers.
func (a area) save(w http.ResponseWriter, r *http.Request) error {
	article, err := articleID(r)
	if err != nil {
		return err
	}
	e := asked(r)
	word := "saved"
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		if _, err := knowledge.Save(ctx, tx, article, e); err != nil {
			return err
		}
		locales := chosen(r.FormValue("publish"))
		if len(locales) == 0 {
			return nil
		}
		word = "published"
		return knowledge.Publish(ctx, tx, article, r.FormValue("small") != "", locales...)
	})
	if err == nil {
		return done(w, r, articleURL(article), word)
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil || trouble.Status == http.StatusForbidden || trouble.Status == http.StatusNotFound {
		return errors.Join(err, statusError(trouble))
	}
	return a.show(w, r, article, trouble.Status, &e, trouble)
}

// statusError is what a form cannot mend.
func statusError(t ui.Trouble) error {
	switch t.Status {
	case http.StatusForbidden:
		return problem.New(problem.Forbidden, "You may not do this. Ask an administrator for the right “%s”.", team.EditArticles)
	case http.StatusNotFound:
		return problem.New(problem.NotFound, "There is no such article.")
	}
	return nil
}

func chosen(publish string) []i18n.Locale {
	if publish == "both" {
		return i18n.Locales()
	}
	if l, ok := i18n.Parse(publish); ok {
		return []i18n.Locale{l}
	}
	return nil
}

// asked reads the form of the editor.
func asked(r *http.Request) knowledge.Edit {
	e := knowledge.Edit{Audience: knowledge.Audience(r.FormValue("audience")), Segment: r.FormValue("segment"), Issue: knowledge.Issue(r.FormValue("issue")), Texts: map[i18n.Locale]knowledge.Words{}}
	e.Edition, _ = strconv.ParseInt(r.FormValue("edition"), 10, 64)
	e.Category, _ = id.Read[knowledge.CategoryID](r.FormValue("category"))
	e.Owner, _ = id.Read[team.ID](r.FormValue("owner"))
	if day, err := time.ParseInLocation(time.DateOnly, r.FormValue("review"), i18n.Of(r.Context()).Zone); err == nil {
		e.ReviewAt = day.UTC()
	}
	for _, l := range i18n.Locales() {
		at := string(l) + "_"
		if _, given := r.PostForm[at+"body"]; given {
			e.Texts[l] = knowledge.Words{Title: r.FormValue(at + "title"), Summary: r.FormValue(at + "summary"), Body: r.FormValue(at + "body"), Slug: r.FormValue(at + "slug")}
		}
	}
	return e
}

// preview is POST /knowledge/preview: what a draft will look like, and how easy it is to read.
func (a area) preview(w http.ResponseWriter, r *http.Request) error {
	l, err := locale(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, previewOf(l, r.FormValue(string(l)+"_body")))
	return nil
}

// body is the text of an article as readers see it. kit/html has made it.
func body(l i18n.Locale, markdown string) templ.Component {
	return templ.Raw(knowledge.HTML(l, markdown))
}

// maxPicture is the size of a picture, in bytes.
const maxPicture = 5 << 20

// picture is POST /knowledge/pictures: takes one, and answers the Markdown that shows it.
func (a area) picture(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxPicture+1<<20)
	file, _, err := r.FormFile("file")
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return problem.For("file", "A file may have at most %d MB.", maxPicture>>20)
	}
	if err != nil {
		return problem.For("file", "Choose a file.")
	}
	defer file.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(file, head)
	kind := http.DetectContentType(head[:n])
	if !knowledge.PictureType(kind) {
		return problem.For("file", "Choose a picture: PNG, JPEG, GIF or WebP.")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	kept, err := a.Blobs.Put(r.Context(), file)
	if err != nil {
		return err
	}
	var made knowledge.PictureID
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = knowledge.AddPicture(ctx, tx, knowledge.Picture{Blob: string(kept.Key), Type: kind, Size: kept.Size})
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(w, "![]("+made.String()+")")
	return err
}

// unpublish is POST /knowledge/articles/{id}/unpublish.
func (a area) unpublish(w http.ResponseWriter, r *http.Request) error {
	article, err := articleID(r)
	if err != nil {
		return err
	}
	l, err := locale(r)
	if err != nil {
		return err
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return knowledge.Unpublish(ctx, tx, article, l) }); err != nil {
		return err
	}
	return done(w, r, articleURL(article), "unpublished")
}

// archive is POST /knowledge/articles/{id}/archive: puts it away, or with away=no takes it out again.
func (a area) archive(w http.ResponseWriter, r *http.Request) error {
	article, err := articleID(r)
	if err != nil {
		return err
	}
	away := r.FormValue("away") != "no"
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return knowledge.Archive(ctx, tx, article, away) }); err != nil {
		return err
	}
	if away {
		ui.SayThere(w, r, ui.Toast{Text: t(r.Context(), "archived"), Undo: articleURL(article) + "/archive?away=no"}, articleURL(article))
		return nil
	}
	return done(w, r, articleURL(article), "unarchived")
}
