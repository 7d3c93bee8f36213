package forms

import (
	"net/http"
	"strconv"

	"baraji/internal/assistant"
	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/web/sheet"
	"baraji/internal/web/ui"
)

// send is POST /f/{form}. What cannot be taken in comes back with all that was typed.
func (a area) send(w http.ResponseWriter, v visit) error {
	in, err := a.read(w, v)
	if err != nil {
		return err
	}
	if in.look {
		return a.look(w, v, in)
	}
	if err = in.trouble.Err(); err == nil {
		err = a.DB.Write(v.ctx, func(tx *db.Tx) error {
			_, err := a.Forms.Submit(v.ctx, tx, v.form.ID, in.Sent)
			if err != nil {
				return err
			}
			return assistant.HandedOver(v.ctx, tx, assistant.Help, a.Visitor(v.r), 0) // whoever asked the assistant before
		})
	}
	if err != nil {
		return a.again(w, v, in, err)
	}
	http.Redirect(w, v.r, v.Path()+"&sent", http.StatusSeeOther)
	return nil
}

// again shows the form as it was filled in, with what is wrong.
func (a area) again(w http.ResponseWriter, v visit, in input, err error) error {
	p, ok := problem.As(err)
	if !ok || p.Kind == problem.NotFound || p.Kind == problem.Internal {
		return err
	}
	s := a.filled(v, in)
	s.Errors = inOrder(v.form.Definition, ui.ErrorsOf(v.ctx, err))
	if len(s.Errors) == 0 {
		s.Over = i18n.Sentence(v.ctx, p.Format, p.Args...)
	}
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(p.RetryAfter.Seconds())))
	}
	return a.showSheet(w, v, ui.Status(p.Kind), s)
}

// filled is the form with what was typed. Its stamp is the one it had while that is good: what is sent twice is one.
func (a area) filled(v visit, in input) sheet.Sheet {
	s := a.sheet(v)
	s.Given = in.Answers
	for _, f := range in.Files {
		s.Kept = append(s.Kept, a.keep(v, f))
	}
	if _, err := a.Forms.Unstamp(v.form.ID, in.Stamp, a.DB.Now()); err == nil {
		s.Stamp = in.Stamp
	}
	return s
}

// look shows which articles may answer it, for those without scripts.
func (a area) look(w http.ResponseWriter, v visit, in input) error {
	s := a.filled(v, in)
	s.Looked = true
	err := a.DB.Read(v.ctx, func(tx *db.Tx) (err error) {
		s.Found, err = knowledge.Search(v.ctx, tx, v.Locale, question(v, in.Answers), maxFound)
		return err
	})
	if err != nil {
		return err
	}
	return a.showSheet(w, v, http.StatusOK, s)
}

// inOrder puts errors in the order of the questions.
func inOrder(d form.Definition, list ui.Errors) (out ui.Errors) {
	for _, f := range d.Fields {
		for _, e := range list {
			if e.Name == f.Key {
				out = append(out, e)
			}
		}
	}
	for _, e := range list {
		if _, ok := d.Field(e.Name); !ok {
			out = append(out, e)
		}
	}
	return out
}

// question is what somebody wants to know: the subject, else the beginning of what he wrote at length.
func question(v visit, a form.Answers) string {
	for _, f := range v.form.Fields {
		if f.As == form.AsSubject && a.One(f.Key) != "" {
			return f.Says(a[f.Key], v.Locale)
		}
	}
	f, _ := v.form.First(form.Long)
	return beginning(a.One(f.Key))
}

// beginning is as much of a text as one looks for.
func beginning(text string) string {
	r := []rune(text)
	return string(r[:min(len(r), 100)])
}
