package incident

import (
	"context"
	"errors"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Review is what is written down afterwards. It blames nobody.
type Review struct {
	Happened string
	Why      string
	Doing    string // what we do so that it does not come again
}

// Complete says whether there is something to be learned from it.
func (r Review) Complete() bool { return r.Happened != "" && r.Why != "" }

// WriteReview keeps a review; done ends it. What is over and not reviewed can be reviewed, and a review can be written anew.
func WriteReview(ctx context.Context, tx *db.Tx, of ID, r Review, done bool) error {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return err
	}
	i, err := load(ctx, tx, of)
	if err != nil {
		return err
	}
	var c problem.Check
	for name, s := range map[string]*string{"happened": &r.Happened, "why": &r.Why, "doing": &r.Doing} {
		*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
		c.That(len([]rune(*s)) <= longestText, name, "At most %d characters.", longestText)
	}
	c.That(!done || r.Happened != "", "happened", "Write down what happened first.")
	c.That(!done || r.Why != "", "why", "Write down why it happened first.")
	if err := c.Err(); err != nil {
		return err
	}
	if !i.State.Over() {
		return problem.New(problem.Conflict, "This incident is not over yet.")
	}
	_, err = tx.Exec(ctx, `UPDATE incident SET happened = $2, why = $3, doing = $4, updated_at = $5 WHERE id = $1`, of, r.Happened, r.Why, r.Doing, tx.Now())
	if err != nil || !done || i.State == Reviewed {
		return err
	}
	if err := become(ctx, tx, i, Reviewed); err != nil {
		return err
	}
	return event.Record(ctx, tx, ReviewWritten{of})
}

// ActionID is the id of an action.
type ActionID = id.Of[actionKind]

type actionKind struct{}

func (actionKind) Prefix() string { return "ina" }

// Action is something that we do about an incident. One that mends the cause is followed until that is mended.
type Action struct {
	ID        ActionID
	Incident  ID
	Cause     bool
	Text      string
	Owner     team.ID
	Due       time.Time // zero: no day was named
	DoneAt    time.Time
	CreatedAt time.Time
}

// Late says that it should be done by now.
func (a Action) Late(now time.Time) bool {
	return a.DoneAt.IsZero() && !a.Due.IsZero() && a.Due.Before(now)
}

const actionColumns = `a.id, a.incident_id, a.cause, a.text, a.owner_id, a.due_at, a.done_at, a.created_at`

func scanAction(r db.Row) (a Action, err error) {
	return a, r.Scan(&a.ID, &a.Incident, &a.Cause, &a.Text, &a.Owner, db.Time(&a.Due), db.Time(&a.DoneAt), db.Time(&a.CreatedAt))
}

// Actions are those of an incident, in the order in which they were named.
func Actions(ctx context.Context, tx *db.Tx, of ID) ([]Action, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanAction, `SELECT `+actionColumns+` FROM incident_action a WHERE a.incident_id = $1 ORDER BY a.id`, of)
}

// Causes are the actions that mend causes, of all incidents: those that are open first, the one that is due first at the head.
func Causes(ctx context.Context, tx *db.Tx, limit int) ([]Action, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanAction, `SELECT `+actionColumns+` FROM incident_action a WHERE a.cause
		ORDER BY CASE WHEN a.done_at IS NULL THEN 0 ELSE 1 END, CASE WHEN a.due_at IS NULL THEN 1 ELSE 0 END, a.due_at, a.id DESC`+db.Limit(limit))
}

// AddAction adds an action.
func AddAction(ctx context.Context, tx *db.Tx, a Action) (ActionID, error) {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return 0, err
	}
	if _, err := load(ctx, tx, a.Incident); err != nil {
		return 0, err
	}
	a.Text = strings.Join(strings.Fields(a.Text), " ")
	var c problem.Check
	c.That(a.Text != "", "action", "Say what is to be done.")
	c.That(len([]rune(a.Text)) <= 300, "action", "At most %d characters.", 300)
	c.That(!a.Cause || a.Owner != 0, "owner", "Choose who sees to it.")
	c.That(!a.Cause || !a.Due.IsZero(), "due", "Name a day by which it is done.")
	if err := c.Err(); err != nil {
		return 0, err
	}
	if a.Owner != 0 {
		if _, err := team.Get(ctx, tx, a.Owner); err != nil {
			return 0, err
		}
	}
	a.ID = ActionID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO incident_action (id, incident_id, cause, text, owner_id, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.ID, a.Incident, a.Cause, a.Text, a.Owner, a.Due, tx.Now())
	if err != nil {
		return 0, err
	}
	return a.ID, event.Record(ctx, tx, ActionAdded{a.Incident, a.ID, a.Cause})
}

