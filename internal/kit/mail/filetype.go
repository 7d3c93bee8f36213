package mail

import (
	"mime"
	"net/http"
	"path"
	"strings"
)

// FileType is what a file is that somebody hands in, as far as that can be told from its first bytes, not what he says. Its
// name only says what cannot be told from them, and never that it is a picture or a page.
func FileType(name string, head []byte) string {
	kind := http.DetectContentType(head)
	if kind == "application/octet-stream" || kind == "application/zip" || strings.HasPrefix(kind, "text/plain") {
		by := mime.TypeByExtension(path.Ext(name))
		if by != "" && !strings.HasPrefix(by, "image/") && !strings.HasPrefix(by, "text/html") {
			kind = by
		}
	}
	kind, _, _ = strings.Cut(kind, ";")
	return strings.TrimSpace(kind)
}
