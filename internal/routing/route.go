package routing

import (
	"context"
	"encoding/json"
	"slices"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// OnReceived gives what waits for a person to somebody; what somebody has already goes to his deputy while he is on leave.
func OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	if f.Auto {
		return nil
	}
	return Route(ctx, tx, f.ID)
}

// Opened is the job that decides who gets what was opened again.
type Opened struct {
	Conversation conversation.ID `json:"conversation"`
}

// JobKind names the job.
func (Opened) JobKind() string { return "routing.opened" }

// OnStatusSet decides on what was opened again by a person, and looks who has his hands free when something was closed or put off. It
// is part of the command: where nobody routes it costs two short statements.
func OnStatusSet(ctx context.Context, tx *db.Tx, f conversation.StatusSet) error {
	if f.To == conversation.Open {
		l, err := Get(ctx, tx)
		if err != nil || len(l.Rules) == 0 {
			return err
		}
		return job.Add(ctx, tx, Opened{f.ID}, job.Options{Key: "routing.opened/" + f.ID.String()})
	}
	if err := leaveQueue(ctx, tx, f.ID); err != nil {
		return err
	}
	return wakeQueue(ctx, tx)
}

// Route decides who gets a conversation and carries it out: as the program itself. What nobody waits for, and what somebody has who
// is there, stays as it is.
func Route(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	l, err := Get(ctx, tx)
	if err != nil || len(l.Rules)+len(l.Grades) == 0 {
		return err
	}
	c, wanted, err := waiting(ctx, tx, id)
	if err != nil || !wanted {
		return err
	}
	in, err := look(ctx, tx, tx.Now(), l)
	if err != nil {
		return err
	}
	if c.Assignee != 0 && !in.absent(c.Assignee) {
		return guard(ctx, tx, c, in)
	}
	return in.route(ctx, tx, c, 0)
}

// waiting reads a conversation, and says whether its customer waits for a person.
func waiting(ctx context.Context, tx *db.Tx, id conversation.ID) (conversation.Conversation, bool, error) {
	c, is, err := open(ctx, tx, id)
	return c, is && !c.WaitingSince.IsZero(), err
}

// open reads a conversation, and says whether somebody of ours has to act.
func open(ctx context.Context, tx *db.Tx, id conversation.ID) (conversation.Conversation, bool, error) {
	c, err := conversation.Get(ctx, tx, id)
	if problem.KindOf(err) == problem.NotFound {
		return c, false, nil
	}
	return c, err == nil && c.MergedInto == 0 && c.Status == conversation.Open, err
}

// absent says whether somebody cannot answer: he is on leave, or works here no more.
func (in Situation) absent(p team.ID) bool {
	i := slices.IndexFunc(in.People, func(c Candidate) bool { return c.Person == p })
	return i < 0 || in.People[i].Leave || in.People[i].Gone
}

