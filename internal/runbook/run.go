package runbook

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// RunID is the id of a run.
type RunID = id.Of[runKind]

type runKind struct{}

func (runKind) Prefix() string { return "rbr" }

// State is how a run goes; see the package comment. Words: runbook.state_<…>.
type State string

// The states.
const (
	Running    State = "running"
	Solved     State = "solved"
	GivenUp    State = "given_up"
	HandedOver State = "handed_over"
)

// States lists them.
var States = []State{Running, Solved, GivenUp, HandedOver}

// Run is a runbook that is followed in a conversation.
type Run struct {
	ID           RunID
	Runbook      ID
	Version      int
	Conversation conversation.ID // 0: it was deleted
	State        State
	Kind         Kind
	Title        i18n.Text
	Steps        []Step // as they were when it was started
	Ticks        []Tick
	Stuck        int // the key of the step at which it ended without help; 0: none
	Why          string
	StartedBy    team.ID
	StartedAt    time.Time
	EndedBy      team.ID
	EndedAt      time.Time

	edition int64
}

// Place is where it is.
func (r Run) Place() Place { return place(r.Steps, r.Ticks) }

// Number is the place of a step, from 1; 0: there is none.
func (r Run) Number(key int) int { return index(r.Steps, key) + 1 }

// Last is the last thing that was done with a step; false: nothing was.
func (r Run) Last(key int) (t Tick, ok bool) {
	for _, one := range r.Ticks {
		if one.Step == key && one.What != Called {
			t, ok = one, true
		}
	}
	return t, ok
}

// CalledFor is the call that was made for a step; false: none was.
func (r Run) CalledFor(key int) (Tick, bool) {
	i := slices.IndexFunc(r.Ticks, func(t Tick) bool { return t.Step == key && t.What == Called })
	if i < 0 {
		return Tick{}, false
	}
	return r.Ticks[i], true
}

// snapshot is what a run keeps of its runbook.
type snapshot struct {
	Kind  Kind
	Title i18n.Text
	Steps []Step
}

const runColumns = `r.id, r.runbook_id, r.version, r.conversation_id, r.state, r.body, r.ticks, r.stuck, r.why, r.edition, r.started_by, r.started_at, r.ended_by, r.ended_at`

func scanRun(row db.Row) (r Run, err error) {
	var body, ticks string
	err = row.Scan(&r.ID, &r.Runbook, &r.Version, &r.Conversation, &r.State, &body, &ticks, &r.Stuck, &r.Why, &r.edition, &r.StartedBy, db.Time(&r.StartedAt), &r.EndedBy, db.Time(&r.EndedAt))
	if err != nil {
		return r, err
	}
	var s snapshot
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return r, err
	}
	r.Kind, r.Title, r.Steps = s.Kind, s.Title, s.Steps
	return r, json.Unmarshal([]byte(ticks), &r.Ticks)
}

const mostRuns = 20 // of a conversation that are shown

// Of are the runs of a conversation that was read already, the last first.
func Of(ctx context.Context, tx *db.Tx, talk conversation.ID) ([]Run, error) {
	return db.All(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.conversation_id = $1 ORDER BY r.id DESC`+db.Limit(mostRuns), talk)
}

// GetRun returns one in a conversation that whoever acts may see.
func GetRun(ctx context.Context, tx *db.Tx, id RunID) (Run, error) {
	r, err := db.One(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.id = $1`, id)
	if err == nil {
		_, err = conversation.Get(ctx, tx, r.Conversation)
	}
	if errors.Is(err, db.ErrNoRow) || problem.KindOf(err) == problem.NotFound {
		return Run{}, problem.New(problem.NotFound, "This runbook is not followed here.")
	}
	return r, err
}

