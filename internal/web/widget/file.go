package widget

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// attached is a file in the browser.
type attached struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	URL  string `json:"url,omitempty"` // of one that was sent: behind the widget's own address, good for a day
	Pic  bool   `json:"pic,omitempty"` // can be shown
}

// upload takes one file, as the body of the request.
func (e *edge) upload(w http.ResponseWriter, r *http.Request) error {
	if err := e.Room.Short(); err != nil {
		return err
	}
	ctx, who := r.Context(), caller(r)
	if err := e.DB.Read(ctx, func(tx *db.Tx) error { return e.Chat.MayUpload(ctx, tx, who) }); err != nil {
		return err
	}
	u, err := e.keep(ctx, r.URL.Query().Get("name"), http.MaxBytesReader(w, r.Body, chat.MaxFile))
	if err != nil {
		return err
	}
	err = e.DB.Write(ctx, func(tx *db.Tx) (err error) { u, err = e.Chat.Upload(ctx, tx, who, u); return err })
	if err != nil {
		return err
	}
	return write(w, http.StatusCreated, attached{ID: u.ID.String(), Name: u.Name, Size: u.Size, Pic: ui.IsPicture(u.Type)})
}

// keep puts the bytes into the store. The type of a file is what it is, as far as
// that can be told, not what the browser says.
func (e *edge) keep(ctx context.Context, name string, body io.Reader) (u conversation.Upload, err error) {
	content := bufio.NewReaderSize(body, 512)
	head, _ := content.Peek(512)
	if len(head) == 0 {
		return u, problem.For("files", "The file is empty.")
	}
	f, err := e.Blobs.Put(ctx, content)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return u, problem.For("files", "A file may have at most %d MB.", chat.MaxFile>>20)
	}
	name = ui.FileName(name)
	return conversation.Upload{Name: name, Type: mail.FileType(name, head), Size: f.Size, Blob: string(f.Key)}, err
}

// file hands out a file by its signed address, which a browser asks for without
// saying whose it is.
func (e *edge) file(w http.ResponseWriter, r *http.Request) {
	head(w)
	ctx := i18n.With(chat.AsVisitor(r.Context()), i18n.Reader{Locale: locale(r)})
	r = r.WithContext(ctx)
	if err := e.send(w, r); err != nil && ctx.Err() == nil {
		e.refuse(w, r, err)
	}
}

func (e *edge) send(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	file, err := id.Read[conversation.AttachmentID](r.PathValue("id"))
	visitor, badVisitor := id.Read[chat.VisitorID](q.Get("v"))
	if err != nil || badVisitor != nil {
		return problem.New(problem.NotFound, "There is no such file.")
	}
	var f conversation.Attachment
	err = e.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		f, err = e.Chat.File(r.Context(), tx, r.PathValue("key"), file, visitor, q.Get("t"))
		return err
	})
	if err != nil {
		return err
	}
	return ui.SendFile(w, r, e.Blobs, f.Blob, f.Name, q.Get("inline") != "")
}

// files are the files of a message as its visitor's browser has them.
func (e *edge) files(v chat.Visitor, m conversation.Message) (list []attached) {
	for _, f := range m.Attachments {
		url := "/files/" + f.ID.String() + "?v=" + v.ID.String() + "&t=" + e.Chat.FileToken(v, f.ID, e.DB.Now())
		list = append(list, attached{ID: f.ID.String(), Name: f.Name, Size: f.Size, URL: url, Pic: ui.IsPicture(f.Type)})
	}
	return list
}
