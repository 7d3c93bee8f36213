package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest file name that we give out, in bytes: any disk takes it, with room for " (2)".
const maxName = 180

// SafeName makes a file name of whatever a stranger calls a file: no folders, no invisible or turning characters, nothing that Windows or a shell treats in a special way,
// not hidden, not too long. It is never empty, and SafeName of it is itself. Names are for headers and downloads: on our disks files have random names.
func SafeName(name string) string {
	name = norm.NFC.String(visible(clean(name)))
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*;%`+"`$'", r) {
			return '_'
		}
		return r
	}, name)
	name = trimName(strings.Join(strings.Fields(name), " "))
	name = trimName(shorten(name))
	if reserved(name) {
		name = "_" + name
	}
	if strings.Trim(name, "_") == "" {
		return "file"
	}
	return name
}

// trimName takes off leading dots (hidden files) and dashes (options), and trailing dots and spaces (which Windows drops).
func trimName(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, ".-~ "), ". ")
}

// visible drops what cannot be seen or turns the text around, and makes look-alikes of the path signs what they look like.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return '_'
		case strings.ContainsRune("⁄∕⧸／", r):
			return '/'
		case strings.ContainsRune("⧵﹨＼", r):
			return '\\'
		case strings.ContainsRune("․‥…。．｡", r):
			return '.'
		case unicode.Is(unicode.Zs, r) || r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Variation_Selector, r) || blank(r):
			return -1
		case r > 0x10000 && !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
}

// blank are letters that show nothing.
func blank(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x034F, 0x2800:
		return true
	}
	return false
}

// shorten cuts the stem and keeps the extension, on a whole character.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 20 {
		name, ext = name[:i], name[i:]
	}
	name = name[:maxName-len(ext)]
	for !utf8.ValidString(name) {
		name = name[:len(name)-1]
	}
	return strings.TrimRight(name, ". ") + ext
}

// reserved are the device names of Windows, with any extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.NewReplacer("¹", "1", "²", "2", "³", "3").Replace(strings.TrimSpace(stem))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", "CONIN_", "CONOUT_", "CLOCK_":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}

// Disposition makes a Content-Disposition for a mail or a download: a plain name that every program can read, and the true one after RFC 6266 and RFC 2231.
// kind is "attachment" or "inline". Both names went through SafeName.
func Disposition(kind, name string) string {
	if kind != "inline" {
		kind = "attachment"
	}
	if strings.TrimSpace(name) == "" {
		return kind
	}
	name = SafeName(name)
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '_'
		}
		return r
	}, name)
	if plain == name {
		return kind + `; filename="` + name + `"`
	}
	return kind + `; filename="` + plain + `"; filename*=UTF-8''` + percent(name)
}

// percent encodes for RFC 8187: all but letters, digits and a few signs.
func percent(s string) string {
	const hexdigits = "0123456789ABCDEF"
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			out.WriteByte(c)
			continue
		}
		out.WriteByte('%')
		out.WriteByte(hexdigits[c>>4])
		out.WriteByte(hexdigits[c&15])
	}
	return out.String()
}
