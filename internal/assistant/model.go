package assistant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/bot"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Model is one version of what was learned.
type Model struct {
	ID        ModelID
	Number    int
	Blob      blob.Key // "": only its figures are kept
	Figures   bot.Figures
	Took      time.Duration
	CreatedAt time.Time
	digest    string
}

const modelColumns = `id, number, blob, digest, figures, took, created_at`

func scanModel(r db.Row) (m Model, err error) {
	var figures string
	var took int64
	if err = r.Scan(&m.ID, &m.Number, &m.Blob, &m.digest, &figures, &took, db.Time(&m.CreatedAt)); err == nil {
		err = json.Unmarshal([]byte(figures), &m.Figures)
	}
	m.Took = time.Duration(took) * time.Millisecond
	return m, err
}

// Serving says which model answers.
type Serving struct {
	Model ModelID // 0: none
	Held  bool    // somebody went back to it: it stays until somebody lets the assistant learn on
}

var serving = setting.Of[Serving]{Name: "assistant.serving"}

// Now says which model answers.
func Now(ctx context.Context, tx *db.Tx) (Serving, error) { return setting.Get(ctx, tx, serving) }

// kept is how many models can be gone back to. Of older ones the figures stay.
const kept = 10

// Models lists the models, the newest first.
func Models(ctx context.Context, tx *db.Tx, limit int) ([]Model, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanModel, `SELECT `+modelColumns+` FROM assistant_model ORDER BY number DESC`+db.Limit(limit))
}

func model(ctx context.Context, tx *db.Tx, id ModelID) (Model, error) {
	m, err := db.One(ctx, tx, scanModel, `SELECT `+modelColumns+` FROM assistant_model WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return m, problem.New(problem.NotFound, "There is no such model.")
	}
	return m, err
}

// Choose goes back to an earlier model, which then stays, or (held false) on to the newest, which learns on.
func Choose(ctx context.Context, tx *db.Tx, id ModelID, held bool) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	m, err := model(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.Blob == "" {
		return problem.New(problem.Conflict, "Only the figures of this model are kept. Choose one of the newest.")
	}
	if err := setting.Set(ctx, tx, serving, Serving{id, held}); err != nil {
		return err
	}
	return changed(ctx, tx, Chosen{id, m.Number, held})
}

// add stores a model that was trained, and makes it the one that answers.
func add(ctx context.Context, tx *db.Tx, m Model) (Model, error) {
	last, err := db.Value[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) FROM assistant_model`)
	if err != nil {
		return m, err
	}
	figures, err := json.Marshal(m.Figures)
	if err != nil {
		return m, err
	}
	m.ID, m.Number, m.CreatedAt = ModelID(tx.NewID()), last+1, tx.Now()
	_, err = tx.Exec(ctx, `INSERT INTO assistant_model (id, number, blob, digest, figures, took, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, m.Number, string(m.Blob), m.digest, string(figures), m.Took, m.CreatedAt)
	if err != nil {
		return m, fmt.Errorf("store model %d: %w", m.Number, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE assistant_model SET blob = '' WHERE number <= $1`, m.Number-kept); err != nil {
		return m, err
	}
	if err := setting.Set(ctx, tx, serving, Serving{Model: m.ID}); err != nil {
		return m, err
	}
	return m, event.Record(ctx, tx, Trained{m.ID, m.Number})
}

// UsesBlob says whether a model has a file.
func UsesBlob(ctx context.Context, tx *db.Tx, key string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM assistant_model WHERE blob = $1`, key)
}

// Blobs are the files of all models.
func Blobs(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, scanText, `SELECT blob FROM assistant_model WHERE blob <> ''`)
}
