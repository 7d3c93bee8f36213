package flow

import (
	"context"
	"errors"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge"
)

// Robot is what answers in the chat before a person does: along the path of the widget, and with the assistant.
type Robot struct {
	helper *assistant.Assistant
	db     *db.DB
}

// NewRobot makes it and takes over its job.
func NewRobot(d *db.DB, jobs *job.Runner, helper *assistant.Assistant) *Robot {
	r := &Robot{helper, d}
	job.Handle(jobs, job.Kind{}, r.quiet)
	return r
}

// OnReceived answers what a visitor pressed or wrote.
func (r *Robot) OnReceived(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	k, err := r.helper.Listen(ctx, tx, f)
	if err != nil || k == nil {
		return err
	}
	way, err := read(ctx, tx, k.Inbox)
	if err != nil {
		return err
	}
	chats, err := assistant.InChat(ctx, tx)
	if err != nil || !way.Running && !chats {
		return err
	}
	t := turn{k, f.ID, way, chats}
	if err := t.answer(ctx, tx); err != nil {
		return err
	}
	return job.Replace(ctx, tx, quiet{f.ID}, job.Options{At: tx.Now().Add(Silence), Key: "flow.quiet " + f.ID.String()})
}

// turn is something that a visitor said, and who may answer it.
type turn struct {
	*assistant.Talk
	id    conversation.ID
	flow  Flow
	chats bool // the assistant may answer
}

func (t turn) answer(ctx context.Context, tx *db.Tx) error {
	if b, ok := readPress(t.Pressed); ok {
		return t.press(ctx, tx, b)
	}
	if understood, err := t.Understood(ctx, tx); understood || err != nil {
		return err
	}
	path, err := t.path(ctx, tx, t.flow.Version)
	if err != nil {
		return err
	}
	s, alone, ok := path.heard(t.Text)
	ok = ok && t.flow.Running
	switch {
	case ok && (alone || !t.chats):
		return t.show(ctx, tx, path, t.flow.Version, s)
	case !t.chats:
		return t.HandOver(ctx, tx, "say_handover")
	}
	r, err := t.Think(ctx, tx)
	if err != nil {
		return err
	}
	if ok && r.Outcome != assistant.Answered {
		return t.show(ctx, tx, path, t.flow.Version, s)
	}
	return t.Answer(ctx, tx, r)
}

// press follows a button, in the version in which it stood and the language in which it was read.
func (t turn) press(ctx context.Context, tx *db.Tx, b press) error {
	t.Locale = b.locale
	path, err := t.path(ctx, tx, b.version)
	if err != nil {
		return err
	}
	m, ok := path.pressed(b)
	switch {
	case !ok:
		return t.HandOver(ctx, tx, "say_handover")
	case m.Do == Person:
		return t.HandOver(ctx, tx, "say_person")
	case m.Do == Ask:
		return t.Wait(ctx, tx, t.Word(ctx, "say_ask"))
	}
	return t.show(ctx, tx, path, b.version, m.Step)
}

// path is a version; an empty one where there is none.
func (t turn) path(ctx context.Context, tx *db.Tx, number int) (Path, error) {
	p, err := version(ctx, tx, t.flow.Inbox, number)
	if errors.Is(err, db.ErrNoRow) {
		return Path{}, nil
	}
	return p, err
}

// show says a step.
func (t turn) show(ctx context.Context, tx *db.Tx, path Path, number int, s Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO flow_visit (id, inbox_id, step, conversation_id, at) VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), t.flow.Inbox, s.Key, t.id, tx.Now())
	if err != nil {
		return err
	}
	source, err := cited(t.Reads(ctx), tx, s, t.Locale, t.Site())
	if err != nil {
		return err
	}
	if s.Ends() {
		return t.Tell(ctx, tx, s.Say.In(t.Locale), s.Article, source)
	}
	return t.Wait(ctx, tx, s.Say.In(t.Locale), append(source, around(ctx, path, s, number, t.Locale)...)...)
}

// cited is the button that leads to the article of a step; none where the reader in ctx may not see it.
func cited(ctx context.Context, tx *db.Tx, s Step, l i18n.Locale, site string) ([]conversation.Button, error) {
	if s.Article == 0 {
		return nil, nil
	}
	found, err := knowledge.Cite(ctx, tx, l, []knowledge.ID{s.Article})
	p, ok := found[s.Article]
	if err != nil || !ok {
		return nil, err
	}
	return []conversation.Button{{Label: p.Title, URL: site + p.Path()}}, nil
}

// around are the buttons of a step with those that every step has: to a person, and back to the start.
func around(ctx context.Context, p Path, s Step, number int, l i18n.Locale) []conversation.Button {
	list := s.buttons(number, l)
	ctx = i18n.With(ctx, i18n.Reader{Locale: l})
	if !s.offersPerson() {
		list = append(list, conversation.Button{ID: assistant.PressPerson, Label: i18n.T(ctx, "assistant.press_person")})
	}
	if s.Key != p.First().Key {
		list = append(list, conversation.Button{ID: press{number, s.Key, start, l}.String(), Label: i18n.T(ctx, "assistant.press_start")})
	}
	return list
}

// Opening is what stands in a widget before anybody has said anything; nothing where no path leads.
func Opening(ctx context.Context, tx *db.Tx, in inbox.ID, l i18n.Locale) (says string, may []conversation.Button, err error) {
	f, err := read(ctx, tx, in)
	if err != nil || !f.Running {
		return "", nil, err
	}
	p, err := version(ctx, tx, in, f.Version)
	if err != nil || len(p.Steps) == 0 {
		return "", nil, err
	}
	s := p.First()
	return s.Say.In(l), around(ctx, p, s, f.Version, l), nil
}

// Silence is how long nothing has to be said in a talk with a robot alone before it counts as solved.
const Silence = 24 * time.Hour

// quiet is the job that ends a talk in which a visitor spoke with nobody, and was silent since.
type quiet struct {
	ID conversation.ID `json:"id"`
}

// JobKind names the job.
func (quiet) JobKind() string { return "flow.quiet" }

func (r *Robot) quiet(ctx context.Context, run *job.Run, j quiet) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		c, err := conversation.Get(ctx, tx, j.ID)
		if problem.KindOf(err) == problem.NotFound {
			return nil
		}
		if err != nil || c.Status != conversation.Pending || c.Assignee != 0 || !c.FirstReplyAt.IsZero() {
			return err
		}
		return conversation.SetStatus(ctx, tx, j.ID, conversation.Solved)
	})
}
