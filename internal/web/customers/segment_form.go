package customers

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/web/ui"
)

// segmentForm is a segment as it is typed: groups of conditions.
type segmentForm struct {
	segmentHouse
	ID      segment.ID
	Name    string
	About   string
	Mode    string // how the groups go together
	Groups  []segmentGroup
	Kept    string // JSON of conditions that lie deeper than the form shows; they stay as they are
	Focus   string // what was just added
	Found   int
	Some    []contact.Contact
	Blank   string // why nobody is shown beside it
	Trouble ui.Trouble
}

type segmentGroup struct {
	Mode string
	Rows []segmentRow
}

type segmentRow struct {
	Field, Op string
	Values    []string
}

const (
	mostGroups = 8
	mostRows   = 20
	someShown  = 6
)

func (f segmentForm) path() string {
	if f.ID == 0 {
		return "/segments/new"
	}
	return segmentURL(f.ID) + "/edit"
}

func (f segmentForm) up() string {
	if f.ID == 0 {
		return "/segments"
	}
	return segmentURL(f.ID)
}

// formOfSegment shows a segment. A condition beside groups becomes a group of its own; what lies deeper is kept as it is.
func formOfSegment(s segment.Segment) segmentForm {
	f := segmentForm{ID: s.ID, Name: s.Name, About: s.About, Mode: s.If.Mode}
	row := func(i segment.If) segmentRow { return segmentRow{i.Field, i.Op, i.Values} }
	isGroup := func(i segment.If) bool { return i.Field == "" }
	top := s.If
	if top.Field != "" {
		top = segment.If{Of: []segment.If{top}}
	}
	if !slices.ContainsFunc(top.Of, isGroup) {
		top = segment.If{Of: []segment.If{top}}
		f.Mode = ""
	}
	for _, g := range top.Of {
		if slices.ContainsFunc(g.Of, isGroup) {
			b, _ := json.Marshal(s.If) // plain strings
			return segmentForm{ID: s.ID, Name: s.Name, About: s.About, Kept: string(b)}
		}
		group := segmentGroup{Mode: g.Mode}
		if g.Field != "" {
			group.Rows = []segmentRow{row(g)}
		}
		for _, i := range g.Of {
			group.Rows = append(group.Rows, row(i))
		}
		f.Groups = append(f.Groups, group)
	}
	return f
}

// typedSegment reads the form.
func typedSegment(r *http.Request) (f segmentForm) {
	f = segmentForm{Name: r.FormValue("name"), About: r.FormValue("about"), Mode: r.FormValue("mode"), Kept: r.FormValue("kept")}
	for g := range min(len(r.Form["g"]), mostGroups) {
		at := "g" + strconv.Itoa(g) + "."
		group := segmentGroup{Mode: r.FormValue(at + "mode")}
		for c := range min(len(r.Form[at+"c"]), mostRows) {
			at := at + strconv.Itoa(c) + "."
			group.Rows = append(group.Rows, segmentRow{r.FormValue(at + "field"), r.FormValue(at + "op"), typedMany(r, at)})
		}
		f.Groups = append(f.Groups, group)
	}
	return f
}

// typedMany are the values of a condition: ticked, or typed with commas between them.
func typedMany(r *http.Request, at string) []string {
	out := slices.Clone(r.Form[at+"pick"])
	for v := range strings.FieldsFuncSeq(r.FormValue(at+"v"), func(c rune) bool { return c == ',' || c == '\n' }) {
		out = append(out, strings.TrimSpace(v))
	}
	return out
}

// condition is what the form says.
func (f segmentForm) condition() (out segment.If, err error) {
	if f.Kept != "" {
		if err := json.Unmarshal([]byte(f.Kept), &out); err != nil {
			return out, problem.New(problem.Invalid, "This form is not the one that was sent.")
		}
		return out, nil
	}
	out = segment.If{Mode: f.Mode}
	for _, g := range f.Groups {
		in := segment.If{Mode: g.Mode}
		for _, r := range g.Rows {
			in.Of = append(in.Of, segment.If{Field: r.Field, Op: r.Op, Values: r.Values})
		}
		out.Of = append(out.Of, in)
	}
	if len(out.Of) == 1 {
		return out.Of[0], nil
	}
	return out, nil
}

