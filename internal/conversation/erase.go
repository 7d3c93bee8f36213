package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/token"
)

// FlagErased marks a message whose words were taken away with the one who wrote it.
const FlagErased = "erased"

// EraseOf takes away what was said with a person who has a right to be forgotten: his
// conversations go. Those of other customers stay, because they are theirs: what he wrote
// in them loses its words, his name and his files; in what others wrote, his addresses, and
// his name where it is one that cannot be mistaken, become [Gone].
func EraseOf(ctx context.Context, tx *db.Tx, who contact.ID, addresses []string) error {
	ids, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM conversation WHERE contact_id = $1 ORDER BY id`, who)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, Deleted{id}); err != nil {
			return err
		}
	}
	g := guest{id: who}
	for _, a := range addresses {
		g.addresses = append(g.addresses, foldAddress(a))
	}
	return g.leave(ctx, tx)
}

// guest is somebody who is erased, in the conversations of others.
type guest struct {
	id        contact.ID
	addresses []string
	eraser    eraser
}

func (g *guest) leave(ctx context.Context, tx *db.Tx) error {
	talks, err := g.talks(ctx, tx)
	if err != nil {
		return err
	}
	names, err := g.names(ctx, tx, talks)
	if err != nil {
		return err
	}
	g.eraser = newEraser(g.addresses, names)
	for _, id := range talks {
		if err := g.leaveOne(ctx, tx, id); err != nil {
			return fmt.Errorf("take a guest out of %s: %w", id, err)
		}
	}
	return nil
}

// talks are the conversations in which he took part, or an address of his is written.
func (g *guest) talks(ctx context.Context, tx *db.Tx) ([]ID, error) {
	var a db.Args
	in := db.In(&a, g.addresses)
	who := a.Add(g.id)
	ids, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) }, `SELECT conversation_id FROM conversation_participant
		WHERE address IN `+in+` OR contact_id = `+who+` UNION SELECT conversation_id FROM conversation_message WHERE contact_id = `+who, a.List()...)
	if err != nil {
		return nil, err
	}
	for _, address := range g.addresses {
		more, err := holding(ctx, tx, address)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// holding are the conversations that a word may stand in, by the index.
func holding(ctx context.Context, tx *db.Tx, word string) (ids []ID, err error) {
	const step = 500
	q := token.Parse(`"` + word + `"`)
	for before := int64(0); !q.Empty(); {
		found, err := fulltext.Newest(ctx, tx, searchTable, q, before, step)
		if err != nil {
			return nil, err
		}
		var a db.Args
		more, err := db.All(ctx, tx, func(r db.Row) (id ID, err error) { return id, r.Scan(&id) },
			`SELECT DISTINCT conversation_id FROM conversation_message WHERE id IN `+db.In(&a, found), a.List()...)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
		if len(found) < step {
			break
		}
		before = found[len(found)-1]
	}
	return ids, nil
}

// names are what he is called: as a customer, and in what he wrote.
func (g *guest) names(ctx context.Context, tx *db.Tx, talks []ID) ([]string, error) {
	var a db.Args
	who := a.Add(g.id)
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT name FROM contact WHERE id = `+who+`
		UNION SELECT from_name FROM conversation_message WHERE contact_id = `+who+` AND conversation_id IN `+db.In(&a, talks), a.List()...)
}

func (g *guest) leaveOne(ctx context.Context, tx *db.Tx, id ID) error {
	list, err := db.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM conversation_message m WHERE m.conversation_id = $1 ORDER BY m.id`, id)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := g.clean(ctx, tx, m); err != nil {
			return err
		}
	}
	if err := g.cleanTalk(ctx, tx, id); err != nil {
		return err
	}
	var a db.Args
	here, in, who := a.Add(id), db.In(&a, g.addresses), a.Add(g.id)
	if _, err := tx.Exec(ctx, `DELETE FROM conversation_participant WHERE conversation_id = `+here+` AND (address IN `+in+` OR contact_id = `+who+`)`, a.List()...); err != nil {
		return err
	}
	if err := refresh(ctx, tx, id); err != nil {
		return err
	}
	return reindex(ctx, tx, id)
}

// clean takes him out of one message.
func (g *guest) clean(ctx context.Context, tx *db.Tx, m Message) error {
	if m.Kind == FromCustomer && (m.Contact == g.id || slices.Contains(g.addresses, foldAddress(m.FromAddress))) {
		return empty(ctx, tx, m)
	}
	was := fmt.Sprint(m.FromName, m.Recipients, m.Subject, m.Text, m.ReplyText, m.HTML, m.Trouble)
	for _, s := range []*string{&m.FromName, &m.Subject, &m.Text, &m.ReplyText, &m.HTML, &m.Trouble} {
		*s = g.eraser.Replace(*s)
	}
	for _, list := range []*[]Address{&m.Recipients.To, &m.Recipients.Cc, &m.Recipients.Bcc, &m.Recipients.ReplyTo} {
		*list = slices.DeleteFunc(*list, func(a Address) bool { return slices.Contains(g.addresses, foldAddress(a.Address)) })
	}
	bounced := m.Bounce != nil && slices.Contains(g.addresses, foldAddress(m.Bounce.Recipient))
	if bounced {
		m.Bounce.Recipient = ""
	}
	if !bounced && was == fmt.Sprint(m.FromName, m.Recipients, m.Subject, m.Text, m.ReplyText, m.HTML, m.Trouble) {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE conversation_message SET from_name = $2, recipients = $3, subject = $4, text = $5, reply_text = $6, html = $7,
		trouble = $8, bounce = $9 WHERE id = $1`, m.ID, m.FromName, jsonOr(m.Recipients, m.Recipients.none()), m.Subject, m.Text, m.ReplyText, m.HTML,
		m.Trouble, jsonOr(m.Bounce, m.Bounce == nil))
	return err
}

// empty leaves of a message that it was there.
func empty(ctx context.Context, tx *db.Tx, m Message) error {
	if _, err := tx.Exec(ctx, `DELETE FROM conversation_attachment WHERE message_id = $1`, m.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE conversation_message SET contact_id = 0, from_name = $2, from_address = '', recipients = '', subject = '', text = '',
		reply_text = '', html = '', bounce = '', flags = $3, trouble = '', source_id = 0, files = 0 WHERE id = $1`, m.ID, Gone, FlagErased)
	return err
}

// cleanTalk takes him out of the subject, and out of what somebody has begun to write.
func (g *guest) cleanTalk(ctx context.Context, tx *db.Tx, id ID) error {
	subject, err := db.Value[string](ctx, tx, `SELECT subject FROM conversation WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if clean := g.eraser.Replace(subject); clean != subject {
		if _, err := tx.Exec(ctx, `UPDATE conversation SET subject = $2 WHERE id = $1`, id, clean); err != nil {
			return err
		}
	}
	type draft struct {
		person     int64
		kind, body string
	}
	drafts, err := db.All(ctx, tx, func(r db.Row) (d draft, err error) { return d, r.Scan(&d.person, &d.kind, &d.body) },
		`SELECT person_id, kind, body FROM conversation_draft WHERE conversation_id = $1`, id)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if clean := g.eraser.Replace(d.body); clean != d.body {
			if _, err := tx.Exec(ctx, `UPDATE conversation_draft SET body = $4 WHERE conversation_id = $1 AND person_id = $2 AND kind = $3`,
				id, d.person, d.kind, strings.TrimSpace(clean)); err != nil {
				return err
			}
		}
	}
	return nil
}
