package settings

import (
	"context"
	"net/http"

	forms "baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	shown "baraji/internal/web/sheet"
	"baraji/internal/web/ui"
)

func (a area) formRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/forms", team.ManageInboxes, a.forms)
	rt.Page("GET /settings/forms/new", team.ManageInboxes, a.newForm)
	rt.Page("POST /settings/forms/new", team.ManageInboxes, a.createForm)
	rt.Page("GET /settings/forms/{id}", team.ManageInboxes, a.form)
	rt.Page("POST /settings/forms/{id}", team.ManageInboxes, a.saveForm)
	rt.Page("POST /settings/forms/{id}/state", team.ManageInboxes, a.setFormState)
	rt.Page("POST /settings/forms/{id}/delete", team.ManageInboxes, a.deleteForm)
	rt.Page("POST /settings/forms/{id}/preview", team.ManageInboxes, a.previewForm)
	rt.Page("GET /settings/forms/{id}/held", team.Quarantine, a.heldForms)
	rt.Page("POST /settings/forms/held/{id}/{act}", team.Quarantine, a.decideForm)
}

// formLine is one form in the list.
type formLine struct {
	forms.Form
	Received, Held int
}

func (a area) forms(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var list []formLine
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := forms.List(ctx, tx)
		if err != nil {
			return err
		}
		counts, err := forms.Counts(ctx, tx)
		list = make([]formLine, len(all))
		for i, f := range all {
			list[i] = formLine{f, counts[f.ID][forms.IsReceived], counts[f.ID][forms.IsHeld]}
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, formsPage(list))
	return nil
}

// paper is a form on the builder's page.
type paper struct {
	forms.Form
	Inboxes  []inbox.Inbox // that can answer
	Owns     []forms.Own   // own fields that answers can fill
	Site     string
	Received int
	Held     int
	Start    string // which of the beginnings
	Focus    string // what the page draws attention to after a question was moved: its key
	Trouble  ui.Trouble
}

func (p paper) action(more string) string { return "/settings/forms/" + p.ID.String() + more }

func (p paper) link() string { return p.Site + "/f/" + p.Slug }

// embed is what stands in the firm's own page.
func (p paper) embed() string {
	return `<script src="` + p.Site + `/f/embed.js" data-form="` + p.Slug + `" async></script>`
}

func (a area) newForm(w http.ResponseWriter, r *http.Request) error {
	return a.showNewForm(w, r, http.StatusOK, paper{Start: starts[0]})
}

func (a area) showNewForm(w http.ResponseWriter, r *http.Request, status int, p paper) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return p.load(r.Context(), tx) })
	if err != nil {
		return err
	}
	p.Site = a.Base(r)
	ui.Render(w, r, status, newFormPage(p))
	return nil
}

// load reads what the page shows beside the form.
func (p *paper) load(ctx context.Context, tx *db.Tx) error {
	all, err := inbox.List(ctx, tx)
	if err != nil {
		return err
	}
	p.Inboxes = nil
	for _, in := range all {
		if in.Channel == "email" {
			p.Inboxes = append(p.Inboxes, in)
		}
	}
	if p.ID == 0 {
		return nil
	}
	counts, err := forms.Counts(ctx, tx)
	p.Received, p.Held = counts[p.ID][forms.IsReceived], counts[p.ID][forms.IsHeld]
	return err
}

func (a area) createForm(w http.ResponseWriter, r *http.Request) error {
	p := paper{Start: r.FormValue("start")}
	p.Name, p.Slug = r.FormValue("name"), r.FormValue("slug")
	p.Inbox, _ = id.Read[inbox.ID](r.FormValue("inbox"))
	p.Definition = starter(p.Start, p.Name)
	err := a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		made, err := forms.Create(r.Context(), tx, p.Form)
		if err == nil {
			p.Form = made
		}
		return err
	})
	if err != nil {
		if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		return a.showNewForm(w, r, p.Trouble.Status, p)
	}
	return done(w, r, p.action(""), "form_made", "name", p.Name)
}

