package assistant

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"baraji/internal/bot"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/setting"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// soon is how long after a change is trained, so that many changes are one training.
const soon = 3 * time.Second

// trainJob is the job of learning anew.
type trainJob struct{}

// JobKind names the job.
func (trainJob) JobKind() string { return "assistant.train" }

func trainSoon(ctx context.Context, tx *db.Tx) error {
	return job.Add(ctx, tx, trainJob{}, job.Options{At: tx.Now().Add(soon), Key: "assistant.train"})
}

// train does the job. A change that came while it was at it is not lost: then it is done again.
func (a *Assistant) train(ctx context.Context, run *job.Run, _ trainJob) error {
	ctx = team.AsSystem(ctx)
	var now Serving
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { now, err = Now(ctx, tx); return err })
	if err != nil {
		return err
	}
	digest := ""
	if !now.Held {
		if _, digest, err = a.learn(ctx); err != nil && !errors.Is(err, bot.ErrEmpty) {
			return err
		}
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if !now.Held {
			m, err := gather(ctx, tx)
			if err != nil {
				return err
			}
			if m.digest != digest {
				return job.Later(tx.Now().Add(soon))
			}
		}
		return run.Finish(ctx, tx)
	})
}

// Retrain learns anew at once and returns when the new model answers on this node.
func (a *Assistant) Retrain(ctx context.Context) (Model, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return Model{}, err
	}
	m, _, err := a.learn(team.AsSystem(ctx))
	if errors.Is(err, bot.ErrEmpty) {
		return m, problem.New(problem.Conflict, "There is nothing to learn from yet. Write an answer or publish an article first.")
	}
	return m, err
}

// learn trains a model of everything there is, if that is not what the newest was trained on, and lets it answer.
func (a *Assistant) learn(ctx context.Context) (m Model, digest string, err error) {
	a.training.Lock()
	defer a.training.Unlock()
	var now Serving
	var what material
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		if what, err = gather(ctx, tx); err != nil {
			return err
		}
		if now, err = Now(ctx, tx); err != nil || now.Model == 0 {
			return err
		}
		m, err = model(ctx, tx, now.Model)
		return err
	})
	if err != nil {
		return m, "", err
	}
	if what.empty() {
		return Model{}, what.digest, errors.Join(bot.ErrEmpty, a.forget(ctx, now))
	}
	if m.ID != 0 && m.digest == what.digest {
		return m, what.digest, a.Load(ctx)
	}
	m, err = a.make(ctx, what)
	return m, what.digest, err
}

// make trains a model, stores it and lets it answer.
func (a *Assistant) make(ctx context.Context, what material) (Model, error) {
	began := a.Clock()
	trained, err := bot.Train(ctx, what.examples, what.articles)
	if err != nil {
		return Model{}, fmt.Errorf("train the assistant: %w", err)
	}
	m := Model{Figures: trained.Figures(), Took: a.Clock().Sub(began), digest: what.digest}
	if m.Blob, err = a.store(ctx, trained); err != nil {
		return m, fmt.Errorf("store what the assistant learned: %w", err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		stored, err := add(ctx, tx, m)
		m = stored
		return err
	})
	if err == nil {
		a.brain.Store(&brain{m.ID, trained, what.things})
	}
	debug.FreeOSMemory() // it took several times of what is left, and is not done again soon
	return m, err
}

// forget leaves nothing that answers: everything that could be learned from is gone.
func (a *Assistant) forget(ctx context.Context, now Serving) error {
	if now.Model == 0 {
		return nil
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return setting.Forget(ctx, tx, serving) })
	if err == nil {
		a.brain.Store(&brain{})
	}
	return err
}

// What readers see of an article is something to learn anew.

// OnPublished reacts to a text that was published.
func OnPublished(ctx context.Context, tx *db.Tx, _ knowledge.Published) error {
	return trainSoon(ctx, tx)
}

// OnUnpublished reacts to a text that was taken away.
func OnUnpublished(ctx context.Context, tx *db.Tx, _ knowledge.Unpublished) error {
	return trainSoon(ctx, tx)
}

// OnArchived reacts to an article that was put away.
func OnArchived(ctx context.Context, tx *db.Tx, _ knowledge.Archived) error {
	return trainSoon(ctx, tx)
}

// OnUnarchived reacts to an article that was taken out again.
func OnUnarchived(ctx context.Context, tx *db.Tx, _ knowledge.Unarchived) error {
	return trainSoon(ctx, tx)
}

// OnChanged reacts to a change of who may read an article.
func OnChanged(ctx context.Context, tx *db.Tx, f knowledge.Changed) error {
	for _, field := range f.Fields {
		if field == "audience" {
			return trainSoon(ctx, tx)
		}
	}
	return nil
}
