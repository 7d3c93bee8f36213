package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"strings"
)

// alphabet is base32 (RFC 4648) in lower case: mail servers change the case of addresses, and it needs no escaping anywhere.
const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

// Sign gives the HMAC-SHA256 (32 bytes) of the parts. Their borders count: "ab","c" is not "a","bc".
func (k *Keys) Sign(purpose string, data ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.sub("sign", purpose))
	var size [8]byte
	for _, d := range data {
		binary.BigEndian.PutUint64(size[:], uint64(len(d)))
		mac.Write(size[:])
		mac.Write(d)
	}
	return mac.Sum(nil)
}

// Verify tells in constant time whether mac is the whole signature of the parts.
func (k *Keys) Verify(purpose string, mac []byte, data ...[]byte) bool {
	return hmac.Equal(mac, k.Sign(purpose, data...))
}

// Tag is a short signature for ids in mail addresses, Message-IDs and links: 128 bits as 26 characters a–z and 2–7.
func (k *Keys) Tag(purpose string, data ...string) string {
	parts := make([][]byte, len(data))
	for i, d := range data {
		parts[i] = []byte(d)
	}
	return base32Lower().EncodeToString(k.Sign("tag/"+purpose, parts...)[:16])
}

// CheckTag tells in constant time whether tag is the one of the parts. Case does not count, since mail changes it.
func (k *Keys) CheckTag(purpose, tag string, data ...string) bool {
	if len(tag) != 26 {
		return false
	}
	want := k.Tag(purpose, data...)
	return subtle.ConstantTimeCompare([]byte(strings.ToLower(tag)), []byte(want)) == 1
}

func base32Lower() *base32.Encoding {
	return base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)
}
