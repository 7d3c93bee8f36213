package mail

import (
	"bytes"
	"encoding/binary"
	"errors"
	"mime"
	"strconv"
	"strings"
	"unicode/utf16"
)

// What Outlook sends as winmail.dat: MS-OXTNEF (a list of attributes) with MAPI properties inside (MS-OXPROPS).
const (
	tnefSignature  = 0x223E9F78
	attBody        = 0x0002800C
	attMAPI        = 0x00069003
	attRendering   = 0x00069002 // begins an attachment
	attTitle       = 0x00018010
	attData        = 0x0006800F
	attAttachment  = 0x00069005
	attCodepage    = 0x00069007
	propBody       = 0x1000
	propRTF        = 0x1009
	propHTML       = 0x1013
	propData       = 0x3701
	propExtension  = 0x3703
	propName       = 0x3704
	propLongName   = 0x3707
	propMIMEType   = 0x370E
	propContentID  = 0x3712
	maxTNEFNesting = 4
)

var errTNEF = errors.New("not a TNEF stream")

type tnefBody struct{ text, html string }

type tnef struct {
	body     tnefBody
	files    []Part
	codepage string
	nesting  int
	left     int // bytes that may still be unpacked
	max      int // files
}

func isTNEF(p Part) bool {
	return p.Type == "application/ms-tnef" || p.Type == "application/vnd.ms-tnef" ||
		strings.EqualFold(p.Name, "winmail.dat") && len(p.Data) > 4 && binary.LittleEndian.Uint32(p.Data) == tnefSignature
}

// decodeTNEF reads the files and the body of a winmail.dat. A stream that is cut off gives what it has, one that gives nothing is an error.
func decodeTNEF(data []byte, limits Limits) (*tnef, error) {
	t := &tnef{left: limits.Decoded, max: limits.Attachments}
	err := t.read(data)
	if err == nil || len(t.files) > 0 || t.body != (tnefBody{}) {
		t.finish()
		return t, nil
	}
	return nil, err
}

func (t *tnef) read(data []byte) error {
	if len(data) < 6 || binary.LittleEndian.Uint32(data) != tnefSignature {
		return errTNEF
	}
	for data = data[6:]; len(data) >= 9; {
		id := binary.LittleEndian.Uint32(data[1:])
		size := int64(binary.LittleEndian.Uint32(data[5:]))
		if size > int64(len(data)-9) {
			return errors.New("TNEF attribute is cut off")
		}
		t.attribute(id, data[9:9+size])
		data = data[9+size:]
		data = data[min(2, len(data)):] // checksum
	}
	return nil
}

func (t *tnef) attribute(id uint32, value []byte) {
	if id == attRendering {
		if len(t.files) < t.max {
			t.files = append(t.files, Part{})
		}
		return
	}
	switch id {
	case attCodepage:
		if len(value) >= 4 {
			t.codepage = codepageName(binary.LittleEndian.Uint32(value))
		}
	case attBody:
		if t.body.text == "" {
			t.body.text = t.string8(value)
		}
	case attMAPI:
		eachProperty(value, t.messageProperty)
	}
	if len(t.files) == 0 {
		return
	}
	file := &t.files[len(t.files)-1]
	switch id {
	case attTitle:
		if file.Name == "" {
			file.Name = oneLine(t.string8(value))
		}
	case attData:
		file.Data = t.take(value)
	case attAttachment:
		eachProperty(value, func(prop, kind uint16, v []byte) { t.fileProperty(file, prop, kind, v) })
	}
}

// take counts bytes against what may be unpacked; over it the file is empty.
func (t *tnef) take(value []byte) []byte {
	if t.left -= len(value); t.left < 0 {
		return nil
	}
	return value
}

func (t *tnef) messageProperty(prop, kind uint16, value []byte) {
	switch prop {
	case propBody:
		t.body.text = t.propString(kind, value)
	case propHTML:
		t.body.html, _ = decodeCharset(bytes.TrimRight(value, "\x00"), t.htmlCharset(value))
	case propRTF:
		if t.body.html != "" || t.left <= 0 {
			return
		}
		rtf, err := unpackRTF(value, t.left)
		if err != nil {
			return
		}
		t.left -= len(rtf)
		text, html := readRTF(rtf, t.codepage)
		t.body.html = html
		if t.body.text == "" {
			t.body.text = text
		}
	}
}

func (t *tnef) htmlCharset(page []byte) string {
	if cs := metaCharset(page); cs != "" {
		return cs
	}
	return t.codepage
}

func (t *tnef) fileProperty(file *Part, prop, kind uint16, value []byte) {
	switch prop {
	case propLongName:
		if name := oneLine(t.propString(kind, value)); name != "" {
			file.Name = name
		}
	case propName:
		if file.Name == "" {
			file.Name = oneLine(t.propString(kind, value))
		}
	case propMIMEType:
		file.Type = strings.ToLower(oneLine(t.propString(kind, value)))
	case propContentID:
		file.ContentID = strings.Trim(oneLine(t.propString(kind, value)), "<> ")
	case propData:
		if len(value) > 16 && file.Data == nil {
			file.Data = t.take(t.embedded(value))
		}
	}
}

