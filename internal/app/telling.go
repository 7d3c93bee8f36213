package app

import (
	"context"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// telling is who is told of what happens to conversations.
func (a *App) telling() {
	tell(a, onNoted)
	tell(a, onAssigned)
	tell(a, onReceived)
	tell(a, onWarned)
	tell(a, onBroken)
	a.tellingOfShifts()
	job.Handle(a.Jobs, job.Kind{Pool: "notice"}, a.answered)
	within(a, "page", oncall.OnReceived)
	within(a, "page", oncall.OnChanged)
	within(a, "page", oncall.OnBroken)
	within(a, "page", oncall.OnStatusSet)
	within(a, "page", oncall.OnMerged)
	within(a, "page", oncall.OnDeleted)
	pager(a, oncall.Climbed)
	pager(a, oncall.Stirred)
}

// pager takes over a timer of on call: one transaction, in a pool that nothing slow stands in.
func pager[J job.Args](a *App, do func(context.Context, *db.Tx, J) error) {
	job.Handle(a.Jobs, job.Kind{Pool: "pager"}, func(ctx context.Context, run *job.Run, j J) error {
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return do(team.AsSystem(ctx), tx, j)
		})
	})
}

// tell adds a reaction that still knows who acted: nobody is told of what he did himself.
func tell[F event.Fact](a *App, fn func(ctx context.Context, tx *db.Tx, by team.ID, f F) error) {
	event.Within(a.Events, "tell", func(ctx context.Context, tx *db.Tx, f F) error {
		return fn(team.AsSystem(ctx), tx, team.From(ctx).Person, f)
	})
}

// upon makes a notice one about a conversation.
func upon(c conversation.ID, n notice.Notice) notice.Notice {
	n.Subject, n.Link = c.String(), "/inbox/"+c.String()
	return n
}

func onNoted(ctx context.Context, tx *db.Tx, by team.ID, f conversation.Noted) error {
	for _, who := range f.Mentions {
		if who == by {
			continue
		}
		if _, err := notice.Tell(ctx, tx, upon(f.ID, notice.Notice{Person: who, By: by, Kind: notice.Mentioned, Words: "notice.said_mentioned"})); err != nil {
			return err
		}
	}
	return nil
}

func onAssigned(ctx context.Context, tx *db.Tx, by team.ID, f conversation.Assigned) error {
	if f.To == 0 || f.To == by {
		return nil
	}
	n := notice.Notice{Person: f.To, By: by, Kind: notice.Assigned, Words: "notice.said_assigned"}
	if by == 0 {
		n.Words = "notice.said_assigned_itself"
	}
	_, err := notice.Tell(ctx, tx, upon(f.ID, n))
	return err
}

// answered is the job of looking, a moment after a customer wrote, whether the one who looks after him has seen it.
type answered struct {
	Conversation conversation.ID        `json:"conversation"`
	Message      conversation.MessageID `json:"message"`
}

func (answered) JobKind() string { return "app.answered" }

// lookFirst is how long a page that is open has to show what came.
const lookFirst = 8 * time.Second

func onReceived(ctx context.Context, tx *db.Tx, _ team.ID, f conversation.Received) error {
	if f.Auto || f.First {
		return nil
	}
	theirs, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation WHERE id = $1 AND assignee_id <> 0`, f.ID)
	if err != nil || !theirs {
		return err
	}
	return job.Add(ctx, tx, answered{f.ID, f.Message}, job.Options{At: tx.Now().Add(lookFirst)})
}

func (a *App) answered(ctx context.Context, run *job.Run, j answered) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		ctx := team.AsSystem(ctx)
		who, err := db.All(ctx, tx, func(r db.Row) (p team.ID, err error) { return p, r.Scan(&p) }, `
			SELECT c.assignee_id FROM conversation c JOIN conversation_message m ON m.conversation_id = c.id LEFT JOIN conversation_seen s ON s.conversation_id = c.id AND s.person_id = c.assignee_id
			WHERE m.id = $1 AND c.assignee_id <> 0 AND COALESCE(s.message_id, 0) < m.id`, j.Message)
		if err != nil || len(who) == 0 {
			return err
		}
		_, err = notice.Tell(ctx, tx, upon(j.Conversation, notice.Notice{Person: who[0], Kind: notice.Answered, Words: "notice.said_answered"}))
		return err
	})
}

func onWarned(ctx context.Context, tx *db.Tx, _ team.ID, f sla.Warned) error {
	return tellAssignee(ctx, tx, f.ID, notice.Notice{Kind: notice.Due, Words: "notice.said_due"}.LateBy(tx.Now(), f.Left))
}

func onBroken(ctx context.Context, tx *db.Tx, _ team.ID, f sla.Broken) error {
	return tellAssignee(ctx, tx, f.ID, notice.Notice{Kind: notice.Broken, Words: "notice.said_broken"}.LateBy(tx.Now(), job.Late(tx.Now(), f.Due)))
}

func tellAssignee(ctx context.Context, tx *db.Tx, c conversation.ID, n notice.Notice) error {
	who, err := db.Value[team.ID](ctx, tx, `SELECT assignee_id FROM conversation WHERE id = $1`, c)
	if err != nil || who == 0 {
		return err
	}
	n.Person = who
	_, err = notice.Tell(ctx, tx, upon(c, n))
	return err
}

// titles says what the subjects of notices are called, for whoever acts: what he may not see, and what is gone, is left out.
func titles(ctx context.Context, tx *db.Tx, subjects []string) (map[string]string, error) {
	var talks []conversation.ID
	var pages []oncall.ID
	for _, s := range subjects {
		if c, err := id.Read[conversation.ID](s); err == nil {
			talks = append(talks, c)
		} else if p, err := id.Read[oncall.ID](s); err == nil {
			pages = append(pages, p)
		}
	}
	out := map[string]string{}
	named, err := conversation.Titles(ctx, tx, talks)
	for c, title := range named {
		out[c.String()] = title
	}
	if err != nil {
		return nil, err
	}
	called, err := oncall.Titles(ctx, tx, pages)
	for p, title := range called {
		out[p.String()] = title
	}
	return out, err
}

// newNotices is how notices leave the house.
func (a *App) newNotices() *notice.Notices {
	return notice.New(notice.Parts{DB: a.DB, Keys: a.Keys, Jobs: a.Jobs, Dial: a.out, Clock: a.Config.Real, URL: a.address(), Mail: a.Mail.Notify, About: titles,
		Changed: func(p team.ID) { a.tell(context.Background(), "person:"+p.String(), "") }})
}

// isPerson says whether whoever acts is the one that a topic is about.
func isPerson(ctx context.Context, subject string) bool {
	p := team.From(ctx).Person
	return p != 0 && strings.EqualFold(p.String(), subject)
}
