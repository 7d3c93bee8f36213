package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 §6) and never fails: what cannot be read is left out or left as it is.
func decodeTransfer(data []byte, encoding string) (out []byte, warning string) {
	switch encoding = strings.ToLower(strings.Trim(encoding, " \t\"';")); encoding {
	case "base64", "b", "base-64":
		return decodeBase64(data), ""
	case "quoted-printable", "quotedprintable", "q":
		return decodeQuoted(data), ""
	case "uuencode", "x-uuencode", "x-uue", "uue":
		if _, out, ok := decodeUU(data); ok {
			return out, ""
		}
		return data, "uuencode could not be read"
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none":
		return data, ""
	}
	return data, "unknown transfer encoding " + short(encoding)
}

// decodeBase64 skips everything outside the alphabet, ends at padding only when nothing follows it (some programs
// encode line by line), and keeps a last incomplete group.
func decodeBase64(data []byte) []byte {
	quick := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	if n, err := base64.StdEncoding.Decode(quick, data); err == nil { // takes line ends, nothing else
		return quick[:n]
	}
	out := make([]byte, 0, len(data)*3/4+3)
	var group [4]byte
	n := 0
	flush := func() {
		var three [3]byte
		m, _ := base64.RawStdEncoding.Decode(three[:], group[:n])
		out = append(out, three[:m]...)
		n = 0
	}
	for _, b := range data {
		switch {
		case isBase64(b):
			group[n] = b
		case b == '-':
			group[n] = '+'
		case b == '_':
			group[n] = '/'
		case b == '=':
			flush()
			continue
		default:
			continue
		}
		if n++; n == 4 {
			flush()
		}
	}
	flush()
	return out
}

// decodeQuoted reads quoted-printable (RFC 2045 §6.7); a "=" that begins nothing stays.
func decodeQuoted(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\n')
		line, end := data, ""
		if i >= 0 {
			line, end = data[:i], "\n"
			data = data[i+1:]
			if bytes.HasSuffix(line, []byte("\r")) {
				line, end = line[:len(line)-1], "\r\n"
			}
		} else {
			data = nil
		}
		line = bytes.TrimRight(line, " \t")
		soft := bytes.HasSuffix(line, []byte("="))
		if soft {
			line = line[:len(line)-1]
		}
		out = appendQuoted(out, line)
		if !soft {
			out = append(out, end...)
		}
	}
	return out
}

func appendQuoted(out, line []byte) []byte {
	for i := 0; i < len(line); i++ {
		if line[i] == '=' && i+2 < len(line) {
			hi, lo := unhex(line[i+1]), unhex(line[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, line[i])
	}
	return out
}

func unhex(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}

// decodeUU reads one uuencoded file: "begin 644 name", lines, "end".
func decodeUU(data []byte) (name string, out []byte, ok bool) {
	line, rest := cutLine(data)
	for !uuBegin(line) {
		if len(rest) == 0 {
			return "", nil, false
		}
		line, rest = cutLine(rest)
	}
	name = strings.TrimSpace(string(line[len("begin 644 "):]))
	for len(rest) > 0 {
		line, rest = cutLine(rest)
		if bytes.Equal(bytes.TrimSpace(line), []byte("end")) {
			return name, out, true
		}
		if len(line) == 0 {
			continue
		}
		n := int(line[0]-' ') & 63
		if n > 45 || line[0] < ' ' {
			return "", nil, false
		}
		out = appendUU(out, line[1:], n)
	}
	return name, out, len(out) > 0
}

func uuBegin(line []byte) bool {
	if len(line) < 11 || !bytes.HasPrefix(line, []byte("begin ")) || line[9] != ' ' {
		return false
	}
	for _, b := range line[6:9] {
		if b < '0' || b > '7' {
			return false
		}
	}
	return true
}

func appendUU(out, line []byte, n int) []byte {
	at := func(i int) byte {
		if i < len(line) {
			return (line[i] - ' ') & 63
		}
		return 0
	}
	for i := 0; n > 0; i += 4 {
		three := [3]byte{at(i)<<2 | at(i+1)>>4, at(i+1)<<4 | at(i+2)>>2, at(i+2)<<6 | at(i+3)}
		m := min(n, 3)
		out = append(out, three[:m]...)
		n -= m
	}
	return out
}

// short keeps a stranger's words in our warnings readable.
func short(s string) string {
	s = oneLine(s)
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
