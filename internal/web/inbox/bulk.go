package inbox

import (
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// mostBulk bounds what is changed at once, so that one write stays short.
const mostBulk = 300

// bulk does one thing to all conversations that are chosen. What cannot be done
// to one does not keep the others from it; the answer says how many there were.
func (a *area) bulk(w http.ResponseWriter, r *http.Request) error {
	ids, err := chosen(r)
	if err != nil {
		return err
	}
	act, err := bulkAction(r)
	if err != nil {
		return err
	}
	failed := 0
	for _, id := range ids {
		err := a.do(r, func(tx *db.Tx) error { return act(tx, id) })
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
	if r.Header.Get("HX-Request") != "true" {
		ui.SayThere(w, r, t, r.FormValue("back"))
		return nil
	}
	ui.Say(w, r, t)
	ui.Trigger(w, "bulk-done", map[string]string{})
	ui.Trigger(w, "refresh", map[string]string{})
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func chosen(r *http.Request) (ids []conversation.ID, err error) {
	if err := r.ParseForm(); err != nil {
		return nil, badForm("form")
	}
	for _, s := range r.Form["id"] {
		var id conversation.ID
		if err := id.UnmarshalText([]byte(s)); err != nil {
			return nil, badForm("id")
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, problem.For("id", "Choose conversations first.")
	}
	if len(ids) > mostBulk {
		return nil, problem.For("id", "Choose at most %d conversations at once.", mostBulk)
	}
	return ids, nil
}

// bulkAction is what the buttons of the bar stand for: do=assign:me, do=status:solved, tag=….
func bulkAction(r *http.Request) (func(*db.Tx, conversation.ID) error, error) {
	ctx := r.Context()
	switch do := r.FormValue("do"); do {
	case "take":
		me := team.From(ctx).Person
		return func(tx *db.Tx, id conversation.ID) error { return conversation.Assign(ctx, tx, id, me) }, nil
	case "assign":
		to, err := assignee(r)
		return func(tx *db.Tx, id conversation.ID) error { return conversation.Assign(ctx, tx, id, to) }, err
	case "open", "pending", "solved":
		return func(tx *db.Tx, id conversation.ID) error {
			return conversation.SetStatus(ctx, tx, id, conversation.Status(do))
		}, nil
	case "tag":
		name := r.FormValue("tag")
		return func(tx *db.Tx, id conversation.ID) error { return conversation.Tag(ctx, tx, id, name) }, nil
	}
	return nil, badForm("do")
}
