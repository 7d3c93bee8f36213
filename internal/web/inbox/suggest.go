package inbox

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// suggestion is something that an agent may put into his answer.
type suggestion struct {
	Target string
	Title  string
	Text   string // as it is inserted: the answer, and where one can read more
	Share  float64
}

// suggestions are what the assistant would say to the last message of a customer, and what it tried before a person took over.
type suggestions struct {
	talk      conversation.ID
	List      []suggestion
	Known     []known
	Incidents []incident.Incident
	Books     []runbook.Suggestion
	Tried     []assistant.Turn
	Titles    map[assistant.Target]string
}

// suggest is GET /inbox/{id}/suggestions: what stands beside the composer. Only what every customer may read is suggested: whatever
// is inserted goes out.
func (a *area) suggest(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	p := suggestions{talk: talk}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		ctx := r.Context()
		last, err := conversation.LastFromCustomer(ctx, tx, talk)
		if err != nil {
			return err
		}
		if p.Tried, err = assistant.TriedIn(ctx, tx, talk); err != nil {
			return err
		}
		if p.Titles, err = assistant.Titles(ctx, tx, i18n.Of(ctx).Locale, tried(p.Tried)); err != nil || last == 0 {
			return err
		}
		return a.suggestTo(ctx, tx, last, r, &p)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, suggestionList(p))
	return nil
}

func tried(list []assistant.Turn) (out []assistant.Target) {
	for _, t := range list {
		out = append(out, t.Target)
	}
	return out
}

// unlikely is a share below which nothing is suggested.
const unlikely = 0.1

func (a *area) suggestTo(ctx context.Context, tx *db.Tx, last conversation.MessageID, r *http.Request, p *suggestions) error {
	m, err := conversation.GetMessage(ctx, tx, last)
	if err != nil {
		return err
	}
	text := m.ReplyText
	if strings.TrimSpace(text) == "" {
		text = m.Text
	}
	if p.Known, err = knownIn(ctx, tx, m.Subject+" "+text, a.Base(r)); err != nil {
		return err
	}
	if p.Incidents, err = guessed(ctx, tx, p.talk, m.Subject+" "+text); err != nil {
		return err
	}
	if p.Books, err = bookSuggestions(ctx, tx, p.talk); err != nil {
		return err
	}
	said, err := a.Helper.AskIn(knowledge.For(ctx, knowledge.Reader{}), tx, assistant.Question{Text: text, Locale: i18n.Of(ctx).Locale})
	for _, c := range said.Offered() {
		if c.Score >= unlikely {
			p.List = append(p.List, suggestion{assistantID(c.Target), c.Title, inserted(c, a.Base(r)), c.Score})
		}
	}
	return err
}

// known is a known problem that the customer's words may be about.
type known struct {
	knowledge.Hit
	Text string // what is inserted: how one gets by until it is solved; "" when it is for the team alone
}

// mostKnown is how many known problems stand beside an answer.
const mostKnown = 2

// knownIn finds known problems under the agent's own eyes: also those that are written down for the team alone.
func knownIn(ctx context.Context, tx *db.Tx, words, base string) (list []known, err error) {
	hits, err := knowledge.Known(ctx, tx, i18n.Of(ctx).Locale, words, mostKnown)
	for _, h := range hits {
		k := known{Hit: h}
		if h.Audience == knowledge.Everybody {
			k.Text = h.Title + "\n\n" + cmp.Or(h.Summary, h.Excerpt.Text) + "\n\n" + base + h.Path()
		}
		list = append(list, k)
	}
	return list, err
}

// inserted is a choice as it goes into an answer.
func inserted(c assistant.Choice, base string) string {
	if c.Source.Article == 0 {
		return c.Text
	}
	return c.Text + "\n\n" + c.Source.Title + ": " + base + c.Source.Path
}

func assistantID(t assistant.Target) string {
	if t.Answer != 0 {
		return t.Answer.String()
	}
	return t.Article.String()
}

// use is POST /inbox/{id}/use: notes what an agent inserted, so that the assistant can learn what answered the question.
func (a *area) use(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	var t assistant.Target
	if t.Article, err = id.Read[knowledge.ID](r.FormValue("target")); err != nil {
		if t.Answer, err = id.Read[assistant.AnswerID](r.FormValue("target")); err != nil {
			return problem.For("target", "There is no such answer.")
		}
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return assistant.Use(r.Context(), tx, talk, t) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// mayBeSuggested says whether there is a place for suggestions.
func mayBeSuggested(ctx context.Context) bool {
	v := ui.Of(ctx)
	return v.Can(string(team.ReadArticles)) && v.Can(string(team.Reply))
}
