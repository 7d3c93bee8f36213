package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/dial"
)

// patience is how long a receiver may take from the connection to the last byte of his answer.
const patience = 15 * time.Second

// excerpt is how much of an answer is kept, in bytes.
const excerpt = 500

// client follows no redirect: who has moved says so with a new address, and a body of ours goes nowhere else.
func client(d *dial.Dialer) *http.Client {
	return &http.Client{Transport: d.Transport(), Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Why says why something did not arrive; its word is "settings.hook_why_" + it. "" is: it arrived.
type Why string

// The reasons.
const (
	NoConnection Why = "connect" // nobody is there, or it is a network that we do not go to
	NotTrusted   Why = "tls"     // its certificate is not valid
	TooSlow      Why = "timeout"
	Cut          Why = "cut"      // the connection ended in the middle
	Redirected   Why = "redirect" // it answered 3xx
	Refused      Why = "status"   // it answered something else than 2xx
	HasGone      Why = "gone"     // it answered 410
)

// result is what came of one try.
type result struct {
	status int
	why    Why
	took   time.Duration
	answer string
	after  time.Duration // how long the receiver asks to be left alone
}

// send makes one try. It fails only where there is nothing to send to.
func (s *Hooks) send(ctx context.Context, address, id string, body []byte, keys [][]byte) (result, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return result{}, errors.New("the address of a webhook cannot be read") // the error would hold it
	}
	at := s.Clock()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Baraji/"+s.Version)
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("webhook-signature", signature(keys, id, at, body))
	r.Header["Idempotency-Key"] = nil // not sent: it lets net/http try again where a kept connection turns out to be closed
	resp, err := s.client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return result{}, ctx.Err() // we are stopping, which is no fault of the receiver
		}
		return result{why: reason(err), took: s.Clock().Sub(at)}, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, excerpt)) // what he said counts, not whether he finished
	return result{resp.StatusCode, judge(resp.StatusCode), s.Clock().Sub(at), readable(text), retryAfter(resp.Header.Get("Retry-After"), at)}, nil
}

func judge(status int) Why {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status == http.StatusGone:
		return HasGone
	case status >= 300 && status < 400:
		return Redirected
	}
	return Refused
}

func reason(err error) Why {
	var unconnected *dial.Error
	var untrusted *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var slow net.Error
	switch {
	case errors.As(err, &untrusted), errors.As(err, &unknown), errors.As(err, &record), errors.As(err, &alert):
		return NotTrusted
	case errors.As(err, &slow) && slow.Timeout():
		return TooSlow
	case errors.As(err, &unconnected):
		return NoConnection
	}
	return Cut
}

// longestAfter is how long a receiver can ask to be left alone.
const longestAfter = time.Hour

// retryAfter reads the header (RFC 9110, 10.2.3): seconds or a date.
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, longestAfter)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(0, min(at.Sub(now), longestAfter))
}

// readable makes text of an answer.
func readable(b []byte) string {
	for len(b) > 0 && !utf8.Valid(b) && len(b) > excerpt-utf8.UTFMax {
		b = b[:len(b)-1] // it was cut inside a letter
	}
	clean := func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}
	return strings.TrimSpace(strings.Map(clean, strings.ToValidUTF8(string(b), "�")))
}