// DoAction says that an action is done, or not after all.
func DoAction(ctx context.Context, tx *db.Tx, of ID, id ActionID, done bool) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	a, err := db.One(ctx, tx, scanAction, `SELECT `+actionColumns+` FROM incident_action a WHERE a.id = $1 AND a.incident_id = $2`, id, of)
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "There is no such item.")
	}
	if err != nil || a.DoneAt.IsZero() != done {
		return err
	}
	at, fact := time.Time{}, event.Fact(ActionReopened{a.Incident, id})
	if done {
		at, fact = tx.Now(), ActionDone{a.Incident, id}
	}
	if _, err := tx.Exec(ctx, `UPDATE incident_action SET done_at = $2 WHERE id = $1`, id, at); err != nil {
		return err
	}
	return event.Record(ctx, tx, fact)
}

// Week is how many conversations about something began in seven days.
type Week struct {
	From  time.Time
	Count int
}

// Effect is how often something was asked for, week by week, before and after it was mended.
type Effect struct {
	Mended time.Time // zero: not yet
	Weeks  []Week    // oldest first; one of them begins at Mended
	Before float64   // a week on average, of the whole weeks
	After  float64
	Whole  int // weeks since it was mended that are over
}

const weeksShown = 6 // on each side

// EffectOf counts the conversations that are linked with an incident or hold its words, around the day on which its cause was
// mended, else on which it was over, else until now. It counts what whoever acts may see.
func EffectOf(ctx context.Context, tx *db.Tx, i Incident, actions []Action) (Effect, error) {
	e := Effect{Mended: i.ResolvedAt}
	for _, a := range actions {
		if a.Cause && a.DoneAt.After(e.Mended) {
			e.Mended = a.DoneAt
		}
	}
	pivot := e.Mended
	if pivot.IsZero() {
		pivot = tx.Now()
	}
	const week = 7 * 24 * time.Hour
	from := pivot.Add(-weeksShown * week)
	began, err := beganAbout(ctx, tx, i, from)
	if err != nil {
		return e, err
	}
	for n := range 2 * weeksShown {
		w := Week{From: from.Add(time.Duration(n) * week)}
		if !w.From.Before(tx.Now()) {
			break
		}
		for _, at := range began {
			if !at.Before(w.From) && at.Before(w.From.Add(week)) {
				w.Count++
			}
		}
		e.Weeks = append(e.Weeks, w)
		switch {
		case n < weeksShown:
			e.Before += float64(w.Count) / weeksShown
		case !w.From.Add(week).After(tx.Now()):
			e.Whole++
			e.After += float64(w.Count)
		}
	}
	if e.Whole > 0 {
		e.After /= float64(e.Whole)
	}
	return e, nil
}

// beganAbout is when conversations about an incident began.
func beganAbout(ctx context.Context, tx *db.Tx, i Incident, from time.Time) (all []time.Time, err error) {
	seen := map[conversation.ID]bool{}
	add := func(c conversation.Conversation) {
		if !seen[c.ID] && !c.CreatedAt.Before(from) {
			seen[c.ID] = true
			all = append(all, c.CreatedAt)
		}
	}
	linked, _, err := Links(ctx, tx, i.ID, 1000)
	if err != nil {
		return nil, err
	}
	for _, c := range linked {
		add(c)
	}
	ours, err := begunByUs(ctx, tx, i.ID)
	if err != nil {
		return nil, err
	}
	for _, words := range i.phrases() {
		hits, _, err := conversation.Search(ctx, tx, words, conversation.Filter{}, conversation.Page{Limit: 500})
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			if !ours[h.ID] {
				add(h.Conversation)
			}
		}
	}
	return all, nil
}

// begunByUs are the conversations that we began to tell customers of an incident: nobody asked in them.
func begunByUs(ctx context.Context, tx *db.Tx, id ID) (map[conversation.ID]bool, error) {
	all := map[conversation.ID]bool{}
	return all, db.Each(ctx, tx, func(r db.Row) error {
		var c conversation.ID
		err := r.Scan(&c)
		all[c] = true
		return err
	}, `SELECT conversation_id FROM incident_link WHERE incident_id = $1 AND ours`, id)
}
