package team

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
)

// State says whether a person may come in.
type State string

// The states of a person.
const (
	Awaited State = "invited" // has not accepted yet
	Active  State = "active"
	Off     State = "disabled"
)

// Word is the key of a state in the catalogue.
func (s State) Word() string { return "team.state_" + string(s) }

// Person is somebody who works here.
type Person struct {
	ID    ID
	Name  string
	Email string // in lower case
	State State
	Role  string
	See   See // "" is what the role sees
	Teams []TeamID
	Choices
	Factor     bool // has a second factor
	Failing    bool // notices to his address keep coming back
	CreatedAt  time.Time
	JoinedAt   time.Time // when the invitation was accepted
	SignedInAt time.Time // last
}

// Choices are how a person likes it.
type Choices struct {
	Language   string            // "en" or "ko"; "" is the firm's
	Zone       string            // such as "Asia/Seoul"; "" is the firm's
	Theme      string            // "light", "dark" or "": as the device has it
	Density    string            // "comfortable" or "compact"; "" is comfortable
	Shortcuts  bool              // single keys do something
	EnterSends bool              // otherwise Ctrl+Enter does
	Signatures map[string]string // by language; not in a Session
}

const personColumns = `p.id, p.name, p.email, p.state, p.role, p.see, p.language, p.zone, p.theme, p.density, p.shortcuts, p.enter_sends,
	p.signatures, p.factor <> '', p.bounces, p.created_at, p.joined_at, p.signed_in_at, ` + teamsOf

func scanPerson(row db.Row) (p Person, err error) {
	var signatures, teams string
	var bounces int
	err = row.Scan(&p.ID, &p.Name, &p.Email, &p.State, &p.Role, &p.See, &p.Language, &p.Zone, &p.Theme, &p.Density, &p.Shortcuts, &p.EnterSends,
		&signatures, &p.Factor, &bounces, db.Time(&p.CreatedAt), db.Time(&p.JoinedAt), db.Time(&p.SignedInAt), &teams)
	if err != nil {
		return p, err
	}
	p.Teams, p.Failing = readTeams(teams), bounces >= failing
	return p, json.Unmarshal([]byte(signatures), &p.Signatures)
}

// Get returns a person.
func Get(ctx context.Context, tx *db.Tx, id ID) (Person, error) {
	return onePerson(ctx, tx, `p.id = $1`, id)
}

// ByEmail returns the person with an address.
func ByEmail(ctx context.Context, tx *db.Tx, email string) (Person, error) {
	email, err := foldEmail(email)
	if err != nil {
		return Person{}, err
	}
	return onePerson(ctx, tx, `p.email = $1`, email)
}

func onePerson(ctx context.Context, tx *db.Tx, where string, arg any) (Person, error) {
	p, err := db.One(ctx, tx, scanPerson, `SELECT `+personColumns+` FROM team_person p WHERE `+where, arg)
	if errors.Is(err, db.ErrNoRow) {
		return p, problem.New(problem.NotFound, "There is no such person.")
	}
	return p, err
}

// Filter narrows the list of people.
type Filter struct {
	State State  // "" is those that are active or invited; All is everybody
	Role  string // with this role
	Team  TeamID // in this team
	Text  string // in the name or address
}

// All is the Filter.State that leaves everybody.
const All State = "all"

// People lists people by name.
func People(ctx context.Context, tx *db.Tx, f Filter) ([]Person, error) {
	var a db.Args
	where := `TRUE`
	switch f.State {
	case All:
	case "":
		where = `p.state <> 'disabled'`
	default:
		where = `p.state = ` + a.Add(f.State)
	}
	if f.Role != "" {
		where += ` AND p.role = ` + a.Add(f.Role)
	}
	if f.Team != 0 {
		where += ` AND EXISTS (SELECT 1 FROM team_member t WHERE t.person_id = p.id AND t.team_id = ` + a.Add(f.Team) + `)`
	}
	if f.Text != "" {
		like := a.Add("%" + strings.ToLower(db.Like(f.Text)) + "%")
		where += ` AND (lower(p.name) LIKE ` + like + ` ESCAPE '\' OR p.email LIKE ` + like + ` ESCAPE '\')`
	}
	return db.All(ctx, tx, scanPerson, `SELECT `+personColumns+` FROM team_person p WHERE `+where+` ORDER BY lower(p.name), p.id`, a.List()...)
}

// Names are the names of all people who ever worked here, for lists and logs.
func Names(ctx context.Context, tx *db.Tx) (map[ID]string, error) {
	all := map[ID]string{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var name string
		err := r.Scan(&id, &name)
		all[id] = name
		return err
	}, `SELECT id, name FROM team_person`)
	return all, err
}

// ActorOf is the actor that a person is at this moment, for what is done in his
// name later: a mail that he asked for, a reply that he scheduled. Of somebody who
// cannot come in it is the zero Actor.
func ActorOf(ctx context.Context, tx *db.Tx, id ID) (Actor, error) {
	a, err := db.One(ctx, tx, func(row db.Row) (a Actor, err error) {
		var own See
		var r storedRole
		var teams string
		err = row.Scan(&a.Person, &a.Name, &a.Role, &own, &r.builtIn, &r.rights, &r.see, &r.masked, &teams)
		a.Teams = readTeams(teams)
		r.fill(&a, own)
		return a, err
	}, `SELECT p.id, p.name, p.role, p.see, r.built_in, r.rights, r.see, r.masked, `+teamsOf+`
		FROM team_person p JOIN team_role r ON r.name = p.role WHERE p.id = $1 AND p.state = 'active'`, id)
	if errors.Is(err, db.ErrNoRow) {
		return Actor{}, nil
	}
	return a, err
}

// checkName gives a name as it is stored.
func checkName(name string) (string, error) {
	name = strings.Join(strings.Fields(clip(name, 1000)), " ")
	if name == "" {
		return "", problem.For("name", "Enter a name.")
	}
	if utf8.RuneCountInString(name) > 100 {
		return "", problem.For("name", "Use at most %d characters.", 100)
	}
	return name, nil
}

// mayManage is nil if whoever acts manages people and could give this one his role.
func mayManage(ctx context.Context, tx *db.Tx, person ID) error {
	if err := Allow(ctx, ManagePeople); err != nil {
		return err
	}
	r, err := db.One(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM team_role WHERE name = (SELECT role FROM team_person WHERE id = $1)`, person)
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "There is no such person.")
	}
	if err != nil {
		return err
	}
	r.See = "" // what he sees already is no reason
	return mayGrant(ctx, r)
}
