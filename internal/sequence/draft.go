package sequence

import (
	"context"
	"encoding/json"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// draft is what of a flow is kept while it is being changed.
type draft struct {
	Name  string  `json:"name"`
	Owner team.ID `json:"owner,omitzero"`
	said
}

// Draft is a flow as it is to become; differs says whether that is another than it is.
func Draft(ctx context.Context, tx *db.Tx, id ID) (f Flow, differs bool, err error) {
	if f, err = Get(ctx, tx, id); err != nil {
		return f, false, err
	}
	body, err := db.Value[string](ctx, tx, `SELECT draft FROM sequence WHERE id = $1`, id)
	if err != nil || body == "" {
		return f, false, err
	}
	var d draft
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return f, false, err
	}
	f.Name, f.Owner = d.Name, d.Owner
	return f, true, f.read(body)
}

// Sketch changes the draft of a flow. It need not be whole: that is looked at when it is put to use.
func Sketch(ctx context.Context, tx *db.Tx, id ID, change func(*Flow) error) error {
	f, _, err := Draft(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := change(&f); err != nil {
		return err
	}
	n := 0
	for range all(f.Steps) {
		n++
	}
	if n > mostSteps {
		return problem.New(problem.Invalid, "At most %d steps.", mostSteps)
	}
	body, err := json.Marshal(draft{f.Name, f.Owner, said{f.Start, f.Again, f.Leave, f.Steps, f.Last}})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE sequence SET draft = $2 WHERE id = $1`, id, string(body))
	return err
}

// Publish makes a flow what its draft says, for those who come in from now on.
func Publish(ctx context.Context, tx *db.Tx, id ID) error {
	f, differs, err := Draft(ctx, tx, id)
	if err != nil || !differs {
		return err
	}
	return f.become(ctx, tx)
}

// Discard drops the draft.
func Discard(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE sequence SET draft = '' WHERE id = $1`, id)
	return err
}

// CheckStep tidies a step alone and finds what is wrong with it; what lies within it is left alone.
func CheckStep(ctx context.Context, tx *db.Tx, s *Step) error {
	var c problem.Check
	if err := s.check(ctx, tx, &c, "step"); err != nil {
		return err
	}
	return c.Err()
}
