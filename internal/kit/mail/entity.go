package mail

import (
	"bytes"
	"strings"
)

// entity is one node of the MIME tree. Its bodies are slices of the raw mail.
type entity struct {
	header      Header
	media       mediaType
	disposition mediaType
	raw         []byte // body as sent
	data        []byte // leaf: transfer encoding undone
	kids        []*entity
}

// reader reads one mail's tree and counts what it costs.
type reader struct {
	limits   Limits
	parts    int
	decoded  int
	warnings []string
}

func (r *reader) warn(w string) {
	if w != "" && len(r.warnings) < 50 {
		r.warnings = append(r.warnings, w)
	}
}

// read makes the tree of data: a header and a body. dflt is the type of a part that names none.
func (r *reader) read(data []byte, dflt string, depth int) (*entity, error) {
	if r.parts++; r.parts > r.limits.Parts {
		return nil, &TooComplex{"parts", r.limits.Parts}
	}
	if err := r.limits.checkHeader(data); err != nil {
		return nil, err
	}
	e := &entity{}
	e.header, e.raw = lenientHeader(data, charsetHint(data))
	e.media = parseMedia(e.header.Get("Content-Type"))
	e.disposition = parseMedia(e.header.Get("Content-Disposition"))
	if !strings.Contains(e.media.value, "/") || strings.HasPrefix(e.media.value, "/") {
		if e.media.value != "" && e.media.value != "text" {
			r.warn("content type " + short(e.media.value) + " is none")
		}
		e.media.value = r.missingType(e, dflt)
	}
	if strings.HasPrefix(e.media.value, "multipart/") {
		return e, r.readKids(e, depth)
	}
	return e, r.decode(e)
}

// missingType is the type of a part whose header has none or a broken one: a file is a file, the rest is what its surroundings say.
func (r *reader) missingType(e *entity, dflt string) string {
	if e.media.value != "" && (e.disposition.value == "attachment" || e.name() != "") {
		return "application/octet-stream"
	}
	return dflt
}

func (r *reader) readKids(e *entity, depth int) error {
	if depth >= r.limits.Depth {
		return &TooComplex{"levels of nesting", r.limits.Depth}
	}
	boundary := e.media.params["boundary"]
	if boundary == "" || !hasBoundary(e.raw, boundary) {
		if found := guessBoundary(e.raw); found != "" {
			r.warn("boundary " + short(boundary) + " is not the one used")
			boundary = found
		} else {
			r.warn("multipart without its boundary")
			return r.lonely(e)
		}
	}
	dflt := "text/plain"
	if e.media.value == "multipart/digest" {
		dflt = "message/rfc822"
	}
	pieces, closed := splitParts(e.raw, boundary, r.limits.Parts+1)
	if !closed {
		r.warn("multipart is not closed")
	}
	for _, piece := range pieces {
		kid, err := r.read(piece, dflt, depth+1)
		if err != nil {
			return err
		}
		e.kids = append(e.kids, kid)
	}
	return nil
}

// lonely reads a multipart that has no parts as the text that it holds.
func (r *reader) lonely(e *entity) error {
	e.media.value = "text/plain"
	if looksHTML(e.raw) {
		e.media.value = "text/html"
	}
	return r.decode(e)
}

func looksHTML(data []byte) bool {
	head := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 200)]))
	return bytes.HasPrefix(head, []byte("<html")) || bytes.HasPrefix(head, []byte("<!doctype html"))
}

func (r *reader) decode(e *entity) error {
	encoding := e.header.Get("Content-Transfer-Encoding")
	if i := strings.IndexByte(encoding, '('); i > 0 { // a comment
		encoding = encoding[:i]
	}
	if r.decoded+len(e.raw)*3/4 > r.limits.Decoded && r.decoded+len(e.raw) > r.limits.Decoded {
		return &TooComplex{"decoded bytes", r.limits.Decoded}
	}
	data, warning := decodeTransfer(e.raw, encoding)
	r.warn(warning)
	e.data = data
	r.decoded += len(data)
	return nil
}

