package automation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// RunID is the id of a run.
type RunID = id.Of[runKind]

type runKind struct{}

func (runKind) Prefix() string { return "run" }

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Failing Outcome = "failed"
	GivenUp Outcome = "given_up"
	Cut     Outcome = "cut"
)

// Run is what a rule did about a fact.
type Run struct {
	ID      RunID
	Rule    ID
	Version int
	Event   event.ID
	Root    event.ID // with which the chain began
	Subject string
	Outcome Outcome
	Tries   int
	Did     []string  // keys of the actions
	Why     i18n.Text // what went wrong, in each language
	At      time.Time
}

// told is what of a run is kept as JSON. It holds nothing of what customers wrote.
type told struct {
	Did []string  `json:"did,omitempty"`
	Why i18n.Text `json:"why,omitempty"`
}

const runColumns = `id, rule_id, version, event_id, root_id, subject, outcome, tries, body, at`

func scanRun(r db.Row) (o Run, err error) {
	var body string
	if err := r.Scan(&o.ID, &o.Rule, &o.Version, &o.Event, &o.Root, &o.Subject, &o.Outcome, &o.Tries, &body, db.Time(&o.At)); err != nil {
		return o, err
	}
	var t told
	err = json.Unmarshal([]byte(body), &t)
	o.Did, o.Why = t.Did, t.Why
	return o, err
}

// write keeps a run. There is one for a rule and a fact: what is tried again is the same.
func (o *Run) write(ctx context.Context, tx *db.Tx) error {
	body, err := json.Marshal(told{o.Did, o.Why})
	if err != nil {
		return err
	}
	o.At = tx.Now()
	o.ID, err = db.Value[RunID](ctx, tx, `INSERT INTO automation_run (`+runColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (rule_id, event_id) DO UPDATE SET version = excluded.version, outcome = excluded.outcome, tries = automation_run.tries + 1, body = excluded.body RETURNING id`,
		RunID(tx.NewID()), o.Rule, o.Version, o.Event, o.Root, o.Subject, o.Outcome, max(o.Tries, 1), string(body), o.At)
	if err != nil {
		return fmt.Errorf("write a run: %w", err)
	}
	return nil
}

// Runs lists what a rule did, the newest first, before a run (0: from the newest).
func Runs(ctx context.Context, tx *db.Tx, of ID, before RunID, limit int) ([]Run, error) {
	if _, err := Get(ctx, tx, of); err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	return db.All(ctx, tx, scanRun, `SELECT `+runColumns+` FROM automation_run WHERE rule_id = $1 AND id < $2 ORDER BY id DESC`+db.Limit(limit), of, before)
}

// Figures are how often rules ran since a time, by how it ended.
type Figures map[Outcome]int

// Since counts the runs of all rules.
func Since(ctx context.Context, tx *db.Tx, at time.Time) (map[ID]Figures, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	out := map[ID]Figures{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var how Outcome
		var n int
		err := r.Scan(&id, &how, &n)
		if out[id] == nil {
			out[id] = Figures{}
		}
		out[id][how] = n
		return err
	}, `SELECT rule_id, outcome, COUNT(*) FROM automation_run WHERE id >= $1 GROUP BY rule_id, outcome`, RunID(id.From(at)))
}

// keepRuns is how long runs are kept.
const keepRuns = 180 * 24 * time.Hour

// Forget drops old runs.
func Forget(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM automation_answer WHERE at < $1`, tx.Now().Add(-time.Hour)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM automation_run WHERE id < $1`, RunID(id.From(tx.Now().Add(-keepRuns))))
	return err
}
