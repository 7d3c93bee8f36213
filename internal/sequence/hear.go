package sequence

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/moment"
	"baraji/internal/notice"
	"baraji/internal/team"
)

const (
	tries     = 8 // of a step that failed and may go well another time
	pause     = 30 * time.Second
	mostPlans = 1000

	// freshFor is how long a process believes what it knows about who listens to what: a flow that was switched on at
	// another node hears here that much later.
	freshFor = time.Second
)

// Flows makes flows run.
type Flows struct {
	db  *db.DB
	log *slog.Logger

	mu     sync.Mutex
	ears   map[string][]ID // by kind of fact
	readAt time.Time
	bodies map[version]Flow // what was written once stays as it is
}

type version struct {
	flow ID
	n    int
}

// New makes the flows of a desk hear what is recorded there.
func New(d *db.DB, facts *event.Log, jobs *job.Runner, times *moment.Moments, log *slog.Logger) *Flows {
	f := &Flows{db: d, log: log, bodies: map[version]Flow{}}
	db.Attach(d, f)
	facts.OnEvery(f.hear)
	times.Tell("seq", f.fits)
	job.Handle(jobs, job.Kind{Pool: "flows"}, f.look)
	job.Handle(jobs, job.Kind{Pool: "flows", Tries: tries, Wait: pause}, f.step)
	return f
}

// changed makes this process look anew at what flows listen to.
func changed(tx *db.Tx) {
	if f := db.Attached[*Flows](tx); f != nil {
		tx.After(func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.ears = nil
		})
	}
}

// listening are the flows that listen to a kind: those into which one can come, and those that somebody is in, as they were when he came.
func (f *Flows) listening(ctx context.Context, tx *db.Tx, kind string) ([]ID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := tx.Now(); f.ears == nil || now.Sub(f.readAt) > freshFor || now.Before(f.readAt) {
		ears := map[string][]ID{}
		err := db.Each(ctx, tx, func(r db.Row) error {
			var fact string
			var id ID
			err := r.Scan(&fact, &id)
			ears[fact] = append(ears[fact], id)
			return err
		}, `SELECT DISTINCT h.fact, h.sequence_id FROM sequence_hears h JOIN sequence s ON s.id = h.sequence_id WHERE s.enabled AND h.version = s.version OR EXISTS
			(SELECT 1 FROM sequence_path p WHERE p.sequence_id = h.sequence_id AND p.version = h.version AND p.ended_at IS NULL) ORDER BY h.fact, h.sequence_id`)
		if err != nil {
			return nil, err
		}
		f.ears, f.readAt = ears, now
	}
	return f.ears[kind], nil
}

// look is the work of seeing what a fact means to a flow.
type look struct {
	Event event.ID `json:"event"`
	Flow  ID       `json:"flow"`
}

func (look) JobKind() string { return "sequence.look" }

// hear adds the work that a fact makes. It runs in the transaction that records it.
func (f *Flows) hear(ctx context.Context, tx *db.Tx, e event.Event) error {
	if e.Kind == moment.Kind {
		return f.came(ctx, tx, e)
	}
	if !automation.Hears(e.Kind) {
		return nil
	}
	list, err := f.listening(ctx, tx, e.Kind)
	for _, id := range list {
		if err == nil && e.Actor != actor(id) { // what it did itself is no news to it
			err = job.Add(ctx, tx, look{e.ID, id}, job.Options{Lane: id.String() + "/" + e.Subject})
		}
	}
	return err
}

// actor is the name in which a flow acts.
func actor(id ID) string { return "flow:" + id.String() }

// look lets a fact end the customer's path, lets it go on, or begins one.
func (f *Flows) look(ctx context.Context, run *job.Run, j look) error {
	err := f.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		flow, err := load(ctx, tx, j.Flow)
		if problem.KindOf(err) == problem.NotFound {
			return nil // it was deleted since
		}
		if err != nil {
			return err
		}
		e, err := event.Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		ctx := event.As(event.Following(team.AsSystem(ctx), e), actor(flow.ID))
		c := automation.NewCase(ctx, tx, e, flow.Owner)
		who, err := c.Customer()
		if err != nil || who.ID == 0 {
			return err
		}
		p, err := living(ctx, tx, flow.ID, who.ID)
		if err != nil {
			return err
		}
		if p.ID == 0 {
			return flow.blind(p, flow.begin(ctx, tx, c, e, who.ID))
		}
		if flow, err = f.read(ctx, tx, p); err != nil || e.ID <= p.Event || !e.At.After(p.StartedAt) && p.Event == 0 {
			return err
		}
		return flow.blind(p, flow.hear(ctx, tx, p, c, e))
	})
	var bad failure
	switch {
	case !errors.As(err, &bad) || ctx.Err() != nil:
		return err
	case bad.path.ID == 0:
		return f.unseen(ctx, run, bad)
	}
	return f.stumbled(ctx, run, bad)
}

// blind is what follows from conditions that cannot be looked at, where we say ourselves why: trying again is of no use. All else is tried again.
func (f Flow) blind(p Path, err error) error {
	if _, said := problem.As(err); !said {
		return err
	}
	return failure{p, f, err}
}

