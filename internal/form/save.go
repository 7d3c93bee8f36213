package form

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Create makes a form, as a draft.
func Create(ctx context.Context, tx *db.Tx, f Form) (Form, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return f, err
	}
	f.ID, f.State, f.Version, f.CreatedAt, f.UpdatedAt = ID(tx.NewID()), Draft, 1, tx.Now(), tx.Now()
	if err := f.check(ctx, tx); err != nil {
		return f, err
	}
	_, err := tx.Exec(ctx, `INSERT INTO form (id, name, slug, inbox_id, state, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		f.ID, f.Name, f.Slug, f.Inbox, f.State, f.Version, f.CreatedAt)
	if db.IsUnique(err) {
		return f, errSlug()
	}
	if err != nil {
		return f, fmt.Errorf("create form: %w", err)
	}
	if err := f.keep(ctx, tx); err != nil {
		return f, err
	}
	return f, event.Record(ctx, tx, Created{f.ID})
}

func errSlug() error { return problem.For("slug", "Another form has this address already.") }

func (f *Form) check(ctx context.Context, tx *db.Tx) error {
	if f.Name = oneLine(f.Name); f.Name == "" || len([]rune(f.Name)) > 100 {
		return problem.For("name", "Give the form a name of at most 100 letters.")
	}
	if err := checkSlug(f.Slug); err != nil {
		return err
	}
	in, err := inbox.Get(ctx, tx, f.Inbox)
	if problem.KindOf(err) == problem.NotFound && err != nil || err == nil && in.Channel != "email" {
		return problem.For("inbox", "Choose the inbox that answers.")
	}
	if err != nil {
		return err
	}
	return f.Definition.check()
}

// keep writes the definition as the version of now.
func (f Form) keep(ctx context.Context, tx *db.Tx) error {
	text, err := json.Marshal(f.Definition)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO form_version (form_id, version, definition, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (form_id, version) DO UPDATE SET definition = excluded.definition`, f.ID, f.Version, string(text), tx.Now())
	return err
}

// Save changes a form. Where the version of now was answered already, what is saved is the next one.
func Save(ctx context.Context, tx *db.Tx, f Form) (Form, error) {
	was, err := Get(ctx, tx, f.ID)
	if err != nil {
		return f, err
	}
	f.State, f.Version, f.CreatedAt, f.UpdatedAt, f.Helped = was.State, was.Version, was.CreatedAt, tx.Now(), was.Helped
	if err := f.check(ctx, tx); err != nil {
		return f, err
	}
	if f.State == Live {
		if err := f.ready(); err != nil {
			return f, err
		}
	}
	changed, err := differ(was, f)
	if err != nil || !changed {
		return f, err
	}
	answered, err := db.Exists(ctx, tx, `SELECT 1 FROM form_submission WHERE form_id = $1 AND version = $2`, f.ID, f.Version)
	if err != nil {
		return f, err
	}
	if answered {
		f.Version++
	}
	_, err = tx.Exec(ctx, `UPDATE form SET name = $2, slug = $3, inbox_id = $4, version = $5, updated_at = $6 WHERE id = $1`,
		f.ID, f.Name, f.Slug, f.Inbox, f.Version, f.UpdatedAt)
	if db.IsUnique(err) {
		return f, errSlug()
	}
	if err != nil {
		return f, fmt.Errorf("save form: %w", err)
	}
	if err := f.keep(ctx, tx); err != nil {
		return f, err
	}
	return f, event.Record(ctx, tx, Changed{f.ID, f.Version})
}

func differ(a, b Form) (bool, error) {
	if a.Name != b.Name || a.Slug != b.Slug || a.Inbox != b.Inbox {
		return true, nil
	}
	x, err := json.Marshal(a.Definition)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b.Definition)
	return string(x) != string(y), err
}

// SetState lets customers see a form, or no longer.
func SetState(ctx context.Context, tx *db.Tx, id ID, to State) error {
	f, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(States, to) {
		return problem.For("state", "There is no state “%s”.", string(to))
	}
	if to == Live {
		if err := f.ready(); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE form SET state = $2, updated_at = $3 WHERE id = $1 AND state <> $2`, id, to, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, StateSet{id, f.State, to})
}

// Remove takes a form away that nobody has answered. One that was is closed instead: what was agreed to must stay readable.
func Remove(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	answered, err := db.Exists(ctx, tx, `SELECT 1 FROM form_submission WHERE form_id = $1`, id)
	if err != nil {
		return err
	}
	if answered {
		return problem.New(problem.Conflict, "Customers have sent this form. Close it instead: what they agreed to stays readable.")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM form WHERE id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, Removed{id})
}

// Helped counts that somebody found his answer before he wrote.
func Helped(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.Exec(ctx, `UPDATE form SET helped = helped + 1 WHERE id = $1`, id)
	return err
}
