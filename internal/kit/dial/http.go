package dial

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Why an HTTP call was ended.
var (
	ErrTooLarge = errors.New("dial: the answer is too large")
	ErrRedirect = errors.New("dial: a redirect that is not followed")
)

const maxRedirects = 5

// HTTPClient makes a client for calls to the outside: through this dialler on each hop, with bounds on time and size,
// without proxy and cookies. Make one and keep it: it holds its connections.
func (d *Dialer) HTTPClient() *http.Client {
	return &http.Client{
		Transport:     limited{d.Transport(), d.o.MaxBody},
		CheckRedirect: redirect,
		Timeout:       d.o.Total,
	}
}

// Transport is the plain way of HTTP through this dialler, without bound on the body: for the object store.
func (d *Dialer) Transport() *http.Transport {
	return &http.Transport{
		DialContext:            d.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    d.o.Connect,
		ResponseHeaderTimeout:  d.o.Idle,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConns:           32,
		MaxConnsPerHost:        32,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// redirect follows a few hops. Over a border between origins nothing secret goes along: not the headers, and not the
// body of a POST, which 307 and 308 would send again.
func redirect(next *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return ErrRedirect
	case next.URL.Scheme != "http" && next.URL.Scheme != "https":
		return ErrRedirect
	case last.URL.Scheme == "https" && next.URL.Scheme == "http":
		return ErrRedirect
	case next.URL.User != nil:
		return ErrRedirect
	case stays(next, via):
		return nil
	case next.Method != http.MethodGet && next.Method != http.MethodHead:
		return ErrRedirect
	}
	for name := range next.Header {
		if !harmless(name) {
			delete(next.Header, name)
		}
	}
	return nil
}

// stays tells whether the whole chain is one origin. Looking at the last hop only would not do: net/http takes the
// headers of the first request again for every hop.
func stays(next *http.Request, via []*http.Request) bool {
	for _, r := range via {
		if r.URL.Scheme != next.URL.Scheme || !strings.EqualFold(r.URL.Host, next.URL.Host) {
			return false
		}
	}
	return true
}

func harmless(header string) bool {
	switch header {
	case "Accept", "Accept-Language", "Accept-Encoding", "User-Agent":
		return true
	}
	return false
}

type limited struct {
	next http.RoundTripper
	max  int64
}

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.ContentLength > l.max {
		resp.Body.Close()
		return nil, ErrTooLarge
	}
	resp.Body = &body{resp.Body, l.max}
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (l limited) CloseIdleConnections() {
	if c, ok := l.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

type body struct {
	io.ReadCloser
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more than allowed, to tell the end from too much
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}
