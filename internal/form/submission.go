package form

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// SubmissionID is the id of something that was sent.
type SubmissionID = id.Of[submissionKind]

type submissionKind struct{}

func (submissionKind) Prefix() string { return "sub" }

// Stand says what became of a submission; see the package comment.
type Stand string

// The stands.
const (
	IsReceived  Stand = "received"
	IsHeld      Stand = "held"
	IsDiscarded Stand = "discarded"
)

// Submission is what was sent.
type Submission struct {
	ID           SubmissionID
	Form         ID
	Version      int
	State        Stand
	Reason       Reason
	Language     i18n.Locale
	Name         string
	Email        string // in the normal form
	Phone        string // in the normal form
	Answers      Answers
	Contact      contact.ID
	Conversation conversation.ID
	At           time.Time

	network string
}

const submissionColumns = `s.id, s.form_id, s.version, s.state, s.reason, s.language, s.name, s.email, s.phone, s.answers, s.contact_id, s.conversation_id, s.network, s.at`

func scanSubmission(r db.Row) (s Submission, err error) {
	var answers string
	err = r.Scan(&s.ID, &s.Form, &s.Version, &s.State, &s.Reason, &s.Language, &s.Name, &s.Email, &s.Phone, &answers, &s.Contact, &s.Conversation,
		&s.network, db.Time(&s.At))
	if err != nil || answers == "" {
		return s, err
	}
	return s, json.Unmarshal([]byte(answers), &s.Answers)
}

// words is everything that was typed, for judging it.
func (s Submission) words() string {
	var all []string
	for _, v := range s.Answers {
		all = append(all, v...)
	}
	return strings.Join(all, "\n")
}

func submission(ctx context.Context, tx *db.Tx, id SubmissionID) (Submission, error) {
	s, err := db.One(ctx, tx, scanSubmission, `SELECT `+submissionColumns+` FROM form_submission s WHERE s.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return s, problem.New(problem.NotFound, "This is not there any more.")
	}
	return s, err
}

func filesOf(ctx context.Context, tx *db.Tx, id SubmissionID) ([]File, error) {
	return db.All(ctx, tx, func(r db.Row) (f File, err error) { return f, r.Scan(&f.Field, &f.Name, &f.Type, &f.Size, &f.Blob) },
		`SELECT field, name, type, size, blob FROM form_file WHERE submission_id = $1 ORDER BY id`, id)
}

// HeldOne is something that somebody has to look at, with the definition that it was made with.
type HeldOne struct {
	Submission
	Definition Definition
	Files      []File
}

// HeldOf lists what is held of a form, the newest first.
func HeldOf(ctx context.Context, tx *db.Tx, id ID) ([]HeldOne, error) {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return nil, err
	}
	if _, err := load(ctx, tx, id); err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, scanSubmission, `SELECT `+submissionColumns+` FROM form_submission s
		WHERE s.form_id = $1 AND s.state = 'held' ORDER BY s.id DESC`+db.Limit(100), id)
	if err != nil {
		return nil, err
	}
	defs, out := map[int]Definition{}, []HeldOne{}
	for _, s := range list {
		if _, ok := defs[s.Version]; !ok {
			if defs[s.Version], err = version(ctx, tx, id, s.Version); err != nil {
				return nil, err
			}
		}
		files, err := filesOf(ctx, tx, s.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, HeldOne{s, defs[s.Version], files})
	}
	return out, nil
}

// Counts is how much was sent of each form, by what became of it.
func Counts(ctx context.Context, tx *db.Tx) (map[ID]map[Stand]int, error) {
	out := map[ID]map[Stand]int{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var is Stand
		var n int
		err := r.Scan(&id, &is, &n)
		if out[id] == nil {
			out[id] = map[Stand]int{}
		}
		out[id][is] = n
		return err
	}, `SELECT form_id, state, COUNT(*) FROM form_submission GROUP BY form_id, state ORDER BY form_id, state`)
}

// UsesBlob says whether a file of something that is held lies in a blob.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM form_file WHERE blob = $1`, key)
}

// Blobs lists the blobs of everything that is held.
func Blobs(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT DISTINCT blob FROM form_file ORDER BY 1`)
}
