package shift

import (
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// FeedID is the id of the address of a calendar.
type FeedID = id.Of[feedKind]

type feedKind struct{}

func (feedKind) Prefix() string { return "fed" }

// Feed is the address of a calendar that other programs read: whoever knows it reads it, so it can be revoked.
type Feed struct {
	ID     FeedID
	Person team.ID // whose it is
	Rota   RotaID  // all turns in it; 0: his own turns everywhere
	MadeAt time.Time
	ReadAt time.Time // last, to the hour; zero: never
}

const (
	feedColumns = `f.id, f.person_id, f.rota_id, f.made_at, f.read_at`
	mostFeeds   = 20
)

func scanFeed(r db.Row) (f Feed, err error) {
	return f, r.Scan(&f.ID, &f.Person, &f.Rota, db.Time(&f.MadeAt), db.Time(&f.ReadAt))
}

// Feeds are the addresses of somebody.
func Feeds(ctx context.Context, tx *db.Tx, person team.ID) ([]Feed, error) {
	return db.All(ctx, tx, scanFeed, `SELECT `+feedColumns+` FROM shift_feed f WHERE f.person_id = $1 ORDER BY f.id`, person)
}

// MakeFeed makes an address for whoever acts. Its token is shown once: only its hash is kept.
func MakeFeed(ctx context.Context, tx *db.Tx, rota RotaID) (token string, _ FeedID, err error) {
	me := team.From(ctx).Person
	if me == 0 {
		return "", 0, problem.New(problem.Forbidden, "You may do this only for yourself.")
	}
	if rota != 0 {
		if _, err := Get(ctx, tx, rota); err != nil {
			return "", 0, err
		}
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM shift_feed WHERE person_id = $1`, me)
	if err != nil {
		return "", 0, err
	}
	if n >= mostFeeds {
		return "", 0, problem.New(problem.Conflict, "There are %d addresses already. Revoke some.", mostFeeds)
	}
	token = secret.Token()
	f := FeedID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO shift_feed (id, hash, person_id, rota_id, made_at) VALUES ($1, $2, $3, $4, $5)`, f, secret.Hash(token), me, rota, tx.Now())
	if err != nil {
		return "", 0, err
	}
	return token, f, event.Record(ctx, tx, FeedMade{me, f, rota})
}

// RevokeFeed makes an address open nothing: the own one, or another's where whoever acts manages people.
func RevokeFeed(ctx context.Context, tx *db.Tx, id FeedID) error {
	f, err := db.One(ctx, tx, scanFeed, `SELECT `+feedColumns+` FROM shift_feed f WHERE f.id = $1`, id)
	if f, err = must(f, err, "There is no such address."); err != nil {
		return err
	}
	if f.Person != team.From(ctx).Person {
		if err := team.Allow(ctx, team.ManagePeople); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `DELETE FROM shift_feed WHERE id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, FeedRevoked{f.Person, id})
}

// OpenFeed is the feed that a token opens, of somebody who may come in.
func OpenFeed(ctx context.Context, tx *db.Tx, token string) (Feed, error) {
	f, err := db.One(ctx, tx, scanFeed, `SELECT `+feedColumns+` FROM shift_feed f JOIN team_person p ON p.id = f.person_id
		WHERE f.hash = $1 AND p.state = 'active'`, secret.Hash(token))
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such address.")
	}
	return f, err
}

// FeedRead keeps that a feed was read.
func FeedRead(ctx context.Context, tx *db.Tx, id FeedID) error {
	_, err := tx.Exec(ctx, `UPDATE shift_feed SET read_at = $2 WHERE id = $1`, id, tx.Now().Truncate(time.Hour))
	return err
}
