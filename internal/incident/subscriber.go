package incident

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// SubscriberID is the id of a subscriber.
type SubscriberID = id.Of[subscriberKind]

type subscriberKind struct{}

func (subscriberKind) Prefix() string { return "sbs" }

// Subscriber has asked to be told by mail what stands on the status page.
type Subscriber struct {
	ID          SubscriberID
	Email       string
	Language    i18n.Locale
	Components  []ComponentID // none is all
	ConfirmedAt time.Time
}

func scanSubscriber(r db.Row) (s Subscriber, err error) {
	var components string
	if err = r.Scan(&s.ID, &s.Email, &s.Language, &components, db.Time(&s.ConfirmedAt)); err != nil {
		return s, err
	}
	s.Components, err = readIDs(components)
	return s, err
}

const (
	confirmWithin = 7 * 24 * time.Hour
	askAgain      = time.Hour // how soon the same address gets another mail
	mostAsked     = 500       // in an hour, by all
	leaveWithin   = 10 * 365 * 24 * time.Hour
)

// welcome is the job that mails the link by which an address is confirmed.
type welcome struct {
	Subscriber SubscriberID `json:"subscriber"`
}

// JobKind names the job.
func (welcome) JobKind() string { return "incident.welcome" }

// Subscribe asks an address whether it wants mails about some components (none: all). Whoever asks is told the same, known or
// not: what becomes of it is seen in the mailbox alone.
func (n *Incidents) Subscribe(ctx context.Context, tx *db.Tx, email string, l i18n.Locale, components []ComponentID) error {
	address, ok := contact.NormalEmail(strings.TrimSpace(email))
	if !ok || len(address) > 254 {
		return problem.For("email", "Enter an e-mail address.")
	}
	asked, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM incident_subscriber WHERE asked_at > $1`, tx.Now().Add(-askAgain))
	if err != nil {
		return err
	}
	if asked >= mostAsked {
		return problem.New(problem.Limited, "Too many ask at this moment. Try again later.").Wait(askAgain)
	}
	list, err := db.All(ctx, tx, func(r db.Row) (at time.Time, err error) { return at, r.Scan(db.Time(&at)) }, `SELECT asked_at FROM incident_subscriber WHERE email = $1`, address)
	if err != nil || len(list) > 0 && list[0].After(tx.Now().Add(-askAgain)) {
		return err
	}
	key, err := db.Value[SubscriberID](ctx, tx, `INSERT INTO incident_subscriber (id, email, language, components, asked_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (email) DO UPDATE SET asked_at = excluded.asked_at RETURNING id`, SubscriberID(tx.NewID()), address, l, writeIDs(components), tx.Now())
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	if err := event.Record(ctx, tx, Subscribed{key}); err != nil {
		return err
	}
	return job.Add(ctx, tx, welcome{key}, job.Options{})
}

// welcome mails the link. It says nothing that a stranger typed.
func (n *Incidents) welcome(ctx context.Context, run *job.Run, w welcome) error {
	s, firm, err := n.reader(ctx, w.Subscriber)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx = i18n.With(ctx, i18n.Reader{Locale: s.Language, Now: n.DB.Now()})
	word, link := "incident.confirm", n.ConfirmPath(s.ID)
	if !s.ConfirmedAt.IsZero() {
		word, link = "incident.subscribed", n.LeavePath(s.ID)
	}
	return n.Send(ctx, Letter{To: s.Email, Subject: i18n.T(ctx, word+"_subject", "firm", firm.Name), Text: i18n.T(ctx, word+"_text", "firm", firm.Name, "link", n.URL+link)})
}

func (n *Incidents) reader(ctx context.Context, id SubscriberID) (s Subscriber, firm team.Firm, err error) {
	err = n.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if firm, err = team.GetFirm(ctx, tx); err != nil {
			return err
		}
		s, err = loadSubscriber(ctx, tx, id)
		return err
	})
	return s, firm, err
}

func loadSubscriber(ctx context.Context, tx *db.Tx, id SubscriberID) (Subscriber, error) {
	return db.One(ctx, tx, scanSubscriber, `SELECT id, email, language, components, confirmed_at FROM incident_subscriber WHERE id = $1`, id)
}

// ConfirmPath and LeavePath are the links of a subscriber.
func (n *Incidents) ConfirmPath(id SubscriberID) string {
	return "/status/confirm/" + id.String() + "/" + n.Keys.Link("incident.confirm", id.String(), n.DB.Now().Add(confirmWithin))
}

// LeavePath is the link by which he changes what he gets, and leaves.
func (n *Incidents) LeavePath(id SubscriberID) string {
	return "/status/mails/" + id.String() + "/" + n.Keys.Link("incident.leave", id.String(), n.DB.Now().Add(leaveWithin))
}

func dead() error {
	return problem.New(problem.NotFound, "This link does not work any more. Subscribe again.")
}

// Open says whose a link is: purpose is "confirm" or "leave".
func (n *Incidents) Open(ctx context.Context, tx *db.Tx, purpose, who, token string) (Subscriber, error) {
	key, err := id.Read[SubscriberID](who)
	if err != nil || n.Keys.CheckLink("incident."+purpose, key.String(), token, tx.Now()) != nil {
		return Subscriber{}, dead()
	}
	s, err := loadSubscriber(ctx, tx, key)
	if errors.Is(err, db.ErrNoRow) {
		err = dead()
	}
	return s, err
}

// Confirm lets mails go to a subscriber.
func Confirm(ctx context.Context, tx *db.Tx, s Subscriber) error {
	n, err := tx.Exec(ctx, `UPDATE incident_subscriber SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL`, s.ID, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Confirmed{s.ID})
}

// Choose changes what a subscriber is told of.
func Choose(ctx context.Context, tx *db.Tx, s Subscriber, components []ComponentID) error {
	_, err := tx.Exec(ctx, `UPDATE incident_subscriber SET components = $2 WHERE id = $1`, s.ID, writeIDs(components))
	return err
}

// Leave takes a subscriber off, with all that is known of him.
func Leave(ctx context.Context, tx *db.Tx, s Subscriber) error {
	n, err := tx.Exec(ctx, `DELETE FROM incident_subscriber WHERE id = $1`, s.ID)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Unsubscribed{s.ID})
}

// Subscribers is how many are told by mail.
func Subscribers(ctx context.Context, tx *db.Tx) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM incident_subscriber WHERE confirmed_at IS NOT NULL`)
}

