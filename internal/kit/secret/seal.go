package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"strings"
)

// ErrSealed means that a stored secret cannot be opened: made with another key or for another purpose, or changed.
var ErrSealed = errors.New("secret: cannot be opened with this key")

const sealVersion = "v1." // AES-256-GCM, random 96-bit nonce in front

// Seal encrypts and authenticates, as text for a database column. The same text sealed twice looks different.
func (k *Keys) Seal(purpose string, plain []byte) string {
	return sealVersion + base64.RawURLEncoding.EncodeToString(k.aead(purpose).Seal(nil, nil, plain, []byte(sealVersion)))
}

// Unseal opens what Seal made for the same purpose, or answers [ErrSealed].
func (k *Keys) Unseal(purpose, sealed string) ([]byte, error) {
	body, ok := strings.CutPrefix(sealed, sealVersion)
	if !ok || strings.ContainsAny(body, "\r\n") {
		return nil, ErrSealed
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil {
		return nil, ErrSealed
	}
	plain, err := k.aead(purpose).Open(nil, nil, raw, []byte(sealVersion))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func (k *Keys) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(k.sub("seal", purpose))
	if err != nil {
		panic("secret: " + err.Error()) // only for a key of a wrong length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("secret: " + err.Error()) // only for a block that is not AES
	}
	return aead
}
