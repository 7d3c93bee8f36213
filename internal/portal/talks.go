package portal

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Find narrows the conversations that a guest lists.
type Find struct {
	Company bool // those of his colleagues too
	Solved  bool // only what is solved; else only what is not
	Words   string
	After   string // cursor
}

const (
	pageSize  = 20
	mostLines = 500
)

var errTalk = problem.New(problem.NotFound, "There is no such conversation.")

// List are conversations of a guest, the newest first, and the cursor of the next page.
func List(ctx context.Context, tx *db.Tx, g Guest, f Find) ([]conversation.Conversation, string, error) {
	sys := team.AsSystem(ctx)
	want := conversation.Filter{Contact: g.Contact.ID}
	if f.Company {
		if !g.Shares {
			return nil, "", nil
		}
		want = conversation.Filter{Company: g.Contact.Company}
	}
	if f.Words != "" {
		return search(sys, tx, g, want, f.Words, f.After)
	}
	want.Status = []conversation.Status{conversation.Open, conversation.Pending, conversation.Snoozed}
	if f.Solved {
		want.Status = []conversation.Status{conversation.Solved}
	}
	return conversation.List(sys, tx, want, conversation.Page{After: f.After, Limit: pageSize})
}

// Talk is a conversation as a guest sees it.
type Talk struct {
	conversation.Conversation
	Lines []conversation.Message
	Mine  bool // else a colleague's, to read
}

// Get is one conversation of a guest. What is not his is not there.
func Get(ctx context.Context, tx *db.Tx, g Guest, id conversation.ID) (t Talk, err error) {
	sys := team.AsSystem(ctx)
	c, err := conversation.Survivor(sys, tx, id)
	if problem.KindOf(err) == problem.NotFound && err != nil {
		return t, errTalk
	}
	if err != nil {
		return t, err
	}
	t.Conversation, t.Mine = c, c.Contact == g.Contact.ID
	if !t.Mine && !(g.Shares && c.Company != 0 && c.Company == g.Contact.Company) {
		return Talk{}, errTalk
	}
	all, err := conversation.Messages(sys, tx, c.ID, 0, mostLines)
	if err != nil {
		return t, err
	}
	his, err := addressesOf(sys, tx, []conversation.Conversation{c})
	if err != nil {
		return t, err
	}
	t.Lines = slices.DeleteFunc(all, func(m conversation.Message) bool { return !g.shows(tx, c, his[c.Contact], m) })
	return t, nil
}

// shows is the whole rule of what a guest sees of a conversation that is his: a list of what is let through, so that what
// comes later is hidden until somebody lets it through. his are the addresses of the conversation's customer.
func (g Guest) shows(tx *db.Tx, c conversation.Conversation, his []string, m conversation.Message) bool {
	switch m.Kind {
	case conversation.FromCustomer:
		return !m.Auto && m.Contact == c.Contact
	case conversation.FromAgent, conversation.FromBot:
		return m.Delivery != conversation.Withdrawn && !m.SendAt.After(tx.Now()) && toHim(m.Recipients, his)
	}
	return false
}

// toHim says whether an answer went to the customer: to nobody by name, or to an address of his.
func toHim(r conversation.Recipients, his []string) bool {
	if len(r.To)+len(r.Cc)+len(r.Bcc) == 0 {
		return true
	}
	for _, list := range [][]conversation.Address{r.To, r.Cc} {
		for _, a := range list {
			if normal, ok := contact.NormalEmail(a.Address); ok && slices.Contains(his, normal) {
				return true
			}
		}
	}
	return false
}

// addressesOf are the mail addresses of the customers of some conversations.
func addressesOf(ctx context.Context, tx *db.Tx, list []conversation.Conversation) (map[contact.ID][]string, error) {
	var a db.Args
	var ids []contact.ID
	for _, c := range list {
		if !slices.Contains(ids, c.Contact) {
			ids = append(ids, c.Contact)
		}
	}
	out := map[contact.ID][]string{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var id contact.ID
		var s string
		err := r.Scan(&id, &s)
		out[id] = append(out[id], s)
		return err
	}, `SELECT contact_id, value FROM contact_address WHERE kind = 'email' AND contact_id IN `+db.In(&a, ids)+` ORDER BY id`, a.List()...)
}

// File is a file of a line that the guest sees.
func File(ctx context.Context, tx *db.Tx, g Guest, talk conversation.ID, id conversation.AttachmentID) (conversation.Attachment, error) {
	t, err := Get(ctx, tx, g, talk)
	if err != nil {
		return conversation.Attachment{}, err
	}
	for _, m := range t.Lines {
		for _, f := range m.Attachments {
			if f.ID == id {
				return f, nil
			}
		}
	}
	return conversation.Attachment{}, problem.New(problem.NotFound, "There is no such file.")
}

// Words is what a line says: of a mail only what is new in it.
func Words(m conversation.Message) string {
	if m.Kind == conversation.FromCustomer && strings.TrimSpace(m.ReplyText) != "" {
		return m.ReplyText
	}
	return m.Text
}
