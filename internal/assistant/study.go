package assistant

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"baraji/internal/bot"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/token"
	"baraji/internal/team"
)

// studyJob is the job of looking what can be learned from a conversation that was solved.
type studyJob struct {
	Conversation conversation.ID `json:"conversation"`
}

// JobKind names the job.
func (studyJob) JobKind() string { return "assistant.study" }

// OnSolved reacts to a conversation that was solved, when it has been for a moment: a slip is undone at once.
func OnSolved(ctx context.Context, tx *db.Tx, f conversation.StatusSet) error {
	if f.To != conversation.Solved {
		return nil
	}
	return job.Add(ctx, tx, studyJob{f.ID}, job.Options{At: tx.Now().Add(2 * soon), Lane: f.ID.String(), Key: "assistant.study/" + f.ID.String()})
}

// study does the job.
func (a *Assistant) study(ctx context.Context, run *job.Run, j studyJob) error {
	ctx = team.AsSystem(ctx)
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return a.propose(ctx, tx, j.Conversation)
	})
}

// propose makes a lesson of a solved conversation, for somebody to decide about: the customer's question wants what the agent
// inserted, or what his answer says, or what is likeliest; where nothing fits, question and answer are the draft of a new one.
// What the assistant itself said teaches nothing.
func (a *Assistant) propose(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	c, err := conversation.Get(ctx, tx, id)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	if err != nil || c.Status != conversation.Solved || c.MergedInto != 0 {
		return err
	}
	list, err := conversation.Messages(ctx, tx, id, 0, 100)
	if err != nil {
		return err
	}
	question, answer := solution(list)
	if question.ID == 0 || answer.ID == 0 {
		return nil
	}
	who, err := contact.Get(ctx, tx, c.Contact)
	if err != nil && problem.KindOf(err) != problem.NotFound {
		return err
	}
	l := Lesson{State: Waiting, Text: shorten(Mask(bare(question), who.Name, question.FromName), maxPhrasing), Conversation: id, Message: question.ID, Contact: c.Contact}
	l.Locale = spoken(l.Text, i18n.English)
	if known, err := heard(ctx, tx, l); err != nil || known || len(bareWords(l.Text)) == 0 {
		return err
	}
	if err := a.aim(ctx, tx, &l, Mask(strings.TrimSpace(answer.Text), who.Name, answer.FromName)); err != nil || l.State != Waiting {
		return err
	}
	made, err := insert(ctx, tx, l)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Proposed{made})
}

// solution is what was asked and what solved it: the last answer of a person, and the longest that the customer wrote before it.
func solution(list []conversation.Message) (question, answer conversation.Message) {
	for _, m := range list {
		if m.Kind == conversation.FromAgent && m.Person != 0 && m.Delivery != conversation.Withdrawn && strings.TrimSpace(m.Text) != "" {
			answer = m
		}
	}
	for _, m := range list {
		if m.Kind == conversation.FromCustomer && !m.Auto && m.ID < answer.ID && len(bare(m)) > len(bare(question)) {
			question = m
		}
	}
	return question, answer
}

// bare is what a customer says in a message, with its subject where that says more than the text.
func bare(m conversation.Message) string {
	text := m.ReplyText
	if text == "" {
		text = m.Text
	}
	text = oneLine(text)
	if len(bareWords(text)) < 2 && m.Subject != "" {
		text = strings.TrimSpace(oneLine(m.Subject) + " " + text)
	}
	return essence(text)
}

// polite is what stands around a question and is none.
var polite = regexp.MustCompile(`(?i)^(안녕하세요|안녕하십니까|수고하세요|수고하십니다|수고 많으십니다|감사합니다|고맙습니다|부탁드립니다|부탁드려요|hello|hi|hey|dear .*|good (morning|afternoon|evening)|thanks?( you)?( (very|so) much)?|(best|kind) regards|cheers|.{0,12} 드림|.{0,12} 올림)[\s,~^ㅎㅋ]*[.!?…]*$`)

// long is from how many letters on a text is cut down to its questions.
const long = 120

