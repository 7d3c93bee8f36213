package ui

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/problem"
)

// SendFile hands out a file that came from outside: as a download, or when inline
// is asked for and it really is a picture, for showing.
func SendFile(w http.ResponseWriter, r *http.Request, store blob.Store, key, name string, inline bool) error {
	content, err := store.Open(r.Context(), blob.Key(key))
	if errors.Is(err, blob.ErrNotFound) {
		return problem.New(problem.NotFound, "There is no such file.")
	}
	if err != nil {
		return err
	}
	defer content.Close()
	how, kind := "attachment", "application/octet-stream"
	if inline {
		head := make([]byte, 512)
		n, _ := io.ReadFull(content, head)
		if found := http.DetectContentType(head[:n]); IsPicture(found) {
			how, kind = "inline", found
		}
		if _, err := content.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	Harmless(w, kind)
	w.Header().Set("Content-Disposition", Disposition(how, name))
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// Harmless are the headers of what came from outside: not to be guessed at, not
// to be run.
func Harmless(w http.ResponseWriter, kind string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, max-age=3600")
}

// IsPicture says whether browsers can be handed this as a picture. SVG is a
// document that may hold scripts, so it is none.
func IsPicture(kind string) bool {
	switch kind, _, _ := strings.Cut(strings.ToLower(kind), ";"); strings.TrimSpace(kind) {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// Disposition names a download (RFC 6266).
func Disposition(how, name string) string {
	if s := mime.FormatMediaType(how, map[string]string{"filename": FileName(name)}); s != "" {
		return s
	}
	return how
}

// FileName is a name without a path and without what cannot be seen.
func FileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\\", "/"))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 120 {
		ext := []rune(path.Ext(s))
		s = string(r[:100]) + string(ext[:min(len(ext), 20)])
	}
	if s == "" || s == "." || s == "/" {
		return "file"
	}
	return s
}
