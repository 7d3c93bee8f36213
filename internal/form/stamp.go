package form

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"

	"baraji/internal/kit/problem"
)

// Stamp is what a page carries that shows a form: which version, when it was shown, and a number that makes what is sent
// from it one submission, however often it is sent. It is signed, so nobody makes pages of his own.
type Stamp struct {
	Version int
	Shown   time.Time
	nonce   [16]byte
}

const (
	stampBody = 4 + 8 + 16
	stampMAC  = 16
	keptOpen  = 3 * 24 * time.Hour // how long a page may lie open
)

var errStamp = problem.New(problem.Conflict, "This page lay open for too long, or was not ours. Everything is still here: send it once more.")

// Stamp makes a stamp for a page that is shown now.
func (f *Forms) Stamp(id ID, version int, now time.Time) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(version))
	b = binary.BigEndian.AppendUint64(b, uint64(now.UnixMilli()))
	nonce := make([]byte, 16)
	rand.Read(nonce)
	b = append(b, nonce...)
	return base64.RawURLEncoding.EncodeToString(append(b, f.stampMAC(id, b)...))
}

func (f *Forms) stampMAC(id ID, body []byte) []byte {
	return f.keys.Sign("form.stamp", []byte(id.String()), body)[:stampMAC]
}

// Unstamp reads a stamp of a form.
func (f *Forms) Unstamp(id ID, text string, now time.Time) (s Stamp, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != stampBody+stampMAC || !hmac.Equal(b[stampBody:], f.stampMAC(id, b[:stampBody])) {
		return s, errStamp
	}
	s.Version = int(binary.BigEndian.Uint32(b))
	s.Shown = time.UnixMilli(int64(binary.BigEndian.Uint64(b[4:])))
	copy(s.nonce[:], b[12:])
	if now.Sub(s.Shown) > keptOpen {
		return s, errStamp
	}
	return s, nil
}

// id is how the number of a page stands in the table.
func (s Stamp) id() string { return base64.RawURLEncoding.EncodeToString(s.nonce[:]) }
