package notices

import (
	"net/http"
	"strconv"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// perPage is how many notices are read at once; lines are fewer.
const perPage = 60

// page is the list.
type page struct {
	Lines []line
	Topic string
	Older string // where the older ones are; "" is none
	Any   bool   // something is unread
}

// line is what was told about one thing: the newest of it.
type line struct {
	notice.Notice
	More   int  // others about it
	Unread bool // any of them
}

func (a area) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var before time.Time
	if ms, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64); err == nil {
		before = time.UnixMilli(ms)
	}
	var list []notice.Notice
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { list, err = notice.List(ctx, tx, before, perPage); return err })
	if err != nil {
		return err
	}
	p := page{Lines: lines(list), Topic: "person:" + team.From(ctx).Person.String()}
	for _, l := range p.Lines {
		p.Any = p.Any || l.Unread
	}
	if len(list) == perPage {
		p.Older = "/notices?before=" + strconv.FormatInt(list[len(list)-1].At.UnixMilli(), 10)
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, listed(p))
		return nil
	}
	ui.Render(w, r, http.StatusOK, listPage(p))
	return nil
}

// lines gathers what is about the same thing.
func lines(list []notice.Notice) (out []line) {
	at := map[string]int{}
	for _, n := range list {
		if i, there := at[n.Subject]; there && n.Subject != "" {
			out[i].More += n.Count
			out[i].Unread = out[i].Unread || n.ReadAt.IsZero()
			continue
		}
		at[n.Subject] = len(out)
		if !n.ReadAt.IsZero() {
			n.Act = "" // it was answered
		}
		out = append(out, line{Notice: n, More: n.Count - 1, Unread: n.ReadAt.IsZero()})
	}
	return out
}

// bell is the bell drawn anew, when something changed.
func (a area) bell(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var b *ui.Bell
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { b, err = desk.Bell(ctx, tx); return err })
	if err != nil {
		return err
	}
	if b == nil {
		return problem.New(problem.NotFound, "This page is not here.")
	}
	ui.Render(w, r, http.StatusOK, ui.BellParts(*b))
	return nil
}

func (a area) readAll(w http.ResponseWriter, r *http.Request) error {
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return notice.ReadAll(r.Context(), tx) }); err != nil {
		return err
	}
	ui.Redirect(w, r, "/notices")
	return nil
}

func (a area) read(w http.ResponseWriter, r *http.Request) error {
	n, err := id.Read[notice.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "This page is not here.")
	}
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return notice.Read(r.Context(), tx, n) }); err != nil {
		return err
	}
	ui.Redirect(w, r, "/notices")
	return nil
}