// wrong is how the trouble of a condition is called; a single group is the whole.
func (f segmentForm) wrong(g, c int) string {
	if len(f.Groups) == 1 {
		return "if." + strconv.Itoa(c)
	}
	return "if." + strconv.Itoa(g) + "." + strconv.Itoa(c)
}

// newSegment is GET /segments/new.
func (a area) newSegment(w http.ResponseWriter, r *http.Request) error {
	return a.showSegment(w, r, http.StatusOK, segmentForm{Groups: []segmentGroup{{Rows: []segmentRow{{Field: "customer.stage", Op: "is"}}}}})
}

// editSegment is GET /segments/{id}/edit.
func (a area) editSegment(w http.ResponseWriter, r *http.Request) error {
	which, err := segmentOf(r)
	if err != nil {
		return err
	}
	var s segment.Segment
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { s, err = segment.Get(r.Context(), tx, which); return err })
	if err != nil {
		return err
	}
	return a.showSegment(w, r, http.StatusOK, formOfSegment(s))
}

// showSegment shows the form, and beside it whom it finds now.
func (a area) showSegment(w http.ResponseWriter, r *http.Request, status int, f segmentForm) error {
	ctx := r.Context()
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if err = f.read(ctx, tx); err != nil {
			return err
		}
		i, err := f.condition()
		if err != nil {
			return err
		}
		f.Found, f.Some, err = segment.Try(ctx, tx, i, someShown)
		if p, ok := problem.As(err); ok {
			f.Blank, err = i18n.T(ctx, "segments.unfinished"), nil
			if p.Kind != problem.Invalid {
				f.Blank = saidOf(ctx, p)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, segmentFormPage(f))
	return nil
}

// saveSegment is POST of the form: a row or a group more or less, a look, or all of it saved.
func (a area) saveSegment(w http.ResponseWriter, r *http.Request) error {
	ctx, f := r.Context(), typedSegment(r)
	if r.PathValue("id") != "" {
		which, err := segmentOf(r)
		if err != nil {
			return err
		}
		f.ID = which
	}
	do, at, _ := strings.Cut(r.FormValue("do"), " ")
	if f.arrange(do, at) {
		return a.showSegment(w, r, http.StatusOK, f)
	}
	i, err := f.condition()
	if err != nil {
		return err
	}
	made := f.ID
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		s := segment.Segment{ID: f.ID, Name: f.Name, About: f.About, If: i}
		if f.ID == 0 {
			made, err = segment.Make(ctx, tx, s)
			return err
		}
		return segment.Change(ctx, tx, s)
	})
	if err == nil {
		ui.SayThere(w, r, ui.Toast{Text: i18n.T(ctx, "segments.saved")}, segmentURL(made))
		return nil
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showSegment(w, r, f.Trouble.Status, f)
}

// arrange does what a button says that only changes the form; false is another button.
func (f *segmentForm) arrange(do, at string) bool {
	g, c, _ := strings.Cut(at, ".")
	group, _ := strconv.Atoi(g)
	row, _ := strconv.Atoi(c)
	inside := group >= 0 && group < len(f.Groups)
	switch do {
	case "look":
	case "group":
		f.Groups = append(f.Groups, segmentGroup{Rows: []segmentRow{{Field: "customer.tags", Op: "has"}}})
		f.Focus = strconv.Itoa(len(f.Groups)-1) + ".0"
	case "ungroup":
		if inside {
			f.Groups = slices.Delete(f.Groups, group, group+1)
		}
		f.Focus = "add-group"
	case "condition":
		if inside {
			f.Groups[group].Rows = append(f.Groups[group].Rows, segmentRow{Field: "customer.tags", Op: "has"})
			f.Focus = g + "." + strconv.Itoa(len(f.Groups[group].Rows)-1)
		}
	case "off":
		if inside && row >= 0 && row < len(f.Groups[group].Rows) {
			f.Groups[group].Rows = slices.Delete(f.Groups[group].Rows, row, row+1)
		}
		f.Focus = "add-" + g
	case "kept":
		f.Kept, f.Groups = "", []segmentGroup{{}}
	default:
		return false
	}
	return true
}

// settle gives a condition that looks at something else a comparison that this has.
func (h segmentHouse) settle(row segmentRow) segmentRow {
	f := h.field(row.Field)
	if f.Key == "" || slices.Contains(f.Ops(), row.Op) {
		return row
	}
	return segmentRow{Field: row.Field, Op: f.Ops()[0]}
}
