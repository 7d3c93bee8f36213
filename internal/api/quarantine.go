package api

import (
	"context"
	"net/http"

	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
	"baraji/internal/team"
)

func quarantine(rt *routes) {
	get(rt, "/quarantine", "List mail that is held, the newest first", rt.listHeld)
	get(rt, "/quarantine/{id}", "Get a mail that is held, as far as it can be read", rt.getHeld)
	get(rt, "/quarantine/{id}/source", "Get the original bytes of a mail that is held", rt.heldSource, gives("message/rfc822"))
	post(rt, "/quarantine/{id}/retry", "Have a held mail tried again, as it is", retryHeld)
	remove(rt, "/quarantine/{id}", "Leave a held mail out for good; its original stays for a month", discardHeld)
}

// Held is a mail that is held: a message as far as it can be read, and why.
type Held struct {
	Message
	Reason     string `json:"reason"`
	InboxID    ref    `json:"inbox_id"`
	ReceivedAt stamp  `json:"received_at"`
	Size       int64  `json:"size"`
	Error      string `json:"error"`
	Tries      int    `json:"tries"`
}

// showHeld reads what can be read of a held mail.
func (s *server) showHeld(ctx context.Context, i email.Item) (Held, error) {
	raw, err := s.Mail.Raw(ctx, i.ID)
	if err != nil {
		return Held{}, err
	}
	m, text := email.Peek(raw)
	read := showMessage(conversation.Message{Kind: conversation.FromCustomer, Subject: m.Subject, Text: text, HTML: m.HTML, CreatedAt: i.CreatedAt,
		Recipients: conversation.Recipients{To: plainAddresses(m.To), Cc: plainAddresses(m.Cc)}})
	read.ID = i.ID.String()
	if len(m.From) > 0 {
		read.From = Address{m.From[0].Name, m.From[0].Addr}
	}
	for _, p := range m.Attachments {
		read.Attachments = append(read.Attachments, Attachment{"", p.Name, p.Type, int64(len(p.Data)), p.Inline})
	}
	return Held{read, i.Reason, refOf(i.Inbox), stamp(i.ReceivedAt), i.Size, i.Error, i.Tries}, nil
}

func plainAddresses(l []mail.Address) []conversation.Address {
	out := make([]conversation.Address, len(l))
	for i, a := range l {
		out[i] = conversation.Address{Name: a.Name, Address: a.Addr}
	}
	return out
}

// later answers with what is made when the transaction is over: the originals may
// be in the blob store, and reading them takes time.
func (s *server) later(c *call, make func(context.Context) (any, error)) {
	c.stream = func(w http.ResponseWriter, r *http.Request) {
		v, err := make(r.Context())
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		a, err := answered(http.StatusOK, v)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		s.send(w, a)
	}
}

// heldQuery narrows the list.
type heldQuery struct {
	Inbox string `query:"inbox"`
	Span
}

func (s *server) listHeld(ctx context.Context, tx *db.Tx, in *heldQuery) (none page[Held], err error) {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return none, err
	}
	door, err := named[inbox.ID]("inbox", in.Inbox)
	if err != nil {
		return none, err
	}
	before, err := cursorID[email.ItemID](in.Cursor)
	if err != nil {
		return none, err
	}
	items, err := email.Quarantine(ctx, tx, door, before, in.Limit+1)
	if err != nil {
		return none, err
	}
	s.later(callOf(ctx), func(ctx context.Context) (any, error) {
		out := cut(items, in.Limit, func(i email.Item) string { return i.ID.String() }, func(email.Item) (h Held) { return h })
		for n := range out.Items {
			if out.Items[n], err = s.showHeld(ctx, items[n]); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
	return none, nil
}

func held(ctx context.Context, tx *db.Tx, s string) (email.Item, error) {
	if err := team.Allow(ctx, team.Quarantine); err != nil {
		return email.Item{}, err
	}
	id, err := target[email.ItemID](s)
	if err != nil {
		return email.Item{}, err
	}
	return email.GetHeld(ctx, tx, id)
}

func (s *server) getHeld(ctx context.Context, tx *db.Tx, in *one) (Held, error) {
	i, err := held(ctx, tx, in.ID)
	if err == nil {
		s.later(callOf(ctx), func(ctx context.Context) (any, error) { return s.showHeld(ctx, i) })
	}
	return Held{}, err
}

func (s *server) heldSource(ctx context.Context, tx *db.Tx, in *one) (none, error) {
	i, err := held(ctx, tx, in.ID)
	if err != nil {
		return none{}, err
	}
	return none{}, s.original(callOf(ctx), i.ID.String(), func(ctx context.Context) ([]byte, error) { return s.Mail.Raw(ctx, i.ID) })
}

func retryHeld(ctx context.Context, tx *db.Tx, in *one) (none, error) {
	i, err := held(ctx, tx, in.ID)
	if err != nil {
		return none{}, err
	}
	return none{}, email.Retry(ctx, tx, i.ID)
}

func discardHeld(ctx context.Context, tx *db.Tx, in *one) error {
	i, err := held(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	return email.Discard(ctx, tx, i.ID)
}
