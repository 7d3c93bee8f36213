package customers

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// merging is the page on which two people become one: first who the other is,
// then what of whom stays.
type merging struct {
	One   side
	Other side // of no id: still to be found
	Asked string
	Found []contact.Contact
	Keep  contact.ID // who is proposed to stay
}

// side is one of the two.
type side struct {
	contact.Profile
	Notes int
	Sum   conversation.Sum
}

// mergePage is GET /customers/{id}/merge?q=words or ?other=con_….
func (a area) mergePage(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	m := merging{Asked: strings.TrimSpace(r.FormValue("q"))}
	other, _ := id.Read[contact.ID](r.FormValue("other"))
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if m.One, err = readSide(ctx, tx, who); err != nil {
			return err
		}
		if other == 0 {
			return m.find(ctx, tx)
		}
		m.Other, err = readSide(ctx, tx, other)
		return err
	})
	if err != nil {
		return err
	}
	if m.Other.ID == m.One.ID {
		return problem.New(problem.Invalid, "These two are one customer already.")
	}
	m.Keep = m.older()
	ui.Render(w, r, http.StatusOK, mergeView(m))
	return nil
}

func readSide(ctx context.Context, tx *db.Tx, who contact.ID) (s side, err error) {
	if s.Profile, err = contact.Whole(ctx, tx, who); err != nil {
		return s, err
	}
	notes, err := contact.Notes(ctx, tx, s.ID)
	if err != nil {
		return s, err
	}
	s.Notes = len(notes)
	s.Sum, err = conversation.SumOf(ctx, tx, s.ID)
	return s, err
}

// find looks for the other one: by the words, or by this one's name.
func (m *merging) find(ctx context.Context, tx *db.Tx) error {
	words := m.Asked
	if words == "" {
		words = m.One.Name
	}
	if strings.TrimSpace(words) == "" {
		return nil
	}
	list, _, err := contact.List(ctx, tx, contact.Filter{Query: words, Limit: 20})
	for _, c := range list {
		if c.ID != m.One.ID {
			m.Found = append(m.Found, c)
		}
	}
	return err
}

// older is who has more conversations, or is known longer.
func (m merging) older() contact.ID {
	switch {
	case m.Other.ID == 0 || m.One.Sum.All > m.Other.Sum.All:
		return m.One.ID
	case m.Other.Sum.All > m.One.Sum.All || m.Other.CreatedAt.Before(m.One.CreatedAt):
		return m.Other.ID
	}
	return m.One.ID
}

// merge is POST /customers/{id}/merge with other and keep.
func (a area) merge(w http.ResponseWriter, r *http.Request) error {
	one, err := idOf(r)
	if err != nil {
		return err
	}
	other, err := id.Read[contact.ID](r.FormValue("other"))
	if err != nil {
		return problem.New(problem.NotFound, "This customer is not there.")
	}
	keep, lose := one, other
	if r.FormValue("keep") == other.String() {
		keep, lose = other, one
	}
	ctx := r.Context()
	var done contact.MergeID
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) { done, err = contact.Merge(ctx, tx, keep, lose); return err })
	if err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.merged"), Undo: personURL(keep) + "/unmerge/" + done.String()}, personURL(keep))
	return nil
}

// unmerge is POST /customers/{id}/unmerge/{merge}.
func (a area) unmerge(w http.ResponseWriter, r *http.Request) error {
	who, err := idOf(r)
	if err != nil {
		return err
	}
	which, err := id.Read[contact.MergeID](r.PathValue("merge"))
	if err != nil {
		return problem.New(problem.NotFound, "This merge is not there.")
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return contact.Unmerge(ctx, tx, which) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "customers.unmerged")}, personURL(who))
	return nil
}
