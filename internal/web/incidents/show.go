package incidents

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// sight is an incident as its page shows it.
type sight struct {
	incident.Incident
	Tally      incident.Tally
	Roles      map[incident.Role]team.ID
	People     []team.Person
	Names      map[team.ID]string
	Components []incident.Component
	Hit        map[incident.ComponentID]incident.Impact
	Reaches    []incident.Reach
	Companies  map[contact.CompanyID]string
	Fields     []contact.Field
	Audience   incident.Audience
	Links      []conversation.Conversation
	Linked     int
	Alike      []conversation.Conversation
	Course     []step
	Trouble    ui.Trouble
	Typed      string // the note that was not taken
}

// step is one thing in the course of an incident.
type step struct {
	At     time.Time
	Who    string
	Icon   string
	Text   string // what happened, in words
	Said   string // what was written
	Update *incident.Update
}

const linksShown = 12

// show is GET /incidents/{id}.
func (a area) show(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	p, err := a.look(r, key)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, showPage(p))
	return nil
}

func (a area) look(r *http.Request, key incident.ID) (p sight, err error) {
	err = a.Read(r, func(ctx context.Context, tx *db.Tx) (err error) {
		if p.Incident, err = incident.Get(ctx, tx, key); err != nil {
			return err
		}
		if err := p.people(ctx, tx); err != nil {
			return err
		}
		if err := p.reached(ctx, tx); err != nil {
			return err
		}
		return p.course(ctx, tx)
	})
	return p, err
}

func (p *sight) people(ctx context.Context, tx *db.Tx) (err error) {
	tallies, err := incident.Tallies(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	p.Tally = tallies[p.ID]
	if p.Roles, err = incident.RolesOf(ctx, tx, p.ID); err != nil {
		return err
	}
	if p.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
		return err
	}
	if p.Names, err = team.Names(ctx, tx); err != nil {
		return err
	}
	if p.Components, err = incident.Components(ctx, tx); err != nil {
		return err
	}
	p.Hit, err = incident.Hit(ctx, tx, p.ID)
	return err
}

func (p *sight) reached(ctx context.Context, tx *db.Tx) (err error) {
	if p.Links, p.Linked, err = incident.Links(ctx, tx, p.ID, linksShown); err != nil {
		return err
	}
	if p.Alike, err = incident.Alike(ctx, tx, p.Incident); err != nil {
		return err
	}
	if p.Reaches, err = incident.Reaches(ctx, tx, p.ID); err != nil || !team.From(ctx).Can(team.RunIncidents) {
		return err
	}
	if p.Audience, err = incident.Hears(ctx, tx, p.ID); err != nil {
		return err
	}
	p.Companies = map[contact.CompanyID]string{}
	for _, x := range p.Reaches {
		if x.Company == 0 {
			continue
		}
		co, err := contact.OneCompany(ctx, tx, x.Company)
		if k := problem.KindOf(err); err != nil && k != problem.NotFound && k != problem.Forbidden {
			return err
		}
		p.Companies[x.Company] = co.Name
	}
	for _, h := range []contact.Holder{contact.OfContact, contact.OfCompany} {
		more, err := contact.Fields(ctx, tx, h)
		if err != nil {
			return err
		}
		p.Fields = append(p.Fields, more...)
	}
	return nil
}

// course puts what was said, noted and done into one order, the newest first.
func (p *sight) course(ctx context.Context, tx *db.Tx) error {
	said, err := incident.Updates(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	l := i18n.Of(ctx).Locale
	for _, u := range said {
		p.Course = append(p.Course, step{At: u.At, Who: p.Names[u.By], Icon: "send", Said: u.Text.In(l), Update: &u})
	}
	notes, err := incident.Notes(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, n := range notes {
		p.Course = append(p.Course, step{At: n.At, Who: p.Names[n.By], Icon: "lock", Text: t(ctx, "did_noted"), Said: n.Text})
	}
	events, err := event.Of(ctx, tx, p.ID.String(), 0, 300)
	if err != nil {
		return err
	}
	for _, e := range events {
		if s, ok := p.did(ctx, e); ok {
			p.Course = append(p.Course, s)
		}
	}
	slices.SortStableFunc(p.Course, func(a, b step) int { return cmp.Compare(b.At.UnixMilli(), a.At.UnixMilli()) })
	return nil
}

// did says in words what an event tells. Updates and notes are said by themselves.
func (p *sight) did(ctx context.Context, e event.Event) (step, bool) {
	kind := strings.TrimPrefix(e.Kind, "incident.")
	icon, ok := map[string]string{"opened": "flag", "changed": "pencil", "state_set": "activity", "role_set": "id-card", "reach_set": "users-round", "impacted": "gauge", "told": "check-check",
		"linked": "link", "unlinked": "link", "reviewed": "file-check", "action_added": "list-checks", "action_done": "circle-check", "action_reopened": "rotate-ccw"}[kind]
	if !ok {
		return step{}, false
	}
	var f struct {
		To        string               `json:"to"`
		Role      incident.Role        `json:"role"`
		People    int                  `json:"people"`
		Component incident.ComponentID `json:"component"`
		Impact    incident.Impact      `json:"impact"`
	}
	if json.Unmarshal(e.Body, &f) != nil {
		return step{}, false
	}
	s := step{At: e.At, Icon: icon}
	if who, err := id.Read[team.ID](e.Actor); err == nil {
		s.Who = p.Names[who]
	}
	switch kind {
	case "state_set":
		s.Text = t(ctx, "did_state_set", "state", stateWord(ctx, incident.State(f.To)))
	case "role_set":
		s.Text = t(ctx, "did_role_off", "role", roleWord(ctx, f.Role))
		if who, err := id.Read[team.ID](f.To); err == nil && who != 0 {
			s.Text = t(ctx, "did_role_set", "role", roleWord(ctx, f.Role), "name", p.Names[who])
		}
	case "impacted":
		s.Text = t(ctx, "did_impacted", "component", p.component(ctx, f.Component), "impact", impactWord(ctx, f.Impact))
	case "told":
		s.Text = t(ctx, "did_told", "n", f.People)
	default:
		s.Text = t(ctx, "did_"+kind)
	}
	return s, true
}

func (p *sight) component(ctx context.Context, key incident.ComponentID) string {
	for _, c := range p.Components {
		if c.ID == key {
			return c.Name.In(i18n.Of(ctx).Locale)
		}
	}
	return t(ctx, "component_gone")
}

func (a area) note(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		_, err := incident.Write(ctx, tx, key, r.FormValue("note"))
		return err
	})
	if err == nil {
		return done(w, r, path(key), "noted")
	}
	if problem.KindOf(err) != problem.Invalid {
		return err
	}
	trouble, err := ui.TroubleOf(w, r, err)
	if err != nil {
		return err
	}
	p, err := a.look(r, key)
	if err != nil {
		return err
	}
	p.Trouble, p.Typed = trouble, r.FormValue("note")
	ui.Render(w, r, trouble.Status, showPage(p))
	return nil
}

