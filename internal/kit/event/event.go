package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
)

// ID is the id of an event.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "evt" }

// Fact is something that happened, owned by the package that made it happen.
type Fact interface {
	EventKind() string // such as "conversation.replied"
	Subject() string   // the id of what it happened to
}

// Event is a fact as the log keeps it.
type Event struct {
	ID      ID
	Seq     int64 // its place in the log; 0 until it is sealed
	Kind    string
	Subject string
	Actor   string // who did it: an id, or "system", or "rule:…"
	At      time.Time
	Cause   ID // the event that it follows from; 0 when a person acted
	Depth   int
	Body    json.RawMessage
}

// MaxDepth is where chains of reactions end.
const MaxDepth = 5

type key int

const (
	actorKey key = iota
	causeKey
	quietKey
)

type cause struct {
	id    ID
	depth int
}

// As returns a context in which actor is the one who acts.
func As(ctx context.Context, actor string) context.Context {
	return context.WithValue(ctx, actorKey, actor)
}

// Actor says who acts.
func Actor(ctx context.Context) string {
	a, _ := ctx.Value(actorKey).(string)
	if a == "" {
		return "system"
	}
	return a
}

// Quiet returns a context in which facts are recorded but nobody reacts: for
// history that is imported.
func Quiet(ctx context.Context) context.Context { return context.WithValue(ctx, quietKey, true) }

// IsQuiet says whether ctx came from Quiet.
func IsQuiet(ctx context.Context) bool { q, _ := ctx.Value(quietKey).(bool); return q }

// Depth says how many reactions led to what is done now; 0 when a person acts.
func Depth(ctx context.Context) int {
	c, _ := ctx.Value(causeKey).(cause)
	return c.depth
}

// Record writes facts to the log, as part of tx, and adds the jobs of those who react.
func Record(ctx context.Context, tx *db.Tx, facts ...Fact) error {
	log := db.Attached[*Log](tx)
	var done []Event
	for _, f := range facts {
		e, err := write(ctx, tx, f)
		if err != nil {
			return fmt.Errorf("record %s: %w", f.EventKind(), err)
		}
		if log == nil || IsQuiet(ctx) {
			continue
		}
		done = append(done, e)
		if err := log.spread(ctx, tx, e); err != nil {
			return fmt.Errorf("react to %s: %w", e.Kind, err)
		}
		for _, hear := range log.every {
			if err := hear(ctx, tx, e); err != nil {
				return fmt.Errorf("hear %s: %w", e.Kind, err)
			}
		}
	}
	if log != nil {
		if len(done) > 0 {
			tx.After(func() { log.committed(done) })
		}
		tx.After(log.wake)
	}
	return nil
}