// Start follows a runbook in a conversation. The same again is the run that is under way.
func Start(ctx context.Context, tx *db.Tx, talk conversation.ID, of ID) (Run, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Run{}, err
	}
	c, err := conversation.Survivor(ctx, tx, talk)
	if err != nil {
		return Run{}, err
	}
	b, err := Get(ctx, tx, of)
	if err != nil {
		return Run{}, err
	}
	had, err := Of(ctx, tx, c.ID)
	if err != nil {
		return Run{}, err
	}
	if i := slices.IndexFunc(had, func(r Run) bool { return r.Runbook == of && r.State == Running }); i >= 0 {
		return had[i], nil
	}
	if !b.ArchivedAt.IsZero() {
		return Run{}, problem.New(problem.Conflict, "This runbook was put away.")
	}
	s, err := b.snapshot(ctx, tx)
	if err != nil {
		return Run{}, err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return Run{}, err
	}
	key := RunID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO runbook_run (id, runbook_id, version, conversation_id, state, body, ticks, started_by, started_at) VALUES ($1, $2, $3, $4, 'running', $5, '[]', $6, $7)`,
		key, b.ID, b.Version, c.ID, string(body), team.From(ctx).Person, tx.Now())
	if err != nil {
		return Run{}, err
	}
	if err := event.Record(ctx, tx, Started{c.ID, key, b.ID, b.Version}); err != nil {
		return Run{}, err
	}
	return GetRun(ctx, tx, key)
}

// snapshot is what a run keeps: what the steps lead to has its name, and a known error without steps has one, how one gets by.
func (b Runbook) snapshot(ctx context.Context, tx *db.Tx) (snapshot, error) {
	s := snapshot{b.Kind, b.Title, slices.Clone(b.Steps)}
	if len(s.Steps) == 0 {
		s.Steps = []Step{{Key: 1, Text: b.Workaround}}
	}
	return s, Name(ctx, tx, s.Steps)
}

// Name fills in what the articles and services of steps are called now.
func Name(ctx context.Context, tx *db.Tx, steps []Step) error {
	var articles []knowledge.ID
	services := false
	for _, s := range steps {
		if s.Article != 0 {
			articles = append(articles, s.Article)
		}
		services = services || s.Service != 0
	}
	for _, l := range i18n.Locales() {
		pages, err := knowledge.Cite(ctx, tx, l, articles)
		if err != nil {
			return err
		}
		for i := range steps {
			if p, ok := pages[steps[i].Article]; ok {
				steps[i].ArticleTitle = with(steps[i].ArticleTitle, p.Locale, p.Title)
			}
		}
	}
	if !services {
		return nil
	}
	list, err := oncall.Services(ctx, tx)
	for _, of := range list {
		for i := range steps {
			if steps[i].Service == of.ID {
				steps[i].ServiceName = of.Name
			}
		}
	}
	return err
}

func with(t i18n.Text, l i18n.Locale, s string) i18n.Text {
	if t == nil {
		t = i18n.Text{}
	}
	t[l] = s
	return t
}

const (
	maxNote  = 500
	maxTicks = 300 // steps that lead back to each other do not go on for ever
)

// mine reads a run that whoever acts may change.
func mine(ctx context.Context, tx *db.Tx, id RunID) (Run, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Run{}, err
	}
	return GetRun(ctx, tx, id)
}

func (r Run) going() error {
	if r.State != Running {
		return problem.New(problem.Conflict, "This runbook has ended here. Resume it first.")
	}
	return nil
}

// save writes a run, unless somebody else did meanwhile.
func (r Run) save(ctx context.Context, tx *db.Tx) error {
	ticks, err := json.Marshal(r.Ticks)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE runbook_run SET state = $3, ticks = $4, stuck = $5, why = $6, ended_by = $7, ended_at = $8, edition = edition + 1 WHERE id = $1 AND edition = $2`,
		r.ID, r.edition, r.State, string(ticks), r.Stuck, r.Why, r.EndedBy, r.EndedAt)
	if err == nil && n == 0 {
		err = behind()
	}
	return err
}

func behind() error {
	return problem.New(problem.Conflict, "Somebody else was here before you. Look where it is now.")
}

// TickOff says what became of the step that comes. Doing the same twice is doing it once.
func TickOff(ctx context.Context, tx *db.Tx, id RunID, step int, what What, note string) error {
	r, err := mine(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := r.going(); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	var k problem.Check
	k.That(what == Done || what == NotHelped || what == Skipped, "what", "Say whether it is done, did not help or is skipped.")
	k.That(what != Skipped || note != "", "note", "Say why you skip it.")
	k.That(len([]rune(note)) <= maxNote, "note", "At most %d characters.", maxNote)
	k.That(len(r.Ticks) < maxTicks, "", "This goes round in circles. End it and hand the conversation over.")
	if err := k.Err(); err != nil {
		return err
	}
	if r.Place().At != step {
		if t, ok := r.latest(); ok && t.Step == step && t.What == what && t.By == team.From(ctx).Person {
			return nil
		}
		return behind()
	}
	r.Ticks = append(r.Ticks, Tick{Step: step, What: what, By: team.From(ctx).Person, At: tx.Now(), Note: note})
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Ticked{r.Conversation, r.ID, step, r.Number(step), what})
}

// latest is the last tick that moved the place.
func (r Run) latest() (t Tick, ok bool) {
	for _, one := range slices.Backward(r.Ticks) {
		if one.What != Called {
			return one, true
		}
	}
	return t, false
}

// TakeBack takes the last tick back. A call that was made stays made.
func TakeBack(ctx context.Context, tx *db.Tx, id RunID) error {
	r, err := mine(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := r.going(); err != nil {
		return err
	}
	t, ok := r.latest()
	if !ok {
		return problem.New(problem.Conflict, "Nothing is ticked yet.")
	}
	for i, one := range slices.Backward(r.Ticks) {
		if one.What != Called {
			r.Ticks = slices.Delete(r.Ticks, i, i+1)
			break
		}
	}
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, TookBack{r.Conversation, r.ID, t.Step, r.Number(t.Step)})
}

