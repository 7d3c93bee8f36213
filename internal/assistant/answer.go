package assistant

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// Answer is a saved answer.
type Answer struct {
	ID         AnswerID
	Locale     i18n.Locale
	Title      string
	Body       string       // Markdown
	Article    knowledge.ID // what it cites; 0: nothing but itself
	Audience   knowledge.Audience
	Segment    string
	ArchivedAt time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Phrasings  []string // as the team wrote them; see Phrasings for all
	Ways       int      // how many ways to ask there are, those from customers too
}

const answerColumns = `n.id, n.locale, n.title, n.body, n.article_id, n.audience, n.segment, n.archived_at, n.created_at, n.updated_at`

func scanAnswer(r db.Row) (n Answer, err error) {
	return n, r.Scan(&n.ID, &n.Locale, &n.Title, &n.Body, &n.Article, &n.Audience, &n.Segment, db.Time(&n.ArchivedAt), db.Time(&n.CreatedAt), db.Time(&n.UpdatedAt))
}

// Lengths, in letters.
const (
	maxTitle     = 200
	maxBody      = 8000
	maxPhrasing  = 500
	maxPhrasings = 2000 // of one answer
)

// tidy makes an answer fit to be stored, or says what is wrong with it.
func (n *Answer) tidy(ctx context.Context, tx *db.Tx) error {
	n.Title, n.Body = oneLine(n.Title), clean(n.Body)
	if n.Audience == "" {
		n.Audience = knowledge.Everybody
	}
	if n.Audience != knowledge.Segment {
		n.Segment = ""
	}
	n.Segment = strings.ToLower(oneLine(n.Segment))
	n.Phrasings = distinct(n.Phrasings)
	var c problem.Check
	c.That(n.Title != "", "title", "Enter the question that this answers.")
	c.That(utf8.RuneCountInString(n.Title) <= maxTitle, "title", "That is too long: at most %d letters.", maxTitle)
	c.That(n.Body != "", "body", "Write what is answered.")
	c.That(utf8.RuneCountInString(n.Body) <= maxBody, "body", "That is too long: at most %d letters.", maxBody)
	_, spoken := i18n.Parse(string(n.Locale))
	c.That(spoken, "locale", "Choose a language.")
	c.That(known(n.Audience), "audience", "Choose who may read it.")
	c.That(n.Audience != knowledge.Segment || n.Segment != "", "segment", "Enter the tag of the customers who may read it.")
	c.That(len(n.Phrasings) <= maxPhrasings, "phrasings", "There may be %d phrasings at most.", maxPhrasings)
	for _, p := range n.Phrasings {
		c.That(utf8.RuneCountInString(p) <= maxPhrasing, "phrasings", "That is too long: at most %d letters.", maxPhrasing)
	}
	if err := c.Err(); err != nil || n.Article == 0 {
		return err
	}
	_, err := knowledge.Get(ctx, tx, n.Article)
	if problem.KindOf(err) == problem.NotFound {
		return problem.For("article_id", "There is no such article.")
	}
	return err
}

func known(a knowledge.Audience) bool {
	for _, k := range knowledge.Audiences {
		if a == k {
			return true
		}
	}
	return false
}

func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

func clean(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\x00", "").Replace(s), ""))
}

