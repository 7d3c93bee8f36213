package api

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

func incidents(rt *routes) {
	get(rt, "/incidents", "List incidents, the newest first", listIncidents)
	post(rt, "/incidents", "Open an incident", openIncident, status(http.StatusCreated), about("Nobody is told by this: customers are told by an update."))
	get(rt, "/incidents/{id}", "Read an incident", getIncident)
	patch(rt, "/incidents/{id}", "Change an incident", changeIncident)
	get(rt, "/incidents/{id}/updates", "Read what was said of an incident, the newest first", listUpdates)
	post(rt, "/incidents/{id}/update", "Say an update", sayUpdate, status(http.StatusCreated),
		about("`told` tells everybody whom it concerns, each once: in the conversation in which he wrote of it, else by a mail. That cannot be taken back."))
	post(rt, "/incidents/{id}/link", "Link a conversation with an incident", linkIncident, about("Its customer is told at once what customers were last told."))
	post(rt, "/incidents/{id}/resolve", "Say that an incident is over", resolveIncident, status(http.StatusCreated))
	get(rt, "/components", "List the components of the status page, as they are now", listComponents)
}

// Incident is something that is broken for many.
type Incident struct {
	ID         string            `json:"id"`
	Number     int64             `json:"number"`
	Title      map[string]string `json:"title" doc:"By language: en, ko"`
	Product    string            `json:"product"`
	Version    string            `json:"version"`
	Words      string            `json:"words" doc:"By which conversations about it are found; commas between alternatives"`
	Severity   string            `json:"severity" enum:"minor,major,critical"`
	State      string            `json:"state" enum:"investigating,identified,monitoring,resolved,reviewed"`
	Public     bool              `json:"public" doc:"It stands on the status page"`
	Reported   int               `json:"reported" doc:"Conversations about it"`
	Told       int               `json:"told" doc:"Customers whom the last update reached"`
	StartedAt  stamp             `json:"started_at"`
	ResolvedAt stamp             `json:"resolved_at"`
	ReviewedAt stamp             `json:"reviewed_at"`
	CreatedAt  stamp             `json:"created_at"`
	UpdatedAt  stamp             `json:"updated_at"`
}

func showIncidents(ctx context.Context, tx *db.Tx, list ...incident.Incident) (func(incident.Incident) Incident, error) {
	var ids []incident.ID
	for _, i := range list {
		ids = append(ids, i.ID)
	}
	tallies, err := incident.Tallies(ctx, tx, ids...)
	return func(i incident.Incident) Incident {
		t := tallies[i.ID]
		return Incident{ID: i.ID.String(), Number: i.Number, Title: plainText(i.Title), Product: i.Product, Version: i.Version, Words: i.Words, Severity: i.Severity, State: string(i.State),
			Public: i.Public, Reported: t.Reported, Told: t.Told, StartedAt: stamp(i.StartedAt), ResolvedAt: stamp(i.ResolvedAt), ReviewedAt: stamp(i.ReviewedAt), CreatedAt: stamp(i.CreatedAt), UpdatedAt: stamp(i.UpdatedAt)}
	}, err
}

func plainText(t i18n.Text) map[string]string {
	out := map[string]string{}
	for l, s := range t {
		out[string(l)] = s
	}
	return out
}

func givenText(m map[string]string) i18n.Text {
	out := i18n.Text{}
	for l, s := range m {
		if known, ok := i18n.Parse(l); ok {
			out[known] = s
		}
	}
	return out
}

func showIncident(ctx context.Context, tx *db.Tx, key incident.ID) (Incident, error) {
	i, err := incident.Get(ctx, tx, key)
	if err != nil {
		return Incident{}, err
	}
	show, err := showIncidents(ctx, tx, i)
	if err != nil {
		return Incident{}, err
	}
	return show(i), nil
}

// incidentQuery is which incidents are listed.
type incidentQuery struct {
	Span
	State string `query:"state" enum:"open,investigating,identified,monitoring,resolved,reviewed" doc:"open: not over yet"`
}

func listIncidents(ctx context.Context, tx *db.Tx, in *incidentQuery) (page[Incident], error) {
	before, err := cursorID[incident.ID](in.Cursor)
	if err != nil {
		return page[Incident]{}, err
	}
	f := incident.Filter{State: incident.State(in.State), Before: before, Limit: in.Limit + 1}
	if in.State == "open" {
		f.State, f.Open = "", true
	}
	list, err := incident.List(ctx, tx, f)
	if err != nil {
		return page[Incident]{}, err
	}
	show, err := showIncidents(ctx, tx, list...)
	return cut(list, in.Limit, func(i incident.Incident) string { return i.ID.String() }, show), err
}

