package email

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
)

// ItemID is the id of a mail that came in.
type ItemID = id.Of[itemKind]

type itemKind struct{}

func (itemKind) Prefix() string { return "mai" }

// State is where a mail ended.
type State string

// The states; see the package comment.
const (
	Arrived        State = "new"
	InConversation State = "conversation"
	Suppressed     State = "suppressed"
	Quarantined    State = "quarantine"
)

// Item is a mail that came in.
type Item struct {
	ID           ItemID
	Inbox        inbox.ID
	Source       string // where it was: "imap:INBOX:validity:uid", "smtp:…"
	Digest       []byte // SHA-256 of the bytes
	Size         int64
	EnvelopeFrom string
	ReceivedAt   time.Time // by the mail server
	History      bool      // was there before we were
	Seen         bool      // somebody had read it before we came
	State        State
	Reason       string // why it is suppressed or in quarantine
	Error        string
	Tries        int
	Kills        int // how many of them were the death of the process
	Reading      int // how often a mail that had been in hand at one was begun to be read, and not ended
	Message      conversation.MessageID
	CreatedAt    time.Time
}

const itemColumns = `id, inbox_id, source, digest, size, envelope_from, received_at, history, seen, state, reason, error, tries, kills, reading, message_id, created_at`

func scanItem(r db.Row) (i Item, err error) {
	return i, r.Scan(&i.ID, &i.Inbox, &i.Source, &i.Digest, &i.Size, &i.EnvelopeFrom, db.Time(&i.ReceivedAt), &i.History, &i.Seen, &i.State,
		&i.Reason, &i.Error, &i.Tries, &i.Kills, &i.Reading, &i.Message, db.Time(&i.CreatedAt))
}

// arrival is a mail on its way into the store.
type arrival struct {
	Item
	raw     []byte
	blob    blob.Key // where raw is, when it is large
	backlog bool     // handled beside what arrives now, not before it
	moved   bool     // from another UIDVALIDITY: it may be known by its digest
}

// inRow is up to which size the bytes stand in the database itself, where they
// are one commit with their row.
const inRow = 256 << 10

// store puts mails and the work on them into the database, in one commit with
// whatever also does. Before it returns nil nobody may believe that we have them.
func (m *Mail) store(ctx context.Context, mails []arrival, also func(*db.Tx) error) error {
	for i := range mails {
		a := &mails[i]
		sum := sha256.Sum256(a.raw)
		a.Digest, a.Size = sum[:], int64(len(a.raw))
		if len(a.raw) <= inRow {
			continue
		}
		f, err := m.blobs.Put(ctx, bytes.NewReader(a.raw))
		if err != nil {
			return fmt.Errorf("store mail: %w", err)
		}
		a.blob = f.Key
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		for _, a := range mails {
			if err := m.storeOne(ctx, tx, a); err != nil {
				return fmt.Errorf("store mail: %w", err)
			}
		}
		if also == nil {
			return nil
		}
		return also(tx)
	})
}

