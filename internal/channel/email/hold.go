package email

import (
	"cmp"
	"context"
	"errors"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// Reasons for which a mail is held or left out.
const (
	ReasonDuplicate  = "duplicate"   // the same bytes came into the same mailbox before
	ReasonOwn        = "own"         // we sent it ourselves
	ReasonErased     = "erased"      // its sender was erased, or its conversation deleted
	ReasonCounted    = "counted"     // a machine's word about a mail that went to many
	ReasonUnreadable = "unreadable"  // the mail could not be read
	ReasonTooComplex = "too_complex" // it would take too much to read it
	ReasonNoSender   = "no_sender"   // nobody to answer
	ReasonFailed     = "failed"      // we failed, several times
)

// held says that a mail goes into quarantine.
type held struct {
	reason string
	cause  error
}

func (h *held) Error() string { return h.reason }

// hold puts a mail into quarantine.
func (m *Mail) hold(ctx context.Context, run *job.Run, o opened, h *held) error {
	m.log.Warn("mail held", "item", o.ID, "inbox", o.Inbox, "reason", h.reason, "error", h.cause)
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE email_item SET tries = tries + $2, kills = kills + $3 WHERE id = $1 AND state = 'new'`, o.ID, failures(run, h.cause), run.Cuts); err != nil {
			return err
		}
		if err := end(ctx, tx, o.ID, Quarantined, h.reason, h.cause, 0); err != nil {
			return err
		}
		return event.Record(ctx, tx, Held{o.ID, o.Inbox, h.reason})
	})
	return m.left(ctx, o, err)
}

// left ends a try that came to nothing: the files that it stored go again. That is
// safe once it is written that the mail did not become a message.
func (m *Mail) left(ctx context.Context, o opened, err error) error {
	switch {
	case err == nil:
		m.dropFiles(ctx, o.files)
	case errors.Is(err, errNotNew):
		return nil
	}
	return err
}

// Held says that a mail was put into quarantine; Released that it left it.
type (
	Held struct {
		Item   ItemID   `json:"item"`
		Inbox  inbox.ID `json:"inbox"`
		Reason string   `json:"reason"`
	}
	Released struct {
		Item ItemID `json:"item"`
		How  string `json:"how"` // "retried" or "discarded"
	}
)

// EventKind names the fact.
func (Held) EventKind() string { return "email.held" }

// Subject is the mail.
func (f Held) Subject() string { return f.Item.String() }

// EventKind names the fact.
func (Released) EventKind() string { return "email.released" }

// Subject is the mail.
func (f Released) Subject() string { return f.Item.String() }

const (
	tries    = 3  // bounds how often we try one mail
	maxKills = 10 // bounds how often a mail, in or out, may be in hand when the process dies, for whatever reason
)

// errKilled says that the process died while it dealt with the mail.
var errKilled = errors.New("the program died while it dealt with this mail")

// killed says what to do with a mail that was in hand when the process died, so
// many times: once may be chance, and it is simply done again, in its turn. What
// happens again is put aside. It is held, unread, when the process died while it
// read just this mail, for the third time (see watched).
func (o *opened) killed(cuts int) error {
	switch {
	case cuts > 0 && (o.Reading >= tries-1 || o.Kills+cuts >= maxKills):
		return &held{ReasonFailed, errKilled}
	case cuts > 1:
		return errKilled
	}
	return nil
}

// watched reads a mail and keeps its files. That it was begun, and that it ended, is
// written down for a mail that was in hand when the process died: so what kills the
// process is told from what was near when something else did.
func (m *Mail) watched(ctx context.Context, run *job.Run, o *opened) error {
	if run.Cuts+o.Kills == 0 {
		return m.unpack(ctx, o)
	}
	if err := m.reading(ctx, o.ID, 1); err != nil {
		return err
	}
	err := m.unpack(ctx, o)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
	defer cancel()
	return cmp.Or(m.reading(ctx, o.ID, -1), err)
}

func (m *Mail) reading(ctx context.Context, id ItemID, more int) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE email_item SET reading = reading + $2 WHERE id = $1 AND state = 'new'`, id, more)
		return err
	})
}

// unpack reads a mail and keeps its files.
func (m *Mail) unpack(ctx context.Context, o *opened) error {
	if err := o.read(); err != nil {
		return err
	}
	return m.keepFiles(ctx, o)
}

// failures is how many tries of a mail this job used up.
func failures(run *job.Run, cause error) int {
	if errors.Is(cause, errKilled) {
		return run.Cuts
	}
	return run.Cuts + 1
}

// again counts a failure of ours; after the last one the mail is held. The next
// try is a job of a lane of its own.
func (m *Mail) again(ctx context.Context, run *job.Run, o opened, cause error) error {
	failed := failures(run, cause)
	if o.Tries-o.Kills+failed-run.Cuts >= tries { // those that were no deaths
		return m.hold(ctx, run, o, &held{ReasonFailed, cause})
	}
	m.log.Warn("mail not taken", "item", o.ID, "try", o.Tries+failed, "error", cause)
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE email_item SET tries = tries + $3, kills = kills + $4, error = $2 WHERE id = $1 AND state = 'new'`, o.ID, clip(cause.Error(), 2000), failed, run.Cuts)
		if err == nil && n == 0 {
			err = errNotNew
		}
		if err != nil {
			return err
		}
		return job.Add(ctx, tx, take{o.ID}, job.Options{Lane: o.ID.String(), At: tx.Now().Add(time.Duration(o.Tries+failed) * 5 * time.Second)})
	})
	return m.left(ctx, o, err)
}
