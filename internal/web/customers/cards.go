package customers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"

	"github.com/a-h/templ"
)

// card is one card of a person's page: how it is read, edited and saved.
type card struct {
	name  string
	right team.Right // to change it
	view  func(person) templ.Component
	save  func(context.Context, *db.Tx, contact.ID, url.Values) error
	wide  bool // the head of the page shows some of it, so the whole page is drawn anew
}

// cards lists them in the order of the page.
func cards() []card {
	return []card{
		{name: "block", right: team.EditContacts, view: blockCard, save: saveBlock, wide: true},
		{name: "remember", right: team.EditContacts, view: rememberCard, save: saveRemember},
		{name: "addresses", right: team.EditContacts, view: addressCard, save: saveAddress},
		{name: "promises", view: promisesCard},
		{name: "flows", view: flowsCard},
		{name: "consent", view: consentCard},
		{name: "company", view: companyCard},
		{name: "about", right: team.EditContacts, view: aboutCard, save: saveAbout, wide: true},
		{name: "fields", right: team.EditContacts, view: fieldsCard, save: saveFields},
		{name: "tags", right: team.EditContacts, view: tagCard, save: saveTags},
		{name: "notes", right: team.Note, view: noteCard, save: saveNote},
	}
}

func cardOf(r *http.Request) (card, error) {
	for _, c := range cards() {
		if c.name == r.PathValue("card") {
			return c, nil
		}
	}
	return card{}, problem.New(problem.NotFound, "This page is not here.")
}

// card is GET /customers/{id}/card/{card}: one card alone, with ?edit as a form.
func (a area) card(w http.ResponseWriter, r *http.Request) error {
	c, err := cardOf(r)
	if err != nil {
		return err
	}
	return a.showCard(w, r, c, person{Edit: r.FormValue("edit"), Which: r.FormValue("which")}, http.StatusOK)
}

// showCard draws one card from what is stored now.
func (a area) showCard(w http.ResponseWriter, r *http.Request, c card, p person, status int) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx, looked := r.Context(), true
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err = p.load(ctx, tx, who); err != nil {
			return err
		}
		looked, err = contact.Looked(ctx, tx, p.ID)
		return err
	})
	if err != nil {
		return err
	}
	if !looked {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return contact.View(ctx, tx, p.ID, desk.From(r)) }); err != nil {
			return err
		}
	}
	ui.Render(w, r, status, c.view(p))
	return nil
}

// saveCard is POST /customers/{id}/card/{card}.
func (a area) saveCard(w http.ResponseWriter, r *http.Request) error {
	c, err := cardOf(r)
	if err != nil {
		return err
	}
	who, err := idOf(r)
	if err != nil {
		return err
	}
	if c.save == nil {
		return problem.New(problem.NotFound, "This page is not here.")
	}
	ctx := r.Context()
	if err := team.Allow(ctx, c.right); err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return problem.New(problem.Invalid, "This form is broken. Load the page again.")
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return c.save(ctx, tx, who, r.PostForm) })
	if errors := ui.ErrorsOf(ctx, err); len(errors) > 0 {
		return a.sendBack(w, r, c, person{Edit: c.name, Which: r.PostForm.Get("which"), Errors: errors, Form: r.PostForm})
	}
	if err != nil {
		return err
	}
	return a.saved(w, r, c)
}

// saved answers a form that was taken.
func (a area) saved(w http.ResponseWriter, r *http.Request, c card) error {
	if c.wide || !ui.Fragment(r) {
		ui.Redirect(w, r, "/customers/"+r.PathValue("id"))
		return nil
	}
	return a.showCard(w, r, c, person{}, http.StatusOK)
}

// sendBack answers a form with what is wrong in it, as the card or the whole page.
func (a area) sendBack(w http.ResponseWriter, r *http.Request, c card, p person) error {
	if ui.Fragment(r) {
		return a.showCard(w, r, c, p, http.StatusUnprocessableEntity)
	}
	who, err := idOf(r)
	if err != nil {
		return err
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		if err := p.load(r.Context(), tx, who); err != nil {
			return err
		}
		return p.loadLine(r.Context(), tx, "", moment(""))
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusUnprocessableEntity, personPage(p))
	return nil
}

// editing says whether a card is to be shown as a form.
func (p person) editing(ctx context.Context, name string) bool {
	return p.Edit == name && may(ctx, team.EditContacts)
}

func may(ctx context.Context, right team.Right) bool { return ui.Of(ctx).Can(string(right)) }

// cardURL is where a card is got and sent to.
func (p person) cardURL(name string) string { return personURL(p.ID) + "/card/" + name }

// errors of a card that is not the one being edited belong elsewhere.
func (p person) wrong(card, name string) string {
	if p.Edit != card {
		return ""
	}
	return p.Errors.For(name)
}

func saveBlock(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	return contact.Block(ctx, tx, who, f.Get("reason"))
}

func saveRemember(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	_, err := contact.Update(ctx, tx, who, func(c *contact.Contact) error { c.Remember = f.Get("remember"); return nil })
	return err
}

func saveAddress(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	kind := contact.Kind(f.Get("kind"))
	switch kind {
	case contact.Email, contact.Phone, contact.External:
	default:
		return problem.For("kind", "Choose one of the list.")
	}
	_, err := contact.AddAddress(ctx, tx, who, kind, f.Get("address"))
	if fields := problem.Fields(err); len(fields) > 0 { // it is named after the kind; here it is one field
		return problem.For("address", fields[0].Format, fields[0].Args...)
	}
	if problem.KindOf(err) == problem.Conflict {
		return problem.For("address", "This address belongs to another customer. Merge the two instead.")
	}
	return err
}

