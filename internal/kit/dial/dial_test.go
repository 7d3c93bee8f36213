package dial_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"baraji/internal/kit/dial"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// names answers for a few names, as a DNS server under an attacker's control would.
func names(table map[string]string) func(context.Context, string) ([]netip.Addr, error) {
	return func(_ context.Context, host string) ([]netip.Addr, error) {
		var out []netip.Addr
		for _, a := range strings.Fields(table[strings.ToLower(host)]) {
			out = append(out, netip.MustParseAddr(a))
		}
		if out == nil {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return out, nil
	}
}

// house listens on every local address there is and counts who comes.
func house(t *testing.T) (port string, visits *atomic.Int32) {
	t.Helper()
	visits = new(atomic.Int32)
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits.Add(1)
			c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, visits
}

var badAddrs = strings.Fields(`
	127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 0.0.0.0 0.0.0.1 0.1.2.3 10.0.0.1 10.255.255.255 10.1.2.3
	172.16.0.1 172.20.1.1 172.31.255.255 192.168.0.1 192.168.1.1 192.168.255.255 169.254.0.1 169.254.169.254 169.254.170.2 169.254.169.253
	100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.192 192.0.2.1 198.51.100.7 203.0.113.9
	198.18.0.1 198.19.255.255 192.88.99.1 168.63.129.16 224.0.0.1 224.0.0.251 239.255.255.250 233.252.0.1 240.0.0.1 255.255.255.255
	::1 :: ::2 fe80::1 fe80::1%lo fe80::1%eth0 febf::1 fec0::1 fc00::1 fd00::1
	fd00:ec2::254 fdff::1 fd12:3456:789a::1 ff01::1 ff02::1 ff02::fb ff05::2 ff0e::1 ::1%lo 2001:4860:4860::8888%eth0
	::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:192.168.1.1 ::ffff:0.0.0.0 ::ffff:172.16.0.1 ::ffff:100.64.0.1 ::ffff:7f00:1 ::ffff:224.0.0.1 ::ffff:255.255.255.255
	64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::192.168.0.1 64:ff9b::0.0.0.0 64:ff9b::7f00:1 64:ff9b:1::10.0.0.1 64:ff9b:1::8.8.8.8 64:ff9b:1:2:3::1 64:ff9b:0:1::8.8.8.8
	2002:7f00:1:: 2002:a00:1::1 2002:a9fe:a9fe:: 2002:c0a8:101::1 2002:808:808:: 2001::1 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:0:4136:e378:8000:0:80ff:fffe 2001:1::1
	2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2001:db8:ffff::1 3fff::1 3fff:fff::1 100::1 100:0:0:1::1 5f00::1
	::127.0.0.1 ::10.0.0.1 ::192.168.1.1 ::8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:0:10.0.0.1 2a00:1450::5efe:7f00:1 2a00:1450::200:5efe:a00:1 4000::1 e000::1
	1::1 8000::1 200::1 400::1 0:0:0:1::1 fe00::1`)

var oddHosts = strings.Fields(`
	2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 017700000001 0177.0.0.1 0177.1 127.1 127.0.1 0 0x0 00000000.0 1.2.3.4.5
	0x7f.0x0.0x0.0x1 127.0.0.1. 127.0.0.0x1 127.000.000.001 0x 10.1 3232235777 192.168.257 256.256.256.256 4294967297
	127。0。0。1 １２７.0.0.1 ①②⑦.⓪.⓪.① 127．0．0．1 127｡0｡0｡1 user@127.0.0.1 x@localhost 127.0.0.1#x 127.0.0.1/x 127.0.0.1\x 127.0.0.1?x`)

var badNames = map[string]string{
	"localhost": "127.0.0.1 ::1", "localhost.localdomain": "127.0.0.1", "a.localhost": "::1",
	"metadata.google.internal": "169.254.169.254", "metadata": "169.254.169.254", "instance-data": "169.254.169.254",
	"intranet": "10.0.0.5", "router": "192.168.0.1", "localtest.me": "127.0.0.1", "127.0.0.1.nip.io": "127.0.0.1",
	"v6.evil.test": "::1", "ula.evil.test": "fd00::1", "mapped.evil.test": "::ffff:127.0.0.1", "nat64.evil.test": "64:ff9b::7f00:1",
	"cname.evil.test": "10.0.0.7", "zone.evil.test": "fe80::1%lo", "zero.evil.test": "0.0.0.0", "all.evil.test": "127.0.0.1 10.0.0.1 fd00::1 169.254.169.254",
	"xn--9n2bp8q.test": "127.0.0.1", "k8s.evil.test": "100.64.1.1", "empty.evil.test": "",
}

// T49: no target inside the house is reached, whatever it is called, and the answer is the same for all.
func TestNothingInsideIsReached(t *testing.T) {
	port, visits := house(t)
	d := dial.New(dial.Options{Now: time.Now, Lookup: names(badNames), Connect: time.Second})
	tried := 0
	try := func(host string) {
		tried++
		address := net.JoinHostPort(host, port)
		c, err := d.DialContext(t.Context(), "tcp", address)
		if err == nil {
			c.Close()
			t.Errorf("%s: connected", host)
			return
		}
		var e *dial.Error
		if !errors.As(err, &e) || e.Kind == dial.Unreachable {
			t.Errorf("%s: was tried: %v", host, e.Detail())
		}
		if want := "could not connect to " + address; err.Error() != want {
			t.Errorf("%s: people read %q", host, err)
		}
	}
	for _, a := range badAddrs {
		try(a)
	}
	for _, h := range oddHosts {
		try(h)
	}
	for h := range badNames {
		try(h)
		try(strings.ToUpper(h) + ".")
	}
	try("한글.test")
	for _, network := range []string{"udp", "unix", "ip", "tcp5", ""} {
		if _, err := d.DialContext(t.Context(), network, "example.com:80"); err == nil {
			t.Errorf("network %q was taken", network)
		}
	}
	for _, address := range []string{"", "x", ":80", "x:", "x:0", "x:65536", "x:http", "x:-1", "[::1", "x:80:80"} {
		if _, err := d.DialContext(t.Context(), "tcp", address); err == nil {
			t.Errorf("address %q was taken", address)
		}
	}
	if visits.Load() != 0 {
		t.Errorf("%d connections were made", visits.Load())
	}
	t.Logf("%d targets", tried)
	if tried < 120 {
		t.Error("too few targets")
	}
}

func TestTheOutsideIsAllowed(t *testing.T) {
	d := dial.New(dial.Options{Now: time.Now})
	for _, a := range strings.Fields(`8.8.8.8 1.1.1.1 172.15.0.1 172.32.0.1 192.167.1.1 192.169.1.1 100.63.0.1 100.128.0.1 169.253.1.1 198.17.1.1
		198.20.1.1 223.255.255.1 11.0.0.1 9.9.9.9 126.1.1.1 128.0.0.1 2001:4860:4860::8888 2606:4700::1111 2a00:1450:4001::5 2400:cb00::1
		2001:200::1 2003::1 3ffe::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 192.0.1.1 168.63.129.17`) {
		if !d.Allowed(netip.MustParseAddr(a)) {
			t.Errorf("%s is refused", a)
		}
	}
}

func TestTheOperatorMayAllowNetworks(t *testing.T) {
	port, visits := house(t)
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback[:1], Lookup: names(map[string]string{
		"mail.office.test": "127.0.0.1", "both.test": "10.0.0.1 127.0.0.1", "v6.test": "::1",
	})})
	for _, host := range []string{"127.0.0.1", "127.0.0.9", "mail.office.test", "both.test", "::ffff:127.0.0.1"} {
		c, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort(host, port))
		if err != nil {
			t.Errorf("%s: %v", host, err.(*dial.Error).Detail())
			continue
		}
		c.Close()
	}
	for _, host := range []string{"v6.test", "10.0.0.1", "0.0.0.0", "::1", "127.1"} {
		if c, err := d.DialContext(t.Context(), "tcp", net.JoinHostPort(host, port)); err == nil {
			c.Close()
			t.Errorf("%s: connected", host)
		}
	}
	if _, err := d.DialContext(t.Context(), "tcp6", net.JoinHostPort("127.0.0.1", port)); err == nil {
		t.Error("IPv4 over tcp6")
	}
	_ = visits
}

