package calendar

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ExceptionID is the id of an exception.
type ExceptionID = id.Of[exceptionKind]

type exceptionKind struct{}

func (exceptionKind) Prefix() string { return "cax" }

// Kind says what an exception does to its days.
type Kind string

// The kinds.
const (
	Closed      Kind = "closed"      // nobody is there
	Other       Kind = "hours"       // these hours, and no others
	Maintenance Kind = "maintenance" // people stand ready in these hours too: something is worked on
	Peak        Kind = "peak"        // …: a rush is expected
)

// Kinds lists them as they are offered.
var Kinds = []Kind{Closed, Other, Maintenance, Peak}

// Exception is some days that are not as the week has them.
type Exception struct {
	ID       ExceptionID
	Calendar ID
	First    hours.Date
	Last     hours.Date // is in it
	Kind     Kind
	Hours    string // as people write them; "" for Closed
	Note     string
}

const (
	mostDays       = 400
	mostExceptions = 1000
	longestNote    = 200
)

// Exceptions are those of a calendar that end on a day or after it, by their first day.
func Exceptions(ctx context.Context, tx *db.Tx, of ID, from hours.Date) ([]Exception, error) {
	if _, err := Get(ctx, tx, of); err != nil {
		return nil, err
	}
	list, err := exceptions(ctx, tx, of, from)
	sortByDay(list)
	return list, err
}

// GetException returns an exception of a calendar.
func GetException(ctx context.Context, tx *db.Tx, of ID, id ExceptionID) (Exception, error) {
	e, err := db.One(ctx, tx, scanException, `SELECT id, calendar_id, first_day, last_day, kind, hours, note FROM calendar_exception
		WHERE id = $1 AND calendar_id = $2`, id, of)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such exception.")
	}
	return e, err
}

// exceptions are they in the order in which they were made.
func exceptions(ctx context.Context, tx *db.Tx, of ID, from hours.Date) ([]Exception, error) {
	return db.All(ctx, tx, scanException, `SELECT id, calendar_id, first_day, last_day, kind, hours, note FROM calendar_exception
		WHERE calendar_id = $1 AND last_day >= $2 ORDER BY id`, of, from.String())
}

func scanException(r db.Row) (e Exception, err error) {
	var first, last string
	if err = r.Scan(&e.ID, &e.Calendar, &first, &last, &e.Kind, &e.Hours, &e.Note); err != nil {
		return e, err
	}
	var bad error
	e.First, err = hours.ParseDate(first)
	e.Last, bad = hours.ParseDate(last)
	return e, errors.Join(err, bad)
}

// Except makes an exception.
func Except(ctx context.Context, tx *db.Tx, e Exception) (ExceptionID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	if _, err := Get(ctx, tx, e.Calendar); err != nil {
		return 0, err
	}
	e, err := e.checked()
	if err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM calendar_exception WHERE calendar_id = $1`, e.Calendar)
	if err != nil {
		return 0, err
	}
	if n >= mostExceptions {
		return 0, problem.New(problem.Conflict, "There are %d exceptions already. Take away some that are over.", mostExceptions)
	}
	e.ID = ExceptionID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO calendar_exception (id, calendar_id, first_day, last_day, kind, hours, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Calendar, e.First.String(), e.Last.String(), e.Kind, e.Hours, e.Note)
	if err != nil {
		return 0, err
	}
	return e.ID, event.Record(ctx, tx, Excepted{e.Calendar, e.ID, e.Kind, e.First, e.Last})
}

// checked is an exception as it is kept.
func (e Exception) checked() (Exception, error) {
	blocks, err := hours.ParseBlocks(e.Hours)
	e.Note = strings.Join(strings.Fields(e.Note), " ")
	var c problem.Check
	c.That(contains(Kinds, e.Kind), "kind", "Choose what these days are.")
	c.That(e.First != hours.Date{}, "first", "Enter a day.")
	c.That(e.First.Compare(e.Last) <= 0, "last", "The last day is before the first.")
	c.That(e.Last.Compare(e.First.Add(mostDays)) <= 0, "last", "At most %d days.", mostDays)
	c.That(utf8.RuneCountInString(e.Note) <= longestNote, "note", "At most %d characters.", longestNote)
	if e.Kind == Closed {
		e.Hours = ""
		return e, c.Err()
	}
	c.That(err == nil && len(blocks) > 0, "hours", "Enter hours such as 09:00-18:00.")
	e.Hours = written(blocks)
	return e, c.Err()
}

// Unexcept takes an exception away.
func Unexcept(ctx context.Context, tx *db.Tx, of ID, id ExceptionID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM calendar_exception WHERE id = $1 AND calendar_id = $2`, id, of)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is no such exception.")
	}
	return event.Record(ctx, tx, Unexcepted{of, id})
}
