package hookin

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	most        = 2000
	longestName = 100
	seal        = "hookin.secret"
	overlap     = 24 * time.Hour // how long an old secret is valid beside a new one
)

// Given is what one says of a hook.
type Given struct {
	Name    string
	Proof   Proof
	Secret  string // that its sender gave; "": one is made
	Mapping Mapping
}

func (g *Given) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	g.Name, g.Secret = strings.Join(strings.Fields(g.Name), " "), strings.TrimSpace(g.Secret)
	c.That(g.Name != "", "name", "Give it a name.")
	c.That(len([]rune(g.Name)) <= longestName, "name", "At most %d characters.", longestName)
	g.Proof.check(&c)
	if g.Secret != "" {
		g.Proof.Scheme.checkSecret(&c, g.Secret)
	}
	if err := g.Mapping.check(ctx, tx, &c); err != nil {
		return err
	}
	return c.Err()
}

// Make adds a hook. Its secret is told this once.
func (s *Hooks) Make(ctx context.Context, tx *db.Tx, g Given) (ID, string, error) {
	if err := may(ctx); err != nil {
		return 0, "", err
	}
	if err := g.check(ctx, tx); err != nil {
		return 0, "", err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM hookin`)
	if err != nil {
		return 0, "", err
	}
	if n >= most {
		return 0, "", problem.New(problem.Conflict, "There are %d incoming webhooks already, which is as many as there can be.", most)
	}
	if g.Secret == "" {
		g.Secret = g.Proof.Scheme.newSecret()
	}
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO hookin (id, name, address, scheme, header, encoding, id_header, sealed, enabled, mapping, created_by, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
		id, g.Name, strings.ToLower(rand.Text()), g.Proof.Scheme, g.Proof.Header, g.Proof.Encoding, g.Proof.IDHeader, s.Keys.Seal(seal, []byte(g.Secret)), true, g.Mapping.text(), team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, "", fmt.Errorf("make an incoming webhook: %w", err)
	}
	return id, g.Secret, event.Record(ctx, tx, Made{id})
}

func (m Mapping) text() string {
	b, _ := json.Marshal(m) // plain strings
	return string(b)
}

// Change describes a hook anew; its secret stays. What came before is done as it was said then, if it was not done yet as it is said now.
func Change(ctx context.Context, tx *db.Tx, id ID, g Given) error {
	was, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	g.Secret = ""
	if err := g.check(ctx, tx); err != nil {
		return err
	}
	if g.Proof.Scheme != was.Proof.Scheme && (g.Proof.Scheme == Standard || was.Proof.Scheme == Standard) {
		return problem.For("scheme", "Signatures by Standard Webhooks have secrets of their own sort: make another incoming webhook for that.")
	}
	if g.Name == was.Name && g.Proof == was.Proof && g.Mapping.text() == was.Mapping.text() {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE hookin SET name = $2, scheme = $3, header = $4, encoding = $5, id_header = $6, mapping = $7, updated_at = $8 WHERE id = $1`,
		id, g.Name, g.Proof.Scheme, g.Proof.Header, g.Proof.Encoding, g.Proof.IDHeader, g.Mapping.text(), tx.Now())
	if err != nil {
		return fmt.Errorf("change %s: %w", id, err)
	}
	return event.Record(ctx, tx, Changed{id})
}

// Switch switches a hook on or off. What comes to one that is off is answered that it may come later.
func Switch(ctx context.Context, tx *db.Tx, id ID, on bool) error {
	h, err := Get(ctx, tx, id)
	if err != nil || h.On == on {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE hookin SET enabled = $2, updated_at = $3 WHERE id = $1`, id, on, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, Switched{id, on})
}

// Rotate gives a hook a new secret, which is told this once: secret is one that the sender gave, "" has one made. The old one is valid for a day
// beside it; atOnce it is worth nothing from now on.
func (s *Hooks) Rotate(ctx context.Context, tx *db.Tx, id ID, secret string, atOnce bool) (string, error) {
	h, err := Get(ctx, tx, id)
	if err != nil {
		return "", err
	}
	secret = strings.TrimSpace(secret)
	if secret == "" {
		secret = h.Proof.Scheme.newSecret()
	}
	var c problem.Check
	h.Proof.Scheme.checkSecret(&c, secret)
	if err := c.Err(); err != nil {
		return "", err
	}
	old, until := h.sealed, tx.Now().Add(overlap)
	if atOnce {
		old, until = "", time.Time{}
	}
	_, err = tx.Exec(ctx, `UPDATE hookin SET sealed = $2, old_sealed = $3, old_until = $4, updated_at = $5 WHERE id = $1`, id, s.Keys.Seal(seal, []byte(secret)), old, until, tx.Now())
	if err != nil {
		return "", err
	}
	return secret, event.Record(ctx, tx, Rotated{id, atOnce})
}

// Delete takes a hook away, with all that came. Customers and conversations stay.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM hookin WHERE id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, Deleted{id})
}
