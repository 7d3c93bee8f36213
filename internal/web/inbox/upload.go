package inbox

import (
	"bufio"
	"errors"
	"io"
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// maxUpload is the size of one file, in bytes. Mail servers seldom take more.
const maxUpload = 25 << 20

// upload takes one file of a message that is being written, and answers the
// line that stands for it in the composer.
func (a *area) upload(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+1<<20)
	form, err := r.MultipartReader()
	if err != nil {
		return badForm("file")
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return problem.For("file", "Choose a file.")
		}
		if err != nil {
			return tooLarge(err)
		}
		if part.FileName() == "" {
			continue
		}
		u, err := a.keep(r, part.FileName(), part)
		if err != nil {
			return tooLarge(err)
		}
		ui.Render(w, r, http.StatusOK, uploaded(u))
		return nil
	}
}

// keep stores the file and notes whose it is. Its type is what it is, as far as
// that can be told, not what the browser says.
func (a *area) keep(r *http.Request, name string, content io.Reader) (conversation.Upload, error) {
	b := bufio.NewReaderSize(content, 512)
	head, _ := b.Peek(512)
	limited := &io.LimitedReader{R: b, N: maxUpload + 1}
	f, err := a.Blobs.Put(r.Context(), limited)
	if err != nil {
		return conversation.Upload{}, err
	}
	if f.Size > maxUpload {
		return conversation.Upload{}, errors.Join(&http.MaxBytesError{}, a.Blobs.Delete(r.Context(), f.Key))
	}
	u := conversation.Upload{Name: ui.FileName(name), Type: mail.FileType(name, head), Size: f.Size, Blob: string(f.Key)}
	err = a.do(r, func(tx *db.Tx) (err error) { u, err = conversation.AddUpload(r.Context(), tx, u); return err })
	return u, err
}

func tooLarge(err error) error {
	var e *http.MaxBytesError
	if errors.As(err, &e) {
		return problem.For("file", "A file may have at most %d MB.", maxUpload>>20)
	}
	return err
}
