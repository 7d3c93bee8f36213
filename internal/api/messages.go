package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/html"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func messages(rt *routes) {
	get(rt, "/conversations/{id}/messages", "List the messages of a conversation, the oldest first", listMessages)
	post(rt, "/conversations/{id}/messages", "Answer the customer, or write a note for the team", writeMessage, status(http.StatusCreated), body(4<<20),
		about("`attachments` are ids of files that were uploaded before. `html` is cleaned; its text is made from it if `text` is empty. "+
			"An answer with `send_at` can be taken back until then. `to`, `cc` and `bcc` are for mail; without `to` it goes to the customer."))
	get(rt, "/messages/{id}", "Get a message", getMessage)
	get(rt, "/messages/{id}/source", "Get the original bytes of a mail", rt.getSource, gives("message/rfc822"))
	post(rt, "/messages/{id}/unsend", "Take an answer back that has not left yet", unsend)
	post(rt, "/messages/{id}/resend", "Send an answer again that failed or is unconfirmed", rt.resend)
}

// gives says that an operation answers with bytes of some type, not with JSON.
func gives(kind string) option {
	return func(h *huma.Operation, _ *operation) {
		h.Responses["200"] = &huma.Response{Description: "The bytes",
			Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	}
}

// Message is a message as it leaves.
type Message struct {
	ID             string       `json:"id"`
	ConversationID ref          `json:"conversation_id"`
	Kind           string       `json:"kind" enum:"customer,agent,bot,note,system"`
	From           Address      `json:"from"`
	To             []Address    `json:"to" nullable:"false"`
	Cc             []Address    `json:"cc" nullable:"false"`
	Bcc            []Address    `json:"bcc" nullable:"false"`
	PersonID       ref          `json:"person_id" doc:"Who of us wrote it"`
	ContactID      ref          `json:"contact_id" doc:"Which customer wrote it"`
	Subject        string       `json:"subject"`
	Text           string       `json:"text" doc:"Everything, as text"`
	ReplyText      string       `json:"reply_text" doc:"Only what is new in it"`
	HTML           string       `json:"html" doc:"As it came. It may hold anything: clean it before you show it"`
	Attachments    []Attachment `json:"attachments" nullable:"false"`
	Auto           bool         `json:"auto" doc:"A machine wrote it: nobody waits for an answer"`
	Bounce         *Bounce      `json:"bounce"`
	Flags          []string     `json:"flags" nullable:"false" doc:"What is odd about it"`
	Delivery       *Delivery    `json:"delivery" doc:"How far an answer has come; null for what is not sent"`
	SendAt         stamp        `json:"send_at"`
	CreatedAt      stamp        `json:"created_at"`
	Buttons        []Button     `json:"buttons,omitempty" nullable:"false" doc:"Of the assistant: what may be pressed instead of writing"`
	Pressed        string       `json:"pressed,omitempty" doc:"Of a customer: the id of the button that says this; absent when he wrote it"`
}

// Button is something that a customer may press. One with a URL leads there.
type Button struct {
	ID    string `json:"id,omitempty"`
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
}

// Address is a name and an address.
type Address struct {
	Name    string `json:"name" required:"false"`
	Address string `json:"address"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Inline bool   `json:"inline"`
}

// Bounce is what a delivery report says.
type Bounce struct {
	Recipient string `json:"recipient"`
	Permanent bool   `json:"permanent" doc:"The status is of class 5"`
	Status    string `json:"status"`
}

// Delivery is how far an answer has come.
type Delivery struct {
	State    string `json:"state" enum:"queued,sending,sent,failed,unconfirmed,withdrawn"`
	Attempts int    `json:"attempts"`
	Error    string `json:"error" doc:"Why it is not delivered"`
}

func showMessage(m conversation.Message) Message {
	out := Message{ID: m.ID.String(), ConversationID: refOf(m.Conversation), Kind: string(m.Kind), From: Address{m.FromName, m.FromAddress},
		To: showAddresses(m.Recipients.To), Cc: showAddresses(m.Recipients.Cc), Bcc: showAddresses(m.Recipients.Bcc),
		PersonID: refOf(m.Person), ContactID: refOf(m.Contact), Subject: m.Subject, Text: m.Text, ReplyText: m.ReplyText, HTML: m.HTML,
		Attachments: make([]Attachment, len(m.Attachments)), Auto: m.Auto, Flags: list(m.Flags), SendAt: stamp(m.SendAt), CreatedAt: stamp(m.CreatedAt)}
	if m.Kind != conversation.FromCustomer {
		out.ReplyText = m.Text
	}
	out.Pressed = m.Pressed
	for _, b := range m.Buttons {
		out.Buttons = append(out.Buttons, Button(b))
	}
	for i, f := range m.Attachments {
		out.Attachments[i] = Attachment{f.ID.String(), f.Name, f.Type, f.Size, f.Inline}
	}
	if m.Bounce != nil {
		out.Bounce = &Bounce{m.Bounce.Recipient, m.Bounce.Permanent, m.Bounce.Status}
	}
	if m.Delivery != "" {
		out.Delivery = &Delivery{string(m.Delivery), m.Attempts, m.Trouble}
	}
	return out
}

func showAddresses(l []conversation.Address) []Address {
	out := make([]Address, len(l))
	for i, a := range l {
		out[i] = Address(a)
	}
	return out
}

// messagesQuery is a page of a conversation.
type messagesQuery struct {
	ID     string `path:"id"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"100"`
	Cursor string `query:"cursor" maxLength:"100"`
}

func listMessages(ctx context.Context, tx *db.Tx, in *messagesQuery) (page[Message], error) {
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return page[Message]{}, err
	}
	after, err := cursorID[conversation.MessageID](in.Cursor)
	if err != nil {
		return page[Message]{}, err
	}
	list, err := conversation.MessagesFrom(ctx, tx, c.ID, after, in.Limit+1)
	return cut(list, in.Limit, func(m conversation.Message) string { return m.ID.String() }, showMessage), err
}

func getMessage(ctx context.Context, tx *db.Tx, in *one) (Message, error) {
	m, err := seenMessage(ctx, tx, in.ID)
	return showMessage(m), err
}

func seenMessage(ctx context.Context, tx *db.Tx, id string) (m conversation.Message, err error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return m, err
	}
	mid, err := target[conversation.MessageID](id)
	if err != nil {
		return m, err
	}
	return conversation.GetMessage(ctx, tx, mid)
}

// newMessage is an answer or a note.
type newMessage struct {
	ID   string `path:"id"`
	Body struct {
		Kind        string     `json:"kind" enum:"reply,note"`
		Text        string     `json:"text,omitempty" maxLength:"1000000"`
		HTML        string     `json:"html,omitempty" maxLength:"2000000"`
		Attachments []string   `json:"attachments,omitempty" nullable:"false" maxItems:"50" doc:"Ids of uploads"`
		SendAt      *time.Time `json:"send_at,omitempty" doc:"Only an answer"`
		To          []Address  `json:"to,omitempty" nullable:"false" maxItems:"100"`
		Cc          []Address  `json:"cc,omitempty" nullable:"false" maxItems:"100"`
		Bcc         []Address  `json:"bcc,omitempty" nullable:"false" maxItems:"100"`
		Mentions    []string   `json:"mentions,omitempty" nullable:"false" maxItems:"50" doc:"Ids of people; only a note"`
		Status      string     `json:"status,omitempty" enum:"open,pending,solved" doc:"What the conversation is afterwards; only an answer"`
	}
}

func writeMessage(ctx context.Context, tx *db.Tx, in *newMessage) (Message, error) {
	need := team.Reply
	if in.Body.Kind == "note" {
		need = team.Note
	}
	if err := team.Allow(ctx, need); err != nil {
		return Message{}, err
	}
	c, err := seen(ctx, tx, in.ID)
	if err != nil {
		return Message{}, err
	}
	files, err := namedAll[conversation.UploadID]("attachments", in.Body.Attachments)
	if err != nil {
		return Message{}, err
	}
	var m conversation.Message
	if in.Body.Kind == "note" {
		m, err = in.note(ctx, tx, c.ID, files)
	} else {
		m, err = in.reply(ctx, tx, c.ID, files)
	}
	return showMessage(m), err
}

func (in *newMessage) reply(ctx context.Context, tx *db.Tx, id conversation.ID, files []conversation.UploadID) (conversation.Message, error) {
	b := in.Body
	a := conversation.Answer{Text: b.Text, Files: files, Then: conversation.Status(b.Status)}
	if b.HTML != "" {
		a.HTML = html.Clean(b.HTML, html.Options{}).HTML
		if strings.TrimSpace(a.Text) == "" {
			a.Text = html.ToText(a.HTML)
		}
	}
	if b.SendAt != nil {
		if a.SendAt = b.SendAt.UTC().Truncate(time.Millisecond); !a.SendAt.After(tx.Now()) {
			return conversation.Message{}, problem.For("send_at", "Choose a time that is still to come.")
		}
	}
	if len(b.Mentions) > 0 {
		return conversation.Message{}, problem.For("mentions", "Only a note mentions people.")
	}
	for _, l := range []struct {
		name string
		from []Address
		to   *[]conversation.Address
	}{{"to", b.To, &a.To}, {"cc", b.Cc, &a.Cc}, {"bcc", b.Bcc, &a.Bcc}} {
		var err error
		if *l.to, err = recipients(l.name, l.from); err != nil {
			return conversation.Message{}, err
		}
	}
	return conversation.Reply(ctx, tx, id, a)
}

func (in *newMessage) note(ctx context.Context, tx *db.Tx, id conversation.ID, files []conversation.UploadID) (conversation.Message, error) {
	b := in.Body
	if len(b.To)+len(b.Cc)+len(b.Bcc) > 0 || b.SendAt != nil || b.Status != "" {
		return conversation.Message{}, problem.For("kind", "A note is sent to nobody. Leave out to, cc, bcc, send_at and status.")
	}
	mentions, err := namedAll[team.ID]("mentions", b.Mentions)
	if err != nil {
		return conversation.Message{}, err
	}
	if strings.TrimSpace(b.Text) == "" && b.HTML != "" {
		b.Text = html.ToText(html.Clean(b.HTML, html.Options{}).HTML)
	}
	return conversation.AddNote(ctx, tx, id, conversation.Remark{Text: b.Text, Mentions: mentions, Files: files})
}

func unsend(ctx context.Context, tx *db.Tx, in *one) (Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Message{}, err
	}
	m, err := seenMessage(ctx, tx, in.ID)
	if err != nil {
		return Message{}, err
	}
	if _, err := conversation.Unsend(ctx, tx, m.ID); err != nil {
		return Message{}, err
	}
	m, err = conversation.GetMessage(ctx, tx, m.ID)
	return showMessage(m), err
}

func (s *server) resend(ctx context.Context, tx *db.Tx, in *one) (Message, error) {
	if err := team.Allow(ctx, team.Reply); err != nil {
		return Message{}, err
	}
	m, err := seenMessage(ctx, tx, in.ID)
	if err != nil {
		return Message{}, err
	}
	if err := s.Mail.Resend(ctx, tx, m.ID); err != nil {
		return Message{}, err
	}
	m, err = conversation.GetMessage(ctx, tx, m.ID)
	return showMessage(m), err
}

func (s *server) getSource(ctx context.Context, tx *db.Tx, in *one) (none, error) {
	m, err := seenMessage(ctx, tx, in.ID)
	if err != nil {
		return none{}, err
	}
	return none{}, s.original(callOf(ctx), m.ID.String(), func(ctx context.Context) ([]byte, error) { return s.Mail.RawOfMessage(ctx, m.Source) })
}

// original answers with the bytes of a mail, once the transaction is over: they
// may be in the blob store.
func (s *server) original(c *call, name string, read func(context.Context) ([]byte, error)) error {
	c.stream = func(w http.ResponseWriter, r *http.Request) {
		raw, err := read(r.Context())
		if errors.Is(err, db.ErrNoRow) {
			err = problem.New(problem.NotFound, "This message has no original: it did not come by mail.")
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}

		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.eml"`)
		s.send(w, &answer{status: http.StatusOK, kind: "message/rfc822", body: raw})
	}
	return nil
}

// recipients checks addresses that mail is to go to.
func recipients(field string, l []Address) ([]conversation.Address, error) {
	var all []conversation.Address
	for _, a := range l {
		if _, ok := contact.NormalEmail(a.Address); !ok {
			return nil, problem.For(field, "Enter e-mail addresses such as hana@example.com.")
		}
		all = append(all, conversation.Address(a))
	}
	return all, nil
}
