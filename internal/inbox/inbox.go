// Package inbox is the doors through which customers come in: a name, a
// channel, the address that customers write to, and the team that answers.
// What a channel needs beside that (servers, passwords) is kept by the channel.
//
// Facts: Created, Changed, Enabled, Disabled.
package inbox

import (
	"context"
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

// ID is the id of an inbox.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "inb" }

// Inbox is one door.
type Inbox struct {
	ID        ID
	Name      string
	Channel   string // "email", "api", …
	Address   string // what customers write to; folded to lower case
	Team      team.TeamID
	Language  string // what is said to customers whose language is not known: "ko" or "en"
	Enabled   bool
	CreatedAt time.Time
}

// Created and the rest are what can happen to an inbox.
type (
	Created struct {
		ID      ID     `json:"id"`
		Channel string `json:"channel"`
	}
	Changed struct {
		ID     ID       `json:"id"`
		Fields []string `json:"fields"`
	}
	Enabled  struct{ ID ID }
	Disabled struct{ ID ID }
)

func (Created) EventKind() string  { return "inbox.created" }
func (Changed) EventKind() string  { return "inbox.changed" }
func (Enabled) EventKind() string  { return "inbox.enabled" }
func (Disabled) EventKind() string { return "inbox.disabled" }

func (f Created) Subject() string  { return f.ID.String() }
func (f Changed) Subject() string  { return f.ID.String() }
func (f Enabled) Subject() string  { return f.ID.String() }
func (f Disabled) Subject() string { return f.ID.String() }

const columns = `id, name, channel, address, team_id, language, enabled, created_at`

func scan(r db.Row) (i Inbox, err error) {
	return i, r.Scan(&i.ID, &i.Name, &i.Channel, &i.Address, &i.Team, &i.Language, &i.Enabled, db.Time(&i.CreatedAt))
}

// Get returns one inbox.
func Get(ctx context.Context, tx *db.Tx, id ID) (Inbox, error) {
	i, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM inbox WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return i, problem.New(problem.NotFound, "There is no such inbox.")
	}
	return i, err
}

// ByAddress finds the inbox of a channel that customers reach at address.
func ByAddress(ctx context.Context, tx *db.Tx, channel, address string) (Inbox, error) {
	i, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM inbox WHERE channel = $1 AND address = $2`, channel, Fold(address))
	if errors.Is(err, db.ErrNoRow) {
		return i, problem.New(problem.NotFound, "There is no such inbox.")
	}
	return i, err
}

// List returns every inbox, by name.
func List(ctx context.Context, tx *db.Tx) ([]Inbox, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM inbox ORDER BY name, id`)
}

// Fold makes two spellings of one address the same.
func Fold(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// Create opens a door.
func Create(ctx context.Context, tx *db.Tx, in Inbox) (Inbox, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return in, err
	}
	in.ID, in.CreatedAt, in.Enabled = ID(tx.NewID()), tx.Now(), true
	in.Address = Fold(in.Address)
	if in.Language == "" {
		in.Language = "ko"
	}
	if err := check(in); err != nil {
		return in, err
	}
	_, err := tx.Exec(ctx, `INSERT INTO inbox (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		in.ID, in.Name, in.Channel, in.Address, in.Team, in.Language, in.Enabled, in.CreatedAt)
	if db.IsUnique(err) {
		return in, problem.For("address", "Another inbox has this address already.")
	}
	if err != nil {
		return in, fmt.Errorf("create inbox: %w", err)
	}
	return in, event.Record(ctx, tx, Created{in.ID, in.Channel})
}

func check(in Inbox) error {
	var c problem.Check
	c.That(strings.TrimSpace(in.Name) != "", "name", "Give the inbox a name.")
	c.That(in.Channel != "email" || strings.Count(in.Address, "@") == 1, "address", "Enter the address that customers write to.")
	c.That(in.Language == "ko" || in.Language == "en", "language", "Choose Korean or English.")
	return c.Err()
}

// Change is what one may change of an inbox; nil leaves it.
type Change struct {
	Name, Address, Language *string
	Team                    *team.TeamID
}

// Update changes an inbox.
func Update(ctx context.Context, tx *db.Tx, id ID, ch Change) (Inbox, error) {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return Inbox{}, err
	}
	in, err := Get(ctx, tx, id)
	if err != nil {
		return in, err
	}
	fields := ch.apply(&in)
	if len(fields) == 0 {
		return in, nil
	}
	if err := check(in); err != nil {
		return in, err
	}
	_, err = tx.Exec(ctx, `UPDATE inbox SET name = $2, address = $3, language = $4, team_id = $5 WHERE id = $1`,
		id, in.Name, in.Address, in.Language, in.Team)
	if db.IsUnique(err) {
		return in, problem.For("address", "Another inbox has this address already.")
	}
	if err != nil {
		return in, fmt.Errorf("update inbox: %w", err)
	}
	return in, event.Record(ctx, tx, Changed{id, fields})
}

func (ch Change) apply(in *Inbox) (fields []string) {
	if ch.Name != nil && *ch.Name != in.Name {
		in.Name, fields = *ch.Name, append(fields, "name")
	}
	if ch.Address != nil && Fold(*ch.Address) != in.Address {
		in.Address, fields = Fold(*ch.Address), append(fields, "address")
	}
	if ch.Language != nil && *ch.Language != in.Language {
		in.Language, fields = *ch.Language, append(fields, "language")
	}
	if ch.Team != nil && *ch.Team != in.Team {
		in.Team, fields = *ch.Team, append(fields, "team")
	}
	return fields
}

// SetEnabled opens or closes a door without losing what came through it.
func SetEnabled(ctx context.Context, tx *db.Tx, id ID, on bool) error {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE inbox SET enabled = $2 WHERE id = $1 AND enabled <> $2`, id, on)
	if err != nil || n == 0 {
		return err
	}
	if on {
		return event.Record(ctx, tx, Enabled{id})
	}
	return event.Record(ctx, tx, Disabled{id})
}

// Kinds of text that an inbox has, one for each language.
const (
	Signature = "signature"  // under every answer; {agent} and {firm} are filled in
	AutoReply = "auto_reply" // to the first mail of a conversation; empty: none is sent
)

// Text returns a text of an inbox in a language, or "".
func Text(ctx context.Context, tx *db.Tx, id ID, kind, language string) (string, error) {
	s, err := db.Value[string](ctx, tx, `SELECT body FROM inbox_text WHERE inbox_id = $1 AND kind = $2 AND language = $3`, id, kind, language)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return s, err
}

// SetText writes a text of an inbox; "" takes it away.
func SetText(ctx context.Context, tx *db.Tx, id ID, kind, language, body string) error {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return err
	}
	body = strings.TrimSpace(body)
	had, err := Text(ctx, tx, id, kind, language)
	if err != nil || had == body {
		return err
	}
	if body == "" {
		_, err = tx.Exec(ctx, `DELETE FROM inbox_text WHERE inbox_id = $1 AND kind = $2 AND language = $3`, id, kind, language)
	} else {
		_, err = tx.Exec(ctx, `INSERT INTO inbox_text (inbox_id, kind, language, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (inbox_id, kind, language) DO UPDATE SET body = excluded.body`, id, kind, language, body)
	}
	if err != nil {
		return fmt.Errorf("set %s of inbox: %w", kind, err)
	}
	return event.Record(ctx, tx, Changed{id, []string{kind + "." + language}})
}
