package email

import (
	"context"
	"errors"
	"fmt"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// take is the job of dealing with one mail that was stored.
type take struct {
	Item ItemID `json:"item"`
}

func (take) JobKind() string { return "email.take" }

// takeOld is the same for a mail of a backlog, which has workers of its own: what
// arrives now does not wait behind it.
type takeOld struct {
	Item ItemID `json:"item"`
}

func (takeOld) JobKind() string { return "email.take_old" }

func (m *Mail) take(ctx context.Context, run *job.Run, j take) error {
	return m.takeItem(ctx, run, j.Item)
}

func (m *Mail) takeOld(ctx context.Context, run *job.Run, j takeOld) error {
	return m.takeItem(ctx, run, j.Item)
}

// takeItem reads a mail and puts it where it belongs. What cannot be read is held
// at once; what we could not do is tried again beside the others, so that one mail
// never holds up the next.
func (m *Mail) takeItem(ctx context.Context, run *job.Run, id ItemID) error {
	o := opened{Item: Item{ID: id}}
	err := m.deal(ctx, run, &o)
	var held *held
	switch {
	case err == nil, errors.Is(err, errNotNew):
		return nil
	case errors.As(err, &held):
		return m.hold(ctx, run, o, held)
	case errors.Is(ctx.Err(), context.DeadlineExceeded): // this mail takes too long
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
		defer cancel()
		return m.again(ctx, run, o, err)
	case errors.Is(err, job.ErrLost), ctx.Err() != nil, db.IsFull(err), db.IsAway(err), errors.Is(err, blob.ErrFull):
		return err // not the mail's fault: the lane waits
	}
	return m.again(ctx, run, o, err)
}

// deal does all that a mail needs. A panic is an error like another one.
func (m *Mail) deal(ctx context.Context, run *job.Run, o *opened) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	reason, err := m.fetched(ctx, o)
	if err != nil {
		return err
	}
	if reason != "" {
		return m.suppress(ctx, run, o.ID, reason)
	}
	if err := o.killed(run.Cuts); err != nil {
		return err
	}
	if err := m.watched(ctx, run, o); err != nil {
		return err
	}
	reason, err = m.place(ctx, run, *o)
	if reason != "" && err == nil {
		m.dropFiles(ctx, o.files)
	}
	return err
}

// fetched reads what is stored of a mail, and says why it needs no reading if it is known.
func (m *Mail) fetched(ctx context.Context, o *opened) (reason string, err error) {
	var key blob.Key
	err = m.db.Read(ctx, func(tx *db.Tx) (err error) {
		if o.Item, err = getItem(ctx, tx, o.ID); err != nil {
			return err
		}
		if o.State != Arrived {
			return errNotNew
		}
		if reason, err = m.known(ctx, tx, o.Item); reason != "" || err != nil {
			return err
		}
		if o.inbox, err = inbox.Get(ctx, tx, o.Inbox); err != nil {
			return err
		}
		o.raw, key, err = getRaw(ctx, tx, o.ID)
		return err
	})
	switch {
	case errors.Is(err, db.ErrNoRow) && o.Source == "": // erased in the meantime
		return "", errNotNew
	case err == nil && reason == "" && key != "":
		o.raw, err = m.readBlob(ctx, key)
	}
	return reason, err
}

func (m *Mail) suppress(ctx context.Context, run *job.Run, id ItemID, reason string) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		return end(ctx, tx, id, Suppressed, reason, nil, 0)
	})
}

// place decides where the mail belongs and puts it there, in one commit with the
// end of its job; or it says why it was left out.
func (m *Mail) place(ctx context.Context, run *job.Run, o opened) (reason string, err error) {
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		if reason, err = m.leaveOut(ctx, tx, o); err != nil {
			return err
		}
		if reason != "" {
			return end(ctx, tx, o.ID, Suppressed, reason, nil, 0)
		}
		if f, ok := m.counted(o); ok {
			reason = ReasonCounted
			return errors.Join(end(ctx, tx, o.ID, Suppressed, reason, nil, 0), event.Record(ctx, tx, f))
		}
		msg, err := m.receive(ctx, tx, o)
		if err != nil {
			return err
		}
		return o.arrived(ctx, tx, msg)
	})
	return reason, err
}

// maxID is the longest Message-ID that is kept to be answered to. A longer one
// could not stand in a header of ours.
const maxID = 900

// arrived notes which message the mail became.
func (o opened) arrived(ctx context.Context, tx *db.Tx, msg conversation.MessageID) error {
	name := o.mail.MessageID
	if len(name) > maxID {
		name = ""
	}
	n, err := tx.Exec(ctx, `UPDATE email_item SET state = 'conversation', reason = '', error = '', message_id = $2, rfc_id = $3
		WHERE id = $1 AND state = 'new'`, o.ID, msg, name)
	if err == nil && n == 0 {
		err = errNotNew
	}
	return err
}
