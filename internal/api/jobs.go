package api

import (
	"context"
	"encoding/json"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

func jobs(rt *routes) {
	get(rt, "/jobs", "List the work that waits or was given up, the newest first", listJobs)
	post(rt, "/jobs/{id}/retry", "Do a job again that was given up or waits to be tried again", retryJob)
	remove(rt, "/jobs/{id}", "Discard a job that was given up", discardJob)
}

// Job is a piece of work.
type Job struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	Lane      string          `json:"lane" doc:"Jobs of one lane run one after another"`
	Args      json.RawMessage `json:"args"`
	State     string          `json:"state" enum:"waiting,failed"`
	Running   bool            `json:"running"`
	RunAt     stamp           `json:"run_at"`
	Attempts  int             `json:"attempts" doc:"How often it failed"`
	Error     string          `json:"error"`
	CreatedAt stamp           `json:"created_at"`
}

func showJob(j job.Job) Job {
	return Job{j.ID.String(), j.Kind, j.Lane, j.Args, j.State, j.Running, stamp(j.RunAt), j.Attempt, j.Error, stamp(j.CreatedAt)}
}

// jobQuery narrows the list.
type jobQuery struct {
	State string `query:"state" enum:"waiting,failed"`
	Kind  string `query:"kind" maxLength:"100"`
	Span
}

func listJobs(ctx context.Context, tx *db.Tx, in *jobQuery) (page[Job], error) {
	if err := team.Allow(ctx, team.ManageJobs); err != nil {
		return page[Job]{}, err
	}
	before, err := cursorID[job.ID](in.Cursor)
	if err != nil {
		return page[Job]{}, err
	}
	l, err := job.List(ctx, tx, in.State, in.Kind, before, in.Limit+1)
	return cut(l, in.Limit, func(j job.Job) string { return j.ID.String() }, showJob), err
}

func jobAt(ctx context.Context, in *one) (job.ID, error) {
	if err := team.Allow(ctx, team.ManageJobs); err != nil {
		return 0, err
	}
	return target[job.ID](in.ID)
}

func retryJob(ctx context.Context, tx *db.Tx, in *one) (none, error) {
	id, err := jobAt(ctx, in)
	if err != nil {
		return none{}, err
	}
	return none{}, job.Retry(ctx, tx, id)
}

func discardJob(ctx context.Context, tx *db.Tx, in *one) error {
	id, err := jobAt(ctx, in)
	if err != nil {
		return err
	}
	return job.Discard(ctx, tx, id)
}
