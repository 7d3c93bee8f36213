package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/web/ui"
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
	return ui.SendFile(w, r, a.Blobs, f.Blob, f.Name, r.URL.Query().Get("inline") != "")
}