// newIncident opens an incident.
type newIncident struct {
	Body struct {
		Title      map[string]string `json:"title" doc:"By language: en, ko"`
		Product    string            `json:"product,omitempty" maxLength:"100"`
		Version    string            `json:"version,omitempty" maxLength:"100"`
		Words      string            `json:"words,omitempty" maxLength:"200"`
		Severity   string            `json:"severity" enum:"minor,major,critical"`
		Public     bool              `json:"public,omitempty" doc:"It stands on the status page"`
		StartedAt  *time.Time        `json:"started_at,omitempty" doc:"Now unless said"`
		Components map[string]string `json:"components,omitempty" doc:"How components are hit, by their ids: degraded, partial, out"`
	}
}

func openIncident(ctx context.Context, tx *db.Tx, in *newIncident) (Incident, error) {
	b := in.Body
	g := incident.Given{Title: givenText(b.Title), Product: b.Product, Version: b.Version, Words: b.Words, Severity: b.Severity, Public: b.Public}
	if b.StartedAt != nil {
		g.StartedAt = *b.StartedAt
	}
	var err error
	if g.Impacts, err = givenImpacts(b.Components); err != nil {
		return Incident{}, err
	}
	i, err := incident.Open(ctx, tx, g)
	if err != nil {
		return Incident{}, err
	}
	return showIncident(ctx, tx, i.ID)
}

func givenImpacts(m map[string]string) (map[incident.ComponentID]incident.Impact, error) {
	if m == nil {
		return nil, nil
	}
	all := map[incident.ComponentID]incident.Impact{}
	for s, impact := range m {
		c, err := id.Read[incident.ComponentID](s)
		if err != nil {
			return nil, problem.For("components", "There is no such component.")
		}
		all[c] = incident.Impact(impact)
	}
	return all, nil
}

func getIncident(ctx context.Context, tx *db.Tx, in *one) (Incident, error) {
	key, err := target[incident.ID](in.ID)
	if err != nil {
		return Incident{}, err
	}
	return showIncident(ctx, tx, key)
}

// incidentChange is what is changed of an incident.
type incidentChange struct {
	ID   string `path:"id"`
	Body struct {
		Title      map[string]string `json:"title,omitempty" doc:"Replaces both languages"`
		Product    *string           `json:"product,omitempty" maxLength:"100"`
		Version    *string           `json:"version,omitempty" maxLength:"100"`
		Words      *string           `json:"words,omitempty" maxLength:"200"`
		Severity   *string           `json:"severity,omitempty" enum:"minor,major,critical"`
		Public     *bool             `json:"public,omitempty"`
		StartedAt  *time.Time        `json:"started_at,omitempty"`
		Components map[string]string `json:"components,omitempty" doc:"How components are hit from now on; an empty word: not any more. Those that are not named stay as they are."`
	}
}

func changeIncident(ctx context.Context, tx *db.Tx, in *incidentChange) (Incident, error) {
	key, err := target[incident.ID](in.ID)
	if err != nil {
		return Incident{}, err
	}
	i, err := incident.Get(ctx, tx, key)
	if err != nil {
		return Incident{}, err
	}
	g, b := i.Given(), in.Body
	for to, from := range map[*string]*string{&g.Product: b.Product, &g.Version: b.Version, &g.Words: b.Words, &g.Severity: b.Severity} {
		if from != nil {
			*to = *from
		}
	}
	if b.Title != nil {
		g.Title = givenText(b.Title)
	}
	if b.Public != nil {
		g.Public = *b.Public
	}
	if b.StartedAt != nil {
		g.StartedAt = *b.StartedAt
	}
	if g.Impacts, err = givenImpacts(b.Components); err != nil {
		return Incident{}, err
	}
	if err := incident.Change(ctx, tx, key, g); err != nil {
		return Incident{}, err
	}
	return showIncident(ctx, tx, key)
}

