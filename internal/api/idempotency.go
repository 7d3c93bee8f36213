package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// keep is how long an answer is kept for its Idempotency-Key.
const keep = 24 * time.Hour

// once runs what an operation does in one transaction. If the request has an
// Idempotency-Key, the answer is kept in that transaction: whoever sends it again
// gets the same answer and nothing is done a second time, whether the first was
// answered or the line or the program broke. Of several at once one does it; the
// others wait for its commit. What is refused changes nothing and is not kept.
func (s *server) once(ctx context.Context, method, route string, o *operation, fn func(context.Context, *db.Tx) (any, error)) *answer {
	c := callOf(ctx)
	if err := s.Room.Short(); err != nil {
		return s.problemOf(ctx, method, c.path, err)
	}
	var a *answer
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if a, err = c.recall(ctx, tx, route, o); a != nil || err != nil {
			return err
		}
		v, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		if a, err = answered(o.status, v); err != nil {
			return err
		}
		return c.remember(ctx, tx, route, o, a)
	})
	if err != nil {
		return s.problemOf(ctx, method, c.path, err)
	}
	return a
}

// recall takes the place of a key, or returns what was answered to it before. Another
// transaction that holds the place is waited for by the database.
func (c *call) recall(ctx context.Context, tx *db.Tx, route string, o *operation) (*answer, error) {
	if c.key == "" {
		return nil, nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO api_idempotency (token_id, route, key, hash, status, kind, body, created_at)
		VALUES ($1, $2, $3, $4, 0, '', '', $5) ON CONFLICT (token_id, route, key) DO NOTHING`, c.token.ID, route, c.key, c.hash(), tx.Now())
	if err != nil || n > 0 {
		return nil, err
	}
	var hash string
	a, err := db.One(ctx, tx, func(r db.Row) (a answer, err error) { return a, r.Scan(&hash, &a.status, &a.kind, &a.body) },
		`SELECT hash, status, kind, body FROM api_idempotency WHERE token_id = $1 AND route = $2 AND key = $3`, c.token.ID, route, c.key)
	if err != nil {
		return nil, fmt.Errorf("read the answer to a key: %w", err)
	}
	if hash != c.hash() {
		return nil, problem.For("Idempotency-Key", "This Idempotency-Key was used for another request. Take a new one.")
	}
	if a.status == http.StatusGone {
		return nil, problem.New(problem.NotFound, "What this request made has been erased since.")
	}
	if o.secret {
		a.body, err = unseal(tx, a.body)
	}
	return &a, err
}

func (c *call) remember(ctx context.Context, tx *db.Tx, route string, o *operation, a *answer) error {
	if c.key == "" {
		return nil
	}
	body := a.body
	if o.secret {
		var err error
		if body, err = seal(tx, body); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE api_idempotency SET status = $4, kind = $5, body = $6 WHERE token_id = $1 AND route = $2 AND key = $3`,
		c.token.ID, route, c.key, a.status, a.kind, string(body))
	return err
}

// hash tells one request from another: where it goes and what it says.
func (c *call) hash() string {
	h := sha256.New()
	h.Write([]byte(c.path))
	h.Write([]byte{0})
	h.Write(c.body)
	return hex.EncodeToString(h.Sum(nil))
}

const sealedFor = "api.answer"

var errNoKeys = errors.New("the installation's keys are not attached to the database")

func seal(tx *db.Tx, body []byte) ([]byte, error) {
	keys := db.Attached[*secret.Keys](tx)
	if keys == nil {
		return nil, errNoKeys
	}
	return []byte(keys.Seal(sealedFor, body)), nil
}

func unseal(tx *db.Tx, body []byte) ([]byte, error) {
	keys := db.Attached[*secret.Keys](tx)
	if keys == nil {
		return nil, errNoKeys
	}
	return keys.Unseal(sealedFor, string(body))
}

// forget drops answers that were kept long enough.
func (s *server) forget(ctx context.Context, run *job.Run) error {
	return s.DB.Write(team.AsSystem(ctx), func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM api_idempotency WHERE created_at < $1`, tx.Now().Add(-keep))
		return err
	})
}
