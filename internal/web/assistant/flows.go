package assistant

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/flow"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// way is the page on which the path of a widget is made.
type way struct {
	flow.Flow
	Box      inbox.Inbox
	Boxes    []inbox.Inbox // all widgets
	Path     flow.Path     // as it stands on the page, saved or not
	Visits   map[string]int
	Versions []flow.Version
	Names    map[team.ID]string
	Articles []ui.Option
	Doubts   map[string][]string // of the path, by the key of their step
	Chats    bool                // the assistant answers beside it
	Focus    string              // the key of the step that the page draws attention to
	Trouble  ui.Trouble
}

// since is how far back the page counts visits.
const since = 30 * 24 * time.Hour

func (p way) action(more string) string { return "/assistant/flows/" + p.Box.ID.String() + more }

// flows is GET /assistant/flows: the only widget's page, or which one.
func (a area) flows(w http.ResponseWriter, r *http.Request) error {
	var list []inbox.Inbox
	err := a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) { list, err = widgets(ctx, tx); return err })
	if err != nil {
		return err
	}
	if len(list) == 1 {
		ui.Redirect(w, r, "/assistant/flows/"+list[0].ID.String())
		return nil
	}
	ui.Render(w, r, http.StatusOK, flowsPage(list))
	return nil
}

func widgets(ctx context.Context, tx *db.Tx) (list []inbox.Inbox, err error) {
	all, err := inbox.List(ctx, tx)
	for _, in := range all {
		if in.Channel == "chat" {
			list = append(list, in)
		}
	}
	return list, err
}

var errNoFlow = problem.New(problem.NotFound, "There is no such inbox.")

// flow is GET /assistant/flows/{id}.
func (a area) flow(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadFlow(r)
	if err != nil {
		return err
	}
	return a.showFlow(w, r, http.StatusOK, p)
}

func (a area) loadFlow(r *http.Request) (p way, err error) {
	key, err := id.Read[inbox.ID](r.PathValue("id"))
	if err != nil {
		return p, errNoFlow
	}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Flow, err = flow.Of(ctx, tx, key); err != nil {
			return err
		}
		p.Box, err = inbox.Get(ctx, tx, key)
		return err
	})
	p.Path = p.Draft
	return p, err
}

func (a area) showFlow(w http.ResponseWriter, r *http.Request, status int, p way) error {
	if err := a.Read(r, p.load); err != nil {
		return err
	}
	ui.Render(w, r, status, flowPage(p))
	return nil
}

// load reads what the page shows beside the path.
func (p *way) load(ctx context.Context, tx *db.Tx) (err error) {
	p.Doubts = map[string][]string{}
	for _, d := range p.Path.Doubts() {
		p.Doubts[d.Step] = append(p.Doubts[d.Step], d.Kind)
	}
	if p.Boxes, err = widgets(ctx, tx); err != nil {
		return err
	}
	if p.Visits, err = flow.Visits(ctx, tx, p.Box.ID, tx.Now().Add(-since)); err != nil {
		return err
	}
	if p.Versions, err = flow.Versions(ctx, tx, p.Box.ID); err != nil {
		return err
	}
	if p.Names, err = team.Names(ctx, tx); err != nil {
		return err
	}
	if p.Chats, err = assistant.InChat(ctx, tx); err != nil {
		return err
	}
	pages, err := knowledge.Pages(ctx, tx, i18n.Of(ctx).Locale, knowledge.Find{})
	p.Articles = []ui.Option{{Label: t(ctx, "cites_nothing")}}
	for _, x := range pages {
		p.Articles = append(p.Articles, ui.Option{Value: x.Article.String(), Label: x.Title})
	}
	return err
}

// changeFlow is POST /assistant/flows/{id}. do says what: "" saves the draft, publish also lets it lead visitors; on, off and
// restore:4 act on what was published; the others only rearrange what is on the page.
func (a area) changeFlow(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadFlow(r)
	if err != nil {
		return err
	}
	do, at, _ := strings.Cut(r.FormValue("do"), ":")
	p.Path = readPath(r)
	word := "saved"
	var act func(ctx context.Context, tx *db.Tx) error
	switch do {
	case "":
		act = func(ctx context.Context, tx *db.Tx) error { return flow.Save(ctx, tx, p.Box.ID, p.Path) }
	case "publish":
		word = "flow_published"
		act = func(ctx context.Context, tx *db.Tx) error {
			_, err := flow.Publish(ctx, tx, p.Box.ID, p.Path)
			return err
		}
	case "on", "off":
		word = "flow_is_" + do
		act = func(ctx context.Context, tx *db.Tx) error { return flow.Switch(ctx, tx, p.Box.ID, do == "on") }
	case "restore":
		word = "flow_restored"
		n, _ := strconv.Atoi(at)
		act = func(ctx context.Context, tx *db.Tx) error { return flow.Restore(ctx, tx, p.Box.ID, n) }
	default:
		p.rearrange(do, at, i18n.Of(r.Context()).Locale)
		return a.showFlow(w, r, http.StatusOK, p)
	}
	if err := a.Write(r, act); err != nil {
		if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
			return err
		}
		return a.showFlow(w, r, p.Trouble.Status, p)
	}
	return done(w, r, p.action(""), word)
}

// tryFlow is POST /assistant/flows/{id}/try: what the robot says to something, along the path on the page.
func (a area) tryFlow(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loadFlow(r)
	if err != nil {
		return err
	}
	p.Path = readPath(r)
	l, ok := i18n.Parse(r.FormValue("lang"))
	if !ok {
		l = i18n.Of(r.Context()).Locale
	}
	pressed, label, _ := strings.Cut(r.FormValue("press"), "|")
	said := attempt{Locale: l, Wrote: cmp.Or(label, strings.TrimSpace(r.FormValue("words")))}
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		said.Line, err = a.Robot.Try(ctx, tx, p.Path, pressed, said.Wrote, l)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, attempted(said))
	return nil
}

// attempt is something that somebody says who tries the path, and what he is told.
type attempt struct {
	flow.Line
	Wrote  string
	Locale i18n.Locale
}