// essence leaves of a message what it asks: no greetings, and of a long one only the sentences that end in a question mark, if there are any.
func essence(text string) string {
	var all, questions []string
	for _, s := range sentences.FindAllString(text, -1) {
		if s = strings.TrimSpace(s); s == "" || polite.MatchString(s) {
			continue
		}
		all = append(all, s)
		if strings.HasSuffix(s, "?") {
			questions = append(questions, s)
		}
	}
	whole := strings.Join(all, " ")
	switch {
	case whole == "":
		return text
	case utf8.RuneCountInString(whole) > long && len(questions) > 0:
		return strings.Join(questions, " ")
	}
	return whole
}

var sentences = regexp.MustCompile(`[^.?!。？！]*[.?!。？！]*`)

func bareWords(text string) []string {
	return strings.Fields(strings.ReplaceAll(token.Fold(text), masked, ""))
}

// heard says whether the same was proposed or learned before, from this conversation or another.
func heard(ctx context.Context, tx *db.Tx, l Lesson) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM assistant_lesson WHERE (conversation_id = $1 AND conversation_id <> 0 OR text = $2) AND state <> 'undone'`, l.Conversation, l.Text)
}

// sure is how likely a target is that an agent's own words are taken for.
const (
	sure   = 0.97 // the assistant knows the question already
	likely = 0.3  // from here on what it would say is proposed, below that a new answer
	alike  = 0.5  // so much of what the agent wrote stands in an answer that he meant it
)

// aim finds what a lesson leads to. A question that is answered rightly and surely already is no lesson: then its state is Rejected.
func (a *Assistant) aim(ctx context.Context, tx *db.Tx, l *Lesson, answer string) error {
	used, err := lastUse(ctx, tx, l.Conversation)
	if err != nil {
		return err
	}
	r, err := a.AskIn(ctx, tx, Question{Text: l.Text, Locale: l.Locale})
	if err != nil {
		return err
	}
	for _, c := range r.Best {
		if !used.Known() && overlap(answer, c.Title+" "+c.Text) >= alike {
			used = c.Target
		}
	}
	switch {
	case used.Known() && r.Outcome == Answered && r.Confidence >= sure && r.Target == used:
		l.State = Rejected
	case used.Known():
		l.Target, l.Likely = used, 1
	case r.Outcome != HandOver || len(r.Best) > 0 && r.Confidence >= likely:
		l.Target, l.Likely = r.Best[0].Target, r.Confidence
	default:
		l.Title, l.Body = shorten(l.Text, maxTitle), shorten(answer, maxBody)
	}
	return nil
}

// overlap is how much of what was written stands in a text: 0 to 1, by words.
func overlap(written, text string) float64 {
	has := map[string]bool{}
	for _, w := range words(text) {
		has[w] = true
	}
	list := words(written)
	if len(list) < 3 {
		return 0
	}
	n := 0
	for _, w := range list {
		if has[w] {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

func words(text string) []string { return strings.Fields(token.Fold(text)) }

// Use notes that an agent put an answer or an article into what he writes to a customer.
func Use(ctx context.Context, tx *db.Tx, c conversation.ID, t Target) error {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return err
	}
	if _, err := conversation.Get(ctx, tx, c); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO assistant_use (id, conversation_id, answer_id, article_id, person_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), c, t.Answer, t.Article, team.From(ctx).Person, tx.Now())
	return err
}

func lastUse(ctx context.Context, tx *db.Tx, c conversation.ID) (Target, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (t Target, err error) { return t, r.Scan(&t.Answer, &t.Article) },
		`SELECT answer_id, article_id FROM assistant_use WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1`, c)
	return append(list, Target{})[0], err
}

// Suggest is what an agent might answer to the last message of a customer.
func (a *Assistant) Suggest(ctx context.Context, text string) ([]Choice, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	r, err := a.Ask(ctx, Question{Text: text, Locale: spoken(text, i18n.Of(ctx).Locale)})
	return r.Best[:min(len(r.Best), bot.MostChoices)], err
}
