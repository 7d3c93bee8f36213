package contact

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// NormalEmail gives the form in which an e-mail address is compared: NFC, case
// folded, the domain in ASCII (RFC 5890), and whether it is an address at all.
// Whether the local part's case counts is up to its server (RFC 5321, 2.4); none does.
func NormalEmail(s string) (string, bool) {
	s = strings.TrimSpace(s)
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 || strings.ContainsFunc(s, notInAddress) {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(strings.TrimSuffix(s[at+1:], "."))
	if err != nil || !strings.Contains(host, ".") || strings.Contains("."+host+".", "..") || strings.Contains(s[:at], "@") {
		return "", false
	}
	return fold(s[:at]) + "@" + host, true
}

func notInAddress(r rune) bool {
	return r <= ' ' || r == 0x7f || r == '\u00a0' || strings.ContainsRune(`<>(),;:"[]\`, r) || r == '\uFFFD'
}

// fold makes strings equal that differ in case or in how letters are composed.
func fold(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }

// domainOf is the domain of a normal address.
func domainOf(email string) string { return email[strings.LastIndexByte(email, '@')+1:] }