func write(ctx context.Context, tx *db.Tx, f Fact) (Event, error) {
	body, err := json.Marshal(f)
	if err != nil {
		return Event{}, err
	}
	c, _ := ctx.Value(causeKey).(cause)
	e := Event{ID: ID(tx.NewID()), Kind: f.EventKind(), Subject: f.Subject(), Actor: Actor(ctx), At: tx.Now(),
		Cause: c.id, Depth: c.depth, Body: body}
	_, err = tx.Exec(ctx, `INSERT INTO event (id, kind, subject, actor, at, cause, depth, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.Kind, e.Subject, e.Actor, e.At, e.Cause, e.Depth, string(e.Body))
	return e, err
}

// Log knows who reacts to what, and seals what was recorded.
type Log struct {
	db    *db.DB
	on    map[string][]*reaction // by kind of fact
	names map[string]*reaction

	woke      chan struct{}
	sealed    func() // told when events were sealed
	committed func([]Event)
	tooDeep   func(Event, string)
	every     []func(context.Context, *db.Tx, Event) error
}

type reaction struct {
	name   string
	within bool // in the transaction that records the fact
	run    func(context.Context, *db.Tx, Event) error
}

// react is the job of one reaction to one event.
type react struct {
	Event    ID     `json:"event"`
	Reaction string `json:"reaction"`
}

func (react) JobKind() string { return "event.react" }

// NewLog makes the Log of d, whose reactions are done by jobs, and attaches it
// to d, so that Record finds it.
func NewLog(d *db.DB, jobs *job.Runner) *Log {
	l := &Log{db: d, on: map[string][]*reaction{}, names: map[string]*reaction{}, woke: make(chan struct{}, 1),
		sealed: func() {}, committed: func([]Event) {}, tooDeep: func(Event, string) {}}
	job.Handle(jobs, job.Kind{Pool: "react"}, l.react)
	db.Attach(d, l)
	return l
}

// OnTooDeep sets what is told when a reaction is left out at MaxDepth.
func (l *Log) OnTooDeep(fn func(e Event, reaction string)) { l.tooDeep = fn }

// OnCommitted sets what is told of events right after their commit, in the
// goroutine that committed them: before they have a place in the log, and only in
// this process. It is a hint that may be lost, and must not block.
func (l *Log) OnCommitted(fn func([]Event)) { l.committed = fn }

// OnEvery adds what hears every fact, in the transaction that records it: for those
// who only know at the time what they listen to. It does little: it adds jobs, whose
// work acts in the name of the fact ([Following]) and looks at how deep that lies.
func (l *Log) OnEvery(fn func(context.Context, *db.Tx, Event) error) { l.every = append(l.every, fn) }

// On makes fn react to facts that are an F. The name tells reactions apart in
// the queue: it stays when the function is renamed.
func On[F Fact](l *Log, name string, fn func(context.Context, *db.Tx, F) error) {
	add(l, name, false, fn)
}

// Within makes fn react in the very transaction that records the fact, for what
// has to be there at the same moment. fn does nothing but work in the database,
// and when it fails the command fails.
func Within[F Fact](l *Log, name string, fn func(context.Context, *db.Tx, F) error) {
	add(l, name, true, fn)
}

func add[F Fact](l *Log, name string, within bool, fn func(context.Context, *db.Tx, F) error) {
	var zero F
	re := &reaction{name, within, func(ctx context.Context, tx *db.Tx, e Event) error {
		var f F
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return fmt.Errorf("read %s: %w", e.Kind, err)
		}
		return fn(ctx, tx, f)
	}}
	full := zero.EventKind() + ">" + name
	if l.names[full] != nil {
		panic("two reactions called " + full)
	}
	l.names[full] = re
	l.on[zero.EventKind()] = append(l.on[zero.EventKind()], re)
}

// Reactions lists who reacts to what: "conversation.replied>email".
func (l *Log) Reactions() map[string]bool {
	all := map[string]bool{}
	for name := range l.names {
		all[name] = true
	}
	return all
}

func (l *Log) spread(ctx context.Context, tx *db.Tx, e Event) error {
	for _, re := range l.on[e.Kind] {
		if e.Depth >= MaxDepth {
			tx.After(func() { l.tooDeep(e, re.name) })
			continue
		}
		if re.within {
			if err := re.follow(ctx, tx, e); err != nil {
				return err
			}
			continue
		}
		if err := job.Add(ctx, tx, react{e.ID, re.name}, job.Options{Lane: re.name + "/" + e.Subject}); err != nil {
			return err
		}
	}
	return nil
}

// react runs one reaction; its work and the end of its job are one commit.
func (l *Log) react(ctx context.Context, run *job.Run, j react) error {
	return l.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		e, err := Get(ctx, tx, j.Event)
		if err != nil {
			return err
		}
		re := l.names[e.Kind+">"+j.Reaction]
		if re == nil {
			return nil // the reaction is gone since
		}
		return re.follow(ctx, tx, e)
	})
}

// follow reacts to an event, in its name.
func (re *reaction) follow(ctx context.Context, tx *db.Tx, e Event) error {
	return re.run(As(Following(ctx, e), "system"), tx, e)
}

// Following returns a context in which what is recorded follows from e.
func Following(ctx context.Context, e Event) context.Context {
	return context.WithValue(ctx, causeKey, cause{e.ID, e.Depth + 1})
}

// Root is the event with which the chain began that led to e.
func Root(ctx context.Context, tx *db.Tx, e Event) (ID, error) {
	for range 2 * MaxDepth {
		if e.Cause == 0 {
			break
		}
		before, err := Get(ctx, tx, e.Cause)
		if errors.Is(err, db.ErrNoRow) {
			return e.Cause, nil
		}
		if err != nil {
			return 0, err
		}
		e = before
	}
	return e.ID, nil
}

const columns = `id, COALESCE(seq, 0), kind, subject, actor, at, cause, depth, body`

func scan(row db.Row) (e Event, err error) {
	var body string
	err = row.Scan(&e.ID, &e.Seq, &e.Kind, &e.Subject, &e.Actor, db.Time(&e.At), &e.Cause, &e.Depth, &body)
	e.Body = json.RawMessage(body)
	return e, err
}

// Get returns one event.
func Get(ctx context.Context, tx *db.Tx, id ID) (Event, error) {
	return db.One(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE id = $1`, id)
}

// Of returns what happened to a subject, newest first, from before an event
// (0: from the newest).
func Of(ctx context.Context, tx *db.Tx, subject string, before ID, limit int) ([]Event, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE subject = $1 AND id < $2 ORDER BY id DESC`+db.Limit(limit),
		subject, before)
}

// After returns sealed events in the order of the log, from behind a place in it.
func After(ctx context.Context, tx *db.Tx, seq int64, limit int) ([]Event, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE seq > $1 ORDER BY seq`+db.Limit(limit), seq)
}

// Filter narrows the log.
type Filter struct {
	After   int64  // behind this place
	Before  int64  // in front of this place: newest first
	Kind    string // this kind, or every kind that begins with "kind."
	Subject string
	Actor   string
	From    time.Time // not before
	Until   time.Time // before
}

// List returns sealed events that a filter leaves: oldest first, or newest
// first when Before is set.
func List(ctx context.Context, tx *db.Tx, f Filter, limit int) ([]Event, error) {
	var a db.Args
	where, order := `seq > `+a.Add(f.After), `seq`
	if f.Before > 0 {
		where, order = where+` AND seq < `+a.Add(f.Before), `seq DESC`
	}
	if f.Kind != "" {
		where += ` AND (kind = ` + a.Add(f.Kind) + ` OR kind LIKE ` + a.Add(db.Like(f.Kind)+".%") + ` ESCAPE '\')`
	}
	if f.Subject != "" {
		where += ` AND subject = ` + a.Add(f.Subject)
	}
	if f.Actor != "" {
		where += ` AND actor = ` + a.Add(f.Actor)
	}
	if !f.From.IsZero() {
		where += ` AND at >= ` + a.Add(f.From)
	}
	if !f.Until.IsZero() {
		where += ` AND at < ` + a.Add(f.Until)
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM event WHERE `+where+` ORDER BY `+order+db.Limit(limit), a.List()...)
}

// Last is the place of the newest sealed event.
func Last(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Value[int64](ctx, tx, `SELECT COALESCE(MAX(seq), 0) FROM event`)
}
