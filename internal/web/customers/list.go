package customers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

const pageSize = 50

// people is the page of everybody.
type people struct {
	Query     url.Values // as asked, without the place in the list
	Asked     string     // the words
	Narrowed  bool       // by words or filters
	Filters   int        // how many are set, beside the words
	List      []contact.Contact
	Total     int
	Pages     ui.PagerProps
	Companies map[contact.CompanyID]string
	Open      map[contact.ID]int
	Owners    []team.Person
	Names     map[team.ID]string
	Tags      []string
	Fields    []contact.Field
	Segments  []segment.Segment
	Unknown   string // a company's name that nobody has
	self      string // the address of this page of the list
}

// list is GET /customers.
func (a area) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := people{Query: narrowing(r.URL.Query()), Asked: strings.TrimSpace(r.FormValue("q"))}
	var next string
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err = p.choices(r, tx); err != nil {
			return err
		}
		f, err := p.filter(r, tx)
		if err != nil || p.Unknown != "" {
			return err
		}
		if p.List, next, err = contact.List(ctx, tx, f); err != nil {
			return err
		}
		if p.Total, err = contact.Count(ctx, tx, f); err != nil {
			return err
		}
		return p.beside(r, tx)
	})
	if err != nil {
		return err
	}
	p.Filters = len(p.Query)
	for _, other := range []string{"q", "sort"} {
		if p.Query.Has(other) {
			p.Filters--
		}
	}
	p.Narrowed = p.Filters > 0 || p.Asked != ""
	p.Pages, p.self = pages(r, len(p.List), p.Total, next), r.URL.RequestURI()
	ui.Render(w, r, http.StatusOK, listPage(p))
	return nil
}

// narrowing is what a list's address says beside the place in it, without what is empty.
func narrowing(q url.Values) url.Values {
	out := url.Values{}
	for _, name := range []string{"q", "segment", "stage", "company", "owner", "tag", "field", "value", "sort"} {
		if v := strings.TrimSpace(q.Get(name)); v != "" {
			out.Set(name, v)
		}
	}
	if out.Get("value") == "" || out.Get("field") == "" {
		out.Del("field")
		out.Del("value")
	}
	return out
}

// choices are what one may narrow by.
func (p *people) choices(r *http.Request, tx *db.Tx) (err error) {
	ctx := r.Context()
	if p.Owners, err = team.People(ctx, tx, team.Filter{}); err != nil {
		return err
	}
	if p.Tags, err = contact.Tags(ctx, tx); err != nil {
		return err
	}
	if p.Names, err = team.Names(ctx, tx); err != nil {
		return err
	}
	if p.Segments, err = segment.List(ctx, tx); err != nil {
		return err
	}
	if !team.From(ctx).Masked {
		p.Fields, err = contact.Fields(ctx, tx, contact.OfContact)
	}
	return err
}

func (p *people) filter(r *http.Request, tx *db.Tx) (contact.Filter, error) {
	q := p.Query
	f := contact.Filter{Query: p.Asked, Stage: contact.Stage(q.Get("stage")), Tag: q.Get("tag"), Sort: contact.Sort(q.Get("sort")),
		Cursor: r.URL.Query().Get("after"), Limit: pageSize}
	if len(p.Fields) > 0 {
		f.Field, f.Value = q.Get("field"), q.Get("value")
	}
	f.Owner, _ = id.Read[team.ID](q.Get("owner")) // what is no id is nobody
	var err error
	if which, bad := id.Read[segment.ID](q.Get("segment")); bad == nil && which != 0 {
		s, err := segment.Get(r.Context(), tx, which)
		if err != nil {
			return f, err
		}
		if f.Narrow, err = segment.Within(r.Context(), tx, s); err != nil {
			return f, err
		}
	}
	if name := q.Get("company"); name != "" {
		f.Company, err = contact.CompanyCalled(r.Context(), tx, name)
		if err == nil && f.Company == 0 {
			p.Unknown = name
		}
	}
	return f, err
}

// beside reads what stands beside each person.
func (p *people) beside(r *http.Request, tx *db.Tx) (err error) {
	ctx := r.Context()
	var ids []contact.ID
	var companies []contact.CompanyID
	for _, c := range p.List {
		ids = append(ids, c.ID)
		if c.Company != 0 {
			companies = append(companies, c.Company)
		}
	}
	if p.Companies, err = contact.CompanyNames(ctx, tx, companies); err != nil {
		return err
	}
	p.Open, err = conversation.OpenOf(ctx, tx, ids)
	return err
}

// pages leads on and back in a list that is read by cursor. The way back stands
// in the address: the cursors of the pages before, of which the last thirty are kept.
func pages(r *http.Request, shown, total int, next string) ui.PagerProps {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("from"))
	from = min(max(from, 0), 1<<30)
	after, was := q.Get("after"), strings.Split(q.Get("was"), ".")
	if q.Get("was") == "" {
		was = nil
	}
	p := ui.PagerProps{First: from + 1, Last: from + shown, Total: total}
	if shown == 0 {
		p = ui.PagerProps{}
	}
	link := func(after string, was []string, from int) string {
		to := narrowing(q)
		if after != "" {
			to.Set("after", after)
			to.Set("from", strconv.Itoa(max(from, 0)))
			if len(was) > 0 {
				to.Set("was", strings.Join(was[max(0, len(was)-30):], "."))
			}
		}
		return address(r.URL.Path, to)
	}
	if next != "" {
		before := was
		if after != "" {
			before = append(append([]string{}, was...), after)
		}
		p.Next = link(next, before, from+shown)
	}
	if after != "" {
		back, rest := "", was
		if len(was) > 0 {
			back, rest = was[len(was)-1], was[:len(was)-1]
		}
		p.Prev = link(back, rest, from-pageSize)
	}
	return p
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// with is the list's address with one thing changed.
func (p people) with(name, value string) string {
	q := url.Values{}
	for k, v := range p.Query {
		q[k] = v
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	return address("/customers", q)
}

// sortHead is what a head says about the order.
func (p people) sortHead(sort contact.Sort) (url, state string) {
	now := contact.Sort(p.Query.Get("sort"))
	if now == "" {
		now = contact.BySeen
	}
	if now == sort {
		state = "descending"
		if sort == contact.ByName {
			state = "ascending"
		}
	}
	return p.with("sort", string(sort)), state
}
