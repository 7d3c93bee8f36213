package promise

import (
	"context"
	"errors"
	"slices"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a promise.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "prm" }

// State is what became of it; see the package comment.
type State string

// The states.
const (
	Open   State = "open"
	Kept   State = "kept"
	Broken State = "broken"
)

// Kinds are the sorts of promises.
var Kinds = []string{"delivery", "fix", "answer", "price", "refund", "feature", "other"}

// Promise is one.
type Promise struct {
	ID           ID
	Words        string
	Kind         string
	State        State
	Owner        team.ID
	Contact      contact.ID
	Company      contact.CompanyID
	Conversation conversation.ID // 0: it was made elsewhere
	Message      conversation.MessageID
	Sentence     string // of the message
	Due          time.Time
	AllDay       bool // by the end of that day
	WarnAt       time.Time
	Moved        int // how often another day was agreed on
	ClosedAt     time.Time
	By           team.ID
	CreatedAt    time.Time
	UpdatedAt    time.Time

	ContactName string // filled in by every read
}

// Slipping says that it is open and due soon, or overdue.
func (p Promise) Slipping(now time.Time) bool {
	return p.State == Open && !p.WarnAt.IsZero() && !now.Before(p.WarnAt)
}

// Overdue says that it is open and its time is over.
func (p Promise) Overdue(now time.Time) bool { return p.State == Open && !now.Before(p.Due) }

const columns = `p.id, p.words, p.kind, p.state, p.owner_id, p.contact_id, p.company_id, p.conversation_id, p.message_id, p.sentence, p.due_at, p.all_day, p.warn_at, p.moved,
	p.closed_at, p.created_by, p.created_at, p.updated_at, COALESCE(k.name, '')`

const from = ` FROM promise p LEFT JOIN contact k ON k.id = p.contact_id `

func scan(r db.Row) (p Promise, err error) {
	return p, r.Scan(&p.ID, &p.Words, &p.Kind, &p.State, &p.Owner, &p.Contact, &p.Company, &p.Conversation, &p.Message, &p.Sentence, db.Time(&p.Due), &p.AllDay, db.Time(&p.WarnAt), &p.Moved,
		db.Time(&p.ClosedAt), &p.By, db.Time(&p.CreatedAt), db.Time(&p.UpdatedAt), &p.ContactName)
}

// Visible is the rule of who sees which promise, as a condition on p.
func Visible(ctx context.Context, a *db.Args) string {
	actor := team.From(ctx)
	own := `FALSE`
	if actor.Person != 0 {
		own = `p.owner_id = ` + a.Add(actor.Person)
	}
	loose := `FALSE`
	if actor.Can(team.ReadContacts) {
		loose = `p.conversation_id = 0`
	}
	return `(` + own + ` OR ` + loose + ` OR p.conversation_id <> 0 AND EXISTS (SELECT 1 FROM conversation c WHERE c.id = p.conversation_id AND ` + conversation.Visible(ctx, a, "c") + `))`
}

// Get returns a promise that whoever acts may see.
func Get(ctx context.Context, tx *db.Tx, id ID) (Promise, error) {
	var a db.Args
	p, err := db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE p.id = `+a.Add(id)+` AND `+Visible(ctx, &a), a.List()...)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such promise.")
	}
	return p, err
}

// Filter narrows a list; the zero Filter is all that one may see.
type Filter struct {
	State    State
	Owner    team.ID
	Owners   []team.ID // nil: everybody
	Slipping bool      // open, and due soon or overdue
	Contact  contact.ID
	Company  contact.CompanyID
	Before   ID // for those that are closed: the newest first
	Limit    int
}

func (f Filter) where(ctx context.Context, tx *db.Tx, a *db.Args) string {
	where := Visible(ctx, a)
	if f.State != "" {
		where += ` AND p.state = ` + a.Add(f.State)
	}
	if f.Owner != 0 {
		where += ` AND p.owner_id = ` + a.Add(f.Owner)
	}
	if f.Owners != nil {
		where += ` AND p.owner_id IN ` + db.In(a, f.Owners)
	}
	if f.Slipping {
		where += ` AND p.state = 'open' AND p.warn_at <= ` + a.Add(tx.Now())
	}
	if f.Contact != 0 {
		where += ` AND p.contact_id = ` + a.Add(f.Contact)
	}
	if f.Company != 0 {
		where += ` AND p.company_id = ` + a.Add(f.Company)
	}
	if f.Before != 0 {
		where += ` AND p.id < ` + a.Add(f.Before)
	}
	return where
}

// List returns promises: those that are open by when they are due, others the newest first.
func List(ctx context.Context, tx *db.Tx, f Filter) ([]Promise, error) {
	var a db.Args
	by := `p.id DESC`
	if f.State == Open || f.Slipping {
		by = `p.due_at, p.id`
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE `+f.where(ctx, tx, &a)+` ORDER BY `+by+db.Limit(f.Limit), a.List()...)
}

// Count counts them.
func Count(ctx context.Context, tx *db.Tx, f Filter) (int, error) {
	var a db.Args
	return db.Value[int](ctx, tx, `SELECT COUNT(*) FROM promise p WHERE `+f.where(ctx, tx, &a), a.List()...)
}

// OfContact are a customer's promises for a card: those that are open, the one that is due first at the head, then what was closed last.
func OfContact(ctx context.Context, tx *db.Tx, who contact.ID, closed int) ([]Promise, error) {
	if who == 0 {
		return nil, nil
	}
	var a db.Args
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE p.contact_id = `+a.Add(who)+` AND `+Visible(ctx, &a)+`
		ORDER BY CASE WHEN p.state = 'open' THEN 0 ELSE 1 END, CASE WHEN p.state = 'open' THEN p.due_at ELSE -p.closed_at END LIMIT 50`, a.List()...)
	open := slices.IndexFunc(list, func(p Promise) bool { return p.State != Open })
	if open >= 0 {
		list = list[:min(len(list), open+closed)]
	}
	return list, err
}

// Day is a day that was agreed on before.
type Day struct {
	Due time.Time
	Why string
	By  team.ID
	At  time.Time
}

// Days are those of a promise that whoever acts has read, the first at the head.
func Days(ctx context.Context, tx *db.Tx, p Promise) ([]Day, error) {
	return db.All(ctx, tx, func(r db.Row) (d Day, err error) { return d, r.Scan(db.Time(&d.Due), &d.Why, &d.By, db.Time(&d.At)) },
		`SELECT due_at, why, person_id, at FROM promise_day WHERE promise_id = $1 ORDER BY id`, p.ID)
}
