package api

import (
	"context"

	"baraji/internal/channel/email"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

func queues(rt *routes) {
	ask(rt, "/queues", "Count the work that waits", rt.getQueues,
		about("`drained`: nothing is due or waits to be tried again, every mailbox was read to its end, every mail that came in has an end, "+
			"every answer whose time has come has left or failed, and everything that happened has its place in the log. What only waits for its time, such as the "+
			"end of a snooze, is not in the way. In `email.watch`, `due` are mailboxes that were not read to their end, or cannot be reached."))
}

// Queues is how much work there is.
type Queues struct {
	Drained bool    `json:"drained"`
	Queues  []Queue `json:"queues" nullable:"false"`
}

// Queue is how much of one kind of work there is.
type Queue struct {
	Name    string  `json:"name"`
	Due     int     `json:"due" doc:"Should be running, or is"`
	Waiting int     `json:"waiting" doc:"For its time"`
	Failed  int     `json:"failed" doc:"Given up, for a person to look at"`
	OldestS float64 `json:"oldest_s" doc:"How long the oldest that is due has been so, in seconds"`
}

// getQueues counts. Before it says that nothing is left, the mailboxes are looked at.
func (s *server) getQueues(ctx context.Context) (out Queues, err error) {
	if err := team.Allow(ctx, team.ManageJobs); err != nil {
		return out, err
	}
	count := func() error {
		return s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			out, err = s.countQueues(ctx, tx)
			return err
		})
	}
	if err := count(); err != nil || !out.Drained {
		return out, err
	}
	if !s.Mail.Look(ctx) {
		out.Drained = false
		return out, nil
	}
	return out, count()
}

func (s *server) countQueues(ctx context.Context, tx *db.Tx) (out Queues, err error) {
	list, err := s.Jobs.Queues(ctx, tx)
	if err != nil {
		return out, err
	}
	behind, err := s.Jobs.Behind(ctx, tx)
	if err != nil {
		return out, err
	}
	left := 0
	for _, count := range []func(context.Context, *db.Tx) (int, error){email.Arriving, email.Leaving, event.Unsealed} {
		n, err := count(ctx, tx)
		if err != nil {
			return out, err
		}
		left += n
	}
	list = append(list, behind...)
	out.Drained, out.Queues = left == 0 && s.Room.Short() == nil, make([]Queue, len(list))
	for i, q := range list {
		out.Drained = out.Drained && q.Due == 0
		out.Queues[i] = showQueue(q)
	}
	return out, nil
}

func showQueue(q job.Queue) Queue {
	return Queue{Name: q.Name, Due: q.Due, Waiting: q.Waiting, Failed: q.Failed, OldestS: q.Oldest.Seconds()}
}
