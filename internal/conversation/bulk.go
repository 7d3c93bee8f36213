package conversation

import (
	"context"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Act is what is done to many conversations at once.
type Act struct {
	Do  string  `json:"do"` // assign, tag, or a status
	To  team.ID `json:"to,omitempty"`
	Tag string  `json:"tag,omitempty"`
}

// Check refuses what could be done to no conversation.
func (a Act) Check() error {
	switch a.Do {
	case "assign", string(Open), string(Pending), string(Solved):
		return nil
	case "tag":
		if strings.TrimSpace(a.Tag) == "" {
			return problem.For("tag", "A tag has 1 to 50 letters.")
		}
		return nil
	}
	return problem.For("do", "This form is broken. Load the page again.")
}

// On does it to one. Doing it twice is doing it once.
func (a Act) On(ctx context.Context, tx *db.Tx, id ID) error {
	switch a.Do {
	case "assign":
		return Assign(ctx, tx, id, a.To)
	case "tag":
		return Tag(ctx, tx, id, a.Tag)
	}
	return SetStatus(ctx, tx, id, Status(a.Do))
}

// Bulk is the job that does an act to a part of what somebody chose.
type Bulk struct {
	By  team.ID `json:"by"`
	Act Act     `json:"act"`
	IDs []ID    `json:"ids"`
}

// JobKind names the job.
func (Bulk) JobKind() string { return "conversation.bulk" }

// bulkPart is how many conversations one job changes: what is done again when the process dies.
const bulkPart = 100

// Sweep has an act done to conversations, by whoever acts, one after another and
// as soon as may be. What cannot be done to one keeps it from none of the others.
func Sweep(ctx context.Context, tx *db.Tx, act Act, ids []ID) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	if err := act.Check(); err != nil {
		return err
	}
	by := team.From(ctx).Person
	for len(ids) > 0 {
		n := min(bulkPart, len(ids))
		if err := job.Add(ctx, tx, Bulk{by, act, ids[:n]}, job.Options{Lane: "conversation.bulk/" + by.String()}); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// Run does the job. Each conversation is a transaction of its own, as if somebody
// had opened it: he must still work here, and may still do it.
func (b Bulk) Run(ctx context.Context, d *db.DB) error {
	for _, id := range b.IDs {
		err := d.Write(ctx, func(tx *db.Tx) error {
			actor, err := team.ActorOf(ctx, tx, b.By)
			if err != nil {
				return err
			}
			return b.Act.On(team.With(ctx, actor), tx, id)
		})
		if _, ours := problem.As(err); err != nil && !ours {
			return err
		}
	}
	return nil
}

// Matching are the conversations that a list shows, over all its pages, as far as
// nothing was said in them after a time: the newest first, and no more than most.
func Matching(ctx context.Context, tx *db.Tx, f Filter, s Sort, until time.Time, most int) ([]ID, error) {
	var a db.Args
	where := f.where(ctx, &a) + ` AND c.last_at <= ` + a.Add(until)
	if s == Waiting {
		where += ` AND c.waiting_since IS NOT NULL`
	}
	return db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`SELECT c.id FROM conversation c WHERE `+where+` ORDER BY c.last_at DESC, c.id DESC`+db.Limit(most), a.List()...)
}
