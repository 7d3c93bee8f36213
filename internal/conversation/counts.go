package conversation

import (
	"context"
	"sync"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/team"
)

// Counts is how many conversations stand in the queues of one person.
type Counts struct {
	Mine       int // open and assigned to him
	Unassigned int // open and nobody's
	Teams      int // open and of one of his teams
	All        int // open
	Pending    int
	Snoozed    int
	Mentions   int
}

// Counter counts the queues. It keeps one small table in memory: how many
// conversations there are of each status, assignee and team. From it everybody's
// numbers follow, so that a page costs no counting. The table is read anew when
// something changed, and never for more than a twentieth of the time.
type Counter struct {
	db *db.DB

	mu    sync.Mutex
	cube  map[cell]int
	dirty bool
	next  time.Time // not read anew before
}

type cell struct {
	status   Status
	assignee team.ID
	team     team.TeamID
}

// NewCounter makes a Counter.
func NewCounter(d *db.DB) *Counter { return &Counter{db: d, dirty: true} }

// Changed tells the Counter that some conversation changed.
func (n *Counter) Changed() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dirty = true
}

// Of counts the queues of whoever acts.
func (n *Counter) Of(ctx context.Context) (Counts, error) {
	actor := team.From(ctx)
	if actor.See != team.SeeEverything || !actor.Can(team.ReadConversations) {
		return n.restricted(ctx)
	}
	cube, err := n.table(ctx)
	var c Counts
	for k, count := range cube {
		switch k.status {
		case Pending:
			c.Pending += count
		case Snoozed:
			c.Snoozed += count
		case Open:
			c.add(k, count, actor)
		}
	}
	return c, err
}

func (c *Counts) add(k cell, count int, actor team.Actor) {
	c.All += count
	if k.assignee == 0 {
		c.Unassigned += count
	}
	if k.assignee != 0 && k.assignee == actor.Person {
		c.Mine += count
	}
	if k.team != 0 && contains(actor.Teams, k.team) {
		c.Teams += count
	}
}

func (n *Counter) table(ctx context.Context) (map[cell]int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	began := n.db.Now()
	if n.cube != nil && (!n.dirty || began.Before(n.next)) {
		return n.cube, nil
	}
	n.dirty = false
	cube := map[cell]int{}
	err := n.db.Read(ctx, func(tx *db.Tx) error {
		return db.Each(ctx, tx, func(r db.Row) error {
			var k cell
			var count int
			err := r.Scan(&k.status, &k.assignee, &k.team, &count)
			cube[k] = count
			return err
		}, `SELECT status, assignee_id, team_id, COUNT(*) FROM conversation WHERE status IN ('open', 'pending', 'snoozed') GROUP BY status, assignee_id, team_id`)
	})
	if err != nil {
		n.dirty = true
		return n.cube, err
	}
	n.cube = cube
	n.next = began.Add(20 * n.db.Now().Sub(began))
	return cube, nil
}

// restricted counts for somebody who does not see everything: what he follows
// is not in the table.
func (n *Counter) restricted(ctx context.Context) (c Counts, err error) {
	actor := team.From(ctx)
	err = n.db.Read(ctx, func(tx *db.Tx) error {
		var a db.Args
		seen := Visible(ctx, &a, "c")
		return db.Each(ctx, tx, func(r db.Row) error {
			var k cell
			var count int
			if err := r.Scan(&k.status, &k.assignee, &k.team, &count); err != nil {
				return err
			}
			switch k.status {
			case Pending:
				c.Pending += count
			case Snoozed:
				c.Snoozed += count
			case Open:
				c.add(k, count, actor)
			}
			return nil
		}, `SELECT c.status, c.assignee_id, c.team_id, COUNT(*) FROM conversation c
			WHERE c.status IN ('open', 'pending', 'snoozed') AND c.merged_into = 0 AND `+seen+` GROUP BY c.status, c.assignee_id, c.team_id`, a.List()...)
	})
	return c, err
}
