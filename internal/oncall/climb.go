package oncall

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// Climb is the job that looks at a page when its next step is due; Stir looks whether one who acknowledged has done something.
type (
	Climb struct {
		Page ID `json:"page"`
	}
	Stir struct {
		Page ID `json:"page"`
	}
)

func (Climb) JobKind() string { return "oncall.climb" }
func (Stir) JobKind() string  { return "oncall.stir" }

func climbKey(id ID) string { return "oncall.climb/" + id.String() }
func stirKey(id ID) string  { return "oncall.stir/" + id.String() }

// Climbed does the Climb job.
func Climbed(ctx context.Context, tx *db.Tx, j Climb) error {
	p, err := db.All(ctx, tx, scanPage, `SELECT `+pageColumns+` FROM oncall_page WHERE id = $1 AND state = 'running'`, j.Page)
	if err != nil || len(p) == 0 {
		return err
	}
	return climb(ctx, tx, p[0])
}

// due is when the next entry of a page is due, or its end.
func (p Page) due() time.Time {
	if p.At < len(p.Plan.Entries) {
		return p.Plan.Entries[p.At].At.Add(p.Delay)
	}
	return p.Plan.End.Add(p.Delay)
}

// climb tells what is due of a running page, sets when it goes on, and notes it.
func climb(ctx context.Context, tx *db.Tx, p Page) error {
	for {
		now, at := tx.Now(), p.due()
		if at.After(now) {
			return goOn(ctx, tx, p, at)
		}
		due := job.Late(now, at)
		if !due.IsZero() {
			p.Delay += now.Sub(at) // those who are told have their minutes all the same
		}
		if p.At == len(p.Plan.Entries) {
			return exhaust(ctx, tx, p)
		}
		e := p.Plan.Entries[p.At]
		told, err := tellAll(ctx, tx, p, e, due)
		if err != nil {
			return err
		}
		if p.At++; told == 0 {
			p.Delay -= p.due().Sub(now) // nobody there: the next at once
		}
	}
}

// goOn sets the timer of the next entry.
func goOn(ctx context.Context, tx *db.Tx, p Page, at time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE oncall_page SET at = $2, delay = $3, next_at = $4 WHERE id = $1`, p.ID, p.At, p.Delay, at); err != nil {
		return err
	}
	return job.Replace(ctx, tx, Climb{p.ID}, job.Options{At: at, Key: climbKey(p.ID)})
}

// tellAll tells everybody of an entry, and says how many there were. due is when that was to be, where it is late.
func tellAll(ctx context.Context, tx *db.Tx, p Page, e Entry, due time.Time) (n int, err error) {
	if p.At > 0 {
		if err := event.Record(ctx, tx, Escalated{p.ID, e.Round, e.Step, len(e.Who) == 0}); err != nil {
			return 0, err
		}
	}
	for _, a := range e.Who {
		ids, err := notice.Tell(ctx, tx, p.notice(a.Person, e.Ways).LateBy(tx.Now(), due))
		if err != nil {
			return n, err
		}
		if ids[0] == 0 {
			continue // he cannot come in any more
		}
		n++
		if err := noteTold(ctx, tx, p, e, a, ids[0], due); err != nil {
			return n, err
		}
		if err := event.Record(ctx, tx, Told{p.ID, a.Person, ids[0], e.Round, e.Step, !due.IsZero(), due}); err != nil {
			return n, err
		}
	}
	if n == 0 {
		return 0, noteTold(ctx, tx, p, e, Aim{}, 0, due)
	}
	return n, nil
}

func noteTold(ctx context.Context, tx *db.Tx, p Page, e Entry, a Aim, n notice.ID, due time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO oncall_told (id, page_id, round, step, person_id, notice_id, why, urgent, late, due_at, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		tx.NewID(), p.ID, e.Round, e.Step, a.Person, n, a.Why, p.Urgent && p.Reason != Test, !due.IsZero(), due, tx.Now())
	return err
}

// Path is where a page is looked at.
func (p Page) Path() string { return "/coverage/on-call/pages/" + p.ID.String() }

// notice is what one person is told of a page.
func (p Page) notice(who team.ID, ways []notice.Way) notice.Notice {
	words := "notice.said_paged"
	switch {
	case p.Reason == Test:
		words = "notice.said_paged_test"
	case !p.Urgent:
		words = "notice.said_paged_low"
	}
	return notice.Notice{Person: who, Kind: notice.Paged, Subject: p.ID.String(), By: p.OpenedBy, Words: words, Args: map[string]string{"service": p.ServiceName},
		Link: p.Path(), Act: p.Path() + "/acknowledge", Urgent: p.Urgent, Ways: ways}
}

// exhaust says loudly that nobody answered.
func exhaust(ctx context.Context, tx *db.Tx, p Page) error {
	_, err := tx.Exec(ctx, `UPDATE oncall_page SET state = 'exhausted', at = $2, delay = $3, next_at = NULL WHERE id = $1 AND state = 'running'`, p.ID, p.At, p.Delay)
	if err != nil {
		return err
	}
	managers, err := managers(ctx, tx)
	if err != nil {
		return err
	}
	for _, m := range managers {
		n := p.notice(m, nil)
		if n.Words = "notice.said_exhausted"; p.Reason == Test {
			n.Urgent = false // nobody is woken by a test that he did not ask for
		}
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Exhausted{p.ID})
}

// managers are those who manage people, and can come in.
func managers(ctx context.Context, tx *db.Tx) (out []team.ID, err error) {
	list, err := team.People(ctx, tx, team.Filter{State: team.Active})
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		a, err := team.ActorOf(ctx, tx, p.ID)
		if err != nil {
			return nil, err
		}
		if a.Can(team.ManagePeople) {
			out = append(out, p.ID)
		}
	}
	return out, nil
}

// stop takes the timers of a page away.
func stop(ctx context.Context, tx *db.Tx, id ID) error {
	if err := job.Cancel(ctx, tx, climbKey(id)); err != nil {
		return err
	}
	return job.Cancel(ctx, tx, stirKey(id))
}
