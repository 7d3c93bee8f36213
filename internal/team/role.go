package team

import (
	"context"
	"errors"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// Role is a set of rights under a name.
type Role struct {
	Name         string // what is stored: "agent", or "rol_…" for own ones
	BuiltIn      bool   // its title comes from the catalogue (Word), its rights from the program
	Title        string // of own roles
	About        string
	Rights       []Right
	See          See  // what its people see unless they have a choice of their own
	Masked       bool // contact data is shown masked
	SecondFactor bool // its people must have a second factor
}

// Word is the key of a built-in role's title in the catalogue; with "_about"
// behind it that of its description.
func (r Role) Word() string { return "team.role_" + r.Name }

// Word is the key of a right in the catalogue.
func (r Right) Word() string { return "team.right_" + strings.ReplaceAll(string(r), ".", "_") }

// Word is the key of a view in the catalogue.
func (s See) Word() string { return "team.see_" + string(s) }

// The roles that are built in.
const (
	Owner   = "owner"
	Admin   = "admin"
	Manager = "manager"
	Agent   = "agent"
	Sales   = "sales"
	Partner = "partner" // an outsourced agent: the queue of his teams, masked contact data
	Light   = "light"   // reads and writes notes
)

// BuiltIn lists the built-in roles, the most powerful first.
func BuiltIn() []Role {
	desk := []Right{ReadConversations, Reply, Note, Handle, ReadContacts, EditContacts, ReadArticles, EditArticles}
	return []Role{
		{Name: Owner, Rights: Rights, See: SeeEverything},
		{Name: Admin, Rights: without(Rights, Own), See: SeeEverything},
		{Name: Manager, Rights: append(slices.Clone(desk), RunIncidents, RunCampaigns, Delete, Export, Quarantine, ManageSettings), See: SeeEverything},
		{Name: Agent, Rights: append(slices.Clone(desk), RunIncidents), See: SeeEverything},
		{Name: Sales, Rights: append(slices.Clone(desk), RunCampaigns), See: SeeEverything},
		{Name: Partner, Rights: []Right{ReadConversations, Reply, Note, Handle, ReadContacts, ReadArticles}, See: SeeTeams, Masked: true},
		{Name: Light, Rights: []Right{ReadConversations, Note, ReadContacts, ReadArticles}, See: SeeEverything},
	}
}

func without(list []Right, r Right) []Right {
	return slices.DeleteFunc(slices.Clone(list), func(x Right) bool { return x == r })
}

// builtInRole is BuiltIn by name.
func builtInRole(name string) (Role, bool) {
	for _, r := range BuiltIn() {
		if r.Name == name {
			r.BuiltIn = true
			return r, true
		}
	}
	return Role{}, false
}

const roleColumns = `name, built_in, title, about, rights, see, masked, second_factor`

func scanRole(row db.Row) (r Role, err error) {
	var rights string
	err = row.Scan(&r.Name, &r.BuiltIn, &r.Title, &r.About, &rights, &r.See, &r.Masked, &r.SecondFactor)
	if !r.BuiltIn {
		r.Rights = readRights(rights)
		return r, err
	}
	fixed, _ := builtInRole(r.Name)
	fixed.SecondFactor = r.SecondFactor
	return fixed, err
}

// GetRole returns a role.
func GetRole(ctx context.Context, tx *db.Tx, name string) (Role, error) {
	r, err := db.One(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM team_role WHERE name = $1`, name)
	if errors.Is(err, db.ErrNoRow) {
		return r, problem.For("role", "There is no such role. Choose one from the list.")
	}
	return r, err
}

// Roles lists every role: the built-in ones from the most powerful down, then
// own ones by title.
func Roles(ctx context.Context, tx *db.Tx) ([]Role, error) {
	all, err := db.All(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM team_role ORDER BY lower(title), name`)
	order := BuiltIn()
	place := func(r Role) int {
		i := slices.IndexFunc(order, func(b Role) bool { return b.Name == r.Name })
		if i < 0 {
			return len(order)
		}
		return i
	}
	slices.SortStableFunc(all, func(a, b Role) int { return place(a) - place(b) })
	return all, err
}

// readRights reads rights as they are stored, leaving out those that the
// program no longer knows.
func readRights(s string) []Right {
	var list []Right
	for _, w := range strings.Fields(s) {
		if slices.Contains(Rights, Right(w)) {
			list = append(list, Right(w))
		}
	}
	return list
}

// writeRights puts rights into the order of Rights, each once.
func writeRights(list []Right) string {
	var b strings.Builder
	for _, r := range Rights {
		if slices.Contains(list, r) {
			b.WriteString(string(r) + " ")
		}
	}
	return strings.TrimSpace(b.String())
}

// mayGrant is nil if whoever acts has every right of a role and sees as much.
func mayGrant(ctx context.Context, r Role) error {
	a := From(ctx)
	for _, right := range r.Rights {
		if !a.Can(right) {
			return problem.New(problem.Forbidden, "This role may do more than you: “%s”. Ask somebody who has that right.", right)
		}
	}
	return mayShow(a, r.See, r.Masked)
}

// mayShow: nobody shows others more than he sees himself.
func mayShow(a Actor, see See, masked bool) error {
	if a.system || wide(see) <= wide(a.See) && (masked || !a.Masked) {
		return nil
	}
	return problem.New(problem.Forbidden, "That shows more than you see yourself. Ask an administrator.")
}

func wide(s See) int {
	switch s {
	case SeeEverything:
		return 3
	case SeeTeams:
		return 2
	}
	return 1
}
