package assistant

import (
	"context"
	"crypto/rand"
	"strings"

	"baraji/internal/bot"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// Question is what somebody asks. Who he is, stands in the context: the customer set by knowledge.For, or else the actor.
type Question struct {
	Text    string
	Locale  i18n.Locale // that he reads; what he writes in Hangul is answered in Korean all the same
	Place   Place       // where he asks; "" is a try, of which nothing is kept
	Session string      // what makes two questions one visit; "": nothing is kept
	Contact contact.ID  // 0: a stranger
	// Conversation is the talk in which he asks; 0: in none.
	Conversation conversation.ID
}

// Outcome is what the assistant makes of a question.
type Outcome string

// The outcomes.
const (
	Answered Outcome = "answer"   // Text answers it
	Choices  Outcome = "choices"  // the answer is probably among the first of Best: let him choose
	HandOver Outcome = "handover" // to a person
)

// Reply is what the assistant says to a question.
type Reply struct {
	Outcome    Outcome
	Confidence float64 // that the first of Best is right: 0 to 1
	Target             // what answers; only when Answered
	Title      string  // of it
	Text       string  // Markdown of an answer, or a passage of an article
	Best       []Choice
	Citations  []Citation
	Ref        string // by which the asker may say whether it helped; "" of a try
	Model      ModelID
}

// Choice is something that may answer the question.
type Choice struct {
	Target
	Title  string
	Text   string   // Markdown of an answer, or the passage of an article that fits best
	Score  float64  // its share among all there is: 0 to 1
	Source Citation // the zero one of an answer that cites nothing
}

// Citation is an article that a reply rests on, where the help centre shows it.
type Citation struct {
	Article knowledge.ID
	Title   string
	Path    string
}

// maxQuestion is how much of a question is read, in letters.
const maxQuestion = 1000

// Ask answers a question in a transaction of its own that reads. What is kept of it is written a moment later.
func (a *Assistant) Ask(ctx context.Context, q Question) (Reply, error) {
	var r Reply
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { r, err = a.AskIn(ctx, tx, q); return err })
	if err != nil {
		return r, err
	}
	if q.Place != "" && q.Session != "" {
		r.Ref = rand.Text()
		a.note(q, r)
	}
	return r, nil
}

// AskIn answers within a transaction. Nothing is kept: see [Record].
//
// The asker sees what he may see at this moment: what is not for him is left out before anything is compared, and what the model
// names is looked up under his own eyes again, in case that it has changed since.
func (a *Assistant) AskIn(ctx context.Context, tx *db.Tx, q Question) (Reply, error) {
	if err := a.current(ctx, tx); err != nil {
		return Reply{}, err
	}
	q.Text, q.Locale = shorten(oneLine(q.Text), maxQuestion), spoken(q.Text, q.Locale)
	b := a.brain.Load()
	r := Reply{Outcome: HandOver, Model: b.id}
	if b.model == nil || q.Text == "" {
		return r, nil
	}
	gone := map[string]bool{}
	for {
		out := b.model.AskAmong(q.Text, "", func(id string) bool { return !gone[id] && b.things.may(ctx, id, q.Locale) })
		had := len(gone)
		best, err := look(ctx, tx, q.Locale, out, gone)
		if err != nil {
			return r, err
		}
		if len(gone) == had {
			r.say(out, best)
			return r, nil
		}
	}
}

// may says whether the asker may be told of an answer or article.
func (t things) may(ctx context.Context, id string, l i18n.Locale) bool {
	of, known := t[id]
	return known && of.locale == l && knowledge.MaySee(ctx, of.audience, of.segment)
}

// current makes sure that another model is fetched if another one answers since.
func (a *Assistant) current(ctx context.Context, tx *db.Tx) error {
	now, err := Now(ctx, tx)
	if err == nil && now.Model != a.brain.Load().id {
		select {
		case a.behind <- struct{}{}:
		default:
		}
	}
	return err
}

