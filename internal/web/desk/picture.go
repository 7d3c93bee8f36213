package desk

import (
	"errors"
	"io"
	"net/http"
	"time"

	"baraji/internal/kit/blob"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
)

var errNoPicture = problem.New(problem.NotFound, "This picture cannot be had.")

// Picture sends a picture of an article; find gives it to whoever may see it. What is none, whatever it was called when it came, is
// not sent.
func (d *Desk) Picture(w http.ResponseWriter, r *http.Request, name string, find func(knowledge.PictureID) (knowledge.Picture, error)) error {
	pic, err := id.Read[knowledge.PictureID](name)
	if err != nil {
		return errNoPicture
	}
	p, err := find(pic)
	if err != nil {
		return err
	}
	content, err := d.Blobs.Open(r.Context(), blob.Key(p.Blob))
	if errors.Is(err, blob.ErrNotFound) {
		return errNoPicture
	}
	if err != nil {
		return err
	}
	defer content.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(content, head)
	kind := http.DetectContentType(head[:n])
	if !knowledge.PictureType(kind) {
		return errNoPicture
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}
