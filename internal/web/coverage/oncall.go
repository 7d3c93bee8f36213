package coverage

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/oncall"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

const onCallPath = "/coverage/on-call"

func (a area) onCallRoutes(rt *desk.Routes) {
	rt.Page("GET /coverage/on-call", team.ReadConversations, a.onCall)
	rt.Page("GET /coverage/on-call/page", team.Handle, a.pageForm)
	rt.Page("POST /coverage/on-call/page", team.Handle, a.pageOut)
	rt.Page("GET /coverage/on-call/pages/{id}", team.ReadConversations, a.onePage)
	rt.Page("POST /coverage/on-call/pages/{id}/acknowledge", team.ReadConversations, a.acknowledge)
	rt.Page("POST /coverage/on-call/pages/{id}/resolve", team.ReadConversations, a.resolvePage)
	rt.Page("POST /coverage/on-call/pages/{id}/reassign", team.ReadConversations, a.reassign)
	rt.Page("GET /coverage/on-call/services/{id}", team.ManageSettings, a.service)
	rt.Page("POST /coverage/on-call/services/{id}", team.ManageSettings, a.saveService)
	rt.Page("POST /coverage/on-call/services/{id}/try", team.ManageSettings, a.tryService)
	rt.Page("POST /coverage/on-call/services/{id}/delete", team.ManageSettings, a.deleteService)
	rt.Public("GET /answer/{id}/{token}", a.answerForm)
	rt.Public("POST /answer/{id}/{token}", a.answer)
}

// calls is the page of on call.
type calls struct {
	Live     []called
	Past     []oncall.Page
	Older    string
	Services []served
	Nights   []oncall.Sleeper
	Names    map[team.ID]string
	People   []team.Person // who can be called instead
}

// called is a page with whom it told.
type called struct {
	oncall.Page
	Told []oncall.Telling
}

// served is a service with who would be told, if it were paged now.
type served struct {
	oncall.Service
	Steps []stepNow
}

// stepNow is a step with its words, and who stands in it now.
type stepNow struct {
	Who  []string // the names of its people, rotas and teams
	Now  []string // who that is at this moment
	Wait int
	Ways []string
}

// pastShown is how many pages that are over stand in the history.
const pastShown = 20

func (a area) onCall(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	before, _ := id.Read[oncall.ID](r.URL.Query().Get("before"))
	var p calls
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p = calls{}
		if p.Names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		if err = p.readPages(ctx, tx, before); err != nil {
			return err
		}
		if p.Nights, err = oncall.Nights(ctx, tx); err != nil {
			return err
		}
		if p.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
			return err
		}
		p.Services, err = readServices(ctx, tx, p.Names)
		return err
	})
	if err != nil {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, callsPart(p))
		return nil
	}
	ui.Render(w, r, http.StatusOK, callsPage(p))
	return nil
}

func (p *calls) readPages(ctx context.Context, tx *db.Tx, before oncall.ID) error {
	live, err := oncall.List(ctx, tx, oncall.Filter{State: oncall.Live}, 50)
	if err != nil {
		return err
	}
	for _, one := range live {
		c := called{Page: one}
		if c.Told, err = oncall.Tellings(ctx, tx, one.ID); err != nil {
			return err
		}
		p.Live = append(p.Live, c)
	}
	p.Past, err = oncall.List(ctx, tx, oncall.Filter{State: oncall.Over, Before: before}, pastShown+1)
	if len(p.Past) > pastShown {
		p.Past = p.Past[:pastShown]
		p.Older = onCallPath + "?before=" + p.Past[pastShown-1].ID.String() + "#past"
	}
	return err
}

// readServices reads the services with their steps in words. Who stands in them now is what a page would find.
func readServices(ctx context.Context, tx *db.Tx, names map[team.ID]string) ([]served, error) {
	list, err := oncall.Services(ctx, tx)
	if err != nil {
		return nil, err
	}
	rotas, teams, err := readGroups(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []served
	for _, s := range list {
		plan, err := oncall.Preview(ctx, tx, s, tx.Now(), true)
		if err != nil {
			return nil, err
		}
		one := served{Service: s}
		for i, step := range s.Course.Steps {
			shown := stepNow{Wait: step.Wait}
			for _, t := range step.Who {
				switch {
				case t.Rota != 0:
					shown.Who = append(shown.Who, rotas[t.Rota])
				case t.Team != 0:
					shown.Who = append(shown.Who, teams[t.Team])
				default:
					shown.Who = append(shown.Who, names[t.Person])
				}
			}
			for _, aim := range plan.Entries[i].Who {
				shown.Now = append(shown.Now, names[aim.Person])
			}
			for _, way := range step.Ways {
				shown.Ways = append(shown.Ways, string(way))
			}
			one.Steps = append(one.Steps, shown)
		}
		out = append(out, one)
	}
	return out, nil
}

// readGroups are what rotas and teams are called.
func readGroups(ctx context.Context, tx *db.Tx) (map[shift.RotaID]string, map[team.TeamID]string, error) {
	rotas, teams := map[shift.RotaID]string{}, map[team.TeamID]string{}
	list, err := shift.Rotas(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range list {
		rotas[r.ID] = r.Name
	}
	all, err := team.Teams(ctx, tx)
	for _, t := range all {
		teams[t.ID] = t.Name
	}
	return rotas, teams, err
}

// pageID is the page in the address.
func pageID(r *http.Request) (oncall.ID, error) {
	p, err := id.Read[oncall.ID](r.PathValue("id"))
	if err != nil {
		return 0, problem.New(problem.NotFound, "There is no such page.")
	}
	return p, nil
}

// onePage is GET /coverage/on-call/pages/{id}.
func (a area) onePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	at, err := pageID(r)
	if err != nil {
		return err
	}
	var c called
	var names map[team.ID]string
	var people []team.Person
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if c.Page, err = oncall.Get(ctx, tx, at); err != nil {
			return err
		}
		if c.Told, err = oncall.Tellings(ctx, tx, at); err != nil {
			return err
		}
		if names, err = team.Names(ctx, tx); err != nil {
			return err
		}
		people, err = team.People(ctx, tx, team.Filter{State: team.Active})
		return err
	})
	if err != nil {
		return err
	}
	if ui.Fragment(r) {
		ui.Render(w, r, http.StatusOK, courseOf(c, names, people))
		return nil
	}
	ui.Render(w, r, http.StatusOK, onePagePage(c, names, people))
	return nil
}

// told says whether somebody was told of it.
func (c called) told(who team.ID) bool {
	for _, t := range c.Told {
		if who != 0 && t.Person == who {
			return true
		}
	}
	return false
}

// mayAnswer says whether whoever looks can answer: the buttons are shown.
func (c called) mayAnswer(ctx context.Context) bool {
	return c.State != oncall.Over && (team.From(ctx).Can(team.Handle) || c.told(team.From(ctx).Person))
}

// lasted is how long it took until somebody answered, or has gone by.
func (c called) lasted(now time.Time) time.Duration {
	if !c.AckedAt.IsZero() {
		return c.AckedAt.Sub(c.OpenedAt)
	}
	return now.Sub(c.OpenedAt)
}