// look finds what the model named, as the asker sees it now. What he does not see (any more) is put among gone.
func look(ctx context.Context, tx *db.Tx, l i18n.Locale, out bot.Outcome, gone map[string]bool) ([]Choice, error) {
	answers, err := answersOf(ctx, tx, out)
	if err != nil {
		return nil, err
	}
	pages, err := pagesOf(ctx, tx, out)
	if err != nil {
		return nil, err
	}
	cited, err := citedBy(ctx, tx, l, answers)
	if err != nil {
		return nil, err
	}
	var best []Choice
	for _, o := range out.Answers {
		if n, ok := answers[o.ID]; ok {
			best = append(best, Choice{Target: Target{Answer: n.ID}, Title: n.Title, Text: n.Body, Score: o.Score, Source: cite(cited[n.Article])})
		} else if p, ok := pages[o.ID]; ok {
			best = append(best, Choice{Target: Target{Article: p.Article}, Title: p.Title, Text: passage(p.Plain, o.Passage), Score: o.Score, Source: cite(p)})
		} else {
			gone[o.ID] = true
		}
	}
	return best, nil
}

// cite makes a citation; of no page the zero one.
func cite(p knowledge.Page) (c Citation) {
	if p.Article != 0 {
		c = Citation{p.Article, p.Title, p.Path()}
	}
	return c
}

func answersOf(ctx context.Context, tx *db.Tx, out bot.Outcome) (map[string]Answer, error) {
	var ids []AnswerID
	for _, o := range out.Answers {
		if n, ok := answerOf(o.ID); ok {
			ids = append(ids, n)
		}
	}
	found := map[string]Answer{}
	if len(ids) == 0 {
		return found, nil
	}
	var args db.Args
	list, err := db.All(ctx, tx, scanAnswer, `SELECT `+answerColumns+` FROM assistant_answer n WHERE n.id IN `+db.In(&args, ids)+` AND `+visible(ctx, &args), args.List()...)
	for _, n := range list {
		found[n.ID.String()] = n
	}
	return found, err
}

func pagesOf(ctx context.Context, tx *db.Tx, out bot.Outcome) (map[string]knowledge.Page, error) {
	var ids []knowledge.VersionID
	for _, o := range out.Answers {
		if v, ok := versionOf(o.ID); ok {
			ids = append(ids, v)
		}
	}
	list, err := knowledge.Current(ctx, tx, ids)
	found := map[string]knowledge.Page{}
	for _, p := range list {
		found[p.Version.String()] = p
	}
	return found, err
}

// citedBy are the articles that answers rest on, as far as the asker sees them.
func citedBy(ctx context.Context, tx *db.Tx, l i18n.Locale, answers map[string]Answer) (map[knowledge.ID]knowledge.Page, error) {
	var ids []knowledge.ID
	for _, n := range answers {
		if n.Article != 0 {
			ids = append(ids, n.Article)
		}
	}
	return knowledge.Cite(ctx, tx, l, ids)
}

// say makes the reply of what the model thinks.
func (r *Reply) say(out bot.Outcome, best []Choice) {
	r.Confidence, r.Best = out.Confidence, best
	switch {
	case len(best) == 0:
		return
	case out.Kind == bot.Answered:
		first := best[0]
		r.Outcome, r.Target, r.Title, r.Text = Answered, first.Target, first.Title, first.Text
		r.Citations = citations(best[:1])
	case out.Kind == bot.Choices:
		r.Outcome = Choices
		r.Citations = citations(r.Offered())
	}
}

func citations(list []Choice) (out []Citation) {
	for _, c := range list {
		if c.Source.Article != 0 {
			out = append(out, c.Source)
		}
	}
	return out
}

// Offered are the choices that are worth being offered.
func (r Reply) Offered() []Choice { return r.Best[:min(len(r.Best), bot.MostChoices)] }

// passage is the part of an article that fits best.
func passage(text string, p bot.Passage) string {
	if p.Start < 0 || p.End > len(text) || p.Start >= p.End {
		return shorten(text, 400)
	}
	return strings.TrimSpace(text[p.Start:p.End])
}

func shorten(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return string(r[:letters])
	}
	return s
}