// unseen tells a flow's owner that it cannot be seen who is to come in.
func (f *Flows) unseen(ctx context.Context, run *job.Run, bad failure) error {
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil || bad.flow.Owner == 0 {
			return err
		}
		f.log.WarnContext(ctx, "a flow cannot see who is to come in", "flow", bad.flow.ID, "error", bad.why)
		_, err := notice.Tell(team.AsSystem(ctx), tx, notice.Notice{Person: bad.flow.Owner, Kind: notice.Rule, Subject: bad.flow.ID.String(), Words: "notice.flow_blind",
			Args: map[string]string{"flow": bad.flow.Name}, Link: "/settings/flows/" + bad.flow.ID.String()})
		return err
	})
}

// living is the path of a customer in a flow that is not over; the zero one when there is none.
func living(ctx context.Context, tx *db.Tx, flow ID, who contact.ID) (Path, error) {
	list, err := db.All(ctx, tx, scanPath, `SELECT `+pathColumns+fromPath+`WHERE p.sequence_id = $1 AND p.contact_id = $2 AND p.ended_at IS NULL`, flow, who)
	if err != nil || len(list) == 0 {
		return Path{}, err
	}
	return list[0], nil
}

// read is the flow of a path, as it was when the customer came in.
func (f *Flows) read(ctx context.Context, tx *db.Tx, p Path) (Flow, error) {
	which := version{p.Flow, p.Version}
	f.mu.Lock()
	flow, ok := f.bodies[which]
	f.mu.Unlock()
	if ok {
		return flow, nil
	}
	flow, err := at(ctx, tx, p.Flow, p.Version)
	if err != nil {
		return flow, err
	}
	tx.After(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.bodies) > mostPlans {
			clear(f.bodies)
		}
		f.bodies[which] = flow
	})
	return flow, nil
}

// begin lets a customer in, where the fact is the one and he may.
func (f Flow) begin(ctx context.Context, tx *db.Tx, c *automation.Case, e event.Event, who contact.ID) error {
	if !f.On || f.Start.When != e.Kind || e.Depth >= event.MaxDepth {
		return nil
	}
	if so, err := c.Holds(f.Start.If); err != nil || !so {
		return err
	}
	root, err := event.Root(ctx, tx, e)
	if err != nil {
		return err
	}
	if may, err := f.may(ctx, tx, who, root); err != nil || !may {
		return err
	}
	_, err = f.enter(ctx, tx, Path{Contact: who, Conversation: c.Conversation(), Event: e.ID, Root: root})
	return err
}

// may says whether a customer may come in, again or because of a chain.
func (f Flow) may(ctx context.Context, tx *db.Tx, who contact.ID, root event.ID) (bool, error) {
	had, chained := 0, 0
	err := db.Each(ctx, tx, func(r db.Row) error { return r.Scan(&had, &chained) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN root_id = $3 AND root_id <> 0 THEN 1 ELSE 0 END), 0) FROM sequence_path WHERE sequence_id = $1 AND contact_id = $2`, f.ID, who, root)
	return (f.Again || had == 0) && chained < automation.MostTimes, err
}

// enter puts a path before the first step.
func (f Flow) enter(ctx context.Context, tx *db.Tx, p Path) (PathID, error) {
	p.ID, p.Flow, p.Version, p.State, p.Step, p.StartedAt = PathID(tx.NewID()), f.ID, f.Version, Going, first(f.Steps, 0), tx.Now()
	_, err := tx.Exec(ctx, `INSERT INTO sequence_path (id, sequence_id, version, contact_id, conversation_id, event_id, root_id, state, step, turn, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.Flow, p.Version, p.Contact, p.Conversation, p.Event, p.Root, p.State, p.Step, 0, p.StartedAt)
	if err != nil {
		return 0, err
	}
	if err := p.turned(ctx, tx, Began, Detail{}); err != nil {
		return 0, err
	}
	if err := p.goes(ctx, tx, 0, p.Step); err != nil {
		return 0, err
	}
	return p.ID, event.Record(ctx, tx, Started{p.ID, f.ID, p.Contact, p.Conversation})
}

// hear ends a path, or lets it go on, where it waits for such a fact.
func (f Flow) hear(ctx context.Context, tx *db.Tx, p Path, c *automation.Case, e event.Event) error {
	if left, err := f.leaves(c, e); err != nil || left {
		if err != nil {
			return err
		}
		return p.end(ctx, tx, Left, WentOut, Detail{Fact: e.Kind})
	}
	here := f.plan()[p.Step]
	if p.State != Waiting || p.Awaits != e.Kind {
		return nil
	}
	if so, err := c.Holds(here.Wait.If); err != nil || !so {
		return err
	}
	before := p.Turn
	if p.Conversation == 0 {
		p.Conversation = c.Conversation()
	}
	if err := p.turned(ctx, tx, Happened, Detail{Fact: e.Kind}); err != nil {
		return err
	}
	return p.goes(ctx, tx, before, here.yes)
}

// leaves says whether a fact is one that ends it early.
func (f Flow) leaves(c *automation.Case, e event.Event) (bool, error) {
	for _, l := range f.Leave {
		if l.When != e.Kind {
			continue
		}
		if so, err := c.Holds(l.If); err != nil || so {
			return so, err
		}
	}
	return false, nil
}
