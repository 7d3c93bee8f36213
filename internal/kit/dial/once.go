package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Once makes a client that follows no redirect: who has moved says so with a new address, and a body of ours goes nowhere else.
func (d *Dialer) Once(patience time.Duration) *http.Client {
	return &http.Client{Transport: d.Transport(), Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Fault is why a request got no answer, as people may be told. It does not tell a network that we do not go to from one where nobody is.
type Fault string

// The faults.
const (
	NoConnection Fault = "connect" // nobody is there, or it is a network that we do not go to
	NotTrusted   Fault = "tls"     // its certificate is not valid
	TooSlow      Fault = "timeout"
	Cut          Fault = "cut" // the connection ended in the middle
)

// FaultOf says why a request failed.
func FaultOf(err error) Fault {
	var unconnected *Error
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

// RetryAfter reads the header (RFC 9110, 10.2.3): seconds or a date.
func RetryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, longestAfter)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(0, min(at.Sub(now), longestAfter))
}