// A resolver with a TTL of 0 says one thing when asked to check and another when asked to connect. It is asked once.
func TestRebindingGainsNothing(t *testing.T) {
	port, visits := house(t)
	asked := 0
	d := dial.New(dial.Options{Now: time.Now, Connect: 100 * time.Millisecond, Lookup: func(context.Context, string) ([]netip.Addr, error) {
		if asked++; asked%2 == 1 {
			return []netip.Addr{netip.MustParseAddr("2001:4860:4860::8888")}, nil // outside; not reached from a test machine
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}})
	for range 6 {
		if c, err := d.DialContext(t.Context(), "tcp6", "rebind.test:"+port); err == nil {
			c.Close()
		}
	}
	if asked != 6 || visits.Load() != 0 {
		t.Errorf("asked %d times for 6 calls, %d visits", asked, visits.Load())
	}
}

func TestRedirectsAreCheckedAtEachHop(t *testing.T) {
	port, visits := house(t)
	var location string
	var status int
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(status)
	}))
	defer front.Close()
	at := netip.MustParseAddrPort(strings.TrimPrefix(front.URL, "http://"))
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.PrefixFrom(netip.MustParseAddr("127.0.0.1"), 32)},
		Lookup: names(map[string]string{"inside.test": "127.0.0.2"})})
	client := d.HTTPClient()
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{"http://127.0.0.2:" + port, "http://inside.test:" + port, "http://[::1]:" + port, "http://0.0.0.0:" + port,
			"http://[::ffff:127.0.0.2]:" + port, "http://2130706434:" + port, "http://169.254.169.254/latest/meta-data/", "//127.0.0.2:" + port,
			"http://x@127.0.0.2:" + port, "file:///etc/passwd", "gopher://127.0.0.2:" + port, "http://inside.test.:" + port} {
			location, status = to, code
			resp, err := client.Get(front.URL)
			if err == nil {
				resp.Body.Close()
				t.Errorf("%d to %s: %s", code, to, resp.Status)
			}
		}
		location = fmt.Sprintf("http://127.0.0.1:%d/again", at.Port()) // round and round
		if _, err := client.Get(front.URL); !errors.Is(err, dial.ErrRedirect) {
			t.Errorf("%d in a circle: %v", code, err)
		}
	}
	if visits.Load() != 0 {
		t.Errorf("%d visits", visits.Load())
	}
}

