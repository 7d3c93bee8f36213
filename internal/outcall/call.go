package outcall

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a call.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "req" }

// State says what became of a call; see the package comment.
type State string

// The states.
const (
	Waiting State = "waiting"
	Done    State = "done"
	Failed  State = "failed"
)

// States lists them.
var States = []State{Waiting, Done, Failed}

// Why says why a call did not arrive; its word is "settings.request_why_" + it. "" is: it arrived.
type Why string

// The reasons.
const (
	NoConnection     = Why(dial.NoConnection)
	NotTrusted       = Why(dial.NotTrusted)
	TooSlow          = Why(dial.TooSlow)
	Cut              = Why(dial.Cut)
	Redirected   Why = "redirect" // it answered 3xx
	Refused      Why = "status"   // it answered something else than 2xx
	NoSecret     Why = "secret"   // a secret that it needs is gone, or is for another host
)

// Keep is how long it is known what was sent and what became of it.
const Keep = 7 * 24 * time.Hour

// Call is one request to another system.
type Call struct {
	ID      ID
	Actor   string // who asked: "rule:…", a person
	Owner   team.ID
	Subject string // what it is about
	Host    string
	Request Request
	State   State
	Tries   int
	NextAt  time.Time // when it is tried again, while it waits
	At      time.Time // when something last became of it
	Status  int       // of the last answer; 0: none
	Why     Why
	Took    time.Duration

	firstAt time.Time
}

const columns = `id, actor, owner_id, subject, host, body, state, tries, first_at, next_at, at, status, why, took`

func scan(r db.Row) (c Call, err error) {
	var body string
	var took int64
	err = r.Scan(&c.ID, &c.Actor, &c.Owner, &c.Subject, &c.Host, &body, &c.State, &c.Tries, db.Time(&c.firstAt), db.Time(&c.NextAt), db.Time(&c.At), &c.Status, &c.Why, &took)
	if err != nil {
		return c, err
	}
	c.Took = time.Duration(took) * time.Millisecond
	return c, json.Unmarshal([]byte(body), &c.Request)
}

// About is what a call is about, and who is told when it is given up.
type About struct {
	Subject      string
	Contact      contact.ID
	Conversation conversation.ID
	Owner        team.ID
}

// Filter chooses calls.
type Filter struct {
	Actor  string // "" is everybody's
	State  State  // "" is any
	Before ID     // 0: from the newest
}

// List returns calls, the newest first.
func List(ctx context.Context, tx *db.Tx, f Filter, limit int) ([]Call, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	var a db.Args
	where := `1 = 1`
	if f.Actor != "" {
		where += ` AND actor = ` + a.Add(f.Actor)
	}
	if f.State != "" {
		where += ` AND state = ` + a.Add(f.State)
	}
	if f.Before != 0 {
		where += ` AND id < ` + a.Add(f.Before)
	}
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM outcall WHERE `+where+` ORDER BY id DESC`+db.Limit(limit), a.List()...)
	for i := range list {
		list[i] = list[i].shown(ctx)
	}
	return list, err
}

// shown is a call without what whoever looks may not see: it holds what is known of customers, of any team.
func (c Call) shown(ctx context.Context) Call {
	me := team.From(ctx)
	if me.IsSystem() || me.See == team.SeeEverything && !me.Masked && me.Can(team.ReadContacts) && me.Can(team.ReadConversations) {
		return c
	}
	c.Request = Request{Method: c.Request.Method}
	return c
}

// Get returns a call.
func Get(ctx context.Context, tx *db.Tx, id ID) (Call, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Call{}, err
	}
	c, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM outcall WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return c, problem.New(problem.NotFound, "There is no such request.")
	}
	return c.shown(ctx), err
}

// Count says how many calls are in each state.
func Count(ctx context.Context, tx *db.Tx) (map[State]int, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return nil, err
	}
	out := map[State]int{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var s State
		var n int
		err := r.Scan(&s, &n)
		out[s] = n
		return err
	}, `SELECT state, COUNT(*) FROM outcall GROUP BY state`)
}

// Forget removes what became of calls long ago.
func Forget(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM outcall WHERE state <> 'waiting' AND at < $1`, tx.Now().Add(-Keep))
	return err
}
