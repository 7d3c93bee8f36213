package coverage

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// serving is a service as it is typed.
type serving struct {
	ID            oncall.ServiceID
	Name, About   string
	Team          string
	Again, Silent string
	Steps         []typedStep
	Rules         []oncall.Rule
	Choices       []ui.Option // whom a step can tell
	Teams         []team.Team
	Trouble       ui.Trouble
}

type typedStep struct {
	Who  []string // ids
	Wait string
	Ways []string
}

// newService stands in the address for one that is not there yet.
const newService = "new"

func (p serving) path() string {
	if p.ID == 0 {
		return onCallPath + "/services/" + newService
	}
	return onCallPath + "/services/" + p.ID.String()
}

func (a area) service(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := serving{Steps: []typedStep{{Wait: "5"}}, Again: "1", Silent: "30", Rules: []oncall.Rule{{On: oncall.Asked, Severity: "critical", When: oncall.Always, Urgent: true}}}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		if r.PathValue("id") != newService {
			s, err := readService(ctx, tx, r)
			if err != nil {
				return err
			}
			p = typedService(s)
		}
		return p.readChoices(ctx, tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, servicePage(p))
	return nil
}

func readService(ctx context.Context, tx *db.Tx, r *http.Request) (oncall.Service, error) {
	at, err := id.Read[oncall.ServiceID](r.PathValue("id"))
	if err != nil {
		return oncall.Service{}, problem.New(problem.NotFound, "There is no such service.")
	}
	return oncall.GetService(ctx, tx, at)
}

func typedService(s oncall.Service) serving {
	p := serving{ID: s.ID, Name: s.Name, About: s.About, Team: s.Team.String(), Again: strconv.Itoa(s.Again), Silent: strconv.Itoa(s.Silent), Rules: s.Rules}
	for _, step := range s.Steps {
		typed := typedStep{Wait: strconv.Itoa(step.Wait)}
		for _, t := range step.Who {
			typed.Who = append(typed.Who, t.Person.String()+t.Rota.String()+t.Team.String())
		}
		for _, w := range step.Ways {
			typed.Ways = append(typed.Ways, string(w))
		}
		p.Steps = append(p.Steps, typed)
	}
	return p
}

// readChoices reads whom a step can tell: rotas first, for they are never on holiday.
func (p *serving) readChoices(ctx context.Context, tx *db.Tx) error {
	rotas, err := shift.Rotas(ctx, tx)
	if err != nil {
		return err
	}
	if p.Teams, err = team.Teams(ctx, tx); err != nil {
		return err
	}
	people, err := team.People(ctx, tx, team.Filter{State: team.Active})
	if err != nil {
		return err
	}
	p.Choices = nil
	for _, r := range rotas {
		p.Choices = append(p.Choices, ui.Option{Value: r.ID.String(), Label: t(ctx, "on_duty_in", "rota", r.Name), Group: t(ctx, "part_rotas")})
	}
	for _, one := range p.Teams {
		p.Choices = append(p.Choices, ui.Option{Value: one.ID.String(), Label: t(ctx, "all_of", "team", one.Name), Group: t(ctx, "teams")})
	}
	for _, one := range people {
		p.Choices = append(p.Choices, ui.Option{Value: one.ID.String(), Label: one.Name, Group: t(ctx, "people")})
	}
	return nil
}

// readServing is what was typed, with what a button of it does: a step more, one less, one up.
func readServing(r *http.Request) serving {
	p := serving{Name: r.FormValue("name"), About: r.FormValue("about"), Team: r.FormValue("team"), Again: r.FormValue("again"), Silent: r.FormValue("silent")}
	p.ID, _ = id.Read[oncall.ServiceID](r.PathValue("id"))
	for i := range count(r, "n", 20) {
		at := strconv.Itoa(i) + "."
		step := typedStep{Wait: strings.TrimSpace(r.FormValue(at + "wait")), Ways: r.Form[at+"way"]}
		for _, who := range r.Form[at+"who"] {
			if who != "" && !slices.Contains(step.Who, who) {
				step.Who = append(step.Who, who)
			}
		}
		p.Steps = append(p.Steps, step)
	}
	for i := range count(r, "rules", 30) {
		v := func(name string) string { return r.FormValue("r" + strconv.Itoa(i) + "." + name) }
		p.Rules = append(p.Rules, oncall.Rule{On: v("on"), Severity: v("severity"), Type: v("type"), Tier: v("tier"), When: v("when"), Urgent: v("urgent") != ""})
	}
	return p
}

