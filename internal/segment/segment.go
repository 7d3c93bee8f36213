package segment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a segment.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "seg" }

// Segment is a named group of customers.
type Segment struct {
	ID        ID
	Name      string
	About     string // what it is for
	If        If
	By        team.ID // who made it
	CreatedAt time.Time
	UpdatedAt time.Time
}

const (
	mostSegments = 500
	longestName  = 80
	longestAbout = 500
)

const columns = `id, name, about, body, person_id, created_at, updated_at`

func scan(r db.Row) (s Segment, err error) {
	var body string
	if err = r.Scan(&s.ID, &s.Name, &s.About, &body, &s.By, db.Time(&s.CreatedAt), db.Time(&s.UpdatedAt)); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(body), &s.If)
}

// List lists the segments by name.
func List(ctx context.Context, tx *db.Tx) ([]Segment, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM segment ORDER BY name, id`)
}

// Get returns one segment.
func Get(ctx context.Context, tx *db.Tx, id ID) (Segment, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Segment{}, err
	}
	s, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM segment WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return s, problem.New(problem.NotFound, "There is no such segment.")
	}
	return s, err
}

// Make keeps a new segment.
func Make(ctx context.Context, tx *db.Tx, s Segment) (ID, error) {
	if err := s.tidy(ctx, tx); err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM segment`)
	if err != nil {
		return 0, err
	}
	if n >= mostSegments {
		return 0, problem.New(problem.Conflict, "There are %d segments already, which is as many as there can be.", mostSegments)
	}
	body, err := json.Marshal(s.If)
	if err != nil {
		return 0, err
	}
	s.ID = ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO segment (id, name, about, body, person_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		s.ID, s.Name, s.About, string(body), team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("make segment: %w", err)
	}
	return s.ID, event.Record(ctx, tx, Made{s.ID})
}

// Change makes a segment say something else.
func Change(ctx context.Context, tx *db.Tx, s Segment) error {
	was, err := Get(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if err := was.readable(ctx); err != nil {
		return err
	}
	if err := s.tidy(ctx, tx); err != nil {
		return err
	}
	body, err := json.Marshal(s.If)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE segment SET name = $2, about = $3, body = $4, updated_at = $5 WHERE id = $1`, s.ID, s.Name, s.About, string(body), tx.Now()); err != nil {
		return fmt.Errorf("change segment %s: %w", s.ID, err)
	}
	return event.Record(ctx, tx, Changed{s.ID})
}

// Delete takes a segment away. Nothing happens to the customers in it.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM segment WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete segment %s: %w", id, err)
	}
	return event.Record(ctx, tx, Deleted{id})
}

// tidy brings what was typed into form and says what is wrong with it.
func (s *Segment) tidy(ctx context.Context, tx *db.Tx) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	s.Name, s.About = line(s.Name), line(s.About)
	var c problem.Check
	c.That(s.Name != "", "name", "Enter a name.")
	c.That(len([]rune(s.Name)) <= longestName, "name", "At most %d characters.", longestName)
	c.That(len([]rune(s.About)) <= longestAbout, "about", "At most %d characters.", longestAbout)
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM segment WHERE name = $1 AND id <> $2`, s.Name, s.ID)
	if err != nil {
		return err
	}
	c.That(!taken, "name", "There is a segment of that name already.")
	if err := s.check(ctx, tx, &c); err != nil {
		return err
	}
	return c.Err()
}

// check says what is wrong with the conditions.
func (s *Segment) check(ctx context.Context, tx *db.Tx, c *problem.Check) error {
	own, err := ownFields(ctx, tx)
	if err != nil {
		return err
	}
	nodes := 0
	s.If.check(c, "if", 1, &nodes, own)
	c.That(nodes <= mostNodes, "if", "At most %d conditions and groups.", mostNodes)
	return s.readable(ctx)
}

// readable refuses what looks at things that are hidden from whoever acts: the count would tell them.
func (s Segment) readable(ctx context.Context) error {
	if !team.From(ctx).Masked || !s.If.looksAtHidden() {
		return nil
	}
	return problem.New(problem.Forbidden, "This segment looks at data that you see masked only.")
}

// line makes one line of a text.
func line(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
}
