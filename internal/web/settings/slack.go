package settings

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

const slackPath = "/settings/slack"

func (a area) slackRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/slack", team.ManageTokens, a.slack)
	rt.Page("POST /settings/slack", team.ManageTokens, a.connectSlack)
	rt.Page("POST /settings/slack/options", team.ManageTokens, a.slackOptions)
	rt.Page("POST /settings/slack/test", team.ManageTokens, a.testSlack)
	rt.Page("POST /settings/slack/read", team.ManageTokens, a.readSlack)
	rt.Page("POST /settings/slack/disconnect", team.ManageTokens, a.disconnectSlack)
	rt.Page("POST /settings/slack/people/{id}/part", team.ManageTokens, a.partSlack)
	rt.Page("POST /settings/slack/people/{id}/join", team.ManageTokens, a.joinSlack)
	rt.Page("POST /settings/slack/messages/{id}/retry", team.ManageTokens, a.retrySlack)
}

// slackBoard is the page: how to connect, or how it stands.
type slackBoard struct {
	slack.Workspace
	Given   slack.Options // as the form has them
	Links   map[team.ID]slack.Link
	People  []team.Person
	Rooms   []slack.Channel
	Names   map[string]string // of channels and people, by target
	Posts   []slack.Post
	Address string // of the desk
	Trouble ui.Trouble
	Renew   bool // a new token is asked for
}

// shownPosts is how many of the last messages are shown.
const shownPosts = 20

func (a area) slackBoard(ctx context.Context) (b slackBoard, err error) {
	b.Address = strings.TrimRight(a.URL, "/")
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if b.Workspace, err = slack.Get(ctx, tx); err != nil || b.ID == 0 {
			return err
		}
		b.Given = b.Options
		return b.read(ctx, tx)
	})
	return b, err
}

func (b *slackBoard) read(ctx context.Context, tx *db.Tx) (err error) {
	links, err := slack.Links(ctx, tx)
	if err != nil {
		return err
	}
	b.Links, b.Names = map[team.ID]slack.Link{}, map[string]string{}
	for _, l := range links {
		b.Links[l.Person] = l
	}
	if b.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
		return err
	}
	for _, p := range b.People {
		b.Names[p.ID.String()] = p.Name
	}
	if b.Rooms, err = slack.Channels(ctx, tx, "", 0); err != nil {
		return err
	}
	for _, c := range b.Rooms {
		b.Names[c.ID] = "#" + c.Name
	}
	b.Posts, err = slack.List(ctx, tx, slack.Filter{}, shownPosts)
	return err
}

func (a area) slack(w http.ResponseWriter, r *http.Request) error {
	b, err := a.slackBoard(r.Context())
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, slackPage(b))
	return nil
}

// slackAgain shows the page with what was wrong. What was pasted is never filled in again.
func (a area) slackAgain(w http.ResponseWriter, r *http.Request, o slack.Options, renew bool, wrong error) error {
	trouble, err := ui.TroubleOf(w, r, wrong)
	if err != nil {
		return err
	}
	b, err := a.slackBoard(r.Context())
	if err != nil {
		return err
	}
	b.Trouble, b.Given, b.Renew = trouble, o, renew
	ui.Render(w, r, trouble.Status, slackPage(b))
	return nil
}

func typedOptions(r *http.Request) slack.Options {
	return slack.Options{Customers: r.FormValue("customers") != "", Notes: r.FormValue("notes") != "", Pages: r.FormValue("pages")}
}

// connectSlack asks Slack first, with no transaction open, and keeps what was pasted only where Slack takes it.
func (a area) connectSlack(w http.ResponseWriter, r *http.Request) error {
	ctx, g := r.Context(), slack.Given{Token: r.FormValue("token"), Signing: r.FormValue("signing"), Options: typedOptions(r)}
	b, err := a.slackBoard(ctx)
	if err != nil {
		return err
	}
	if b.ID != 0 { // a new token: what may be said there stays
		g.Options = b.Options
	}
	f, err := a.Slack.Probe(ctx, &g)
	if err == nil {
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.Slack.Connect(ctx, tx, g, f) })
	}
	if err == nil {
		return done(w, r, slackPath, "slack_connected", "workspace", f.Name)
	}
	return a.slackAgain(w, r, g.Options, true, err)
}

