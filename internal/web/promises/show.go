package promises

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/promise"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// sight is a promise as its page shows it.
type sight struct {
	promise.Promise
	Days     []promise.Day
	Names    map[team.ID]string
	People   []team.Person
	Talk     conversation.Conversation // zero: none, or not to be seen
	Language i18n.Locale               // the customer's
	Day      string                    // of a new promise or another day, as typed
	Clock    string
	Why      string
	Tell     string // "send", "draft" or ""
	Text     string // what he is told
	Customer string // of a new promise: address or name, as typed
	Trouble  ui.Trouble
}

func (a area) look(r *http.Request) (p sight, err error) {
	key, err := promiseID(r)
	if err != nil {
		return p, err
	}
	return p, a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Promise, err = promise.Get(ctx, tx, key); err != nil {
			return err
		}
		if p.Days, err = promise.Days(ctx, tx, p.Promise); err != nil {
			return err
		}
		if p.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if p.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
			return err
		}
		return p.readTalk(ctx, tx)
	})
}

// readTalk finds the conversation, and the language in which the customer is told something.
func (p *sight) readTalk(ctx context.Context, tx *db.Tx) error {
	p.Language = i18n.Of(ctx).Locale
	if p.Conversation == 0 {
		return nil
	}
	c, err := conversation.Get(ctx, tx, p.Conversation)
	if problem.KindOf(err) == problem.NotFound && err != nil {
		return nil // its owner sees the promise, not the talk
	}
	if err != nil {
		return err
	}
	p.Talk = c
	tag := c.Language
	if tag == "" && c.Contact != 0 {
		who, err := contact.Get(ctx, tx, c.Contact)
		if k := problem.KindOf(err); err != nil && k != problem.NotFound && k != problem.Forbidden {
			return err
		}
		tag = who.Language
	}
	if l, ok := i18n.Parse(tag); ok {
		p.Language = l
	}
	return nil
}

// show is GET /promises/{id}.
func (a area) show(w http.ResponseWriter, r *http.Request) error {
	p, err := a.look(r)
	if err != nil {
		return err
	}
	p.Tell = "draft"
	p.Text = p.told(r.Context(), "")
	ui.Render(w, r, http.StatusOK, showPage(p))
	return nil
}

// told is what the customer reads about another day, in his language. Where the day is not known yet, {day} stands for it.
func (p sight) told(ctx context.Context, day string) string {
	if day == "" {
		day = "{day}"
	}
	reader := i18n.Of(ctx)
	reader.Locale = p.Language
	return t(i18n.With(ctx, reader), "moved_text", "what", p.Words, "day", day)
}

func (a area) save(w http.ResponseWriter, r *http.Request) error {
	p, err := a.look(r)
	if err != nil {
		return err
	}
	p.Words, p.Kind = r.FormValue("words"), r.FormValue("kind")
	p.Owner, _ = id.Read[team.ID](r.FormValue("owner"))
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		return promise.Change(ctx, tx, p.ID, p.Words, p.Kind, p.Owner)
	})
	if err == nil {
		return done(w, r, path(p.ID), ui.Toast{Text: t(r.Context(), "saved")})
	}
	return a.again(w, r, p, err)
}

func (a area) again(w http.ResponseWriter, r *http.Request, p sight, err error) (bad error) {
	if p.Trouble, bad = ui.TroubleOf(w, r, err); bad != nil {
		return bad
	}
	ui.Render(w, r, p.Trouble.Status, showPage(p))
	return nil
}

// close is POST /promises/{id}/close?to=kept|broken. It can be undone.
func (a area) close(w http.ResponseWriter, r *http.Request) error {
	key, err := promiseID(r)
	if err != nil {
		return err
	}
	to := promise.State(r.FormValue("to"))
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return promise.Close(ctx, tx, key, to) }); err != nil {
		return err
	}
	return done(w, r, orElse(r.FormValue("back"), path(key)), ui.Toast{Text: t(r.Context(), "is_"+string(to)), Undo: path(key) + "/reopen"})
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return ui.Local(s)
}

func (a area) reopen(w http.ResponseWriter, r *http.Request) error {
	key, err := promiseID(r)
	if err != nil {
		return err
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return promise.Reopen(ctx, tx, key) }); err != nil {
		return err
	}
	return done(w, r, path(key), ui.Toast{Text: t(r.Context(), "is_open")})
}

