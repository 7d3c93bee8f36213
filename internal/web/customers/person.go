package customers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/promise"
	"baraji/internal/sequence"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// person is what a person's page shows.
type person struct {
	contact.Profile
	Org        contact.Company // of no id: none
	Colleagues []contact.Contact
	More       bool // there are more colleagues
	Notes      []contact.Note
	Fields     []contact.Field
	Names      map[team.ID]string
	Owners     []team.Person // to choose from; only where somebody edits
	Mergers    []contact.MergeOf

	Promises []promise.Promise // to him
	Paths    []sequence.Path   // through flows: those that are not over
	Flows    map[sequence.ID]string

	Standings []consent.Standing // whether news and offers may go to each address
	Said      []consent.Entry

	Sum  conversation.Sum
	Life []contact.Spell
	line line

	Edit   string // the card that is being edited
	Which  string // the note that is
	Errors ui.Errors
	Form   url.Values // what was typed, when it came back
}

// idOf reads the id in a path. What is none is not there.
func idOf(r *http.Request) (contact.ID, error) {
	who, err := id.Read[contact.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "This customer is not there.")
	}
	return who, nil
}

// person is GET /customers/{id}.
func (a area) person(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx, q := r.Context(), r.URL.Query()
	p := person{Edit: q.Get("edit"), Which: q.Get("which")}
	looked := true
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err = p.load(ctx, tx, who); err != nil {
			return err
		}
		if looked, err = contact.Looked(ctx, tx, p.ID); err != nil {
			return err
		}
		return p.loadLine(ctx, tx, q.Get("show"), moment(q.Get("before")))
	})
	if err != nil {
		return err
	}
	if !looked {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return contact.View(ctx, tx, p.ID, desk.From(r)) }); err != nil {
			return err
		}
	}
	if p.ID != who { // he was merged
		http.Redirect(w, r, personURL(p.ID), http.StatusSeeOther)
		return nil
	}
	ui.Render(w, r, http.StatusOK, personPage(p))
	return nil
}

// moment reads a time in milliseconds; what is none is the zero time.
func moment(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > 1<<47 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// load reads what the head and the cards show.
func (p *person) load(ctx context.Context, tx *db.Tx, who contact.ID) (err error) {
	if p.Profile, err = contact.Whole(ctx, tx, who); err != nil {
		return err
	}
	can := team.From(ctx)
	return tx.Together(ctx,
		func(tx *db.Tx) (err error) { p.Notes, err = contact.Notes(ctx, tx, p.ID); return err },
		func(tx *db.Tx) (err error) {
			if !can.Masked {
				p.Fields, err = contact.Fields(ctx, tx, contact.OfContact)
			}
			return err
		},
		func(tx *db.Tx) (err error) { p.Promises, err = promise.OfContact(ctx, tx, p.ID, 3); return err },
		func(tx *db.Tx) (err error) { p.Standings, err = consent.Standings(ctx, tx, p.Profile); return err },
		func(tx *db.Tx) (err error) { p.Said, err = consent.History(ctx, tx, p.ID); return err },
		func(tx *db.Tx) (err error) {
			p.Paths, err = sequence.Paths(ctx, tx, sequence.Filter{Contact: p.ID, Living: true, Limit: 20})
			return err
		},
		func(tx *db.Tx) (err error) {
			if can.Can(team.Handle) {
				p.Flows, err = sequence.Names(ctx, tx)
			}
			return err
		},
		db.Into(ctx, &p.Names, team.Names),
		func(tx *db.Tx) (err error) {
			if p.Edit == "about" {
				p.Owners, err = team.People(ctx, tx, team.Filter{})
			}
			return err
		},
		func(tx *db.Tx) (err error) { p.Mergers, err = contact.Mergers(ctx, tx, p.ID); return err },
		func(tx *db.Tx) error { return p.loadCompany(ctx, tx) },
	)
}

const colleaguesShown = 6

func (p *person) loadCompany(ctx context.Context, tx *db.Tx) (err error) {
	if p.Company == 0 {
		return nil
	}
	if p.Org, err = contact.OneCompany(ctx, tx, p.Company); err != nil {
		return err
	}
	all, _, err := contact.List(ctx, tx, contact.Filter{Company: p.Company, Limit: colleaguesShown + 2})
	for _, c := range all {
		if c.ID != p.ID {
			p.Colleagues = append(p.Colleagues, c)
		}
	}
	if p.More = len(p.Colleagues) > colleaguesShown; p.More {
		p.Colleagues = p.Colleagues[:colleaguesShown]
	}
	return err
}

// since is when the firm and the person first met.
func (p person) since() time.Time {
	if !p.Sum.First.IsZero() && p.Sum.First.Before(p.CreatedAt) {
		return p.Sum.First
	}
	return p.CreatedAt
}

// typed is a field's value: what was typed if it came back, what it is else.
func (p person) typed(name, is string) string {
	if p.Form != nil && p.Form.Has(name) {
		return p.Form.Get(name)
	}
	return is
}
