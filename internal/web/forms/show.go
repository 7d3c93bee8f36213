package forms

import (
	"net/http"

	"baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/knowledge"
	"baraji/internal/routing"
	"baraji/internal/team"
	"baraji/internal/web/sheet"
)

const (
	maxIssues = 3
	maxFilled = 1000 // letters of an answer that the address brings along
)

// show is GET /f/{form}: the form, or thanks. What stands in the address as ?key= fills in a field.
func (a area) show(w http.ResponseWriter, v visit) error {
	if v.r.URL.Query().Has("sent") {
		expect, err := a.expected(v)
		if err != nil {
			return err
		}
		return a.render(w, v, http.StatusOK, sheet.Thanks(v.Page, v.form.Definition, expect))
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

// expected says when who sends the form now is answered.
func (a area) expected(v visit) (says string, err error) {
	ctx := team.AsSystem(v.ctx)
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		in, err := inbox.Get(ctx, tx, v.form.Inbox)
		if err != nil {
			return err
		}
		says, err = routing.Promise(ctx, tx, routing.Subject{Channel: form.Channel, Type: v.form.Type, Team: in.Team})
		return err
	})
	return says, err
}

func (a area) sheet(v visit) sheet.Sheet {
	return sheet.Sheet{Definition: v.form.Definition, Page: v.Page, Given: form.Answers{}, Stamp: a.Forms.Stamp(v.form.ID, v.form.Version, a.DB.Now())}
}

func (a area) showSheet(w http.ResponseWriter, v visit, status int, s sheet.Sheet) (err error) {
	if s.Expect, err = a.expected(v); err != nil {
		return err
	}
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
