package chat

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	hour  = time.Hour
	again = 7 * 24 * time.Hour // what was solved longer ago is not opened again: it is another question
)

// Line is a message as a visitor sees it.
type Line struct {
	conversation.Message
	Client string // of his own: the browser's id
	Read   bool   // of his own: somebody of the team has read it
}

// readUpTo is the last message of a talk that somebody of the team has read.
func readUpTo(ctx context.Context, tx *db.Tx, v Visitor) (conversation.MessageID, error) {
	if v.Conversation == 0 {
		return 0, nil
	}
	return conversation.ReadUpTo(ctx, tx, v.Conversation)
}

// mostLines is how many lines a browser is given at once.
const mostLines = 200

// Lines are the messages that a visitor may see, oldest first: his own, and the
// answers that were given to him here, from behind a message or (0) the newest. Nothing
// else of a conversation is ever his.
func Lines(ctx context.Context, tx *db.Tx, v Visitor, after conversation.MessageID) ([]Line, error) {
	type mark struct {
		id     conversation.MessageID
		client string
	}
	order := `id` // what is new since then
	if after == 0 {
		order = `id DESC` // the end of a long talk
	}
	marks, err := db.All(ctx, tx, func(r db.Row) (m mark, err error) { return m, r.Scan(&m.id, &m.client) },
		`SELECT x.id, x.client_id FROM (SELECT message_id AS id, client_id FROM chat_line WHERE visitor_id = $1 `+byMail+`) x WHERE x.id > $2 ORDER BY x.`+order+db.Limit(mostLines), v.ID, after)
	if err != nil || len(marks) == 0 {
		return nil, err
	}
	read, err := readUpTo(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	client := map[conversation.MessageID]string{}
	for _, k := range marks {
		client[k.id] = k.client
	}
	said, err := conversation.MessagesWith(team.AsSystem(ctx), tx, slices.Collect(maps.Keys(client)))
	if err != nil {
		return nil, err
	}
	var list []Line
	for _, m := range said {
		if m.Delivery != conversation.Withdrawn {
			list = append(list, Line{Message: m, Client: client[m.ID], Read: m.ID <= read})
		}
	}
	return list, nil
}

// byMail adds to a list of lines what a proven customer and the team said to each other by mail since the talk began: his mails,
// and the answers that went to him. A stranger only says that an address is his: what comes from there is not shown in his
// browser.
const byMail = `UNION SELECT m.id, '' FROM chat_visitor v JOIN conversation c ON c.id = v.conversation_id AND c.contact_id = v.contact_id
	JOIN conversation_message m ON m.conversation_id = c.id AND m.channel = 'email' AND NOT m.auto
	WHERE v.id = $1 AND v.external_id <> '' AND (m.kind = 'customer' AND m.contact_id = v.contact_id OR m.kind IN ('agent', 'bot') AND m.recipients = '')`

// OnReplied gives an answer to the visitor of the conversation, when its time has come.
func (c *Chat) OnReplied(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
	if f.SendAt.After(tx.Now()) {
		return job.Add(ctx, tx, due{f}, job.Options{At: f.SendAt, Lane: f.ID.String()})
	}
	return c.show(ctx, tx, f)
}

// due is the job that shows an answer which was to wait.
type due struct{ conversation.Replied }

// JobKind names the job.
func (due) JobKind() string { return "chat.due" }

func (c *Chat) show(ctx context.Context, tx *db.Tx, f conversation.Replied) error {
	talk, err := conversation.Get(ctx, tx, f.ID)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	if by := cmp.Or(f.Channel, talk.Channel); err != nil || by != Channel {
		return err
	}
	msg, err := conversation.GetMessage(ctx, tx, f.Message)
	if err != nil || msg.Delivery == conversation.Withdrawn {
		return err
	}
	if err := c.put(ctx, tx, talk.ID, f.Message); err != nil {
		return err
	}
	return job.Add(ctx, tx, missed{f.Message}, job.Options{At: tx.Now().Add(Patience), Lane: f.ID.String()})
}

// put makes a message one that the visitors of a talk may see.
func (c *Chat) put(ctx context.Context, tx *db.Tx, talk conversation.ID, message conversation.MessageID) error {
	all, err := Visitors(ctx, tx, talk)
	if err != nil {
		return err
	}
	for _, v := range all {
		if _, err := tx.Exec(ctx, `INSERT INTO chat_line (message_id, visitor_id, client_id, at) VALUES ($1, $2, '', $3)
			ON CONFLICT (message_id) DO NOTHING`, message, v, tx.Now()); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, Shown{v, message}); err != nil {
			return err
		}
	}
	return nil
}

