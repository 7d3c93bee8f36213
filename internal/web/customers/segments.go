package customers

import (
	"context"
	"net/http"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/web/ui"
)

// shownMembers is how many of a segment's customers stand on its page.
const shownMembers = 20

// segments is the page of all segments.
type segments struct {
	segmentHouse
	List []segment.Segment
}

func segmentURL(id segment.ID) string { return "/segments/" + id.String() }

func segmentOf(r *http.Request) (segment.ID, error) {
	which, err := id.Read[segment.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such segment.")
	}
	return which, nil
}

// segments is GET /segments.
func (a area) segments(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var p segments
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.List, err = segment.List(ctx, tx); err != nil {
			return err
		}
		return p.read(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, segmentsPage(p))
	return nil
}

// segmentCount is GET /segments/{id}/count: a part of the list, which need not wait for it.
func (a area) segmentCount(w http.ResponseWriter, r *http.Request) error {
	which, err := segmentOf(r)
	if err != nil {
		return err
	}
	ctx, n := r.Context(), 0
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := segment.Get(ctx, tx, which)
		if err == nil {
			n, err = segment.Count(ctx, tx, s)
		}
		return err
	})
	if cannot(err) {
		ui.Render(w, r, http.StatusOK, segmentUnknown())
		return nil
	}
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, segmentPeople(which, n))
	return nil
}

// cannot says whether a segment cannot be asked: it looks at what is gone, or at what is hidden.
func cannot(err error) bool {
	kind := problem.KindOf(err)
	return err != nil && (kind == problem.Conflict || kind == problem.Forbidden)
}

// saidOf is what a refusal says, in the reader's language.
func saidOf(ctx context.Context, err error) string {
	e, ok := problem.As(err)
	if !ok {
		return ""
	}
	return i18n.Sentence(ctx, e.Format, e.Args...)
}

// oneSegment is the page of a segment.
type oneSegment struct {
	segmentHouse
	segment.Segment
	Count     int
	People    []contact.Contact
	Companies map[contact.CompanyID]string
	Trouble   string // why nobody is shown
}

// segment is GET /segments/{id}.
func (a area) segment(w http.ResponseWriter, r *http.Request) error {
	which, err := segmentOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	var p oneSegment
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Segment, err = segment.Get(ctx, tx, which); err != nil {
			return err
		}
		if err = p.read(ctx, tx); err != nil {
			return err
		}
		err = p.members(r, tx)
		if cannot(err) {
			p.Trouble, err = saidOf(ctx, err), nil
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, segmentPage(p))
	return nil
}

func (p *oneSegment) members(r *http.Request, tx *db.Tx) (err error) {
	ctx := r.Context()
	if p.Count, err = segment.Count(ctx, tx, p.Segment); err != nil {
		return err
	}
	narrow, err := segment.Within(ctx, tx, p.Segment)
	if err != nil {
		return err
	}
	if p.People, _, err = contact.List(ctx, tx, contact.Filter{Narrow: narrow, Limit: shownMembers}); err != nil {
		return err
	}
	p.Companies, err = contact.CompanyNames(ctx, tx, companiesOf(p.People))
	return err
}

func companiesOf(list []contact.Contact) (ids []contact.CompanyID) {
	for _, c := range list {
		if c.Company != 0 {
			ids = append(ids, c.Company)
		}
	}
	return ids
}

// deleteSegment is POST /segments/{id}/delete.
func (a area) deleteSegment(w http.ResponseWriter, r *http.Request) error {
	which, err := segmentOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return segment.Delete(ctx, tx, which) }); err != nil {
		return err
	}
	ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "segments.deleted")}, "/segments")
	return nil
}
