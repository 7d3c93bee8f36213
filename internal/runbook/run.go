package runbook

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// RunID is the id of a run.
type RunID = id.Of[runKind]

type runKind struct{}

func (runKind) Prefix() string { return "rbr" }

// State is how a run goes; see the package comment. Words: runbook.state_<…>.
type State string

// The states.
const (
	Running    State = "running"
	Solved     State = "solved"
	GivenUp    State = "given_up"
	HandedOver State = "handed_over"
)

// States lists them.
var States = []State{Running, Solved, GivenUp, HandedOver}

// Run is a runbook that is followed in a conversation.
type Run struct {
	ID           RunID
	Runbook      ID
	Version      int
	Conversation conversation.ID // 0: it was deleted
	State        State
	Kind         Kind
	Title        i18n.Text
	Steps        []Step // as they were when it was started
	Ticks        []Tick
	Stuck        int // the key of the step at which it ended without help; 0: none
	Why          string
	StartedBy    team.ID
	StartedAt    time.Time
	EndedBy      team.ID
	EndedAt      time.Time

	edition int64
}

// Place is where it is.
func (r Run) Place() Place { return place(r.Steps, r.Ticks) }

// Number is the place of a step, from 1; 0: there is none.
func (r Run) Number(key int) int { return index(r.Steps, key) + 1 }

// Last is the last thing that was done with a step; false: nothing was.
func (r Run) Last(key int) (t Tick, ok bool) {
	for _, one := range r.Ticks {
		if one.Step == key && one.What != Called {
			t, ok = one, true
		}
	}
	return t, ok
}

// CalledFor is the call that was made for a step; false: none was.
func (r Run) CalledFor(key int) (Tick, bool) {
	i := slices.IndexFunc(r.Ticks, func(t Tick) bool { return t.Step == key && t.What == Called })
	if i < 0 {
		return Tick{}, false
	}
	return r.Ticks[i], true
}

// snapshot is what a run keeps of its runbook.
type snapshot struct {
	Kind  Kind
	Title i18n.Text
	Steps []Step
}

const runColumns = `r.id, r.runbook_id, r.version, r.conversation_id, r.state, r.body, r.ticks, r.stuck, r.why, r.edition, r.started_by, r.started_at, r.ended_by, r.ended_at`

func scanRun(row db.Row) (r Run, err error) {
	var body, ticks string
	err = row.Scan(&r.ID, &r.Runbook, &r.Version, &r.Conversation, &r.State, &body, &ticks, &r.Stuck, &r.Why, &r.edition, &r.StartedBy, db.Time(&r.StartedAt), &r.EndedBy, db.Time(&r.EndedAt))
	if err != nil {
		return r, err
	}
	var s snapshot
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return r, err
	}
	r.Kind, r.Title, r.Steps = s.Kind, s.Title, s.Steps
	return r, json.Unmarshal([]byte(ticks), &r.Ticks)
}

const mostRuns = 20 // of a conversation that are shown

// Of are the runs of a conversation that was read already, the last first.
func Of(ctx context.Context, tx *db.Tx, talk conversation.ID) ([]Run, error) {
	return db.All(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.conversation_id = $1 ORDER BY r.id DESC`+db.Limit(mostRuns), talk)
}

// GetRun returns one in a conversation that whoever acts may see.
func GetRun(ctx context.Context, tx *db.Tx, id RunID) (Run, error) {
	r, err := db.One(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.id = $1`, id)
	if err == nil {
		_, err = conversation.Get(ctx, tx, r.Conversation)
	}
	if errors.Is(err, db.ErrNoRow) || problem.KindOf(err) == problem.NotFound {
		return Run{}, problem.New(problem.NotFound, "This runbook is not followed here.")
	}
	return r, err
}

const (
	maxNote  = 500
	maxTicks = 300 // steps that lead back to each other do not go on for ever
)

// mine reads a run that whoever acts may change.
func mine(ctx context.Context, tx *db.Tx, id RunID) (Run, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Run{}, err
	}
	return GetRun(ctx, tx, id)
}

func (r Run) going() error {
	if r.State != Running {
		return problem.New(problem.Conflict, "This runbook has ended here. Resume it first.")
	}
	return nil
}

// save writes a run, unless somebody else did meanwhile.
func (r Run) save(ctx context.Context, tx *db.Tx) error {
	ticks, err := json.Marshal(r.Ticks)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE runbook_run SET state = $3, ticks = $4, stuck = $5, why = $6, ended_by = $7, ended_at = $8, edition = edition + 1 WHERE id = $1 AND edition = $2`,
		r.ID, r.edition, r.State, string(ticks), r.Stuck, r.Why, r.EndedBy, r.EndedAt)
	if err == nil && n == 0 {
		err = behind()
	}
	return err
}

// Unsolved are the last runs of conversations that were read already, where that did not help, or is not over yet.
func Unsolved(ctx context.Context, tx *db.Tx, talks []conversation.ID) (map[conversation.ID]Run, error) {
	out := map[conversation.ID]Run{}
	if len(talks) == 0 {
		return out, nil
	}
	var a db.Args
	list, err := db.All(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.conversation_id IN `+db.In(&a, talks)+` ORDER BY r.id`, a.List()...)
	for _, r := range list {
		out[r.Conversation] = r
	}
	for c, r := range out {
		if r.State == Solved {
			delete(out, c)
		}
	}
	return out, err
}
