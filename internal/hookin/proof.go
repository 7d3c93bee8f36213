package hookin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"baraji/internal/kit/problem"
)

// Scheme is how a sender proves who he is.
type Scheme string

// The schemes.
const (
	Standard Scheme = "standard" // Standard Webhooks 1.0.0
	GitHub   Scheme = "github"
	Shopify  Scheme = "shopify"
	HMAC     Scheme = "hmac"   // HMAC-SHA256 of the body, in a header that is chosen
	Bearer   Scheme = "bearer" // the secret itself
)

// Schemes lists them, in the order of the page.
var Schemes = []Scheme{Standard, GitHub, Shopify, HMAC, Bearer}

// Encodings are how an HMAC may be written.
var Encodings = []string{"hex", "base64"}

// Proof is how a sender proves who he is, and how he calls what he sends.
type Proof struct {
	Scheme   Scheme
	Header   string // of HMAC: where the signature stands
	Encoding string // of HMAC
	IDHeader string // of HMAC and Bearer: where the id of a message stands; "" is nowhere
}

// whole is the proof with what its scheme says.
func (p Proof) whole() Proof {
	switch p.Scheme {
	case Standard:
		return Proof{Scheme: Standard, IDHeader: "webhook-id"}
	case GitHub:
		return Proof{GitHub, "X-Hub-Signature-256", "hex", "X-GitHub-Delivery"}
	case Shopify:
		return Proof{Shopify, "X-Shopify-Hmac-Sha256", "base64", "X-Shopify-Webhook-Id"}
	}
	return p
}

func (p *Proof) check(c *problem.Check) {
	known := false
	for _, s := range Schemes {
		known = known || s == p.Scheme
	}
	c.That(known, "scheme", "“%s” is none of the choices.", p.Scheme)
	p.Header, p.IDHeader = http.CanonicalHeaderKey(strings.TrimSpace(p.Header)), http.CanonicalHeaderKey(strings.TrimSpace(p.IDHeader))
	switch p.Scheme {
	case HMAC:
		c.That(httpguts.ValidHeaderFieldName(p.Header) && len(p.Header) <= 100, "header", "Enter the name of the header, such as X-Signature.")
		c.That(p.Encoding == "hex" || p.Encoding == "base64", "encoding", "“%s” is none of the choices.", p.Encoding)
	case Bearer:
		p.Header, p.Encoding = "", ""
	default:
		*p = Proof{Scheme: p.Scheme}
	}
	c.That(p.IDHeader == "" || httpguts.ValidHeaderFieldName(p.IDHeader) && len(p.IDHeader) <= 100, "id_header", "Enter the name of the header, such as X-Signature.")
}

// tolerance is how far the time of a signature may be off.
const tolerance = 5 * time.Minute

const (
	standardPrefix = "whsec_"
	secretSize     = 32
	longestSecret  = 500
	longestMessage = 200
)

// newSecret is one that we make, as its sender is told.
func (s Scheme) newSecret() string {
	if s != Standard {
		return rand.Text() + rand.Text()
	}
	b := make([]byte, secretSize)
	rand.Read(b)
	return standardPrefix + base64.StdEncoding.EncodeToString(b)
}

// checkSecret says whether a secret that a sender gave does.
func (s Scheme) checkSecret(c *problem.Check, text string) {
	ok := len(text) >= 8 && len(text) <= longestSecret && httpguts.ValidHeaderFieldValue(text)
	if s == Standard && ok {
		_, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, standardPrefix))
		ok = err == nil
	}
	c.That(ok, "secret", "This is no secret of this sort: paste it whole, or leave it out and one is made.")
}

// holds says whether a request proves that its sender has the secret, in constant time.
func (p Proof) holds(secret string, h http.Header, body []byte, now time.Time) bool {
	p = p.whole()
	switch p.Scheme {
	case Standard:
		return standard(secret, h, body, now)
	case Bearer:
		scheme, given, _ := strings.Cut(h.Get("Authorization"), " ")
		a, b := sha256.Sum256([]byte(strings.TrimSpace(given))), sha256.Sum256([]byte(secret))
		return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(a[:], b[:]) == 1
	}
	given := strings.TrimPrefix(strings.TrimSpace(h.Get(p.Header)), "sha256=")
	var got []byte
	var err error
	if p.Encoding == "base64" {
		got, err = base64.StdEncoding.DecodeString(given)
	} else {
		got, err = hex.DecodeString(given)
	}
	return err == nil && hmac.Equal(got, sum([]byte(secret), body))
}

// standard verifies by Standard Webhooks: one of several signatures is enough.
func standard(secret string, h http.Header, body []byte, now time.Time) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, standardPrefix))
	id, stamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	at, bad := strconv.ParseInt(stamp, 10, 64)
	if err != nil || bad != nil || id == "" || now.Sub(time.Unix(at, 0)).Abs() > tolerance {
		return false
	}
	want, ok := sum(key, []byte(id+"."+stamp+"."), body), false
	for _, s := range strings.Fields(h.Get("webhook-signature")) {
		version, text, _ := strings.Cut(s, ",")
		got, err := base64.StdEncoding.DecodeString(text)
		ok = version == "v1" && err == nil && hmac.Equal(got, want) || ok
	}
	return ok
}

func sum(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(p)
	}
	return mac.Sum(nil)
}

// message is how the sender calls what he sends: by a header, else by what it is.
func (p Proof) message(h http.Header, body []byte) string {
	if name := p.whole().IDHeader; name != "" {
		if v := h.Get(name); v != "" && len(v) <= longestMessage {
			return "id:" + v
		}
	}
	whole := sha256.Sum256(body)
	return "sum:" + hex.EncodeToString(whole[:])
}
