package hookin

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
)

// ItemID is the id of something that came.
type ItemID = id.Of[itemKind]

type itemKind struct{}

func (itemKind) Prefix() string { return "hki" }

// State says what became of an item; see the package comment.
type State string

// The states.
const (
	Waiting State = "waiting"
	Done    State = "done"
	Failed  State = "failed"
)

// States lists them.
var States = []State{Waiting, Done, Failed}

// Keep is how long what came is kept.
const Keep = 30 * 24 * time.Hour

// Item is something that came.
type Item struct {
	ID           ItemID
	Hook         ID
	Message      string // its sender's id of it
	Raw          string // as it came
	Form         bool   // form-encoded, not JSON
	Trial        bool   // somebody here sent it
	State        State
	Why          i18n.Text         // why it failed, in each language
	Found        map[string]string // what rules can look at
	Contact      contact.ID
	Conversation conversation.ID
	At           time.Time
}

const itemColumns = `id, hookin_id, message, raw, form, trial, state, why, found, contact_id, conversation_id, at`

func scanItem(r db.Row) (i Item, err error) {
	var why, found string
	if err := r.Scan(&i.ID, &i.Hook, &i.Message, &i.Raw, &i.Form, &i.Trial, &i.State, &why, &found, &i.Contact, &i.Conversation, db.Time(&i.At)); err != nil {
		return i, err
	}
	if why != "" {
		if err := json.Unmarshal([]byte(why), &i.Why); err != nil {
			return i, err
		}
	}
	if found != "" {
		err = json.Unmarshal([]byte(found), &i.Found)
	}
	return i, err
}

// Items lists what came to a hook, in one state or ("") all, the newest first, from before one (0: from the newest).
func Items(ctx context.Context, tx *db.Tx, of ID, state State, before ItemID, limit int) ([]Item, error) {
	if _, err := Get(ctx, tx, of); err != nil {
		return nil, err
	}
	var a db.Args
	where := `hookin_id = ` + a.Add(of)
	if state != "" {
		where += ` AND state = ` + a.Add(state)
	}
	if before != 0 {
		where += ` AND id < ` + a.Add(before)
	}
	return db.All(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM hookin_item WHERE `+where+` ORDER BY id DESC`+db.Limit(limit), a.List()...)
}

// GetItem returns one.
func GetItem(ctx context.Context, tx *db.Tx, of ID, id ItemID) (Item, error) {
	if err := may(ctx); err != nil {
		return Item{}, err
	}
	i, err := db.One(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM hookin_item WHERE id = $1 AND hookin_id = $2`, id, of)
	if errors.Is(err, db.ErrNoRow) {
		return i, problem.New(problem.NotFound, "This is no longer kept.")
	}
	return i, err
}

// Count says how many items of a hook are in each state.
func Count(ctx context.Context, tx *db.Tx, of ID) (map[State]int, error) {
	if err := may(ctx); err != nil {
		return nil, err
	}
	out := map[State]int{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var s State
		var n int
		err := r.Scan(&s, &n)
		out[s] = n
		return err
	}, `SELECT state, COUNT(*) FROM hookin_item WHERE hookin_id = $1 GROUP BY state`, of)
}

// Values are what rules can look at of an item; none where it is no longer kept.
func Values(ctx context.Context, tx *db.Tx, id ItemID) (map[string]string, error) {
	i, err := db.One(ctx, tx, scanItem, `SELECT `+itemColumns+` FROM hookin_item WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	return i.Found, err
}

// Again has an item looked through again that failed.
func Again(ctx context.Context, tx *db.Tx, of ID, id ItemID) error {
	i, err := GetItem(ctx, tx, of, id)
	if err != nil {
		return err
	}
	if i.State != Failed {
		return problem.New(problem.Conflict, "Only what failed can be tried again.")
	}
	if _, err := tx.Exec(ctx, `UPDATE hookin_item SET state = 'waiting', why = '' WHERE id = $1`, id); err != nil {
		return err
	}
	return job.Add(ctx, tx, process{id}, job.Options{Lane: of.String()})
}

// Forget removes what came long ago.
func Forget(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM hookin_item WHERE at < $1 AND state <> 'waiting'`, tx.Now().Add(-Keep))
	return err
}
