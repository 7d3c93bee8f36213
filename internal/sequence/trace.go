package sequence

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// What is a thing that happened on a path.
type What string

// What happens.
const (
	Began      What = "began"
	Did        What = "did"      // acts
	Stands     What = "waits"    // it waits from here on
	TimeOver   What = "over"     // it waited long enough
	Happened   What = "happened" // what it waited for
	TookYes    What = "yes"      // of a branch
	TookNo     What = "no"
	AskedThem  What = "asked"
	Approved   What = "approved"
	Declined   What = "declined"
	HandedOver What = "handed"
	WentOut    What = "left"
	WasPaused  What = "paused"
	Resumed    What = "resumed"
	WasMoved   What = "moved"
	WasStopped What = "stopped"
	GotStuck   What = "stuck"
	TriedAgain What = "tried_again"
	Through    What = "done"
)

// Trace is one thing that happened on a path.
type Trace struct {
	Turn   int
	Step   int // the key of the step
	What   What
	Person team.ID
	Body   Detail
	At     time.Time
}

// Detail is more about it. It holds nothing that a customer wrote.
type Detail struct {
	Did   []string  `json:"did,omitempty"`  // keys of actions
	Until time.Time `json:"until,omitzero"` // it waits
	Fact  string    `json:"fact,omitempty"` // its kind
	To    int       `json:"to,omitempty"`   // the key of a step
	Note  string    `json:"note,omitempty"` // what a person wrote about it
}

// Traces lists what happened on a path, the oldest first.
func Traces(ctx context.Context, tx *db.Tx, of PathID) ([]Trace, error) {
	if _, err := GetPath(ctx, tx, of); err != nil {
		return nil, err
	}
	return traces(ctx, tx, of)
}

func traces(ctx context.Context, tx *db.Tx, of PathID) ([]Trace, error) {
	return db.All(ctx, tx, func(r db.Row) (t Trace, err error) {
		body := ""
		if err := r.Scan(&t.Turn, &t.Step, &t.What, &t.Person, &body, db.Time(&t.At)); err != nil {
			return t, err
		}
		return t, json.Unmarshal([]byte(body), &t.Body)
	}, `SELECT turn, step, what, person_id, body, at FROM sequence_trace WHERE path_id = $1 ORDER BY turn`+db.Limit(500), of)
}

// turned keeps what happened and goes to the next turn. Two that do the same turn clash here.
func (p *Path) turned(ctx context.Context, tx *db.Tx, what What, d Detail) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO sequence_trace (path_id, turn, step, what, person_id, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Turn, p.Step, what, team.From(ctx).Person, string(body), tx.Now())
	if err != nil {
		return fmt.Errorf("trace %s: %w", p.ID, err)
	}
	p.Turn++
	return nil
}