// IncidentUpdate is what was said of an incident.
type IncidentUpdate struct {
	ID         string            `json:"id"`
	IncidentID string            `json:"incident_id"`
	State      string            `json:"state" enum:"investigating,identified,monitoring,resolved"`
	Text       map[string]string `json:"text" doc:"By language: en, ko"`
	Public     bool              `json:"public" doc:"It stands on the status page"`
	Told       bool              `json:"told" doc:"Customers were told"`
	By         ref               `json:"by"`
	CreatedAt  stamp             `json:"created_at"`
}

func showUpdate(u incident.Update) IncidentUpdate {
	return IncidentUpdate{u.ID.String(), u.Incident.String(), string(u.State), plainText(u.Text), u.Public, u.Told, refOf(u.By), stamp(u.At)}
}

func listUpdates(ctx context.Context, tx *db.Tx, in *one) (page[IncidentUpdate], error) {
	key, err := target[incident.ID](in.ID)
	if err != nil {
		return page[IncidentUpdate]{}, err
	}
	if _, err := incident.Get(ctx, tx, key); err != nil {
		return page[IncidentUpdate]{}, err
	}
	list, err := incident.Updates(ctx, tx, key)
	return all(list, showUpdate), err
}

// newUpdate says an update.
type newUpdate struct {
	ID   string `path:"id"`
	Body struct {
		State      string            `json:"state" enum:"investigating,identified,monitoring,resolved"`
		Text       map[string]string `json:"text" doc:"By language: en, ko. Who speaks the one that is missing reads the other."`
		Public     bool              `json:"public,omitempty" doc:"On the status page, if the incident is"`
		Told       bool              `json:"told,omitempty" doc:"To everybody whom it concerns"`
		Solves     bool              `json:"solves,omitempty" doc:"Conversations about it are solved; with resolved alone"`
		Components map[string]string `json:"components,omitempty" doc:"How components are hit from now on"`
	}
}

func sayUpdate(ctx context.Context, tx *db.Tx, in *newUpdate) (IncidentUpdate, error) {
	key, err := target[incident.ID](in.ID)
	if err != nil {
		return IncidentUpdate{}, err
	}
	b := in.Body
	u := incident.Update{Incident: key, State: incident.State(b.State), Text: givenText(b.Text), Public: b.Public, Told: b.Told, Solves: b.Solves}
	if u.Impacts, err = givenImpacts(b.Components); err != nil {
		return IncidentUpdate{}, err
	}
	u, err = incident.Say(ctx, tx, u)
	return showUpdate(u), err
}

// resolution says that an incident is over.
type resolution struct {
	ID   string `path:"id"`
	Body struct {
		Text   map[string]string `json:"text" doc:"By language: en, ko"`
		Public bool              `json:"public,omitempty"`
		Told   bool              `json:"told,omitempty"`
		Solves bool              `json:"solves,omitempty"`
	}
}

func resolveIncident(ctx context.Context, tx *db.Tx, in *resolution) (IncidentUpdate, error) {
	key, err := target[incident.ID](in.ID)
	if err != nil {
		return IncidentUpdate{}, err
	}
	b := in.Body
	u, err := incident.Say(ctx, tx, incident.Update{Incident: key, State: incident.Resolved, Text: givenText(b.Text), Public: b.Public, Told: b.Told, Solves: b.Solves})
	return showUpdate(u), err
}

// incidentLink names a conversation.
type incidentLink struct {
	ID   string `path:"id"`
	Body struct {
		ConversationID string `json:"conversation_id"`
	}
}

func linkIncident(ctx context.Context, tx *db.Tx, in *incidentLink) (Incident, error) {
	key, err := target[incident.ID](in.ID)
	if err != nil {
		return Incident{}, err
	}
	c, err := named[conversation.ID]("conversation_id", in.Body.ConversationID)
	if err != nil {
		return Incident{}, err
	}
	if err := incident.Link(ctx, tx, key, c); err != nil {
		return Incident{}, err
	}
	return showIncident(ctx, tx, key)
}

// Component is a part of what the firm offers.
type Component struct {
	ID    string            `json:"id"`
	Name  map[string]string `json:"name" doc:"By language: en, ko"`
	State string            `json:"state" enum:",maintenance,degraded,partial,out" doc:"Empty: it works"`
}

// What stands on the public page is no secret.
func listComponents(ctx context.Context, tx *db.Tx, _ *struct{}) (page[Component], error) {
	b, err := incident.Look(ctx, tx)
	return all(b.Parts, func(p incident.Part) Component { return Component{p.ID.String(), plainText(p.Name), string(p.Now)} }), err
}
