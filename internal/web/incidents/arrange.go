package incidents

import (
	"context"
	"net/http"
	"strconv"

	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/web/ui"
)

// arrangement is how the status page is arranged.
type arrangement struct {
	Page    incident.Page
	List    []incident.Component
	Readers int
	Trouble ui.Trouble
}

func (a area) arrange(w http.ResponseWriter, r *http.Request) error {
	var p arrangement
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Page, err = incident.GetPage(ctx, tx); err != nil {
			return err
		}
		if p.Readers, err = incident.Subscribers(ctx, tx); err != nil {
			return err
		}
		p.List, err = incident.Components(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, arrangePage(p))
	return nil
}

// saveArranged is POST /incidents/page: all of it, with a component to add, to take away or to move up.
func (a area) saveArranged(w http.ResponseWriter, r *http.Request) error {
	p := arrangement{Page: incident.Page{On: r.FormValue("on") != "", About: texts(r, "about")}}
	n, _ := strconv.Atoi(r.FormValue("n"))
	do := r.FormValue("do")
	for i := range min(n, 100) {
		at := strconv.Itoa(i)
		c := incident.Component{Name: texts(r, at+".name"), About: texts(r, at+".about")}
		c.ID, _ = id.Read[incident.ComponentID](r.FormValue(at + ".id"))
		if do == "remove "+at {
			continue
		}
		p.List = append(p.List, c)
		if k := len(p.List) - 1; do == "up "+at && k > 0 {
			p.List[k-1], p.List[k] = p.List[k], p.List[k-1]
		}
	}
	if do == "add" {
		p.List = append(p.List, incident.Component{Name: i18n.Text{}, About: i18n.Text{}})
	}
	if do != "" {
		ui.Render(w, r, http.StatusOK, arrangePage(p))
		return nil
	}
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		if err := incident.SetPage(ctx, tx, p.Page); err != nil {
			return err
		}
		return incident.SetComponents(ctx, tx, p.List)
	})
	if err == nil {
		return done(w, r, "/incidents/page", "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, arrangePage(p))
	return nil
}
