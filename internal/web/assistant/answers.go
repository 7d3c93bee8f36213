package assistant

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/knowledge"
	"baraji/internal/web/ui"
)

// shelf is the page of all answers.
type shelf struct {
	List     []assistant.Answer
	Words    string
	Archived bool
	Next     string
}

// answers is GET /assistant/answers.
func (a area) answers(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p := shelf{Words: strings.TrimSpace(q.Get("q")), Archived: q.Has("archived")}
	before, _ := id.Read[assistant.AnswerID](q.Get("before"))
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		p.List, err = assistant.List(ctx, tx, assistant.Filter{Words: p.Words, Archived: p.Archived, Before: before, Limit: 2*pageSize + 1})
		return err
	})
	if err != nil {
		return err
	}
	if len(p.List) > 2*pageSize {
		p.List = p.List[:2*pageSize]
		q.Set("before", p.List[2*pageSize-1].ID.String())
		p.Next = "/assistant/answers?" + q.Encode()
	}
	ui.Render(w, r, http.StatusOK, answersPage(p))
	return nil
}

// editor is the page of one answer.
type editor struct {
	assistant.Answer
	Learned  []assistant.Lesson
	Articles []ui.Option
	Trouble  ui.Trouble
}

func answerURL(id assistant.AnswerID) string { return "/assistant/answers/" + id.String() }

// newAnswer is GET /assistant/answers/new.
func (a area) newAnswer(w http.ResponseWriter, r *http.Request) error {
	return a.edit(w, r, http.StatusOK, assistant.Answer{Locale: i18n.Of(r.Context()).Locale, Audience: knowledge.Everybody, Title: r.FormValue("title")}, ui.Trouble{})
}

// create is POST /assistant/answers/new.
func (a area) create(w http.ResponseWriter, r *http.Request) error {
	n := typed(r, assistant.Answer{})
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) { n.ID, err = assistant.Create(ctx, tx, n); return err })
	if err == nil {
		return done(w, r, answerURL(n.ID), "saved")
	}
	n.ID = 0
	return a.mend(w, r, n, err)
}

// answer is GET /assistant/answers/{id}.
func (a area) answer(w http.ResponseWriter, r *http.Request) error {
	n, err := a.stored(r)
	if err != nil {
		return err
	}
	return a.edit(w, r, http.StatusOK, n, ui.Trouble{})
}

func (a area) stored(r *http.Request) (n assistant.Answer, err error) {
	at, err := answerID(r)
	if err != nil {
		return n, err
	}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) { n, err = assistant.Get(ctx, tx, at); return err })
	return n, err
}

// save is POST /assistant/answers/{id}.
func (a area) save(w http.ResponseWriter, r *http.Request) error {
	n, err := a.stored(r)
	if err != nil {
		return err
	}
	n = typed(r, n)
	n.Archive(r.FormValue("archived") != "", a.DB.Now())
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return assistant.Save(ctx, tx, n) }); err != nil {
		return a.mend(w, r, n, err)
	}
	return done(w, r, answerURL(n.ID), "saved")
}

// mend shows what was typed again, with what is wrong with it.
func (a area) mend(w http.ResponseWriter, r *http.Request, n assistant.Answer, err error) error {
	trouble, failed := ui.TroubleOf(w, r, err)
	if failed != nil || trouble.Status != http.StatusUnprocessableEntity {
		return err
	}
	return a.edit(w, r, trouble.Status, n, trouble)
}

func (a area) edit(w http.ResponseWriter, r *http.Request, status int, n assistant.Answer, trouble ui.Trouble) error {
	p := editor{Answer: n, Trouble: trouble, Articles: []ui.Option{{Label: t(r.Context(), "cites_nothing")}}}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if n.ID != 0 {
			if p.Learned, err = assistant.LearnedFor(ctx, tx, n.ID); err != nil {
				return err
			}
		}
		pages, err := knowledge.Pages(ctx, tx, n.Locale, knowledge.Find{})
		for _, x := range pages {
			p.Articles = append(p.Articles, ui.Option{Value: x.Article.String(), Label: x.Title})
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, answerPage(p))
	return nil
}

// typed puts what a form says over an answer.
func typed(r *http.Request, n assistant.Answer) assistant.Answer {
	n.Title, n.Body, n.Segment = r.FormValue("title"), r.FormValue("body"), r.FormValue("segment")
	n.Phrasings = strings.Split(r.FormValue("phrasings"), "\n")
	n.Audience = knowledge.Audience(r.FormValue("audience"))
	n.Locale, _ = i18n.Parse(r.FormValue("locale"))
	n.Article, _ = id.Read[knowledge.ID](r.FormValue("article_id"))
	return n
}

// remove is POST /assistant/answers/{id}/delete.
func (a area) remove(w http.ResponseWriter, r *http.Request) error {
	n, err := answerID(r)
	if err != nil {
		return err
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return assistant.Delete(ctx, tx, n) }); err != nil {
		return err
	}
	return done(w, r, "/assistant/answers", "deleted")
}

// tried is what the assistant says to somebody who tries it.
type tried struct {
	Text   string
	Locale i18n.Locale
	AsTeam bool
	Asked  bool
	Reply  assistant.Reply
	InChat bool // it answers in the chat
}

// try is GET /assistant/try?q=…: asks it something, as a customer unless team is set. For htmx, what it says alone.
func (a area) try(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p := tried{Text: strings.TrimSpace(q.Get("q")), AsTeam: q.Has("team")}
	var ok bool
	if p.Locale, ok = i18n.Parse(q.Get("locale")); !ok {
		p.Locale = i18n.Of(r.Context()).Locale
	}
	if p.Text != "" {
		ctx := r.Context()
		if !p.AsTeam {
			ctx = knowledge.For(ctx, knowledge.Reader{})
		}
		var err error
		if p.Reply, err = a.Helper.Ask(ctx, assistant.Question{Text: p.Text, Locale: p.Locale}); err != nil {
			return err
		}
		p.Asked = true
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, said(p))
		return nil
	}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		p.InChat, err = assistant.InChat(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, tryPage(p))
	return nil
}

// inChat is POST /assistant/chat: whether it answers in the chat.
func (a area) inChat(w http.ResponseWriter, r *http.Request) error {
	on := r.FormValue("on") != ""
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return assistant.SetInChat(ctx, tx, on) }); err != nil {
		return err
	}
	return done(w, r, "/assistant/try", "in_chat_saved")
}

func listURL(words string, archived bool) string {
	q := url.Values{}
	if words != "" {
		q.Set("q", words)
	}
	if archived {
		q.Set("archived", "1")
	}
	if len(q) == 0 {
		return "/assistant/answers"
	}
	return "/assistant/answers?" + q.Encode()
}