func (a area) roles(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		for _, role := range incident.Roles {
			who, _ := id.Read[team.ID](r.FormValue(string(role)))
			if err := incident.SetRole(ctx, tx, key, role, who); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return done(w, r, path(key), "saved")
}

// reach is POST /incidents/{id}/reach: one more group, or one less (remove=<id>).
func (a area) reach(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		was, err := incident.Reaches(ctx, tx, key)
		if err != nil {
			return err
		}
		var list []contact.Group
		for _, x := range was {
			if x.ID.String() != r.FormValue("remove") {
				list = append(list, x.Group)
			}
		}
		if r.FormValue("remove") == "" {
			g, err := group(ctx, tx, r)
			if err != nil {
				return err
			}
			list = append(list, g)
		}
		return incident.SetReach(ctx, tx, key, list)
	})
	if err != nil {
		return err
	}
	return done(w, r, path(key)+"#whom", "saved")
}

// group reads a group: by=tag, by=company, or by=contact:<key> or by=company:<key>, with its value.
func group(ctx context.Context, tx *db.Tx, r *http.Request) (g contact.Group, err error) {
	value := strings.TrimSpace(r.FormValue("value"))
	if value == "" {
		return g, problem.For("reach", "Say which value the field has.")
	}
	switch by := r.FormValue("by"); by {
	case "tag":
		g.Tag = value
	case "company":
		list, _, err := contact.Companies(ctx, tx, contact.CompanyFilter{Query: value, Limit: 2})
		if err != nil {
			return g, err
		}
		at := slices.IndexFunc(list, func(c contact.Company) bool { return strings.EqualFold(c.Name, value) })
		if at < 0 && len(list) == 1 {
			at = 0
		}
		if at < 0 {
			return g, problem.For("reach", "There is no company with this name.")
		}
		g.Company = list[at].ID
	default:
		holder, key, _ := strings.Cut(by, ":")
		g.Holder, g.Field, g.Value = contact.Holder(holder), key, value
	}
	return g, nil
}

// link is POST /incidents/{id}/links: talk=<id>, as often as needed, or number=1042.
func (a area) link(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	list := talks(r)
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		if _, err := incident.Get(ctx, tx, key); err != nil {
			return err
		}
		if s := strings.TrimPrefix(strings.TrimSpace(r.FormValue("number")), "#"); s != "" {
			n, err := strconv.ParseInt(s, 10, 64)
			if err != nil {
				return problem.New(problem.NotFound, "There is no such conversation.")
			}
			c, err := conversation.ByNumber(ctx, tx, n)
			if err != nil {
				return err
			}
			list = append(list, c.ID)
		}
		if len(list) == 0 {
			return problem.For("talk", "Choose conversations first.")
		}
		for _, c := range list {
			if err := incident.Link(ctx, tx, key, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return done(w, r, path(key)+"#talks", "linked", "n", len(list))
}

// linkMany is POST /incidents/link, from the inbox: incident=<id>, talk=<id>…, and where to go on. Without an incident a new one is written.
func (a area) linkMany(w http.ResponseWriter, r *http.Request) error {
	list := talks(r)
	if len(list) == 0 {
		return problem.For("talk", "Choose conversations first.")
	}
	key, err := id.Read[incident.ID](r.FormValue("incident"))
	if err != nil {
		return problem.New(problem.NotFound, "There is no such incident.")
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		for _, c := range list {
			if err := incident.Link(ctx, tx, key, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	toast := ui.Toast{Text: t(r.Context(), "linked", "n", len(list))}
	if r.Header.Get("HX-Request") != "true" {
		ui.SayThere(w, r, toast, path(key))
		return nil
	}
	ui.Say(w, r, toast)
	for _, what := range []string{"bulk-done", "close-dialog", "refresh"} {
		ui.Trigger(w, what, map[string]string{})
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a area) unlink(w http.ResponseWriter, r *http.Request) error {
	key, err := incidentID(r)
	if err != nil {
		return err
	}
	list := talks(r)
	if len(list) == 0 {
		return problem.For("talk", "Choose conversations first.")
	}
	err = a.Write(r, func(ctx context.Context, tx *db.Tx) error {
		for _, c := range list {
			if err := incident.Unlink(ctx, tx, key, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return done(w, r, path(key)+"#talks", "unlinked")
}
