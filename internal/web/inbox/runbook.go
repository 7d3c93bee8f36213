package inbox

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// picking is the choice of a runbook for a conversation.
type picking struct {
	Talk      conversation.ID
	Words     string
	Suggested []runbook.Suggestion
	Found     []runbook.Runbook // the rest, or what the words found
}

const mostPicked = 30

// runbookForm is GET /inbox/{id}/runbook?q=: which runbook one follows.
func (a *area) runbookForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	p := picking{Talk: talk, Words: strings.TrimSpace(r.URL.Query().Get("q"))}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := conversation.Get(ctx, tx, talk)
		if err != nil {
			return err
		}
		if p.Words == "" {
			if p.Suggested, err = runbook.Suggest(ctx, tx, c); err != nil {
				return err
			}
		}
		p.Found, err = runbook.List(ctx, tx, runbook.Filter{Words: p.Words})
		p.Found = slices.DeleteFunc(p.Found, func(b runbook.Runbook) bool {
			return slices.ContainsFunc(p.Suggested, func(s runbook.Suggestion) bool { return s.ID == b.ID })
		})
		p.Found = p.Found[:min(len(p.Found), mostPicked)]
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("HX-Retarget", "#dialog")
	w.Header().Set("HX-Reswap", "innerHTML")
	ui.Render(w, r, http.StatusOK, runbookDialog(p))
	return nil
}

// startRunbook is POST /inbox/{id}/runbook.
func (a *area) startRunbook(w http.ResponseWriter, r *http.Request) error {
	talk, err := conversationID(r)
	if err != nil {
		return err
	}
	of, err := id.Read[runbook.ID](r.FormValue("runbook"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such runbook.")
	}
	var run runbook.Run
	if err := a.do(r, func(tx *db.Tx) (err error) { run, err = runbook.Start(r.Context(), tx, talk, of); return err }); err != nil {
		return err
	}
	done(w, r, talk, ui.Toast{Text: i18n.T(r.Context(), "runbook.said_started", "title", booked(r.Context(), run.Title))})
	return nil
}

// runOf reads which run of which conversation an address means.
func (a *area) runOf(r *http.Request) (talk conversation.ID, run runbook.RunID, err error) {
	if talk, err = conversationID(r); err != nil {
		return talk, run, err
	}
	if run, err = id.Read[runbook.RunID](r.PathValue("run")); err != nil {
		err = problem.New(problem.NotFound, "This runbook is not followed here.")
	}
	return talk, run, err
}

// ending is the question how a runbook ended that did not help.
type ending struct {
	conversation.Conversation
	Run    runbook.Run
	To     runbook.State
	Why    string
	Team   team.TeamID
	Teams  []team.Team // but the one that has it
	Errors ui.Errors
}

// endForm is GET /inbox/{id}/runbook/{run}?to=: why it did not help, and who takes the conversation on.
func (a *area) endForm(w http.ResponseWriter, r *http.Request) error {
	e := ending{To: runbook.State(r.URL.Query().Get("to"))}
	if e.To != runbook.GivenUp {
		e.To = runbook.HandedOver
	}
	return a.showEnding(w, r, http.StatusOK, e)
}

func (a *area) showEnding(w http.ResponseWriter, r *http.Request, status int, e ending) error {
	talk, run, err := a.runOf(r)
	if err != nil {
		return err
	}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if e.Conversation, err = conversation.Get(r.Context(), tx, talk); err != nil {
			return err
		}
		if e.Run, err = runbook.GetRun(r.Context(), tx, run); err != nil {
			return err
		}
		e.Teams, err = team.Teams(r.Context(), tx)
		e.Teams = slices.DeleteFunc(e.Teams, func(t team.Team) bool { return t.ID == e.Conversation.Team })
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("HX-Retarget", "#dialog")
	w.Header().Set("HX-Reswap", "innerHTML")
	ui.Render(w, r, status, endDialog(e))
	return nil
}

// followRunbook is POST /inbox/{id}/runbook/{run}: a step is ticked, its service called, the last tick taken back, or the run ends.
func (a *area) followRunbook(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	talk, run, err := a.runOf(r)
	if err != nil {
		return err
	}
	step, _ := strconv.Atoi(r.FormValue("step"))
	what, note := r.FormValue("do"), r.FormValue("note")
	e := ending{To: runbook.State(what), Why: r.FormValue("why")}
	e.Team, _ = id.Read[team.TeamID](r.FormValue("team"))
	err = a.do(r, func(tx *db.Tx) error {
		if err := here(ctx, tx, run, talk); err != nil {
			return err
		}
		switch what {
		case "back":
			return runbook.TakeBack(ctx, tx, run)
		case "resume":
			return runbook.Resume(ctx, tx, run)
		case "call":
			_, err := runbook.CallOut(ctx, tx, run, step)
			return err
		case string(runbook.Solved), string(runbook.GivenUp), string(runbook.HandedOver):
			return runbook.End(ctx, tx, run, runbook.Ending{To: e.To, Why: e.Why, Team: e.Team})
		}
		return runbook.TickOff(ctx, tx, run, step, runbook.What(what), note)
	})
	if e.To == runbook.GivenUp || e.To == runbook.HandedOver {
		if e.Errors = ui.ErrorsOf(ctx, err); len(e.Errors) > 0 {
			return a.showEnding(w, r, http.StatusUnprocessableEntity, e)
		}
	}
	if err != nil {
		return err
	}
	toast := ui.Toast{}
	at := "/inbox/" + talk.String() + "/runbook/" + run.String()
	switch what {
	case "back", "resume":
	case "call":
		toast.Text = i18n.T(ctx, "runbook.said_called")
	case string(runbook.Solved), string(runbook.GivenUp), string(runbook.HandedOver):
		toast = ui.Toast{Text: i18n.T(ctx, "runbook.said_"+what), Undo: at + "?do=resume"}
	default:
		toast = ui.Toast{Text: i18n.T(ctx, "runbook.said_"+what), Undo: at + "?do=back"}
	}
	done(w, r, talk, toast)
	return nil
}

// here refuses a run of another conversation than the address says.
func here(ctx context.Context, tx *db.Tx, run runbook.RunID, talk conversation.ID) error {
	r, err := runbook.GetRun(ctx, tx, run)
	if err == nil && r.Conversation != talk {
		err = problem.New(problem.NotFound, "This runbook is not followed here.")
	}
	return err
}

// bookSuggestions are runbooks for a conversation in which none is followed.
func bookSuggestions(ctx context.Context, tx *db.Tx, talk conversation.ID) ([]runbook.Suggestion, error) {
	if !team.From(ctx).Can(team.Handle) {
		return nil, nil
	}
	had, err := runbook.Of(ctx, tx, talk)
	if err != nil || slices.ContainsFunc(had, func(r runbook.Run) bool { return r.State == runbook.Running }) {
		return nil, err
	}
	c, err := conversation.Get(ctx, tx, talk)
	if err != nil {
		return nil, err
	}
	return runbook.Suggest(ctx, tx, c)
}
