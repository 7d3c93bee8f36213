package assistant

import (
	"context"
	"fmt"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// State is how far a lesson has come.
type State string

// The states of a lesson. Only what is accepted is learned.
const (
	Waiting  State = "proposed"
	Accepted State = "accepted"
	Rejected State = "rejected"
	Undone   State = "undone"
)

// States lists them in the order of the page.
var States = []State{Waiting, Accepted, Rejected, Undone}

// Lesson says that a text wants an answer, an article, or nothing that we have.
type Lesson struct {
	ID     LessonID
	State  State
	Text   string
	Locale i18n.Locale
	Target
	Title, Body  string  // of the answer that is proposed with it, when nothing that we have fits
	Likely       float64 // how sure the assistant was of the target: 0 to 1; 1 when an agent inserted it
	Conversation conversation.ID
	Message      conversation.MessageID
	Contact      contact.ID // who wrote it
	DecidedBy    team.ID
	DecidedAt    time.Time
	CreatedAt    time.Time
}

// Target is what a text wants. None set: not known yet.
type Target struct {
	Answer  AnswerID
	Article knowledge.ID
	None    bool // nothing that we have: such messages are none of ours
}

// Known says whether there is a target.
func (t Target) Known() bool { return t.Answer != 0 || t.Article != 0 || t.None }

// IsDraft says whether the lesson brings an answer of its own.
func (l Lesson) IsDraft() bool { return !l.Known() && l.Body != "" }

const lessonColumns = `l.id, l.state, l.text, l.locale, l.answer_id, l.article_id, l.none, l.title, l.body, l.likely, l.conversation_id, l.message_id, l.contact_id, l.decided_by, l.decided_at, l.created_at`

func scanLesson(r db.Row) (l Lesson, err error) {
	return l, r.Scan(&l.ID, &l.State, &l.Text, &l.Locale, &l.Answer, &l.Article, &l.None, &l.Title, &l.Body, &l.Likely, &l.Conversation, &l.Message, &l.Contact,
		&l.DecidedBy, db.Time(&l.DecidedAt), db.Time(&l.CreatedAt))
}

// Lessons lists the lessons in a state, the newest first, from before an id (0: the newest).
func Lessons(ctx context.Context, tx *db.Tx, s State, before LessonID, limit int) ([]Lesson, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	var a db.Args
	where := `l.state = ` + a.Add(s)
	if before != 0 {
		where += ` AND l.id < ` + a.Add(before)
	}
	return db.All(ctx, tx, scanLesson, `SELECT `+lessonColumns+` FROM assistant_lesson l WHERE `+where+` ORDER BY l.id DESC`+db.Limit(limit), a.List()...)
}

// LearnedFor lists the lessons that lead to an answer, the newest first.
func LearnedFor(ctx context.Context, tx *db.Tx, id AnswerID) ([]Lesson, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanLesson, `SELECT `+lessonColumns+` FROM assistant_lesson l WHERE l.answer_id = $1 AND l.state = 'accepted' ORDER BY l.id DESC`+db.Limit(500), id)
}

// CountLessons says how many lessons are in each state.
func CountLessons(ctx context.Context, tx *db.Tx) (map[State]int, error) {
	counts := map[State]int{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var s State
		var n int
		err := r.Scan(&s, &n)
		counts[s] = n
		return err
	}, `SELECT state, COUNT(*) FROM assistant_lesson GROUP BY state`)
	return counts, err
}

// GetLesson returns a lesson.
func GetLesson(ctx context.Context, tx *db.Tx, id LessonID) (Lesson, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Lesson{}, err
	}
	list, err := db.All(ctx, tx, scanLesson, `SELECT `+lessonColumns+` FROM assistant_lesson l WHERE l.id = $1`, id)
	if err == nil && len(list) == 0 {
		return Lesson{}, problem.New(problem.NotFound, "There is no such lesson.")
	}
	return append(list, Lesson{})[0], err
}

// Teach is a lesson that somebody gives who knows: it is accepted at once.
func Teach(ctx context.Context, tx *db.Tx, l Lesson) (LessonID, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return 0, err
	}
	l.Text = oneLine(l.Text)
	if err := l.check(ctx, tx); err != nil {
		return 0, err
	}
	l.State, l.Likely, l.DecidedBy, l.DecidedAt = Accepted, 1, team.From(ctx).Person, tx.Now()
	id, err := insert(ctx, tx, l)
	if err != nil {
		return 0, err
	}
	return id, changed(ctx, tx, Decided{id, Accepted})
}

