package team

import (
	"context"
	"runtime"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/problem"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// Hashed is a password that may be stored. The zero value opens nothing. It is
// made before the transaction that stores it: hashing takes about 50 ms.
type Hashed struct{ text string }

// cost is the least that OWASP recommends for argon2id: 19 MiB, twice, one lane.
func cost() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// nobody is compared with when there is no password: it has the same cost, and
// what comes of it is never asked.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$YmFyYWppLW5vYm9keS0x$cWJm0nSx3vTq2q0mWb1D8f0x7m3m0sQ8o1pYkq2x0dE"

// HashPassword checks and hashes a new password, for the command line, where
// nobody else waits; a server goes through Door.Hash.
func HashPassword(password string) (Hashed, error) {
	password, err := checkPassword(password)
	if err != nil {
		return Hashed{}, err
	}
	text, err := argon2id.CreateHash(password, cost())
	return Hashed{text}, err
}

// The bounds of a password (NIST SP 800-63B, OWASP ASVS 5.0 6.2): any
// characters, no rules about kinds of them, nothing that everybody tries first.
const (
	shortest = 8   // characters
	longest  = 512 // bytes
)

// checkPassword gives the password in the form that is hashed: one syllable of
// Hangul is the same however a keyboard composed it.
func checkPassword(password string) (string, error) {
	p := norm.NFC.String(password)
	switch {
	case utf8.RuneCountInString(p) < shortest:
		return "", problem.For("password", "Use at least %d characters.", shortest)
	case len(p) > longest:
		return "", problem.For("password", "That is too long. Use at most %d letters.", longest/3)
	case isCommon(p):
		return "", problem.For("password", "Many people use this password. Choose another one.")
	}
	return p, nil
}

// isCommon says whether a password is among the first that anybody tries: a
// usual word with digits around it, a run of keys, one thing over and over.
func isCommon(p string) bool {
	low := strings.ToLower(p)
	word := strings.TrimFunc(low, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range []string{"password", "passw", "p@ssword", "p@ssw", "pass", "qwerty", "admin", "administrator", "welcome", "letmein", "iloveyou",
		"baraji", "changeme", "secret", "monkey", "dragon", "football", "sunshine", "princess", "abc", "qwer", "asdf", "dkagh", "tkfkdgo", "비밀번호"} {
		if word == w || low == w {
			return true
		}
	}
	return isRun(low) || isRepeated(low)
}

func isRun(low string) bool {
	for _, keys := range []string{"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz",
		"qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"} {
		if strings.Contains(keys, low) {
			return true
		}
	}
	return false
}

// isRepeated says whether one to four characters make up the whole.
func isRepeated(low string) bool {
	r := []rune(low)
	for n := 1; n <= 4 && n < len(r); n++ {
		if strings.HasPrefix(strings.Repeat(string(r[:n]), len(r)/n+1), low) {
			return true
		}
	}
	return false
}

// slots lets a few hashes run at once and some wait: each takes 19 MiB, so a
// flood of sign-ins fills neither memory nor the machine.
type slots struct {
	running chan struct{}
	waiting chan struct{}
}

func newSlots() slots {
	n := max(1, min(runtime.GOMAXPROCS(0), 4))
	return slots{make(chan struct{}, n), make(chan struct{}, n*32)}
}

// in runs fn when there is room.
func (s slots) in(ctx context.Context, fn func() error) error {
	select {
	case s.waiting <- struct{}{}:
	default:
		return problem.New(problem.Limited, "Too many people sign in at this moment. Try again in a few seconds.").Wait(3 * time.Second)
	}
	defer func() { <-s.waiting }()
	select {
	case s.running <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.running }()
	return fn()
}

// Hash checks and hashes a new password.
func (d *Door) Hash(ctx context.Context, password string) (h Hashed, err error) {
	p, err := checkPassword(password)
	if err != nil {
		return h, err
	}
	err = d.slots.in(ctx, func() error {
		d.hashes.Add(1)
		h.text, err = argon2id.CreateHash(p, cost())
		return err
	})
	return h, err
}

// matches compares a password with what is stored. It does the same work when
// nothing is stored.
func (d *Door) matches(ctx context.Context, password, stored string) (ok bool, err error) {
	against := stored
	if against == "" {
		against = nobody
	}
	if len(password) > 4*longest {
		password = "" // as wrong as it is, but no more work
	}
	err = d.slots.in(ctx, func() error {
		d.hashes.Add(1)
		ok, err = argon2id.ComparePasswordAndHash(norm.NFC.String(password), against)
		return err
	})
	return ok && err == nil && stored != "", err
}