// count is a number that the form says of itself.
func count(r *http.Request, name string, most int) int {
	n, _ := strconv.Atoi(r.FormValue(name))
	return max(0, min(n, most))
}

// press does what a button of the form says; false: the form is to be saved.
func (p *serving) press(do string) bool {
	what, text, _ := strings.Cut(do, " ")
	i, err := strconv.Atoi(text)
	known := err == nil && i >= 0
	switch {
	case what == "step":
		p.Steps = append(p.Steps, typedStep{Wait: "10"})
	case what == "rule":
		p.Rules = append(p.Rules, oncall.Rule{On: oncall.Asked, When: oncall.Always, Urgent: true})
	case what == "drop" && known && i < len(p.Steps):
		p.Steps = slices.Delete(p.Steps, i, i+1)
	case what == "up" && known && i > 0 && i < len(p.Steps):
		p.Steps[i-1], p.Steps[i] = p.Steps[i], p.Steps[i-1]
	case what == "forget" && known && i < len(p.Rules):
		p.Rules = slices.Delete(p.Rules, i, i+1)
	case what == "more":
	default:
		return false
	}
	return true
}

// service is what was typed; what is no number is one that is refused.
func (p serving) service() oncall.Service {
	number := func(s string) int {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil && s != "" {
			return -1
		}
		return n
	}
	s := oncall.Service{ID: p.ID, Name: p.Name, About: p.About, Course: oncall.Course{Again: number(p.Again), Silent: number(p.Silent), Rules: p.Rules}}
	s.Team, _ = id.Read[team.TeamID](p.Team)
	for _, typed := range p.Steps {
		step := oncall.Step{Wait: number(typed.Wait)}
		for _, who := range typed.Who {
			step.Who = append(step.Who, targetOf(who))
		}
		for _, w := range typed.Ways {
			step.Ways = append(step.Ways, notice.Way(w))
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

// targetOf reads the id of a person, a rota or a team.
func targetOf(text string) (t oncall.Target) {
	if p, err := id.Read[team.ID](text); err == nil {
		t.Person = p
	} else if r, err := id.Read[shift.RotaID](text); err == nil {
		t.Rota = r
	} else if g, err := id.Read[team.TeamID](text); err == nil {
		t.Team = g
	}
	return t
}

// saveService is POST /coverage/on-call/services/{id}: it is kept, or a button changed the form.
func (a area) saveService(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p := readServing(r)
	if p.ID == 0 && r.PathValue("id") != newService {
		return problem.New(problem.NotFound, "There is no such service.")
	}
	again := func(status int) error {
		if err := a.DB.Read(ctx, func(tx *db.Tx) error { return p.readChoices(ctx, tx) }); err != nil {
			return err
		}
		ui.Render(w, r, status, servicePage(p))
		return nil
	}
	if p.press(r.FormValue("do")) {
		return again(http.StatusOK)
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if p.ID != 0 {
			return oncall.ChangeService(ctx, tx, p.service())
		}
		_, err := oncall.MakeService(ctx, tx, p.service())
		return err
	})
	if err == nil {
		return done(w, r, onCallPath, "service_saved", "")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	return again(p.Trouble.Status)
}

func (a area) tryService(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var made oncall.Page
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := readService(ctx, tx, r)
		if err != nil {
			return err
		}
		made, err = oncall.Try(ctx, tx, s.ID)
		return err
	})
	if err != nil {
		return err
	}
	return done(w, r, made.Path(), "tried_out", "")
}

func (a area) deleteService(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := readService(ctx, tx, r)
		if err != nil {
			return err
		}
		return oncall.DeleteService(ctx, tx, s.ID)
	})
	if err != nil {
		return err
	}
	return done(w, r, onCallPath, "service_deleted", "")
}

func zoneNamed(names ...string) *time.Location {
	for _, n := range names {
		if z, err := time.LoadLocation(n); n != "" && err == nil {
			return z
		}
	}
	return time.UTC
}
