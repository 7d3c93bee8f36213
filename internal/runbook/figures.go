package runbook

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Figures say how a runbook does.
type Figures struct {
	Used   int // all runs
	By     map[State]int
	Stuck  map[int]int // how often at which step, by its key
	Closed int         // runs that have ended
	Talks  int         // conversations
}

// Helped is the share of ended runs that solved it, 0 to 1.
func (f Figures) Helped() float64 {
	if f.Closed == 0 {
		return 0
	}
	return float64(f.By[Solved]) / float64(f.Closed)
}

// Worst is the key of the step at which it stuck most often, and how often; 0: it never did.
func (f Figures) Worst() (key, n int) {
	for k, v := range f.Stuck {
		if v > n || v == n && k < key {
			key, n = k, v
		}
	}
	return key, n
}

// FiguresOf counts for runbooks that were read already: two questions for all of them.
func FiguresOf(ctx context.Context, tx *db.Tx, ids ...ID) (map[ID]Figures, error) {
	out := map[ID]Figures{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var state State
		var stuck, n int
		err := r.Scan(&id, &state, &stuck, &n)
		f := out[id]
		if f.By == nil {
			f.By, f.Stuck = map[State]int{}, map[int]int{}
		}
		f.Used, f.By[state] = f.Used+n, f.By[state]+n
		if state != Running {
			f.Closed += n
		}
		if stuck != 0 {
			f.Stuck[stuck] += n
		}
		out[id] = f
		return err
	}, `SELECT runbook_id, state, stuck, COUNT(*) FROM runbook_run WHERE runbook_id IN `+db.In(&a, ids)+` GROUP BY runbook_id, state, stuck`, a.List()...)
	if err != nil {
		return nil, err
	}
	a = db.Args{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var n int
		err := r.Scan(&id, &n)
		f := out[id]
		f.Talks = n
		out[id] = f
		return err
	}, `SELECT runbook_id, COUNT(DISTINCT conversation_id) FROM runbook_run WHERE conversation_id <> 0 AND runbook_id IN `+db.In(&a, ids)+` GROUP BY runbook_id`, a.List()...)
}

// Used is a run with the conversation in which it was, for the page of a runbook.
type Used struct {
	Run
	Talk conversation.Conversation
}

// Lately are the last runs of a runbook in conversations that whoever acts may see.
func Lately(ctx context.Context, tx *db.Tx, id ID, limit int) ([]Used, error) {
	runs, err := db.All(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.runbook_id = $1 AND r.conversation_id <> 0 ORDER BY r.id DESC`+db.Limit(5*limit), id)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	var ids []conversation.ID
	for _, r := range runs {
		ids = append(ids, r.Conversation)
	}
	seen, err := conversation.Some(ctx, tx, ids)
	var out []Used
	for _, r := range runs {
		if c, ok := seen[r.Conversation]; ok && len(out) < limit {
			out = append(out, Used{r, c})
		}
	}
	return out, err
}
