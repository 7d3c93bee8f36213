package api

import (
	"context"
	"net/http"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/shift"
	"baraji/internal/team"
)

func onCall(rt *routes) {
	get(rt, "/services", "List what somebody answers for at any hour", listServices)
	post(rt, "/services", "Make a service", makeService, status(http.StatusCreated))
	get(rt, "/services/{id}", "Get a service", getService)
	patch(rt, "/services/{id}", "Change a service", changeService, about("`steps` and `rules` replace all of them. Pages that run go on as they began."))
	remove(rt, "/services/{id}", "Delete a service", deleteService, about("Its pages stay, and those that run go on."))
	get(rt, "/pages", "List pages, the newest first", listPages)
	post(rt, "/pages", "Page a service", openPage, status(http.StatusCreated),
		about("While a page of the same `key` or conversation is open, no other is made: it is counted, and answered with."))
	get(rt, "/pages/{id}", "Get a page with whom it told", getPage)
	post(rt, "/pages/{id}/acknowledge", "Say that somebody has it", acknowledgePage)
	post(rt, "/pages/{id}/resolve", "Say that it is over", resolvePage)
	post(rt, "/pages/{id}/reassign", "Call somebody else instead", reassignPage)
}

// Service is something that somebody answers for at any hour.
type Service struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	About     string        `json:"about"`
	TeamID    ref           `json:"team_id" doc:"Only its people are paged"`
	Steps     []ServiceStep `json:"steps" nullable:"false"`
	Again     int           `json:"again"`
	Silent    int           `json:"silent"`
	Rules     []ServiceRule `json:"rules" nullable:"false"`
	UpdatedAt stamp         `json:"updated_at"`
}

// ServiceStep is who is told together.
type ServiceStep struct {
	People []string `json:"people,omitempty" nullable:"false" maxItems:"20" doc:"Ids of people"`
	Rotas  []string `json:"rotas,omitempty" nullable:"false" maxItems:"20" doc:"Ids of rotas: whoever is on duty in them then"`
	Teams  []string `json:"teams,omitempty" nullable:"false" maxItems:"20" doc:"Ids of teams: all of their people"`
	Ways   []string `json:"ways,omitempty" nullable:"false" maxItems:"4" doc:"bell, push, mail, slack; none: as each of them chose"`
	Wait   int      `json:"wait" minimum:"1" maximum:"1440" doc:"Minutes that they have to answer"`
}

// ServiceRule says which conversations page by themselves.
type ServiceRule struct {
	On       string `json:"on" enum:"asked,broken" doc:"A conversation is such, or a promised time of such a conversation is used up"`
	Severity string `json:"severity,omitempty" enum:",minor,major,critical" doc:"Empty fits all, as in each of these three"`
	Type     string `json:"type,omitempty" maxLength:"40"`
	Tier     string `json:"tier,omitempty" maxLength:"200"`
	When     string `json:"when" enum:"always,after" doc:"after: outside of the working hours"`
	Urgent   bool   `json:"urgent" required:"false" doc:"It wakes; else it may wait until morning"`
}

func showService(s oncall.Service) Service {
	out := Service{ID: s.ID.String(), Name: s.Name, About: s.About, TeamID: refOf(s.Team), Steps: []ServiceStep{}, Again: s.Again, Silent: s.Silent, Rules: []ServiceRule{}, UpdatedAt: stamp(s.UpdatedAt)}
	for _, step := range s.Steps {
		shown := ServiceStep{Wait: step.Wait}
		for _, t := range step.Who {
			switch {
			case t.Person != 0:
				shown.People = append(shown.People, t.Person.String())
			case t.Rota != 0:
				shown.Rotas = append(shown.Rotas, t.Rota.String())
			case t.Team != 0:
				shown.Teams = append(shown.Teams, t.Team.String())
			}
		}
		for _, w := range step.Ways {
			shown.Ways = append(shown.Ways, string(w))
		}
		out.Steps = append(out.Steps, shown)
	}
	for _, r := range s.Rules {
		out.Rules = append(out.Rules, ServiceRule(r))
	}
	return out
}

