package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// helper is the assistant.
func helper(rt *routes) {
	rt.askAssistant()
	post(rt, "/assistant/lessons", "Teach the assistant what a text wants", teach, status(http.StatusAccepted),
		about("It is learned a few seconds later; `POST /assistant/retrain` waits until it is."))
	remove(rt, "/assistant/lessons/{id}", "Undo a lesson", unteach)
	around(rt, "/assistant/retrain", "Learn everything anew, and answer when the new model serves", rt.retrain)
}

// question is what is asked of the assistant.
type question struct {
	Body struct {
		Text    string `json:"text" minLength:"1" maxLength:"10000"`
		Locale  string `json:"locale,omitempty" enum:"ko,en" doc:"Of who asks; what is written in Hangul is answered in Korean"`
		Session string `json:"session,omitempty" maxLength:"100" doc:"What makes several questions one visit. With it the question counts in the figures; without, nothing of it is kept"`
		For     string `json:"for,omitempty" enum:"customer,team" default:"customer" doc:"team: also with what only the team may read"`
	}
}

// Said is what the assistant says.
type Said struct {
	Outcome    string      `json:"outcome" enum:"answer,choices,handover"`
	AnswerID   string      `json:"answer_id,omitempty" doc:"When an answer, or an article, answers it"`
	Text       string      `json:"text,omitempty" doc:"Markdown of an answer, or the passage of an article"`
	Confidence float64     `json:"confidence" doc:"That the first choice is right: 0 to 1"`
	Choices    []Offer     `json:"choices" nullable:"false" doc:"The best five, whatever the outcome"`
	Citations  []Reference `json:"citations" nullable:"false"`
}

// Offer is an answer or an article that may be right.
type Offer struct {
	AnswerID string  `json:"answer_id"`
	Title    string  `json:"title"`
	Score    float64 `json:"score" doc:"Its share among all there is: 0 to 1"`
}

// Reference is an article that is cited.
type Reference struct {
	ArticleID string `json:"article_id"`
	Title     string `json:"title"`
	URL       string `json:"url"`
}

// askAssistant adds the one operation that is measured by milliseconds: it writes nothing before it has answered, unless there is an
// Idempotency-Key to keep the answer for.
func (rt *routes) askAssistant() {
	h, o := rt.operation(http.MethodPost, "/assistant/ask", "Ask the assistant", []option{
		about("As a customer of whom nothing is known, unless `for` says otherwise. `Server-Timing: app;dur=…` is how many milliseconds it took.")})
	keyed(h)
	describe[Said](rt, h, o)
	huma.Register(rt.api, *h, func(ctx context.Context, in *question) (*output, error) {
		c := callOf(ctx)
		said, err := rt.ask(ctx, in)
		a, failed := answered(o.status, said)
		switch {
		case err != nil || failed != nil:
			a = rt.problemOf(ctx, h.Method, c.path, first(err, failed))
		case c.key != "":
			a = rt.once(ctx, h.Method, h.Method+" "+h.Path, o, func(context.Context, *db.Tx) (any, error) { return said, nil })
		}
		a.header("Server-Timing", fmt.Sprintf("app;dur=%.3f", rt.Clock().Sub(c.began).Seconds()*1000))
		return rt.output(a), nil
	})
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (s *server) ask(ctx context.Context, in *question) (Said, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Said{}, err
	}
	q := assistant.Question{Text: in.Body.Text, Locale: i18n.Locale(in.Body.Locale)}
	if q.Locale == "" {
		q.Locale = i18n.Of(ctx).Locale
	}
	if in.Body.Session != "" {
		q.Place, q.Session = assistant.API, callOf(ctx).token.ID.String()+"/"+in.Body.Session
	}
	if in.Body.For != "team" {
		ctx = knowledge.For(ctx, knowledge.Reader{})
	}
	r, err := s.Helper.Ask(ctx, q)
	return s.showReply(r), err
}

func (s *server) showReply(r assistant.Reply) Said {
	out := Said{Outcome: string(r.Outcome), Text: r.Text, Confidence: r.Confidence, Choices: []Offer{}, Citations: []Reference{}}
	if r.Outcome == assistant.Answered {
		out.AnswerID = targetID(r.Target)
	}
	for _, c := range r.Best {
		out.Choices = append(out.Choices, Offer{targetID(c.Target), c.Title, c.Score})
	}
	for _, c := range r.Citations {
		out.Citations = append(out.Citations, Reference{c.Article.String(), c.Title, s.URL + c.Path})
	}
	return out
}

func targetID(t assistant.Target) string {
	if t.Answer != 0 {
		return t.Answer.String()
	}
	return t.Article.String()
}

// newLesson teaches.
type newLesson struct {
	Body struct {
		Text     string `json:"text" maxLength:"1000" doc:"As customers ask"`
		AnswerID string `json:"answer_id,omitempty" doc:"The answer or article that it wants"`
		None     bool   `json:"none,omitempty" doc:"Nothing that we have: such messages are none of ours"`
	}
}

// Learned is a lesson.
type Learned struct {
	ID string `json:"id"`
}

func teach(ctx context.Context, tx *db.Tx, in *newLesson) (Learned, error) {
	to, err := targetOf(in.Body.AnswerID, in.Body.None)
	if err != nil {
		return Learned{}, err
	}
	id, err := assistant.Teach(ctx, tx, assistant.Lesson{Text: in.Body.Text, Target: to})
	return Learned{id.String()}, err
}

// targetOf reads the id of an answer or of an article.
func targetOf(s string, none bool) (t assistant.Target, err error) {
	if none {
		return assistant.Target{None: true}, nil
	}
	if t.Article, err = id.Read[knowledge.ID](s); err == nil {
		return t, nil
	}
	t.Answer, err = named[assistant.AnswerID]("answer_id", s)
	return t, err
}

func unteach(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := target[assistant.LessonID](in.ID)
	if err != nil {
		return err
	}
	return assistant.Undo(ctx, tx, id)
}

// Trained is a model that serves.
type Trained struct {
	Model     string `json:"model"`
	TrainedOn int    `json:"trained_on" doc:"Phrasings"`
	TookMS    int64  `json:"took_ms"`
}

func (s *server) retrain(ctx context.Context, _ *struct{}) (Trained, error) {
	m, err := s.Helper.Retrain(ctx)
	if err != nil {
		return Trained{}, err
	}
	return Trained{m.ID.String(), m.Figures.Phrasings, m.Took.Milliseconds()}, nil
}
