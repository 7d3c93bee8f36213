package widget

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed static/*.js
var parts embed.FS

// joined are the parts of the script in the order of their names, inside a function.
func joined() ([]byte, error) {
	names, err := fs.Glob(parts, "static/*.js")
	if err != nil {
		return nil, err
	}
	code := []byte("(() => {\n\"use strict\";\n")
	for _, name := range names {
		part, err := parts.ReadFile(name)
		if err != nil {
			return nil, err
		}
		code = append(code, part...)
	}
	return append(code, "})();\n"...), nil
}

// script is the one file that a page loads, as it leaves.
type script struct {
	plain, zipped []byte
	tag           string
}

func newScript() (*script, error) {
	code, err := joined()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(code)
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(code); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &script{code, b.Bytes(), `"` + hex.EncodeToString(sum[:12]) + `"`}, nil
}

// ServeHTTP gives the script to whoever asks. Its address stays the same for good, so
// browsers ask now and then whether it is still the one they have.
func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=600, stale-while-revalidate=86400")
	h.Set("ETag", s.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if r.Header.Get("If-None-Match") == s.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		w.Write(s.zipped)
		return
	}
	w.Write(s.plain)
}
