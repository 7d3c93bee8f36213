package notice

import (
	"bytes"
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
	"math/big"
	"strings"
	"testing"
	"time"
)

func b64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The example of RFC 8291, appendix A.
const (
	rfcPlain  = "When I grow up, I want to be a watermelon"
	rfcTheirs = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
	rfcOurs   = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
	rfcSalt   = "DGv6ra1nlYgDCS1FRnbzlw"
	rfcAuth   = "BTBZMqHH6r4Tts7J_aSIgg"
	rfcBody   = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT" +
		"pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)

func TestTheExampleOfRFC8291(t *testing.T) {
	theirs, err := ecdh.P256().NewPrivateKey(b64(t, rfcTheirs))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := ecdh.P256().NewPrivateKey(b64(t, rfcOurs))
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal([]byte(rfcPlain), theirs.PublicKey(), b64(t, rfcAuth), ours, b64(t, rfcSalt))
	if err != nil {
		t.Fatal(err)
	}
	if s := base64.RawURLEncoding.EncodeToString(got); s != rfcBody {
		t.Errorf("sealed\n%s, the RFC has\n%s", s, rfcBody)
	}
	if plain := open(t, b64(t, rfcBody), theirs, b64(t, rfcAuth)); string(plain) != rfcPlain {
		t.Errorf("the receiver reads %q", plain)
	}
}

// open is what a browser does with a push (RFC 8291, 3.4 and 4; RFC 8188, 2), written from the receiver's side.
func open(t testing.TB, body []byte, mine *ecdh.PrivateKey, auth []byte) []byte {
	t.Helper()
	if len(body) < 21 {
		t.Fatalf("a body of %d bytes", len(body))
	}
	salt, size, n := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	theirs, err := ecdh.P256().NewPublicKey(body[21 : 21+n])
	if err != nil {
		t.Fatal(err)
	}
	record := body[21+n:]
	if len(record) > int(size) {
		t.Fatalf("a record of %d bytes where %d were said", len(record), size)
	}
	shared, err := mine.ECDH(theirs)
	if err != nil {
		t.Fatal(err)
	}
	prk, err := hkdf.Extract(sha256.New, shared, auth)
	if err != nil {
		t.Fatal(err)
	}
	ikm, err := hkdf.Expand(sha256.New, prk, "WebPush: info\x00"+string(mine.PublicKey().Bytes())+string(theirs.Bytes()), 32)
	if err != nil {
		t.Fatal(err)
	}
	if prk, err = hkdf.Extract(sha256.New, ikm, salt); err != nil {
		t.Fatal(err)
	}
	key, err := hkdf.Expand(sha256.New, prk, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		t.Fatal(err)
	}
	nonce, err := hkdf.Expand(sha256.New, prk, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, nonce, record, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain = bytes.TrimRight(plain, "\x00")
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		t.Fatal("the last record does not end as it must")
	}
	return plain[:len(plain)-1]
}

// vouched reads who pushed, as a push service does (RFC 8292, 4).
func vouched(t testing.TB, header, key string) (claims struct {
	Aud, Sub string
	Exp      int64
}) {
	t.Helper()
	rest, ok := strings.CutPrefix(header, "vapid t=")
	token, k, ok2 := strings.Cut(rest, ", k=")
	parts := strings.Split(token, ".")
	if !ok || !ok2 || len(parts) != 3 {
		t.Fatalf("authorization %q", header)
	}
	if key != "" && k != key {
		t.Errorf("signed with %s, the browser was given %s", k, key)
	}
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), b64(t, k))
	if err != nil {
		t.Fatal(err)
	}
	sig := b64(t, parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if len(sig) != 64 || !ecdsa.Verify(pub, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		t.Error("the signature is not right")
	}
	if err := json.Unmarshal(b64(t, parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestWhoPushesIsSignedForTheOriginOnly(t *testing.T) {
	key, err := newVAPID()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for range 50 { // signatures of all lengths
		header, err := proof(key, "https://push.example:8443/send/secret?x=1", "https://desk.example", now)
		if err != nil {
			t.Fatal(err)
		}
		c := vouched(t, header, "")
		if c.Aud != "https://push.example:8443" || c.Sub != "https://desk.example" || c.Exp != now.Add(12*time.Hour).Unix() {
			t.Fatalf("says %+v", c)
		}
	}
}

func TestAPushThatIsTooLongIsNotCut(t *testing.T) {
	theirs, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for n, fits := range map[int]bool{0: true, mostPlain: true, mostPlain + 1: false} {
		body, err := seal(make([]byte, n), theirs.PublicKey(), make([]byte, 16), theirs, make([]byte, 16))
		if (err == nil) != fits || len(body) > recordSize {
			t.Errorf("%d bytes: %v, a body of %d", n, err, len(body))
		}
	}
}

func FuzzSubscription(f *testing.F) {
	f.Add(`{"endpoint":"https://push.example/x","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}`)
	f.Add(`{"endpoint":"http://127.0.0.1/"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var s Subscription
		if json.Unmarshal([]byte(text), &s) != nil || s.check() != nil {
			return
		}
		if !strings.HasPrefix(s.Endpoint, "http") {
			t.Errorf("took %q", s.Endpoint)
		}
		if _, err := s.key(); err != nil {
			t.Error(err)
		}
	})
}
