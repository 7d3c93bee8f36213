package coverage

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/calendar"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/night"
	"baraji/internal/runbook"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// morning is the page of what happened while the house was closed.
type morning struct {
	Span   night.Span
	Any    bool // there was one
	Groups []caseGroup
	Names  map[team.ID]string
	Stuck  map[conversation.ID]runbook.Run // runbooks that did not help, or were not ended
	Shares night.Shares
	Open   int // cases that nobody has looked at
	All    int
}

type caseGroup struct {
	Name  night.Group
	Cases []night.Case
}

const sharesOver = 28 * 24 * time.Hour

func (a area) morning(w http.ResponseWriter, r *http.Request) error {
	var p morning
	err := a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { p, err = readMorning(r.Context(), tx); return err })
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, morningPage(p))
	return nil
}

func readMorning(ctx context.Context, tx *db.Tx) (p morning, err error) {
	h, err := calendar.Hours(ctx, tx, calendar.Firm)
	if err != nil {
		return p, err
	}
	if p.Shares, err = night.Share(ctx, tx, h, tx.Now().Add(-sharesOver)); err != nil {
		return p, err
	}
	if p.Span, p.Any = night.Last(h, tx.Now()); !p.Any {
		return p, nil
	}
	if p.Names, err = team.Names(ctx, tx); err != nil {
		return p, err
	}
	list, err := night.Cases(ctx, tx, p.Span)
	if err != nil {
		return p, err
	}
	var talks []conversation.ID
	for _, c := range list {
		talks = append(talks, c.ID)
	}
	p.Stuck, err = runbook.Unsolved(ctx, tx, talks)
	for _, c := range list {
		if len(p.Groups) == 0 || p.Groups[len(p.Groups)-1].Name != c.Group {
			p.Groups = append(p.Groups, caseGroup{Name: c.Group})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Cases = append(g.Cases, c)
		if p.All++; c.Looked == 0 {
			p.Open++
		}
	}
	return p, err
}

// lookAt is POST /coverage/morning/{id}: a case was looked at, or with off it is to be looked at again.
func (a area) lookAt(w http.ResponseWriter, r *http.Request) error {
	key, err := id.Read[conversation.ID](r.PathValue("id"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such conversation.")
	}
	off := r.FormValue("off") != ""
	if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return night.Look(r.Context(), tx, key, !off) }); err != nil {
		return err
	}
	undo, word := "/coverage/morning/"+key.String()+"?off=1", "night_looked"
	if off {
		undo, word = "", "night_unlooked"
	}
	return done(w, r, "/coverage/morning", word, undo)
}

// worked names who worked on a case.
func (p morning) worked(ctx context.Context, c night.Case) string {
	var names []string
	for _, who := range c.By {
		names = append(names, p.Names[who])
	}
	if c.Bot {
		names = append(names, t(ctx, "night_bot"))
	}
	if len(names) == 0 {
		return t(ctx, "night_nobody")
	}
	return strings.Join(names, ", ")
}

// stuckWord says at which step a runbook stuck, or that nobody ended it.
func stuckWord(ctx context.Context, r runbook.Run) string {
	title := r.Title.In(i18n.Of(ctx).Locale)
	if n := r.Number(r.Stuck); n > 0 {
		return i18n.T(ctx, "runbook.morning_stuck", "title", title, "n", n)
	}
	return i18n.T(ctx, "runbook.morning_"+string(r.State), "title", title)
}

// nightWord is a stretch of time: 11월 20일(금) 18:00 – 11월 23일(월) 09:00.
func nightWord(ctx context.Context, s night.Span) string {
	if !s.Over {
		return t(ctx, "night_since", "from", i18n.Moment(ctx, s.From))
	}
	return i18n.Moment(ctx, s.From) + " – " + i18n.Moment(ctx, s.Until)
}

func shownSubject(ctx context.Context, c night.Case) string {
	if c.Conversation.Subject == "" {
		return i18n.T(ctx, "inbox.no_subject")
	}
	return c.Conversation.Subject
}

func shownName(ctx context.Context, c night.Case) string {
	if c.ContactName == "" {
		return i18n.T(ctx, "inbox.nameless")
	}
	return c.ContactName
}
