package inbox

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/promise"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// promising is the dialog in which a promise is noted.
type promising struct {
	Talk     conversation.ID
	Message  string
	Sentence string
	Words    string
	Kind     string
	Day      string // as <input type=date> has it
	Time     string // "" by the end of the day
	Read     bool   // the day was read out of the sentence
	Owner    team.ID
	People   []team.Person
	Errors   ui.Errors
}

// promiseForm is GET /inbox/{id}/promise?words=&message=: filled in from the sentence that was selected.
func (a *area) promiseForm(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	now := i18n.Of(r.Context()).Now.In(i18n.Of(r.Context()).Zone)
	p := promising{Talk: talk, Message: r.FormValue("message"), Sentence: clipped(r.FormValue("words")), Owner: team.From(r.Context()).Person}
	p.Words = p.Sentence
	if at, timed, ok := whenIn(p.Sentence, now); ok {
		p.Day, p.Read = at.Format(time.DateOnly), true
		if timed {
			p.Time = at.Format("15:04")
		}
	}
	return a.showPromise(w, r, http.StatusOK, p)
}

const longestQuote = 500

func clipped(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > longestQuote {
		return string(r[:longestQuote])
	}
	return s
}

func (a *area) showPromise(w http.ResponseWriter, r *http.Request, status int, p promising) error {
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if _, err = conversation.Get(r.Context(), tx, p.Talk); err != nil {
			return err
		}
		p.People, err = team.People(r.Context(), tx, team.Filter{State: team.Active})
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("HX-Retarget", "#dialog")
	w.Header().Set("HX-Reswap", "innerHTML")
	ui.Render(w, r, status, promiseDialog(p))
	return nil
}

// promise is POST /inbox/{id}/promise.
func (a *area) promise(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	p := promising{Talk: talk, Message: r.FormValue("message"), Sentence: clipped(r.FormValue("sentence")), Words: r.FormValue("words"), Kind: r.FormValue("kind"), Day: r.FormValue("day"), Time: r.FormValue("time")}
	p.Owner, _ = id.Read[team.ID](r.FormValue("owner"))
	g := promise.Given{Words: p.Words, Kind: p.Kind, Owner: p.Owner, Conversation: talk, Sentence: p.Sentence}
	g.Message, _ = readMessageID(p.Message)
	g.Due, g.AllDay = dueOf(ctx, p.Day, p.Time)
	var made promise.ID
	err = a.do(r, func(tx *db.Tx) (err error) { made, err = promise.Make(ctx, tx, g); return err })
	if p.Errors = ui.ErrorsOf(ctx, err); len(p.Errors) > 0 {
		return a.showPromise(w, r, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	toast := ui.Toast{Text: i18n.T(ctx, "promise.noted"), Undo: "/promises/" + made.String() + "/remove"}
	if r.Header.Get("HX-Request") != "true" {
		ui.SayThere(w, r, toast, "/inbox/"+talk.String())
		return nil
	}
	ui.Say(w, r, toast)
	ui.Trigger(w, "close-dialog", map[string]string{})
	ui.Trigger(w, "refresh", map[string]string{})
	w.WriteHeader(http.StatusNoContent)
	return nil
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

// promiseWord says until when, and what became of it.
func promiseWord(ctx context.Context, p promise.Promise) string {
	until := i18n.Moment(ctx, p.Due)
	if p.AllDay {
		until = i18n.Date(ctx, p.Due)
	}
	if p.State != promise.Open {
		return i18n.T(ctx, "promise.state_"+string(p.State)) + " · " + until
	}
	return i18n.T(ctx, "promise.until", "when", until)
}

func promiseKinds(ctx context.Context) (list []ui.Option) {
	for _, k := range promise.Kinds {
		list = append(list, ui.Option{Value: k, Label: i18n.T(ctx, "promise.kind_"+k)})
	}
	return list
}

func keepers(list []team.Person) (out []ui.Option) {
	for _, p := range list {
		out = append(out, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	return out
}
