package routing

import (
	"context"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/sla"
)

// WhatIf says who would get a conversation at a time (zero: now), why, and what its customer might expect. Nothing is changed.
func WhatIf(ctx context.Context, tx *db.Tx, s Subject, words string, at time.Time) (Decision, Expected, error) {
	if at.IsZero() {
		at = tx.Now()
	}
	s.Words = strings.ToLower(words)
	in, err := Look(ctx, tx, at)
	if err != nil {
		return Decision{}, Expected{}, err
	}
	targets, err := sla.GetTargets(ctx, tx)
	return in.Decide(s, 0), in.Expect(s, targets), err
}

// QueueSeen is the queue as whoever asks may see it.
func QueueSeen(ctx context.Context, tx *db.Tx) ([]Waiting, error) {
	var a db.Args
	visible := conversation.Visible(ctx, &a, "c")
	return db.All(ctx, tx, func(r db.Row) (w Waiting, err error) {
		return w, r.Scan(&w.Conversation, &w.Team, &w.Outcome, db.Time(&w.Since))
	}, `SELECT q.conversation_id, q.team_id, q.outcome, q.since FROM routing_queue q JOIN conversation c ON c.id = q.conversation_id
		WHERE `+visible+` ORDER BY q.rank, q.since, q.conversation_id`, a.List()...)
}