// route decides and carries it out.
func (in Situation) route(ctx context.Context, tx *db.Tx, c conversation.Conversation, silent team.ID) error {
	s, err := About(ctx, tx, c)
	if err != nil {
		return err
	}
	if c.Assignee != 0 && silent == 0 { // his deputy comes first
		s.Before = slices.Insert(slices.DeleteFunc(s.Before, func(p team.ID) bool { return p == c.Assignee }), 0, c.Assignee)
	}
	had, err := Decisions(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if len(had) > 0 { // graded once: what a person set since then stays
		in.Lists.Grades = nil
	}
	d := in.Decide(s, silent)
	if len(had) > 0 && had[0].Moved {
		d = in.movedTo(c.Team).within(s, silent)
	}
	if err := d.grade(ctx, tx, c.ID); err != nil {
		return err
	}
	if d.Outcome == Left && d.Graded == nil {
		return nil
	}
	in.given(d, c)
	return d.carryOut(ctx, tx, c)
}

// given counts what was just given, for those that are decided on after it.
func (in Situation) given(d Decision, c conversation.Conversation) {
	for i := range in.People {
		if p := &in.People[i]; p.Person == d.Person && d.Person != c.Assignee {
			p.Open, p.Last = p.Open+1, in.At
			if c.Channel == "chat" {
				p.Talks++
			}
		}
	}
}

// grade writes down what a conversation was found to be.
func (d Decision) grade(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	g := d.Graded
	if g == nil {
		return nil
	}
	var ch conversation.Change
	if g.Type != "" {
		ch.Type = &g.Type
	}
	if g.Severity != "" {
		ch.Severity = &g.Severity
	}
	if g.Priority != "" {
		ch.Priority = &g.Priority
	}
	return conversation.Update(ctx, tx, id, ch)
}

// carryOut assigns or puts into the queue, keeps the decision and tells it.
func (d Decision) carryOut(ctx context.Context, tx *db.Tx, c conversation.Conversation) error {
	if d.Team != c.Team {
		if err := conversation.SetTeam(ctx, tx, c.ID, d.Team); err != nil {
			return err
		}
	}
	if d.Person != c.Assignee && (d.Person != 0 || d.Silent != 0) {
		if err := conversation.Assign(ctx, tx, c.ID, d.Person); err != nil {
			return err
		}
	}
	switch {
	case d.Outcome == Queued || d.Outcome == Morning:
		if err := enqueue(ctx, tx, c, d); err != nil {
			return err
		}
	default:
		if err := leaveQueue(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	if d.Person != 0 {
		if err := given(ctx, tx, c.ID, d); err != nil {
			return err
		}
	}
	if err := d.keep(ctx, tx, c.ID); err != nil {
		return err
	}
	return event.Record(ctx, tx, Routed{c.ID, d.Outcome, d.Person, d.Team})
}

// given notes that somebody was given something, and looks later whether he says something.
func given(ctx context.Context, tx *db.Tx, id conversation.ID, d Decision) error {
	_, err := tx.Exec(ctx, `INSERT INTO routing_last (person_id, at) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET at = excluded.at`, d.Person, tx.Now())
	if err != nil {
		return err
	}
	return d.watch(ctx, tx, id)
}

const kept = 10 // decisions of a conversation

// keep stores a decision beside the conversation. The same again says nothing new.
func (d Decision) keep(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	last, err := Decisions(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(last) > 0 && last[0].same(d) {
		return nil
	}
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if len(last) >= kept {
		if _, err := tx.Exec(ctx, `DELETE FROM routing_decision WHERE conversation_id = $1 AND at <= $2`, id, last[kept-1].At); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO routing_decision (id, conversation_id, at, body) VALUES ($1, $2, $3, $4)`, tx.NewID(), id, tx.Now(), string(body))
	return err
}

func (d Decision) same(o Decision) bool {
	return d.Outcome == o.Outcome && d.Person == o.Person && d.Team == o.Team && d.Rule == o.Rule && d.Scope == o.Scope && d.Graded == nil && o.Graded == nil && d.Outcome != Assigned
}

// Decisions are those of a conversation that was read already, the last first.
func Decisions(ctx context.Context, tx *db.Tx, id conversation.ID) ([]Decision, error) {
	return db.All(ctx, tx, func(r db.Row) (d Decision, err error) {
		var body string
		if err = r.Scan(&body); err == nil {
			err = json.Unmarshal([]byte(body), &d)
		}
		return d, err
	}, `SELECT body FROM routing_decision WHERE conversation_id = $1 ORDER BY at DESC, id DESC`, id)
}

// silentKey is the key of the job that looks whether somebody stays silent.
func silentKey(id conversation.ID) string { return "routing.patience/" + id.String() }

// Patience is the job that looks whether the one who was given a conversation said something.
type Patience struct {
	Conversation conversation.ID `json:"conversation"`
	Person       team.ID         `json:"person"`
}

// JobKind names the job.
func (Patience) JobKind() string { return "routing.patience" }

func cancelSilent(ctx context.Context, tx *db.Tx, id conversation.ID) error {
	return job.Cancel(ctx, tx, silentKey(id))
}