func saveAbout(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	org, err := companyOf(ctx, tx, f.Get("company"))
	if err != nil {
		return err
	}
	_, err = contact.Update(ctx, tx, who, func(c *contact.Contact) error {
		owner, err := ownerOf(ctx, tx, f.Get("owner"))
		c.Name, c.Title, c.Company, c.Stage, c.Owner = f.Get("name"), f.Get("title"), org, contact.Stage(f.Get("stage")), owner
		c.Language, c.TimeZone, c.Industry, c.Persona = f.Get("language"), f.Get("time_zone"), f.Get("industry"), f.Get("persona")
		if f.Has("region") {
			c.Region, c.Gender = f.Get("region"), f.Get("gender")
			c.BirthYear, _ = strconv.Atoi(strings.TrimSpace(f.Get("birth_year")))
			if c.BirthYear == 0 && strings.TrimSpace(f.Get("birth_year")) != "" {
				c.BirthYear = -1 // no number: tidy says so
			}
		}
		return err
	})
	return err
}

// companyOf is the company of a name; one that nobody has is made.
func companyOf(ctx context.Context, tx *db.Tx, name string) (contact.CompanyID, error) {
	if strings.TrimSpace(name) == "" {
		return 0, nil
	}
	org, err := contact.CompanyCalled(ctx, tx, name)
	if err != nil || org != 0 {
		return org, err
	}
	made, err := contact.CreateCompany(ctx, tx, contact.Company{Name: name})
	return made.ID, err
}

// ownerOf is the person of the team that a form chose; "" is nobody.
func ownerOf(ctx context.Context, tx *db.Tx, s string) (team.ID, error) {
	if s == "" {
		return 0, nil
	}
	who, err := id.Read[team.ID](s)
	if err == nil {
		_, err = team.Get(ctx, tx, who)
	}
	if err != nil {
		return 0, problem.For("owner", "Choose one of the list.")
	}
	return who, nil
}

func saveFields(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	return contact.SetValues(ctx, tx, who, ownValues(f))
}

// ownValues are the own fields of a form: "fields.plan" is the one called plan.
func ownValues(f url.Values) map[string]string {
	set := map[string]string{}
	for name := range f {
		if key, ok := strings.CutPrefix(name, "fields."); ok {
			set[key] = f.Get(name)
		}
	}
	return set
}

// saveTags makes the tags those of the form, which are parted by commas.
func saveTags(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	p, err := contact.Whole(ctx, tx, who)
	if err != nil {
		return err
	}
	on := strings.Split(f.Get("tags"), ",")
	if err := contact.Tag(ctx, tx, who, nil, p.Tags); err != nil {
		return err
	}
	return contact.Tag(ctx, tx, who, on, nil)
}

// saveNote writes a note, or changes the words of one.
func saveNote(ctx context.Context, tx *db.Tx, who contact.ID, f url.Values) error {
	if f.Get("which") == "" {
		_, err := contact.AddNote(ctx, tx, who, f.Get("text"), false)
		return err
	}
	n, err := noteOf(ctx, tx, who, f.Get("which"))
	if err != nil {
		return err
	}
	return contact.EditNote(ctx, tx, n.ID, f.Get("text"), n.Pinned)
}

// noteOf finds one of a person's notes.
func noteOf(ctx context.Context, tx *db.Tx, who contact.ID, which string) (contact.Note, error) {
	all, err := contact.Notes(ctx, tx, who)
	if err != nil {
		return contact.Note{}, err
	}
	for _, n := range all {
		if n.ID.String() == which {
			return n, nil
		}
	}
	return contact.Note{}, problem.New(problem.NotFound, "This note is not there.")
}

// onNote is POST /customers/{id}/notes/{note}/{pin,unpin,remove}.
func (a area) onNote(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := noteOf(ctx, tx, who, r.PathValue("note"))
		if err != nil {
			return err
		}
		switch r.PathValue("act") {
		case "pin", "unpin":
			return contact.EditNote(ctx, tx, n.ID, n.Text, r.PathValue("act") == "pin")
		case "remove":
			return contact.RemoveNote(ctx, tx, n.ID)
		}
		return problem.New(problem.NotFound, "This page is not here.")
	})
	if err != nil {
		return err
	}
	return a.saved(w, r, card{view: noteCard})
}

// onAddress is POST /customers/{id}/addresses/{address}/{primary,verify,remove}.
func (a area) onAddress(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	which, err := id.Read[contact.AddressID](r.PathValue("address"))
	if err != nil {
		return problem.New(problem.NotFound, "This address is not there.")
	}
	do := map[string]func(context.Context, *db.Tx, contact.ID, contact.AddressID) error{
		"primary": contact.MakePrimary, "verify": contact.Verify, "remove": contact.RemoveAddress}[r.PathValue("act")]
	if do == nil {
		return problem.New(problem.NotFound, "This page is not here.")
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, who, which) }); err != nil {
		return err
	}
	return a.saved(w, r, card{view: addressCard})
}

// unblock is POST /customers/{id}/unblock.
func (a area) unblock(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return contact.Unblock(ctx, tx, who) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.unblocked")}, personURL(who))
	return nil
}
