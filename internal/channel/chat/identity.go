package chat

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"baraji/internal/kit/problem"
)

// Identity is who a visitor is, as the firm's server says.
type Identity struct {
	ID    string // the firm's own id of the customer
	Name  string
	Email string
}

// errIdentity does not say what is wrong: who tries keys learns nothing.
var errIdentity = problem.New(problem.Forbidden, "It is not proven who you are. Load the page again.")

// maxProof bounds what is read of a proof, and how long one may be good.
const (
	maxProof = 4096
	maxGood  = 25 * time.Hour
	skew     = time.Minute
)

// proven reads a proof: a JSON Web Token (RFC 7519) signed with HS256 by secret. It
// has to say who ("sub", a text that is not empty) and until when ("exp", at most
// a day ahead). No other algorithm is known here, "none" least of all (RFC 8725).
func proven(token, secret string, now time.Time) (Identity, error) {
	parts := strings.Split(token, ".")
	if len(token) > maxProof || len(parts) != 3 || secret == "" {
		return Identity{}, errIdentity
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	sent, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil || !hmac.Equal(sent, mac.Sum(nil)) {
		return Identity{}, errIdentity
	}
	var head struct{ Alg, Typ string }
	var claims struct {
		Sub, Name, Email string
		Exp, Nbf         float64
	}
	if !part(parts[0], &head) || head.Alg != "HS256" || !part(parts[1], &claims) {
		return Identity{}, errIdentity
	}
	until := time.Unix(int64(claims.Exp), 0)
	switch {
	case claims.Sub == "" || len(claims.Sub) > 200 || claims.Sub != strings.TrimSpace(claims.Sub):
	case !until.After(now.Add(-skew)), until.After(now.Add(maxGood)):
	case claims.Nbf > 0 && time.Unix(int64(claims.Nbf), 0).After(now.Add(skew)):
	default:
		return Identity{claims.Sub, claims.Name, claims.Email}, nil
	}
	return Identity{}, errIdentity
}

func part(text string, into any) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && json.Unmarshal(raw, into) == nil
}
