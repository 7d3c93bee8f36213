package conversation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// Line is what conversations add to a person's line (contact.Part): one entry
// for each that whoever acts may see, at the moment when it began. Kind is
// "conversation." and its status.
func Line(ctx context.Context, tx *db.Tx, who contact.ID, before time.Time, limit int) ([]contact.Entry, error) {
	var a db.Args
	return db.All(ctx, tx, func(r db.Row) (e contact.Entry, err error) {
		var id ID
		var status Status
		err = r.Scan(&id, &e.Title, &status, &e.Stage, db.Time(&e.At))
		e.Kind, e.Ref, e.Icon = "conversation."+string(status), id.String(), "message-circle"
		return e, err
	}, `SELECT c.id, c.subject, c.status, c.stage, c.created_at FROM conversation c WHERE c.contact_id = `+a.Add(who)+
		` AND c.created_at < `+a.Add(before)+` AND c.merged_into = 0 AND `+Visible(ctx, &a, "c")+
		` ORDER BY c.created_at DESC, c.id DESC`+db.Limit(limit), a.List()...)
}

// Some returns those of the conversations that whoever acts may see.
func Some(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]Conversation, error) {
	all := map[ID]Conversation{}
	var a db.Args
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.id IN `+db.In(&a, ids)+` AND `+Visible(ctx, &a, "c"), a.List()...)
	for _, c := range list {
		all[c.ID] = c
	}
	return all, err
}

// Mark is a conversation as a dot on a drawn line.
type Mark struct {
	At     time.Time // it began
	Stage  Stage
	Status Status
	Bad    bool // a complaint, or something grave
}

// Sum is a person's or a company's conversations in numbers, as far as whoever
// acts may see them.
type Sum struct {
	All      int
	Open     int           // not solved
	First    time.Time     // when the first one began; zero: there is none
	Answered int           // of the newest thousand: those that were answered
	Reply    time.Duration // the median time to their first answers
	Marks    []Mark        // of the newest thousand, oldest first
}

// SumOf counts a person's conversations.
func SumOf(ctx context.Context, tx *db.Tx, who contact.ID) (Sum, error) {
	return sumOf(ctx, tx, Filter{Contact: who})
}

// SumOfCompany counts a company's conversations.
func SumOfCompany(ctx context.Context, tx *db.Tx, id contact.CompanyID) (Sum, error) {
	return sumOf(ctx, tx, Filter{Company: id})
}

func sumOf(ctx context.Context, tx *db.Tx, f Filter) (Sum, error) {
	var a db.Args
	s, err := db.One(ctx, tx, func(r db.Row) (s Sum, err error) { return s, r.Scan(&s.All, &s.Open, db.Time(&s.First)) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN c.status <> 'solved' THEN 1 ELSE 0 END), 0), MIN(c.created_at) FROM conversation c WHERE `+f.where(ctx, &a), a.List()...)
	if err != nil {
		return s, fmt.Errorf("count conversations: %w", err)
	}
	var waits []time.Duration
	a = db.Args{}
	err = db.Each(ctx, tx, func(r db.Row) error {
		var m Mark
		var kind, severity string
		var replied time.Time
		err := r.Scan(db.Time(&m.At), &m.Stage, &m.Status, &kind, &severity, db.Time(&replied))
		m.Bad = kind == "complaint" || severity == "major" || severity == "critical"
		s.Marks = append(s.Marks, m)
		if !replied.IsZero() {
			waits = append(waits, replied.Sub(m.At))
		}
		return err
	}, `SELECT c.created_at, c.stage, c.status, c.type, c.severity, c.first_reply_at FROM conversation c WHERE `+f.where(ctx, &a)+
		` ORDER BY c.created_at DESC LIMIT 1000`, a.List()...)
	slices.Reverse(s.Marks)
	s.Answered, s.Reply = len(waits), median(waits)
	return s, err
}

// median is the middle of a list, the lower of two.
func median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.SortFunc(list, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return max(0, list[(len(list)-1)/2])
}

// OpenOf counts the conversations of each person that are not solved, as far as
// whoever acts may see them.
func OpenOf(ctx context.Context, tx *db.Tx, people []contact.ID) (map[contact.ID]int, error) {
	return openBy(ctx, tx, "contact_id", people)
}

// OpenOfCompanies counts them for companies.
func OpenOfCompanies(ctx context.Context, tx *db.Tx, companies []contact.CompanyID) (map[contact.CompanyID]int, error) {
	return openBy(ctx, tx, "company_id", companies)
}

func openBy[T comparable](ctx context.Context, tx *db.Tx, column string, ids []T) (map[T]int, error) {
	open := map[T]int{}
	var a db.Args
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id T
		var n int
		err := r.Scan(&id, &n)
		open[id] = n
		return err
	}, `SELECT c.`+column+`, COUNT(*) FROM conversation c WHERE c.`+column+` IN `+db.In(&a, ids)+` AND c.status <> 'solved' AND c.merged_into = 0 AND `+
		Visible(ctx, &a, "c")+` GROUP BY c.`+column, a.List()...)
	return open, err
}
