package notice

import (
	"context"
	"encoding/json"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// ID is the id of a notice.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "ntc" }

// Kind is what sort of thing somebody is told; its word is "notice.kind_" + the kind.
type Kind string

// The kinds.
const (
	Paged     Kind = "paged"     // he is on call and wanted
	Mentioned Kind = "mentioned" // somebody named him in a note
	Assigned  Kind = "assigned"  // a conversation became his
	Answered  Kind = "answered"  // a customer wrote in a conversation of his
	Due       Kind = "due"       // a promised time of his is nearly used up
	Broken    Kind = "broken"    // it is used up
	Swap      Kind = "swap"      // something about his shifts
	Rule      Kind = "rule"      // a rule tells him something
	Tried     Kind = "tried"     // he tries whether it comes
	Halted    Kind = "halted"    // a connection that he made was switched off by itself
)

// Kinds lists those that one chooses ways for.
var Kinds = []Kind{Paged, Mentioned, Assigned, Answered, Due, Broken, Swap, Rule}

// Way is how a notice reaches somebody; its word is "notice.way_" + the way.
type Way string

// The ways.
const (
	Bell  Way = "bell"
	Push  Way = "push"
	Mail  Way = "mail"
	Slack Way = "slack"
)

// Ways lists them.
var Ways = []Way{Bell, Push, Mail, Slack}

// Notice is one thing that one person is told.
type Notice struct {
	ID      ID
	Person  team.ID
	Kind    Kind
	Subject string            // the id of what it is about; "" stands alone
	By      team.ID           // who caused it; {by} in the words
	Words   string            // key in the catalogue; "n" in the words is Count
	Args    map[string]string // what stands in the words; nothing about customers
	Link    string            // path of the page to look at
	Act     string            // path at which a POST answers it, and Words + "_act" says what that is; "" is nothing
	Urgent  bool              // wakes him
	Ways    []Way             // those that whoever tells wants; nil: as the person chose
	Count   int
	At      time.Time
	ReadAt  time.Time
	Late    time.Duration // so much after it was due; 0: in time

	ByName string // filled in by every read
	Title  string // what the subject is called for whoever reads; "" where he may not see it
	Bell   bool
}

// Say is the sentence, for the reader of ctx.
func (n Notice) Say(ctx context.Context) string {
	args := []any{"by", n.ByName, "n", n.Count}
	for k, v := range n.Args {
		args = append(args, k, v)
	}
	said := i18n.T(ctx, n.Words, args...)
	if n.Late > 0 {
		return i18n.T(ctx, "notice.late", "said", said, "time", i18n.Duration(ctx, n.Late))
	}
	return said
}

// LateBy is the notice as one that was due before, where due is not zero.
func (n Notice) LateBy(now, due time.Time) Notice {
	if !due.IsZero() {
		n.Late = now.Sub(due)
	}
	return n
}

// Ask is what the button says with which one answers; "" where nothing is to be answered.
func (n Notice) Ask(ctx context.Context) string {
	if n.Act == "" {
		return ""
	}
	return i18n.T(ctx, n.Words+"_act")
}

const columns = `n.id, n.person_id, n.kind, n.subject, n.by_id, n.words, n.args, n.link, n.act, n.urgent, n.bell, n.count, n.at, n.read_at, n.late, COALESCE(b.name, '')`

const from = ` FROM notice n LEFT JOIN team_person b ON b.id = n.by_id `

func scan(r db.Row) (n Notice, err error) {
	var args string
	var late int64
	err = r.Scan(&n.ID, &n.Person, &n.Kind, &n.Subject, &n.By, &n.Words, &args, &n.Link, &n.Act, &n.Urgent, &n.Bell, &n.Count, db.Time(&n.At), db.Time(&n.ReadAt), &late, &n.ByName)
	n.Late = time.Duration(late) * time.Millisecond
	if err != nil {
		return n, err
	}
	return n, json.Unmarshal([]byte(args), &n.Args)
}

// mostUnread bounds what is read of a person's unread notices: nobody reads more, and a page asks each time.
const mostUnread = 100

// Unread is what whoever acts has not read yet, the newest first, as it stands in the frame of a page: without titles.
func Unread(ctx context.Context, tx *db.Tx) ([]Notice, error) {
	me := team.From(ctx).Person
	if me == 0 {
		return nil, nil
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE n.person_id = $1 AND n.read_at IS NULL AND n.bell ORDER BY n.at DESC, n.id DESC`+db.Limit(mostUnread), me)
}

// List is what whoever acts was told, the newest first, from before a moment (zero: from now).
func List(ctx context.Context, tx *db.Tx, before time.Time, limit int) ([]Notice, error) {
	me := team.From(ctx).Person
	if before.IsZero() {
		before = tx.Now().Add(time.Minute)
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+from+`WHERE n.person_id = $1 AND n.bell AND n.at < $2 ORDER BY n.at DESC, n.id DESC`+db.Limit(limit), me, before)
	if err != nil {
		return nil, err
	}
	return list, Entitle(ctx, tx, list)
}

// Entitle fills in what the subjects are called for whoever acts: one question for the whole list.
func Entitle(ctx context.Context, tx *db.Tx, list []Notice) error {
	s := db.Attached[*Notices](tx)
	if s == nil || len(list) == 0 {
		return nil
	}
	var subjects []string
	for _, n := range list {
		if n.Subject != "" {
			subjects = append(subjects, n.Subject)
		}
	}
	titles, err := s.About(ctx, tx, subjects)
	for i := range list {
		list[i].Title = titles[list[i].Subject]
	}
	return err
}

// Get returns a notice, whoever it is for: for jobs, and for links that prove themselves.
func Get(ctx context.Context, tx *db.Tx, id ID) (Notice, error) {
	return db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE n.id = $1`, id)
}
