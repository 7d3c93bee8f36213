package inbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// mostBulk bounds what is changed while one waits for the answer; mostMatching
// what is changed behind it.
const (
	mostBulk     = 300
	mostMatching = 10_000
)

// bulk does one thing to all conversations that are chosen. What cannot be done
// to one does not keep the others from it; the answer says how many there were.
func (a *area) bulk(w http.ResponseWriter, r *http.Request) error {
	if r.FormValue("do") == "incident" {
		ids, err := chosen(r)
		if err != nil {
			return err
		}
		return a.askIncident(w, r, ids)
	}
	act, err := bulkAct(r)
	if err != nil {
		return err
	}
	if r.FormValue("all") != "" {
		return a.bulkAll(w, r, act)
	}
	ids, err := chosen(r)
	if err != nil {
		return err
	}
	failed := 0
	for _, id := range ids {
		err := a.do(r, func(tx *db.Tx) error { return act.On(r.Context(), tx, id) })
		if _, ours := problem.As(err); err != nil && !ours {
			return err
		}
		if err != nil {
			failed++
		}
	}
	t := ui.Toast{Text: i18n.T(r.Context(), "inbox.bulk_done", "n", len(ids)-failed)}
	if failed > 0 {
		t.Text += " " + i18n.T(r.Context(), "inbox.bulk_failed", "n", failed)
		t.Kind = "bad"
	}
	bulkDone(w, r, t)
	return nil
}

func bulkDone(w http.ResponseWriter, r *http.Request, t ui.Toast) {
	if r.Header.Get("HX-Request") != "true" {
		ui.SayThere(w, r, t, r.FormValue("back"))
		return
	}
	ui.Say(w, r, t)
	ui.Trigger(w, "bulk-done", map[string]string{})
	ui.Trigger(w, "close-dialog", map[string]string{})
	ui.Trigger(w, "refresh", map[string]string{})
	w.WriteHeader(http.StatusNoContent)
}

// sweeping is an act on all that a list shows, over all its pages, as it is asked
// about before it is done.
type sweeping struct {
	Act   conversation.Act
	Count int
	Until time.Time // what was said later is left alone: nobody has seen it
	Back  string
}

// bulkAll does one thing to all conversations of a list. It says first how many
// they are; once that was confirmed, jobs do it.
func (a *area) bulkAll(w http.ResponseWriter, r *http.Request, act conversation.Act) error {
	ctx := r.Context()
	v, err := viewBehind(r.FormValue("back"))
	if err != nil {
		return err
	}
	s := sweeping{Act: act, Until: a.DB.Now(), Back: v.url(0)}
	sure := r.FormValue("sure") != ""
	if sure {
		ms, err := strconv.ParseInt(r.FormValue("until"), 10, 64)
		if err != nil {
			return badForm("until")
		}
		s.Until = time.UnixMilli(ms)
	}
	match := func(tx *db.Tx) ([]conversation.ID, error) {
		ids, err := conversation.Matching(ctx, tx, v.filter(ctx), v.Sort, s.Until, mostMatching+1)
		s.Count = len(ids)
		switch {
		case err == nil && len(ids) == 0:
			err = problem.For("talk", "Choose conversations first.")
		case len(ids) > mostMatching:
			err = problem.For("talk", "Choose at most %d conversations at once.", mostMatching)
		}
		return ids, err
	}
	if !sure {
		if err := a.DB.Read(ctx, func(tx *db.Tx) error { _, err := match(tx); return err }); err != nil {
			return err
		}
		return a.askFirst(w, r, s)
	}
	err = a.do(r, func(tx *db.Tx) error {
		ids, err := match(tx)
		if err != nil {
			return err
		}
		return conversation.Sweep(ctx, tx, act, ids)
	})
	if err != nil {
		return err
	}
	bulkDone(w, r, ui.Toast{Text: i18n.T(ctx, "inbox.sweep_begun", "n", s.Count)})
	return nil
}

// askFirst shows what would be done, over the page or as a page of its own.
func (a *area) askFirst(w http.ResponseWriter, r *http.Request, s sweeping) error {
	if r.Header.Get("HX-Request") != "true" {
		ui.Render(w, r, http.StatusOK, sweepPage(s))
		return nil
	}
	w.Header().Set("HX-Retarget", "#dialog")
	w.Header().Set("HX-Reswap", "innerHTML")
	ui.Render(w, r, http.StatusOK, sweepDialog(s))
	return nil
}

// viewBehind is the view of a list's address.
func viewBehind(address string) (view, error) {
	u, err := url.Parse(ui.Local(address))
	if err != nil || u.Path != "/inbox" {
		return view{}, badForm("back")
	}
	return readView(u.Query())
}

func chosen(r *http.Request) (ids []conversation.ID, err error) {
	if err := r.ParseForm(); err != nil {
		return nil, badForm("form")
	}
	for _, s := range r.Form["talk"] {
		var id conversation.ID
		if err := id.UnmarshalText([]byte(s)); err != nil {
			return nil, badForm("talk")
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, problem.For("talk", "Choose conversations first.")
	}
	if len(ids) > mostBulk {
		return nil, problem.For("talk", "Choose at most %d conversations at once.", mostBulk)
	}
	return ids, nil
}

// bulkAct is what the buttons of the bar stand for: do=take, do=assign with to=…,
// do=tag with tag=…, or a status.
func bulkAct(r *http.Request) (act conversation.Act, err error) {
	act.Do = r.FormValue("do")
	switch act.Do {
	case "take":
		act.Do, act.To = "assign", team.From(r.Context()).Person
	case "assign":
		act.To, err = assignee(r)
	case "tag":
		act.Tag = strings.TrimSpace(r.FormValue("tag"))
	}
	if err != nil {
		return act, err
	}
	return act, act.Check()
}

// word is what is done, as the heading of its dialog: the key of a sentence with {n}.
func (s sweeping) word(mine team.ID) string {
	switch {
	case s.Act.Do == "assign" && s.Act.To == mine:
		return "inbox.sweep_take"
	case s.Act.Do == "assign" && s.Act.To == 0:
		return "inbox.sweep_unassign"
	}
	return "inbox.sweep_" + s.Act.Do
}

// to is who shall have it, as the form sends it.
func (s sweeping) to() string {
	if s.Act.To == 0 {
		return ""
	}
	return s.Act.To.String()
}
