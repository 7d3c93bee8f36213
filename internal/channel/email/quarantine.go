package email

import (
	"context"
	"errors"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Quarantine lists the mails that are held, newest first, from before an id (0:
// from the newest).
func Quarantine(ctx context.Context, tx *db.Tx, in inbox.ID, before ItemID, limit int) ([]Item, error) {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return nil, err
	}
	var a db.Args
	where := `state = 'quarantine'`
	if in != 0 {
		where += ` AND inbox_id = ` + a.Add(in)
	}
	if before != 0 {
		where += ` AND id < ` + a.Add(before)
	}
	return db.All(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM email_item WHERE `+where+` ORDER BY id DESC`+db.Limit(limit), a.List()...)
}

// QuarantineCount says how many mails are held.
func QuarantineCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM email_item WHERE state = 'quarantine'`)
}

// GetHeld returns one mail that is held.
func GetHeld(ctx context.Context, tx *db.Tx, id ItemID) (Item, error) {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return Item{}, err
	}
	i, err := db.One(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM email_item WHERE id = $1 AND state = 'quarantine'`, id)
	if errors.Is(err, db.ErrNoRow) {
		return i, problem.New(problem.NotFound, "There is no such mail in the quarantine.")
	}
	return i, err
}

// maxRetries bounds how often a person may have one mail tried again.
const maxRetries = 20

// Retry has a held mail tried again, as it is.
func Retry(ctx context.Context, tx *db.Tx, id ItemID) error {
	i, err := GetHeld(ctx, tx, id)
	if err != nil {
		return err
	}
	if i.Tries >= maxRetries {
		return problem.New(problem.Limited, "This mail was tried %d times. Save the original and discard it.", i.Tries)
	}
	if _, err := tx.Exec(ctx, `UPDATE email_item SET state = 'new', reason = '', error = '' WHERE id = $1`, id); err != nil {
		return err
	}
	if err := job.Add(ctx, tx, take{id}, job.Options{Lane: id.String()}); err != nil {
		return err
	}
	return event.Record(ctx, tx, Released{id, "retried"})
}

// Discard leaves a held mail out for good. Its original stays for a month.
func Discard(ctx context.Context, tx *db.Tx, id ItemID) error {
	if _, err := GetHeld(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE email_item SET state = 'suppressed', reason = 'discarded' WHERE id = $1`, id); err != nil {
		return err
	}
	return event.Record(ctx, tx, Released{id, "discarded"})
}

// Peek is what can be read of a held mail: whatever the parser gets, however
// little. It never fails.
func Peek(raw []byte) (msg *mail.Message, text string) {
	defer func() {
		if recover() != nil {
			msg, text = &mail.Message{}, ""
		}
	}()
	l := mail.DefaultLimits
	l.Parts, l.Depth, l.Decoded = 50, 5, 4<<20
	msg, err := mail.ParseWithin(raw, l)
	if err != nil || msg == nil {
		msg = &mail.Message{Header: headerOf(raw)}
		msg.Subject = msg.Header.Text("Subject")
		msg.From = mail.ParseAddresses(msg.Header.Get("From"))
	}
	return msg, msg.Text
}

// headerOf reads the header of a mail whose body cannot be read.
func headerOf(raw []byte) mail.Header {
	head := raw
	for i := 0; i+3 < len(raw) && i < 256<<10; i++ {
		if raw[i] == '\n' && (raw[i+1] == '\n' || raw[i+1] == '\r' && raw[i+2] == '\n') {
			head = raw[:i+1]
			break
		}
	}
	msg, err := mail.Parse(append(append([]byte{}, head[:min(len(head), 256<<10)]...), "\r\n\r\n."...))
	if err != nil || msg == nil {
		return nil
	}
	return msg.Header
}
