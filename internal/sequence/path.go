package sequence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// PathID is the id of a path.
type PathID = id.Of[pathKind]

type pathKind struct{}

func (pathKind) Prefix() string { return "pth" }

// State is where a path stands; see the package comment.
type State string

// The states. The last four are ends.
const (
	Going   State = "going"
	Waiting State = "waiting"
	Asking  State = "asking"
	Paused  State = "paused"
	Stuck   State = "stuck"
	Done    State = "done"
	Left    State = "left"
	Stopped State = "stopped"
	Handed  State = "handed"
)

// States lists them.
var States = []State{Going, Waiting, Asking, Paused, Stuck, Done, Left, Stopped, Handed}

// Ended says that a path is over.
func (s State) Ended() bool { return s == Done || s == Left || s == Stopped || s == Handed }

// Path is a customer's way through a flow.
type Path struct {
	ID           PathID
	Flow         ID
	Version      int
	Contact      contact.ID
	Conversation conversation.ID
	Event        event.ID // that began it; 0: a person did
	Root         event.ID
	State        State
	Was          State // before it was paused
	Step         int   // the key of the step at which it stands; 0 when it is over
	Turn         int
	Due          time.Time
	Awaits       string
	Why          i18n.Text
	StartedAt    time.Time
	EndedAt      time.Time

	ContactName, FlowName string // filled in by every read
}

const pathColumns = `p.id, p.sequence_id, p.version, p.contact_id, p.conversation_id, p.event_id, p.root_id, p.state, p.was, p.step, p.turn, p.due_at, p.awaits, p.why, p.started_at, p.ended_at, COALESCE(k.name, ''), COALESCE(s.name, '')`

const fromPath = ` FROM sequence_path p LEFT JOIN contact k ON k.id = p.contact_id LEFT JOIN sequence s ON s.id = p.sequence_id `

func scanPath(r db.Row) (p Path, err error) {
	why := ""
	err = r.Scan(&p.ID, &p.Flow, &p.Version, &p.Contact, &p.Conversation, &p.Event, &p.Root, &p.State, &p.Was, &p.Step, &p.Turn, db.Time(&p.Due), &p.Awaits, &why, db.Time(&p.StartedAt), db.Time(&p.EndedAt), &p.ContactName, &p.FlowName)
	if err == nil && why != "" {
		err = json.Unmarshal([]byte(why), &p.Why)
	}
	return p, err
}

// Visible is the rule of who sees which path, as a condition on p: who sees its conversation, and where there is none, who sees customers.
func Visible(ctx context.Context, a *db.Args) string {
	if !team.From(ctx).Can(team.ReadContacts) {
		return `FALSE`
	}
	return conversation.VisibleOrNone(ctx, a, "p.conversation_id")
}

// GetPath returns a path that whoever acts may see.
func GetPath(ctx context.Context, tx *db.Tx, id PathID) (Path, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Path{}, err
	}
	var a db.Args
	p, err := db.One(ctx, tx, scanPath, `SELECT `+pathColumns+fromPath+`WHERE p.id = `+a.Add(id)+` AND `+Visible(ctx, &a), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such path.")
	}
	return p, err
}

// Filter narrows a list; the zero Filter is all that one may see.
type Filter struct {
	Flow    ID
	Contact contact.ID
	State   State
	Living  bool
	Step    int
	Before  PathID // the newest first, from here on
	Limit   int
}

// Paths lists paths, the newest first.
func Paths(ctx context.Context, tx *db.Tx, f Filter) ([]Path, error) {
	var a db.Args
	where := Visible(ctx, &a)
	if f.Flow != 0 {
		where += ` AND p.sequence_id = ` + a.Add(f.Flow)
	}
	if f.Contact != 0 {
		where += ` AND p.contact_id = ` + a.Add(f.Contact)
	}
	if f.State != "" {
		where += ` AND p.state = ` + a.Add(f.State)
	}
	if f.Living {
		where += ` AND p.ended_at IS NULL`
	}
	if f.Step != 0 {
		where += ` AND p.step = ` + a.Add(f.Step)
	}
	if f.Before != 0 {
		where += ` AND p.id < ` + a.Add(f.Before)
	}
	return db.All(ctx, tx, scanPath, `SELECT `+pathColumns+fromPath+`WHERE `+where+` ORDER BY p.id DESC`+db.Limit(f.Limit), a.List()...)
}

// FlowOf is the flow of a path, as it is for the one who is on it.
func FlowOf(ctx context.Context, tx *db.Tx, p Path) (Flow, error) {
	if _, err := GetPath(ctx, tx, p.ID); err != nil {
		return Flow{}, err
	}
	return at(ctx, tx, p.Flow, p.Version)
}

// Figures are how many paths of a flow stand where.
type Figures struct {
	States map[State]int
	Steps  map[int]int // those that are not over, by the key of their step
}

// Count counts the paths of flows.
func Count(ctx context.Context, tx *db.Tx, flows ...ID) (map[ID]Figures, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil || len(flows) == 0 {
		return nil, err
	}
	out := map[ID]Figures{}
	var a db.Args
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var s State
		var step, n int
		if err := r.Scan(&id, &s, &step, &n); err != nil {
			return err
		}
		if out[id].States == nil {
			out[id] = Figures{map[State]int{}, map[int]int{}}
		}
		out[id].States[s] += n
		if !s.Ended() {
			out[id].Steps[step] += n
		}
		return nil
	}, `SELECT sequence_id, state, step, COUNT(*) FROM sequence_path WHERE sequence_id IN `+db.In(&a, flows)+` GROUP BY sequence_id, state, step`, a.List()...)
}

// save writes down where a path stands now. It was at turn before.
func (p Path) save(ctx context.Context, tx *db.Tx, before int) error {
	why := ""
	if len(p.Why) > 0 {
		b, err := json.Marshal(p.Why)
		if err != nil {
			return err
		}
		why = string(b)
	}
	n, err := tx.Exec(ctx, `UPDATE sequence_path SET conversation_id = $3, state = $4, was = $5, step = $6, turn = $7, due_at = $8, awaits = $9, why = $10, ended_at = $11 WHERE id = $1 AND turn = $2`,
		p.ID, before, p.Conversation, p.State, p.Was, p.Step, p.Turn, p.Due, p.Awaits, why, p.EndedAt)
	if err != nil {
		return fmt.Errorf("write path %s: %w", p.ID, err)
	}
	if n != 1 {
		return problem.New(problem.Conflict, "Meanwhile it went on by itself: look again.")
	}
	return nil
}