func TestSecretsStayWithTheirOrigin(t *testing.T) {
	var seen []*http.Request
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r)
		if r.URL.Path == "/first" { // a second hop on the same foreign host must not bring the headers back
			http.Redirect(w, r, "/second", http.StatusFound)
		}
	}))
	defer other.Close()
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL+"/first", http.StatusFound)
		case "/again":
			http.Redirect(w, r, other.URL+"/body", http.StatusTemporaryRedirect)
		case "/here":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/end":
			io.WriteString(w, r.Header.Get("X-Key"))
		}
	}))
	defer home.Close()
	client := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback}).HTTPClient()
	get := func(method, path string) (*http.Response, error) {
		req, _ := http.NewRequest(method, home.URL+path, strings.NewReader("body"))
		req.Header.Set("Authorization", "Bearer secret")
		req.Header.Set("X-Key", "secret")
		req.Header.Set("Cookie", "a=secret")
		return client.Do(req)
	}
	resp, err := get("GET", "/away?token=secret")
	if err != nil || len(seen) != 2 {
		t.Fatalf("%v, %d hops", err, len(seen))
	}
	resp.Body.Close()
	for _, r := range seen {
		if s := fmt.Sprint(r.Header); strings.Contains(s, "secret") {
			t.Errorf("%s was told %s", r.URL.Path, s)
		}
	}
	if _, err := get("POST", "/again"); !errors.Is(err, dial.ErrRedirect) || len(seen) != 2 {
		t.Errorf("the body was sent on: %v", err)
	}
	resp, err = get("GET", "/here")
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); string(b) != "secret" {
		t.Errorf("lost on the way within one origin: %q", b)
	}
	resp.Body.Close()
}

func TestHTTPSDoesNotFallBack(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer secure.Close()
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback})
	client := d.HTTPClient()
	transport := d.Transport()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots(secure)}
	client.Transport = transport
	if _, err := client.Get(secure.URL); !errors.Is(err, dial.ErrRedirect) {
		t.Errorf("from https to http: %v", err)
	}
}

