package inbox

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/macro"
	"baraji/internal/team"
	"baraji/internal/web/acts"
	"baraji/internal/web/ui"
)

// macroList are the macros that one can pick while writing.
type macroList struct {
	List  []macro.Macro
	House acts.House
}

// macros is GET /inbox/macros: what is picked from. It is narrowed in the page, while one types.
func (a *area) macros(w http.ResponseWriter, r *http.Request) error {
	var p macroList
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if p.List, err = macro.List(r.Context(), tx); err != nil {
			return err
		}
		return p.House.Read(r.Context(), tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, macroOptions(p))
	return nil
}

// chosenMacro is what goes into the composer.
type chosenMacro struct {
	macro.Written
	House acts.House
}

// chooseMacro is POST /inbox/{id}/macros/{macro}: the text, with its placeholders filled, its files, and what it will do.
func (a *area) chooseMacro(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	return a.choose(w, r, func(ctx context.Context, tx *db.Tx) (string, i18n.Locale, error) {
		c, err := conversation.Get(ctx, tx, talk)
		if err != nil {
			return "", "", err
		}
		l, err := writtenIn(ctx, tx, r, c.Language, c.Contact)
		return talk.String(), l, err
	})
}

// chooseNewMacro is POST /inbox/new/macros/{macro}: the same, in a conversation that is not there yet. Whom it is about is known by his address.
func (a *area) chooseNewMacro(w http.ResponseWriter, r *http.Request) error {
	return a.choose(w, r, func(ctx context.Context, tx *db.Tx) (string, i18n.Locale, error) {
		to, err := people(r, "to")
		if err != nil || len(to) != 1 || !team.From(ctx).Can(team.ReadContacts) { // not typed yet, or not whole
			l, err := writtenIn(ctx, tx, r, "", 0)
			return "", l, err
		}
		who, known, err := contact.Find(ctx, tx, contact.Sender{Email: to[0].Address})
		if err != nil || !known {
			who = contact.Contact{}
		}
		l, err := writtenIn(ctx, tx, r, who.Language, 0)
		if who.ID == 0 {
			return "", l, err
		}
		return who.ID.String(), l, err
	})
}

// writtenIn is the language that the customer reads; of a note, the one that its writer does.
func writtenIn(ctx context.Context, tx *db.Tx, r *http.Request, talk string, who contact.ID) (i18n.Locale, error) {
	if r.FormValue("kind") == "note" {
		return i18n.Of(ctx).Locale, nil
	}
	if talk == "" && who != 0 {
		p, err := contact.Whole(ctx, tx, who)
		if kind := problem.KindOf(err); err != nil && kind != problem.NotFound && kind != problem.Forbidden {
			return "", err
		}
		talk = p.Language
	}
	f, err := team.GetFirm(ctx, tx)
	return i18n.Locale(cmp.Or(talk, f.Language)), err
}

func (a *area) choose(w http.ResponseWriter, r *http.Request, about func(context.Context, *db.Tx) (subject string, l i18n.Locale, err error)) error {
	ctx := r.Context()
	which, err := id.Read[macro.ID](r.PathValue("macro"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such macro.")
	}
	var p chosenMacro
	err = a.do(r, func(tx *db.Tx) error {
		subject, l, err := about(ctx, tx)
		if err != nil {
			return err
		}
		if p.Written, err = macro.Choose(ctx, tx, which, subject, l); err != nil {
			return err
		}
		return p.House.Read(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, macroChosen(p))
	return nil
}

// chosenMacros are those that stand over the button that sends.
func chosenMacros(r *http.Request) ([]macro.Choice, error) {
	if err := r.ParseForm(); err != nil {
		return nil, badForm("form")
	}
	return macro.ParseChoices(r.Form["macro"], r.Form["do"])
}

// useMacros does behind an answer what was chosen. What the person himself pressed has the last word about the status.
func useMacros(ctx context.Context, tx *db.Tx, talk conversation.ID, list []macro.Choice, then conversation.Status) error {
	if err := macro.Use(ctx, tx, talk, list); err != nil || len(list) == 0 || then == "" {
		return err
	}
	c, err := conversation.Get(ctx, tx, talk)
	if problem.KindOf(err) == problem.NotFound || err == nil && c.Status == then { // he has given it away
		return nil
	}
	if err != nil {
		return err
	}
	return conversation.SetStatus(ctx, tx, talk, then)
}

// runMacros is POST /inbox/{id}/macros: what was chosen is done at once, without writing anything.
func (a *area) runMacros(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	list, err := chosenMacros(r)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return problem.For("macro", "Choose a macro first.")
	}
	if err := a.do(r, func(tx *db.Tx) error { return macro.Use(r.Context(), tx, talk, list) }); err != nil {
		return err
	}
	ui.Trigger(w, "macros-ran", map[string]string{"conversation": talk.String()})
	done(w, r, talk, ui.Toast{Text: i18n.T(r.Context(), "inbox.macros_ran")})
	return nil
}

// unsendPath is where an answer is taken back. What macros did stays, which is said there.
func unsendPath(m conversation.Message, list []macro.Choice) string {
	path := "/message/" + m.ID.String() + "/unsend"
	for _, c := range list {
		if len(c.Acts) > 0 {
			return path + "?" + url.Values{"macros": {"stay"}}.Encode()
		}
	}
	return path
}
