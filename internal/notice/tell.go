package notice

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

const (
	// oneIn is how long a subject is silent, outside of the bell, after something about it went out.
	oneIn = 10 * time.Minute
	// glance is how long one waits whether he sees it on the screen before it goes out by other ways.
	glance = 15 * time.Second
	// browse is the same for mail, which nobody reads within seconds.
	browse = 3 * time.Minute
)

// Tell tells people. What it returns are the ids, in order; 0 for somebody who cannot come in or does not want to know.
func Tell(ctx context.Context, tx *db.Tx, list ...Notice) ([]ID, error) {
	ids := make([]ID, len(list))
	for i, n := range list {
		var err error
		if ids[i], err = tell(ctx, tx, n); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func tell(ctx context.Context, tx *db.Tx, n Notice) (ID, error) {
	who, err := reader(ctx, tx, n.Person)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	ways := n.Ways
	if ways == nil {
		ways = who.For(n.Kind)
	}
	if len(ways) == 0 {
		return 0, nil
	}
	silent := false
	if !n.Urgent && n.Subject != "" {
		if silent, err = wentOut(ctx, tx, n); err != nil {
			return 0, err
		}
	}
	n.Bell = n.Ways != nil || slices.Contains(ways, Bell)
	if n.ID, err = keep(ctx, tx, n); err != nil {
		return 0, err
	}
	changed(tx, n.Person)
	if silent || event.IsQuiet(ctx) {
		return n.ID, nil
	}
	return n.ID, send(ctx, tx, n, who, ways)
}

// wentOut says whether something about the same subject went to the same person a moment ago.
func wentOut(ctx context.Context, tx *db.Tx, n Notice) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM notice WHERE person_id = $1 AND subject = $2 AND read_at IS NULL AND sent_at > $3`, n.Person, n.Subject, tx.Now().Add(-oneIn))
}

// keep writes a notice, or counts one that is there already.
func keep(ctx context.Context, tx *db.Tx, n Notice) (ID, error) {
	args, err := json.Marshal(n.Args)
	if n.Args == nil {
		args = []byte("{}")
	}
	if err != nil {
		return 0, err
	}
	if n.Subject != "" && !n.Urgent {
		had, err := db.Value[ID](ctx, tx, `UPDATE notice SET count = count + 1, at = $4, by_id = $5, words = $6, args = $7, link = $8, late = $9
			WHERE id = (SELECT MAX(o.id) FROM notice o WHERE o.person_id = $1 AND o.subject = $2 AND o.kind = $3 AND o.read_at IS NULL AND NOT o.urgent) RETURNING id`,
			n.Person, n.Subject, n.Kind, tx.Now(), n.By, n.Words, string(args), n.Link, n.Late.Milliseconds())
		if !errors.Is(err, db.ErrNoRow) {
			return had, err
		}
	}
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO notice (id, person_id, kind, subject, by_id, words, args, link, act, urgent, bell, late, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, n.Person, n.Kind, n.Subject, n.By, n.Words, string(args), n.Link, n.Act, n.Urgent, n.Bell, n.Late.Milliseconds(), tx.Now())
	return id, err
}

// send sets a notice on its ways.
func send(ctx context.Context, tx *db.Tx, n Notice, who person, ways []Way) error {
	out := false
	for _, way := range ways {
		if way == Bell {
			if n.Urgent {
				if _, err := note(ctx, tx, n, way, 0, Sent, tx.Now()); err != nil {
					return err
				}
			}
			continue
		}
		went, err := by(ctx, tx, n, who, way)
		if err != nil {
			return err
		}
		out = out || went
	}
	if !out {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE notice SET sent_at = $2 WHERE id = $1`, n.ID, tx.Now())
	return err
}

// by sets a notice on one way; false where there is no such way to the person.
func by(ctx context.Context, tx *db.Tx, n Notice, who person, way Way) (bool, error) {
	targets, err := targets(ctx, tx, who, way)
	if err != nil {
		return false, err
	}
	if len(targets) == 0 {
		if n.Urgent {
			_, err = note(ctx, tx, n, way, 0, None, tx.Now())
		}
		return false, err
	}
	at := tx.Now()
	switch {
	case n.Urgent:
	case way == Mail:
		at = who.Quiet.After(at.Add(browse), who.zone)
	default:
		at = who.Quiet.After(at.Add(glance), who.zone)
	}
	for _, b := range targets {
		d, err := note(ctx, tx, n, way, b, Waiting, at)
		if err != nil {
			return false, err
		}
		if err := job.Add(ctx, tx, deliver{d}, job.Options{At: at}); err != nil {
			return false, err
		}
	}
	return true, nil
}

// targets are the browsers of a push; for the other ways 0 stands for the only one.
func targets(ctx context.Context, tx *db.Tx, who person, way Way) ([]BrowserID, error) {
	one := []BrowserID{0}
	switch way {
	case Push:
		return db.All(ctx, tx, func(r db.Row) (b BrowserID, err error) { return b, r.Scan(&b) }, `SELECT id FROM notice_browser WHERE person_id = $1 ORDER BY id`, who.ID)
	case Mail:
		may, err := team.MayNotify(ctx, tx, who.ID)
		if !may {
			one = nil
		}
		return one, err
	case Slack:
		if who.slack != "" {
			return one, nil
		}
		firm, err := firmSlack(ctx, tx)
		if err != nil || firm != "" {
			return one, err
		}
		if s := db.Attached[*Notices](tx); s != nil {
			if known, err := s.Direct.knows(ctx, tx, who.ID); err != nil || known {
				return one, err
			}
		}
		return nil, nil
	}
	return nil, nil
}
