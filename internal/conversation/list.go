package conversation

import (
	"context"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Filter narrows a list of conversations. The zero value is all that one may see.
type Filter struct {
	Status     []Status
	Assignee   *team.ID     // 0: nobody
	Team       *team.TeamID // 0: none
	Teams      []team.TeamID
	Inbox      inbox.ID
	Contact    contact.ID
	Company    contact.CompanyID
	Stage      Stage
	Type       string
	Priority   string
	Tag        string
	Mentioned  team.ID // in a note
	Follower   team.ID
	WithMerged bool
}

// Sort is the order of a list. Pages are found by key, so the thousandth costs
// what the first does.
type Sort string

// The orders.
const (
	Newest  Sort = "newest"  // last message first: what is usual
	Oldest  Sort = "oldest"  // last message last
	Waiting Sort = "waiting" // who waits longest first; only those who wait
	Created Sort = "created" // opened last first
)

type order struct{ column, direction, compare string }

var orders = map[Sort]order{
	Newest:  {"c.last_at", "DESC", "<"},
	Oldest:  {"c.last_at", "ASC", ">"},
	Waiting: {"c.waiting_since", "ASC", ">"},
	Created: {"c.id", "DESC", "<"},
}

// Page says which part of a list is wanted.
type Page struct {
	Sort  Sort
	After string // cursor: behind this place
	Limit int
}

// List returns conversations that whoever acts may see, and the cursor of the
// next page; "" when there is none.
func List(ctx context.Context, tx *db.Tx, f Filter, p Page) ([]Conversation, string, error) {
	if p.Sort == "" {
		p.Sort = Newest
	}
	o, ok := orders[p.Sort]
	if !ok {
		return nil, "", problem.For("sort", "There is no order “%s”.", string(p.Sort))
	}
	var a db.Args
	where := f.where(ctx, &a)
	if p.Sort == Waiting {
		where += ` AND c.waiting_since IS NOT NULL`
	}
	after, err := behind(&a, o, p.After)
	if err != nil {
		return nil, "", err
	}
	by := o.column + ` ` + o.direction
	if o.column != "c.id" {
		by += `, c.id ` + o.direction
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE `+where+after+` ORDER BY `+by+db.Limit(p.Limit+1), a.List()...)
	if err != nil || len(list) <= p.Limit {
		return list, "", err
	}
	list = list[:p.Limit]
	return list, cursor(list[len(list)-1], p.Sort), nil
}

// where is the filter as a condition, with what may be seen.
func (f Filter) where(ctx context.Context, a *db.Args) string {
	var and []string
	add := func(cond string) { and = append(and, cond) }
	switch len(f.Status) {
	case 0:
	case 1:
		add(`c.status = ` + a.Add(f.Status[0]))
	default:
		add(`c.status IN ` + db.In(a, f.Status))
	}
	if f.Assignee != nil {
		add(`c.assignee_id = ` + a.Add(*f.Assignee))
	}
	if f.Team != nil {
		add(`c.team_id = ` + a.Add(*f.Team))
	}
	if f.Teams != nil {
		add(`c.team_id IN ` + db.In(a, f.Teams))
	}
	if f.Inbox != 0 {
		add(`c.inbox_id = ` + a.Add(f.Inbox))
	}
	if f.Contact != 0 {
		add(`c.contact_id = ` + a.Add(f.Contact))
	}
	if f.Company != 0 {
		add(`c.company_id = ` + a.Add(f.Company))
	}
	for column, value := range map[string]string{"stage": string(f.Stage), "type": f.Type, "priority": f.Priority} {
		if value != "" {
			add(`c.` + column + ` = ` + a.Add(value))
		}
	}
	if f.Tag != "" {
		add(`c.id IN (SELECT g.conversation_id FROM conversation_tagging g JOIN conversation_tag t ON t.id = g.tag_id WHERE t.name = ` + a.Add(foldTag(f.Tag)) + `)`)
	}
	if f.Mentioned != 0 {
		add(`c.id IN (SELECT conversation_id FROM conversation_mention WHERE person_id = ` + a.Add(f.Mentioned) + `)`)
	}
	if f.Follower != 0 {
		add(`c.id IN (SELECT conversation_id FROM conversation_follower WHERE person_id = ` + a.Add(f.Follower) + `)`)
	}
	if !f.WithMerged {
		add(`c.merged_into = 0`)
	}
	add(Visible(ctx, a, "c"))
	return strings.Join(and, ` AND `)
}

func cursor(c Conversation, s Sort) string {
	at := c.LastAt.UnixMilli()
	if s == Waiting {
		at = c.WaitingSince.UnixMilli()
	}
	return strconv.FormatInt(at, 36) + "-" + strconv.FormatInt(int64(c.ID), 36)
}

func behind(a *db.Args, o order, after string) (string, error) {
	if after == "" {
		return "", nil
	}
	left, right, _ := strings.Cut(after, "-")
	at, err1 := strconv.ParseInt(left, 36, 64)
	id, err2 := strconv.ParseInt(right, 36, 64)
	if err1 != nil || err2 != nil {
		return "", problem.For("cursor", "This page cannot be found. Begin at the first one.")
	}
	if o.column == "c.id" {
		return ` AND c.id ` + o.compare + ` ` + a.Add(id), nil
	}
	return ` AND (` + o.column + `, c.id) ` + o.compare + ` (` + a.Add(at) + `, ` + a.Add(id) + `)`, nil
}
