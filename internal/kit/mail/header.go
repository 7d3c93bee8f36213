package mail

import (
	"bytes"
	"strings"
)

// Field is one header field as it was sent: the name in the sender's spelling, the value unfolded.
type Field struct {
	Name  string
	Value string // unfolded, valid UTF-8, encoded words untouched
}

// Header is the fields of a mail or a part, in order.
type Header []Field

// Get returns the first value of the field, whatever the case of its name; "" when there is none.
// Encoded words are as they were sent; use Text for what a person should read.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Has tells whether the field is there, be it empty.
func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// All returns every value of the field in order.
func (h Header) All(name string) []string {
	var all []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			all = append(all, f.Value)
		}
	}
	return all
}

// Text returns the first value of the field with its encoded words (RFC 2047) decoded.
func (h Header) Text(name string) string { return decodeWords(h.Get(name)) }

// lenientHeader cuts the header block off data and returns it with the rest. It takes spaces before the colon, continuation lines
// that lost their indent, and a body that begins without the empty line.
// hint is the charset to try for raw 8-bit values.
func lenientHeader(data []byte, hint string) (h Header, body []byte) {
	rest := data
	var value []byte
	name := ""
	flush := func() {
		if name != "" {
			h = append(h, Field{Name: name, Value: headerText(value, hint)})
		}
		name, value = "", nil
	}
	for len(rest) > 0 {
		line, next := cutLine(rest)
		if len(line) == 0 {
			flush()
			return h, next
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(bytes.TrimSpace(line)) == 0 && !foldGoesOn(next) {
				flush()
				return h, next
			}
			if name == "" && len(h) == 0 && !startsHeader(next) {
				return h, rest
			}
			value = append(append(value, ' '), bytes.TrimLeft(line, " \t")...)
			rest = next
			continue
		}
		if n := fieldName(line); n > 0 {
			flush()
			name = strings.TrimRight(string(line[:n]), " \t")
			value = append([]byte(nil), bytes.TrimLeft(line[n+1:], " \t")...)
			rest = next
			continue
		}
		if bytes.HasSuffix(bytes.TrimRight(value, " \t"), []byte(";")) && bytes.IndexByte(line, '=') > 0 {
			value = append(append(value, ' '), line...) // a parameter that lost its indent
			rest = next
			continue
		}
		if name == "" && len(h) == 0 && !startsHeader(next) || len(h) > 0 && !startsHeader(next) && !afterNextIsHeader(next) {
			flush()
			return h, rest
		}
		value = append(append(value, ' '), line...)
		rest = next
	}
	flush()
	return h, nil
}

// foldGoesOn is true where a line of blanks is followed by more of the same field or by another field.
func foldGoesOn(next []byte) bool {
	line, _ := cutLine(next)
	return startsHeader(next) || len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(bytes.TrimSpace(line)) > 0
}

func startsHeader(data []byte) bool {
	line, _ := cutLine(data)
	return fieldName(line) > 0
}

func afterNextIsHeader(data []byte) bool {
	line, next := cutLine(data)
	return len(line) > 0 && startsHeader(next)
}

// fieldName returns where the colon of a header line is, 0 when the line is none.
func fieldName(line []byte) int {
	for i, b := range line {
		switch {
		case b == ':':
			return i
		case b == ' ' || b == '\t':
			rest := bytes.TrimLeft(line[i:], " \t")
			if i > 0 && len(rest) > 0 && rest[0] == ':' {
				return len(line) - len(rest)
			}
			return 0
		case b < 0x21 || b > 0x7e || i > 120:
			return 0
		}
	}
	return 0
}

// headerText makes a raw header value readable UTF-8 on one line.
func headerText(raw []byte, hint string) string {
	raw = bytes.TrimRight(raw, " \t")
	if isASCII(raw) && bytes.IndexByte(raw, 0x1b) < 0 {
		return oneLine(string(raw))
	}
	if isASCII(raw) { // unannounced ISO-2022
		hint = "iso-2022-jp"
		if bytes.Contains(raw, []byte("\x1b$)C")) {
			hint = "iso-2022-kr"
		}
	}
	text, _ := decodeCharset(raw, hint)
	return oneLine(text)
}

// cutLine returns the first line without its end, and what follows.
func cutLine(data []byte) (line, rest []byte) {
	i := bytes.IndexByte(data, '\n')
	if i < 0 {
		return bytes.TrimSuffix(data, []byte("\r")), nil
	}
	return bytes.TrimSuffix(data[:i], []byte("\r")), data[i+1:]
}
