package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// MoveID is the id of a merge or a split.
type MoveID = id.Of[moveKind]

type moveKind struct{}

func (moveKind) Prefix() string { return "mov" }

// before is what a move changed of a conversation's row, for its undo.
type before struct {
	Status       Status    `json:"status"`
	SnoozedUntil time.Time `json:"snoozed_until,omitzero"`
	SolvedAt     time.Time `json:"solved_at,omitzero"`
	Followers    []team.ID `json:"followers,omitempty"` // who follows the one that was kept only because of the merge
	Subject      string    `json:"-"`
}

// Merge puts everything of one conversation into another. The one that is empty
// afterwards leads there. Undo puts all back.
func Merge(ctx context.Context, tx *db.Tx, keep, lose ID) (Conversation, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Conversation{}, err
	}
	k, err := Survivor(ctx, tx, keep)
	if err != nil {
		return k, err
	}
	l, err := Get(ctx, tx, lose)
	if err != nil {
		return l, err
	}
	switch {
	case k.ID == l.ID:
		return k, problem.New(problem.Invalid, "A conversation cannot be merged with itself.")
	case l.MergedInto != 0:
		return l, problem.New(problem.Conflict, "This conversation was merged into another one. Undo the merge first.")
	}
	if err := merge(ctx, tx, k, l); err != nil {
		return k, fmt.Errorf("merge %s into %s: %w", l.ID, k.ID, err)
	}
	k, err = Get(ctx, tx, k.ID)
	return k, err
}

func merge(ctx context.Context, tx *db.Tx, k, l Conversation) error {
	moved, err := db.All(ctx, tx, func(r db.Row) (m MessageID, err error) { return m, r.Scan(&m) },
		`UPDATE conversation_message SET conversation_id = $2 WHERE conversation_id = $1 RETURNING id`, l.ID, k.ID)
	if err != nil {
		return err
	}
	joined, err := db.All(ctx, tx, func(r db.Row) (p team.ID, err error) { return p, r.Scan(&p) },
		`INSERT INTO conversation_follower (conversation_id, person_id) SELECT $2, person_id FROM conversation_follower
			WHERE conversation_id = $1 ON CONFLICT (person_id, conversation_id) DO NOTHING RETURNING person_id`, l.ID, k.ID)
	if err != nil {
		return err
	}
	if err := noteMove(ctx, tx, "merge", l, k.ID, moved, joined); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE conversation SET merged_into = $2, status = 'solved', solved_at = COALESCE(solved_at, $3), snoozed_until = NULL,
		waiting_since = NULL, updated_at = $3 WHERE id = $1`, l.ID, k.ID, tx.Now()); err != nil {
		return err
	}
	if l.Status == Snoozed {
		if err := job.Cancel(ctx, tx, wakeKey(l.ID)); err != nil {
			return err
		}
	}
	for _, copyOver := range []string{
		`INSERT INTO conversation_participant (conversation_id, address, contact_id, cc) SELECT $2, address, contact_id, cc FROM conversation_participant
			WHERE conversation_id = $1 ON CONFLICT (conversation_id, address) DO NOTHING`,
		`INSERT INTO conversation_draft (conversation_id, person_id, kind, body, updated_at) SELECT $2, person_id, kind, body, updated_at
			FROM conversation_draft WHERE conversation_id = $1 ON CONFLICT (conversation_id, person_id, kind)
			DO UPDATE SET body = conversation_draft.body || ' ' || excluded.body`,
	} {
		if _, err := tx.Exec(ctx, copyOver, l.ID, k.ID); err != nil {
			return err
		}
	}
	if err := refresh(ctx, tx, k.ID); err != nil {
		return err
	}
	return event.Record(ctx, tx, Merged{k.ID, l.ID})
}

func noteMove(ctx context.Context, tx *db.Tx, kind string, from Conversation, to ID, moved []MessageID, joined []team.ID) error {
	ids, err := json.Marshal(moved)
	if err != nil {
		return err
	}
	was, err := json.Marshal(before{Status: from.Status, SnoozedUntil: from.SnoozedUntil, SolvedAt: from.SolvedAt, Followers: joined})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO conversation_move (id, kind, from_id, to_id, messages, before, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.NewID(), kind, from.ID, to, string(ids), string(was), team.From(ctx).String(), tx.Now())
	return err
}

// SplitOff makes a new conversation of one message and, if rest is set, of all
// that came after it.
func SplitOff(ctx context.Context, tx *db.Tx, id ID, at MessageID, rest bool, subject string) (Conversation, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Conversation{}, err
	}
	old, err := Survivor(ctx, tx, id)
	if err != nil {
		return old, err
	}
	m, err := GetMessage(ctx, tx, at)
	if err != nil {
		return old, err
	}
	if m.Conversation != old.ID || old.Messages < 2 {
		return old, problem.New(problem.Conflict, "This message cannot be split off: nothing would be left.")
	}
	fresh := old
	fresh.Subject, fresh.Messages, fresh.LastAt, fresh.CreatedAt, fresh.Status = subject, 0, m.CreatedAt, m.CreatedAt, Open
	fresh.FirstReplyAt, fresh.SolvedAt, fresh.SnoozedUntil = time.Time{}, time.Time{}, time.Time{}
	if subject == "" {
		fresh.Subject = old.Subject
	}
	facts, err := open(ctx, tx, &fresh, nil, 0)
	if err != nil {
		return old, err
	}
	if err := split(ctx, tx, old, fresh, m, rest); err != nil {
		return old, fmt.Errorf("split %s: %w", old.ID, err)
	}
	if err := event.Record(ctx, tx, append(facts, Split{old.ID, fresh.ID})...); err != nil {
		return old, err
	}
	return Get(ctx, tx, fresh.ID)
}

func split(ctx context.Context, tx *db.Tx, old, fresh Conversation, m Message, rest bool) error {
	which := `id = $3`
	if rest {
		which = `id >= $3`
	}
	moved, err := db.All(ctx, tx, func(r db.Row) (m MessageID, err error) { return m, r.Scan(&m) },
		`UPDATE conversation_message SET conversation_id = $2 WHERE conversation_id = $1 AND `+which+` RETURNING id`, old.ID, fresh.ID, m.ID)
	if err != nil {
		return err
	}
	left, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM conversation_message WHERE conversation_id = $1`, old.ID)
	if err != nil {
		return err
	}
	if left == 0 {
		return problem.New(problem.Conflict, "This message cannot be split off: nothing would be left.")
	}
	if _, err := tx.Exec(ctx, `INSERT INTO conversation_participant (conversation_id, address, contact_id, cc)
		SELECT $2, address, contact_id, cc FROM conversation_participant WHERE conversation_id = $1`, old.ID, fresh.ID); err != nil {
		return err
	}
	// Who followed the one follows the other: it may be all that lets him see what he has split off.
	if _, err := tx.Exec(ctx, `INSERT INTO conversation_follower (conversation_id, person_id)
		SELECT CAST($2 AS BIGINT), person_id FROM conversation_follower WHERE conversation_id = $1`, old.ID, fresh.ID); err != nil {
		return err
	}
	for _, id := range []ID{old.ID, fresh.ID} {
		if err := refresh(ctx, tx, id); err != nil {
			return err
		}
	}
	if err := reindex(ctx, tx, fresh.ID); err != nil {
		return err
	}
	if err := relate(ctx, tx, fresh.ID, old.ID, "split"); err != nil {
		return err
	}
	return noteMove(ctx, tx, "split", old, fresh.ID, moved, nil)
}

