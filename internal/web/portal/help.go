package portal

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"baraji/internal/assistant"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// found is what may answer a question before it is sent.
type found struct {
	Query string
	Asked bool // he asked for it himself, and is told when there is nothing
	Said  assistant.Reply
	Pages []knowledge.Hit
}

func (f found) any() bool { return f.speaks() || len(f.Pages) > 0 }

// speaks says whether the assistant has an answer, or some to choose from.
func (f found) speaks() bool {
	return f.Said.Outcome == assistant.Answered || f.Said.Outcome == assistant.Choices
}

// offered is what the assistant lets him choose from.
func (f found) offered() []assistant.Choice {
	if f.Said.Outcome != assistant.Choices {
		return nil
	}
	return f.Said.Offered()
}

// target is what the assistant says, so that the same is not counted at each letter.
func (f found) target() string {
	said := []assistant.Target{f.Said.Target}
	for _, c := range f.offered() {
		said = append(said, c.Target)
	}
	var key []string
	for _, t := range said {
		key = append(key, t.Answer.String()+"."+t.Article.String())
	}
	return strings.Join(key, " ")
}

const (
	maxFound   = 3
	maxQuery   = 300 // letters that are looked for
	fewLetters = 2
)

// reads is a context in which the guest reads what is for customers who are signed in, and for his own kind of customer.
func reads(ctx context.Context, tx *db.Tx, v visit) (context.Context, error) {
	p, err := contact.Whole(team.AsSystem(ctx), tx, v.Contact.ID)
	return knowledge.For(ctx, knowledge.Reader{SignedIn: true, Tags: p.Tags}), err
}

// seek looks for what answers a question. shown is the answer that he sees already: a new one is written down as part of the
// visit, which is the page with this key.
func (a area) seek(v visit, key, query, shown string) (f found, err error) {
	f.Query = beginning(query, maxQuery)
	if len([]rune(f.Query)) < fewLetters || a.Helper == nil {
		return f, nil
	}
	q := assistant.Question{Text: f.Query, Locale: i18n.Of(v.ctx).Locale}
	ctx := v.ctx
	err = a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
		if ctx, err = reads(v.ctx, tx, v); err != nil {
			return err
		}
		if f.Said, err = a.Helper.AskIn(ctx, tx, q); err != nil {
			return err
		}
		f.Pages, err = knowledge.Search(ctx, tx, q.Locale, f.Query, maxFound)
		return err
	})
	if err != nil || !f.speaks() {
		return f, err
	}
	f.dropCited()
	if f.target() == shown || len(key) < 16 {
		return f, nil
	}
	f.Said.Ref = rand.Text()
	q.Place, q.Session, q.Contact = assistant.Portal, key, v.Contact.ID
	return f, a.write(v, func(tx *db.Tx) error { _, err := assistant.Record(v.ctx, tx, q, f.Said); return err })
}

// dropCited leaves out of the list what the answer rests on.
func (f *found) dropCited() {
	var rest []knowledge.Hit
	for _, h := range f.Pages {
		cited := h.Article == f.Said.Article
		for _, c := range f.Said.Citations {
			cited = cited || c.Article == h.Article
		}
		for _, c := range f.offered() {
			cited = cited || c.Article == h.Article
		}
		if !cited {
			rest = append(rest, h)
		}
	}
	f.Pages = rest
}

// help is GET /portal/help?q=…: what may answer it, while he writes. What he sees already stays (204).
func (a area) help(w http.ResponseWriter, v visit) error {
	q := v.r.URL.Query()
	f, err := a.seek(v, q.Get("key"), q.Get("q"), q.Get("shown"))
	if err != nil {
		return err
	}
	if f.speaks() && f.Said.Ref == "" {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	ui.Render(w, v.r, http.StatusOK, foundPart(f))
	return nil
}

// article is GET /portal/help/{slug}: a help article, also one that is only for customers who are signed in.
func (a area) article(w http.ResponseWriter, v visit) error {
	var p knowledge.Page
	err := a.DB.Read(v.ctx, func(tx *db.Tx) error {
		ctx, err := reads(v.ctx, tx, v)
		if err == nil {
			p, err = knowledge.Read(ctx, tx, i18n.Of(ctx).Locale, v.r.PathValue("slug"))
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, v.r, http.StatusOK, helpArticle(p))
	return nil
}

// picture is GET /portal/picture/{id}: of an article that the guest sees.
func (a area) picture(w http.ResponseWriter, v visit) error {
	return a.Picture(w, v.r, v.r.PathValue("id"), func(id knowledge.PictureID) (p knowledge.Picture, err error) {
		return p, a.DB.Read(v.ctx, func(tx *db.Tx) error {
			ctx, err := reads(v.ctx, tx, v)
			if err == nil {
				p, err = knowledge.GetPicture(ctx, tx, id)
			}
			return err
		})
	})
}

// helped is POST /portal/helped: an answer (ref), or something that he read (article), was what he needed. Nothing is sent.
func (a area) helped(w http.ResponseWriter, v visit) error {
	form := v.r.PostFormValue
	err := a.write(v, func(tx *db.Tx) error {
		if ref := form("ref"); ref != "" {
			return assistant.Useful(v.ctx, tx, ref, true)
		}
		return a.helpedBy(v, tx, form("key"), form("q"), form("article"))
	})
	if err != nil {
		return err
	}
	http.Redirect(w, v.r, "/portal/helped", http.StatusSeeOther)
	return nil
}

// helpedBy notes that an article which he found himself was enough: it counts as a choice among what was offered.
func (a area) helpedBy(v visit, tx *db.Tx, key, query, slug string) error {
	ctx, err := reads(v.ctx, tx, v)
	if err != nil {
		return err
	}
	p, err := knowledge.Read(ctx, tx, i18n.Of(ctx).Locale, slug)
	if err != nil {
		return err
	}
	if err := knowledge.Vote(ctx, tx, p, a.Visitor(v.r), true); err != nil {
		return err
	}
	if len(key) < 16 {
		return problem.New(problem.Invalid, "What was sent cannot be read. Load the page again.")
	}
	q := assistant.Question{Text: beginning(query, maxQuery), Locale: p.Locale, Place: assistant.Portal, Session: key, Contact: v.Contact.ID}
	r := assistant.Reply{Outcome: assistant.Choices, Target: assistant.Target{Article: p.Article}, Ref: rand.Text()}
	if _, err := assistant.Record(v.ctx, tx, q, r); err != nil {
		return err
	}
	return assistant.Useful(v.ctx, tx, r.Ref, true)
}

func (a area) glad(w http.ResponseWriter, v visit) error {
	ui.Render(w, v.r, http.StatusOK, gladPage())
	return nil
}

// beginning is as much of a text as is read.
func beginning(s string, letters int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), letters)])
}

// slugOf is the address of an article within its language.
func slugOf(path string) (string, bool) {
	_, slug, ok := strings.Cut(path, "/a/")
	return slug, ok
}

// said is what the assistant answers: an answer's Markdown, or a passage as it stands in its article.
func said(of assistant.Target, text string) templ.Component {
	if of.Answer != 0 {
		return shown(html.FromMarkdown(text))
	}
	return shown(html.FromText(text))
}

// written is the text of an article as kit/html made it when it was published, with its pictures where this guest may have them.
func written(p knowledge.Page) templ.Component { return shown(p.WithPicturesAt("/portal/picture/")) }
