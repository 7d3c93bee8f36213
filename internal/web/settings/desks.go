package settings

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// desks is the page of who takes how much.
type desks struct {
	Rows    []deskRow
	Trouble ui.Trouble
}

// deskRow is a desk as it is typed.
type deskRow struct {
	Person              team.ID
	Name                string
	Room, Chats, Skills string
	Languages           []string
	Away                bool
}

func (d deskRow) field(name string) string { return d.Person.String() + "." + name }

func (d deskRow) speaks(l i18n.Locale) bool { return slices.Contains(d.Languages, string(l)) }

func (a area) desks(w http.ResponseWriter, r *http.Request) error {
	p, err := a.readDesks(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, desksPage(p))
	return nil
}

func (a area) readDesks(r *http.Request) (p desks, err error) {
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		p = desks{}
		people, err := team.People(r.Context(), tx, team.Filter{State: team.Active})
		if err != nil {
			return err
		}
		all, err := routing.Desks(r.Context(), tx)
		for _, person := range people {
			d, had := all[person.ID]
			if !had {
				d = routing.Usual(person.ID)
			}
			row := deskRow{Person: person.ID, Name: person.Name, Room: strconv.Itoa(d.Room), Chats: strconv.Itoa(d.Chats), Skills: strings.Join(d.Skills, ", "), Away: d.Away}
			for _, l := range d.Languages {
				row.Languages = append(row.Languages, string(l))
			}
			p.Rows = append(p.Rows, row)
		}
		return err
	})
	return p, err
}

// saveDesks is POST /settings/routing/people: everybody whose row is on the page.
func (a area) saveDesks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := a.readDesks(r)
	if err != nil {
		return err
	}
	var changed []routing.Desk
	for i := range p.Rows {
		was := p.Rows[i]
		if r.FormValue(was.field("room")) == "" {
			continue // somebody who came meanwhile
		}
		is := &p.Rows[i]
		is.Room, is.Chats, is.Skills = r.FormValue(is.field("room")), r.FormValue(is.field("chats")), r.FormValue(is.field("skills"))
		is.Languages, is.Away = r.Form[is.field("languages")], r.FormValue(is.field("away")) != ""
		if is.differs(was) {
			changed = append(changed, is.desk())
		}
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, d := range changed {
			if err := routing.SetDesk(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return done(w, r, "/settings/routing/people", "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, desksPage(p))
	return nil
}

func (d deskRow) differs(was deskRow) bool {
	return d.Room != was.Room || d.Chats != was.Chats || d.Skills != was.Skills || d.Away != was.Away || !slices.Equal(d.Languages, was.Languages)
}

// desk is what was typed. Who answers in all languages that there are has no limit; what is no number is one that is refused.
func (d deskRow) desk() routing.Desk {
	out := routing.Desk{Person: d.Person, Room: sorted{"n": d.Room}.number("n"), Chats: sorted{"n": d.Chats}.number("n"), Skills: strings.Split(d.Skills, ","), Away: d.Away}
	if len(d.Languages) < len(i18n.Locales()) {
		for _, l := range d.Languages {
			out.Languages = append(out.Languages, i18n.Locale(l))
		}
	}
	return out
}
