package flow

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Flow is the path of a widget as the team works on it.
type Flow struct {
	Inbox     inbox.ID
	Running   bool
	Version   int // that was published last; 0: none
	Draft     Path
	UpdatedAt time.Time
}

// Of is the flow of a widget; one that is empty where nobody has begun to make it.
func Of(ctx context.Context, tx *db.Tx, in inbox.ID) (Flow, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Flow{}, err
	}
	box, err := inbox.Get(ctx, tx, in)
	if err != nil {
		return Flow{}, err
	}
	if box.Channel != "chat" {
		return Flow{}, problem.New(problem.NotFound, "There is no such inbox.")
	}
	return read(ctx, tx, in)
}

func read(ctx context.Context, tx *db.Tx, in inbox.ID) (Flow, error) {
	f := Flow{Inbox: in}
	text := ""
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&f.Running, &f.Version, &text, db.Time(&f.UpdatedAt)) },
		`SELECT running, version, draft, updated_at FROM flow WHERE inbox_id = $1`, in)
	if err != nil || text == "" {
		return f, err
	}
	return f, json.Unmarshal([]byte(text), &f.Draft)
}

// Save keeps the draft.
func Save(ctx context.Context, tx *db.Tx, in inbox.ID, p Path) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	if _, err := Of(ctx, tx, in); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO flow (inbox_id, draft, updated_at) VALUES ($1, $2, $3)
		ON CONFLICT (inbox_id) DO UPDATE SET draft = excluded.draft, updated_at = excluded.updated_at`, in, string(text), tx.Now())
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Saved{in})
}

// Publish makes a version of a path, which leads visitors from now on, and gives its number. What is the same as the last
// version stays it.
func Publish(ctx context.Context, tx *db.Tx, in inbox.ID, p Path) (int, error) {
	if err := Save(ctx, tx, in, p); err != nil {
		return 0, err
	}
	if err := p.ready(); err != nil {
		return 0, err
	}
	f, err := read(ctx, tx, in)
	if err != nil {
		return 0, err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	last, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT path FROM flow_version WHERE inbox_id = $1 AND number = $2`, in, f.Version)
	if err != nil {
		return 0, err
	}
	if len(last) == 1 && last[0] == string(text) {
		return f.Version, Switch(ctx, tx, in, true)
	}
	f.Version++
	_, err = tx.Exec(ctx, `INSERT INTO flow_version (inbox_id, number, path, person_id, created_at) VALUES ($1, $2, $3, $4, $5)`,
		in, f.Version, string(text), team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `UPDATE flow SET running = TRUE, version = $2 WHERE inbox_id = $1`, in, f.Version); err != nil {
		return 0, err
	}
	return f.Version, event.Record(ctx, tx, Published{in, f.Version})
}

// Switch lets the version that was published last lead visitors, or nobody be led.
func Switch(ctx context.Context, tx *db.Tx, in inbox.ID, on bool) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE flow SET running = $2 WHERE inbox_id = $1 AND version > 0 AND running <> $2`, in, on)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Switched{in, on})
}

// Version is what was published once.
type Version struct {
	Number    int
	Path      Path
	Person    team.ID
	CreatedAt time.Time
}

// Versions are those of a widget, newest first.
func Versions(ctx context.Context, tx *db.Tx, in inbox.ID) ([]Version, error) {
	if _, err := Of(ctx, tx, in); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanVersion, `SELECT number, path, person_id, created_at FROM flow_version WHERE inbox_id = $1 ORDER BY number DESC`+db.Limit(50), in)
}

func scanVersion(r db.Row) (v Version, err error) {
	text := ""
	if err := r.Scan(&v.Number, &text, &v.Person, db.Time(&v.CreatedAt)); err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(text), &v.Path)
}

// Restore makes a version the draft again. Publishing it is another step.
func Restore(ctx context.Context, tx *db.Tx, in inbox.ID, number int) error {
	v, err := version(ctx, tx, in, number)
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "There is no such version.")
	}
	if err != nil {
		return err
	}
	return Save(ctx, tx, in, v)
}

func version(ctx context.Context, tx *db.Tx, in inbox.ID, number int) (Path, error) {
	v, err := db.One(ctx, tx, scanVersion, `SELECT number, path, person_id, created_at FROM flow_version WHERE inbox_id = $1 AND number = $2`, in, number)
	return v.Path, err
}
