package notice

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	recordSize = 4096                     // one record is all that push services must take (RFC 8030, 7.2)
	mostPlain  = recordSize - 16 - 1 - 86 // tag, delimiter, header
	pushKept   = 12 * time.Hour           // how long a service keeps one for a browser that is off
	proofLasts = 12 * time.Hour           // of a VAPID token; 24 h is the most (RFC 8292, 2)
)

// seal encrypts a message for one browser (RFC 8291 with the aes128gcm coding of RFC 8188, one record). ours is a key for this
// message only, salt 16 random bytes.
func seal(plain []byte, theirs *ecdh.PublicKey, auth []byte, ours *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	if len(plain) > mostPlain {
		return nil, fmt.Errorf("a push of %d bytes is too long", len(plain))
	}
	shared, err := ours.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	mine := ours.PublicKey().Bytes()
	ikm, err := hkdf.Key(sha256.New, shared, auth, "WebPush: info\x00"+string(theirs.Bytes())+string(mine), 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	out := append([]byte{}, salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(append(out, byte(len(mine))), mine...)
	last := append(append([]byte{}, plain...), 2) // the last record ends with 2 (RFC 8188, 2)
	return gcm.Seal(out, nonce, last, nil), nil
}

// proof is who pushes (RFC 8292): a token for the origin of an address, signed with the installation's key.
func proof(key *ecdsa.PrivateKey, endpoint, contact string, now time.Time) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{"aud": u.Scheme + "://" + u.Host, "exp": now.Add(proofLasts).Unix(), "sub": contact})
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	pub, err := key.PublicKey.Bytes()
	if err != nil {
		return "", err
	}
	return "vapid t=" + text + "." + enc.EncodeToString(sig) + ", k=" + enc.EncodeToString(pub), nil
}

// Why a push was not taken. Gone: its service no longer knows the browser. Refused: trying again does not help.
var (
	errGone    = errors.New("the browser takes no more pushes")
	errRefused = errors.New("it was refused")
)

// push sends one message to one browser.
func (s *Notices) push(ctx context.Context, sub Subscription, m message) error {
	theirs, err := sub.key()
	if err != nil {
		return errors.Join(errRefused, err)
	}
	auth, err := sub.auth()
	if err != nil {
		return errors.Join(errRefused, err)
	}
	plain, err := m.payload()
	if err != nil {
		return err
	}
	ours, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	body, err := seal(plain, theirs, auth, ours, salt)
	if err != nil {
		return errors.Join(errRefused, err)
	}
	key, err := s.vapid(ctx)
	if err != nil {
		return err
	}
	token, err := proof(key, sub.Endpoint, s.contact(), s.Clock())
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, sub.Endpoint, bytes.NewReader(body))
	if err != nil {
		return errors.Join(errRefused, err)
	}
	r.Header.Set("Content-Encoding", "aes128gcm")
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Authorization", token)
	r.Header.Set("TTL", strconv.Itoa(int(pushKept/time.Second)))
	r.Header.Set("Urgency", map[bool]string{true: "high", false: "normal"}[m.urgent])
	r.Header.Set("Topic", m.topic())
	return s.post(r)
}

// post sends a request and says what became of it. Neither the address nor what was answered gets into the error: both are secrets.
func (s *Notices) post(r *http.Request) error {
	answer, err := s.client.Do(r)
	if err != nil {
		var at *url.Error
		if errors.As(err, &at) { // holds the address
			err = at.Err
		}
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection can be used again
	switch code := answer.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusNotFound, code == http.StatusGone:
		return errGone
	case code == http.StatusTooManyRequests, code >= 500:
		return fmt.Errorf("answered with %d", code)
	default:
		return fmt.Errorf("answered with %d: %w", code, errRefused)
	}
}

// newVAPID makes the key with which we say who pushes.
func newVAPID() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }
