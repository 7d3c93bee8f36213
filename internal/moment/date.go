package moment

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// Dated is a date that a time can be relative to. One whose key ends with a point is followed by the key of an own field, which has no time of day.
type Dated struct {
	Key string
	at  func(p part) string // of instants: the question for a cursor, an id or its text, and the instant
}

// About is what has this date.
func (d Dated) About() string { about, _, _ := strings.Cut(d.Key, "."); return about }

// part is what one question is about: values after from and until to, rows behind a cursor.
type part struct {
	args     *db.Args
	from, to int64 // milliseconds
	ids      [2]int64
	after    int64
}

func (p part) between(column string) string {
	return column + ` > ` + p.args.Add(p.from) + ` AND ` + column + ` <= ` + p.args.Add(p.to)
}

// made narrows ids to those that were made about then: ids begin with their time.
func (p part) made(column string) string {
	return column + ` >= ` + p.args.Add(p.ids[0]) + ` AND ` + column + ` <= ` + p.args.Add(p.ids[1]) + ` AND ` + column + ` > ` + p.args.Add(p.after)
}

// Dates lists them, in the order of the page.
var Dates = []Dated{
	{"conversation.created_at", func(p part) string {
		return `SELECT id, id, '', created_at FROM conversation WHERE merged_into = 0 AND ` + p.made("id") + ` AND ` + p.between("created_at") + ` ORDER BY id`
	}},
	{"conversation.customer_at", lastMessage("customer")},
	{"conversation.answered_at", lastMessage("agent")},
	{"conversation.waiting_since", func(p part) string {
		return `SELECT id, id, '', waiting_since FROM conversation WHERE merged_into = 0 AND status IN ('open', 'pending', 'snoozed') AND ` + p.between("waiting_since") + ` AND +id > ` + p.args.Add(p.after) + ` ORDER BY +id`
	}},
	// Since when the status is what it is, the log knows.
	{"conversation.status_at", func(p part) string {
		return `SELECT e.id, 0, e.subject, e.at FROM event e WHERE ` + p.made("e.id") + ` AND ` + p.between("e.at") + ` AND e.kind IN ('conversation.opened', 'conversation.status_set')
			AND NOT EXISTS (SELECT 1 FROM event n WHERE n.subject = e.subject AND n.kind = 'conversation.status_set' AND n.id > e.id) ORDER BY e.id`
	}},
	{"conversation.field.", nil},
	{"customer.created_at", func(p part) string {
		return `SELECT id, id, '', created_at FROM contact WHERE merged_into = 0 AND ` + p.made("id") + ` AND ` + p.between("created_at") + ` ORDER BY id`
	}},
	{"customer.seen_at", func(p part) string {
		return `SELECT id, id, '', last_seen_at FROM contact WHERE merged_into = 0 AND ` + p.between("last_seen_at") + ` AND +id > ` + p.args.Add(p.after) + ` ORDER BY +id`
	}},
	{"customer.field.", nil},
	{"company.created_at", func(p part) string {
		return `SELECT id, id, '', created_at FROM contact_company WHERE merged_into = 0 AND ` + p.made("id") + ` AND ` + p.between("created_at") + ` ORDER BY id`
	}},
	{"company.field.", nil},
}

// lastMessage is when somebody last wrote in a conversation; what a machine sent does not count.
func lastMessage(kind string) func(part) string {
	return func(p part) string {
		return `SELECT m.id, m.conversation_id, '', m.created_at FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
			WHERE c.merged_into = 0 AND m.kind = '` + kind + `' AND NOT m.auto AND ` + p.made("m.id") + ` AND ` + p.between("m.created_at") + `
			AND NOT EXISTS (SELECT 1 FROM conversation_message n WHERE n.conversation_id = m.conversation_id AND n.id > m.id AND n.kind = '` + kind + `' AND NOT n.auto) ORDER BY m.id`
	}
}

// DateOf finds one by its key, and which own field is meant.
func DateOf(key string) (d Dated, own string) {
	for _, d := range Dates {
		if d.Key == key && d.at != nil {
			return d, ""
		}
		if name, ok := strings.CutPrefix(key, d.Key); ok && d.at == nil && name != "" && len(name) <= 60 {
			return d, name
		}
	}
	return Dated{}, ""
}

// fieldOf is the id of an own field that is a date; false where there is none.
func fieldOf(ctx context.Context, tx *db.Tx, d Dated, own string) (int64, bool, error) {
	if d.About() == "conversation" {
		list, err := conversation.Fields(ctx, tx)
		i := slices.IndexFunc(list, func(f conversation.Field) bool { return f.Key == own && f.Type == "date" })
		if err != nil || i < 0 {
			return 0, false, err
		}
		return int64(list[i].ID), true, nil
	}
	holder := contact.OfContact
	if d.About() == "company" {
		holder = contact.OfCompany
	}
	list, err := contact.Fields(ctx, tx, holder)
	i := slices.IndexFunc(list, func(f contact.Field) bool { return f.Key == own && f.Type == contact.DateField })
	if err != nil || i < 0 {
		return 0, false, err
	}
	return int64(list[i].ID), true, nil
}
