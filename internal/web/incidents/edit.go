package incidents

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/web/ui"
)

// sheet is the form of an incident, new or not.
type sheet struct {
	ID         incident.ID // none: it is new
	Name       string
	Given      incident.Given
	Since      string // as typed
	Components []incident.Component
	Hit        map[incident.ComponentID]incident.Impact
	Products   []string
	Versions   []string
	Doors      []inbox.Inbox
	Talks      []conversation.ID // are linked when it is opened
	Trouble    ui.Trouble
}

const clockForm = "2006-01-02T15:04" // of <input type=datetime-local>

// choices reads what the form offers.
func (s *sheet) choices(ctx context.Context, tx *db.Tx) (err error) {
	if s.Components, err = incident.Components(ctx, tx); err != nil {
		return err
	}
	if s.Products, s.Versions, err = incident.Known(ctx, tx); err != nil {
		return err
	}
	for _, h := range []contact.Holder{contact.OfContact, contact.OfCompany} {
		fields, err := contact.Fields(ctx, tx, h)
		if err != nil {
			return err
		}
		for _, f := range fields {
			s.Products = append(s.Products, f.Choices...)
		}
	}
	all, err := inbox.List(ctx, tx)
	s.Doors = nil
	for _, in := range all {
		if in.Channel == "email" && in.Enabled {
			s.Doors = append(s.Doors, in)
		}
	}
	return err
}

func (a area) newForm(w http.ResponseWriter, r *http.Request) error {
	s := sheet{Given: incident.Given{Severity: "major", Public: true}, Since: a.DB.Now().In(i18n.Of(r.Context()).Zone).Format(clockForm), Hit: map[incident.ComponentID]incident.Impact{}, Talks: talks(r)}
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) error {
		if len(s.Talks) == 1 { // it is about what this customer wrote
			c, err := conversation.Get(ctx, tx, s.Talks[0])
			if err != nil {
				return err
			}
			s.Given.Title = i18n.Text{i18n.Of(ctx).Locale: c.Subject}
			if c.Severity != "" {
				s.Given.Severity = c.Severity
			}
		}
		return s.choices(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, editPage(s))
	return nil
}

// talks are the conversations that a form names.
func talks(r *http.Request) (list []conversation.ID) {
	_ = r.ParseForm()
	for _, s := range r.Form["talk"] {
		if c, err := id.Read[conversation.ID](s); err == nil && len(list) < 300 {
			list = append(list, c)
		}
	}
	return list
}

func (a area) open(w http.ResponseWriter, r *http.Request) error {
	s := typed(r, a.DB.Now())
	s.Talks = talks(r)
	var made incident.Incident
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if made, err = incident.Open(ctx, tx, s.Given); err != nil {
			return err
		}
		for _, c := range s.Talks {
			if err := incident.Link(ctx, tx, made.ID, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return a.again(w, r, s, err)
	}
	return done(w, r, path(made.ID), "opened", "name", made.Name())
}

// typed is what was typed.
func typed(r *http.Request, now time.Time) sheet {
	zone := i18n.Of(r.Context()).Zone
	s := sheet{Since: r.FormValue("since"), Hit: hits(r)}
	s.Given = incident.Given{Title: texts(r, "title"), Product: r.FormValue("product"), Version: r.FormValue("version"), Words: r.FormValue("words"), Severity: r.FormValue("severity"),
		Public: r.FormValue("public") != "", Impacts: s.Hit}
	s.Given.Inbox, _ = id.Read[inbox.ID](r.FormValue("inbox"))
	if at, err := time.ParseInLocation(clockForm, s.Since, zone); err == nil {
		s.Given.StartedAt = at.UTC()
		if d := at.Sub(now); d > 0 && d < time.Minute {
			s.Given.StartedAt = now
		}
	}
	return s
}

// hits reads how components are hit: component.<id>=<impact>.
func hits(r *http.Request) map[incident.ComponentID]incident.Impact {
	all := map[incident.ComponentID]incident.Impact{}
	_ = r.ParseForm()
	for name := range r.Form {
		if s, ok := strings.CutPrefix(name, "component."); ok {
			if c, err := id.Read[incident.ComponentID](s); err == nil {
				all[c] = incident.Impact(r.FormValue(name))
			}
		}
	}
	return all
}

// texts reads a text in both languages: title.en, title.ko.
func texts(r *http.Request, name string) i18n.Text {
	text := i18n.Text{}
	for _, l := range i18n.Locales() {
		text[l] = r.FormValue(name + "." + string(l))
	}
	return text
}

func (a area) again(w http.ResponseWriter, r *http.Request, s sheet, err error) error {
	if s.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	if err := a.Read(r, func(ctx context.Context, tx *db.Tx) error { return s.choices(ctx, tx) }); err != nil {
		return err
	}
	ui.Render(w, r, s.Trouble.Status, editPage(s))
	return nil
}

func (a area) editForm(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	s := sheet{ID: key}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) error {
		i, err := incident.Get(ctx, tx, key)
		if err != nil {
			return err
		}
		s.Name, s.Given, s.Since = i.Name(), i.Given(), i.StartedAt.In(i18n.Of(ctx).Zone).Format(clockForm)
		if s.Hit, err = incident.Hit(ctx, tx, key); err != nil {
			return err
		}
		return s.choices(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, editPage(s))
	return nil
}

func (a area) edit(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	s := typed(r, a.DB.Now())
	s.ID = key
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		i, err := incident.Get(ctx, tx, key)
		if err != nil {
			return err
		}
		s.Name = i.Name()
		return incident.Change(ctx, tx, key, s.Given)
	})
	if err != nil {
		return a.again(w, r, s, err)
	}
	return done(w, r, path(key), "saved")
}
