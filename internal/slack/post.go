package slack

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/team"
)

// PostID is the id of something we say.
type PostID = id.Of[postKind]

type postKind struct{}

func (postKind) Prefix() string { return "slp" }

// Kind is what sort of thing we say.
type Kind string

// The kinds.
const (
	Card   Kind = "card"   // of a conversation, with its buttons
	Line   Kind = "line"   // in the thread of a card, or by itself
	Note   Kind = "note"   // a note, repeated in the thread
	Page   Kind = "page"   // a call of on call, for all in a channel
	Notice Kind = "notice" // what one person is told
)

// State says what became of a post; see the package comment.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Sending   State = "sending"
	Sent      State = "sent"
	Failed    State = "failed"
	Withdrawn State = "withdrawn"
)

// States lists them.
var States = []State{Waiting, Sending, Sent, Failed, Withdrawn}

const (
	// Keep is how long it is known what was said, where nothing can follow it any more.
	Keep = 30 * 24 * time.Hour
	// KeepCards is how long a thread leads to its conversation after the last that happened in it.
	KeepCards = 400 * 24 * time.Hour
	// Persist is how long a post is tried.
	Persist = 24 * time.Hour

	second = time.Second
	minute = time.Minute
)

// Post is one thing that we say.
type Post struct {
	ID           PostID
	Target       string // Slack's id of a channel, or ours of a person
	Kind         Kind
	Person       team.ID // whom it is for, where it is one
	Conversation conversation.ID
	Page         oncall.ID
	Contact      contact.ID
	Message      conversation.MessageID
	Delivery     notice.DeliveryID
	Parent       PostID
	Owner        team.ID
	Actor        string // who had it said: "rule:…", a person
	Text         string
	Acts         []act
	State        State
	Tries        int
	NextAt       time.Time // when it is tried again, while it waits
	At           time.Time // when something last became of it
	Why          Why
	Said         string // how Slack calls that

	workspace, room, ts, shown string
	firstAt, madeAt            time.Time
	wanted, done               int64
}

// act is what somebody did with a button.
type act struct {
	Who  team.ID   `json:"who"`
	What string    `json:"what"`
	At   time.Time `json:"at"`
}

const postColumns = `id, workspace, target, kind, person_id, conversation_id, page_id, contact_id, message_id, delivery_id, parent_id, owner_id, actor, text, acts, state, tries, first_at, next_at, at, made_at,
	why, said, room, ts, shown, wanted, done`

func scanPost(r db.Row) (p Post, err error) {
	var acts string
	err = r.Scan(&p.ID, &p.workspace, &p.Target, &p.Kind, &p.Person, &p.Conversation, &p.Page, &p.Contact, &p.Message, &p.Delivery, &p.Parent, &p.Owner, &p.Actor, &p.Text, &acts, &p.State, &p.Tries,
		db.Time(&p.firstAt), db.Time(&p.NextAt), db.Time(&p.At), db.Time(&p.madeAt), &p.Why, &p.Said, &p.room, &p.ts, &p.shown, &p.wanted, &p.done)
	if err != nil || acts == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(acts), &p.Acts)
}

// open is what still has to be done about a post.
const open = `(state IN ('waiting', 'sending', 'withdrawn') OR state = 'sent' AND wanted <> done)`

// Filter chooses posts.
type Filter struct {
	State  State  // "" is any
	Before PostID // 0: from the newest
}

// List returns what was said, the newest first, without words about customers whom whoever looks may not see.
func List(ctx context.Context, tx *db.Tx, f Filter, limit int) ([]Post, error) {
	if err := team.Allow(ctx, team.ManageTokens); err != nil {
		return nil, err
	}
	var a db.Args
	where := `1 = 1`
	if f.State != "" {
		where += ` AND state = ` + a.Add(f.State)
	}
	if f.Before != 0 {
		where += ` AND id < ` + a.Add(f.Before)
	}
	list, err := db.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE `+where+` ORDER BY id DESC`+db.Limit(limit), a.List()...)
	me := team.From(ctx)
	for i := range list {
		if !me.IsSystem() && (me.See != team.SeeEverything || me.Masked || !me.Can(team.ReadConversations)) {
			list[i].Text = ""
		}
	}
	return list, err
}

// GetPost returns one.
func GetPost(ctx context.Context, tx *db.Tx, id PostID) (Post, error) {
	list, err := List(ctx, tx, Filter{Before: id + 1}, 1)
	if err == nil && (len(list) == 0 || list[0].ID != id) {
		return Post{}, problem.New(problem.NotFound, "There is no such message.")
	}
	if err != nil {
		return Post{}, err
	}
	return list[0], nil
}

// Again has something said that was given up.
func Again(ctx context.Context, tx *db.Tx, id PostID) error {
	p, err := GetPost(ctx, tx, id)
	if err != nil {
		return err
	}
	if p.State != Failed {
		return problem.New(problem.Conflict, "Only what was given up can be sent again.")
	}
	if _, err := must(ctx, tx); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE slack_post SET state = 'waiting', tries = 0, first_at = NULL, next_at = $2, at = $2, made_at = $2, why = '', said = '' WHERE id = $1 AND state = 'failed'`, id, tx.Now())
	if err != nil {
		return err
	}
	return stir(ctx, tx, p.Target)
}

// Forget removes what nothing can follow any more, and gives up what waited too long.
func Forget(ctx context.Context, tx *db.Tx) error {
	if err := drop(ctx, tx, `state IN ('waiting', 'sending') AND made_at < $1`, tx.Now().Add(-Persist)); err != nil {
		return err
	}
	for query, before := range map[string]time.Time{
		`DELETE FROM slack_post WHERE kind NOT IN ('card', 'line', 'page') AND state IN ('sent', 'failed') AND wanted = done AND at < $1`: tx.Now().Add(-Keep),
		`DELETE FROM slack_post WHERE state IN ('sent', 'failed') AND at < $1`:                                                            tx.Now().Add(-KeepCards),
		`DELETE FROM slack_in WHERE at < $1`: tx.Now().Add(-7 * 24 * time.Hour),
	} {
		if _, err := tx.Exec(ctx, query, before); err != nil {
			return err
		}
	}
	return nil
}

// drop gives up posts; where is a condition with its arguments.
func drop(ctx context.Context, tx *db.Tx, where string, args ...any) error {
	list, err := db.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM slack_post WHERE `+where, args...)
	for _, p := range list {
		if err := p.fail(ctx, tx, &Refusal{Why: Late}); err != nil {
			return err
		}
	}
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	return err
}