// distinct are texts of one line, each once, without empty ones.
func distinct(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if s = oneLine(s); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// Create makes an answer, with its phrasings.
func Create(ctx context.Context, tx *db.Tx, n Answer) (AnswerID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	if err := n.tidy(ctx, tx); err != nil {
		return 0, err
	}
	n.ID = AnswerID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO assistant_answer (id, locale, title, body, article_id, audience, segment, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
		n.ID, n.Locale, n.Title, n.Body, n.Article, n.Audience, n.Segment, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("make an answer: %w", err)
	}
	if err := addPhrasings(ctx, tx, n.ID, n.Phrasings); err != nil {
		return 0, err
	}
	return n.ID, changed(ctx, tx, AnswerCreated{n.ID})
}

// Save changes an answer to what it should be, phrasings too.
func Save(ctx context.Context, tx *db.Tx, n Answer) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, n.ID); err != nil {
		return err
	}
	if err := n.tidy(ctx, tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE assistant_answer SET locale = $2, title = $3, body = $4, article_id = $5, audience = $6, segment = $7, archived_at = $8, updated_at = $9 WHERE id = $1`,
		n.ID, n.Locale, n.Title, n.Body, n.Article, n.Audience, n.Segment, n.ArchivedAt, tx.Now())
	if err != nil {
		return fmt.Errorf("save answer %s: %w", n.ID, err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM assistant_phrasing WHERE answer_id = $1`, n.ID); err != nil {
		return err
	}
	if err := addPhrasings(ctx, tx, n.ID, n.Phrasings); err != nil {
		return err
	}
	return changed(ctx, tx, AnswerChanged{n.ID})
}

// Delete takes an answer away for good. Lessons that led to it teach nothing any more.
func Delete(ctx context.Context, tx *db.Tx, id AnswerID) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM assistant_answer WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNoAnswer
	}
	_, err = tx.Exec(ctx, `UPDATE assistant_lesson SET state = CASE WHEN state = 'accepted' THEN 'undone' ELSE 'rejected' END, decided_by = $2, decided_at = $3
		WHERE answer_id = $1 AND state IN ('accepted', 'proposed')`, id, team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	return changed(ctx, tx, AnswerDeleted{id})
}

var errNoAnswer = problem.New(problem.NotFound, "There is no such answer.")

// Get returns an answer for the team, with its phrasings.
func Get(ctx context.Context, tx *db.Tx, id AnswerID) (Answer, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Answer{}, err
	}
	list, err := db.All(ctx, tx, scanAnswer, `SELECT `+answerColumns+` FROM assistant_answer n WHERE n.id = $1`, id)
	if err != nil {
		return Answer{}, err
	}
	if len(list) == 0 {
		return Answer{}, errNoAnswer
	}
	list[0].Phrasings, err = db.All(ctx, tx, scanText, `SELECT text FROM assistant_phrasing WHERE answer_id = $1 ORDER BY id`, id)
	return list[0], err
}

func scanText(r db.Row) (s string, err error) { return s, r.Scan(&s) }

// Filter narrows the list of answers.
type Filter struct {
	Words    string
	Locale   i18n.Locale
	Archived bool
	Before   AnswerID // for the next page; 0: from the newest
	Limit    int
}

// List lists answers for the team, the newest first, with how many ways to ask each has.
func List(ctx context.Context, tx *db.Tx, f Filter) ([]Answer, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	var a db.Args
	where := `n.archived_at IS NULL`
	if f.Archived {
		where = `n.archived_at IS NOT NULL`
	}
	if f.Locale != "" {
		where += ` AND n.locale = ` + a.Add(f.Locale)
	}
	if f.Before != 0 {
		where += ` AND n.id < ` + a.Add(f.Before)
	}
	if f.Words != "" {
		like := a.Add("%" + db.Like(f.Words) + "%")
		where += ` AND (lower(n.title) LIKE lower(` + like + `) ESCAPE '\' OR EXISTS (SELECT 1 FROM assistant_phrasing p WHERE p.answer_id = n.id AND lower(p.text) LIKE lower(` + like + `) ESCAPE '\'))`
	}
	return db.All(ctx, tx, func(r db.Row) (n Answer, err error) {
		err = r.Scan(&n.ID, &n.Locale, &n.Title, &n.Body, &n.Article, &n.Audience, &n.Segment, db.Time(&n.ArchivedAt), db.Time(&n.CreatedAt), db.Time(&n.UpdatedAt), &n.Ways)
		return n, err
	}, `SELECT `+answerColumns+`, (SELECT COUNT(*) FROM assistant_phrasing p WHERE p.answer_id = n.id) + (SELECT COUNT(*) FROM assistant_lesson l WHERE l.answer_id = n.id AND l.state = 'accepted')
		FROM assistant_answer n WHERE `+where+` ORDER BY n.id DESC`+db.Limit(f.Limit), a.List()...)
}

