package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// MessageID is the id of a message.
type MessageID = id.Of[messageKind]

type messageKind struct{}

func (messageKind) Prefix() string { return "msg" }

// AttachmentID is the id of a file in a message.
type AttachmentID = id.Of[attachmentKind]

type attachmentKind struct{}

func (attachmentKind) Prefix() string { return "att" }

// Kind says who speaks in a message.
type Kind string

// The kinds of message. A note is only for the team.
const (
	FromCustomer Kind = "customer"
	FromAgent    Kind = "agent"
	FromBot      Kind = "bot"
	Note         Kind = "note"
	FromSystem   Kind = "system"
)

// Delivery is how far an answer has come. Unconfirmed means that the other side
// may or may not have it: the line broke at the wrong moment. Only a person may
// send such a message again.
type Delivery string

// The states of delivery; "" for what is not sent.
const (
	Queued      Delivery = "queued"
	Sending     Delivery = "sending"
	Sent        Delivery = "sent"
	Failed      Delivery = "failed"
	Unconfirmed Delivery = "unconfirmed"
	Withdrawn   Delivery = "withdrawn" // taken back in time
)

// Address is a name and a mail address, or another channel's.
type Address struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address"`
}

// Recipients are those a message was sent to, beside whom it is from.
type Recipients struct {
	To      []Address `json:"to,omitempty"`
	Cc      []Address `json:"cc,omitempty"`
	Bcc     []Address `json:"bcc,omitempty"`
	ReplyTo []Address `json:"reply_to,omitempty"`
}

// Bounce is what a delivery report says.
type Bounce struct {
	Recipient string `json:"recipient"`
	Permanent bool   `json:"permanent"`
	Status    string `json:"status,omitempty"`
}

// Proven is the flag of a message whose writer the firm itself has proven to be this customer.
const Proven = "proven"

// Message is one thing that was said.
type Message struct {
	ID           MessageID
	Conversation ID
	Kind         Kind
	Person       team.ID    // who of us wrote it
	Contact      contact.ID // which customer wrote it
	Channel      string     // how it came, or is to go; "": as its conversation's
	FromName     string
	FromAddress  string
	Recipients   Recipients
	Subject      string
	Text         string // everything, as text
	ReplyText    string // only what is new in it
	HTML         string // as it came; only kit/html makes it fit to be shown
	Auto         bool   // by a machine: nobody waits for an answer
	Bounce       *Bounce
	Flags        []string // what is odd about it, such as "reply_to_differs"
	Delivery     Delivery
	Attempts     int
	Trouble      string // why it is not delivered
	SendAt       time.Time
	Source       int64 // the channel's own id of the original
	Files        int
	CreatedAt    time.Time
	Buttons      []Button // of the assistant: what may be pressed
	Pressed      string   // of a customer: the id of the button that says this; "": he wrote it

	Attachments []Attachment // filled in by Messages and GetMessage
}

// Attachment is a file in a message.
type Attachment struct {
	ID        AttachmentID
	Message   MessageID
	Name      string // as it came: for showing only
	Type      string
	Size      int64
	Blob      string
	Inline    bool
	ContentID string
}

const messageColumns = `m.id, m.conversation_id, m.kind, m.person_id, m.contact_id, m.from_name, m.from_address, m.recipients, m.subject, m.text,
	m.reply_text, m.html, m.auto, m.bounce, m.flags, m.delivery, m.attempts, m.trouble, m.send_at, m.source_id, m.files, m.created_at, m.channel, m.buttons, m.pressed`

func scanMessage(r db.Row) (m Message, err error) {
	var recipients, bounce, flags, buttons string
	err = r.Scan(&m.ID, &m.Conversation, &m.Kind, &m.Person, &m.Contact, &m.FromName, &m.FromAddress, &recipients, &m.Subject, &m.Text,
		&m.ReplyText, &m.HTML, &m.Auto, &bounce, &flags, &m.Delivery, &m.Attempts, &m.Trouble, db.Time(&m.SendAt), &m.Source, &m.Files,
		db.Time(&m.CreatedAt), &m.Channel, &buttons, &m.Pressed)
	if err != nil {
		return m, err
	}
	if recipients != "" {
		err = json.Unmarshal([]byte(recipients), &m.Recipients)
	}
	if bounce != "" && err == nil {
		err = json.Unmarshal([]byte(bounce), &m.Bounce)
	}
	m.Flags = strings.Fields(flags)
	return m, errors.Join(err, m.readButtons(buttons))
}

