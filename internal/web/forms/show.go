package forms

import (
	"net/http"

	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
	"baraji/internal/web/sheet"
)

const (
	maxIssues = 3
	maxFilled = 1000 // letters of an answer that the address brings along
)

// show is GET /f/{form}: the form, or thanks. What stands in the address as ?key= fills in a field.
func (a area) show(w http.ResponseWriter, v visit) error {
	if v.r.URL.Query().Has("sent") {
		return a.render(w, v, http.StatusOK, sheet.Thanks(v.Page, v.form.Definition))
	}
	if v.form.State == form.Closed {
		return a.render(w, v, http.StatusGone, sheet.Closed(v.Page, v.form.Definition))
	}
	s := a.sheet(v)
	for _, f := range v.form.Fields {
		text := v.r.URL.Query().Get(f.Key)
		if text != "" && f.Kind != form.Upload && f.Kind != form.Consent && len([]rune(text)) <= maxFilled {
			s.Given[f.Key] = []string{text}
		}
	}
	return a.showSheet(w, v, http.StatusOK, s)
}

func (a area) sheet(v visit) sheet.Sheet {
	return sheet.Sheet{Definition: v.form.Definition, Page: v.Page, Given: form.Answers{}, Stamp: a.Forms.Stamp(v.form.ID, v.form.Version, a.DB.Now())}
}

func (a area) showSheet(w http.ResponseWriter, v visit, status int, s sheet.Sheet) error {
	if v.form.Help {
		err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
			s.Issues, err = knowledge.Pages(v.ctx, tx, v.Locale, knowledge.Find{Issue: knowledge.Open, Limit: maxIssues})
			return err
		})
		if err != nil {
			return err
		}
	}
	return a.render(w, v, status, sheet.Whole(s))
}
