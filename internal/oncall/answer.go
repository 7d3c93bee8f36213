package oncall

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// mayAnswer is nil for who was told of a page, and for who may work on conversations.
func mayAnswer(ctx context.Context, tx *db.Tx, id ID) error {
	if team.From(ctx).Can(team.Handle) {
		return nil
	}
	told, err := db.Exists(ctx, tx, `SELECT 1 FROM oncall_told WHERE page_id = $1 AND person_id = $2`, id, team.From(ctx).Person)
	if err == nil && !told || team.From(ctx).Person == 0 {
		return team.Allow(ctx, team.Handle)
	}
	return err
}

// Acknowledge says that whoever acts has it: nobody else is told. Doing so again changes nothing; another may take it over.
func Acknowledge(ctx context.Context, tx *db.Tx, id ID) error {
	if err := mayAnswer(ctx, tx, id); err != nil {
		return err
	}
	p, err := bare(ctx, tx, id)
	if err != nil {
		return err
	}
	me := team.From(ctx).Person
	n, err := tx.Exec(ctx, `UPDATE oncall_page SET state = 'acknowledged', acked_by = $2, acked_at = $3, next_at = NULL WHERE id = $1 AND state <> 'resolved' AND (state <> 'acknowledged' OR acked_by <> $2)`, id, me, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	if err := stop(ctx, tx, id); err != nil {
		return err
	}
	if err := notice.Settle(ctx, tx, id.String()); err != nil {
		return err
	}
	if p.Silent > 0 && me != 0 {
		if err := job.Replace(ctx, tx, Stir{id}, job.Options{At: tx.Now().Add(p.Silent), Key: stirKey(id)}); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Acknowledged{id, me})
}

// Resolve says that it is over.
func Resolve(ctx context.Context, tx *db.Tx, id ID) error {
	if err := mayAnswer(ctx, tx, id); err != nil {
		return err
	}
	if _, err := bare(ctx, tx, id); err != nil {
		return err
	}
	return resolve(ctx, tx, id)
}

func resolve(ctx context.Context, tx *db.Tx, id ID) error {
	me := team.From(ctx).Person
	n, err := tx.Exec(ctx, `UPDATE oncall_page SET state = 'resolved', ended_by = $2, ended_at = $3, next_at = NULL WHERE id = $1 AND state <> 'resolved'`, id, me, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	if err := stop(ctx, tx, id); err != nil {
		return err
	}
	if err := notice.Settle(ctx, tx, id.String()); err != nil {
		return err
	}
	return event.Record(ctx, tx, Resolved{id, me})
}

// Reassign calls somebody else instead. Where he does not answer within a few minutes, the plan begins anew.
func Reassign(ctx context.Context, tx *db.Tx, id ID, to team.ID) error {
	if err := mayAnswer(ctx, tx, id); err != nil {
		return err
	}
	p, err := bare(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.State == Over {
		return problem.New(problem.Conflict, "This page is over.")
	}
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM team_person WHERE id = $1 AND state = 'active'`, to)
	if err != nil {
		return err
	}
	if !there {
		return problem.For("person", "Choose somebody who works here.")
	}
	if err := notice.Settle(ctx, tx, id.String()); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, Reassigned{id, to}); err != nil {
		return err
	}
	return turnTo(ctx, tx, p, to)
}

// patience is how long somebody who is called out of turn has to answer.
const patience = 5 * time.Minute

// turnTo calls somebody out of turn, and after him the steps of the service as they are now; those of the page where it is gone.
func turnTo(ctx context.Context, tx *db.Tx, p Page, to team.ID) error {
	at := tx.Now().Add(patience)
	rest := p.Plan.anew(at)
	s, err := GetService(ctx, tx, p.Service)
	if err == nil {
		rest, err = planFor(ctx, tx, s, at, p.Urgent)
	} else if problem.KindOf(err) == problem.NotFound {
		err = nil
	}
	if err != nil {
		return err
	}
	return begin(ctx, tx, p, rest.behind(Aim{Person: to}, tx.Now()))
}

// Stirred does the Stir job: one who acknowledged and neither wrote nor changed anything since is asked again, then the others.
func Stirred(ctx context.Context, tx *db.Tx, j Stir) error {
	list, err := db.All(ctx, tx, scanPage, `SELECT `+pageColumns+` FROM oncall_page WHERE id = $1 AND state = 'acknowledged'`, j.Page)
	if err != nil || len(list) == 0 {
		return err
	}
	p := list[0]
	last, err := lastHeard(ctx, tx, p)
	if err != nil {
		return err
	}
	at := last.Add(p.Silent)
	if at.After(tx.Now()) {
		return job.Replace(ctx, tx, Stir{p.ID}, job.Options{At: at, Key: stirKey(p.ID)})
	}
	if err := event.Record(ctx, tx, Silent{p.ID, p.AckedBy, job.Late(tx.Now(), at)}); err != nil {
		return err
	}
	return turnTo(ctx, tx, p, p.AckedBy)
}

// lastHeard is when somebody of the team last wrote in the conversation, or when it was acknowledged.
func lastHeard(ctx context.Context, tx *db.Tx, p Page) (time.Time, error) {
	at := p.AckedAt
	if p.Conversation == 0 {
		return at, nil
	}
	return at, db.Each(ctx, tx, func(r db.Row) error {
		var last time.Time
		err := r.Scan(db.Time(&last))
		if last.After(at) {
			at = last
		}
		return err
	}, `SELECT MAX(created_at) FROM conversation_message WHERE conversation_id = $1 AND kind IN ($2, $3)`, p.Conversation, conversation.FromAgent, conversation.Note)
}
