package incident

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// Letter is a mail to somebody who asked for it.
type Letter struct {
	To          string
	Subject     string
	Text        string
	Unsubscribe string // the address that a POST takes him off at (RFC 8058); "" for one that is sent once
}

// Parts are what incidents need of the program.
type Parts struct {
	DB   *db.DB
	Jobs *job.Runner
	Keys *secret.Keys
	Send func(context.Context, Letter) error // uses the network
	URL  string                              // ours, without a slash at the end
}

// Incidents tells people of them.
type Incidents struct{ Parts }

// New makes it, and takes over its jobs.
func New(p Parts) *Incidents {
	n := &Incidents{p}
	job.Handle(p.Jobs, job.Kind{Limit: time.Hour}, func(ctx context.Context, run *job.Run, t Tell) error { return n.tell(team.AsSystem(ctx), run, t) })
	job.Handle(p.Jobs, job.Kind{Pool: "mail out", Limit: time.Hour, Tries: 8}, func(ctx context.Context, run *job.Run, l letters) error { return n.send(team.AsSystem(ctx), run, l) })
	job.Handle(p.Jobs, job.Kind{Pool: "mail out", Tries: 4}, func(ctx context.Context, run *job.Run, l welcome) error { return n.welcome(team.AsSystem(ctx), run, l) })
	return n
}

// Tell is the job that tells customers an update.
type Tell struct {
	Update UpdateID `json:"update"`
}

// JobKind names the job.
func (Tell) JobKind() string { return "incident.tell" }

// errTold ends the transaction in which nobody was left to tell.
var errTold = errors.New("everybody was told")

// tell goes through those who wait to be told: each is a transaction.
func (n *Incidents) tell(ctx context.Context, run *job.Run, t Tell) error {
	for {
		var next NoticeID
		err := n.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if next, err = n.tellNext(ctx, tx, t.Update); errors.Is(err, errTold) {
				return n.finish(ctx, tx, run, t.Update)
			}
			return err
		})
		if _, ours := problem.As(err); ours { // it cannot be said to him, now or later
			err = n.DB.Write(ctx, func(tx *db.Tx) error { return settle(ctx, tx, next, NoticeGone, 0, 0) })
		}
		if err != nil {
			return err
		}
		if next == 0 {
			return nil
		}
	}
}

func (n *Incidents) finish(ctx context.Context, tx *db.Tx, run *job.Run, u UpdateID) error {
	said, err := loadUpdate(ctx, tx, u)
	if errors.Is(err, db.ErrNoRow) {
		return run.Finish(ctx, tx)
	}
	if err != nil {
		return err
	}
	told, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM incident_notice WHERE update_id = $1 AND state = 'told'`, u)
	if err != nil {
		return err
	}
	if err := run.Finish(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, Told{said.Incident, u, told})
}

// tellNext tells the next of those who wait, and says which notice that was.
func (n *Incidents) tellNext(ctx context.Context, tx *db.Tx, u UpdateID) (NoticeID, error) {
	type waits struct {
		id  NoticeID
		who contact.ID
	}
	list, err := db.All(ctx, tx, func(r db.Row) (w waits, err error) { return w, r.Scan(&w.id, &w.who) },
		`SELECT id, contact_id FROM incident_notice WHERE update_id = $1 AND state = 'waiting' ORDER BY id LIMIT 1`, u)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, errTold
	}
	w := list[0]
	said, err := loadUpdate(ctx, tx, u)
	if err != nil {
		return w.id, err
	}
	i, err := load(ctx, tx, said.Incident)
	if err != nil {
		return w.id, err
	}
	who, err := contact.Get(ctx, tx, w.who)
	if err != nil {
		return w.id, err
	}
	if who.Blocked != "" {
		return w.id, settle(ctx, tx, w.id, NoticeBlocked, 0, 0)
	}
	return w.id, n.tellOne(ctx, tx, w.id, i, said, who)
}

// tellOne answers somebody where he wrote, or begins a conversation by mail.
func (n *Incidents) tellOne(ctx context.Context, tx *db.Tx, notice NoticeID, i Incident, u Update, who contact.Contact) error {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return err
	}
	ctx = house(ctx, firm)
	talk, err := talkOf(ctx, tx, i.ID, who.ID)
	if err != nil {
		return err
	}
	if talk != 0 {
		c, err := conversation.Get(ctx, tx, talk)
		if err != nil {
			return err
		}
		answer := conversation.Answer{Text: n.words(i, u, who, spoken(c.Language, who.Language, firm.Language))}
		if u.Solves {
			answer.Then = conversation.Solved
		}
		m, err := conversation.Reply(ctx, tx, talk, answer)
		if err != nil {
			return err
		}
		if err := toldElsewhere(ctx, tx, i.ID, c, u.Solves); err != nil {
			return err
		}
		return settle(ctx, tx, notice, NoticeTold, talk, m.ID)
	}
	in, ok, err := door(ctx, tx, i)
	if err != nil {
		return err
	}
	if !ok || who.Email == "" {
		return settle(ctx, tx, notice, NoticeUnreachable, 0, 0)
	}
	l := spoken(who.Language, in.Language, firm.Language)
	answer := conversation.Answer{Text: n.words(i, u, who, l), To: []conversation.Address{{Name: who.Name, Address: who.Email}}}
	if u.Solves {
		answer.Then = conversation.Solved
	}
	c, m, err := conversation.Start(ctx, tx, conversation.Beginning{Inbox: in, Contact: who, Subject: i.Title.In(l), Answer: answer})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO incident_link (incident_id, conversation_id, ours, at) VALUES ($1, $2, TRUE, $3)`, i.ID, c.ID, tx.Now())
	if err != nil {
		return fmt.Errorf("link what tells of %s: %w", i.ID, err)
	}
	return settle(ctx, tx, notice, NoticeTold, c.ID, m.ID)
}

