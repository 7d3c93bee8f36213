package api

import (
	"context"
	"net/http"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

func answers(rt *routes) {
	const long = 4 << 20
	get(rt, "/answers", "List saved answers, the newest first", listAnswers)
	post(rt, "/answers", "Save an answer with the ways to ask for it", createAnswer, status(http.StatusCreated), body(long),
		about("The assistant learns it a few seconds later; `POST /assistant/retrain` waits until it has."))
	get(rt, "/answers/{id}", "Read a saved answer", getAnswer)
	patch(rt, "/answers/{id}", "Change a saved answer", changeAnswer, body(long))
	remove(rt, "/answers/{id}", "Take a saved answer away for good", removeAnswer)
}

// SavedAnswer is a saved answer.
type SavedAnswer struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Body      string   `json:"body" doc:"Markdown"`
	Phrasings []string `json:"phrasings" nullable:"false" doc:"Ways to ask for it"`
	Locale    string   `json:"locale" enum:"ko,en"`
	Article   ref      `json:"article_id" doc:"What it cites"`
	Audience  string   `json:"audience" doc:"public, signed-in, internal, or a tag of the customers who may read it"`
	Archived  bool     `json:"archived" doc:"Nobody is given it"`
	CreatedAt stamp    `json:"created_at"`
	UpdatedAt stamp    `json:"updated_at"`
}

func showAnswer(n assistant.Answer) SavedAnswer {
	return SavedAnswer{n.ID.String(), n.Title, n.Body, list(n.Phrasings), string(n.Locale), refOf(n.Article), audienceWord(n.Audience, n.Segment),
		!n.ArchivedAt.IsZero(), stamp(n.CreatedAt), stamp(n.UpdatedAt)}
}

// audienceWord is an audience as the interface says it: that of a segment is its tag.
func audienceWord(a knowledge.Audience, segment string) string {
	if a == knowledge.Segment {
		return segment
	}
	return string(a)
}

func audienceOf(word string) (knowledge.Audience, string) {
	for _, a := range []knowledge.Audience{knowledge.Everybody, knowledge.SignedIn, knowledge.Internal} {
		if word == string(a) {
			return a, ""
		}
	}
	if word == "" {
		return knowledge.Everybody, ""
	}
	return knowledge.Segment, word
}

// answerQuery is which answers are listed.
type answerQuery struct {
	Span
	Query    string `query:"q" maxLength:"200" doc:"Words of the title or of a phrasing"`
	Locale   string `query:"locale" enum:"ko,en"`
	Archived bool   `query:"archived"`
}

func listAnswers(ctx context.Context, tx *db.Tx, in *answerQuery) (page[SavedAnswer], error) {
	before, err := cursorID[assistant.AnswerID](in.Cursor)
	if err != nil {
		return page[SavedAnswer]{}, err
	}
	l, err := assistant.List(ctx, tx, assistant.Filter{Words: in.Query, Locale: i18n.Locale(in.Locale), Archived: in.Archived, Before: before, Limit: in.Limit + 1})
	if err == nil {
		err = assistant.FillPhrasings(ctx, tx, l)
	}
	return cut(l, in.Limit, func(n assistant.Answer) string { return n.ID.String() }, showAnswer), err
}

// newAnswer saves an answer.
type newAnswer struct {
	Body struct {
		Title     string   `json:"title" maxLength:"400"`
		Body      string   `json:"body" maxLength:"20000" doc:"Markdown"`
		Phrasings []string `json:"phrasings,omitempty" nullable:"false"`
		Locale    string   `json:"locale" enum:"ko,en"`
		Article   string   `json:"article_id,omitempty" doc:"What it cites"`
		Audience  string   `json:"audience,omitempty" maxLength:"60" doc:"public unless said"`
	}
}

func createAnswer(ctx context.Context, tx *db.Tx, in *newAnswer) (SavedAnswer, error) {
	b := in.Body
	article, err := named[knowledge.ID]("article_id", b.Article)
	if err != nil {
		return SavedAnswer{}, err
	}
	n := assistant.Answer{Locale: i18n.Locale(b.Locale), Title: b.Title, Body: b.Body, Article: article, Phrasings: b.Phrasings}
	n.Audience, n.Segment = audienceOf(b.Audience)
	if n.ID, err = assistant.Create(ctx, tx, n); err != nil {
		return SavedAnswer{}, err
	}
	n, err = assistant.Get(ctx, tx, n.ID)
	return showAnswer(n), err
}

func answerAt(ctx context.Context, tx *db.Tx, s string) (assistant.Answer, error) {
	id, err := target[assistant.AnswerID](s)
	if err != nil {
		return assistant.Answer{}, err
	}
	return assistant.Get(ctx, tx, id)
}

func getAnswer(ctx context.Context, tx *db.Tx, in *one) (SavedAnswer, error) {
	n, err := answerAt(ctx, tx, in.ID)
	return showAnswer(n), err
}

// answerChange is what is changed of an answer.
type answerChange struct {
	ID   string `path:"id"`
	Body struct {
		Title     *string       `json:"title,omitempty" maxLength:"400"`
		Body      *string       `json:"body,omitempty" maxLength:"20000"`
		Phrasings *[]string     `json:"phrasings,omitempty" nullable:"false" doc:"All of them: they take the place of those that were"`
		Locale    *string       `json:"locale,omitempty" enum:"ko,en"`
		Article   maybe[string] `json:"article_id,omitempty"`
		Audience  *string       `json:"audience,omitempty" maxLength:"60"`
		Archived  *bool         `json:"archived,omitempty"`
	}
}

func changeAnswer(ctx context.Context, tx *db.Tx, in *answerChange) (SavedAnswer, error) {
	n, err := answerAt(ctx, tx, in.ID)
	if err != nil {
		return SavedAnswer{}, err
	}
	if err := in.apply(&n, tx); err != nil {
		return SavedAnswer{}, err
	}
	if err := assistant.Save(ctx, tx, n); err != nil {
		return SavedAnswer{}, err
	}
	n, err = assistant.Get(ctx, tx, n.ID)
	return showAnswer(n), err
}

func (in *answerChange) apply(n *assistant.Answer, tx *db.Tx) (err error) {
	b := in.Body
	if b.Title != nil {
		n.Title = *b.Title
	}
	if b.Body != nil {
		n.Body = *b.Body
	}
	if b.Phrasings != nil {
		n.Phrasings = *b.Phrasings
	}
	if b.Locale != nil {
		n.Locale = i18n.Locale(*b.Locale)
	}
	if b.Audience != nil {
		n.Audience, n.Segment = audienceOf(*b.Audience)
	}
	if b.Archived != nil {
		n.Archive(*b.Archived, tx.Now())
	}
	if b.Article.Set {
		n.Article, err = named[knowledge.ID]("article_id", b.Article.Value)
	}
	return err
}

func removeAnswer(ctx context.Context, tx *db.Tx, in *one) error {
	n, err := answerAt(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return assistant.Delete(ctx, tx, n.ID)
}