// batch is how many phrasings are written with one statement.
const batch = 500

func addPhrasings(ctx context.Context, tx *db.Tx, id AnswerID, list []string) error {
	for len(list) > 0 {
		some := list[:min(batch, len(list))]
		list = list[len(some):]
		var a db.Args
		rows := make([]string, len(some))
		for i, text := range some {
			rows[i] = `(` + a.Add(tx.NewID()) + `, ` + a.Add(id) + `, ` + a.Add(text) + `)`
		}
		if _, err := tx.Exec(ctx, `INSERT INTO assistant_phrasing (id, answer_id, text) VALUES `+strings.Join(rows, `, `), a.List()...); err != nil {
			return fmt.Errorf("store the phrasings of %s: %w", id, err)
		}
	}
	return nil
}

// visible is the condition under which whoever reads in ctx may see an answer, for queries over assistant_answer n.
func visible(ctx context.Context, a *db.Args) string {
	var may []string
	for _, who := range []knowledge.Audience{knowledge.Everybody, knowledge.SignedIn, knowledge.Internal} {
		if knowledge.MaySee(ctx, who, "") {
			may = append(may, string(who))
		}
	}
	where := `n.archived_at IS NULL AND (n.audience IN ` + db.In(a, may)
	if knowledge.MaySee(ctx, knowledge.Internal, "") {
		return where + ` OR n.audience = 'segment')`
	}
	if r := knowledge.ReaderOf(ctx); r.SignedIn && len(r.Tags) > 0 {
		where += ` OR n.audience = 'segment' AND n.segment IN ` + db.In(a, r.Tags)
	}
	return where + `)`
}

// changed records facts after which there is something new to learn.
func changed(ctx context.Context, tx *db.Tx, facts ...event.Fact) error {
	if err := trainSoon(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, facts...)
}

// Archive puts an answer away, or takes it out again. Save makes it hold.
func (n *Answer) Archive(away bool, now time.Time) {
	if !away {
		n.ArchivedAt = time.Time{}
	} else if n.ArchivedAt.IsZero() {
		n.ArchivedAt = now
	}
}

// FillPhrasings reads the phrasings of several answers at once.
func FillPhrasings(ctx context.Context, tx *db.Tx, list []Answer) error {
	at, ids := map[AnswerID]int{}, []AnswerID{}
	for i, n := range list {
		at[n.ID] = i
		ids = append(ids, n.ID)
	}
	var a db.Args
	return db.Each(ctx, tx, func(r db.Row) error {
		var of AnswerID
		var text string
		err := r.Scan(&of, &text)
		list[at[of]].Phrasings = append(list[at[of]].Phrasings, text)
		return err
	}, `SELECT answer_id, text FROM assistant_phrasing WHERE answer_id IN `+db.In(&a, ids)+` ORDER BY id`, a.List()...)
}

// Titles says what targets are called, for the team: answers by their question, articles by their title in a language, else the other.
func Titles(ctx context.Context, tx *db.Tx, l i18n.Locale, list []Target) (map[Target]string, error) {
	titles := map[Target]string{}
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	var answers []AnswerID
	var articles []knowledge.ID
	for _, t := range list {
		if t.Answer != 0 {
			answers = append(answers, t.Answer)
		} else if t.Article != 0 {
			articles = append(articles, t.Article)
		}
	}
	pages, err := knowledge.Cite(ctx, tx, l, articles)
	if err != nil {
		return nil, err
	}
	for id, p := range pages {
		titles[Target{Article: id}] = p.Title
	}
	var a db.Args
	return titles, db.Each(ctx, tx, func(r db.Row) error {
		n, err := scanAnswer(r)
		titles[Target{Answer: n.ID}] = n.Title
		return err
	}, `SELECT `+answerColumns+` FROM assistant_answer n WHERE n.id IN `+db.In(&a, answers), a.List()...)
}
