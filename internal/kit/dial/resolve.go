package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

type target struct {
	addrs []netip.Addr
	port  uint16
}

const maxAddrs = 8

// resolve gives the addresses that may be dialled. A name with permitted and refused addresses has its permitted ones.
func (d *Dialer) resolve(ctx context.Context, network, address string) (target, *Error) {
	host, port, err := split(network, address)
	if err != nil {
		return target{}, failed(Refused, address, "read address", err)
	}
	candidates, err := d.candidates(ctx, host)
	if err != nil {
		return target{}, failed(Unresolved, address, "resolve", err)
	}
	var refused []string
	t := target{port: port}
	for _, a := range candidates {
		switch why := d.guard.check(a); {
		case why != "":
			refused = append(refused, fmt.Sprintf("%s is %s", a, why))
		case fits(network, a) && len(t.addrs) < maxAddrs:
			t.addrs = append(t.addrs, a.Unmap())
		}
	}
	if len(t.addrs) > 0 {
		return t, nil
	}
	if len(refused) > 0 {
		return target{}, failed(Refused, address, "check", errors.New(strings.Join(refused, ", ")))
	}
	return target{}, failed(Unresolved, address, "resolve", errors.New("no address"))
}

func (d *Dialer) candidates(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if endsInNumber(host) || strings.ContainsAny(host, ":%") {
		return nil, errors.New("neither a name nor a plain address")
	}
	ctx, cancel := context.WithTimeout(ctx, d.o.Connect)
	defer cancel()
	return d.o.Lookup(ctx, host)
}

// split takes host:port apart. A name in another script is made ASCII first: 127。0。0。1 is an address then.
func split(network, address string) (string, uint16, error) {
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return "", 0, fmt.Errorf("network %q", network)
	}
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, ok := parsePort(text)
	if !ok {
		return "", 0, fmt.Errorf("port %q", text)
	}
	if !ascii(host) {
		if host, err = idna.New(idna.MapForLookup(), idna.Transitional(false)).ToASCII(host); err != nil {
			return "", 0, err
		}
	}
	host = strings.TrimSuffix(host, ".")
	if host == "" || len(host) > 253 || strings.ContainsAny(host, " \t\r\n/\\@?#\x00") {
		return "", 0, errors.New("not a host name")
	}
	return host, port, nil
}

// endsInNumber spots the old ways to write an IPv4 address (2130706433, 0x7f.1, 0177.0.0.1), which some resolvers take
// and others send to the DNS. The rule is that of the WHATWG URL standard.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(strings.ToLower(last), "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

func fits(network string, a netip.Addr) bool {
	is4 := a.Unmap().Is4()
	return network == "tcp" || network == "tcp4" && is4 || network == "tcp6" && !is4
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