func readSteps(list []ServiceStep) (out []oncall.Step, err error) {
	for _, given := range list {
		step := oncall.Step{Wait: given.Wait}
		for _, s := range given.People {
			p, err := named[team.ID]("steps", s)
			if err != nil {
				return nil, err
			}
			step.Who = append(step.Who, oncall.Target{Person: p})
		}
		for _, s := range given.Rotas {
			r, err := named[shift.RotaID]("steps", s)
			if err != nil {
				return nil, err
			}
			step.Who = append(step.Who, oncall.Target{Rota: r})
		}
		for _, s := range given.Teams {
			t, err := named[team.TeamID]("steps", s)
			if err != nil {
				return nil, err
			}
			step.Who = append(step.Who, oncall.Target{Team: t})
		}
		for _, w := range given.Ways {
			step.Ways = append(step.Ways, notice.Way(w))
		}
		out = append(out, step)
	}
	return out, nil
}

func readRules(list []ServiceRule) (out []oncall.Rule) {
	for _, r := range list {
		out = append(out, oncall.Rule(r))
	}
	return out
}

// Whoever works on conversations sees what he can page.
func listServices(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Service], error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return page[Service]{}, err
	}
	l, err := oncall.Services(ctx, tx)
	return all(l, showService), err
}

func getService(ctx context.Context, tx *db.Tx, in *one) (Service, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return Service{}, err
	}
	s, err := serviceAt(ctx, tx, in.ID)
	return showService(s), err
}

func serviceAt(ctx context.Context, tx *db.Tx, text string) (oncall.Service, error) {
	id, err := target[oncall.ServiceID](text)
	if err != nil {
		return oncall.Service{}, err
	}
	return oncall.GetService(ctx, tx, id)
}

// newService makes a service.
type newService struct {
	Body struct {
		Name   string        `json:"name" maxLength:"100"`
		About  string        `json:"about,omitempty" maxLength:"1000"`
		TeamID string        `json:"team_id,omitempty"`
		Steps  []ServiceStep `json:"steps" nullable:"false" maxItems:"10"`
		Again  int           `json:"again,omitempty" minimum:"0" maximum:"5" doc:"How often all steps are gone through once more"`
		Silent int           `json:"silent,omitempty" minimum:"0" maximum:"1440" doc:"Minutes after which one who acknowledged and did nothing is asked again; 0: never"`
		Rules  []ServiceRule `json:"rules,omitempty" nullable:"false" maxItems:"20"`
	}
}

func makeService(ctx context.Context, tx *db.Tx, in *newService) (Service, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Service{}, err
	}
	b := in.Body
	s := oncall.Service{Name: b.Name, About: b.About, Course: oncall.Course{Again: b.Again, Silent: b.Silent, Rules: readRules(b.Rules)}}
	var err error
	if s.Team, err = named[team.TeamID]("team_id", b.TeamID); err != nil {
		return Service{}, err
	}
	if s.Steps, err = readSteps(b.Steps); err != nil {
		return Service{}, err
	}
	id, err := oncall.MakeService(ctx, tx, s)
	if err != nil {
		return Service{}, err
	}
	s, err = oncall.GetService(ctx, tx, id)
	return showService(s), err
}

// servicePatch changes a service.
type servicePatch struct {
	ID   string `path:"id"`
	Body struct {
		Name   *string       `json:"name,omitempty" maxLength:"100"`
		About  *string       `json:"about,omitempty" maxLength:"1000"`
		TeamID maybe[string] `json:"team_id,omitempty"`
		Steps  []ServiceStep `json:"steps,omitempty" nullable:"false" maxItems:"10"`
		Again  *int          `json:"again,omitempty" minimum:"0" maximum:"5"`
		Silent *int          `json:"silent,omitempty" minimum:"0" maximum:"1440"`
		Rules  []ServiceRule `json:"rules,omitempty" nullable:"false" maxItems:"20"`
	}
}

