package secret

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// Why a link is refused. People read the same sentence for both; the log may tell them apart.
var (
	ErrForged  = errors.New("secret: the link was not made here")
	ErrExpired = errors.New("secret: the link has expired")
)

const (
	linkMAC   = 16                  // bytes: 128 bits
	linkBytes = 8 + linkMAC         // expiry in Unix seconds, then the MAC over purpose, object and expiry
	linkChars = (linkBytes / 3) * 4 // 24 bytes are 32 characters exactly, so no spare bits can be flipped
)

// Link makes a token that opens one object for one purpose until a moment (whole seconds, rounded down). The token does
// not contain the object: it stands beside it in the URL.
func (k *Keys) Link(purpose, object string, expires time.Time) string {
	token := binary.BigEndian.AppendUint64(nil, uint64(expires.Unix()))
	token = append(token, k.linkMAC(purpose, object, token)...)
	return base64.RawURLEncoding.EncodeToString(token)
}

// CheckLink answers nil, [ErrForged] or [ErrExpired]. At the moment of expiry a link is expired.
func (k *Keys) CheckLink(purpose, object, token string, now time.Time) error {
	if len(token) != linkChars {
		return ErrForged
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != linkBytes { // shorter when line ends were smuggled in, which base64 skips
		return ErrForged
	}
	if !hmac.Equal(raw[8:], k.linkMAC(purpose, object, raw[:8])) {
		return ErrForged
	}
	if now.Unix() >= int64(binary.BigEndian.Uint64(raw)) {
		return ErrExpired
	}
	return nil
}

func (k *Keys) linkMAC(purpose, object string, expires []byte) []byte {
	return k.Sign("link/"+purpose, []byte(object), expires)[:linkMAC]
}
