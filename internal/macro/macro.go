package macro

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hangul"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a macro.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "mac" }

// For says who has a macro. Words: macro.for_<…>.
type For string

// Those who can have one.
const (
	Everyone For = "everyone"
	OfTeam   For = "team"
	Mine     For = "me"
)

// Fors lists them.
var Fors = []For{Everyone, OfTeam, Mine}

// Content is what a macro says and does.
type Content struct {
	Text i18n.Text        `json:"text,omitempty"` // Markdown with placeholders
	Acts []automation.Act `json:"acts,omitempty"`
}

// Macro is one.
type Macro struct {
	ID       ID
	Name     string
	Shortcut string // what one types for it; "" is none
	For      For
	Team     team.TeamID // of OfTeam
	Person   team.ID     // who made it, and of Mine: whose it is
	Content
	Files     []File
	Version   int // 1, 2, 3 …
	Used      int
	UsedAt    time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt time.Time
}

const columns = `m.id, m.name, m.shortcut, m.scope, m.team_id, m.person_id, m.body, m.version, m.used, m.used_at, m.created_at, m.updated_at, m.deleted_at`

func scan(r db.Row) (m Macro, err error) {
	var body string
	if err = r.Scan(&m.ID, &m.Name, &m.Shortcut, &m.For, &m.Team, &m.Person, &body, &m.Version, &m.Used, db.Time(&m.UsedAt), db.Time(&m.CreatedAt), db.Time(&m.UpdatedAt), db.Time(&m.DeletedAt)); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(body), &m.Content)
}

func (c Content) body() string {
	b, _ := json.Marshal(c) // plain strings
	return string(b)
}

// visible is the rule of who sees which macro, as a condition on the macro m.
func visible(ctx context.Context, a *db.Args) string {
	actor := team.From(ctx)
	if actor.Can(team.ManageSettings) {
		return `(m.scope <> 'me' OR m.person_id <> 0 AND m.person_id = ` + a.Add(actor.Person) + `)`
	}
	return `(m.scope = 'everyone' OR m.scope = 'me' AND m.person_id <> 0 AND m.person_id = ` + a.Add(actor.Person) + ` OR m.scope = 'team' AND m.team_id IN (` + db.In(a, actor.Teams) + `))`
}

// mayUse refuses who never writes.
func mayUse(ctx context.Context) error {
	if actor := team.From(ctx); actor.Can(team.Note) || actor.Can(team.ManageSettings) {
		return nil
	}
	return team.Allow(ctx, team.Reply)
}

// May says whether whoever acts may change it.
func (m Macro) May(ctx context.Context) bool { return m.allow(ctx) == nil }

func (m Macro) allow(ctx context.Context) error {
	if m.For != Mine {
		return team.Allow(ctx, team.ManageSettings)
	}
	if actor := team.From(ctx); actor.Person == 0 || actor.Person != m.Person {
		return problem.New(problem.Forbidden, "A macro of one's own needs a person.")
	}
	return team.Allow(ctx, team.Reply)
}

// Get returns a macro with its files.
func Get(ctx context.Context, tx *db.Tx, id ID) (Macro, error) {
	m, err := find(ctx, tx, id)
	if err == nil && !m.DeletedAt.IsZero() {
		err = errNone()
	}
	return m, err
}

// ToChange returns a macro to whoever may change it.
func ToChange(ctx context.Context, tx *db.Tx, id ID) (Macro, error) {
	m, err := Get(ctx, tx, id)
	if err != nil {
		return m, err
	}
	return m, m.allow(ctx)
}

func errNone() error { return problem.New(problem.NotFound, "There is no such macro.") }

// find returns a macro also if it was deleted.
func find(ctx context.Context, tx *db.Tx, id ID) (Macro, error) {
	if err := mayUse(ctx); err != nil {
		return Macro{}, err
	}
	var a db.Args
	m, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM macro m WHERE m.id = `+a.Add(id)+` AND `+visible(ctx, &a), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		return m, errNone()
	}
	if err != nil {
		return m, err
	}
	m.Files, err = files(ctx, tx, id)
	return m, err
}

// List returns the macros that whoever acts has, the most used first. How many files they have is not told.
func List(ctx context.Context, tx *db.Tx) ([]Macro, error) {
	if err := mayUse(ctx); err != nil {
		return nil, err
	}
	var a db.Args
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM macro m WHERE m.deleted_at IS NULL AND `+visible(ctx, &a)+` ORDER BY m.used DESC, m.name, m.id`, a.List()...)
}

// looked is how much of a text is looked through.
const looked = 200

// Called is what a macro is found by first: its name and shortcut; the initial consonants of the name, for who types ㅎㅂ for 환불; and
// what it is on a keyboard in Latin mode.
func (m Macro) Called() string {
	return strings.ToLower(strings.Join([]string{m.Name, m.Shortcut, hangul.Initials(m.Name), hangul.Keys(m.Name)}, "\n"))
}

// Begins is how its texts begin, by which it is found, too.
func (m Macro) Begins() string {
	var parts []string
	for _, l := range i18n.Locales() {
		text := []rune(m.Text[l])
		parts = append(parts, string(text[:min(len(text), looked)]))
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

// Fits says whether every word of what is asked stands in it.
func (m Macro) Fits(asked string) bool {
	text := m.Called() + "\n" + m.Begins()
	for _, word := range strings.Fields(strings.ToLower(asked)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