// Move is a merge or a split that can be undone.
type Move struct {
	ID       MoveID
	Kind     string // "merge": From went into To; "split": To came out of From
	From, To ID
	At       time.Time
	messages []MessageID
	before   before
}

// LastMove is the last merge or split of a conversation that was not undone.
func LastMove(ctx context.Context, tx *db.Tx, id ID) (Move, bool, error) {
	m, err := db.One(ctx, tx, scanMove, `SELECT id, kind, from_id, to_id, at, messages, before FROM conversation_move
		WHERE (to_id = $1 OR from_id = $1) AND undone_at IS NULL ORDER BY id DESC LIMIT 1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return m, false, nil
	}
	return m, err == nil, err
}

func scanMove(r db.Row) (m Move, err error) {
	var ids, was string
	if err := r.Scan(&m.ID, &m.Kind, &m.From, &m.To, db.Time(&m.At), &ids, &was); err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(ids), &m.messages); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(was), &m.before)
}

// Undo puts the last merge or split of a conversation back as it was. What was
// written since stays where it is. It returns the conversation that is back.
func Undo(ctx context.Context, tx *db.Tx, id ID) (Conversation, error) {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return Conversation{}, err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return Conversation{}, err
	}
	m, ok, err := LastMove(ctx, tx, id)
	if err != nil {
		return Conversation{}, err
	}
	if !ok {
		return Conversation{}, problem.New(problem.Conflict, "There is nothing to undo.")
	}
	if err := m.undoable(ctx, tx); err != nil {
		return Conversation{}, err
	}
	if err := m.undo(ctx, tx); err != nil {
		return Conversation{}, fmt.Errorf("undo %s: %w", m.Kind, err)
	}
	return Get(ctx, tx, m.From)
}

// undoable says why a move cannot be undone yet: what it moved has gone on to
// somewhere else since, or would come back to where nobody looks.
func (m Move) undoable(ctx context.Context, tx *db.Tx) error {
	further, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation WHERE merged_into <> 0 AND (id = $1 OR id = $2 AND $3 = 'split')`, m.To, m.From, m.Kind)
	if err == nil && further {
		return problem.New(problem.Conflict, "This conversation was merged into another one. Undo the merge first.")
	}
	return err
}

