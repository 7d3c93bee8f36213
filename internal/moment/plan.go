package moment

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
)

// Plan is a time and who begins then.
type Plan struct {
	Owner string              `json:"-"` // the id of a rule or a flow
	When  When                `json:"when"`
	Only  map[string][]string `json:"only,omitempty"` // narrows what a schedule is about: statuses of conversations, stages of customers
}

// kept is a plan as it stands in its row.
type kept struct {
	Plan
	id     int64
	doneTo time.Time
}

func scan(r db.Row) (k kept, err error) {
	var body string
	if err := r.Scan(&k.Owner, &k.id, &body, db.Time(&k.doneTo)); err != nil {
		return k, err
	}
	return k, json.Unmarshal([]byte(body), &k.Plan)
}

func load(ctx context.Context, tx *db.Tx, owner string) (kept, bool, error) {
	k, err := db.One(ctx, tx, scan, `SELECT owner, plan_id, body, done_to FROM moment_plan WHERE owner = $1`, owner)
	if errors.Is(err, db.ErrNoRow) {
		return k, false, nil
	}
	return k, err == nil, err
}

// Set keeps a plan. What would have come before now does not; one that is as it was goes on.
func Set(ctx context.Context, tx *db.Tx, p Plan) error {
	was, is, err := load(ctx, tx, p.Owner)
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	before, err := json.Marshal(was.Plan)
	if err != nil || is && string(before) == string(body) {
		return err
	}
	k := kept{p, tx.NewID(), tx.Now()}
	next, err := k.next(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO moment_plan (owner, plan_id, body, done_to, next_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (owner) DO UPDATE SET plan_id = excluded.plan_id, body = excluded.body, done_to = excluded.done_to, next_at = excluded.next_at`, p.Owner, k.id, string(body), k.doneTo, next)
	if err != nil {
		return err
	}
	return job.Replace(ctx, tx, ring{k.id, p.Owner}, k.timer(next))
}

func (k kept) timer(at time.Time) job.Options {
	return job.Options{At: at, Key: "moment/" + k.Owner, Lane: k.Owner}
}

// Drop takes a plan away. What it began is remembered: it does not begin again when the plan comes back.
func Drop(ctx context.Context, tx *db.Tx, owner string) error {
	n, err := tx.Exec(ctx, `DELETE FROM moment_plan WHERE owner = $1`, owner)
	if err != nil || n == 0 {
		return err
	}
	return job.Cancel(ctx, tx, "moment/"+owner)
}

// Delete is Drop for good.
func Delete(ctx context.Context, tx *db.Tx, owner string) error {
	if err := Drop(ctx, tx, owner); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM moment_done WHERE owner = $1`, owner)
	return err
}

const (
	// Back is how late what was missed is made up for.
	Back = 24 * time.Hour

	closest  = time.Minute      // between two looks at instants
	farthest = 15 * time.Minute // new ones cannot be due sooner than they are long, but some are set back
	hourly   = time.Hour        // customers with another time zone may come
	peek     = 200
)

// next is when a plan is to be looked at again.
func (k kept) next(ctx context.Context, tx *db.Tx) (time.Time, error) {
	zone, err := firmZone(ctx, tx)
	if err != nil {
		return time.Time{}, err
	}
	if k.When.Date == "" {
		return k.When.Next(k.doneTo, zone), nil
	}
	_, own := DateOf(k.When.Date)
	if own != "" {
		names, err := zones(ctx, tx)
		if err != nil {
			return time.Time{}, err
		}
		return earlier(k.When.soonest(names, zone, k.doneTo), k.doneTo.Add(hourly)), nil
	}
	at := k.doneTo.Add(min(farthest, max(closest, span(k.When.Count, k.When.Unit))))
	list, _, more, err := search{k.Plan, zone, k.doneTo, at}.page(ctx, tx, 0, peek)
	for _, d := range list {
		at = earlier(at, d.At)
	}
	if more || at.Before(k.doneTo.Add(closest)) {
		at = k.doneTo.Add(closest)
	}
	return at, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
