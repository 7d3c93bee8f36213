package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// Token makes a random name nobody can guess: 200 bits as 40 characters a–z and 2–7. Store its [Hash], not itself.
func Token() string {
	b := make([]byte, 25)
	rand.Read(b)
	return base32Lower().EncodeToString(b)
}

// Hash is what is stored of a random token: whoever reads the database cannot use it. Tokens are long and random, so
// one round of SHA-256 is enough; passwords need argon2id instead.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