// Forget drops those who never confirmed.
func Forget(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM incident_subscriber WHERE confirmed_at IS NULL AND asked_at < $1`, tx.Now().Add(-confirmWithin))
	return err
}

// letters is the job that mails something to all who asked for it.
type letters struct {
	Subject string `json:"subject"` // the id of an update or of a maintenance, which may be "… cancelled"
}

// JobKind names the job.
func (letters) JobKind() string { return "incident.letters" }

// post writes down which subscribers get a mail, and has it done. What concerns no component concerns all.
func post(ctx context.Context, tx *db.Tx, subject string, about []ComponentID) error {
	all, err := db.All(ctx, tx, scanSubscriber, `SELECT id, email, language, components, confirmed_at FROM incident_subscriber WHERE confirmed_at IS NOT NULL ORDER BY id`)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s Subscriber) bool { return !s.wants(about) })
	for some := range slices.Chunk(all, 500) {
		var a db.Args
		q := `INSERT INTO incident_letter (subject, subscriber_id, state, at) VALUES `
		for n, s := range some {
			if n > 0 {
				q += `, `
			}
			q += `(` + a.Add(subject) + `, ` + a.Add(s.ID) + `, 'waiting', ` + a.Add(tx.Now()) + `)`
		}
		if _, err := tx.Exec(ctx, q, a.List()...); err != nil {
			return fmt.Errorf("write down who gets a mail about %s: %w", subject, err)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return job.Add(ctx, tx, letters{subject}, job.Options{Lane: subject})
}

func (s Subscriber) wants(about []ComponentID) bool {
	return len(s.Components) == 0 || len(about) == 0 || slices.ContainsFunc(about, func(c ComponentID) bool { return slices.Contains(s.Components, c) })
}
