package forms

import (
	"net/http"

	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
	"baraji/internal/web/sheet"
)

const maxFound = 3

// help is GET /f/{form}/help?q=…: what may answer it, while somebody types.
func (a area) help(w http.ResponseWriter, v visit) error {
	var found []knowledge.Hit
	if v.form.Help && v.form.State == form.Live {
		err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
			found, err = knowledge.Search(v.ctx, tx, v.Locale, beginning(v.r.URL.Query().Get("q")), maxFound)
			return err
		})
		if err != nil {
			return err
		}
	}
	return a.render(w, v, http.StatusOK, sheet.Found(v.Page, found))
}

// helped is POST /f/{form}/helped: an article answered it, and nothing has to be sent.
func (a area) helped(w http.ResponseWriter, v visit) error {
	err := a.DB.Write(v.ctx, func(tx *db.Tx) error {
		p, err := knowledge.Read(v.ctx, tx, v.Locale, v.r.PostFormValue("article"))
		if err != nil {
			return err
		}
		if err := knowledge.Vote(v.ctx, tx, p, a.Visitor(v.r), true); err != nil {
			return err
		}
		return form.Helped(v.ctx, tx, v.form.ID)
	})
	if err != nil {
		return err
	}
	return a.render(w, v, http.StatusOK, sheet.Helped(v.Page, v.form.Definition))
}
