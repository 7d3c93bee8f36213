package contact

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// NormalPhone gives a number in international form (E.164: +821012345678), and
// whether it is a phone number. Numbers without a country are Korean ones, also
// the eight digits of a representative number (1588-1234) and a mobile number
// that a spreadsheet took the zero from.
func NormalPhone(s string) (string, bool) {
	s = strings.TrimSpace(norm.NFKC.String(s))
	s = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "tel:"), "☎")
	digits, plus, ok := digitsOf(withoutExtension(s))
	if !ok {
		return "", false
	}
	if !plus && strings.HasPrefix(digits, "00") && !strings.HasPrefix(digits, "000") {
		digits, plus = digits[2:], true
	}
	if !plus {
		digits = "82" + korean(digits)
	}
	if rest, ok := strings.CutPrefix(digits, "82"); ok {
		digits = "82" + strings.TrimPrefix(rest, "0") // +82 (0)10-…
	}
	if len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || digits[2:] == "" || digits[2] == '0' && strings.HasPrefix(digits, "82") {
		return "", false
	}
	return "+" + digits, true
}

// korean takes off what a Korean number may begin with: 0, or 82 without a plus.
func korean(digits string) string {
	if rest, ok := strings.CutPrefix(digits, "82"); ok && len(digits) >= 11 {
		return rest
	}
	return strings.TrimPrefix(digits, "0")
}

func withoutExtension(s string) string {
	for _, mark := range []string{"ext", "내선", "x", "#", ";"} {
		if i := strings.Index(s, mark); i > 0 {
			s = s[:i]
		}
	}
	return strings.TrimSpace(s)
}

func digitsOf(s string) (digits string, plus, ok bool) {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0 && !plus:
			plus = true
		case strings.ContainsRune(" -.()/~‐‑–·", r) && i > 0 || r == '(':
		default:
			return "", false, false
		}
	}
	return b.String(), plus, b.Len() > 0
}

// ShownPhone writes a normal number as Koreans do: 010-1234-5678. Numbers of other
// countries stay as they are.
func ShownPhone(normal string) string {
	n, ok := strings.CutPrefix(normal, "+82")
	if !ok {
		return normal
	}
	area := areaLen(n)
	if area == 0 {
		return cutAt(n, 4)
	}
	rest := n[area:]
	if len(rest) < 5 {
		return "0" + n
	}
	return "0" + n[:area] + "-" + cutAt(rest, len(rest)-4)
}

// areaLen is how many digits the area or carrier has, without its zero; none for
// representative numbers.
func areaLen(n string) int {
	switch {
	case len(n) == 8 && n[0] == '1' && strings.ContainsRune("568", rune(n[1])):
		return 0
	case n[0] == '2':
		return 1
	case strings.HasPrefix(n, "50"):
		return 3 // 0505, 0507: numbers that lead to others
	}
	return 2
}

func cutAt(s string, i int) string { return s[:i] + "-" + s[i:] }
