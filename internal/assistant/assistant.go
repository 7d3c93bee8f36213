package assistant

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"baraji/internal/bot"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Parts are what the assistant works with.
type Parts struct {
	DB    *db.DB
	Blobs blob.Store
	Jobs  *job.Runner
	Log   *slog.Logger     // nil is silent
	Clock func() time.Time // of the machine, for how long something took
	URL   string           // how the desk is reached from outside, for links in what it says; "" is not known
}

// Assistant answers, on this node.
type Assistant struct {
	Parts
	brain    atomic.Pointer[brain]
	training sync.Mutex
	behind   chan struct{} // another model answers since
	notes    chan note
}

// brain is a model and what is known of what it may say.
type brain struct {
	id     ModelID
	model  *bot.Model // nil: there is nothing to answer with
	things things
}

// New makes the assistant and takes over its jobs. It knows nothing before [Assistant.Load].
func New(p Parts) *Assistant {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	a := &Assistant{Parts: p, behind: make(chan struct{}, 1), notes: make(chan note, queue)}
	a.brain.Store(&brain{})
	job.Handle(p.Jobs, job.Kind{Limit: 10 * time.Minute}, a.train)
	job.Handle(p.Jobs, job.Kind{}, a.study)
	return a
}

// Run keeps the model that answers current, and writes down what was asked, until ctx ends.
func (a *Assistant) Run(ctx context.Context) error {
	ctx = team.AsSystem(ctx)
	a.catchUp(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { a.keepNotes(ctx) })
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.behind:
			a.catchUp(ctx)
		}
	}
}

// catchUp loads the model that answers now; one that cannot be read is trained anew.
func (a *Assistant) catchUp(ctx context.Context) {
	err := a.Load(ctx)
	if err == nil || ctx.Err() != nil {
		return
	}
	a.Log.Warn("the assistant's model cannot be read and is trained anew", "error", err)
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := setting.Forget(ctx, tx, serving); err != nil {
			return err
		}
		return trainSoon(ctx, tx)
	})
	if err != nil {
		a.Log.Error("ask for a new model", "error", err)
	}
}

// Load takes the model that answers now from its file, unless this node has it.
func (a *Assistant) Load(ctx context.Context) error {
	var m Model
	var known material
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		now, err := Now(ctx, tx)
		if err != nil || now.Model == 0 {
			return err
		}
		if m, err = model(ctx, tx, now.Model); err != nil {
			return err
		}
		known, err = gather(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	b := &brain{id: m.ID, things: known.things}
	if had := a.brain.Load(); had.id == m.ID {
		b.model = had.model
	} else if m.ID != 0 {
		if b.model, err = a.read(ctx, m.Blob); err != nil {
			return fmt.Errorf("read model %d: %w", m.Number, err)
		}
		defer debug.FreeOSMemory() // reading took twice of what is left
	}
	a.brain.Store(b)
	return nil
}

func (a *Assistant) read(ctx context.Context, key blob.Key) (*bot.Model, error) {
	f, err := a.Blobs.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bot.Read(f)
}

// store writes a model to a file.
func (a *Assistant) store(ctx context.Context, m *bot.Model) (blob.Key, error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(m.Write(w)) }()
	f, err := a.Blobs.Put(ctx, r)
	r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // lets the writer go, whatever happened
	return f.Key, err
}
