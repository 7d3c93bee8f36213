package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// accepted picks the encoding of an answer from Accept-Encoding (RFC 9110
// section 12.5.3): br, gzip, or none.
func accepted(header string) string {
	best := ""
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		refused := strings.Trim(strings.TrimPrefix(strings.TrimSpace(params), "q="), "0.") == "" && params != ""
		switch {
		case refused:
		case name == "br":
			return "br"
		case name == "gzip":
			best = "gzip"
		}
	}
	return best
}

func brotliBytes(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, 9)
	w.Write(b) // into memory: cannot fail
	w.Close()
	return out.Bytes()
}

func gzipBytes(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level that exists
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func send(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// encoder is what both compressors can do.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// Compress packs what handlers write, if it is text, larger than a packet, and
// not a stream of events. Flush passes through.
func Compress(next http.Handler) http.Handler {
	pools := map[string]*sync.Pool{
		"br":   {New: func() any { return brotli.NewWriterLevel(nil, 4) }},
		"gzip": {New: func() any { return gzip.NewWriter(nil) }},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		encoding := accepted(r.Header.Get("Accept-Encoding"))
		if encoding == "" || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		p := &packer{ResponseWriter: w, encoding: encoding, pool: pools[encoding]}
		defer p.close()
		next.ServeHTTP(p, r)
	})
}

// smallest is the size from which packing is worth it: about one TCP segment.
const smallest = 1400

// packer holds back the first bytes until it knows whether to pack.
type packer struct {
	http.ResponseWriter
	encoding string
	pool     *sync.Pool
	status   int
	held     []byte
	decided  bool
	enc      encoder
}

func (p *packer) WriteHeader(status int) {
	if status >= 100 && status < 200 {
		p.ResponseWriter.WriteHeader(status)
		return
	}
	if p.status == 0 {
		p.status = status
	}
	if !packable(p.Header()) || status == http.StatusNoContent || status == http.StatusNotModified || status == http.StatusSwitchingProtocols {
		p.decide(false)
	}
}

func (p *packer) Write(b []byte) (int, error) {
	if p.status == 0 {
		p.sniff(b)
		p.WriteHeader(http.StatusOK)
	}
	if p.enc != nil {
		return p.enc.Write(b)
	}
	if p.decided {
		return p.ResponseWriter.Write(b)
	}
	if len(p.held) == 0 && len(b) >= smallest && p.Header().Get("Content-Length") == strconv.Itoa(len(b)) {
		return len(b), p.whole(b)
	}
	p.held = append(p.held, b...)
	if len(p.held) >= smallest {
		return len(b), p.decide(true)
	}
	return len(b), nil
}

// whole packs an answer that came in one piece. Its length is said, so that the
// reader knows that it has all of it while the handler still has something to do.
func (p *packer) whole(b []byte) error {
	p.decided = true
	h := p.Header()
	if !packable(h) {
		p.ResponseWriter.WriteHeader(p.status)
		_, err := p.ResponseWriter.Write(b)
		return err
	}
	var out bytes.Buffer
	enc := p.pool.Get().(encoder)
	defer p.pool.Put(enc)
	enc.Reset(&out)
	enc.Write(b) // into memory: cannot fail
	enc.Close()
	enc.Reset(io.Discard)
	h.Add("Vary", "Accept-Encoding")
	h.Set("Content-Encoding", p.encoding)
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	p.ResponseWriter.WriteHeader(p.status)
	_, err := out.WriteTo(p.ResponseWriter)
	return err
}

func (p *packer) sniff(b []byte) {
	if p.Header().Get("Content-Type") == "" {
		p.Header().Set("Content-Type", http.DetectContentType(b))
	}
}

// decide sends the header and what was held back, packed or not.
func (p *packer) decide(pack bool) error {
	if p.decided {
		return nil
	}
	p.decided = true
	h := p.Header()
	if packable(h) {
		h.Add("Vary", "Accept-Encoding")
	}
	if pack && h.Get("Content-Encoding") == "" {
		h.Set("Content-Encoding", p.encoding)
		h.Del("Content-Length")
		p.enc = p.pool.Get().(encoder)
		p.enc.Reset(p.ResponseWriter)
	}
	p.ResponseWriter.WriteHeader(p.status)
	held := p.held
	p.held = nil
	if len(held) == 0 {
		return nil
	}
	if p.enc != nil {
		_, err := p.enc.Write(held)
		return err
	}
	_, err := p.ResponseWriter.Write(held)
	return err
}

// FlushError sends what there is, so that a page may arrive in pieces.
func (p *packer) FlushError() error {
	if p.status == 0 {
		p.WriteHeader(http.StatusOK)
	}
	if err := p.decide(len(p.held) > 0); err != nil {
		return err
	}
	if p.enc != nil {
		if err := p.enc.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// Flush is FlushError for callers of http.Flusher.
func (p *packer) Flush() { _ = p.FlushError() }

// Unwrap lets http.ResponseController reach deadlines and hijacking.
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *packer) close() {
	if p.status != 0 {
		_ = p.decide(false) // a broken connection has nobody to tell
	}
	if p.enc != nil {
		_ = p.enc.Close()
		p.enc.Reset(io.Discard)
		p.pool.Put(p.enc)
	}
}

func packable(h http.Header) bool {
	if h.Get("Content-Encoding") != "" || h.Get("Content-Range") != "" {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch kind = strings.TrimSpace(kind); kind {
	case "text/event-stream":
		return false
	case "application/json", "application/problem+json", "image/svg+xml", "application/xml", "":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}
