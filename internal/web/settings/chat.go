package settings

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"baraji/internal/channel/chat"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) chatRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/chat/new", team.ManageInboxes, a.newWidget)
	rt.Page("POST /settings/chat/new", team.ManageInboxes, a.createWidget)
	rt.Page("GET /settings/chat/stage", team.ManageInboxes, a.stage)
	rt.Page("POST /settings/chat/look", team.ManageInboxes, a.lookOf)
	rt.Page("GET /settings/chat/{id}", team.ManageInboxes, a.widget)
	rt.Page("POST /settings/chat/{id}", team.ManageInboxes, a.saveWidget)
	rt.Page("POST /settings/chat/{id}/secret", team.ManageInboxes, a.renewSecret)
	rt.Page("GET /settings/chat/{id}/install", team.ManageInboxes, a.installWidget)
	rt.Page("GET /settings/chat/{id}/try", team.ManageInboxes, a.tryWidget)
}

// corner is a chat widget as its form shows it.
type corner struct {
	inbox.Inbox
	chat.Settings
	Teams   []team.Team
	Site    string // how the desk is reached
	Secret  string // shown once, when it was made
	Trouble ui.Trouble
}

func (a area) newWidget(w http.ResponseWriter, r *http.Request) error {
	return a.showWidget(w, r, http.StatusOK, corner{Inbox: inbox.Inbox{Language: string(i18n.Of(r.Context()).Locale)}, Settings: chat.Settings{AskName: true, AskEmail: true}})
}

func (a area) widget(w http.ResponseWriter, r *http.Request) error {
	c, err := a.loadWidget(r)
	if err != nil {
		return err
	}
	return a.showWidget(w, r, http.StatusOK, c)
}

var errNoWidget = problem.New(problem.NotFound, "There is no such inbox.")

func (a area) loadWidget(r *http.Request) (c corner, err error) {
	ctx := r.Context()
	key, err := id.Read[inbox.ID](r.PathValue("id"))
	if err != nil {
		return c, errNoWidget
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if c.Inbox, err = inbox.Get(ctx, tx, key); err != nil {
			return err
		}
		if c.Channel != chat.Channel {
			return errNoWidget
		}
		c.Settings, err = chat.SettingsOf(ctx, tx, key)
		return err
	})
	return c, err
}

func (a area) showWidget(w http.ResponseWriter, r *http.Request, status int, c corner) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		c.Teams, err = team.Teams(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	c.Site = a.Base(r)
	ui.Render(w, r, status, widgetPage(c))
	return nil
}

// script is what stands in the firm's own pages.
func (c corner) script() string {
	return `<script src="` + c.Site + `/widget.js?key=` + c.Address + `" async></script>`
}

func (c corner) action(what string) string {
	if c.ID == 0 {
		return "/settings/chat/new" + what
	}
	return "/settings/chat/" + c.ID.String() + what
}

func (c corner) title(ctx context.Context) string {
	if c.ID == 0 {
		return t(ctx, "chat_new")
	}
	return c.Name
}

func (c corner) side() string {
	if c.Left {
		return "left"
	}
	return "right"
}

func readWidget(r *http.Request, c corner) corner {
	c.Name, c.Language = strings.TrimSpace(r.FormValue("name")), r.FormValue("language")
	c.Inbox.Team, _ = id.Read[team.TeamID](r.FormValue("team"))
	c.Title, c.Greeting = map[string]string{}, map[string]string{}
	for _, l := range i18n.Locales() {
		for name, into := range map[string]map[string]string{"title": c.Title, "greeting": c.Greeting} {
			if text := strings.TrimSpace(r.FormValue(name + "." + string(l))); text != "" {
				into[string(l)] = text
			}
		}
	}
	c.Color, c.Left = strings.TrimSpace(r.FormValue("color")), r.FormValue("side") == "left"
	c.AskName, c.AskEmail, c.Proven = r.FormValue("ask_name") != "", r.FormValue("ask_email") != "", r.FormValue("proven") != ""
	c.Ask = readQuestions(r)
	c.Origins = strings.Fields(strings.ReplaceAll(r.FormValue("origins"), ",", " "))
	return c
}

// questionsShown is how many questions the form has room for.
const questionsShown = 3

// question is the nth question as the form shows it; an empty one below those that are there.
func (c corner) question(n int) chat.Question {
	if n < len(c.Ask) {
		return c.Ask[n]
	}
	return chat.Question{}
}

func questionField(n int, what string) string { return "ask." + strconv.Itoa(n) + "." + what }

func readQuestions(r *http.Request) (list []chat.Question) {
	for n := range questionsShown {
		q := chat.Question{Label: map[string]string{}, Required: r.FormValue(questionField(n, "required")) != ""}
		for _, l := range i18n.Locales() {
			if text := strings.TrimSpace(r.FormValue(questionField(n, string(l)))); text != "" {
				q.Label[string(l)] = text
			}
		}
		if len(q.Label) > 0 {
			list = append(list, q)
		}
	}
	return list
}

func (a area) createWidget(w http.ResponseWriter, r *http.Request) error {
	c := readWidget(r, corner{})
	err := a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		made, err := a.Chat.Create(r.Context(), tx, inbox.Inbox{Name: c.Name, Team: c.Inbox.Team, Language: c.Language}, c.Settings)
		if err == nil {
			c.Inbox = made
		}
		return err
	})
	if err != nil {
		return a.widgetAgain(w, r, c, err)
	}
	return done(w, r, c.action(""), "inbox_made", "name", c.Name)
}

func (a area) saveWidget(w http.ResponseWriter, r *http.Request) error {
	was, err := a.loadWidget(r)
	if err != nil {
		return err
	}
	ctx, c := r.Context(), readWidget(r, was)
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := inbox.Update(ctx, tx, was.ID, inbox.Change{Name: &c.Name, Language: &c.Language, Team: &c.Inbox.Team})
		return errors.Join(err, chat.Configure(ctx, tx, was.ID, c.Settings))
	})
	if err != nil {
		return a.widgetAgain(w, r, c, err)
	}
	return done(w, r, c.action(""), "saved")
}

func (a area) widgetAgain(w http.ResponseWriter, r *http.Request, c corner, err error) error {
	if c.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return a.showWidget(w, r, c.Trouble.Status, c)
}

// renewSecret makes another secret, which the page that comes shows this once.
func (a area) renewSecret(w http.ResponseWriter, r *http.Request) error {
	c, err := a.loadWidget(r)
	if err != nil {
		return err
	}
	err = a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		c.Secret, err = a.Chat.Renew(r.Context(), tx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	return a.showWidget(w, r, http.StatusOK, c)
}

// tryWidget is a page with nothing on it but the widget.
func (a area) tryWidget(w http.ResponseWriter, r *http.Request) error {
	c, err := a.loadWidget(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, widgetTry(c))
	return nil
}
