package assistant

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
)

// Place is where somebody asks.
type Place string

// The places.
const (
	Widget Place = "widget"
	Help   Place = "help" // the help centre
	Portal Place = "portal"
	API    Place = "api"
)

// Places lists them.
var Places = []Place{Widget, Help, Portal, API}

const (
	queue  = 4096                   // questions that wait to be written down; when there are more, the newest are not
	linger = 300 * time.Millisecond // how long they are gathered
	most   = 200                    // of them in one transaction
)

// note is a question and its reply, to be written down.
type note struct {
	q  Question
	r  Reply
	at time.Time
}

// note never waits: an answer is worth more than its place in the figures.
func (a *Assistant) note(q Question, r Reply) {
	select {
	case a.notes <- note{q, r, a.DB.Now()}:
	default:
		a.Log.Warn("a question was answered and not counted: too many at once")
	}
}

// keepNotes writes questions down, some at a time, until ctx ends and nothing is left.
func (a *Assistant) keepNotes(ctx context.Context) {
	for {
		var first note
		select {
		case first = <-a.notes:
		case <-ctx.Done():
			if len(a.notes) == 0 {
				return
			}
			first = <-a.notes
		}
		select {
		case <-ctx.Done():
		case <-time.After(linger):
		}
		a.keep(context.WithoutCancel(ctx), first)
	}
}

func (a *Assistant) keep(ctx context.Context, first note) {
	list := []note{first}
	for len(list) < most && len(a.notes) > 0 {
		list = append(list, <-a.notes)
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, n := range list {
			if _, err := record(ctx, tx, n.q, n.r, n.at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.Log.Warn("questions were answered and not counted", "error", err, "questions", len(list))
	}
}

// Record writes down what was asked and answered, as part of tx, and gives the visit.
func Record(ctx context.Context, tx *db.Tx, q Question, r Reply) (SessionID, error) {
	return record(ctx, tx, q, r, tx.Now())
}

func record(ctx context.Context, tx *db.Tx, q Question, r Reply, at time.Time) (SessionID, error) {
	visit, err := meet(ctx, tx, q, at)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO assistant_turn (id, ref, session_id, text, outcome, confidence, answer_id, article_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.NewID(), r.Ref, visit, Mask(shorten(oneLine(q.Text), maxQuestion)), r.Outcome, r.Confidence, r.Answer, r.Article, at)
	return visit, err
}

// meet finds the visit that a question belongs to, or begins it.
func meet(ctx context.Context, tx *db.Tx, q Question, at time.Time) (SessionID, error) {
	open, err := isOpen(ctx, tx, at)
	if err != nil {
		return 0, err
	}
	return db.Value[SessionID](ctx, tx, `INSERT INTO assistant_session (id, place, key, locale, contact_id, conversation_id, after_hours, began_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		ON CONFLICT (place, key) DO UPDATE SET last_at = excluded.last_at, contact_id = CASE WHEN excluded.contact_id <> 0 THEN excluded.contact_id ELSE assistant_session.contact_id END
		RETURNING id`, tx.NewID(), q.Place, shorten(q.Session, 100), q.Locale, q.Contact, q.Conversation, !open, at)
}

// Useful notes what the asker says of a reply: whether it helped. He may change his mind.
func Useful(ctx context.Context, tx *db.Tx, ref string, helped bool) error {
	word := "no"
	if helped {
		word = "yes"
	}
	n, err := tx.Exec(ctx, `UPDATE assistant_turn SET useful = $2 WHERE ref = $1`, ref, word)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is nothing here.")
	}
	_, err = tx.Exec(ctx, `UPDATE assistant_session SET solved = EXISTS (SELECT 1 FROM assistant_turn t WHERE t.session_id = assistant_session.id AND t.useful = 'yes')
		WHERE id = (SELECT session_id FROM assistant_turn WHERE ref = $1)`, ref)
	return err
}

// HandedOver notes that a person took over: the visit led to a conversation.
func HandedOver(ctx context.Context, tx *db.Tx, p Place, session string, to conversation.ID) error {
	_, err := tx.Exec(ctx, `UPDATE assistant_session SET conversation_id = $3, handed_at = COALESCE(handed_at, $4) WHERE place = $1 AND key = $2`, p, session, to, tx.Now())
	return err
}

// Visit is one visit of somebody who asked.
type Visit struct {
	ID           SessionID
	Place        Place
	Locale       i18n.Locale
	Conversation conversation.ID
	AfterHours   bool
	Solved       bool
	BeganAt      time.Time
	Turns        []Turn
}

// Turn is a question of a visit and what came of it.
type Turn struct {
	Text       string
	Outcome    Outcome
	Confidence float64
	Target
	Useful string // yes, no, ""
	At     time.Time
}

// TriedIn are the questions that led to a conversation, oldest first: what the assistant tried before a person took over.
func TriedIn(ctx context.Context, tx *db.Tx, c conversation.ID) ([]Turn, error) {
	if _, err := conversation.Get(ctx, tx, c); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (t Turn, err error) {
		return t, r.Scan(&t.Text, &t.Outcome, &t.Confidence, &t.Answer, &t.Article, &t.Useful, db.Time(&t.At))
	}, `SELECT t.text, t.outcome, t.confidence, t.answer_id, t.article_id, t.useful, t.at FROM assistant_turn t JOIN assistant_session s ON s.id = t.session_id
		WHERE s.conversation_id = $1 ORDER BY t.id`+db.Limit(50), c)
}
