package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
)

// Standard Webhooks 1.0.0, "Signature scheme": secrets are 24 to 64 random bytes in base64 behind whsec_.
const (
	secretPrefix = "whsec_"
	secretSize   = 32
	seal         = "webhook.secret"
)

// Overlap is how long an old secret goes on signing beside the new one.
const Overlap = 24 * time.Hour

func newSecret() []byte {
	b := make([]byte, secretSize)
	rand.Read(b)
	return b
}

func secretText(key []byte) string { return secretPrefix + base64.StdEncoding.EncodeToString(key) }

// signature signs what is sent with every key; each key's signature stands for itself.
func signature(keys [][]byte, id string, at time.Time, body []byte) string {
	var all []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, " ")
}

// keys are the secrets that are valid now, the newest first.
func (s *Hooks) keys(ctx context.Context, tx *db.Tx, id ID) (keys [][]byte, err error) {
	list, err := db.All(ctx, tx, func(r db.Row) (v string, err error) { return v, r.Scan(&v) },
		`SELECT sealed FROM webhook_secret WHERE webhook_id = $1 AND (until_at IS NULL OR until_at > $2) ORDER BY id DESC`, id, tx.Now())
	for _, sealed := range list {
		key, err := s.Keys.Unseal(seal, sealed)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, err
}

func (s *Hooks) addSecret(ctx context.Context, tx *db.Tx, id ID) (string, error) {
	key := newSecret()
	_, err := tx.Exec(ctx, `INSERT INTO webhook_secret (id, webhook_id, sealed) VALUES ($1, $2, $3)`, tx.NewID(), id, s.Keys.Seal(seal, key))
	return secretText(key), err
}
