package mail

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
)

// rtfDictionary is what the compression of MS-OXRTFCP begins with.
const rtfDictionary = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// unpackRTF undoes MS-OXRTFCP, at most max bytes.
func unpackRTF(data []byte, max int) ([]byte, error) {
	if len(data) < 16 {
		return nil, errors.New("compressed RTF is cut off")
	}
	size := int64(binary.LittleEndian.Uint32(data[4:]))
	if size > int64(max) {
		return nil, &TooComplex{"decoded bytes", max}
	}
	kind, data := binary.LittleEndian.Uint32(data[8:]), data[16:]
	switch kind {
	case 0x414C454D: // MELA: not compressed
		return data[:min(int(size), len(data))], nil
	case 0x75465A4C: // LZFu
		return unpackLZ(data, int(size)), nil
	}
	return nil, errors.New("unknown RTF compression")
}

func unpackLZ(data []byte, size int) []byte {
	var dict [4096]byte
	pos := copy(dict[:], rtfDictionary)
	out := make([]byte, 0, min(size, 16*len(data)))
	put := func(b byte) {
		dict[pos] = b
		pos = (pos + 1) % len(dict)
		out = append(out, b)
	}
	for i := 0; i < len(data); {
		flags := data[i]
		i++
		for bit := 0; bit < 8 && i < len(data); bit++ {
			if flags&(1<<bit) == 0 {
				put(data[i])
				i++
				continue
			}
			if i+1 >= len(data) {
				return out
			}
			token := int(data[i])<<8 | int(data[i+1])
			i += 2
			from, n := token>>4, token&0xf+2
			if from == pos {
				return out
			}
			for ; n > 0; n-- {
				put(dict[from%len(dict)])
				from++
			}
			if len(out) >= size {
				return out[:size]
			}
		}
	}
	return out
}

// rtfState is what one RTF group inherits from the one around it.
type rtfState struct {
	skip    bool // a destination that holds no text
	htmlrtf bool // text for RTF readers only (MS-OXRTFEX)
	tag     bool // inside \*\htmltag
	uc      int  // characters to skip after \u
}

// rtfReader makes text, or the HTML that Outlook hid in the RTF.
type rtfReader struct {
	src      []byte
	pos      int
	state    rtfState
	stack    []rtfState
	charset  string
	fromHTML bool
	out      strings.Builder
	bytes    []byte // text in charset, not yet decoded
	units    []uint16
	skipNext int
}

// readRTF returns the text of an RTF, or its HTML where it was made from HTML.
func readRTF(src []byte, charset string) (text, html string) {
	r := &rtfReader{src: src, charset: charset, state: rtfState{uc: 1}}
	if r.charset == "" {
		r.charset = "windows-1252"
	}
	for r.pos < len(r.src) {
		r.step()
	}
	r.flush()
	s := clean(r.out.String())
	if r.fromHTML {
		return "", s
	}
	return strings.TrimSpace(s), ""
}

func (r *rtfReader) step() {
	c := r.src[r.pos]
	r.pos++
	switch c {
	case '{':
		if len(r.stack) < 1000 {
			r.stack = append(r.stack, r.state)
		}
	case '}':
		if n := len(r.stack); n > 0 {
			r.flush()
			r.state, r.stack = r.stack[n-1], r.stack[:n-1]
		}
	case '\\':
		r.control()
	case '\r', '\n':
	default:
		r.char(c)
	}
}

func (r *rtfReader) char(c byte) {
	if r.skipNext > 0 {
		r.skipNext--
		return
	}
	if r.visible() {
		r.flushUnits()
		r.bytes = append(r.bytes, c)
	}
}

func (r *rtfReader) visible() bool {
	return !r.state.skip && !r.state.htmlrtf
}

func (r *rtfReader) control() {
	if r.pos >= len(r.src) {
		return
	}
	c := r.src[r.pos]
	switch {
	case c == '\'':
		if r.pos+2 < len(r.src) {
			hi, lo := unhex(r.src[r.pos+1]), unhex(r.src[r.pos+2])
			r.pos += 3
			if hi >= 0 && lo >= 0 {
				r.char(byte(hi<<4 | lo))
			}
			return
		}
		r.pos++
	case c == '*':
		r.pos++
		r.state.skip = !strings.HasPrefix(string(r.src[r.pos:min(len(r.src), r.pos+8)]), `\htmltag`)
	case c == '~':
		r.pos++
		r.char(' ')
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		r.word()
	default:
		r.pos++
		if c == '\\' || c == '{' || c == '}' {
			r.char(c)
		}
	}
}

func (r *rtfReader) word() {
	start := r.pos
	for r.pos < len(r.src) && (r.src[r.pos]|0x20 >= 'a' && r.src[r.pos]|0x20 <= 'z') && r.pos-start < 32 {
		r.pos++
	}
	name := string(r.src[start:r.pos])
	start = r.pos
	for r.pos < len(r.src) && (r.src[r.pos] >= '0' && r.src[r.pos] <= '9' || r.src[r.pos] == '-' && r.pos == start) && r.pos-start < 11 {
		r.pos++
	}
	n, err := strconv.Atoi(string(r.src[start:r.pos]))
	given := err == nil
	if r.pos < len(r.src) && r.src[r.pos] == ' ' {
		r.pos++
	}
	r.apply(name, n, given)
}

func (r *rtfReader) apply(name string, n int, given bool) {
	switch name {
	case "fromhtml":
		r.fromHTML = true
	case "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "listtable", "generator":
		r.state.skip = true
	case "htmltag":
		r.state.skip, r.state.tag = false, true
	case "htmlrtf":
		r.flush()
		r.state.htmlrtf = !given || n != 0
	case "ansicpg":
		if cs := codepageName(uint32(max(n, 0))); cs != "" {
			r.charset = cs
		}
	case "uc":
		r.state.uc = min(max(n, 0), 10)
	case "u":
		if r.visible() {
			r.flushBytes()
			r.units = append(r.units, uint16(n))
		}
		r.skipNext = r.state.uc
	case "par", "line", "sect", "page":
		if !r.state.tag || !r.fromHTML {
			r.write("\n")
		}
	case "tab":
		r.write("\t")
	case "cell":
		r.write(" ")
	case "row":
		r.write("\n")
	case "lquote", "rquote":
		r.write("'")
	case "ldblquote", "rdblquote":
		r.write(`"`)
	case "bullet":
		r.write("•")
	case "endash", "emdash":
		r.write("–")
	case "bin":
		r.pos = min(len(r.src), r.pos+max(n, 0))
	}
}

func (r *rtfReader) write(s string) {
	if !r.visible() {
		return
	}
	r.flush()
	r.out.WriteString(s)
}

func (r *rtfReader) flush() {
	r.flushBytes()
	r.flushUnits()
}

func (r *rtfReader) flushBytes() {
	if len(r.bytes) > 0 {
		s, _ := decodeCharset(r.bytes, r.charset)
		r.out.WriteString(s)
		r.bytes = r.bytes[:0]
	}
}

func (r *rtfReader) flushUnits() {
	if len(r.units) > 0 {
		r.out.WriteString(string(utf16.Decode(r.units)))
		r.units = r.units[:0]
	}
}