// Got notes that a visitor's browser has everything up to a message: the answers
// among it are delivered.
func Got(ctx context.Context, tx *db.Tx, v Visitor, upTo conversation.MessageID) error {
	fresh, err := db.All(ctx, tx, func(r db.Row) (m conversation.MessageID, err error) { return m, r.Scan(&m) },
		`UPDATE chat_line SET got = TRUE WHERE visitor_id = $1 AND message_id <= $2 AND NOT got AND client_id = '' RETURNING message_id`, v.ID, upTo)
	if err != nil {
		return err
	}
	for _, id := range fresh {
		if err := conversation.SetDelivery(team.AsSystem(ctx), tx, id, conversation.Sent, 1, ""); err != nil {
			return err
		}
	}
	return nil
}

// HasRead notes that a visitor had everything up to a message before his eyes, and
// says whether that is news.
func HasRead(ctx context.Context, tx *db.Tx, v Visitor, upTo conversation.MessageID) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE chat_visitor SET read_id = $2 WHERE id = $1 AND read_id < $2
		AND EXISTS (SELECT 1 FROM chat_line WHERE visitor_id = $1 AND message_id = $2)`, v.ID, upTo)
	return n > 0, err
}

// ReadUpTo is the last message of a conversation that its visitor has read; 0: none.
func ReadUpTo(ctx context.Context, tx *db.Tx, id conversation.ID) (conversation.MessageID, error) {
	return db.Value[conversation.MessageID](ctx, tx, `SELECT COALESCE(MAX(read_id), 0) FROM chat_visitor WHERE conversation_id = $1`, id)
}

// Visitors are those whose talk a conversation is, also one that was merged into it.
func Visitors(ctx context.Context, tx *db.Tx, id conversation.ID) ([]VisitorID, error) {
	return db.All(ctx, tx, func(r db.Row) (v VisitorID, err error) { return v, r.Scan(&v) }, `SELECT id FROM chat_visitor WHERE conversation_id = $1 OR conversation_id IN
		(SELECT c.id FROM conversation c WHERE c.merged_into = $1 AND c.merged_into <> 0) ORDER BY id`, id)
}

// LeftAddress is where the visitor of a conversation says that he can be written to; a
// claim, unless the firm has proven who he is.
func LeftAddress(ctx context.Context, tx *db.Tx, id conversation.ID) (conversation.Address, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (a conversation.Address, err error) { return a, r.Scan(&a.Name, &a.Address) },
		`SELECT name, email FROM chat_visitor WHERE conversation_id = $1 AND email <> '' ORDER BY id DESC LIMIT 1`, id)
	if err != nil || len(list) == 0 {
		return conversation.Address{}, err
	}
	return list[0], nil
}

// Talk is the conversation that a visitor's next words belong to; 0: none yet.
func (c *Chat) Talk(ctx context.Context, tx *db.Tx, v Visitor) (conversation.ID, error) {
	return c.goesOn(team.AsSystem(ctx), tx, v)
}

// missed is the job that looks, after Patience, whether an answer was fetched.
type missed struct {
	Message conversation.MessageID `json:"message"`
}

// JobKind names the job.
func (missed) JobKind() string { return "chat.missed" }

// missed sends an answer by mail that no browser came for. Without an address it
// waits for the visitor to come back.
func (c *Chat) missed(ctx context.Context, tx *db.Tx, run *job.Run, j missed) error {
	if err := run.Finish(ctx, tx); err != nil {
		return err
	}
	v, err := db.All(ctx, tx, scanVisitor, `SELECT `+visitorOf+` FROM chat_visitor v JOIN chat_line l ON l.visitor_id = v.id WHERE l.message_id = $1 AND NOT l.got`, j.Message)
	if err != nil || len(v) == 0 || v[0].Email == "" {
		return err
	}
	return c.mail(team.AsSystem(ctx), tx, j.Message, conversation.Address{Name: v[0].Name, Address: v[0].Email})
}

const visitorOf = `v.id, v.inbox_id, v.contact_id, v.external_id, v.name, v.email, v.language, v.page, v.conversation_id, v.created_at, v.unasked`