// toldElsewhere says in the other conversations of a customer about an incident where he was told, and solves them too where that one was.
func toldElsewhere(ctx context.Context, tx *db.Tx, id ID, in conversation.Conversation, solves bool) error {
	others, err := db.All(ctx, tx, func(r db.Row) (c conversation.ID, err error) { return c, r.Scan(&c) }, `
		SELECT c.id FROM incident_link l JOIN conversation c ON c.id = l.conversation_id
		WHERE l.incident_id = $1 AND c.contact_id = $2 AND c.id <> $3 AND c.merged_into = 0 ORDER BY c.id`, id, in.Contact, in.ID)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := event.Record(ctx, tx, ToldElsewhere{other, id, in.ID, in.Number}); err != nil {
			return err
		}
		if !solves {
			continue
		}
		if err := conversation.SetStatus(ctx, tx, other, conversation.Solved); err != nil {
			return err
		}
	}
	return nil
}

// house is the firm speaking: nobody's draft is touched, and nobody is given the conversation.
func house(ctx context.Context, firm team.Firm) context.Context {
	a := team.From(team.AsSystem(ctx))
	a.Name = firm.Name
	return team.With(ctx, a)
}

// settle writes down how far a notice came. Only one that waits can come anywhere.
func settle(ctx context.Context, tx *db.Tx, id NoticeID, state string, talk conversation.ID, m conversation.MessageID) error {
	n, err := tx.Exec(ctx, `UPDATE incident_notice SET state = $2, conversation_id = $3, message_id = $4, at = $5 WHERE id = $1 AND state = 'waiting'`, id, state, talk, m, tx.Now())
	if err == nil && n == 0 {
		err = fmt.Errorf("%s was told by somebody else", id)
	}
	return err
}

// talkOf is the conversation in which somebody hears of an incident: of those that are about it the one in which something was last said.
func talkOf(ctx context.Context, tx *db.Tx, id ID, who contact.ID) (conversation.ID, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (c conversation.ID, err error) { return c, r.Scan(&c) }, `
		SELECT c.id FROM incident_link l JOIN conversation c ON c.id = l.conversation_id WHERE l.incident_id = $1 AND c.contact_id = $2
		ORDER BY c.last_at DESC, c.id DESC LIMIT 1`, id, who)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// door is the inbox that mails leave from.
func door(ctx context.Context, tx *db.Tx, i Incident) (inbox.Inbox, bool, error) {
	list, err := inbox.List(ctx, tx)
	if err != nil {
		return inbox.Inbox{}, false, err
	}
	list = slices.DeleteFunc(list, func(in inbox.Inbox) bool { return in.Channel != "email" || !in.Enabled })
	at := slices.IndexFunc(list, func(in inbox.Inbox) bool { return in.ID == i.Inbox })
	switch {
	case at >= 0:
		return list[at], true, nil
	case len(list) > 0:
		return list[0], true, nil
	}
	return inbox.Inbox{}, false, nil
}

// spoken is the first language that we speak.
func spoken(tags ...string) i18n.Locale {
	for _, tag := range tags {
		if l, ok := i18n.Parse(tag); ok {
			return l
		}
	}
	return i18n.English
}

// words are what somebody reads: a greeting, the update, and where he can see how it goes on.
func (n *Incidents) words(i Incident, u Update, who contact.Contact, l i18n.Locale) string {
	if u.Text[l] == "" { // all of it in one language
		for _, other := range i18n.Locales() {
			if u.Text[other] != "" {
				l = other
			}
		}
	}
	ctx := i18n.With(context.Background(), i18n.Reader{Locale: l})
	hello := i18n.T(ctx, "incident.hello")
	if who.Name != "" && who.Name != who.Email {
		hello = i18n.T(ctx, "incident.hello_name", "name", who.Name)
	}
	text := hello + "\n\n" + u.Text.In(l)
	if i.Public && n.URL != "" {
		text += "\n\n" + i18n.T(ctx, "incident.see", "link", n.URL+Path(i.ID))
	}
	return text
}

// Path is where everybody can read of a public incident.
func Path(id ID) string { return "/status/" + id.String() }
