package settings

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/outcall"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) requestRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/requests", team.ManageSettings, a.requests)
	rt.Page("POST /settings/requests/{id}/retry", team.ManageSettings, a.retryRequest)
}

// requestBoard is what was asked of other systems, with what came of it.
type requestBoard struct {
	Calls  []outcall.Call
	Counts map[outcall.State]int
	State  outcall.State // those that are listed; "" is all
	Rule   automation.ID // of which; 0 is any
	Rules  map[automation.ID]string
	Titles map[conversation.ID]string
	Next   string
}

const requestsShown = 50

func (a area) requests(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b := requestBoard{State: outcall.State(r.FormValue("state"))}
	b.Rule, _ = id.Read[automation.ID](r.FormValue("rule"))
	before, _ := id.Read[outcall.ID](r.FormValue("before"))
	err := a.DB.Read(ctx, func(tx *db.Tx) error { return b.read(ctx, tx, before, requestsShown) })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, requestsPage(b))
	return nil
}

func (b *requestBoard) read(ctx context.Context, tx *db.Tx, before outcall.ID, most int) (err error) {
	f := outcall.Filter{State: b.State, Before: before}
	if b.Rule != 0 {
		f.Actor = automation.ActorName(b.Rule)
	}
	if b.Calls, err = outcall.List(ctx, tx, f, most+1); err != nil {
		return err
	}
	if len(b.Calls) > most {
		b.Calls = b.Calls[:most]
		b.Next = b.path(b.State) + "&before=" + b.Calls[most-1].ID.String()
	}
	if b.Counts, err = outcall.Count(ctx, tx); err != nil {
		return err
	}
	if b.Rules, err = automation.Names(ctx, tx); err != nil {
		return err
	}
	b.Titles, err = conversation.Titles(ctx, tx, b.talks())
	return err
}

func (b requestBoard) talks() (list []conversation.ID) {
	for _, c := range b.Calls {
		if key, err := id.Read[conversation.ID](c.Subject); err == nil {
			list = append(list, key)
		}
	}
	return list
}

func (b requestBoard) path(s outcall.State) string {
	p := "/settings/requests?state=" + string(s)
	if b.Rule != 0 {
		p += "&rule=" + b.Rule.String()
	}
	return p
}

func (b requestBoard) segments(ctx context.Context) (list []ui.Link) {
	list = append(list, ui.Link{Label: t(ctx, "hook_all"), URL: b.path(""), Current: b.State == ""})
	for _, s := range outcall.States {
		l := ui.Link{Label: t(ctx, "request_is_"+string(s)), URL: b.path(s), Current: b.State == s}
		if b.Rule == 0 {
			l.Count = b.Counts[s]
		}
		list = append(list, l)
	}
	return list
}

// by is who asked.
func (b requestBoard) by(c outcall.Call) (name, path string) {
	rule := automation.ActorOf(c.Actor)
	if name = b.Rules[rule]; name != "" {
		return name, rulePath(rule)
	}
	return "", ""
}

func (a area) retryRequest(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[outcall.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such request.")
	}
	var c outcall.Call
	err = a.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if c, err = outcall.Get(r.Context(), tx, key); err != nil {
			return err
		}
		return outcall.Retry(r.Context(), tx, key)
	})
	if err != nil {
		return err
	}
	to := "/settings/requests"
	if rule := automation.ActorOf(c.Actor); rule != 0 && strings.HasSuffix(r.Referer(), rulePath(rule)) {
		to = rulePath(rule)
	}
	return done(w, r, to, "hook_resending")
}

func requestTone(s outcall.State) string {
	switch s {
	case outcall.Done:
		return "good"
	case outcall.Failed:
		return "bad"
	}
	return ""
}

// requestText is what was sent, as one reads it: secrets by their names.
func requestText(q outcall.Request) string {
	var b strings.Builder
	b.WriteString(q.Method + " " + q.Address.Shown() + "\n")
	for _, h := range q.Headers {
		b.WriteString(h.Name + ": " + h.Value.Shown() + "\n")
	}
	if text := q.Body.Shown(); text != "" {
		b.WriteString("\n" + text)
	}
	return b.String()
}
