package oncall

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// ID is the id of a page.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "opg" }

// State says what a page waits for; its word is "oncall.state_" + the state. See the package comment.
type State string

// The states.
const (
	Running State = "running"
	Acked   State = "acknowledged"
	Spent   State = "exhausted"
	Over    State = "resolved"
)

// States lists them.
var States = []State{Running, Acked, Spent, Over}

// Reasons of a page beside Asked and Broken; the word is "oncall.reason_" + the reason.
const (
	ByHand    = "hand"
	ByProgram = "program"
	Test      = "test"
)

// Page is one call for somebody.
type Page struct {
	ID           ID
	Service      ServiceID
	ServiceName  string // then
	Subject      string
	Conversation conversation.ID // 0: none, or not for whoever reads
	Title        string          // what it is: as it was said, or the conversation for whoever may see it
	Reason       string
	Urgent       bool
	State        State
	Count        int // how often it was asked for
	OpenedAt     time.Time
	OpenedBy     team.ID // 0: no person
	Plan         Plan
	Silent       time.Duration
	At           int           // so many entries of the plan were told
	Delay        time.Duration // so late the plan is
	NextAt       time.Time     // when somebody is told next; zero: never
	AckedBy      team.ID
	AckedAt      time.Time
	EndedBy      team.ID
	EndedAt      time.Time
}

const pageColumns = `id, service_id, service, subject, conversation_id, title, reason, urgent, state, count, opened_at, opened_by, plan, silent, at, delay, next_at,
	acked_by, acked_at, ended_by, ended_at`

func scanPage(r db.Row) (p Page, err error) {
	var plan string
	var silent, delay int64
	err = r.Scan(&p.ID, &p.Service, &p.ServiceName, &p.Subject, &p.Conversation, &p.Title, &p.Reason, &p.Urgent, &p.State, &p.Count, db.Time(&p.OpenedAt), &p.OpenedBy, &plan,
		&silent, &p.At, &delay, db.Time(&p.NextAt), &p.AckedBy, db.Time(&p.AckedAt), &p.EndedBy, db.Time(&p.EndedAt))
	if err != nil {
		return p, err
	}
	p.Silent, p.Delay = time.Duration(silent)*time.Millisecond, time.Duration(delay)*time.Millisecond
	return p, json.Unmarshal([]byte(plan), &p.Plan)
}

// Get returns a page.
func Get(ctx context.Context, tx *db.Tx, id ID) (Page, error) {
	p, err := bare(ctx, tx, id)
	if err != nil {
		return p, err
	}
	one := []Page{p}
	err = entitle(ctx, tx, one)
	return one[0], err
}

func bare(ctx context.Context, tx *db.Tx, id ID) (Page, error) {
	p, err := db.One(ctx, tx, scanPage, `SELECT `+pageColumns+` FROM oncall_page WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return p, problem.New(problem.NotFound, "There is no such page.")
	}
	return p, err
}

// Filter narrows the list of pages.
type Filter struct {
	State        State // "" is every state; Live those that are not resolved
	Service      ServiceID
	Conversation conversation.ID
	Before       ID // older than this one; 0: from the newest
}

// Live is the Filter.State that leaves what is not over.
const Live State = "live"

// List lists pages, the newest first.
func List(ctx context.Context, tx *db.Tx, f Filter, limit int) ([]Page, error) {
	var a db.Args
	where := `TRUE`
	switch f.State {
	case "":
	case Live:
		where = `state <> 'resolved'`
	default:
		where = `state = ` + a.Add(f.State)
	}
	if f.Service != 0 {
		where += ` AND service_id = ` + a.Add(f.Service)
	}
	if f.Conversation != 0 {
		where += ` AND conversation_id = ` + a.Add(f.Conversation)
	}
	if f.Before != 0 {
		where += ` AND id < ` + a.Add(f.Before)
	}
	list, err := db.All(ctx, tx, scanPage, `SELECT `+pageColumns+` FROM oncall_page WHERE `+where+` ORDER BY id DESC`+db.Limit(limit), a.List()...)
	if err != nil {
		return nil, err
	}
	return list, entitle(ctx, tx, list)
}

// entitle says what pages are about, as far as whoever acts may see: one question for the list.
func entitle(ctx context.Context, tx *db.Tx, list []Page) error {
	var talks []conversation.ID
	for _, p := range list {
		if p.Conversation != 0 {
			talks = append(talks, p.Conversation)
		}
	}
	titles, err := conversation.Titles(ctx, tx, talks)
	for i, p := range list {
		switch seen := titles[p.Conversation]; {
		case p.Conversation == 0:
		case seen == "":
			list[i].Title, list[i].Conversation = "", 0
		case p.Title == "":
			list[i].Title = seen
		default:
			list[i].Title = p.Title + " – " + seen
		}
	}
	return err
}

// Titles is what pages are called for whoever acts: the service, and what it is about.
func Titles(ctx context.Context, tx *db.Tx, ids []ID) (map[ID]string, error) {
	out := map[ID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	list, err := db.All(ctx, tx, scanPage, `SELECT `+pageColumns+` FROM oncall_page WHERE id IN `+db.In(&a, ids), a.List()...)
	if err != nil {
		return nil, err
	}
	err = entitle(ctx, tx, list)
	for _, p := range list {
		out[p.ID] = p.Title
	}
	return out, err
}

// Entry of the history: one person who was told, or nobody.
type Telling struct {
	Round, Step int
	Person      team.ID // 0: nobody stood there
	Notice      notice.ID
	Why         string
	Late        bool
	Due         time.Time // when it was to be, where it was late
	At          time.Time
	Deliveries  []notice.Delivery
}

// Tellings is what a page did, in order.
func Tellings(ctx context.Context, tx *db.Tx, id ID) ([]Telling, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (t Telling, err error) {
		return t, r.Scan(&t.Round, &t.Step, &t.Person, &t.Notice, &t.Why, &t.Late, db.Time(&t.Due), db.Time(&t.At))
	}, `SELECT round, step, person_id, notice_id, why, late, due_at, at FROM oncall_told WHERE page_id = $1 ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	var ids []notice.ID
	for _, t := range list {
		if t.Notice != 0 {
			ids = append(ids, t.Notice)
		}
	}
	all, err := notice.Deliveries(ctx, tx, ids...)
	for i := range list {
		list[i].Deliveries = all[list[i].Notice]
	}
	return list, err
}

// About is the last pages of a conversation, and whether there is anything that one could page for it.
func About(ctx context.Context, tx *db.Tx, id conversation.ID) (list []Page, any bool, err error) {
	if any, err = db.Exists(ctx, tx, `SELECT 1 FROM oncall_service`); err != nil {
		return nil, false, err
	}
	list, err = List(ctx, tx, Filter{Conversation: id}, 3)
	return list, any, err
}
