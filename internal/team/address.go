package team

import (
	"net/mail"
	"net/netip"
	"strings"

	"baraji/internal/kit/problem"
)

// foldEmail gives the form in which an e-mail address is stored and compared:
// lower case, plain ASCII. Only addresses that mail can be sent to pass.
// Addresses beyond ASCII (RFC 6531) are refused: letters that fold onto others
// would let two people look like one.
func foldEmail(s string) (string, error) {
	s = strings.TrimSpace(s)
	bad := problem.For("email", "Enter an e-mail address such as name@example.com.")
	if len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 127 || strings.ContainsRune(`<>()[]\,;:"`, r) }) {
		return "", bad
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return "", bad
	}
	local, domain, _ := strings.Cut(s, "@")
	if len(local) > 64 || strings.HasPrefix(domain, ".") || strings.HasPrefix(domain, "-") {
		return "", bad
	}
	return strings.ToLower(s), nil
}

// source is the network that an address belongs to, for counting tries: IPv6
// hosts have a whole /64 to themselves. What is no address counts as one source.
func source(from string) string {
	if ap, err := netip.ParseAddrPort(from); err == nil {
		from = ap.Addr().String()
	}
	a, err := netip.ParseAddr(from)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		p, _ := a.Prefix(64)
		return p.String()
	}
	return a.String()
}

// clip keeps what strangers send us to a length, without control characters.
func clip(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 127 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	for len(s) > most {
		r := []rune(s)
		s = string(r[:min(len(r)-1, most)])
	}
	return s
}