// embedded is the data of an object: 16 bytes say what it is. A mail within the mail gives its own files and is kept whole.
func (t *tnef) embedded(value []byte) []byte {
	value = value[16:]
	if len(value) < 4 || binary.LittleEndian.Uint32(value) != tnefSignature || t.nesting >= maxTNEFNesting {
		return value
	}
	inner := &tnef{nesting: t.nesting + 1, left: t.left, max: t.max - len(t.files)}
	_ = inner.read(value)
	t.left = inner.left
	inner.finish()
	var text strings.Builder
	text.WriteString(inner.body.text)
	if text.Len() == 0 {
		text.WriteString(TextOf(inner.body.html))
	}
	if text.Len() == 0 {
		return value
	}
	return []byte(text.String())
}

func (t *tnef) finish() {
	for i := range t.files {
		f := &t.files[i]
		if f.Type == "" {
			f.Type = typeByName(f.Name)
		}
		f.Inline = f.ContentID != "" && strings.HasPrefix(f.Type, "image/")
	}
	t.body.text = clean(t.body.text)
}

// typeByName guesses from a short list, so that it is the same on every machine.
func typeByName(name string) string {
	ext := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	switch ext {
	case "txt", "log":
		return "text/plain"
	case "doc":
		return "application/msword"
	case "docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case "xls":
		return "application/vnd.ms-excel"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "zip":
		return "application/zip"
	case "csv":
		return "text/csv"
	case "jpg", "jpeg", "png", "gif", "pdf", "webp", "htm", "html":
		kind, _, _ := mime.ParseMediaType(mime.TypeByExtension("." + ext))
		return kind
	}
	return "application/octet-stream"
}

// eachProperty walks a list of MAPI properties and stops at the first that cannot be read.
func eachProperty(data []byte, do func(prop, kind uint16, value []byte)) {
	b := &binaryReader{data: data}
	for n := b.u32(); n > 0 && !b.bad; n-- {
		kind, prop := b.u16(), b.u16()
		if prop >= 0x8000 { // a named property: its name first
			b.bytes(16)
			if b.u32() == 0 {
				b.u32()
			} else {
				b.padded(b.u32())
			}
		}
		values := uint32(1)
		multi := kind&0x1000 != 0
		kind &^= 0x1000
		variable := kind == 0x1E || kind == 0x1F || kind == 0x102 || kind == 0x0D
		if multi || variable {
			values = b.u32()
		}
		for ; values > 0 && !b.bad; values-- {
			var value []byte
			switch {
			case variable:
				value = b.padded(b.u32())
			case kind == 0x05 || kind == 0x06 || kind == 0x07 || kind == 0x14 || kind == 0x40:
				value = b.bytes(8)
			case kind == 0x48:
				value = b.bytes(16)
			default:
				value = b.bytes(4)
			}
			if !b.bad {
				do(prop, kind, value)
			}
		}
	}
}

func (t *tnef) propString(kind uint16, value []byte) string {
	if kind != 0x1F {
		return t.string8(value)
	}
	units := make([]uint16, len(value)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(value[2*i:])
	}
	return clean(strings.TrimRight(string(utf16.Decode(units)), "\x00"))
}

func (t *tnef) string8(value []byte) string {
	s, _ := decodeCharset(bytes.TrimRight(value, "\x00"), t.codepage)
	return s
}

func codepageName(n uint32) string {
	switch n {
	case 949:
		return "cp949"
	case 65001:
		return "utf-8"
	case 932:
		return "shift_jis"
	case 936:
		return "gbk"
	case 950:
		return "big5"
	case 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258:
		return "windows-" + strconv.Itoa(int(n))
	}
	return ""
}

// binaryReader reads little-endian numbers; after the end all is zero and bad is set.
type binaryReader struct {
	data []byte
	bad  bool
}

func (b *binaryReader) bytes(n uint32) []byte {
	if uint64(n) > uint64(len(b.data)) {
		b.bad, b.data = true, nil
		return nil
	}
	v := b.data[:n]
	b.data = b.data[n:]
	return v
}

func (b *binaryReader) padded(n uint32) []byte {
	v := b.bytes(n)
	if pad := (4 - n%4) % 4; pad > 0 && !b.bad {
		b.data = b.data[min(int(pad), len(b.data)):]
	}
	return v
}

func (b *binaryReader) u16() uint16 {
	if v := b.bytes(2); v != nil {
		return binary.LittleEndian.Uint16(v)
	}
	return 0
}

func (b *binaryReader) u32() uint32 {
	if v := b.bytes(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}