func (a area) loadForm(r *http.Request) (p paper, err error) {
	key, err := id.Read[forms.ID](r.PathValue("id"))
	if err != nil {
		return p, errNoForm
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if p.Form, err = forms.Get(r.Context(), tx, key); err == nil {
			p.Owns, err = forms.Owns(r.Context(), tx)
		}
		return err
	})
	return p, err
}

var errNoForm = problem.New(problem.NotFound, "There is no such form.")

func (a area) form(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadForm(r)
	if err != nil {
		return err
	}
	return a.showForm(w, r, http.StatusOK, p)
}

func (a area) showForm(w http.ResponseWriter, r *http.Request, status int, p paper) error {
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return p.load(r.Context(), tx) }); err != nil {
		return err
	}
	p.Site = a.Base(r)
	ui.Render(w, r, status, formPage(p))
	return nil
}

// saveForm saves what is on the page, or only rearranges it: do=add, up:2, down:2, drop:2.
func (a area) saveForm(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadForm(r)
	if err != nil {
		return err
	}
	p.read(r)
	if do := r.FormValue("do"); do != "" {
		p.rearrange(do, r.FormValue("kind"))
		return a.showForm(w, r, http.StatusOK, p)
	}
	err = a.DB.Write(r.Context(), func(tx *db.Tx) error { _, err := forms.Save(r.Context(), tx, p.Form); return err })
	if err != nil {
		if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		return a.showForm(w, r, p.Trouble.Status, p)
	}
	return done(w, r, p.action(""), "saved")
}

func (a area) setFormState(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadForm(r)
	if err != nil {
		return err
	}
	to := forms.State(r.FormValue("to"))
	err = a.DB.Write(r.Context(), func(tx *db.Tx) error { return forms.SetState(r.Context(), tx, p.ID, to) })
	if err != nil {
		if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		return a.showForm(w, r, p.Trouble.Status, p)
	}
	return done(w, r, p.action(""), "form_is_"+string(to), "name", p.Name)
}

func (a area) deleteForm(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadForm(r)
	if err != nil {
		return err
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return forms.Remove(r.Context(), tx, p.ID) }); err != nil {
		return err
	}
	return done(w, r, "/settings/forms", "form_gone", "name", p.Name)
}

// previewForm draws what is on the page as customers would see it, whatever may still be wrong with it.
func (a area) previewForm(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadForm(r)
	if err != nil {
		return err
	}
	p.read(r)
	l, ok := i18n.Parse(r.URL.Query().Get("lang"))
	if !ok {
		l = i18n.Korean
	}
	v := ui.Of(r.Context())
	ctx := ui.With(r.Context(), ui.Viewer{Shop: v.Shop, Locale: l, Zone: v.Zone, Now: v.Now})
	ui.Render(w, r.WithContext(ctx), http.StatusOK, shown.Whole(shown.Sheet{Definition: p.Definition, Page: shown.Page{Slug: p.Slug, Locale: l}, Given: forms.Answers{}, Try: true}))
	return nil
}

// heldForms is what was sent and looks as if no customer had.
func (a area) heldForms(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[forms.ID](r.PathValue("id"))
	if err != nil {
		return errNoForm
	}
	var list []forms.HeldOne
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { list, err = forms.HeldOf(r.Context(), tx, key); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, heldFormsPage(key, list))
	return nil
}

func (a area) decideForm(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[forms.SubmissionID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "This is not there any more.")
	}
	word := "form_accepted"
	var s forms.Submission
	err = a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		switch r.PathValue("act") {
		case "accept":
			s, err = a.Forms.Accept(r.Context(), tx, key)
		case "discard":
			word = "form_discarded"
			s, err = forms.Discard(r.Context(), tx, key)
		default:
			err = problem.New(problem.NotFound, "This page is not here.")
		}
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, "/settings/forms/"+s.Form.String()+"/held", word)
}
