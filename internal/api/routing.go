package api

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/team"
)

func assignment(rt *routes) {
	get(rt, "/routing", "Get the lists by which conversations are graded, served after hours and assigned", getRouting)
	patch(rt, "/routing", "Change the lists", changeRouting, about("A list that is given replaces the one that was there. Rules are looked through from above, and the first that fits holds; without rules nothing is assigned by itself."))
	post(rt, "/routing/decide", "Say who would get a conversation, now or at another time, and why", decideRouting, about("Nothing is changed. Who will be full at another time is not known: people are taken as they are now."))
	get(rt, "/routing/queue", "List what waits until somebody is free, the first to be given first", listQueue)
	get(rt, "/routing/people", "List how much everybody takes, and what he can", listDesks)
	patch(rt, "/routing/people/{id}", "Change how much somebody takes, and what he can", changeDesk, about("Everybody may change his own `away`; the rest takes the right to change settings."))
	get(rt, "/conversations/{id}/routing", "List who was given a conversation, and why, the last decision first", listDecisions)
}

// RoutingWhen says which conversations something is for. What is empty fits all.
type RoutingWhen struct {
	Stage    string `json:"stage,omitempty" enum:",pre-sale,onboarding,post-sale,renewal"`
	Type     string `json:"type,omitempty" maxLength:"40"`
	Severity string `json:"severity,omitempty" enum:",minor,major,critical"`
	Channel  string `json:"channel,omitempty" maxLength:"40"`
	Tier     string `json:"tier,omitempty" maxLength:"200" doc:"Of the customer's company"`
	Worth    int64  `json:"worth,omitempty" minimum:"0" doc:"The account is worth at least this in a year, in the smallest unit of its currency"`
	Language string `json:"language,omitempty" enum:",ko,en"`
	Tag      string `json:"tag,omitempty" maxLength:"200"`
}

func (w RoutingWhen) when() routing.When {
	return routing.When{Stage: w.Stage, Type: w.Type, Severity: w.Severity, Channel: w.Channel, Tier: w.Tier, Worth: w.Worth, Language: i18n.Locale(w.Language), Tag: w.Tag}
}

func whenOf(w routing.When) RoutingWhen {
	return RoutingWhen{w.Stage, w.Type, w.Severity, w.Channel, w.Tier, w.Worth, string(w.Language), w.Tag}
}

// RoutingGrade says what a conversation is.
type RoutingGrade struct {
	Words []string `json:"words,omitempty" nullable:"false" maxItems:"100" doc:"Any of them in the subject or the first message; none: all conversations"`
	RoutingWhen
	SetType     string `json:"set_type,omitempty" maxLength:"40"`
	SetSeverity string `json:"set_severity,omitempty" enum:",minor,major,critical"`
	SetPriority string `json:"set_priority,omitempty" enum:",low,normal,high,urgent"`
}

// RoutingScope says what is served outside working hours.
type RoutingScope struct {
	RoutingWhen
	Rota   string `json:"rota,omitempty" maxLength:"40" doc:"Whose people serve it; empty: whom the rules say"`
	Within int    `json:"within,omitempty" minimum:"0" maximum:"10080" doc:"Minutes in which an answer is promised, on the wall; 0: nothing is"`
}

// RoutingRule says who gets which conversations.
type RoutingRule struct {
	Name string `json:"name,omitempty" maxLength:"200"`
	RoutingWhen
	To       string `json:"to" enum:"team,queue,owner,person"`
	Team     string `json:"team,omitempty" maxLength:"40"`
	Person   string `json:"person,omitempty" maxLength:"40"`
	Skill    string `json:"skill,omitempty" maxLength:"200"`
	Known    bool   `json:"known,omitempty" doc:"Who answered the customer before comes first"`
	TakeBack int    `json:"take_back,omitempty" minimum:"0" maximum:"10080" doc:"Minutes without an answer after which another gets it; 0: never"`
}

// Routing is the three lists.
type Routing struct {
	Grades []RoutingGrade `json:"grades" nullable:"false"`
	Scopes []RoutingScope `json:"scopes" nullable:"false"`
	Rules  []RoutingRule  `json:"rules" nullable:"false"`
}

func getRouting(ctx context.Context, tx *db.Tx, _ *struct{}) (Routing, error) {
	l, err := routing.Get(ctx, tx)
	out := Routing{[]RoutingGrade{}, []RoutingScope{}, []RoutingRule{}}
	for _, g := range l.Grades {
		out.Grades = append(out.Grades, RoutingGrade{g.Words, whenOf(g.When), g.SetType, g.SetSeverity, g.SetPriority})
	}
	for _, s := range l.Scopes {
		out.Scopes = append(out.Scopes, RoutingScope{whenOf(s.When), s.By.String(), s.Within})
	}
	for _, r := range l.Rules {
		out.Rules = append(out.Rules, RoutingRule{r.Name, whenOf(r.When), string(r.To), r.Team.String(), r.Person.String(), r.Skill, r.Known, r.TakeBack})
	}
	return out, err
}

