package portal

import (
	"bufio"
	"errors"
	"io"
	"mime/multipart"

	"baraji/internal/conversation"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/portal"
)

const (
	maxFile  = 10 << 20 // bytes
	maxFiles = 5
)

// saying takes what was written, and puts its files into the blob store.
func (a area) saying(v visit) (s portal.Saying, err error) {
	s = portal.Saying{Key: v.r.PostFormValue("key"), Subject: v.r.PostFormValue("subject"), Text: v.r.PostFormValue("text")}
	if v.r.MultipartForm == nil {
		return s, nil
	}
	defer v.r.MultipartForm.RemoveAll()
	files := v.r.MultipartForm.File["files"]
	if len(files) > maxFiles {
		return s, problem.For("files", "Send at most %d files.", maxFiles)
	}
	for _, f := range files {
		kept, err := a.keep(v, f)
		if err != nil {
			return s, err
		}
		if kept.Blob != "" {
			s.Files = append(s.Files, kept)
		}
	}
	return s, nil
}

func (a area) keep(v visit, f *multipart.FileHeader) (out conversation.Attachment, err error) {
	name := mail.SafeName(f.Filename)
	switch {
	case f.Size == 0:
		return out, nil
	case f.Size > maxFile:
		return out, problem.For("files", "“%s” is too large: a file may have at most %d MB.", name, maxFile>>20)
	}
	content, err := f.Open()
	if err != nil {
		return out, err
	}
	defer content.Close()
	b := bufio.NewReaderSize(content, 512)
	head, err := b.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return out, err
	}
	got, err := a.Blobs.Put(v.ctx, b)
	if err != nil {
		return out, err
	}
	return conversation.Attachment{Name: name, Type: mail.FileType(name, head), Size: got.Size, Blob: string(got.Key)}, nil
}
