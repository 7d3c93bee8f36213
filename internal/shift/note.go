package shift

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// NoteID is the id of a hand-over note.
type NoteID = id.Of[noteKind]

type noteKind struct{}

func (noteKind) Prefix() string { return "hnd" }

// Note is what somebody whose turn ends tells whoever comes next.
type Note struct {
	ID        NoteID
	Rota      RotaID
	Person    team.ID   // whose turn
	Until     time.Time // when it ended, or will end
	Open      string    // what is open
	Watch     string    // what to watch
	WrittenBy team.ID
	WrittenAt time.Time // zero: it is missing
	ReadBy    team.ID
	ReadAt    time.Time // zero: nobody confirmed it
}

// NoteAhead is how long before the end of a turn its note can be written.
const NoteAhead = 4 * time.Hour

const (
	longestNote = 5000
	shortTurn   = 15 * time.Minute // no note is due after less

)

const noteColumns = `id, rota_id, person_id, until_at, open_text, watch_text, written_by, written_at, read_by, read_at`

func scanNote(r db.Row) (n Note, err error) {
	return n, r.Scan(&n.ID, &n.Rota, &n.Person, db.Time(&n.Until), &n.Open, &n.Watch, &n.WrittenBy, db.Time(&n.WrittenAt), &n.ReadBy, db.Time(&n.ReadAt))
}

// noteDue makes the note of a turn that ended, unless there is one.
func noteDue(ctx context.Context, tx *db.Tx, r Rota, f TurnEnded) error {
	if !r.Notes || f.At.Sub(f.Since) < shortTurn {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE shift_note SET until_at = $4 WHERE rota_id = $1 AND person_id = $2 AND until_at > $3 AND read_at IS NULL`, r.ID, f.Person, f.Since, f.At)
	if err != nil || n > 0 {
		return err
	}
	id := NoteID(tx.NewID())
	if _, err := tx.Exec(ctx, `INSERT INTO shift_note (id, rota_id, person_id, until_at) VALUES ($1, $2, $3, $4)`, id, r.ID, f.Person, f.At); err != nil {
		return err
	}
	return event.Record(ctx, tx, NoteDue{r.ID, id, f.Person})
}

// Notes are the hand-over notes since an instant and all that are missing, the newest first.
func Notes(ctx context.Context, tx *db.Tx, since time.Time) ([]Note, error) {
	return db.All(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM shift_note WHERE until_at >= $1 OR written_at IS NULL ORDER BY until_at DESC, id DESC`+db.Limit(500), since)
}

// GetNote returns a hand-over note.
func GetNote(ctx context.Context, tx *db.Tx, id NoteID) (Note, error) {
	n, err := db.One(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM shift_note WHERE id = $1`, id)
	return must(n, err, "There is no such note.")
}

// BeginNote is the note of the turn in which whoever acts stands in a rota now, so that he can write it before it ends.
func BeginNote(ctx context.Context, tx *db.Tx, rota RotaID) (NoteID, error) {
	me := team.From(ctx).Person
	b, err := LoadOne(ctx, tx, rota, tx.Now(), tx.Now())
	if err != nil {
		return 0, err
	}
	for _, t := range b.Plan(tx.Now(), tx.Now().Add(1)) {
		if t.Person != me || me == 0 || t.Until.Sub(tx.Now()) > NoteAhead {
			continue
		}
		had, err := db.All(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM shift_note WHERE rota_id = $1 AND person_id = $2 AND until_at = $3`, rota, me, t.Until)
		if err != nil {
			return 0, err
		}
		if len(had) > 0 {
			return had[0].ID, nil
		}
		id := NoteID(tx.NewID())
		_, err = tx.Exec(ctx, `INSERT INTO shift_note (id, rota_id, person_id, until_at) VALUES ($1, $2, $3, $4)`, id, rota, me, t.Until)
		return id, err
	}
	return 0, problem.New(problem.Conflict, "A note can be written in the last %d hours of a turn.", int(NoteAhead.Hours()))
}

// WriteNote writes a hand-over note: the own one, or that of somebody who did not. Until it was read it can be changed.
func WriteNote(ctx context.Context, tx *db.Tx, id NoteID, open, watch string) error {
	if err := team.Allow(ctx, team.Note); err != nil {
		return err
	}
	n, err := GetNote(ctx, tx, id)
	if err != nil {
		return err
	}
	open, watch = strings.TrimSpace(open), strings.TrimSpace(watch)
	var c problem.Check
	c.That(open != "" || watch != "", "open", "Write what is open, or that nothing is.")
	c.That(utf8.RuneCountInString(open) <= longestNote, "open", "At most %d characters.", longestNote)
	c.That(utf8.RuneCountInString(watch) <= longestNote, "watch", "At most %d characters.", longestNote)
	if err := c.Err(); err != nil {
		return err
	}
	if !n.ReadAt.IsZero() {
		return problem.New(problem.Conflict, "This note was read already. Tell its reader what is new.")
	}
	_, err = tx.Exec(ctx, `UPDATE shift_note SET open_text = $2, watch_text = $3, written_by = $4, written_at = $5 WHERE id = $1`,
		id, open, watch, team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, NoteWritten{n.Rota, id, n.Person})
}

// ReadNote confirms that whoever acts read a note of somebody else.
func ReadNote(ctx context.Context, tx *db.Tx, id NoteID) error {
	if err := team.Allow(ctx, team.Note); err != nil {
		return err
	}
	n, err := GetNote(ctx, tx, id)
	switch me := team.From(ctx).Person; {
	case err != nil:
		return err
	case n.WrittenAt.IsZero():
		return problem.New(problem.Conflict, "This note is not written yet.")
	case me != 0 && n.WrittenBy == me:
		return problem.New(problem.Conflict, "Somebody else has to read this note.")
	}
	done, err := tx.Exec(ctx, `UPDATE shift_note SET read_by = $2, read_at = $3 WHERE id = $1 AND read_at IS NULL`, id, team.From(ctx).Person, tx.Now())
	if err != nil || done == 0 {
		return err
	}
	return event.Record(ctx, tx, NoteRead{n.Rota, id})
}
