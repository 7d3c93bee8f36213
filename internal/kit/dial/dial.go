package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

// Options say where connections may go and how long they may take. Zero durations and sizes mean the defaults.
type Options struct {
	// AllowPrivate are networks the operator trusts, such as 10.1.0.0/16: they are never refused.
	AllowPrivate []netip.Prefix
	// Lookup resolves a name; nil means the system's resolver.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Now is the machine's clock. It must not be a shifted one: deadlines of sockets know no other time.
	Now func() time.Time
	// Connect bounds resolving, connecting and the TLS handshake, each; 10 s.
	Connect time.Duration
	// Idle bounds each read and each write; 60 s.
	Idle time.Duration
	// Total bounds one HTTP call with its redirects and its body; 30 s.
	Total time.Duration
	// MaxBody bounds the body of an HTTP answer in bytes, unpacked; 10 MB.
	MaxBody int64
	// Count is told each outcome (connected, refused, unresolved, unreachable, insecure), for the metrics; may be nil.
	Count func(outcome string)
}

// Dialer opens checked connections. It is safe for use by many goroutines.
type Dialer struct {
	o     Options
	guard guard
}

// New makes a dialler. It panics without a clock, which is a mistake in the program.
func New(o Options) *Dialer {
	if o.Now == nil {
		panic("dial: Options.Now is missing")
	}
	if o.Lookup == nil {
		o.Lookup = lookup
	}
	if o.Count == nil {
		o.Count = func(string) {}
	}
	o.Connect = or(o.Connect, 10*time.Second)
	o.Idle = or(o.Idle, time.Minute)
	o.Total = or(o.Total, 30*time.Second)
	o.MaxBody = or(o.MaxBody, 10<<20)
	return &Dialer{o: o, guard: guard{allowed: o.AllowPrivate}}
}

// WithIdle is the same dialler with another bound for reads and writes: an IMAP connection waits half an hour for mail.
func (d *Dialer) WithIdle(idle time.Duration) *Dialer {
	o := d.o
	o.Idle = or(idle, o.Idle)
	return &Dialer{o: o, guard: d.guard}
}

// Allowed tells whether a connection to this address may be made. It answers nothing about names: those are checked
// when they are dialled.
func (d *Dialer) Allowed(addr netip.Addr) bool { return d.guard.check(addr) == "" }

// DialContext connects to host:port over tcp, tcp4 or tcp6. Its errors are [*Error].
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, address)
	if err != nil {
		d.o.Count(err.Kind.String())
		return nil, err
	}
	d.o.Count("connected")
	return conn, nil
}

// TLS connects and shakes hands. A nil configuration, and one without a server name, expects the name that was dialled.
func (d *Dialer) TLS(ctx context.Context, network, address string, config *tls.Config) (*tls.Conn, error) {
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	secure := tls.Client(conn, configFor(address, config))
	ctx, cancel := context.WithTimeout(ctx, d.o.Connect)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		d.o.Count(Insecure.String())
		return nil, failed(Insecure, address, "TLS handshake", err)
	}
	return secure, nil
}

func configFor(address string, config *tls.Config) *tls.Config {
	if config == nil {
		config = &tls.Config{}
	}
	config = config.Clone()
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(address)
	}
	return config
}

func (d *Dialer) dial(ctx context.Context, network, address string) (net.Conn, *Error) {
	ctx, cancel := context.WithTimeout(ctx, 2*d.o.Connect)
	defer cancel()
	t, err := d.resolve(ctx, network, address)
	if err != nil {
		return nil, err
	}
	var last error
	for i, addr := range t.addrs {
		// Each address gets its share, so that a dead IPv6 route leaves time for IPv4.
		share, stop := context.WithTimeout(ctx, d.o.Connect/time.Duration(len(t.addrs)-i))
		conn, err := d.connect(share, network, netip.AddrPortFrom(addr, t.port))
		stop()
		if err == nil {
			return d.bound(conn), nil
		}
		last = err
	}
	return nil, failed(Unreachable, address, "connect", last)
}

var errControl = errors.New("address changed between check and connection")

func (d *Dialer) connect(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	// The second look happens on the very address the kernel is about to use.
	control := func(_, actual string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(actual)
		if err != nil || d.guard.check(at.Addr()) != "" {
			return errControl
		}
		return nil
	}
	dialer := net.Dialer{Control: control, KeepAlive: 30 * time.Second}
	return dialer.DialContext(ctx, network, to.String())
}

func lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

func parsePort(s string) (uint16, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return uint16(n), err == nil && n > 0
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
