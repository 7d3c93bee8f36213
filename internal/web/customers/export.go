package customers

import (
	"encoding/json"
	"net/http"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// export is POST /customers/{id}/export: everything that is known of a person, as
// a file. It is no GET, because it is noted who got it.
func (a area) export(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	var f contact.File
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) { f, err = contact.Export(ctx, tx, who); return err })
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+who.String()+`.json"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(append(b, '\n')) // who went away gets nothing
	return nil
}
