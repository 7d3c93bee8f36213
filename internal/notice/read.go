package notice

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Read notes that whoever acts has read one of his notices, with the others about its subject. What he is to answer waits until
// he, or another, has.
func Read(ctx context.Context, tx *db.Tx, id ID) error {
	return read(ctx, tx, `read_at IS NULL AND person_id = $2 AND act = '' AND (id = $3 OR subject <> '' AND subject = (SELECT o.subject FROM notice o WHERE o.id = $3 AND o.person_id = $2))`,
		team.From(ctx).Person, id)
}

// ReadAbout notes that he looked at what they are about.
func ReadAbout(ctx context.Context, tx *db.Tx, subject string) error {
	return read(ctx, tx, `read_at IS NULL AND person_id = $2 AND subject = $3`, team.From(ctx).Person, subject)
}

// ReadAll notes that he has read them all. What he is paged for goes on until he answers it.
func ReadAll(ctx context.Context, tx *db.Tx) error {
	return read(ctx, tx, `read_at IS NULL AND person_id = $2 AND act = ''`, team.From(ctx).Person)
}

// Settle takes a subject off everybody's list: somebody has seen to it.
func Settle(ctx context.Context, tx *db.Tx, subject string) error {
	return read(ctx, tx, `read_at IS NULL AND subject = $2`, subject)
}

func read(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	people, err := db.All(ctx, tx, func(r db.Row) (p team.ID, err error) { return p, r.Scan(&p) },
		`UPDATE notice SET read_at = $1 WHERE `+where+` RETURNING person_id`, append([]any{tx.Now()}, args...)...)
	if err == nil {
		changed(tx, people...)
	}
	return err
}

// IsAbout says whether something about a subject waits for whoever acts.
func IsAbout(ctx context.Context, tx *db.Tx, subject string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM notice WHERE person_id = $1 AND subject = $2 AND read_at IS NULL`, team.From(ctx).Person, subject)
}

// changed lets the open pages of people know, after the commit.
func changed(tx *db.Tx, people ...team.ID) {
	s := db.Attached[*Notices](tx)
	if s == nil {
		return
	}
	told := map[team.ID]bool{}
	for _, p := range people {
		if !told[p] {
			told[p] = true
			tx.After(func() { s.Changed(p) })
		}
	}
}

// Keep is how long what was read stays in the list.
const Keep = 60 * 24 * time.Hour

// Forget drops what was read, or told, before then.
func Forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice WHERE read_at < $1`, before)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM notice WHERE at < $1 AND NOT urgent`, before.Add(-Keep))
	return err
}
