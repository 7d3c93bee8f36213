package routing

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// Waiting is a conversation in the queue.
type Waiting struct {
	Conversation conversation.ID
	Team         team.TeamID
	Outcome      Outcome // Queued or Morning
	Since        time.Time
}

// Next is the job that looks whether somebody has his hands free for what waits.
type Next struct{}

// JobKind names the job.
func (Next) JobKind() string { return "routing.next" }

// most that one job looks at; those after them come in the next.
const atOnce = 200

// enqueue puts a conversation into the queue, where it keeps its place. What waits for the morning is looked at when it comes.
func enqueue(ctx context.Context, tx *db.Tx, c conversation.Conversation, d Decision) error {
	_, err := tx.Exec(ctx, `INSERT INTO routing_queue (conversation_id, team_id, outcome, rank, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (conversation_id) DO UPDATE SET team_id = excluded.team_id, outcome = excluded.outcome, rank = excluded.rank`,
		c.ID, d.Team, d.Outcome, rank(c), tx.Now())
	if err != nil || d.Outcome != Morning || d.opens.IsZero() {
		return err
	}
	return job.Add(ctx, tx, Next{}, job.Options{At: d.opens, Key: "routing.morning/" + d.opens.UTC().Format(time.RFC3339)})
}

// rank is the place by priority: the urgent first.
func rank(c conversation.Conversation) int {
	for i, p := range conversation.Priorities {
		if p == c.Priority {
			return len(conversation.Priorities) - i
		}
	}
	return len(conversation.Priorities)
}

func leaveQueue(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM routing_queue WHERE conversation_id = $1`, id)
	return err
}

// wakeQueue looks whether somebody has his hands free, where something waits.
func wakeQueue(ctx context.Context, tx *db.Tx) error {
	waits, err := db.Exists(ctx, tx, `SELECT 1 FROM routing_queue`)
	if err != nil || !waits {
		return err
	}
	return job.Add(ctx, tx, Next{}, job.Options{Key: "routing.next"})
}

// OnFreed looks whether somebody has his hands free: after whatever may have changed who is there.
func OnFreed[F any](ctx context.Context, tx *db.Tx, _ F) error { return wakeQueue(ctx, tx) }

// OnAssigned takes what somebody took himself out of the queue.
func OnAssigned(ctx context.Context, tx *db.Tx, f conversation.Assigned) error {
	if f.To != 0 {
		if err := leaveQueue(ctx, tx, f.ID); err != nil {
			return err
		}
	}
	if f.From != 0 {
		return wakeQueue(ctx, tx)
	}
	return nil
}

// Queue is what waits, the first to be given first. The rows are of everybody: who lists them asks what one may see.
func Queue(ctx context.Context, tx *db.Tx) ([]Waiting, error) {
	return db.All(ctx, tx, func(r db.Row) (w Waiting, err error) {
		return w, r.Scan(&w.Conversation, &w.Team, &w.Outcome, db.Time(&w.Since))
	}, `SELECT conversation_id, team_id, outcome, since FROM routing_queue ORDER BY rank, since, conversation_id`)
}

// Serve does the Next job: each that waits gets whoever is free for it, in order.
func Serve(ctx context.Context, tx *db.Tx) error {
	list, err := Queue(ctx, tx)
	if err != nil || len(list) == 0 {
		return err
	}
	in, err := Look(ctx, tx, tx.Now())
	if err != nil {
		return err
	}
	for _, w := range list[:min(len(list), atOnce)] {
		c, wanted, err := open(ctx, tx, w.Conversation)
		if err != nil {
			return err
		}
		if !wanted || c.Assignee != 0 && !in.absent(c.Assignee) {
			if err := leaveQueue(ctx, tx, w.Conversation); err != nil {
				return err
			}
			continue
		}
		if err := in.route(ctx, tx, c, 0); err != nil {
			return err
		}
	}
	return nil
}
