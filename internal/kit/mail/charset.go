package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/korean"
)

// koreanLabels are the names under which Korean software sends CP949. Mails labelled euc-kr or
// ks_c_5601-1987 hold characters outside KS X 1001 (똠, 펲) too, so all of them mean CP949, as in browsers.
var koreanLabels = map[string]bool{
	"euc-kr": true, "euckr": true, "cp949": true, "ms949": true, "uhc": true, "windows-949": true,
	"x-windows-949": true, "x-cp949": true, "cseuckr": true, "ks_c_5601": true, "ks_c_5601-1987": true,
	"ks_c_5601-1989": true, "ks-c-5601": true, "ks-c5601": true, "ks_c-5601": true, "ksc5601": true, "ksc_5601": true, "ks_x_1001": true, "ksx1001": true,
	"ksc5601-1987": true, "ks_c_5601_1987": true, "iso-ir-149": true, "korean": true, "949": true, "johab-949": true,
}

// decodeCharset turns text in the charset that its sender claims into UTF-8 without NUL.
// The claim is believed only where the bytes allow it: UTF-8 sent under another name is UTF-8,
// and a claim of UTF-8 or ASCII over other bytes is a reason to guess. ok is false where bytes had to be replaced.
func decodeCharset(data []byte, label string) (text string, ok bool) {
	label = cleanLabel(label)
	switch {
	case label == "iso-2022-kr" || label == "csiso2022kr":
		text, ok = fromCP949(unshiftKR(data))
	case label == "utf-7" || label == "unicode-1-1-utf-7":
		text, ok = fromUTF7(data), true
	case isASCII(data) && !bytes.ContainsRune(data, 0x1b):
		if strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "utf-32") {
			text, ok = declared(data, label)
			break
		}
		text, ok = string(data), true
	case utf8.Valid(data) && !strings.HasPrefix(label, "iso-2022") && !strings.HasPrefix(label, "utf-16"):
		text, ok = string(data), true
	case koreanLabels[label]:
		text, ok = fromCP949(data)
	case label == "" || label == "us-ascii" || label == "ascii" || strings.HasPrefix(label, "utf-8") || label == "utf8" || label == "unknown-8bit" || label == "x-unknown" || label == "default":
		text, ok = guess(data)
	default:
		text, ok = declared(data, label)
	}
	return clean(text), ok
}

func cleanLabel(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"';"))
	label = strings.TrimPrefix(label, "charset=")
	label, _, _ = strings.Cut(label, "*") // RFC 2231 language: utf-8*ko
	return strings.Trim(label, " \t\"'")
}

func declared(data []byte, label string) (string, bool) {
	enc := lookup(label)
	if enc == nil {
		return guess(data)
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return guess(data)
	}
	if bad := bytes.Count(out, []byte("\uFFFD")); bad > 0 { // the wrong name, perhaps
		if better, _ := guess(data); strings.Count(better, "\uFFFD") < bad && !isASCII(data) {
			return better, true
		}
		return string(out), false
	}
	return string(out), true
}

func lookup(label string) encoding.Encoding {
	if enc, err := htmlindex.Get(label); err == nil && enc != encoding.Replacement {
		return enc
	}
	if enc, err := ianaindex.MIME.Encoding(label); err == nil && enc != nil && enc != encoding.Replacement {
		return enc
	}
	if n, found := strings.CutPrefix(label, "cp"); found { // cp1252, cp932: the same without a registered name
		for _, alias := range []string{"windows-" + n, "ibm" + n} {
			if enc, err := htmlindex.Get(alias); err == nil {
				return enc
			}
		}
	}
	return nil
}

func fromCP949(data []byte) (string, bool) {
	out, err := korean.EUCKR.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD"), false
	}
	return string(out), !bytes.ContainsRune(out, utf8.RuneError)
}

// guess finds the charset of bytes that nobody named, or named wrongly. Korean before all others: that is what our
// customers' old programs send unnamed.
func guess(data []byte) (string, bool) {
	if utf8.Valid(data) {
		return string(data), true
	}
	if bytes.Contains(data, []byte("\x1b$)C")) {
		return fromCP949(unshiftKR(data))
	}
	if mostlyUTF8(data) {
		return strings.ToValidUTF8(string(data), "\uFFFD"), false
	}
	if text, ok := fromCP949(data); ok && mostlyHangul(text) {
		return text, true
	}
	sample := data
	if len(sample) > 4096 {
		sample = sample[:4096]
	}
	if best, err := chardet.NewTextDetector().DetectBest(sample); err == nil && best.Confidence >= 50 && len(sample) >= 40 {
		if enc := lookup(strings.ToLower(best.Charset)); enc != nil {
			if out, err := enc.NewDecoder().Bytes(data); err == nil {
				return string(out), true
			}
		}
	}
	out, _ := charmap.Windows1252.NewDecoder().Bytes(data)
	return string(out), true
}

// mostlyUTF8 is true for UTF-8 with a few broken characters, such as a text that was cut in the middle of one.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		data = data[n:]
	}
	return good > 4*bad
}

func mostlyHangul(text string) bool {
	hangul, other := 0, 0
	for _, r := range text {
		switch {
		case r >= 0xAC00 && r <= 0xD7A3:
			hangul++
		case r >= 0x3131 && r <= 0x318E: // ㅋㅋ, but also what Japanese kana look like in CP949
		case r > 0x7f:
			other++
		}
	}
	return hangul > 0 && hangul >= 2*other
}

// unshiftKR turns ISO-2022-KR (RFC 1557) into EUC-KR: between SO and SI each byte gets its eighth bit.
func unshiftKR(data []byte) []byte {
	out := make([]byte, 0, len(data))
	shifted := false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b == 0x1b && bytes.HasPrefix(data[i:], []byte("\x1b$)C")):
			i += 3
		case b == 0x0e:
			shifted = true
		case b == 0x0f:
			shifted = false
		case b == '\n':
			shifted = false // RFC 1557: a line ends in ASCII, even where the SI is missing
			out = append(out, b)
		case shifted && b > 0x20 && b < 0x7f:
			out = append(out, b|0x80)
		default:
			out = append(out, b)
		}
	}
	return out
}

// fromUTF7 reads RFC 2152. Broken pieces stay as they are.
func fromUTF7(data []byte) string {
	var out strings.Builder
	for i := 0; i < len(data); i++ {
		if data[i] != '+' {
			out.WriteByte(data[i])
			continue
		}
		end := i + 1
		for end < len(data) && isBase64(data[end]) {
			end++
		}
		raw, err := base64.RawStdEncoding.DecodeString(string(data[i+1 : end]))
		switch {
		case end == i+1:
			out.WriteByte('+')
		case err != nil && len(raw) < 2:
			out.Write(data[i:end])
		default:
			units := make([]uint16, len(raw)/2)
			for k := range units {
				units[k] = uint16(raw[2*k])<<8 | uint16(raw[2*k+1])
			}
			out.WriteString(string(utf16.Decode(units)))
		}
		if end < len(data) && data[end] == '-' {
			end++
		}
		i = end - 1
	}
	return out.String()
}

func isBase64(b byte) bool {
	return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/'
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clean makes any string safe to keep: valid UTF-8, no NUL, LF line ends.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return strings.TrimPrefix(s, "\uFEFF")
}

// oneLine is clean for a header's value: no line ends or other control characters.
func oneLine(s string) string {
	s = clean(s)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0:
			return -1
		}
		return r
	}, s))
}
