package outcall

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// SecretID is the id of a secret.
type SecretID = id.Of[secretKind]

type secretKind struct{}

func (secretKind) Prefix() string { return "sec" }

// Secret is what a receiver knows us by. What it says is never read out again but to send it.
type Secret struct {
	ID        SecretID
	Name      string // {secret.name}
	Host      string // where it may go
	CreatedBy team.ID
	CreatedAt time.Time
	UpdatedAt time.Time
}

const (
	seal        = "outcall.secret"
	mostSecrets = 2000
	longestHost = 300
	longest     = 4000
)

const secretColumns = `id, name, host, created_by, created_at, updated_at`

func scanSecret(r db.Row) (s Secret, err error) {
	return s, r.Scan(&s.ID, &s.Name, &s.Host, &s.CreatedBy, db.Time(&s.CreatedAt), db.Time(&s.UpdatedAt))
}

// Secrets lists them by name.
func Secrets(ctx context.Context, tx *db.Tx) ([]Secret, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanSecret, `SELECT `+secretColumns+` FROM outcall_secret ORDER BY name`)
}

// GetSecret returns one, without what it says.
func GetSecret(ctx context.Context, tx *db.Tx, id SecretID) (Secret, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return Secret{}, err
	}
	s, err := db.One(ctx, tx, scanSecret, `SELECT `+secretColumns+` FROM outcall_secret WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return s, problem.New(problem.NotFound, "There is no such secret.")
	}
	return s, err
}

// SecretNames are what makers of rules may know: the names, and where each goes.
func SecretNames(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	return hosts(ctx, tx)
}

func hosts(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var name, host string
		err := r.Scan(&name, &host)
		out[name] = host
		return err
	}, `SELECT name, host FROM outcall_secret`)
}

var secretName = regexp.MustCompile(`^[a-z][a-z_0-9]{0,39}$`)

// MakeSecret keeps a secret.
func (s *Calls) MakeSecret(ctx context.Context, tx *db.Tx, name, host, value string) (SecretID, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return 0, err
	}
	name, host = strings.TrimSpace(name), cleanHost(host)
	var c problem.Check
	c.That(secretName.MatchString(name), "name", "Use small letters, digits and _, beginning with a letter, such as shop_key.")
	_, plain, ok := originOf("https://" + host)
	c.That(ok && plain == host && len(host) <= longestHost, "host", "Enter the name of the receiver, such as api.shop.example.")
	checkValue(&c, value)
	all, err := hosts(ctx, tx)
	if err != nil {
		return 0, err
	}
	_, taken := all[name]
	c.That(!taken, "name", "There is a secret of that name already.")
	if err := c.Err(); err != nil {
		return 0, err
	}
	if len(all) >= mostSecrets {
		return 0, problem.New(problem.Conflict, "There are %d secrets already, which is as many as there can be.", mostSecrets)
	}
	id := SecretID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO outcall_secret (id, name, host, sealed, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		id, name, host, s.Keys.Seal(seal, []byte(strings.TrimSpace(value))), team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, fmt.Errorf("keep a secret: %w", err)
	}
	return id, event.Record(ctx, tx, SecretMade{id})
}

// ChangeSecret gives a secret another value. Its name and its host stay: what was meant for one receiver never goes to another.
func (s *Calls) ChangeSecret(ctx context.Context, tx *db.Tx, id SecretID, value string) error {
	if _, err := GetSecret(ctx, tx, id); err != nil {
		return err
	}
	var c problem.Check
	checkValue(&c, value)
	if err := c.Err(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE outcall_secret SET sealed = $2, updated_at = $3 WHERE id = $1`, id, s.Keys.Seal(seal, []byte(strings.TrimSpace(value))), tx.Now())
	if err != nil {
		return fmt.Errorf("change a secret: %w", err)
	}
	return event.Record(ctx, tx, SecretChanged{id})
}

// DeleteSecret takes a secret away. Calls that need it are given up.
func DeleteSecret(ctx context.Context, tx *db.Tx, id SecretID) error {
	if _, err := GetSecret(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM outcall_secret WHERE id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, SecretDeleted{id})
}

func checkValue(c *problem.Check, value string) {
	value = strings.TrimSpace(value)
	c.That(value != "", "value", "Enter the secret.")
	c.That(len(value) <= longest && InHeader.Of(value) == value, "value", "A secret is one line of at most %d characters.", longest)
}

// cleanHost takes the name of the receiver out of what was typed, which may be a whole address.
func cleanHost(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if u, err := url.Parse(s); err == nil && u.Host != "" {
		return u.Host
	}
	return strings.TrimSuffix(s, "/")
}

// opened are the secrets that a call needs; not ok where one is gone or is for another host.
func (s *Calls) opened(ctx context.Context, tx *db.Tx, c Call) (values map[string]string, ok bool, err error) {
	values = map[string]string{}
	for _, name := range c.Request.Secrets() {
		sealed, err := db.One(ctx, tx, func(r db.Row) (v string, err error) { return v, r.Scan(&v) }, `SELECT sealed FROM outcall_secret WHERE name = $1 AND host = $2`, name, c.Host)
		if errors.Is(err, db.ErrNoRow) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		plain, err := s.Keys.Unseal(seal, sealed)
		if err != nil {
			return nil, false, err
		}
		values[name] = string(plain)
	}
	return values, true, nil
}