// CallOut calls the service of a step for the conversation. Twice is once.
func CallOut(ctx context.Context, tx *db.Tx, id RunID, step int) (oncall.ID, error) {
	r, err := mine(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	if t, ok := r.CalledFor(step); ok {
		return t.Page, nil
	}
	if err := r.going(); err != nil {
		return 0, err
	}
	i := index(r.Steps, step)
	if i < 0 || r.Steps[i].Service == 0 {
		return 0, problem.New(problem.NotFound, "This step calls nobody.")
	}
	p, err := oncall.Open(ctx, tx, r.Steps[i].Service, oncall.Call{Conversation: r.Conversation, Reason: oncall.ByHand, Urgent: true})
	if err != nil {
		return 0, err
	}
	r.Ticks = append(r.Ticks, Tick{Step: step, What: Called, By: team.From(ctx).Person, At: tx.Now(), Page: p.ID})
	if err := r.save(ctx, tx); err != nil {
		return 0, err
	}
	return p.ID, event.Record(ctx, tx, Ticked{r.Conversation, r.ID, step, i + 1, Called})
}

// Ending is how a run ends.
type Ending struct {
	To   State
	Why  string
	Team team.TeamID // of HandedOver: who takes the conversation on; Why is the note
}

// End ends it. Where it did not help it keeps at which step it stuck.
func End(ctx context.Context, tx *db.Tx, id RunID, e Ending) error {
	r, err := mine(ctx, tx, id)
	if err != nil || r.State == e.To {
		return err
	}
	if err := r.going(); err != nil {
		return err
	}
	e.Why = strings.TrimSpace(e.Why)
	var k problem.Check
	k.That(e.To == Solved || e.To == GivenUp || e.To == HandedOver, "to", "Say how it ended.")
	k.That(e.To != GivenUp || e.Why != "", "why", "Say what is missing: whoever comes in the morning reads it.")
	k.That(e.To == HandedOver || len([]rune(e.Why)) <= maxNote, "why", "At most %d characters.", maxNote)
	if err := k.Err(); err != nil {
		return err
	}
	if e.To == HandedOver {
		if _, err := conversation.HandOver(ctx, tx, r.Conversation, conversation.Handover{Team: e.Team, Text: e.Why}); err != nil {
			return err
		}
		e.Why = "" // the note has it
	}
	r.State, r.Why, r.EndedBy, r.EndedAt = e.To, e.Why, team.From(ctx).Person, tx.Now()
	if e.To != Solved {
		r.Stuck = r.sticks()
	}
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Ended{r.Conversation, r.ID, r.Runbook, e.To, r.Number(r.Stuck)})
}

// sticks is the key of the step at which it is: the one that comes, or the last that was tried.
func (r Run) sticks() int {
	p := r.Place()
	if p.At != 0 {
		return p.At
	}
	if p.Stuck != 0 {
		return p.Stuck
	}
	t, _ := r.latest()
	return t.Step
}

// Resume goes on with what had ended. A conversation that was handed over stays so.
func Resume(ctx context.Context, tx *db.Tx, id RunID) error {
	r, err := mine(ctx, tx, id)
	if err != nil || r.State == Running {
		return err
	}
	r.State, r.Stuck, r.Why, r.EndedBy, r.EndedAt = Running, 0, "", 0, time.Time{}
	if err := r.save(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Resumed{r.Conversation, r.ID})
}

// Unsolved are the last runs of conversations that were read already, where that did not help, or is not over yet.
func Unsolved(ctx context.Context, tx *db.Tx, talks []conversation.ID) (map[conversation.ID]Run, error) {
	out := map[conversation.ID]Run{}
	if len(talks) == 0 {
		return out, nil
	}
	var a db.Args
	list, err := db.All(ctx, tx, scanRun, `SELECT `+runColumns+` FROM runbook_run r WHERE r.conversation_id IN `+db.In(&a, talks)+` ORDER BY r.id`, a.List()...)
	for _, r := range list {
		out[r.Conversation] = r
	}
	for c, r := range out {
		if r.State == Solved {
			delete(out, c)
		}
	}
	return out, err
}

// OnMerged takes runs along to the conversation that lives on.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `UPDATE runbook_run SET conversation_id = $2 WHERE conversation_id = $1`, f.From, f.ID)
	return err
}

// OnDeleted forgets what was noted about a conversation. That it was followed, and how it ended, stays in the figures.
func OnDeleted(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
	_, err := tx.Exec(ctx, `UPDATE runbook_run SET conversation_id = 0, ticks = '[]', why = '' WHERE conversation_id = $1`, f.ID)
	return err
}
