package settings

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/sequence"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// pathSight is a customer's way through a flow, as its page shows it.
type pathSight struct {
	sequence.Path
	Plan    sequence.Flow // as it is for him
	House   ruleHouse
	Traces  []sequence.Trace
	Title   string // of the conversation; "" is none, or not to be seen
	Decides bool   // whoever looks may answer what it asks
	Trouble ui.Trouble
}

func (a area) path(w http.ResponseWriter, r *http.Request) error {
	return a.showPath(w, r, http.StatusOK, ui.Trouble{})
}

func (a area) showPath(w http.ResponseWriter, r *http.Request, status int, trouble ui.Trouble) error {
	p := pathSight{Trouble: trouble}
	key, err := pathID(r)
	if err != nil {
		return err
	}
	if err := a.DB.Read(r.Context(), func(tx *db.Tx) error { return p.read(r.Context(), tx, key) }); err != nil {
		return err
	}
	ui.Render(w, r, status, pathPage(p))
	return nil
}

func pathID(r *http.Request) (sequence.PathID, error) {
	key, err := id.Read[sequence.PathID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such path.")
	}
	return key, nil
}

func (p *pathSight) read(ctx context.Context, tx *db.Tx, key sequence.PathID) (err error) {
	if p.Path, err = sequence.GetPath(ctx, tx, key); err != nil {
		return err
	}
	if p.Plan, err = sequence.FlowOf(ctx, tx, p.Path); err != nil {
		return err
	}
	if p.Traces, err = sequence.Traces(ctx, tx, key); err != nil {
		return err
	}
	if p.State == sequence.Asking {
		if p.Decides, err = sequence.MayDecide(ctx, tx, p.Path); err != nil {
			return err
		}
	}
	titles, err := conversation.Titles(ctx, tx, []conversation.ID{p.Conversation})
	if err != nil {
		return err
	}
	p.Title = titles[p.Conversation]
	return p.House.Read(team.AsSystem(ctx), tx)
}

// steerPath is POST of one of its buttons.
func (a area) steerPath(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	key, err := pathID(r)
	if err != nil {
		return err
	}
	turn, _ := strconv.Atoi(r.FormValue("turn"))
	do := r.FormValue("do")
	to, _ := strconv.Atoi(r.FormValue("to"))
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		switch do {
		case "pause":
			return sequence.Pause(ctx, tx, key, turn)
		case "resume":
			return sequence.Resume(ctx, tx, key, turn)
		case "retry":
			return sequence.Retry(ctx, tx, key, turn)
		case "stop":
			return sequence.Stop(ctx, tx, key, turn)
		case "take_over":
			return sequence.TakeOver(ctx, tx, key, turn)
		case "move":
			return sequence.Move(ctx, tx, key, turn, to)
		case "yes", "no":
			return sequence.Decide(ctx, tx, key, turn, do == "yes", r.FormValue("note"))
		}
		return problem.For("do", "“%s” is none of the choices.", do)
	})
	if err == nil {
		return done(w, r, "/flows/"+key.String(), "path_"+do)
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	return a.showPath(w, r, trouble.Status, trouble)
}

// beginPath brings a customer into a flow, from his page or a conversation.
func (a area) beginPath(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	flow, err := id.Read[sequence.ID](r.FormValue("flow"))
	if err != nil {
		return problem.For("flow", "Choose one.")
	}
	who, err := id.Read[contact.ID](r.FormValue("contact"))
	if err != nil {
		return problem.New(problem.NotFound, "This customer is not there.")
	}
	talk, _ := id.Read[conversation.ID](r.FormValue("conversation"))
	var key sequence.PathID
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		key, err = sequence.Begin(ctx, tx, flow, who, talk)
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, "/flows/"+key.String(), "path_begun")
}

// passed says whether a step was taken on this way already.
func (p pathSight) passed(key int) bool {
	for _, t := range p.Traces {
		if t.Step == key && t.What != sequence.Began && (p.Step != key || strings.Contains("did yes no over happened approved declined handed", string(t.What))) {
			return true
		}
	}
	return false
}
