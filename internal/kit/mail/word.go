package mail

import (
	"encoding/hex"
	"strings"
)

// word is one encoded word of RFC 2047, still in its charset.
type word struct {
	charset string
	bytes   []byte
}

// decodeWords reads encoded words as mail programs write them, not only as the RFC says: inside quotes, with spaces inside, without padding, glued to
// other text, and with a character cut in two between neighbours of one charset.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var out strings.Builder
	var held *word // a word whose last character may go on in the next one
	flush := func() {
		if held != nil {
			text, _ := decodeCharset(held.bytes, held.charset)
			out.WriteString(oneLineKeep(text))
			held = nil
		}
	}
	for s != "" {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, n := readWord(s[i:])
		if n == 0 {
			flush()
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		if between := s[:i]; held == nil || strings.TrimSpace(between) != "" {
			flush()
			out.WriteString(between)
		}
		if held != nil && strings.EqualFold(held.charset, w.charset) {
			held.bytes = append(held.bytes, w.bytes...)
		} else {
			flush()
			held = &w
		}
		s = s[i+n:]
	}
	flush()
	out.WriteString(s)
	return oneLine(out.String())
}

// oneLineKeep is oneLine that keeps spaces at the ends: they may stand between two words.
func oneLineKeep(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(oneLine("|"+s+"|"), "|"), "|")
}

// readWord reads the encoded word that s begins with and returns its length, 0 when it is none.
func readWord(s string) (word, int) {
	charset, rest, ok := strings.Cut(s[2:], "?")
	if !ok || charset == "" || len(charset) > 40 || strings.ContainsAny(charset, " \t=\"<>") {
		return word{}, 0
	}
	if len(rest) < 2 || rest[1] != '?' {
		return word{}, 0
	}
	text := rest[2:]
	end := strings.Index(text, "?=")
	if end < 0 {
		return word{}, 0
	}
	w := word{charset: charset}
	switch rest[0] {
	case 'b', 'B':
		w.bytes = decodeBase64([]byte(text[:end]))
	case 'q', 'Q':
		// A '=' after "?" may be the first of "=XX": "=?utf-8?Q?a?=3D?=". Look for an end that is none.
		for end+4 <= len(text) && isHexPair(text[end+2:]) && strings.Contains(text[end+2:], "?=") && !strings.Contains(text[end+2:end+2+strings.Index(text[end+2:], "?=")], "=?") {
			end += 2 + strings.Index(text[end+2:], "?=")
		}
		w.bytes = decodeQ(text[:end])
	default:
		return word{}, 0
	}
	return w, 2 + len(charset) + 1 + 2 + end + 2
}

func isHexPair(s string) bool {
	_, err := hex.DecodeString(s[:min(2, len(s))])
	return len(s) >= 2 && err == nil
}

func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && isHexPair(s[i+1:]):
			b, _ := hex.DecodeString(s[i+1 : i+3])
			out = append(out, b...)
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}