func changeService(ctx context.Context, tx *db.Tx, in *servicePatch) (Service, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Service{}, err
	}
	s, err := serviceAt(ctx, tx, in.ID)
	if err != nil {
		return Service{}, err
	}
	b := in.Body
	put := func(to *int, v *int) {
		if v != nil {
			*to = *v
		}
	}
	put(&s.Again, b.Again)
	put(&s.Silent, b.Silent)
	if b.Name != nil {
		s.Name = *b.Name
	}
	if b.About != nil {
		s.About = *b.About
	}
	if b.TeamID.Set {
		if s.Team, err = named[team.TeamID]("team_id", b.TeamID.Value); err != nil {
			return Service{}, err
		}
	}
	if b.Steps != nil {
		if s.Steps, err = readSteps(b.Steps); err != nil {
			return Service{}, err
		}
	}
	if b.Rules != nil {
		s.Rules = readRules(b.Rules)
	}
	if err := oncall.ChangeService(ctx, tx, s); err != nil {
		return Service{}, err
	}
	s, err = oncall.GetService(ctx, tx, s.ID)
	return showService(s), err
}

func deleteService(ctx context.Context, tx *db.Tx, in *one) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	s, err := serviceAt(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return oncall.DeleteService(ctx, tx, s.ID)
}

// OnCallPage is one call for somebody.
type OnCallPage struct {
	ID             string `json:"id"`
	ServiceID      string `json:"service_id"`
	Service        string `json:"service" doc:"What it was called then"`
	Title          string `json:"title"`
	ConversationID ref    `json:"conversation_id"`
	Reason         string `json:"reason" enum:"asked,broken,hand,program,test"`
	Urgent         bool   `json:"urgent"`
	State          string `json:"state" enum:"running,acknowledged,exhausted,resolved"`
	Count          int    `json:"count" doc:"How often it was asked for"`
	NextAt         stamp  `json:"next_at" doc:"When the next one is told"`
	AcknowledgedBy ref    `json:"acknowledged_by"`
	AcknowledgedAt stamp  `json:"acknowledged_at"`
	OpenedAt       stamp  `json:"opened_at"`
	ResolvedAt     stamp  `json:"resolved_at"`
}

// WholePage is a page with what it did.
type WholePage struct {
	OnCallPage
	Told []PageTold `json:"told" nullable:"false"`
}

// PageTold is one person who was told.
type PageTold struct {
	PersonID   ref            `json:"person_id" doc:"null: nobody stood in this step"`
	Through    string         `json:"through" doc:"The rota or team that he was told as one of"`
	Step       int            `json:"step" doc:"From 0; -1: out of turn"`
	Round      int            `json:"round"`
	Late       bool           `json:"late" doc:"More than a minute after it was due"`
	At         stamp          `json:"at"`
	Deliveries []PageDelivery `json:"deliveries" nullable:"false"`
}

// PageDelivery is one way by which he was told.
type PageDelivery struct {
	Way   string `json:"way" enum:"bell,push,mail,slack"`
	State string `json:"state" enum:"waiting,sent,seen,failed,none"`
}

func showPage(p oncall.Page) OnCallPage {
	return OnCallPage{p.ID.String(), p.Service.String(), p.ServiceName, p.Title, refOf(p.Conversation), p.Reason, p.Urgent, string(p.State), p.Count, stamp(p.NextAt),
		refOf(p.AckedBy), stamp(p.AckedAt), stamp(p.OpenedAt), stamp(p.EndedAt)}
}

// pageQuery narrows the list.
type pageQuery struct {
	Span
	State     string `query:"state" enum:"running,acknowledged,exhausted,resolved,live" doc:"live: all that are not resolved"`
	ServiceID string `query:"service_id"`
}

func listPages(ctx context.Context, tx *db.Tx, in *pageQuery) (page[OnCallPage], error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return page[OnCallPage]{}, err
	}
	before, err := cursorID[oncall.ID](in.Cursor)
	if err != nil {
		return page[OnCallPage]{}, err
	}
	f := oncall.Filter{State: oncall.State(in.State), Before: before}
	if f.Service, err = named[oncall.ServiceID]("service_id", in.ServiceID); err != nil {
		return page[OnCallPage]{}, err
	}
	l, err := oncall.List(ctx, tx, f, in.Limit+1)
	return cut(l, in.Limit, func(p oncall.Page) string { return p.ID.String() }, showPage), err
}

