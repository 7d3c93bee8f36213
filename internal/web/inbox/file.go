package inbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// file hands out a file of a message: as a download, or with ?inline=1 for
// showing if it really is a picture.
func (a *area) file(w http.ResponseWriter, r *http.Request) error {
	id, err := attachmentID(r)
	if err != nil {
		return err
	}
	var f conversation.Attachment
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { f, err = conversation.GetAttachment(r.Context(), tx, id); return err })
	if err != nil {
		return err
	}
	content, err := a.Blobs.Open(r.Context(), blob.Key(f.Blob))
	if errors.Is(err, blob.ErrNotFound) {
		return problem.New(problem.NotFound, "There is no such file.")
	}
	if err != nil {
		return err
	}
	defer content.Close()
	how, kind := "attachment", "application/octet-stream"
	if r.URL.Query().Get("inline") != "" {
		head := make([]byte, 512)
		n, _ := io.ReadFull(content, head)
		if found := http.DetectContentType(head[:n]); pictureType(found) {
			how, kind = "inline", found
		}
		if _, err := content.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	harmless(w, kind)
	w.Header().Set("Content-Disposition", disposition(how, f.Name))
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// disposition names a download (RFC 6266).
func disposition(how, name string) string {
	if s := mime.FormatMediaType(how, map[string]string{"filename": fileName(name)}); s != "" {
		return s
	}
	return how
}