func (l Lesson) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	c.That(l.Text != "", "text", "Write what a customer asks.")
	c.That(len([]rune(l.Text)) <= maxPhrasing, "text", "That is too long: at most %d letters.", maxPhrasing)
	c.That(l.Known(), "answer_id", "Choose what it should be answered with.")
	if err := c.Err(); err != nil {
		return err
	}
	if l.Answer != 0 {
		_, err := Get(ctx, tx, l.Answer)
		return missing(err)
	}
	if l.Article != 0 {
		_, err := knowledge.Get(ctx, tx, l.Article)
		return missing(err)
	}
	return nil
}

func missing(err error) error {
	if problem.KindOf(err) == problem.NotFound {
		return problem.For("answer_id", "There is no such answer.")
	}
	return err
}

func insert(ctx context.Context, tx *db.Tx, l Lesson) (LessonID, error) {
	l.ID = LessonID(tx.NewID())
	if l.Locale == "" {
		l.Locale = spoken(l.Text, i18n.English)
	}
	_, err := tx.Exec(ctx, `INSERT INTO assistant_lesson (id, state, text, locale, answer_id, article_id, none, title, body, likely, conversation_id, message_id, contact_id, decided_by, decided_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		l.ID, l.State, l.Text, l.Locale, l.Answer, l.Article, l.None, l.Title, l.Body, l.Likely, l.Conversation, l.Message, l.Contact, l.DecidedBy, l.DecidedAt, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("store a lesson: %w", err)
	}
	return l.ID, nil
}

// Verdict is how a person decides about a lesson that waits.
type Verdict struct {
	Text        string // as it should be learned; "": as it is
	Target      Target // none: the one that was proposed
	New         bool   // nothing that we have fits: a new answer
	Title, Body string // of the new answer; "": as proposed
}

// Accept learns a lesson that waits, or one that was undone or rejected after all.
func Accept(ctx context.Context, tx *db.Tx, id LessonID, v Verdict) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	l, err := GetLesson(ctx, tx, id)
	if err != nil || l.State == Accepted {
		return err
	}
	if text := oneLine(v.Text); text != "" {
		l.Text = text
	}
	if v.Target.Known() || v.New {
		l.Target = v.Target
	}
	if !l.Known() {
		if l.Answer, err = createFrom(ctx, tx, l, v); err != nil {
			return err
		}
	}
	if err := l.check(ctx, tx); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE assistant_lesson SET text = $2, answer_id = $3, article_id = $4, none = $5 WHERE id = $1`, l.ID, l.Text, l.Answer, l.Article, l.None)
	if err != nil {
		return err
	}
	return decide(ctx, tx, id, Accepted)
}

// createFrom makes the answer that a lesson brings.
func createFrom(ctx context.Context, tx *db.Tx, l Lesson, v Verdict) (AnswerID, error) {
	n := Answer{Locale: l.Locale, Title: l.Title, Body: l.Body}
	if v.Title != "" {
		n.Title = v.Title
	}
	if v.Body != "" {
		n.Body = v.Body
	}
	return Create(ctx, tx, n)
}

// Reject lets a lesson that waits go by.
func Reject(ctx context.Context, tx *db.Tx, id LessonID) error {
	return leave(ctx, tx, id, Waiting, Rejected)
}

// Undo takes a lesson back: the next model knows nothing of it.
func Undo(ctx context.Context, tx *db.Tx, id LessonID) error {
	return leave(ctx, tx, id, Accepted, Undone)
}

// Reopen lets a lesson wait again that was decided about by mistake.
func Reopen(ctx context.Context, tx *db.Tx, id LessonID) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	if _, err := GetLesson(ctx, tx, id); err != nil {
		return err
	}
	return decide(ctx, tx, id, Waiting)
}

func leave(ctx context.Context, tx *db.Tx, id LessonID, from, to State) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	l, err := GetLesson(ctx, tx, id)
	if err != nil || l.State == to {
		return err
	}
	if l.State != from {
		return problem.New(problem.Conflict, "Somebody else has decided about this meanwhile.")
	}
	return decide(ctx, tx, id, to)
}

func decide(ctx context.Context, tx *db.Tx, id LessonID, s State) error {
	_, err := tx.Exec(ctx, `UPDATE assistant_lesson SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1`, id, s, team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	if s == Rejected {
		return event.Record(ctx, tx, Decided{id, s})
	}
	return changed(ctx, tx, Decided{id, s})
}

// spoken is the language of a text: Korean if it has Hangul, else the one that is said.
func spoken(text string, said i18n.Locale) i18n.Locale {
	for _, r := range text {
		if r >= '가' && r <= '힣' {
			return i18n.Korean
		}
	}
	return said
}
