package settings

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) routingRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/routing", team.ManageSettings, a.routing)
	rt.Page("POST /settings/routing", team.ManageSettings, a.saveRouting)
	rt.Page("GET /settings/routing/people", team.ManageSettings, a.desks)
	rt.Page("POST /settings/routing/people", team.ManageSettings, a.saveDesks)
	rt.Page("GET /settings/routing/{list}", team.ManageSettings, a.routing)
	rt.Page("POST /settings/routing/{list}", team.ManageSettings, a.saveRouting)
}

// The lists of routing, each with its page: rules at /settings/routing, the others below it.
var routingLists = []string{"rules", "grades", "scopes"}

var errNoList = problem.New(problem.NotFound, "This page is not here.")

// sorting is the page of one list of routing.
type sorting struct {
	List    string
	Rows    []sorted
	Teams   []team.Team
	People  []team.Person
	Rotas   []shift.Rota
	Open    int // the row that stands open, from 1
	Short   []routing.Shortfall
	Trouble ui.Trouble
}

// sorted is a row as it is typed: when, and what then; the list says which of it there is.
type sorted map[string]string

// path is where the page of a list is.
func (p sorting) path() string {
	if p.List == "rules" {
		return "/settings/routing"
	}
	return "/settings/routing/" + p.List
}

func (p sorting) known() bool { return slices.Contains(routingLists, p.List) }

// at is the name of a field: rule.0.team.
func (p sorting) at(i int, name string) string {
	return strings.TrimSuffix(p.List, "s") + "." + strconv.Itoa(i) + "." + name
}

func sortingOf(r *http.Request) sorting {
	p := sorting{List: r.PathValue("list")}
	if p.List == "" {
		p.List = "rules"
	}
	return p
}

func (a area) routing(w http.ResponseWriter, r *http.Request) error {
	p := sortingOf(r)
	if !p.known() {
		return errNoList
	}
	err := a.DB.Read(r.Context(), func(tx *db.Tx) error {
		l, err := routing.Get(r.Context(), tx)
		if err != nil {
			return err
		}
		p.Rows = rowsOf(p.List, l)
		if p.List == "scopes" {
			if p.Short, err = routing.Feasible(r.Context(), tx); err != nil {
				return err
			}
		}
		return p.house(r.Context(), tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, routingPage(p))
	return nil
}

// house reads what rows choose from.
func (p *sorting) house(ctx context.Context, tx *db.Tx) (err error) {
	if p.Teams, err = team.Teams(ctx, tx); err != nil {
		return err
	}
	if p.People, err = team.People(ctx, tx, team.Filter{State: team.Active}); err != nil {
		return err
	}
	p.Rotas, err = shift.Rotas(ctx, tx)
	return err
}

// saveRouting is POST of a list: all of its rows in their order, with one to add, to take away or to move.
func (a area) saveRouting(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), sortingOf(r)
	if !p.known() {
		return errNoList
	}
	p.Rows = typedRows(r, p)
	do, at, _ := strings.Cut(r.FormValue("do"), " ")
	if p.arrange(do, at) {
		if err := a.DB.Read(ctx, func(tx *db.Tx) error { return p.house(ctx, tx) }); err != nil {
			return err
		}
		ui.Render(w, r, http.StatusOK, routingPage(p))
		return nil
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		l, err := routing.Get(ctx, tx)
		if err != nil {
			return err
		}
		p.into(&l)
		return routing.Set(ctx, tx, l)
	})
	if err == nil {
		return done(w, r, p.path(), "saved")
	}
	if p.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	if err := a.DB.Read(ctx, func(tx *db.Tx) error { return p.house(ctx, tx) }); err != nil {
		return err
	}
	ui.Render(w, r, p.Trouble.Status, routingPage(p))
	return nil
}

// opens says whether a row stands open: the one that was just added or moved, and those in which something is wrong.
func (p sorting) opens(i int) bool {
	if p.Open == i+1 {
		return true
	}
	for _, f := range rowFields(p.List) {
		if p.Trouble.For(p.at(i, f)) != "" {
			return true
		}
	}
	return false
}