func TestLargeAnswersEnd(t *testing.T) {
	for _, chunked := range []bool{false, true} {
		for size, want := range map[int]error{0: nil, 999: nil, 1000: nil, 1001: dial.ErrTooLarge, 100_000: dial.ErrTooLarge} {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if chunked {
					w.(http.Flusher).Flush()
				}
				w.Write(make([]byte, size))
			}))
			client := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback, MaxBody: 1000}).HTTPClient()
			resp, err := client.Get(srv.URL)
			n := int64(0)
			if err == nil {
				n, err = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			if !errors.Is(err, want) || n > 1000 || want == nil && n != int64(size) {
				t.Errorf("%d bytes, chunked %v: %d read, %v", size, chunked, n, err)
			}
			srv.Close()
		}
	}
}

func TestTLSChecksTheName(t *testing.T) {
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	u, _ := url.Parse(srv.URL)
	var outcomes []string
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback, Lookup: names(map[string]string{"example.com": "127.0.0.1", "other.test": "127.0.0.1"}),
		Count: func(o string) { outcomes = append(outcomes, o) }})
	config := &tls.Config{RootCAs: roots(srv)}
	c, err := d.TLS(t.Context(), "tcp", "example.com:"+u.Port(), config)
	if err != nil {
		t.Fatal(err.(*dial.Error).Detail())
	}
	c.Close()
	_, err = d.TLS(t.Context(), "tcp", "other.test:"+u.Port(), config)
	var e *dial.Error
	if !errors.As(err, &e) || e.Kind != dial.Insecure || !strings.Contains(e.Detail(), "certificate") || strings.Contains(e.Error(), "certificate") {
		t.Errorf("a certificate for another name: %v", err)
	}
	if _, err = d.TLS(t.Context(), "tcp", "example.com:"+u.Port(), nil); err == nil {
		t.Error("an unknown authority was trusted")
	}
	if got := strings.Join(outcomes, " "); got != "connected connected insecure connected insecure" {
		t.Errorf("counted %s", got)
	}
}

func TestNothingWaitsForEver(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback, Idle: 50 * time.Millisecond})
	c, err := d.DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	timesOut := func(what string, f func() (int, error)) {
		t.Helper()
		if _, err := f(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %v", what, err)
		}
	}
	read := func() (int, error) { return c.Read(make([]byte, 1)) }
	timesOut("a silent server", read)
	timesOut("a server that does not read", func() (int, error) { return c.Write(make([]byte, 64<<20)) })
	c.SetDeadline(time.Now().Add(time.Hour))
	timesOut("a generous deadline", read)
	c.SetDeadline(time.Time{})
	timesOut("no deadline", read)
	c.SetReadDeadline(time.Now().Add(-time.Second))
	timesOut("a deadline that is past", read)

	long, err := d.WithIdle(time.Hour).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer long.Close()
	done := make(chan error, 1)
	go func() { _, err := long.Read(make([]byte, 1)); done <- err }()
	long.SetReadDeadline(time.Now()) // wakes a reader that waits already
	if err := <-done; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("woken reader: %v", err)
	}
}

func TestClosedAndRefusedReadAlike(t *testing.T) {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	address := l.Addr().String()
	l.Close()
	_, closed := dial.New(dial.Options{Now: time.Now, AllowPrivate: loopback}).DialContext(t.Context(), "tcp", address)
	_, refused := dial.New(dial.Options{Now: time.Now}).DialContext(t.Context(), "tcp", address)
	if closed == nil || refused == nil || closed.Error() != refused.Error() {
		t.Errorf("%v / %v", closed, refused)
	}
	if a, b := closed.(*dial.Error), refused.(*dial.Error); a.Kind != dial.Unreachable || b.Kind != dial.Refused || !strings.Contains(b.Detail(), "loopback") {
		t.Errorf("%s / %s", a.Detail(), b.Detail())
	}
}

func FuzzAddress(f *testing.F) {
	for _, h := range append(oddHosts, badAddrs...) {
		f.Add(h)
	}
	d := dial.New(dial.Options{Now: time.Now, Lookup: names(nil)})
	gone, cancel := context.WithCancel(context.Background())
	cancel() // what passes the check is still not dialled: this is a test of reading addresses
	f.Fuzz(func(t *testing.T, host string) {
		_, err := d.DialContext(gone, "tcp", net.JoinHostPort(host, "9"))
		var e *dial.Error
		if !errors.As(err, &e) || e.Detail() == "" {
			t.Errorf("%v", err)
		}
		if a, bad := netip.ParseAddr(host); bad == nil && !d.Allowed(a) && e.Kind == dial.Unreachable {
			t.Errorf("%s was tried", a)
		}
	})
}

func roots(srv *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	return pool
}