func (m Move) undo(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `UPDATE conversation_move SET undone_at = $2 WHERE id = $1`, m.ID, tx.Now()); err != nil {
		return err
	}
	var a db.Args
	back := `UPDATE conversation_message SET conversation_id = ` + a.Add(m.From) + ` WHERE conversation_id = ` + a.Add(m.To)
	if m.Kind == "merge" { // a split takes home all that was said in the meantime
		back += ` AND id IN ` + db.In(&a, m.messages)
	}
	if _, err := tx.Exec(ctx, back, a.List()...); err != nil {
		return err
	}
	if m.Kind == "merge" {
		if err := m.unmerge(ctx, tx); err != nil {
			return err
		}
		if err := m.leave(ctx, tx); err != nil {
			return err
		}
	} else if err := m.unsplit(ctx, tx); err != nil {
		return err
	}
	for _, id := range []ID{m.From, m.To} {
		if err := refresh(ctx, tx, id); err != nil {
			return err
		}
	}
	if err := reindex(ctx, tx, m.From); err != nil {
		return err
	}
	return event.Record(ctx, tx, Undone{m.From, m.Kind}, Undone{m.To, m.Kind})
}

// unsplit closes the part that was split off. Who has joined it since takes part
// in the whole: what he was told stands there now.
func (m Move) unsplit(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `INSERT INTO conversation_participant (conversation_id, address, contact_id, cc) SELECT $2, address, contact_id, cc
		FROM conversation_participant WHERE conversation_id = $1 ON CONFLICT (conversation_id, address) DO NOTHING`, m.To, m.From); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE conversation SET merged_into = $2, status = 'solved', waiting_since = NULL, updated_at = $3 WHERE id = $1`,
		m.To, m.From, tx.Now())
	return err
}

// leave takes those out of the one that was kept who came with the other: they
// follow it no more, and take part in it only if a message that is left names them.
// Else their mail could come into it, and answers go out to them.
func (m Move) leave(ctx context.Context, tx *db.Tx) error {
	for _, p := range m.before.Followers {
		if _, err := tx.Exec(ctx, `DELETE FROM conversation_follower WHERE conversation_id = $1 AND person_id = $2`, m.To, p); err != nil {
			return err
		}
	}
	guests, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `SELECT k.address FROM conversation_participant k
		WHERE k.conversation_id = $1 AND EXISTS (SELECT 1 FROM conversation_participant l WHERE l.conversation_id = $2 AND l.address = k.address)`, m.To, m.From)
	if err != nil || len(guests) == 0 {
		return err
	}
	named, err := namedIn(ctx, tx, m.To)
	if err != nil {
		return err
	}
	for _, address := range guests {
		if named[address] {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM conversation_participant WHERE conversation_id = $1 AND address = $2`, m.To, address); err != nil {
			return err
		}
	}
	return nil
}

// namedIn are the addresses that the messages of a conversation come from or went to.
func namedIn(ctx context.Context, tx *db.Tx, id ID) (map[string]bool, error) {
	named := map[string]bool{}
	return named, db.Each(ctx, tx, func(r db.Row) error {
		m, err := scanMessage(r)
		for _, a := range slices.Concat([]Address{{Address: m.FromAddress}}, m.Recipients.To, m.Recipients.Cc, m.Recipients.Bcc) {
			named[foldAddress(a.Address)] = true
		}
		return err
	}, `SELECT `+messageColumns+` FROM conversation_message m WHERE m.conversation_id = $1`, id)
}

func (m Move) unmerge(ctx context.Context, tx *db.Tx) error {
	was := m.before
	if was.Status == Snoozed && !was.SnoozedUntil.After(tx.Now()) {
		was.Status, was.SnoozedUntil = Open, time.Time{}
	}
	if was.Status == Snoozed {
		if err := job.Replace(ctx, tx, Wake{m.From}, job.Options{At: was.SnoozedUntil, Key: wakeKey(m.From), Lane: Timers(m.From), With: true}); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE conversation SET merged_into = 0, status = $2, solved_at = $3, snoozed_until = $4, updated_at = $5 WHERE id = $1`,
		m.From, was.Status, was.SolvedAt, was.SnoozedUntil, tx.Now())
	return err
}
