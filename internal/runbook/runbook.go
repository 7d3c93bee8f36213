package runbook

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/token"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/routing"
	"baraji/internal/team"
)

// ID is the id of a runbook.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "rbk" }

// Kind is what it is. Words: runbook.kind_<…>.
type Kind string

// The kinds.
const (
	Guide Kind = "guide" // what to do
	Known Kind = "known" // an error that we know of
)

// Kinds lists them.
var Kinds = []Kind{Guide, Known}

// Content is what a runbook says.
type Content struct {
	Kind  Kind
	Title i18n.Text
	About i18n.Text // when it is for; of a known error what one sees
	When  routing.When
	Words []string // any of them in what the customer wrote; none: all
	Steps []Step

	Cause      i18n.Text // of a known error, as the rest
	Workaround i18n.Text // Markdown
	Fixed      bool
	FixedIn    string // the version; "" nobody said
}

// Else is what comes when a step did not help. Words: runbook.else_<…>.
type Else string

// The ways.
const (
	GoOn     Else = ""     // the next step
	GoTo     Else = "step" // Step.To
	HandOver Else = "hand_over"
)

// Elses lists them.
var Elses = []Else{GoOn, GoTo, HandOver}

// Step is one thing to do.
type Step struct {
	Key     int       // stays the same over all versions
	Text    i18n.Text // Markdown
	Article knowledge.ID
	Service oncall.ServiceID // can be called with one press
	Else    Else
	To      int // the key of another step, of GoTo

	ArticleTitle i18n.Text // then: filled in when it is followed
	ServiceName  string
}

// Runbook is one.
type Runbook struct {
	ID ID
	Content
	Version    int // 1, 2, 3 …
	ArchivedAt time.Time
	By         team.ID
	CreatedAt  time.Time
	UpdatedBy  team.ID
	UpdatedAt  time.Time
}

// Open says that it is a known error that is not fixed.
func (r Runbook) Open() bool { return r.Kind == Known && !r.Fixed }

const columns = `b.id, b.version, b.body, b.archived_at, b.created_by, b.created_at, b.updated_by, b.updated_at`

func scan(r db.Row) (b Runbook, err error) {
	var body string
	if err = r.Scan(&b.ID, &b.Version, &body, db.Time(&b.ArchivedAt), &b.By, db.Time(&b.CreatedAt), &b.UpdatedBy, db.Time(&b.UpdatedAt)); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(body), &b.Content)
}

// Get returns a runbook.
func Get(ctx context.Context, tx *db.Tx, id ID) (Runbook, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return Runbook{}, err
	}
	b, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM runbook b WHERE b.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such runbook.")
	}
	return b, err
}

// most is how many a firm can have that are not put away: they are looked through one by one.
const most = 1000

// Filter narrows a list; the zero Filter is all that are not put away.
type Filter struct {
	Kind     Kind
	Open     bool // known errors that are not fixed
	Archived bool
	Words    string // stand somewhere in it
}

// List returns runbooks, those that were changed last at the head.
func List(ctx context.Context, tx *db.Tx, f Filter) ([]Runbook, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	var a db.Args
	where := `b.archived_at IS NULL`
	if f.Archived {
		where = `b.archived_at IS NOT NULL`
	}
	if f.Kind != "" {
		where += ` AND b.kind = ` + a.Add(f.Kind)
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM runbook b WHERE `+where+` ORDER BY b.updated_at DESC, b.id DESC`+db.Limit(most), a.List()...)
	q := token.Parse(f.Words)
	return slices.DeleteFunc(list, func(b Runbook) bool {
		return f.Open && !b.Open() || !q.Empty() && !q.Matches(b.text())
	}), err
}

// Find is what the search of the desk finds: nothing for who may not read it.
func Find(ctx context.Context, tx *db.Tx, words string, limit int) ([]Runbook, error) {
	if !team.From(ctx).Can(team.ReadArticles) || token.Parse(words).Empty() {
		return nil, nil
	}
	list, err := List(ctx, tx, Filter{Words: words})
	return list[:min(len(list), limit)], err
}

// text is all that it says.
func (c Content) text() string {
	parts := append([]string{c.FixedIn}, c.Words...)
	texts := []i18n.Text{c.Title, c.About, c.Cause, c.Workaround}
	for _, s := range c.Steps {
		texts = append(texts, s.Text)
	}
	for _, t := range texts {
		for _, l := range i18n.Locales() {
			parts = append(parts, t[l])
		}
	}
	return strings.Join(parts, "\n")
}

// Version is what a runbook said from a moment on.
type Version struct {
	Number int
	Content
	By team.ID
	At time.Time
}

// Versions are those of a runbook that was read already, the last first.
func Versions(ctx context.Context, tx *db.Tx, id ID) ([]Version, error) {
	return db.All(ctx, tx, func(r db.Row) (v Version, err error) {
		var body string
		if err = r.Scan(&v.Number, &body, &v.By, db.Time(&v.At)); err == nil {
			err = json.Unmarshal([]byte(body), &v.Content)
		}
		return v, err
	}, `SELECT number, body, person_id, at FROM runbook_version WHERE runbook_id = $1 ORDER BY number DESC`, id)
}