// name is the file name that a part gives itself, "" for none.
func (e *entity) name() string {
	for _, name := range []string{e.disposition.params["filename"], e.media.params["name"], e.disposition.params["name"], e.media.params["filename"]} {
		if name != "" {
			return name
		}
	}
	return ""
}

// text is a leaf's content as UTF-8.
func (e *entity) text() string {
	charset := e.media.params["charset"]
	if charset == "" && e.media.value == "text/html" {
		charset = metaCharset(e.data)
	}
	s, _ := decodeCharset(e.data, charset)
	return s
}

// metaCharset finds the charset that an HTML page gives itself, for parts whose header has none.
func metaCharset(page []byte) string {
	head := bytes.ToLower(page[:min(len(page), 1024)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 {
		return ""
	}
	s := strings.TrimLeft(string(head[i+len("charset="):]), " \"'")
	if end := strings.IndexAny(s, " \"'/>;"); end >= 0 {
		return s[:end]
	}
	return ""
}

// charsetHint looks for the charset that a mail gives its text, to try it for raw 8-bit header values.
func charsetHint(data []byte) string {
	head := data[:min(len(data), 16<<10)]
	if end := bytes.Index(head, []byte("\n\n")); end > 0 {
		head = head[:end]
	} else if end := bytes.Index(head, []byte("\r\n\r\n")); end > 0 {
		head = head[:end]
	}
	if isASCII(head) {
		return ""
	}
	head = data[:min(len(data), 16<<10)] // the first part's charset will do
	head = bytes.ToLower(head)           // may change the length where bytes are not UTF-8: do not mix the two
	i := bytes.Index(head, []byte("charset="))
	if i < 0 {
		return ""
	}
	s := strings.TrimLeft(string(head[i+len("charset="):]), " \"'")
	if end := strings.IndexAny(s, " \"'\r\n\t;"); end >= 0 {
		s = s[:end]
	}
	if strings.HasPrefix(strings.ToLower(s), "iso-8859") || strings.EqualFold(s, "us-ascii") {
		return "" // says nothing about the header: let it be guessed
	}
	return s
}

// splitParts cuts a multipart's body at its boundary lines (RFC 2046 §5.1), at most max of them. closed tells whether the last boundary was there.
func splitParts(body []byte, boundary string, max int) (parts [][]byte, closed bool) {
	delimiter := []byte("--" + boundary)
	start, pos := -1, 0
	for pos < len(body) && len(parts) < max {
		i := bytes.Index(body[pos:], delimiter)
		if i < 0 {
			break
		}
		i += pos
		line, rest := cutLine(body[i:])
		after := bytes.TrimRight(line[len(delimiter):], " \t")
		last := bytes.HasPrefix(after, []byte("--"))
		if i > 0 && body[i-1] != '\n' || len(after) > 0 && !last {
			pos = i + len(delimiter)
			continue
		}
		if start >= 0 {
			parts = append(parts, trimEnd(body[start:i]))
		}
		start, pos = len(body)-len(rest), len(body)-len(rest)
		if last {
			return parts, true
		}
	}
	if start >= 0 && start < len(body) && len(parts) < max {
		parts = append(parts, body[start:])
	}
	return parts, false
}

// trimEnd takes off the line end that belongs to the boundary after it.
func trimEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

func hasBoundary(body []byte, boundary string) bool {
	parts, _ := splitParts(body, boundary, 1)
	return len(parts) > 0
}

// guessBoundary finds the boundary of a multipart that names none or another: the first line with two dashes that is followed by a part's header.
func guessBoundary(body []byte) string {
	for rest, n := body, 0; len(rest) > 0 && n < 200; n++ {
		var line []byte
		line, rest = cutLine(rest)
		line = bytes.TrimRight(line, " \t")
		next, _ := cutLine(rest)
		if len(line) > 2 && len(line) < 200 && bytes.HasPrefix(line, []byte("--")) && !bytes.HasSuffix(line, []byte("--")) &&
			bytes.HasPrefix(bytes.ToLower(next), []byte("content-")) {
			return string(line[2:])
		}
	}
	return ""
}
