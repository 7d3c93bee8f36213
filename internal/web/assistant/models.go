package assistant

import (
	"context"
	"net/http"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// history is the page of the models.
type history struct {
	List []assistant.Model
	Now  assistant.Serving
}

// models is GET /assistant/models.
func (a area) models(w http.ResponseWriter, r *http.Request) error {
	var p history
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Now, err = assistant.Now(ctx, tx); err != nil {
			return err
		}
		p.List, err = assistant.Models(ctx, tx, 50)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, modelsPage(p))
	return nil
}

// newest is the model that learns on.
func (h history) newest() assistant.ModelID {
	if len(h.List) == 0 {
		return 0
	}
	return h.List[0].ID
}

// choose is POST /assistant/models/{id}: goes back to a model, or with on=1 on to the newest.
func (a area) choose(w http.ResponseWriter, r *http.Request) error {
	n, err := id.Read[assistant.ModelID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such model.")
	}
	held, word := r.FormValue("on") == "", "went_back"
	if !held {
		word = "went_on"
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return assistant.Choose(ctx, tx, n, held) }); err != nil {
		return err
	}
	if err := a.Helper.Load(r.Context()); err != nil {
		return err
	}
	return done(w, r, "/assistant/models", word)
}

// retrain is POST /assistant/retrain.
func (a area) retrain(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.Helper.Retrain(r.Context()); err != nil {
		return err
	}
	return done(w, r, "/assistant/models", "trained")
}
