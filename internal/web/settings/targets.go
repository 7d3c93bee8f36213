package settings

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/sla"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) targetRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/targets", team.ManageSettings, a.targets)
	rt.Page("POST /settings/targets", team.ManageSettings, a.saveTargets)
}

// aims is the page of the targets.
type aims struct {
	List    []aim
	Teams   []team.Team
	Trouble ui.Trouble
}

// aim is a target as it is typed.
type aim struct {
	Tier, Stage, Type, Severity, Channel string
	First, Next, Solve, Counts           string
	Pending, Snoozed                     bool
	Raise, Team                          string // what follows when it is broken
}

func (a area) targets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var p aims
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := sla.GetTargets(ctx, tx)
		p = aims{}
		for _, t := range list {
			p.List = append(p.List, aimOf(t))
		}
		if err != nil {
			return err
		}
		p.Teams, err = team.Teams(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, targetsPage(p))
	return nil
}

func aimOf(t sla.Target) aim {
	minutes := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return aim{t.Tier, t.Stage, t.Type, t.Severity, t.Channel, minutes(t.First), minutes(t.Next), minutes(t.Solve), string(t.Counts),
		slices.Contains(t.Pauses, conversation.Pending), slices.Contains(t.Pauses, conversation.Snoozed), t.Breach.Raise, idText(t.Breach.Team)}
}

// saveTargets is POST /settings/targets: all of them in their order, with one to add or to take away.
func (a area) saveTargets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := aims{}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) { p.Teams, err = team.Teams(ctx, tx); return err })
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(r.FormValue("n"))
	for i := range min(n, 100) {
		if r.FormValue("do") != "remove "+strconv.Itoa(i) {
			p.List = append(p.List, typedAim(r, strconv.Itoa(i)+"."))
		}
	}
	if r.FormValue("do") == "add" { // the particular before what fits all
		p.List = append([]aim{{Counts: string(sla.Working), Pending: true}}, p.List...)
		ui.Render(w, r, http.StatusOK, targetsPage(p))
		return nil
	}
	var list []sla.Target
	for _, typed := range p.List {
		list = append(list, typed.target())
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return sla.SetTargets(ctx, tx, list) })
	if err == nil {
		return done(w, r, "/settings/targets", "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, targetsPage(p))
	return nil
}

func typedAim(r *http.Request, at string) aim {
	v := func(name string) string { return strings.TrimSpace(r.FormValue(at + name)) }
	return aim{v("tier"), v("stage"), v("type"), v("severity"), v("channel"), v("first"), v("next"), v("solve"), v("counts"), v("pending") != "", v("snoozed") != "", v("raise"), v("team")}
}

// target is what was typed; what is no number is one that is refused.
func (t aim) target() sla.Target {
	minutes := func(s string) int {
		if s == "" {
			return 0
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		return n
	}
	out := sla.Target{Tier: t.Tier, Stage: t.Stage, Type: t.Type, Severity: t.Severity, Channel: t.Channel, First: minutes(t.First), Next: minutes(t.Next), Solve: minutes(t.Solve), Counts: sla.Counts(t.Counts), Breach: sla.Breached{Raise: t.Raise}}
	out.Breach.Team, _ = id.Read[team.TeamID](t.Team)
	if t.Pending {
		out.Pauses = append(out.Pauses, conversation.Pending)
	}
	if t.Snoozed {
		out.Pauses = append(out.Pauses, conversation.Snoozed)
	}
	return out
}
