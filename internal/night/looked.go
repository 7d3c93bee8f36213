package night

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
)

// What can happen to a case.
type (
	// Looked says that somebody looked at it in the morning.
	Looked struct {
		ID conversation.ID `json:"id"`
	}
	// Unlooked says that it is to be looked at again.
	Unlooked struct {
		ID conversation.ID `json:"id"`
	}
)

func (Looked) EventKind() string   { return "night.looked" }
func (Unlooked) EventKind() string { return "night.unlooked" }

func (f Looked) Subject() string   { return f.ID.String() }
func (f Unlooked) Subject() string { return f.ID.String() }

// look is who looked at a case, and when.
type look struct {
	by team.ID
	at time.Time
}

// Look ticks a case off, or takes that back.
func Look(ctx context.Context, tx *db.Tx, id conversation.ID, done bool) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	if _, err := conversation.Get(ctx, tx, id); err != nil {
		return err
	}
	if !done {
		n, err := tx.Exec(ctx, `DELETE FROM night_look WHERE conversation_id = $1`, id)
		if err != nil || n == 0 {
			return err
		}
		return event.Record(ctx, tx, Unlooked{id})
	}
	_, err := tx.Exec(ctx, `INSERT INTO night_look (conversation_id, person_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (conversation_id) DO UPDATE SET person_id = excluded.person_id, at = excluded.at`, id, team.From(ctx).Person, tx.Now())
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, Looked{id})
}

func looks(ctx context.Context, tx *db.Tx, ids []conversation.ID) (map[conversation.ID]look, error) {
	var a db.Args
	out := map[conversation.ID]look{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var c conversation.ID
		var l look
		err := r.Scan(&c, &l.by, db.Time(&l.at))
		out[c] = l
		return err
	}, `SELECT conversation_id, person_id, at FROM night_look WHERE conversation_id IN `+db.In(&a, ids), a.List()...)
}
