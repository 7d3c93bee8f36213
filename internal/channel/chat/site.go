package chat

import (
	"context"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// Site is a site that showed a widget: whoever puts the one line into his pages sees that it works.
type Site struct {
	Origin string
	SeenAt time.Time
}

const (
	mostSites  = 10  // that are kept of a widget
	longOrigin = 300 // characters; a name of a host has at most 253
)

// Seen writes down that a page of an origin loaded the widget with a key.
func Seen(ctx context.Context, tx *db.Tx, key, origin string) error {
	in, err := open(ctx, tx, key)
	if err != nil || len(origin) > longOrigin {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO chat_site (inbox_id, origin, seen_at) VALUES ($1, $2, $3) ON CONFLICT (inbox_id, origin) DO UPDATE SET seen_at = excluded.seen_at`,
		in.ID, origin, tx.Now()); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM chat_site WHERE inbox_id = $1 AND origin NOT IN (SELECT s.origin FROM chat_site s WHERE s.inbox_id = $1 ORDER BY s.seen_at DESC, s.origin`+db.Limit(mostSites)+`)`, in.ID)
	return err
}

// Sites are those that showed a widget, the one seen last first.
func Sites(ctx context.Context, tx *db.Tx, id inbox.ID) ([]Site, error) {
	return db.All(ctx, tx, func(r db.Row) (s Site, err error) { return s, r.Scan(&s.Origin, db.Time(&s.SeenAt)) },
		`SELECT origin, seen_at FROM chat_site WHERE inbox_id = $1 ORDER BY seen_at DESC, origin`, id)
}
