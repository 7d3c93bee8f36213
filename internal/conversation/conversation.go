package conversation

import (
	"context"
	"errors"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a conversation.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "cnv" }

// Status says whose turn it is; see the package comment.
type Status string

// The states.
const (
	Open    Status = "open"
	Pending Status = "pending"
	Snoozed Status = "snoozed"
	Solved  Status = "solved"
)

// Statuses lists the states in the order in which they are shown.
var Statuses = []Status{Open, Pending, Snoozed, Solved}

// Stage is the part of the customer's life that a conversation belongs to (S1-02).
type Stage string

// The stages.
const (
	PreSale    Stage = "pre-sale"
	Onboarding Stage = "onboarding"
	PostSale   Stage = "post-sale"
	Renewal    Stage = "renewal"
)

// Stages lists them in the order of life.
var Stages = []Stage{PreSale, Onboarding, PostSale, Renewal}

// Priority is how soon; Severity how bad. Both are words, "" for severity is none.
var (
	Priorities = []string{"low", "normal", "high", "urgent"}
	Severities = []string{"", "minor", "major", "critical"}
)

// Types are the kinds of request (S1-21).
var Types = []string{"", "question", "problem", "complaint", "order", "delivery", "billing", "refund", "exchange", "repair",
	"trial", "renewal", "training", "feedback"}

// Conversation is one talk, as lists and the page's head show it.
type Conversation struct {
	ID           ID
	Number       int64
	Inbox        inbox.ID
	Channel      string
	Contact      contact.ID
	Company      contact.CompanyID
	Subject      string
	Snippet      string // the beginning of the last message that the customer sees
	Language     string // of the customer in this talk: "ko", "en" or ""
	Status       Status
	Stage        Stage
	Type         string
	Priority     string
	Severity     string
	Assignee     team.ID
	Team         team.TeamID
	Tags         []string
	Messages     int
	LastAt       time.Time // of the last message
	LastKind     Kind
	WaitingSince time.Time // zero: nobody waits for us
	FirstReplyAt time.Time
	SnoozedUntil time.Time
	SolvedAt     time.Time
	MergedInto   ID
	CreatedAt    time.Time
	UpdatedAt    time.Time

	ContactName string // filled in by every read
}

const columns = `c.id, c.number, c.inbox_id, c.channel, c.contact_id, c.company_id, c.subject, c.snippet, c.language, c.status, c.stage,
	c.type, c.priority, c.severity, c.assignee_id, c.team_id, c.tags, c.messages, c.last_at, c.last_kind, c.waiting_since, c.first_reply_at,
	c.snoozed_until, c.solved_at, c.merged_into, c.created_at, c.updated_at, COALESCE(p.name, '')`

const from = ` FROM conversation c LEFT JOIN contact p ON p.id = c.contact_id `

func scan(r db.Row) (c Conversation, err error) {
	var tags string
	err = r.Scan(&c.ID, &c.Number, &c.Inbox, &c.Channel, &c.Contact, &c.Company, &c.Subject, &c.Snippet, &c.Language, &c.Status, &c.Stage,
		&c.Type, &c.Priority, &c.Severity, &c.Assignee, &c.Team, &tags, &c.Messages, db.Time(&c.LastAt), &c.LastKind, db.Time(&c.WaitingSince),
		db.Time(&c.FirstReplyAt), db.Time(&c.SnoozedUntil), db.Time(&c.SolvedAt), &c.MergedInto, db.Time(&c.CreatedAt), db.Time(&c.UpdatedAt),
		&c.ContactName)
	if tags != "" {
		c.Tags = strings.Split(tags, "\n")
	}
	return c, err
}

// Get returns a conversation that whoever acts may see. What he may not see is
// not there for him.
func Get(ctx context.Context, tx *db.Tx, id ID) (Conversation, error) {
	var a db.Args
	c, err := db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.id = `+a.Add(id)+` AND `+Visible(ctx, &a, "c"), a.List()...)
	return c, missing(err)
}

// ByNumber returns the conversation that people call #number.
func ByNumber(ctx context.Context, tx *db.Tx, number int64) (Conversation, error) {
	var a db.Args
	c, err := db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE c.number = `+a.Add(number)+` AND `+Visible(ctx, &a, "c"), a.List()...)
	return c, missing(err)
}

// Survivor follows merges to the conversation that lives on.
func Survivor(ctx context.Context, tx *db.Tx, id ID) (Conversation, error) {
	for range 20 {
		c, err := Get(ctx, tx, id)
		if err != nil || c.MergedInto == 0 {
			return c, err
		}
		id = c.MergedInto
	}
	return Conversation{}, errors.New("merges in a circle at " + id.String())
}

func missing(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return problem.New(problem.NotFound, "There is no such conversation.")
	}
	return err
}

// VisibleOrNone is the rule for rows that may be about a conversation, by a column that is 0 where they are about none: those, and those about one that
// whoever acts may see.
func VisibleOrNone(ctx context.Context, a *db.Args, column string) string {
	return `(` + column + ` = 0 OR EXISTS (SELECT 1 FROM conversation c WHERE c.id = ` + column + ` AND ` + Visible(ctx, a, "c") + `))`
}

// Visible is the rule of who sees which conversation, as a condition on the
// conversation that the query calls alias.
func Visible(ctx context.Context, a *db.Args, alias string) string {
	actor := team.From(ctx)
	if !actor.Can(team.ReadConversations) {
		return "FALSE"
	}
	mine := func() string {
		return `(` + alias + `.assignee_id = ` + a.Add(actor.Person) + ` OR EXISTS (SELECT 1 FROM conversation_follower f WHERE f.person_id = ` +
			a.Add(actor.Person) + ` AND f.conversation_id = ` + alias + `.id))`
	}
	switch actor.See {
	case team.SeeEverything:
		return "TRUE"
	case team.SeeTeams:
		if actor.Person == 0 {
			return alias + `.team_id IN ` + db.In(a, actor.Teams)
		}
		return `(` + alias + `.team_id IN ` + db.In(a, actor.Teams) + ` OR ` + mine() + `)`
	case team.SeeMine:
		if actor.Person != 0 {
			return mine()
		}
	}
	return "FALSE"
}

// Sees is the same rule for a row that was read already, such as by the live
// stream. followers are those of the conversation.
func Sees(actor team.Actor, c Conversation, followers []team.ID) bool {
	if !actor.Can(team.ReadConversations) {
		return false
	}
	mine := actor.Person != 0 && (c.Assignee == actor.Person || contains(followers, actor.Person))
	switch actor.See {
	case team.SeeEverything:
		return true
	case team.SeeTeams:
		return mine || c.Team != 0 && contains(actor.Teams, c.Team)
	case team.SeeMine:
		return mine
	}
	return false
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// IDOfNumber finds a conversation by its number, whoever asks: for hints that
// are shown only to those who may see it.
func IDOfNumber(ctx context.Context, tx *db.Tx, number int64) (ID, error) {
	return db.Value[ID](ctx, tx, `SELECT id FROM conversation WHERE number = $1`, number)
}