// newPage pages a service.
type newPage struct {
	Body struct {
		ServiceID      string `json:"service_id"`
		Title          string `json:"title,omitempty" maxLength:"200"`
		ConversationID string `json:"conversation_id,omitempty"`
		Key            string `json:"key,omitempty" maxLength:"200" doc:"What it is about: the same again is the same page"`
		Urgent         *bool  `json:"urgent,omitempty" doc:"It wakes, unless this is false; then it may wait until morning"`
	}
}

func openPage(ctx context.Context, tx *db.Tx, in *newPage) (WholePage, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return WholePage{}, err
	}
	of, err := named[oncall.ServiceID]("service_id", in.Body.ServiceID)
	if err != nil {
		return WholePage{}, err
	}
	c := oncall.Call{Title: in.Body.Title, Key: in.Body.Key, Reason: oncall.ByProgram, Urgent: in.Body.Urgent == nil || *in.Body.Urgent}
	if c.Conversation, err = named[conversation.ID]("conversation_id", in.Body.ConversationID); err != nil {
		return WholePage{}, err
	}
	p, err := oncall.Open(ctx, tx, of, c)
	if err != nil {
		return WholePage{}, err
	}
	return wholePage(ctx, tx, p.ID)
}

func getPage(ctx context.Context, tx *db.Tx, in *one) (WholePage, error) {
	id, err := pageAt(ctx, in.ID)
	if err != nil {
		return WholePage{}, err
	}
	return wholePage(ctx, tx, id)
}

func pageAt(ctx context.Context, text string) (oncall.ID, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return 0, err
	}
	return target[oncall.ID](text)
}

func wholePage(ctx context.Context, tx *db.Tx, id oncall.ID) (WholePage, error) {
	p, err := oncall.Get(ctx, tx, id)
	if err != nil {
		return WholePage{}, err
	}
	out := WholePage{OnCallPage: showPage(p), Told: []PageTold{}}
	list, err := oncall.Tellings(ctx, tx, id)
	for _, t := range list {
		shown := PageTold{refOf(t.Person), t.Why, t.Step, t.Round, t.Late, stamp(t.At), []PageDelivery{}}
		for _, d := range t.Deliveries {
			shown.Deliveries = append(shown.Deliveries, PageDelivery{string(d.Way), string(d.State)})
		}
		out.Told = append(out.Told, shown)
	}
	return out, err
}

func acknowledgePage(ctx context.Context, tx *db.Tx, in *one) (WholePage, error) {
	return answerPage(ctx, tx, in.ID, oncall.Acknowledge)
}

func resolvePage(ctx context.Context, tx *db.Tx, in *one) (WholePage, error) {
	return answerPage(ctx, tx, in.ID, oncall.Resolve)
}

func answerPage(ctx context.Context, tx *db.Tx, text string, do func(context.Context, *db.Tx, oncall.ID) error) (WholePage, error) {
	id, err := pageAt(ctx, text)
	if err != nil {
		return WholePage{}, err
	}
	if err := do(ctx, tx, id); err != nil {
		return WholePage{}, err
	}
	return wholePage(ctx, tx, id)
}

// reassigning calls somebody else.
type reassigning struct {
	ID   string `path:"id"`
	Body struct {
		PersonID string `json:"person_id"`
	}
}

func reassignPage(ctx context.Context, tx *db.Tx, in *reassigning) (WholePage, error) {
	return answerPage(ctx, tx, in.ID, func(ctx context.Context, tx *db.Tx, id oncall.ID) error {
		p, err := named[team.ID]("person_id", in.Body.PersonID)
		if err != nil {
			return err
		}
		if p == 0 {
			return problem.For("person_id", "Choose somebody who works here.")
		}
		return oncall.Reassign(ctx, tx, id, p)
	})
}
