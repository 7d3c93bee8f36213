package chat

import (
	"context"
	"errors"
	"net/mail"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Words is what a visitor writes.
type Words struct {
	Card
	Client string // the browser's own id of the message: what comes twice is there once
	Text   string
	Press  string                  // the id of the button that says it, if one was pressed
	Files  []conversation.UploadID // handed in before (Upload)

	Answers []string // of a stranger, to the questions of the widget, in their order
}

// Said is where his words went. Token is set when he was met just now.
type Said struct {
	Message conversation.MessageID
	Token   string
	Again   bool // they were there already
	Unasked bool // when he writes, he is asked what the widget asks of strangers
}

const (
	maxText    = 10_000 // bytes
	maxPress   = 400    // bytes of what stands on a button
	maxFiles   = 5      // in one message
	maxAnHour  = 1000   // messages of one visitor; who is at the door of a network is counted there too
	maxOpenDay = 20_000 // talks that strangers may begin with one widget in a day
)

// Say takes in what a visitor writes, and opens a talk if none goes on.
func (c *Chat) Say(ctx context.Context, tx *db.Tx, who Caller, w Words) (Said, error) {
	if err := w.check(); err != nil {
		return Said{}, err
	}
	ctx = AsVisitor(ctx)
	v, in, err := c.Find(ctx, tx, who)
	var token, opening string
	switch {
	case errors.Is(err, ErrStranger):
		v, token, opening, err = c.begin(ctx, tx, in, who, w)
	case err == nil && v.Unasked && w.Press == "":
		opening, err = c.introduce(ctx, tx, in, &v, w)
	}
	if err != nil {
		return Said{}, err
	}
	had, err := db.All(ctx, tx, func(r db.Row) (m conversation.MessageID, err error) { return m, r.Scan(&m) },
		`SELECT message_id FROM chat_line WHERE visitor_id = $1 AND client_id = $2`, v.ID, w.Client)
	if err != nil || len(had) > 0 {
		return Said{Message: append(had, 0)[0], Again: len(had) > 0, Unasked: v.Unasked}, err
	}
	if err := pace(ctx, tx, v); err != nil {
		return Said{}, err
	}
	files, err := c.take(ctx, tx, in, who, w.Files)
	if err != nil {
		return Said{}, err
	}
	msg, err := c.receive(ctx, tx, in, v, w, opening, files)
	return Said{Message: msg, Token: token, Unasked: v.Unasked}, err
}

func (w *Words) check() error {
	w.Text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(w.Text, "\x00", ""), ""))
	w.Name, w.Page = tidy(w.Name, 100), tidy(w.Page, 500)
	if w.Language != "ko" {
		w.Language = "en"
	}
	var c problem.Check
	c.That(w.Text != "" || len(w.Files) > 0, "text", "Write something first.")
	c.That(len(w.Files) <= maxFiles, "files", "At most %d files go with one message.", maxFiles)
	c.That(len(w.Text) <= maxText, "text", "That is too long.")
	c.That(len(w.Press) <= 100 && (w.Press == "" || len(w.Text) <= maxPress), "text", "That cannot be read.")
	c.That(len(w.Client) >= 8 && len(w.Client) <= 64, "client_id", "The message has no id.")
	if w.Email != "" {
		a, err := mail.ParseAddress(strings.TrimSpace(w.Email))
		c.That(err == nil && len(w.Email) <= 254, "email", "“%s” is no e-mail address.", tidy(w.Email, 80))
		if err == nil {
			w.Email = a.Address
		}
	}
	return c.Err()
}

// pace bounds how much one visitor writes.
func pace(ctx context.Context, tx *db.Tx, v Visitor) error {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM chat_line WHERE visitor_id = $1 AND client_id <> '' AND at > $2`, v.ID, tx.Now().Add(-hour))
	if err == nil && n >= maxAnHour {
		err = problem.New(problem.Limited, "That is very much at once. Wait a little.")
	}
	return err
}

// receive puts the words into the talk that goes on.
func (c *Chat) receive(ctx context.Context, tx *db.Tx, in inbox.Inbox, v Visitor, w Words, opening string, files []conversation.Attachment) (conversation.MessageID, error) {
	sys := team.AsSystem(ctx)
	is, err := contact.Get(sys, tx, v.Contact)
	if err != nil {
		return 0, err
	}
	goesOn, err := c.goesOn(sys, tx, v)
	if err != nil {
		return 0, err
	}
	text := strings.TrimSpace(opening + "\n" + w.Text)
	got, err := conversation.Receive(sys, tx, conversation.Inbound{Inbox: in, Contact: is, Continues: goesOn,
		Message: conversation.Message{FromName: is.Name, Subject: subject(w.Text, files), Text: text, ReplyText: text, Pressed: w.Press, Attachments: files, Flags: flags(v, goesOn)}})
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO chat_line (message_id, visitor_id, client_id, at) VALUES ($1, $2, $3, $4)`, got.Message, v.ID, w.Client, tx.Now()); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE chat_visitor SET conversation_id = $2, language = $3, page = $4 WHERE id = $1`, v.ID, got.Conversation, w.Language, w.Page)
	return got.Message, err
}

// goesOn is the talk in which the visitor's next words belong; 0: a new one. What
// was merged into another channel's talk goes on there, for the team.
func (c *Chat) goesOn(sys context.Context, tx *db.Tx, v Visitor) (conversation.ID, error) {
	if v.Conversation == 0 {
		return 0, nil
	}
	now, err := conversation.Survivor(sys, tx, v.Conversation)
	if problem.KindOf(err) == problem.NotFound {
		return 0, nil
	}
	if err != nil || now.Status == conversation.Solved && tx.Now().Sub(now.LastAt) > again {
		return 0, err
	}
	return now.ID, nil
}

// flags say how sure it is who writes: of each message of a customer whom the firm has proven, and of the words with which a
// stranger opens a talk.
func flags(v Visitor, goesOn conversation.ID) []string {
	switch {
	case v.External != "":
		return []string{conversation.Proven}
	case goesOn == 0:
		return []string{"unverified"}
	}
	return nil
}

// subject is the first line of what was written, as far as a subject goes, or the
// name of the file that came without words.
func subject(text string, files []conversation.Attachment) string {
	line, _, _ := strings.Cut(text, "\n")
	if line == "" && len(files) > 0 {
		line = files[0].Name
	}
	return tidy(line, 80)
}
