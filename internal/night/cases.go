package night

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// Group is what a case asks of the morning. Words: coverage.night_<…>.
type Group string

// The groups, the most pressing first.
const (
	Waits  Group = "waits"  // the customer has no answer
	Open   Group = "open"   // answered, not solved
	Solved Group = "solved" // done in the night: what can be learnt from it?
)

// Groups lists them.
var Groups = []Group{Waits, Open, Solved}

// Case is a conversation of a night.
type Case struct {
	conversation.Conversation
	Group   Group
	Asked   int       // messages of the customer in that time
	By      []team.ID // who answered or noted something in that time
	Bot     bool      // the assistant answered
	Looked  team.ID   // who ticked it off; 0: nobody since somebody wrote last
	LastOne time.Time // when somebody last wrote in that time
}

const (
	most     = 300 // cases of a night that are shown
	mostRead = 1000
)

// touch is what one wrote in a conversation.
type touch struct {
	kind conversation.Kind
	by   team.ID
	n    int
	last time.Time
}

// Cases lists what happened in a span in the conversations that one may see: what waits first, by priority and how long it waits.
func Cases(ctx context.Context, tx *db.Tx, s Span) ([]Case, error) {
	touched, err := touches(ctx, tx, s)
	if err != nil || len(touched) == 0 {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(touched))
	ids = ids[max(0, len(ids)-mostRead):] // of more than anybody looks through, the last
	looked, err := looks(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	list, err := conversation.These(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []Case
	for _, c := range list {
		one := Case{Conversation: c, Group: groupOf(c)}
		for _, t := range touched[c.ID] {
			one.add(t)
		}
		if l := looked[c.ID]; !l.at.Before(one.LastOne) {
			one.Looked = l.by
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, order)
	return out[:min(len(out), most)], nil
}

func groupOf(c conversation.Conversation) Group {
	switch {
	case c.Status == conversation.Solved:
		return Solved
	case !c.WaitingSince.IsZero():
		return Waits
	}
	return Open
}

func (c *Case) add(t touch) {
	if t.last.After(c.LastOne) {
		c.LastOne = t.last
	}
	switch {
	case t.kind == conversation.FromCustomer:
		c.Asked += t.n
	case t.kind == conversation.FromBot:
		c.Bot = true
	case t.by != 0 && !slices.Contains(c.By, t.by):
		c.By = append(c.By, t.by)
	}
}

func order(a, b Case) int {
	urgent := func(c Case) int { return -slices.Index(conversation.Priorities, c.Priority) }
	return cmp.Or(cmp.Compare(slices.Index(Groups, a.Group), slices.Index(Groups, b.Group)), cmp.Compare(urgent(a), urgent(b)),
		a.WaitingSince.Compare(b.WaitingSince), cmp.Compare(a.ID, b.ID))
}

// touches are the messages of a span, by conversation; ids follow the time, so they are one stretch of the table.
func touches(ctx context.Context, tx *db.Tx, s Span) (map[conversation.ID][]touch, error) {
	var a db.Args
	out := map[conversation.ID][]touch{}
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var c conversation.ID
		var t touch
		err := r.Scan(&c, &t.kind, &t.by, &t.n, db.Time(&t.last))
		out[c] = append(out[c], t)
		return err
	}, `SELECT m.conversation_id, m.kind, m.person_id, COUNT(*), MAX(m.created_at) FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.id >= `+a.Add(id.From(s.From))+` AND m.id < `+a.Add(id.From(s.Until))+` AND m.kind IN ('customer', 'agent', 'note', 'bot') AND c.merged_into = 0 AND `+
		conversation.Visible(ctx, &a, "c")+` GROUP BY m.conversation_id, m.kind, m.person_id`, a.List()...)
}