// routingPatch replaces the lists that it names.
type routingPatch struct {
	Body struct {
		Grades *[]RoutingGrade `json:"grades,omitempty" maxItems:"100"`
		Scopes *[]RoutingScope `json:"scopes,omitempty" maxItems:"100"`
		Rules  *[]RoutingRule  `json:"rules,omitempty" maxItems:"100"`
	}
}

func changeRouting(ctx context.Context, tx *db.Tx, in *routingPatch) (Routing, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Routing{}, err
	}
	l, err := routing.Get(ctx, tx)
	if err != nil {
		return Routing{}, err
	}
	if b := in.Body.Grades; b != nil {
		l.Grades = nil
		for _, g := range *b {
			l.Grades = append(l.Grades, routing.Grade{Words: g.Words, When: g.when(), SetType: g.SetType, SetSeverity: g.SetSeverity, SetPriority: g.SetPriority})
		}
	}
	if b := in.Body.Scopes; b != nil {
		l.Scopes = nil
		for _, s := range *b {
			by, err := named[shift.RotaID]("scopes", s.Rota)
			if err != nil {
				return Routing{}, err
			}
			l.Scopes = append(l.Scopes, routing.Scope{When: s.when(), By: by, Within: s.Within})
		}
	}
	if b := in.Body.Rules; b != nil {
		l.Rules = nil
		for _, r := range *b {
			kept, err := r.rule()
			if err != nil {
				return Routing{}, err
			}
			l.Rules = append(l.Rules, kept)
		}
	}
	if err := routing.Set(ctx, tx, l); err != nil {
		return Routing{}, err
	}
	return getRouting(ctx, tx, nil)
}

func (r RoutingRule) rule() (out routing.Rule, err error) {
	out = routing.Rule{Name: r.Name, When: r.when(), To: routing.To(r.To), Skill: r.Skill, Known: r.Known, TakeBack: r.TakeBack}
	if out.Team, err = named[team.TeamID]("rules", r.Team); err != nil {
		return out, err
	}
	out.Person, err = named[team.ID]("rules", r.Person)
	return out, err
}

// RoutingDecision is who gets a conversation, and why.
type RoutingDecision struct {
	At       stamp               `json:"at"`
	Outcome  string              `json:"outcome" enum:"assigned,queued,morning,handed,left"`
	Person   string              `json:"person,omitempty"`
	Team     string              `json:"team,omitempty"`
	Why      string              `json:"why,omitempty" doc:"named, owner, knew, deputy, least, turn, only"`
	StandsIn string              `json:"stands_in_for,omitempty" doc:"Whose deputy the person is"`
	Rule     int                 `json:"rule,omitempty" doc:"Its place in the list, from 1"`
	Scope    int                 `json:"scope,omitempty"`
	Rota     string              `json:"rota,omitempty" doc:"That serves it after hours"`
	Open     bool                `json:"open" doc:"Within working hours"`
	Silent   string              `json:"silent,omitempty" doc:"From whom it was taken back"`
	People   []RoutingConsidered `json:"people" nullable:"false" doc:"Everybody who came into question"`
	Expected stamp               `json:"expected,omitzero" doc:"When the customer may expect an answer; only of what was asked for with decide"`
}

// RoutingConsidered is somebody who came into question.
type RoutingConsidered struct {
	Person  string `json:"person"`
	Verdict string `json:"verdict" doc:"got, free, or why not: gone, leave, away, off_duty, unseen, silent, language, skill, full, full_chats"`
	Open    int    `json:"open" doc:"Open conversations that he has"`
	Room    int    `json:"room" doc:"How many he takes"`
}

func showDecision(d routing.Decision) RoutingDecision {
	out := RoutingDecision{At: stamp(d.At), Outcome: string(d.Outcome), Person: d.Person.String(), Team: d.Team.String(), Why: string(d.Why), StandsIn: d.For.String(), Rule: d.Rule, Scope: d.Scope,
		Rota: d.By.String(), Open: d.Open, Silent: d.Silent.String(), People: []RoutingConsidered{}}
	for _, o := range d.Others {
		out.People = append(out.People, RoutingConsidered{o.Person.String(), string(o.Verdict), o.Open, o.Room})
	}
	return out
}

func listDecisions(ctx context.Context, tx *db.Tx, in *one) (page[RoutingDecision], error) {
	out := page[RoutingDecision]{Items: []RoutingDecision{}}
	id, err := target[conversation.ID](in.ID)
	if err != nil {
		return out, err
	}
	if _, err := conversation.Get(ctx, tx, id); err != nil {
		return out, err
	}
	l, err := routing.Decisions(ctx, tx, id)
	for _, d := range l {
		out.Items = append(out.Items, showDecision(d))
	}
	return out, err
}