// arrange adds, moves or takes away a row, and says whether it was asked to. What was taken away is gone when the page is saved.
func (p *sorting) arrange(do, at string) bool {
	i, err := strconv.Atoi(at)
	inside := err == nil && i >= 0 && i < len(p.Rows)
	switch {
	case do == "add": // the particular before what fits all
		p.Rows, p.Open = append([]sorted{{"to": string(routing.ToTeam), "known": "on"}}, p.Rows...), 1
	case do == "remove" && inside:
		p.Rows = append(p.Rows[:i], p.Rows[i+1:]...)
	case do == "up" && inside && i > 0:
		p.Rows[i-1], p.Rows[i], p.Open = p.Rows[i], p.Rows[i-1], i
	case do == "down" && inside && i < len(p.Rows)-1:
		p.Rows[i+1], p.Rows[i], p.Open = p.Rows[i], p.Rows[i+1], i+2
	default:
		return false
	}
	return true
}

// whenFields are those that say for what a row is.
var whenFields = []string{"stage", "type", "severity", "channel", "tier", "worth", "language", "tag"}

func rowFields(list string) []string {
	switch list {
	case "grades":
		return append([]string{"words", "set_type", "set_severity", "set_priority"}, whenFields...)
	case "scopes":
		return append([]string{"by", "within"}, whenFields...)
	}
	return append([]string{"name", "to", "team", "person", "skill", "known", "take_back"}, whenFields...)
}

func typedRows(r *http.Request, p sorting) (rows []sorted) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	for i := range min(n, 100) {
		row := sorted{}
		for _, f := range rowFields(p.List) {
			row[f] = strings.TrimSpace(r.FormValue(p.at(i, f)))
		}
		rows = append(rows, row)
	}
	return rows
}

func rowsOf(list string, l routing.Lists) (rows []sorted) {
	switch list {
	case "grades":
		for _, g := range l.Grades {
			row := whenRow(g.When)
			row["words"], row["set_type"], row["set_severity"], row["set_priority"] = strings.Join(g.Words, ", "), g.SetType, g.SetSeverity, g.SetPriority
			rows = append(rows, row)
		}
	case "scopes":
		for _, s := range l.Scopes {
			row := whenRow(s.When)
			row["by"], row["within"] = idText(s.By), numberText(s.Within)
			rows = append(rows, row)
		}
	default:
		for _, r := range l.Rules {
			row := whenRow(r.When)
			row["name"], row["to"], row["team"], row["person"] = r.Name, string(r.To), idText(r.Team), idText(r.Person)
			row["skill"], row["take_back"] = r.Skill, numberText(r.TakeBack)
			if r.Known {
				row["known"] = "on"
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func whenRow(w routing.When) sorted {
	return sorted{"stage": w.Stage, "type": w.Type, "severity": w.Severity, "channel": w.Channel, "tier": w.Tier, "worth": numberText(int(w.Worth)), "language": string(w.Language), "tag": w.Tag}
}

// idText is an id as a choice has it: nothing for none.
func idText[T interface {
	~int64
	String() string
}](id T) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

func numberText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// into puts the rows into the lists. What is no number is one that is refused.
func (p sorting) into(l *routing.Lists) {
	switch p.List {
	case "grades":
		l.Grades = nil
		for _, row := range p.Rows {
			l.Grades = append(l.Grades, routing.Grade{Words: strings.Split(row["words"], ","), When: row.when(), SetType: row["set_type"], SetSeverity: row["set_severity"], SetPriority: row["set_priority"]})
		}
	case "scopes":
		l.Scopes = nil
		for _, row := range p.Rows {
			s := routing.Scope{When: row.when(), Within: row.number("within")}
			s.By, _ = id.Read[shift.RotaID](row["by"])
			l.Scopes = append(l.Scopes, s)
		}
	default:
		l.Rules = nil
		for _, row := range p.Rows {
			r := routing.Rule{Name: row["name"], When: row.when(), To: routing.To(row["to"]), Skill: row["skill"], Known: row["known"] != "", TakeBack: row.number("take_back")}
			r.Team, _ = id.Read[team.TeamID](row["team"])
			r.Person, _ = id.Read[team.ID](row["person"])
			l.Rules = append(l.Rules, r)
		}
	}
}

func (s sorted) when() routing.When {
	return routing.When{Stage: s["stage"], Type: s["type"], Severity: s["severity"], Channel: s["channel"], Tier: s["tier"], Worth: int64(s.number("worth")), Language: i18n.Locale(s["language"]), Tag: s["tag"]}
}

func (s sorted) number(name string) int {
	text := strings.NewReplacer(",", "", " ", "").Replace(s[name])
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
