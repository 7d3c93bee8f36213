package sequence

import (
	"cmp"
	"context"
	"slices"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// Would is whom a flow would have taken in.
type Would struct {
	Looked int  // facts with which it begins that were looked at
	Came   int  // customers for whom it would have begun
	Left   int  // of them something ended it early since then
	More   bool // there were more facts than are looked at
	Times  []Entry
}

// Entry is a customer for whom a flow would have begun.
type Entry struct {
	Contact      contact.ID
	Name         string
	Conversation conversation.ID
	At           time.Time
	Left         bool
}

const (
	mostLooked = 2000
	mostShown  = 10
)

// Try says whom a flow would have taken in since a time, from the log, each customer once, and who of them would have gone out early. Customers and
// conversations are looked at as they are now; the steps are not gone through. Nothing is changed.
func Try(ctx context.Context, tx *db.Tx, f Flow, since time.Time) (out Would, err error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return out, err
	}
	ctx = team.AsSystem(ctx)
	past, err := f.past(ctx, tx, since, &out)
	if err != nil {
		return out, err
	}
	in := map[contact.ID]int{}
	for _, e := range past {
		if e.Actor == actor(f.ID) {
			continue
		}
		if e.Kind == f.Start.When {
			out.Looked++
		}
		if err := f.replay(ctx, tx, e, in, &out); err != nil {
			return out, err
		}
	}
	slices.Reverse(out.Times)
	out.Times = out.Times[:min(len(out.Times), mostShown)]
	return out, nil
}

// past are the facts with which it begins and ends early, the oldest first.
func (f Flow) past(ctx context.Context, tx *db.Tx, since time.Time, out *Would) (list []event.Event, err error) {
	var kinds []string
	for _, k := range append([]Leave{{When: f.Start.When}}, f.Leave...) {
		if !automation.Hears(k.When) || slices.Contains(kinds, k.When) {
			continue
		}
		kinds = append(kinds, k.When)
		some, err := event.Newest(ctx, tx, k.When, event.ID(id.From(since)), mostLooked+1)
		if err != nil {
			return nil, err
		}
		if len(some) > mostLooked {
			some, out.More = some[:mostLooked], true
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b event.Event) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// replay lets a customer in or out. Each comes in once.
func (f Flow) replay(ctx context.Context, tx *db.Tx, e event.Event, in map[contact.ID]int, out *Would) error {
	c := automation.NewCase(ctx, tx, e, f.Owner)
	who, err := c.Customer()
	if err != nil || who.ID == 0 {
		return err
	}
	at, had := in[who.ID]
	if had {
		if out.Times[at].Left {
			return nil
		}
		left, err := f.leaves(c, e)
		if left {
			out.Times[at].Left = true
			out.Left++
		}
		return err
	}
	if e.Kind != f.Start.When {
		return nil
	}
	if so, err := c.Holds(f.Start.If); err != nil || !so {
		return err
	}
	in[who.ID] = len(out.Times)
	out.Came++
	out.Times = append(out.Times, Entry{Contact: who.ID, Name: who.Name, Conversation: c.Conversation(), At: e.At})
	return nil
}