// routingAsk is a conversation that may never be.
type routingAsk struct {
	Body struct {
		Text     string    `json:"text,omitempty" maxLength:"10000" doc:"Subject and first message, for the words of grades"`
		Stage    string    `json:"stage,omitempty" enum:",pre-sale,onboarding,post-sale,renewal"`
		Type     string    `json:"type,omitempty" maxLength:"40"`
		Severity string    `json:"severity,omitempty" enum:",minor,major,critical"`
		Channel  string    `json:"channel,omitempty" maxLength:"40"`
		Tier     string    `json:"tier,omitempty" maxLength:"200"`
		Worth    int64     `json:"worth,omitempty" minimum:"0"`
		Language string    `json:"language,omitempty" enum:",ko,en"`
		At       time.Time `json:"at,omitzero" doc:"Now unless said"`
	}
}

func decideRouting(ctx context.Context, tx *db.Tx, in *routingAsk) (RoutingDecision, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return RoutingDecision{}, err
	}
	b := in.Body
	d, e, err := routing.WhatIf(ctx, tx, routing.Subject{Stage: b.Stage, Type: b.Type, Severity: b.Severity, Channel: b.Channel, Tier: b.Tier, Worth: b.Worth, Language: i18n.Locale(b.Language)}, b.Text, b.At)
	out := showDecision(d)
	out.Expected = stamp(e.By)
	return out, err
}

// RoutingWaiting is a conversation that waits in the queue.
type RoutingWaiting struct {
	Conversation string `json:"conversation_id"`
	Team         string `json:"team,omitempty"`
	Outcome      string `json:"outcome" enum:"queued,morning"`
	Since        stamp  `json:"since"`
}

// listQueue leaves out what one may not see.
func listQueue(ctx context.Context, tx *db.Tx, _ *struct{}) (page[RoutingWaiting], error) {
	out := page[RoutingWaiting]{Items: []RoutingWaiting{}}
	l, err := routing.QueueSeen(ctx, tx)
	for _, w := range l {
		out.Items = append(out.Items, RoutingWaiting{w.Conversation.String(), w.Team.String(), string(w.Outcome), stamp(w.Since)})
	}
	return out, err
}

// Desk is how much somebody takes, and what he can.
type Desk struct {
	Person    string   `json:"person"`
	Room      int      `json:"room" doc:"Open conversations at once that are assigned to him by themselves"`
	Chats     int      `json:"chats" doc:"Of them chats"`
	Languages []string `json:"languages" nullable:"false" doc:"In which he answers; none: all"`
	Skills    []string `json:"skills" nullable:"false"`
	Away      bool     `json:"away" doc:"He takes nothing for now"`
}

func showDesk(d routing.Desk) Desk {
	out := Desk{d.Person.String(), d.Room, d.Chats, []string{}, list(d.Skills), d.Away}
	for _, l := range d.Languages {
		out.Languages = append(out.Languages, string(l))
	}
	return out
}

func listDesks(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Desk], error) {
	out := page[Desk]{Items: []Desk{}}
	people, err := team.People(ctx, tx, team.Filter{State: team.Active})
	if err != nil {
		return out, err
	}
	all, err := routing.Desks(ctx, tx)
	for _, p := range people {
		d, had := all[p.ID]
		if !had {
			d = routing.Usual(p.ID)
		}
		out.Items = append(out.Items, showDesk(d))
	}
	return out, err
}

// deskPatch changes what it names.
type deskPatch struct {
	ID   string `path:"id"`
	Body struct {
		Room      *int      `json:"room,omitempty" minimum:"0" maximum:"1000"`
		Chats     *int      `json:"chats,omitempty" minimum:"0" maximum:"100"`
		Languages *[]string `json:"languages,omitempty" maxItems:"10"`
		Skills    *[]string `json:"skills,omitempty" maxItems:"50"`
		Away      *bool     `json:"away,omitempty"`
	}
}

func changeDesk(ctx context.Context, tx *db.Tx, in *deskPatch) (Desk, error) {
	id, err := target[team.ID](in.ID)
	if err != nil {
		return Desk{}, err
	}
	if _, err := team.Get(ctx, tx, id); err != nil {
		return Desk{}, err
	}
	d, err := routing.DeskOf(ctx, tx, id)
	if err != nil {
		return Desk{}, err
	}
	b := in.Body
	if b.Room == nil && b.Chats == nil && b.Languages == nil && b.Skills == nil && b.Away != nil && team.From(ctx).Person == id {
		if err := routing.SetAway(ctx, tx, *b.Away); err != nil {
			return Desk{}, err
		}
		d.Away = *b.Away
		return showDesk(d), nil
	}
	if b.Room != nil {
		d.Room = *b.Room
	}
	if b.Chats != nil {
		d.Chats = *b.Chats
	}
	if b.Languages != nil {
		d.Languages = nil
		for _, l := range *b.Languages {
			d.Languages = append(d.Languages, i18n.Locale(l))
		}
	}
	if b.Skills != nil {
		d.Skills = *b.Skills
	}
	if b.Away != nil {
		d.Away = *b.Away
	}
	return showDesk(d), routing.SetDesk(ctx, tx, d)
}
