package shift

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// State is what became of a swap.
type State string

// The states: asked → swapped | declined | withdrawn; swapped → undone.
const (
	Asked     State = "asked"
	Done      State = "swapped"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Undone    State = "undone"
)

// Swap is somebody who asks another to stand for him, as a rule for a turn of the other.
type Swap struct {
	ID      SwapID
	State   State
	Asker   team.ID
	Other   team.ID
	Give    Turn // the asker's
	Take    Turn // the other's; without a rota: nothing is taken for it
	Note    string
	AskedAt time.Time
	EndedAt time.Time
}

// Ref names a turn: of this rota, with this key, at this time.
type Ref struct {
	Rota RotaID
	Key  string
	From time.Time
}

const swapColumns = `id, state, asker_id, other_id, give, take, note, asked_at, ended_at`

func scanSwap(r db.Row) (s Swap, err error) {
	var give, take string
	if err = r.Scan(&s.ID, &s.State, &s.Asker, &s.Other, &give, &take, &s.Note, db.Time(&s.AskedAt), db.Time(&s.EndedAt)); err != nil {
		return s, err
	}
	if err = json.Unmarshal([]byte(give), &s.Give); err == nil && take != "" {
		err = json.Unmarshal([]byte(take), &s.Take)
	}
	return s, err
}

// Swaps are those that somebody asks or is asked, or was within a month, the newest first; of everybody where nobody is named.
func Swaps(ctx context.Context, tx *db.Tx, person team.ID) ([]Swap, error) {
	return db.All(ctx, tx, scanSwap, `SELECT `+swapColumns+` FROM shift_swap
		WHERE (asker_id = $1 OR other_id = $1 OR $1 = 0) AND (state = 'asked' OR asked_at > $2) ORDER BY id DESC`+db.Limit(200), person, tx.Now().AddDate(0, -1, 0))
}

// GetSwap returns a swap.
func GetSwap(ctx context.Context, tx *db.Tx, id SwapID) (Swap, error) {
	s, err := db.One(ctx, tx, scanSwap, `SELECT `+swapColumns+` FROM shift_swap WHERE id = $1`, id)
	return must(s, err, "There is no such swap.")
}

