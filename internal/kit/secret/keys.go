package secret

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Size is the length of the key in bytes.
const Size = 32

// Keys makes sub-keys. It is safe for use by many goroutines.
type Keys struct{ root []byte }

// New uses a key of exactly [Size] bytes.
func New(key []byte) (*Keys, error) {
	if len(key) != Size {
		return nil, fmt.Errorf("secret: a key has %d bytes, not %d", Size, len(key))
	}
	if isZero(key) {
		return nil, errors.New("secret: the key is all zeros")
	}
	return &Keys{root: append([]byte(nil), key...)}, nil
}

// Parse reads a key written in base64, as an operator hands it to several nodes.
func Parse(text string) (*Keys, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, errors.New("secret: the key is not base64") // the text itself must not reach a log
	}
	return New(key)
}

// Fingerprint names the key without telling anything about it: 16 hex digits.
func (k Keys) Fingerprint() string {
	return hex.EncodeToString(k.sub("fingerprint", "")[:8])
}

// String keeps the key out of logs and error texts.
func (k Keys) String() string { return "secret.Keys(" + k.Fingerprint() + ")" }

// GoString does the same for %#v.
func (k Keys) GoString() string { return k.String() }

// Format does the same for every other verb.
func (k Keys) Format(f fmt.State, _ rune) { fmt.Fprint(f, k.String()) }

func (k Keys) sub(use, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.root, nil, "baraji/1/"+use+"/"+purpose, Size)
	if err != nil {
		panic("secret: " + err.Error()) // only for lengths HKDF cannot give, and ours is fixed
	}
	return key
}

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// NewText makes a new key in the form that Parse reads.
func NewText() string {
	key := make([]byte, Size)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}
