package contact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// Entry is one thing on a person's line.
type Entry struct {
	At    time.Time
	Kind  string // such as "conversation" or "contact.note": the page has a word for it
	Title string // what it is called, or its text; "" where the kind says all
	Ref   string // the id of what it leads to
	Stage Stage  // which part of his life it belongs to, if that is known
	Icon  string // in the sprite
}

// Timeline is everything that happened with a person, from every Part, the
// newest first, from before a moment (zero: now). The next page begins before
// the last entry of this one: what happened at one moment is never parted,
// unless it fills a page.
func Timeline(ctx context.Context, tx *db.Tx, id ID, before time.Time, limit int) ([]Entry, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if before.IsZero() {
		before = tx.Now().Add(time.Millisecond)
	}
	all, err := gather(ctx, tx, c.ID, before, limit+1)
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", c.ID, err)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Ref, a.Ref)) })
	return page(all, limit), nil
}

func gather(ctx context.Context, tx *db.Tx, id ID, before time.Time, limit int) ([]Entry, error) {
	all, err := ownEntries(ctx, tx, id, before, limit)
	if err != nil {
		return nil, err
	}
	noted, err := noteEntries(ctx, tx, id, before, limit)
	if err != nil {
		return nil, err
	}
	all = append(all, noted...)
	for _, p := range partsOf(tx) {
		if p.Line == nil {
			continue
		}
		more, err := p.Line(ctx, tx, id, before, limit)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		all = append(all, more...)
	}
	return all, nil
}

// page cuts at limit, between two moments if it can.
func page(all []Entry, limit int) []Entry {
	if len(all) <= limit {
		return all
	}
	cut := limit
	for cut > 0 && all[cut-1].At.Equal(all[limit].At) {
		cut--
	}
	if cut == 0 {
		return all[:limit]
	}
	return all[:cut]
}

// shownKinds are the facts of this package that the line shows.
var shownKinds = map[string]string{
	Created{}.EventKind():      "user-plus",
	StageChanged{}.EventKind(): "flag",
	Merged{}.EventKind():       "merge",
	Unmerged{}.EventKind():     "split",
	Blocked{}.EventKind():      "ban",
	Unblocked{}.EventKind():    "circle-check",
}

// ownEntries come from the log. It is read in pieces, because most of what it
// says of a person (who looked at him) is not shown.
func ownEntries(ctx context.Context, tx *db.Tx, who ID, before time.Time, limit int) (list []Entry, err error) {
	at := event.ID(math.MaxInt64)
	if before.Before(tx.Now()) {
		at = event.ID(id.From(before.Add(time.Second))) // ids may be a little ahead of the clock
	}
	for {
		events, err := event.Of(ctx, tx, who.String(), at, 200)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			at = e.ID
			icon, ok := shownKinds[e.Kind]
			if ok && e.At.Before(before) {
				list = append(list, entryOf(e, icon))
			}
			if len(list) == limit {
				return list, nil
			}
		}
		if len(events) < 200 {
			return list, nil
		}
	}
}

func entryOf(e event.Event, icon string) Entry {
	entry := Entry{At: e.At, Kind: e.Kind, Ref: e.Subject, Icon: icon}
	if e.Kind == (StageChanged{}).EventKind() {
		var f StageChanged
		if json.Unmarshal(e.Body, &f) == nil {
			entry.Stage, entry.Title = f.To, string(f.To)
		}
	}
	return entry
}

func noteEntries(ctx context.Context, tx *db.Tx, who ID, before time.Time, limit int) ([]Entry, error) {
	if team.From(ctx).Masked {
		return nil, nil
	}
	list, err := db.All(ctx, tx, scanNote, `SELECT `+noteColumns+` FROM contact_note WHERE contact_id = $1 AND created_at < $2 ORDER BY id DESC`+db.Limit(limit),
		who, before)
	entries := make([]Entry, len(list))
	for i, n := range list {
		entries[i] = Entry{At: n.CreatedAt, Kind: "contact.note", Title: n.Text, Ref: n.ID.String(), Icon: "sticky-note"}
	}
	return entries, err
}
