package incident

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/token"
	"baraji/internal/team"
)

// Link says that a conversation is about an incident. If customers were told something, its customer is told it at once.
func Link(ctx context.Context, tx *db.Tx, id ID, talk conversation.ID) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	i, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	c, err := conversation.Survivor(ctx, tx, talk)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO incident_link (incident_id, conversation_id, ours, person_id, at) VALUES ($1, $2, FALSE, $3, $4)
		ON CONFLICT (incident_id, conversation_id) DO NOTHING`, i.ID, c.ID, team.From(ctx).Person, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	if err := event.Record(ctx, tx, Linked{i.ID, c.ID}); err != nil {
		return err
	}
	if i.Told == 0 || c.Contact == 0 || i.State == Reviewed {
		return nil
	}
	n, err = tx.Exec(ctx, `INSERT INTO incident_notice (id, update_id, contact_id, state, at) VALUES ($1, $2, $3, 'waiting', $4)
		ON CONFLICT (update_id, contact_id) DO NOTHING`, tx.NewID(), i.Told, c.Contact, tx.Now())
	if err != nil {
		return err
	}
	if n == 0 { // he has heard it, or will, in another conversation
		return heard(ctx, tx, i, c)
	}
	return job.Add(ctx, tx, Tell{i.Told}, job.Options{Lane: i.ID.String()})
}

// heard says in a conversation in which other one its customer was told what was last said, where he was.
func heard(ctx context.Context, tx *db.Tx, i Incident, c conversation.Conversation) error {
	f, err := db.One(ctx, tx, func(r db.Row) (f ToldElsewhere, err error) { return f, r.Scan(&f.In, &f.Number) }, `
		SELECT c.id, c.number FROM incident_notice n JOIN conversation c ON c.id = n.conversation_id WHERE n.update_id = $1 AND n.contact_id = $2 AND n.state = 'told'`, i.Told, c.Contact)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	f.ID, f.Incident = c.ID, i.ID
	return event.Record(ctx, tx, f)
}

// Unlink says that a conversation is not about an incident after all.
func Unlink(ctx context.Context, tx *db.Tx, id ID, talk conversation.ID) error {
	if err := team.Allow(ctx, team.Handle); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	c, err := conversation.Get(ctx, tx, talk)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM incident_link WHERE incident_id = $1 AND conversation_id = $2`, id, c.ID)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, Unlinked{id, c.ID})
}

// Links are the conversations about an incident that whoever acts may see, and how many there are.
func Links(ctx context.Context, tx *db.Tx, id ID, limit int) (list []conversation.Conversation, all int, err error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, 0, err
	}
	ids, err := db.All(ctx, tx, func(r db.Row) (c conversation.ID, err error) { return c, r.Scan(&c) },
		`SELECT conversation_id FROM incident_link WHERE incident_id = $1 AND NOT ours ORDER BY conversation_id DESC`, id)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	all = len(ids)
	seen, err := conversation.Some(ctx, tx, ids[:min(limit, all)])
	for _, c := range ids {
		if x, ok := seen[c]; ok {
			list = append(list, x)
		}
	}
	return list, all, err
}

// Of are the incidents that a conversation is about, the newest first.
func Of(ctx context.Context, tx *db.Tx, talk conversation.ID) ([]Incident, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM incident i JOIN incident_link l ON l.incident_id = i.id WHERE l.conversation_id = $1 ORDER BY i.id DESC`, talk)
}

// OnMerged lets the conversation that lives on be about what the other was about.
func OnMerged(ctx context.Context, tx *db.Tx, f conversation.Merged) error {
	_, err := tx.Exec(ctx, `INSERT INTO incident_link (incident_id, conversation_id, ours, person_id, at)
		SELECT incident_id, $2, ours, person_id, at FROM incident_link WHERE conversation_id = $1 ON CONFLICT (incident_id, conversation_id) DO NOTHING`, f.From, f.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM incident_link WHERE conversation_id = $1`, f.From)
	return err
}

// mostAlike is how many conversations that may be about an incident are offered.
const mostAlike = 12

// Alike are conversations that nobody has linked and that hold the words of an incident, from a day before it began on: the newest first.
func Alike(ctx context.Context, tx *db.Tx, i Incident) ([]conversation.Conversation, error) {
	var found []conversation.Conversation
	var ids []conversation.ID
	from, to := i.StartedAt.Add(-24*time.Hour), i.ResolvedAt
	for _, words := range i.phrases() {
		hits, _, err := conversation.Search(ctx, tx, words, conversation.Filter{}, conversation.Page{Limit: 40})
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			late := !to.IsZero() && h.CreatedAt.After(to.Add(7*24*time.Hour))
			if !h.CreatedAt.Before(from) && !late && !slices.Contains(ids, h.ID) {
				found, ids = append(found, h.Conversation), append(ids, h.ID)
			}
		}
	}
	linked, err := linkedOf(ctx, tx, i.ID, ids)
	found = slices.DeleteFunc(found, func(c conversation.Conversation) bool { return linked[c.ID] })
	return found[:min(len(found), mostAlike)], err
}

// linkedOf are those of some conversations that are about an incident.
func linkedOf(ctx context.Context, tx *db.Tx, id ID, ids []conversation.ID) (map[conversation.ID]bool, error) {
	linked := map[conversation.ID]bool{}
	if len(ids) == 0 {
		return linked, nil
	}
	var a db.Args
	return linked, db.Each(ctx, tx, func(r db.Row) error {
		var c conversation.ID
		err := r.Scan(&c)
		linked[c] = true
		return err
	}, `SELECT conversation_id FROM incident_link WHERE incident_id = `+a.Add(id)+` AND conversation_id IN `+db.In(&a, ids), a.List()...)
}

// phrases are the words by which an incident is known: some phrases with commas between them, or its product.
func (i Incident) phrases() (list []string) {
	for s := range strings.SplitSeq(i.Words, ",") {
		if s = strings.TrimSpace(s); s != "" && len(list) < 5 {
			list = append(list, s)
		}
	}
	if len(list) == 0 && i.Product != "" {
		list = append(list, i.Product)
	}
	return list
}

// named says whether one of the phrases stands in a text.
func (i Incident) named(text string) bool {
	return slices.ContainsFunc(i.phrases(), func(words string) bool {
		q := token.Parse(words)
		return !q.Empty() && q.Matches(text)
	})
}

// For are the open incidents that a text may be about: one of their phrases stands in it.
func For(ctx context.Context, tx *db.Tx, text string) ([]Incident, error) {
	if !team.From(ctx).Can(team.ReadConversations) {
		return nil, nil
	}
	open, err := List(ctx, tx, Filter{Open: true, Limit: 20})
	return slices.DeleteFunc(open, func(i Incident) bool { return !i.named(text) }), err
}