// move is POST /promises/{id}/move: another day, and what the customer is told of it: at once, as a draft in the composer, or nothing.
func (a area) move(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := a.look(r)
	if err != nil {
		return err
	}
	p.Day, p.Clock, p.Why, p.Tell, p.Text = r.FormValue("day"), r.FormValue("time"), r.FormValue("why"), r.FormValue("tell"), r.FormValue("text")
	due, allDay := dueOf(ctx, p.Day, p.Clock)
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		if err := promise.Move(ctx, tx, p.ID, due, allDay, p.Why); err != nil {
			return err
		}
		if p.Talk.ID == 0 || p.Tell == "" || p.Text == "" {
			return nil
		}
		text := filled(p.Text, dayWord(ctx, p.Language, due, allDay))
		if p.Tell == "send" {
			_, err := conversation.Reply(ctx, tx, p.Talk.ID, conversation.Answer{Text: text})
			return err
		}
		return conversation.SaveDraft(ctx, tx, p.Talk.ID, conversation.FromAgent, text)
	})
	if err != nil {
		return a.again(w, r, p, err)
	}
	to, word := path(p.ID), "is_moved"
	if p.Talk.ID != 0 && p.Tell == "draft" && p.Text != "" {
		to, word = "/inbox/"+p.Talk.ID.String()+"?view=all", "is_drafted"
	}
	return done(w, r, to, ui.Toast{Text: t(ctx, word)})
}

func (a area) remove(w http.ResponseWriter, r *http.Request) error {
	key, err := promiseID(r)
	if err != nil {
		return err
	}
	if err := a.Write(r, func(ctx context.Context, tx *db.Tx) error { return promise.Remove(ctx, tx, key) }); err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "true" || r.FormValue("back") == "" && r.Header.Get("Referer") == "" {
		ui.Say(w, r, ui.Toast{Text: t(r.Context(), "is_removed")})
		ui.Trigger(w, "refresh", map[string]string{})
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return done(w, r, "/promises", ui.Toast{Text: t(r.Context(), "is_removed")})
}

func (a area) newForm(w http.ResponseWriter, r *http.Request) error {
	p := sight{Customer: r.URL.Query().Get("customer")}
	p.Owner = team.From(r.Context()).Person
	return a.showNew(w, r, http.StatusOK, p)
}

func (a area) showNew(w http.ResponseWriter, r *http.Request, status int, p sight) error {
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		p.People, err = team.People(ctx, tx, team.Filter{State: team.Active})
		if err != nil {
			return err
		}
		if key, err := id.Read[contact.ID](p.Customer); err == nil {
			who, err := contact.Get(ctx, tx, key)
			if err != nil {
				return err
			}
			p.Contact, p.ContactName = who.ID, who.Name
		}
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, status, newPage(p))
	return nil
}

func (a area) create(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := sight{Day: r.FormValue("day"), Clock: r.FormValue("time"), Customer: r.FormValue("customer")}
	p.Words, p.Kind = r.FormValue("words"), r.FormValue("kind")
	p.Owner, _ = id.Read[team.ID](r.FormValue("owner"))
	g := promise.Given{Words: p.Words, Kind: p.Kind, Owner: p.Owner}
	g.Due, g.AllDay = dueOf(ctx, p.Day, p.Clock)
	var made promise.ID
	err := a.Write(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if g.Contact, err = customer(ctx, tx, p.Customer); err != nil {
			return err
		}
		made, err = promise.Make(ctx, tx, g)
		return err
	})
	if err == nil {
		return done(w, r, path(made), ui.Toast{Text: t(ctx, "noted")})
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showNew(w, r, p.Trouble.Status, p)
}

// customer is who was typed: an id, an address or a name that only one has.
func customer(ctx context.Context, tx *db.Tx, typed string) (contact.ID, error) {
	if key, err := id.Read[contact.ID](typed); err == nil {
		return key, nil
	}
	if typed == "" {
		return 0, problem.For("customer", "Choose a customer.")
	}
	list, _, err := contact.List(ctx, tx, contact.Filter{Query: typed, Limit: 2})
	if err != nil {
		return 0, err
	}
	if len(list) != 1 {
		return 0, problem.For("customer", "%d customers are found. Enter the address of one.", len(list))
	}
	return list[0].ID, nil
}

// dueOf reads a day and a time in the reader's zone. Without a time it is all day.
func dueOf(ctx context.Context, day, clock string) (due time.Time, allDay bool) {
	zone := i18n.Of(ctx).Zone
	if at, err := time.ParseInLocation(time.DateOnly+" 15:04", day+" "+clock, zone); err == nil {
		return at.UTC(), false
	}
	if at, err := time.ParseInLocation(time.DateOnly+" 15:04", day+" 12:00", zone); err == nil && clock == "" {
		return at.UTC(), true
	}
	return time.Time{}, false
}