func (m *Mail) storeOne(ctx context.Context, tx *db.Tx, a arrival) error {
	if a.moved {
		n, err := tx.Exec(ctx, `UPDATE email_item SET source = $3 WHERE id = (SELECT MIN(id) FROM email_item WHERE inbox_id = $1 AND digest = $2
			AND source NOT LIKE $4 ESCAPE '\')`, a.Inbox, a.Digest, a.Source, db.Like(prefixOf(a.Source))+"%")
		if err != nil || n > 0 {
			return err
		}
	}
	a.ID, a.CreatedAt, a.EnvelopeFrom = ItemID(tx.NewID()), tx.Now(), clip(a.EnvelopeFrom, 1000)
	there, err := insertItem(ctx, tx, a)
	if err != nil || there {
		return err
	}
	data := a.raw
	if a.blob != "" {
		data = nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO email_raw (item_id, data, blob) VALUES ($1, $2, $3)`, a.ID, data, string(a.blob)); err != nil {
		return err
	}
	if a.backlog {
		return job.Add(ctx, tx, takeOld{a.ID}, job.Options{Lane: a.Inbox.String()})
	}
	return job.Add(ctx, tx, take{a.ID}, job.Options{Lane: a.Inbox.String()})
}

// insertItem writes the row of a mail, and says whether the very mail is there
// already. Another mail in the same place, as a server that counts its UIDs anew
// without saying so gives, is kept beside it.
func insertItem(ctx context.Context, tx *db.Tx, a arrival) (there bool, err error) {
	for {
		n, err := tx.Exec(ctx, `INSERT INTO email_item (id, inbox_id, source, digest, size, envelope_from, received_at, history, seen, state, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', $10) ON CONFLICT (inbox_id, source) DO NOTHING`,
			a.ID, a.Inbox, a.Source, a.Digest, a.Size, a.EnvelopeFrom, a.ReceivedAt, a.History, a.Seen, a.CreatedAt)
		if err != nil || n > 0 {
			return false, err
		}
		digest, err := db.Value[[]byte](ctx, tx, `SELECT digest FROM email_item WHERE inbox_id = $1 AND source = $2`, a.Inbox, a.Source)
		if err != nil || bytes.Equal(digest, a.Digest) || strings.Contains(a.Source, "~") {
			return true, err
		}
		a.Source += "~" + hex.EncodeToString(a.Digest[:8])
	}
}

// getItem returns a mail's row.
func getItem(ctx context.Context, tx *db.Tx, id ItemID) (Item, error) {
	return db.One(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM email_item WHERE id = $1`, id)
}

// Raw returns the bytes of a mail as they came. Who may ask is for the caller to
// decide: it has the conversation or the quarantine right at hand.
func (m *Mail) Raw(ctx context.Context, id ItemID) ([]byte, error) {
	var data []byte
	var key blob.Key
	err := m.db.Read(ctx, func(tx *db.Tx) (err error) {
		data, key, err = getRaw(ctx, tx, id)
		return err
	})
	if err != nil || key == "" {
		return data, err
	}
	return m.readBlob(ctx, key)
}

// getRaw returns the bytes of a mail, or where they are kept.
func getRaw(ctx context.Context, tx *db.Tx, id ItemID) (data []byte, key blob.Key, err error) {
	_, err = db.One(ctx, tx, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&data, (*string)(&key)) },
		`SELECT data, blob FROM email_raw WHERE item_id = $1`, id)
	return data, key, err
}

func (m *Mail) readBlob(ctx context.Context, key blob.Key) ([]byte, error) {
	f, err := m.blobs.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// RawOfMessage returns the original of a message; db.ErrNoRow if it was not mail.
func (m *Mail) RawOfMessage(ctx context.Context, source int64) ([]byte, error) {
	if source == 0 {
		return nil, db.ErrNoRow
	}
	return m.Raw(ctx, ItemID(source))
}

// end notes where a mail ended.
func end(ctx context.Context, tx *db.Tx, id ItemID, state State, reason string, cause error, msg conversation.MessageID) error {
	why := ""
	if cause != nil {
		why = clip(cause.Error(), 2000)
	}
	n, err := tx.Exec(ctx, `UPDATE email_item SET state = $2, reason = $3, error = $4, message_id = $5 WHERE id = $1 AND state = 'new'`,
		id, state, reason, why, msg)
	if err == nil && n == 0 {
		err = errNotNew
	}
	if err != nil || state != Suppressed || reason != ReasonDuplicate && reason != ReasonErased {
		return err
	}
	if reason == ReasonErased { // what names the sender goes as well; the tombstone knows the digest
		if _, err := tx.Exec(ctx, `UPDATE email_item SET digest = $2, envelope_from = '' WHERE id = $1`, id, []byte{}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM email_raw WHERE item_id = $1`, id) // the bytes are there already, or must not be
	return err
}

// errNotNew says that the mail has an end already.
var errNotNew = errors.New("the mail has been dealt with")
