package incident

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of an incident.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "inc" }

// State is how far one is; see the package comment.
type State string

// The states.
const (
	Investigating State = "investigating"
	Identified    State = "identified"
	Monitoring    State = "monitoring"
	Resolved      State = "resolved"
	Reviewed      State = "reviewed"
)

// States lists them in their order. Those that an update can set end before Reviewed.
var States = []State{Investigating, Identified, Monitoring, Resolved, Reviewed}

// Over says that nothing is broken any more.
func (s State) Over() bool { return s == Resolved || s == Reviewed }

// Severities say how bad it is, the least first: as those of conversations.
var Severities = []string{"minor", "major", "critical"}

// Incident is one.
type Incident struct {
	ID         ID
	Number     int64
	Title      i18n.Text
	Product    string
	Version    string
	Words      string // by which conversations about it are found
	Severity   string
	State      State
	Public     bool     // it stands on the status page
	Inbox      inbox.ID // mails to those who have not written leave from there; 0: from the first that can
	StartedAt  time.Time
	ResolvedAt time.Time
	ReviewedAt time.Time
	Review     Review
	Told       UpdateID // the last update that customers were told
	By         team.ID
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Name is what people call it.
func (i Incident) Name() string { return Name(i.Number) }

const columns = `i.id, i.number, i.title, i.product, i.version, i.words, i.severity, i.state, i.public, i.inbox_id, i.started_at, i.resolved_at, i.reviewed_at,
	i.happened, i.why, i.doing, i.told_id, i.created_by, i.created_at, i.updated_at`

func scan(r db.Row) (i Incident, err error) {
	var title string
	err = r.Scan(&i.ID, &i.Number, &title, &i.Product, &i.Version, &i.Words, &i.Severity, &i.State, &i.Public, &i.Inbox, db.Time(&i.StartedAt), db.Time(&i.ResolvedAt),
		db.Time(&i.ReviewedAt), &i.Review.Happened, &i.Review.Why, &i.Review.Doing, &i.Told, &i.By, db.Time(&i.CreatedAt), db.Time(&i.UpdatedAt))
	if err != nil {
		return i, err
	}
	i.Title, err = readText(title)
	return i, err
}

// readText and writeText are a text in two languages as a column.
func readText(s string) (t i18n.Text, err error) { return t, json.Unmarshal([]byte(s), &t) }

func writeText(t i18n.Text) string {
	b, _ := json.Marshal(t) // strings
	return string(b)
}

// Get returns an incident. Whoever reads conversations reads them all: they are there so that everybody knows.
func Get(ctx context.Context, tx *db.Tx, id ID) (Incident, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return Incident{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Incident, error) {
	i, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM incident i WHERE i.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such incident.")
	}
	return i, err
}

// Filter narrows a list; the zero Filter is all.
type Filter struct {
	Open   bool // not over
	State  State
	Before ID
	Limit  int
}

// List returns incidents, the newest first.
func List(ctx context.Context, tx *db.Tx, f Filter) ([]Incident, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, err
	}
	var a db.Args
	where := `TRUE`
	if f.Open {
		where += ` AND i.state IN ('investigating', 'identified', 'monitoring')`
	}
	if f.State != "" {
		where += ` AND i.state = ` + a.Add(f.State)
	}
	if f.Before != 0 {
		where += ` AND i.id < ` + a.Add(f.Before)
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM incident i WHERE `+where+` ORDER BY i.id DESC`+db.Limit(f.Limit), a.List()...)
}

// Tally is how much hangs on an incident.
type Tally struct {
	Reported int // conversations that customers began
	Told     int // customers who were told the last update
	Waiting  int // who are still to be told
	Failed   int // whom it did not reach
}

// Tallies counts for some incidents.
func Tallies(ctx context.Context, tx *db.Tx, ids ...ID) (map[ID]Tally, error) {
	all := map[ID]Tally{}
	if len(ids) == 0 {
		return all, nil
	}
	var a db.Args
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var n int
		err := r.Scan(&id, &n)
		all[id] = Tally{Reported: n}
		return err
	}, `SELECT incident_id, COUNT(*) FROM incident_link WHERE NOT ours AND incident_id IN `+db.In(&a, ids)+` GROUP BY incident_id`, a.List()...)
	if err != nil {
		return nil, err
	}
	a = db.Args{}
	return all, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var state string
		var n int
		err := r.Scan(&id, &state, &n)
		t := all[id]
		switch state {
		case NoticeTold:
			t.Told = n
		case NoticeWaiting:
			t.Waiting = n
		default:
			t.Failed += n
		}
		all[id] = t
		return err
	}, `SELECT i.id, n.state, COUNT(*) FROM incident i JOIN incident_notice n ON n.update_id = i.told_id WHERE i.id IN `+db.In(&a, ids)+` GROUP BY i.id, n.state`, a.List()...)
}

// CountOpen is how many are not over, as far as whoever acts may know.
func CountOpen(ctx context.Context, tx *db.Tx) (int, error) {
	if !team.From(ctx).Can(team.ReadConversations) {
		return 0, nil
	}
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM incident WHERE state IN ('investigating', 'identified', 'monitoring')`)
}

// Known are the products and versions that earlier incidents named, the newest first: what a field suggests.
func Known(ctx context.Context, tx *db.Tx) (products, versions []string, err error) {
	seen := map[string]bool{}
	add := func(list []string, s string) []string {
		if s = strings.TrimSpace(s); s == "" || seen[s] {
			return list
		}
		seen[s] = true
		return append(list, s)
	}
	err = db.Each(ctx, tx, func(r db.Row) error {
		var product, version string
		err := r.Scan(&product, &version)
		products, versions = add(products, product), add(versions, version)
		return err
	}, `SELECT product, version FROM incident ORDER BY id DESC LIMIT 200`)
	return products, versions, err
}