func (a area) slackOptions(w http.ResponseWriter, r *http.Request) error {
	o := typedOptions(r)
	err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return slack.Change(r.Context(), tx, o) })
	if err == nil {
		return done(w, r, slackPath, "saved")
	}
	return a.slackAgain(w, r, o, false, err)
}

func (a area) testSlack(w http.ResponseWriter, r *http.Request) error {
	err := a.Slack.Test(r.Context())
	if err == nil {
		return done(w, r, slackPath, "slack_tested")
	}
	b, fault := a.slackBoard(r.Context())
	if fault != nil {
		return fault
	}
	return a.slackAgain(w, r, b.Options, len(problem.Fields(err)) > 0, err)
}

// slackDo does something with the workspace, and says so on its page.
func (a area) slackDo(w http.ResponseWriter, r *http.Request, word string, fn func(context.Context, *db.Tx) error) error {
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return fn(r.Context(), tx) }); err != nil {
		return err
	}
	return done(w, r, slackPath, word)
}

func (a area) readSlack(w http.ResponseWriter, r *http.Request) error {
	return a.slackDo(w, r, "slack_reading", slack.Survey)
}

func (a area) disconnectSlack(w http.ResponseWriter, r *http.Request) error {
	return a.slackDo(w, r, "slack_disconnected", slack.Disconnect)
}

func (a area) partSlack(w http.ResponseWriter, r *http.Request) error { return a.linkSlack(w, r, true) }

func (a area) joinSlack(w http.ResponseWriter, r *http.Request) error {
	return a.linkSlack(w, r, false)
}

func (a area) linkSlack(w http.ResponseWriter, r *http.Request, part bool) error {
	who, err := id.Read[team.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "They were not found in Slack.")
	}
	word := "slack_joined"
	if part {
		word = "slack_parted"
	}
	return a.slackDo(w, r, word, func(ctx context.Context, tx *db.Tx) error { return slack.Part(ctx, tx, who, part) })
}

func (a area) retrySlack(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[slack.PostID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such message.")
	}
	return a.slackDo(w, r, "hook_resending", func(ctx context.Context, tx *db.Tx) error { return slack.Again(ctx, tx, key) })
}

// sw is a word about Slack.
func sw(ctx context.Context, key string, args ...any) string {
	return i18n.T(ctx, "slack."+key, args...)
}

func (b slackBoard) manifest(ctx context.Context) string {
	return slack.Manifest(b.Address, sw(ctx, "manifest_about"))
}

// makeApp is where Slack makes the app of it, with all filled in.
func (b slackBoard) makeApp(ctx context.Context) templ.SafeURL {
	return templ.SafeURL("https://api.slack.com/apps?new_app=1&manifest_json=" + url.QueryEscape(b.manifest(ctx)))
}

// reachable says whether Slack can tell us something: it goes to names on the net, over TLS.
func (b slackBoard) reachable() bool {
	u, err := url.Parse(b.Address)
	return err == nil && u.Scheme == "https" && strings.Contains(u.Hostname(), ".")
}

// target is where a post goes.
func (b slackBoard) target(p slack.Post) string {
	if name := b.Names[p.Target]; name != "" {
		return name
	}
	return p.Target
}

func (b slackBoard) roomOptions(ctx context.Context) []ui.Option {
	list := []ui.Option{{Label: sw(ctx, "pages_none")}}
	for _, c := range b.Rooms[:min(len(b.Rooms), 500)] {
		list = append(list, ui.Option{Value: c.ID, Label: "#" + c.Name})
	}
	if b.Given.Pages != "" && b.Names[b.Given.Pages] == "" {
		list = append(list, ui.Option{Value: b.Given.Pages, Label: b.Given.Pages})
	}
	return list
}

// missing are those who work here and were not found there.
func (b slackBoard) missing() (list []string) {
	for _, p := range b.People {
		if b.Links[p.ID].User == "" {
			list = append(list, p.Name)
		}
	}
	return list
}

func (b slackBoard) found() (list []team.Person) {
	for _, p := range b.People {
		if b.Links[p.ID].User != "" {
			list = append(list, p)
		}
	}
	return list
}

func postTone(s slack.State) string {
	switch s {
	case slack.Sent:
		return "good"
	case slack.Failed:
		return "bad"
	}
	return ""
}

func postWhy(ctx context.Context, p slack.Post) string {
	if p.Said == "" {
		return sw(ctx, "why_"+string(p.Why))
	}
	return sw(ctx, "why_"+string(p.Why)) + " (" + p.Said + ")"
}
