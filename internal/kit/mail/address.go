package mail

import (
	"strings"
)

// Address is one sender or recipient. Name is decoded and may be empty or a lie; Addr is as it was sent, without angle brackets.
type Address struct {
	Name string
	Addr string
}

// Domain is the part behind the last @, in lower case.
func (a Address) Domain() string {
	return strings.ToLower(a.Addr[strings.LastIndexByte(a.Addr, '@')+1:])
}

// ParseAddresses reads an address list as it stands in a header, encoded words and all. It takes semicolons for commas, groups, comments, names with unquoted commas,
// unclosed quotes, and whole addresses inside an encoded word. What has no @ is left out, unless nothing in the list has.
func ParseAddresses(list string) []Address {
	all := parseList(list)
	if len(all) == 0 && strings.Contains(list, "=?") {
		if decoded := decodeWords(list); decoded != list {
			all = parseList(decoded)
		}
	}
	return all
}

func parseList(list string) []Address {
	var all []Address
	var held []string // a name that a comma was cut out of: Kim, Bora <b@example.com>
	for _, item := range splitList(list) {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		a := parseOne(item)
		if a.Addr == "" {
			held = append(held, item)
			continue
		}
		if name := strings.Join(held, ", "); name != "" && strings.Contains(item, "<") && !strings.ContainsAny(name, "<>@") {
			a = parseOne(name + ", " + item)
		}
		held = nil
		all = append(all, a)
	}
	return all
}

// splitList cuts at commas and semicolons outside quotes, comments and angle brackets, and drops the names of groups.
func splitList(s string) []string {
	var items []string
	start, depth, angle := 0, 0, false
	addressed := false // since start there was a sign of an address: a colon then ends no group's name
	quoted, lastParen, lastAngle := quoting{s: s}, strings.LastIndexByte(s, ')'), strings.LastIndexByte(s, '>')
	for i := 0; i < len(s); i++ {
		c := s[i]
		addressed = addressed || c == '@' || c == '<'
		switch {
		case c == '\\':
			i++
		case c == '"' && depth == 0 && !angle:
			if end := quoted.closing(i); end > 0 {
				addressed = addressed || strings.ContainsAny(s[i:end], "@<")
				i = end
			}
		case c == '(' && lastParen > i:
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<' && lastAngle > i:
			angle = true
		case c == '>':
			angle = false
		case angle:
		case c == ':' && !addressed:
			start = i + 1 // the name of a group
		case c == ',' || c == ';':
			items = append(items, s[start:i])
			start, addressed = i+1, false
		}
	}
	return append(items, s[min(start, len(s)):])
}

func parseOne(s string) Address {
	open := strings.LastIndexByte(s, '<')
	if open >= 0 {
		addr, _, _ := strings.Cut(s[open+1:], ">")
		if a := cleanAddr(addr); a != "" {
			return Address{Name: displayName(s[:open]), Addr: a}
		}
	}
	bare, comment := stripComments(s)
	for _, token := range strings.FieldsFunc(bare, func(r rune) bool { return strings.ContainsRune(" \t<>\"", r) }) {
		if a := cleanAddr(token); a != "" {
			if name := displayName(comment); name != "" {
				return Address{Name: name, Addr: a}
			}
			return Address{Name: displayName(strings.Replace(strings.Trim(bare, "<> "), token, "", 1)), Addr: a}
		}
	}
	return Address{}
}

// cleanAddr returns the address in s, "" when it is none. Routes (@a,@b:c@d) and "mailto:" are dropped.
func cleanAddr(s string) string {
	s, _ = stripComments(s)
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(s, "mailto:")
	if strings.HasPrefix(s, "@") {
		_, s, _ = strings.Cut(s, ":")
	}
	s = strings.Trim(strings.Trim(s, " \t'"), "<>,;")
	s = strings.TrimSuffix(oneLine(s), ".")
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > 500 {
		return ""
	}
	local, domain := s[:at], s[at+1:]
	if strings.ContainsAny(domain, " \t\"<>(),;:\\") && !strings.HasPrefix(domain, "[") {
		return ""
	}
	if strings.ContainsAny(local, " \t<>(),;") && !strings.HasPrefix(local, `"`) {
		return ""
	}
	return s
}

func stripComments(s string) (bare, comment string) {
	if !strings.Contains(s, "(") {
		return s, ""
	}
	var out, in strings.Builder
	depth := 0
	quoted, lastParen := quoting{s: s}, strings.LastIndexByte(s, ')')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' && depth == 0:
			if end := quoted.closing(i); end > 0 {
				out.WriteString(s[i : end+1])
				i = end
			}
		case c == '(' && (depth > 0 || lastParen > i):
			if depth++; depth > 1 {
				in.WriteByte(c)
			}
		case c == ')' && depth > 0:
			if depth--; depth > 0 {
				in.WriteByte(c)
			}
		case depth > 0:
			in.WriteByte(c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), in.String()
}

// displayName makes a name readable: quotes off, words decoded, then quotes off again, as some programs encode them too.
func displayName(s string) string {
	s = strings.TrimSpace(s)
	if bare, comment := stripComments(s); comment != "" && strings.TrimSpace(bare) == "" {
		s = comment
	}
	s = decodeWords(unquoteName(s))
	return oneLine(strings.Trim(unquoteName(oneLine(s)), " \t"))
}

func unquoteName(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = s[1 : len(s)-1]
	}
	if !strings.Contains(s, `"`) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			out.WriteByte(s[i])
		case s[i] != '"':
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