// Messages returns messages of a conversation that whoever acts may see, oldest
// first: the newest limit ones from before an id (0: up to the newest).
func Messages(ctx context.Context, tx *db.Tx, id ID, before MessageID, limit int) ([]Message, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	var a db.Args
	list, err := db.All(ctx, tx, scanMessage, `
		SELECT `+messageColumns+` FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.conversation_id = `+a.Add(id)+` AND m.id < `+a.Add(before)+` AND `+Visible(ctx, &a, "c")+`
		ORDER BY m.id DESC`+db.Limit(limit), a.List()...)
	if err != nil {
		return nil, err
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, attach(ctx, tx, list)
}

// GetMessage returns one message that whoever acts may see.
func GetMessage(ctx context.Context, tx *db.Tx, id MessageID) (Message, error) {
	var a db.Args
	m, err := db.One(ctx, tx, scanMessage, `
		SELECT `+messageColumns+` FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.id = `+a.Add(id)+` AND `+Visible(ctx, &a, "c"), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		return m, problem.New(problem.NotFound, "There is no such message.")
	}
	if err != nil {
		return m, err
	}
	one := []Message{m}
	err = attach(ctx, tx, one)
	return one[0], err
}

// attach fills in the files of those messages that have any, in one query.
func attach(ctx context.Context, tx *db.Tx, list []Message) error {
	at := map[MessageID]int{}
	var ids []MessageID
	for i, m := range list {
		if m.Files > 0 {
			at[m.ID] = i
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var a db.Args
	return db.Each(ctx, tx, func(r db.Row) error {
		f, err := scanAttachment(r)
		if i, ok := at[f.Message]; ok && err == nil {
			list[i].Attachments = append(list[i].Attachments, f)
		}
		return err
	}, `SELECT `+attachmentColumns+` FROM conversation_attachment t WHERE t.message_id IN `+db.In(&a, ids)+` ORDER BY t.id`, a.List()...)
}

const attachmentColumns = `t.id, t.message_id, t.name, t.type, t.size, t.blob, t.inline, t.content_id`

func scanAttachment(r db.Row) (f Attachment, err error) {
	return f, r.Scan(&f.ID, &f.Message, &f.Name, &f.Type, &f.Size, &f.Blob, &f.Inline, &f.ContentID)
}

// GetAttachment returns a file's row, if whoever acts may see its conversation.
func GetAttachment(ctx context.Context, tx *db.Tx, id AttachmentID) (Attachment, error) {
	var a db.Args
	f, err := db.One(ctx, tx, scanAttachment, `
		SELECT `+attachmentColumns+` FROM conversation_attachment t
		JOIN conversation_message m ON m.id = t.message_id JOIN conversation c ON c.id = m.conversation_id
		WHERE t.id = `+a.Add(id)+` AND `+Visible(ctx, &a, "c"), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		return f, problem.New(problem.NotFound, "There is no such file.")
	}
	return f, err
}

// insert writes a message with its files, its words for the search and what the
// conversation's own row keeps of it.
func insert(ctx context.Context, tx *db.Tx, m *Message) error {
	if m.ID == 0 {
		m.ID = MessageID(tx.NewID())
	}
	if m.CreatedAt.IsZero() {
		m.CreatedAt = tx.Now()
	}
	m.Files = len(m.Attachments)
	_, err := tx.Exec(ctx, `
		INSERT INTO conversation_message (id, conversation_id, kind, person_id, contact_id, from_name, from_address, recipients, subject, text,
			reply_text, html, auto, bounce, flags, delivery, send_at, source_id, files, created_at, channel, buttons, pressed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		m.ID, m.Conversation, m.Kind, m.Person, m.Contact, m.FromName, m.FromAddress, jsonOr(m.Recipients, m.Recipients.none()), m.Subject, m.Text,
		m.ReplyText, m.HTML, m.Auto, jsonOr(m.Bounce, m.Bounce == nil), strings.Join(m.Flags, " "), m.Delivery, m.SendAt, m.Source, m.Files,
		m.CreatedAt, m.Channel, jsonOr(m.Buttons, len(m.Buttons) == 0), m.Pressed)
	if err != nil {
		return err
	}
	for i := range m.Attachments {
		f := &m.Attachments[i]
		f.ID, f.Message = AttachmentID(tx.NewID()), m.ID
		_, err := tx.Exec(ctx, `INSERT INTO conversation_attachment (id, message_id, name, type, size, blob, inline, content_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, f.ID, f.Message, f.Name, f.Type, f.Size, f.Blob, f.Inline, f.ContentID)
		if err != nil {
			return err
		}
	}
	return nil
}

func (r Recipients) none() bool {
	return len(r.To)+len(r.Cc)+len(r.Bcc)+len(r.ReplyTo) == 0
}

func jsonOr(v any, none bool) string {
	if none {
		return ""
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// marks are the signs of Markdown that answers are written with: emphasis, links,
// lists and quotes.
var marks = regexp.MustCompile(`(?m)^[ \t]*(?:[-*>]|\d{1,3}\.)[ \t]+|\*\*|\[([^\]\n]*)\]\([^)\n]*\)`)

// unmarked is what an answer says, without its marks.
func unmarked(text string) string { return marks.ReplaceAllString(text, "$1") }

// snippet is the beginning of a text in one line.
func snippet(text string) string {
	const most = 140
	s := strings.Join(strings.Fields(text[:min(len(text), 1200)]), " ")
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// OfMessage says in which conversation a message stands now; db.ErrNoRow if it
// is gone. For channels, which put an answer where the question is.
func OfMessage(ctx context.Context, tx *db.Tx, m MessageID) (ID, error) {
	return db.Value[ID](ctx, tx, `SELECT conversation_id FROM conversation_message WHERE id = $1`, m)
}
