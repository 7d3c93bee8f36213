package settings

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) jobRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/jobs", team.ManageJobs, a.jobs)
	rt.Page("POST /settings/jobs/{id}/retry", team.ManageJobs, func(w http.ResponseWriter, r *http.Request) error {
		return a.onJob(w, r, job.Retry, "job_retried")
	})
	rt.Page("POST /settings/jobs/{id}/discard", team.ManageJobs, func(w http.ResponseWriter, r *http.Request) error {
		return a.onJob(w, r, job.Discard, "job_discarded")
	})
}

const jobsShown = 50

// jobs shows the queues and what was given up. The page asks for the fragment again
// every few seconds: a queue that changes tells nobody.
func (a area) jobs(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	before, _ := id.Read[job.ID](r.FormValue("before"))
	var queues []job.Queue
	var failed []job.Job
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if queues, err = a.Jobs.Queues(ctx, tx); err != nil {
			return err
		}
		failed, err = job.List(ctx, tx, "failed", "", before, jobsShown+1)
		return err
	})
	if err != nil {
		return err
	}
	next := ""
	if len(failed) > jobsShown {
		failed = failed[:jobsShown]
		next = "/settings/jobs?before=" + failed[jobsShown-1].ID.String()
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, jobsNow(queues, failed, next))
		return nil
	}
	ui.Render(w, r, http.StatusOK, jobsPage(queues, failed, next))
	return nil
}

func (a area) onJob(w http.ResponseWriter, r *http.Request, do func(context.Context, *db.Tx, job.ID) error, word string) error {
	ctx := r.Context()
	key, err := id.Read[job.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such failed job. It may have been done in the meantime.")
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, "/settings/jobs", word)
}

// jobName is what a kind of work is called; unknown ones keep their own name.
func jobName(ctx context.Context, kind string) string {
	if key := "jobs." + dotless(kind); i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return kind
}

// old is how long the oldest job has waited; less than a second is nothing.
func old(ctx context.Context, q job.Queue) string {
	if q.Due == 0 || q.Oldest < time.Second {
		return "–"
	}
	return i18n.Duration(ctx, q.Oldest)
}