// Ask asks somebody to stand for whoever acts, who may plan for others as well. Take names the turn that is taken for it,
// or none.
func Ask(ctx context.Context, tx *db.Tx, give Ref, other team.ID, take Ref, note string) (SwapID, error) {
	_, g, err := find(ctx, tx, give.Rota, give.Key, give.From)
	if err != nil {
		return 0, err
	}
	if err := mine(ctx, g.Person); err != nil {
		return 0, err
	}
	s := Swap{ID: SwapID(tx.NewID()), State: Asked, Asker: g.Person, Other: other, Give: g, Note: strings.TrimSpace(note)}
	if take.Rota != 0 {
		if _, s.Take, err = find(ctx, tx, take.Rota, take.Key, take.From); err != nil {
			return 0, err
		}
	}
	if err := s.check(ctx, tx); err != nil {
		return 0, err
	}
	giving, err := json.Marshal(s.Give)
	if err != nil {
		return 0, err
	}
	taking := []byte{}
	if take.Rota != 0 {
		if taking, err = json.Marshal(s.Take); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO shift_swap (id, state, asker_id, other_id, give, take, note, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, s.State, s.Asker, s.Other, string(giving), string(taking), s.Note, tx.Now())
	if err != nil {
		return 0, err
	}
	return s.ID, event.Record(ctx, tx, SwapAsked{s.ID, s.Asker, s.Other})
}

func (s Swap) check(ctx context.Context, tx *db.Tx) error {
	names, err := team.Names(ctx, tx)
	if err != nil {
		return err
	}
	open, err := db.Exists(ctx, tx, `SELECT 1 FROM shift_swap WHERE state = 'asked' AND asker_id = $1 AND other_id = $2 AND give LIKE $3 ESCAPE '\'`,
		s.Asker, s.Other, `%`+db.Like(s.Give.Key)+`%`)
	if err != nil {
		return err
	}
	var c problem.Check
	c.That(names[s.Other] != "", "other", "Choose whom you ask.")
	c.That(s.Other != s.Asker, "other", "Choose somebody else.")
	c.That(!open, "other", "You have asked for this already.")
	c.That(s.Give.Until.After(tx.Now()), "give", "This turn is over.")
	c.That(s.Take.Rota == 0 || s.Take.Person == s.Other, "take", "This is no turn of the one you ask.")
	c.That(s.Take.Rota == 0 || s.Take.Until.After(tx.Now()), "take", "This turn is over.")
	c.That(s.Take.Rota == 0 || !s.Take.From.Before(s.Give.Until) || !s.Give.From.Before(s.Take.Until), "take", "These turns are at the same time.")
	c.That(utf8.RuneCountInString(s.Note) <= 500, "note", "At most %d characters.", 500)
	return c.Err()
}

// mine is nil if a person is whoever acts, or if he plans for all.
func mine(ctx context.Context, person team.ID) error {
	a := team.From(ctx)
	if a.Person != 0 && a.Person == person || a.Can(team.ManageSettings) {
		return nil
	}
	return problem.New(problem.Forbidden, "You may do this only for yourself.")
}

// Accept makes a swap that was asked, if both turns are still as they were.
func Accept(ctx context.Context, tx *db.Tx, id SwapID) error {
	s, err := GetSwap(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mine(ctx, s.Other); err != nil {
		return err
	}
	if err := s.become(ctx, tx, Asked, Done); err != nil {
		return err
	}
	change := ChangeID(tx.NewID())
	for _, t := range []Turn{s.Give, s.Take} {
		if t.Rota == 0 {
			continue
		}
		_, now, err := find(ctx, tx, t.Rota, t.Key, t.From)
		if err != nil {
			return err
		}
		if !now.From.Equal(t.From) || !now.Until.Equal(t.Until) {
			return problem.New(problem.Conflict, "The plan was changed meanwhile. Look at it again.")
		}
		to := s.Other
		if t.Person == s.Other {
			to = s.Asker
		}
		o := Override{Rota: t.Rota, From: t.From, Until: t.Until, Instead: now.seat(), Person: to, Swap: id, Group: change}
		if o.Instead == o.Person { // the deputy of somebody gives the turn back to him
			return problem.New(problem.Conflict, "The plan was changed meanwhile. Look at it again.")
		}
		if _, err := o.put(ctx, tx); err != nil {
			return err
		}
	}
	if err := event.Record(ctx, tx, Swapped{id, s.Asker, s.Other}); err != nil {
		return err
	}
	return s.tell(ctx, tx)
}

func (s Swap) tell(ctx context.Context, tx *db.Tx) error {
	if err := tell(ctx, tx, s.Give.Rota); err != nil || s.Take.Rota == 0 || s.Take.Rota == s.Give.Rota {
		return err
	}
	return tell(ctx, tx, s.Take.Rota)
}

// become moves a swap on, if it is where that is possible from.
func (s Swap) become(ctx context.Context, tx *db.Tx, from, to State) error {
	n, err := tx.Exec(ctx, `UPDATE shift_swap SET state = $3, ended_at = $4 WHERE id = $1 AND state = $2`, s.ID, from, to, tx.Now())
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "This swap is settled already.")
	}
	return err
}

// Decline refuses a swap.
func Decline(ctx context.Context, tx *db.Tx, id SwapID) error {
	s, err := GetSwap(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mine(ctx, s.Other); err != nil {
		return err
	}
	if err := s.become(ctx, tx, Asked, Declined); err != nil {
		return err
	}
	return event.Record(ctx, tx, SwapDeclined{id, s.Asker, s.Other})
}

// Withdraw asks no longer.
func Withdraw(ctx context.Context, tx *db.Tx, id SwapID) error {
	s, err := GetSwap(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := mine(ctx, s.Asker); err != nil {
		return err
	}
	if err := s.become(ctx, tx, Asked, Withdrawn); err != nil {
		return err
	}
	return event.Record(ctx, tx, SwapWithdrawn{id, s.Asker, s.Other})
}

// UndoSwap makes all as it was before a swap. Either of the two may, until the first of the turns begins.
func UndoSwap(ctx context.Context, tx *db.Tx, id SwapID) error {
	s, err := GetSwap(ctx, tx, id)
	if err != nil {
		return err
	}
	if mine(ctx, s.Asker) != nil {
		if err := mine(ctx, s.Other); err != nil {
			return err
		}
	}
	if !tx.Now().Before(s.Give.From) || s.Take.Rota != 0 && !tx.Now().Before(s.Take.From) {
		return problem.New(problem.Conflict, "One of these turns has begun. Make an override instead.")
	}
	if err := s.become(ctx, tx, Done, Undone); err != nil {
		return err
	}
	if _, err := undoOverrides(ctx, tx, `swap_id = $1`, id); err != nil {
		return err
	}
	if err := event.Record(ctx, tx, SwapUndone{id, s.Asker, s.Other}); err != nil {
		return err
	}
	return s.tell(ctx, tx)
}
