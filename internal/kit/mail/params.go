package mail

import (
	"sort"
	"strconv"
	"strings"
)

// mediaType is a parsed Content-Type or Content-Disposition.
type mediaType struct {
	value  string // lower case, "text/plain" or "attachment"
	params map[string]string
}

// parseMedia reads what RFC 2045 §5.1, RFC 2231 and thirty years of programs that read neither have produced. It never fails:
// an unclosed quote ends at the next semicolon that is followed by a parameter, or at the end.
func parseMedia(s string) mediaType {
	value, rest := cutParam(s)
	m := mediaType{value: strings.ToLower(strings.TrimSpace(value)), params: map[string]string{}}
	m.value = strings.Trim(m.value, "\"' ")
	if i := strings.IndexAny(m.value, " \t,"); i >= 0 { // "text/html charset=utf-8": the semicolon is missing
		rest = s[min(len(s), strings.IndexAny(s, " \t,")+1):]
		m.value = strings.TrimSpace(m.value[:i])
	}
	pieces := map[string][]piece{}
	for rest != "" {
		var param string
		param, rest = cutParam(rest)
		name, value, ok := strings.Cut(param, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || name == "" || len(m.params) > 100 || len(pieces) > 100 {
			continue
		}
		value = unquote(strings.TrimSpace(value))
		if base, p, ok := extended(name, value); ok {
			if len(pieces[base]) < 200 {
				pieces[base] = append(pieces[base], p)
			}
			continue
		}
		if _, twice := m.params[name]; !twice {
			m.params[name] = decodeWords(value)
		}
	}
	for name, list := range pieces { // RFC 2231 beats the plain form, which is there for old programs
		if text := joinPieces(list); text != "" || m.params[name] == "" {
			m.params[name] = text
		}
	}
	return m
}

// piece is one part of a RFC 2231 value: name*0*=utf-8'ko'%EA…; name*1="…".
type piece struct {
	number  int
	encoded bool
	text    string
}

func extended(name, value string) (base string, p piece, ok bool) {
	base, star, found := strings.Cut(name, "*")
	if !found {
		return "", p, false
	}
	p.text = value
	if s, cut := strings.CutSuffix(star, "*"); cut || star == "" {
		p.encoded = true
		star = s
	}
	if star != "" {
		n, err := strconv.Atoi(star)
		if err != nil || n < 0 {
			return "", p, false
		}
		p.number = n
	}
	return base, p, true
}

func joinPieces(list []piece) string {
	sort.SliceStable(list, func(a, b int) bool { return list[a].number < list[b].number })
	charset := ""
	var raw []byte
	for i, p := range list {
		text := p.text
		if p.encoded && i == 0 {
			if parts := strings.SplitN(text, "'", 3); len(parts) == 3 {
				charset, text = parts[0], parts[2]
			}
		}
		if p.encoded {
			raw = append(raw, unpercent(text)...)
			continue
		}
		raw = append(raw, text...)
	}
	text, _ := decodeCharset(raw, charset)
	if charset == "" {
		text = decodeWords(text)
	}
	return oneLine(text)
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// cutParam cuts s at the first semicolon outside quotes.
func cutParam(s string) (param, rest string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return s[:i], s[i+1:]
		case '"':
			if i > 0 && strings.TrimSpace(s[:i]) != "" && !strings.HasSuffix(strings.TrimRight(s[:i], " \t"), "=") {
				continue // a quote inside an unquoted value
			}
			end := closingQuote(s, i)
			if end < 0 {
				return openQuote(s, i)
			}
			i = end
		}
	}
	return s, ""
}

// openQuote cuts a parameter whose quote is never closed: it ends where another parameter plainly begins.
func openQuote(s string, from int) (param, rest string) {
	last := -1 // the semicolon that a name may stand behind
	for i := from; i < len(s); i++ {
		switch {
		case s[i] == ';':
			last = i
		case s[i] == '=' && last >= 0:
			if name := strings.TrimSpace(s[last+1 : i]); name != "" && !strings.ContainsAny(name, " \t\"") {
				return s[:last], s[last+1:]
			}
			last = -1
		}
	}
	return s, ""
}

// quoting finds where the quotes of a text close. Where one never does, none behind it does (what is escaped for the first is where
// the next begins), so the text is read to its end for it but once.
type quoting struct {
	s    string
	open bool
}

func (q *quoting) closing(i int) int {
	if q.open {
		return -1
	}
	end := closingQuote(q.s, i)
	q.open = end < 0
	return end
}

// closingQuote returns where the quote that opens at s[i] closes: not before a value like `a"b.txt"` is over. -1: never.
func closingQuote(s string, i int) int {
	for k := i + 1; k < len(s); k++ {
		switch s[k] {
		case '\\':
			k++
		case '"':
			return k
		}
	}
	return -1
}

// unquote takes the quotes off a value. A backslash before anything but a quote or backslash stays: it is a Windows path
// of a program that does not escape.
func unquote(s string) string {
	if !strings.HasPrefix(s, `"`) {
		return strings.Trim(s, "'")
	}
	s = s[1:]
	if end := strings.LastIndexByte(s, '"'); end >= 0 && !strings.HasSuffix(s[:end], `\`) {
		s = s[:end]
	}
	if !strings.Contains(s, `\`) {
		return s
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
}
