package incident

import (
	"context"
	"errors"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/team"
)

// The states of a letter. One that was being sent when the process died is not sent again: it may have arrived.
const (
	letterWaiting = "waiting"
	letterSending = "sending"
	letterSent    = "sent"
	letterAgain   = "again"  // could not be sent; is tried once more when the others are through
	letterFailed  = "failed" // could not be sent at all
)

const (
	mostFailures = 5 // one after another: then it is not the addresses
	lastAttempt  = 5
)

// send mails something to one subscriber after another. What could not be sent is tried again later, a few times.
func (n *Incidents) send(ctx context.Context, run *job.Run, l letters) error {
	said, err := n.compose(ctx, l.Subject)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	failed, err := n.sendAll(ctx, l, said)
	if err != nil {
		return err
	}
	again := failed != nil && run.Attempt < lastAttempt
	err = n.DB.Write(ctx, func(tx *db.Tx) error {
		if again {
			_, err := tx.Exec(ctx, `UPDATE incident_letter SET state = 'waiting', at = $2 WHERE subject = $1 AND state = 'again'`, l.Subject, tx.Now())
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE incident_letter SET state = 'failed', at = $2 WHERE subject = $1 AND state IN ('again', 'waiting')`, l.Subject, tx.Now()); err != nil {
			return err
		}
		return run.Finish(ctx, tx)
	})
	if err != nil || !again {
		return err
	}
	return failed
}

// sendAll gives the last error of the network, nil if there was none.
func (n *Incidents) sendAll(ctx context.Context, l letters, said letter) (failed, err error) {
	for row := 0; row < mostFailures; {
		var s Subscriber
		if err := n.DB.Write(ctx, func(tx *db.Tx) (err error) { s, err = nextLetter(ctx, tx, l.Subject); return err }); err != nil || s.ID == 0 {
			return failed, err
		}
		state := letterSent
		if err := n.Send(ctx, said.to(n, s)); err != nil {
			state, failed, row = letterAgain, err, row+1
		} else {
			row = 0
		}
		err := n.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE incident_letter SET state = $3, at = $4 WHERE subject = $1 AND subscriber_id = $2`, l.Subject, s.ID, state, tx.Now())
			return err
		})
		if err != nil {
			return failed, err
		}
	}
	return failed, nil
}

// nextLetter takes the next of those who wait; none is the zero Subscriber.
func nextLetter(ctx context.Context, tx *db.Tx, subject string) (Subscriber, error) {
	s, err := db.One(ctx, tx, scanSubscriber, `SELECT s.id, s.email, s.language, s.components, s.confirmed_at FROM incident_letter l JOIN incident_subscriber s ON s.id = l.subscriber_id
		WHERE l.subject = $1 AND l.state = 'waiting' ORDER BY l.subscriber_id LIMIT 1`, subject)
	if errors.Is(err, db.ErrNoRow) {
		return Subscriber{}, nil
	}
	if err != nil {
		return s, err
	}
	_, err = tx.Exec(ctx, `UPDATE incident_letter SET state = $3, at = $4 WHERE subject = $1 AND subscriber_id = $2`, subject, s.ID, letterSending, tx.Now())
	return s, err
}

// letter is what subscribers are told, in each language.
type letter struct {
	firm        team.Firm
	subject     i18n.Text
	text        i18n.Text
	link        string
	maintenance *Maintenance // its times are said in words
}

// compose reads what a letter is about; db.ErrNoRow when that is gone.
func (n *Incidents) compose(ctx context.Context, subject string) (out letter, err error) {
	about, cancelled := strings.CutSuffix(subject, " cancelled")
	return out, n.DB.Read(ctx, func(tx *db.Tx) (err error) {
		out = letter{subject: i18n.Text{}, text: i18n.Text{}}
		if out.firm, err = team.GetFirm(ctx, tx); err != nil {
			return err
		}
		if key, err := id.Read[UpdateID](about); err == nil {
			u, err := loadUpdate(ctx, tx, key)
			if err != nil {
				return err
			}
			i, err := load(ctx, tx, u.Incident)
			out.link = Path(i.ID)
			for _, l := range i18n.Locales() {
				ctx := i18n.With(ctx, i18n.Reader{Locale: l})
				out.subject[l] = i18n.T(ctx, "incident.state_"+string(u.State)) + ": " + i.Title.In(l)
				out.text[l] = u.Text.In(l)
			}
			return err
		}
		key, err := id.Read[MaintenanceID](about)
		if err != nil {
			return err
		}
		m, err := GetMaintenance(ctx, tx, key)
		if err != nil {
			return err
		}
		out.link, out.maintenance = "/status", &m
		for _, l := range i18n.Locales() {
			word := "incident.planned"
			if cancelled {
				word = "incident.cancelled"
			}
			out.subject[l] = i18n.T(i18n.With(ctx, i18n.Reader{Locale: l}), word) + ": " + m.Title.In(l)
			out.text[l] = m.About.In(l)
		}
		return nil
	})
}

// to is the letter as one subscriber gets it.
func (l letter) to(n *Incidents, s Subscriber) Letter {
	ctx := i18n.With(context.Background(), i18n.Reader{Locale: s.Language, Now: n.DB.Now(), Zone: place(l.firm)})
	off := n.URL + n.LeavePath(s.ID)
	text := l.text.In(s.Language)
	if m := l.maintenance; m != nil {
		text = strings.TrimSpace(i18n.T(ctx, "incident.span", "span", i18n.Between(ctx, m.From, m.To), "zone", i18n.Zone(ctx, m.From)) + "\n\n" + text)
	}
	return Letter{To: s.Email, Subject: i18n.T(ctx, "incident.letter_subject", "firm", l.firm.Name, "what", l.subject.In(s.Language)), Unsubscribe: off,
		Text: text + "\n\n" + i18n.T(ctx, "incident.letter_foot", "link", n.URL+l.link, "off", off)}
}

// place is the firm's zone.
func place(f team.Firm) *time.Location {
	if z, err := time.LoadLocation(f.Zone); err == nil {
		return z
	}
	return time.UTC
}
