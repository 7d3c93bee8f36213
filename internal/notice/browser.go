package notice

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// BrowserID is the id of a browser that takes pushes.
type BrowserID = id.Of[browserKind]

type browserKind struct{}

func (browserKind) Prefix() string { return "brw" }

// Browser is one that takes pushes for somebody.
type Browser struct {
	ID        BrowserID
	Name      string
	CreatedAt time.Time
	ToldAt    time.Time // when it last took one
}

// Subscription is what a browser hands out (W3C Push API, PushSubscription): the address at its service, and the keys with
// which only it can read. Whoever has the address can push, so it is kept sealed.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	Keys     struct {
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	} `json:"keys"`
}

// mostBrowsers is how many of one person take pushes; with more the oldest goes.
const mostBrowsers = 10

// key and auth read the keys, which browsers write in base64url with or without padding.
func (s Subscription) key() (*ecdh.PublicKey, error) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.P256dh, "="))
	if err != nil {
		return nil, err
	}
	return ecdh.P256().NewPublicKey(b)
}

func (s Subscription) auth() ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s.Keys.Auth, "="))
}

// check is nil for a subscription that something can be pushed to.
func (s Subscription) check() error {
	bad := problem.New(problem.Invalid, "This browser gave no address that one can push to.")
	u, err := url.Parse(s.Endpoint)
	if err != nil || u.Host == "" || u.User != nil || len(s.Endpoint) > 2000 || !overTLS(u) {
		return bad
	}
	if _, err := s.key(); err != nil {
		return bad
	}
	if auth, err := s.auth(); err != nil || len(auth) != 16 {
		return bad
	}
	return nil
}

// overTLS says whether nobody listens on the way: TLS, or this very machine, where an operator allowed it.
func overTLS(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && err == nil && ip.IsLoopback()
}

// AddBrowser makes a browser take pushes for whoever acts. One that was another's is his from now on.
func (s *Notices) AddBrowser(ctx context.Context, tx *db.Tx, sub Subscription, name string) (BrowserID, error) {
	me := team.From(ctx).Person
	if me == 0 {
		return 0, problem.New(problem.Forbidden, "Sign in first.")
	}
	if err := sub.check(); err != nil {
		return 0, err
	}
	body, err := json.Marshal(sub)
	if err != nil {
		return 0, err
	}
	hash := secret.Hash(sub.Endpoint)
	if _, err := tx.Exec(ctx, `DELETE FROM notice_browser WHERE hash = $1`, hash); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM notice_browser WHERE person_id = $1 AND id NOT IN (SELECT b.id FROM notice_browser b WHERE b.person_id = $1 ORDER BY b.id DESC`+db.Limit(mostBrowsers-1)+`)`, me)
	if err != nil {
		return 0, err
	}
	b := BrowserID(tx.NewID())
	if len([]rune(name)) > 80 {
		name = string([]rune(name)[:80])
	}
	_, err = tx.Exec(ctx, `INSERT INTO notice_browser (id, person_id, hash, name, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		b, me, hash, name, s.Keys.Seal(browserSeal, body), tx.Now())
	if err != nil {
		return 0, err
	}
	return b, event.Record(ctx, tx, BrowserAdded{me, b})
}

const browserSeal = "notice.browser"

// Browsers are those that take pushes for whoever acts.
func Browsers(ctx context.Context, tx *db.Tx) ([]Browser, error) {
	return db.All(ctx, tx, func(r db.Row) (b Browser, err error) {
		return b, r.Scan(&b.ID, &b.Name, db.Time(&b.CreatedAt), db.Time(&b.ToldAt))
	}, `SELECT id, name, created_at, told_at FROM notice_browser WHERE person_id = $1 ORDER BY id`, team.From(ctx).Person)
}

// DropBrowser makes one of them take no more.
func DropBrowser(ctx context.Context, tx *db.Tx, b BrowserID) error {
	me := team.From(ctx).Person
	n, err := tx.Exec(ctx, `DELETE FROM notice_browser WHERE id = $1 AND person_id = $2`, b, me)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is no such browser.")
	}
	return event.Record(ctx, tx, BrowserGone{Person: me, Browser: b})
}

// subscription opens what was kept of a browser.
func (s *Notices) subscription(sealed string) (sub Subscription, err error) {
	body, err := s.Keys.Unseal(browserSeal, sealed)
	if err != nil {
		return sub, err
	}
	return sub, json.Unmarshal(body, &sub)
}
