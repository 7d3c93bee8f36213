package notice

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/kit/setting"
	"baraji/internal/team"
)

// Parts is what telling needs from the rest of the program.
type Parts struct {
	DB    *db.DB
	Keys  *secret.Keys
	Jobs  *job.Runner
	Dial  *dial.Dialer
	Clock func() time.Time // the machine's: push services look at it
	URL   string           // how the desk is reached, without a slash at the end

	// Mail sends one mail over the network.
	Mail func(ctx context.Context, to, name, subject, text string) error
	// About says what subjects are called for whoever acts in ctx; what he may not see is left out.
	About func(ctx context.Context, tx *db.Tx, subjects []string) (map[string]string, error)
	// Direct tells somebody in the firm's workspace in Slack; the zero Direct reaches nobody.
	Direct Direct
	// Changed tells the open pages of a person that his notices changed. It must not block.
	Changed func(team.ID)
}

// Notices is how notices leave the house: one for each process.
type Notices struct {
	Parts
	client *http.Client
}

// New makes it, takes over its jobs, and attaches it to the database, so that Tell finds it.
func New(p Parts) *Notices {
	s := &Notices{Parts: p, client: p.Dial.HTTPClient()}
	job.Handle(p.Jobs, job.Kind{Pool: "notice", Tries: tries, Wait: 2 * time.Second, Most: 2 * time.Minute, Limit: time.Minute}, s.deliver)
	db.Attach(p.DB, s)
	return s
}

// stored is the key with which we say who pushes: made once, for good, since browsers take pushes of this key only.
type stored struct {
	Sealed string `json:"sealed"`
}

var keptKey = setting.Of[stored]{Name: "notice.vapid"}

const vapidSeal = "notice.vapid"

// vapid is the key, made at its first use.
func (s *Notices) vapid(ctx context.Context) (key *ecdsa.PrivateKey, err error) {
	var kept stored
	if err := s.DB.Read(ctx, func(tx *db.Tx) (err error) { kept, err = setting.Get(ctx, tx, keptKey); return err }); err != nil {
		return nil, err
	}
	if kept.Sealed == "" {
		if kept, err = s.makeVAPID(ctx); err != nil {
			return nil, err
		}
	}
	raw, err := s.Keys.Unseal(vapidSeal, kept.Sealed)
	if err != nil {
		return nil, err
	}
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
}

func (s *Notices) makeVAPID(ctx context.Context) (kept stored, err error) {
	key, err := newVAPID()
	if err != nil {
		return kept, err
	}
	raw, err := key.Bytes()
	if err != nil {
		return kept, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if kept, err = setting.Get(ctx, tx, keptKey); err != nil || kept.Sealed != "" { // another was first
			return err
		}
		kept.Sealed = s.Keys.Seal(vapidSeal, raw)
		return setting.Set(ctx, tx, keptKey, kept)
	})
	return kept, err
}

// PushKey is the public half, as a browser wants it (applicationServerKey).
func (s *Notices) PushKey(ctx context.Context) (string, error) {
	key, err := s.vapid(ctx)
	if err != nil {
		return "", err
	}
	b, err := key.PublicKey.Bytes()
	return base64.RawURLEncoding.EncodeToString(b), err
}

// contact is where a push service could reach whoever runs this (RFC 8292, 2.1).
func (s *Notices) contact() string {
	if strings.HasPrefix(s.URL, "https://") {
		return s.URL
	}
	return "mailto:postmaster@localhost.localdomain"
}
