package dial

import "net/netip"

// guard decides about addresses. Sources: the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and later).
type guard struct{ allowed []netip.Prefix }

// check says what is wrong with an address; empty means it may be dialled.
func (g guard) check(a netip.Addr) string {
	if !a.IsValid() {
		return "no address"
	}
	if a.Zone() != "" {
		return "an address with a zone" // an allowed prefix cannot hold one either: it means this machine's own links
	}
	a = a.Unmap()
	for _, p := range g.allowed {
		if p.Contains(a) {
			return ""
		}
	}
	if a.Is4() {
		return check4(a)
	}
	if inner, ok := nat64(a); ok {
		return g.check(inner)
	}
	return check6(a)
}

// check4 goes from most to least frequent in practice; each line is a network and its name for the log.
func check4(a netip.Addr) string {
	b := a.As4()
	switch {
	case b[0] == 127:
		return "loopback"
	case b[0] == 10, b[0] == 172 && b[1]&0xF0 == 16, b[0] == 192 && b[1] == 168:
		return "private" // RFC 1918
	case b[0] == 169 && b[1] == 254:
		return "link-local" // with 169.254.169.254, the metadata of most clouds
	case b[0] == 0:
		return "this network"
	case b[0] == 100 && b[1]&0xC0 == 64:
		return "shared address space" // RFC 6598, carrier-grade NAT; with 100.100.100.200, Alibaba's metadata
	case b[0] == 192 && b[1] == 0 && b[2] == 0:
		return "IETF protocol assignments" // with 192.0.0.192, Oracle's old metadata
	case b == [4]byte{168, 63, 129, 16}:
		return "Azure's host"
	case b[0] == 192 && b[1] == 0 && b[2] == 2, b[0] == 198 && b[1] == 51 && b[2] == 100, b[0] == 203 && b[1] == 0 && b[2] == 113:
		return "documentation"
	case b[0] == 198 && b[1]&0xFE == 18:
		return "benchmarking"
	case b[0] == 192 && b[1] == 88 && b[2] == 99:
		return "6to4 relay"
	case b[0] >= 224 && b[0] < 240:
		return "multicast"
	case b[0] >= 240:
		return "reserved"
	}
	return ""
}

// check6 lets through what is global unicast today (2000::/3) and nothing that carries an IPv4 address inside: such an
// address may end up anywhere, and nobody's mail server has one.
func check6(a netip.Addr) string {
	b := a.As16()
	switch {
	case a.IsLoopback():
		return "loopback"
	case b[0]&0xFE == 0xFC:
		return "unique local"
	case b[0] == 0xFE:
		return "link-local"
	case b[0] == 0xFF:
		return "multicast"
	case b[0]&0xE0 != 0x20:
		return "not global" // also ::, IPv4-compatible, ::ffff:0:a.b.c.d, 64:ff9b:1::/48, 100::/64
	case b[0] == 0x20 && b[1] == 0x02:
		return "6to4"
	case b[0] == 0x20 && b[1] == 0x01 && b[2] < 2:
		return "IETF protocol assignments" // 2001::/23, with Teredo
	case b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8, b[0] == 0x3F && b[1] == 0xFF && b[2] < 0x10:
		return "documentation"
	case b[8]&0xFD == 0 && b[9] == 0 && b[10] == 0x5E && b[11] == 0xFE:
		return "ISATAP"
	}
	return ""
}

// nat64 takes the IPv4 address out of the well-known prefix 64:ff9b::/96 (RFC 6052). Networks with IPv6 only reach the
// rest of the world by it, so it is judged by what is inside.
func nat64(a netip.Addr) (netip.Addr, bool) {
	b := a.As16()
	if !netip.PrefixFrom(netip.AddrFrom16([16]byte{0, 0x64, 0xFF, 0x9B}), 96).Contains(a) {
		return netip.Addr{}, false
	}
	return netip.AddrFrom4([4]byte(b[12:])), true
}
