package inbox

import (
	"context"
	"net/http"
	"strconv"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/sla"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// listing is the list at the left.
type listing struct {
	View    view
	Rows    []row
	Next    string // address of what follows, as a piece; "" at the end
	Page    string // the same as a page of its own
	Counts  map[string]int
	Current conversation.ID
	Teams   []team.Team // to filter by
	Inboxes []inbox.Inbox
}

// row is one conversation of the list.
type row struct {
	conversation.Conversation
	New    bool
	Clocks sla.Clocks
	Who    string // who looks after it, where the view does not say
}

// list shows a view.
func (a *area) list(w http.ResponseWriter, r *http.Request) error {
	v, err := viewOf(r)
	if err != nil {
		return err
	}
	p := page{}
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		p.List, err = readList(r.Context(), tx, v)
		return err
	})
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("part") {
	case "list":
		return a.listPart(w, r, p.List)
	case "more":
		ui.Render(w, r, http.StatusOK, rows(p.List))
		return nil
	}
	ui.Render(w, r, http.StatusOK, pageView(p))
	return nil
}

// listPart is the list alone, with the numbers that the navigation shows.
func (a *area) listPart(w http.ResponseWriter, r *http.Request, l listing) (err error) {
	if err := l.Current.UnmarshalText([]byte(r.URL.Query().Get("open"))); err != nil {
		l.Current = 0
	}
	if l.Counts, err = a.QueueCounts(r.Context()); err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, listPane(l))
	return nil
}

func readList(ctx context.Context, tx *db.Tx, v view) (l listing, err error) {
	l.View = v
	list, next, err := conversation.List(ctx, tx, v.filter(ctx), conversation.Page{Sort: v.Sort, After: v.After, Limit: v.limit()})
	if err != nil {
		return l, err
	}
	if next != "" {
		l.Next, l.Page = v.part(0, "part", "more", "after", next), v.part(0, "after", next)
	}
	ids := make([]conversation.ID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	var unread map[conversation.ID]bool
	var clocks map[conversation.ID]sla.Clocks
	var names map[team.ID]string
	err = tx.Together(ctx,
		func(tx *db.Tx) (err error) { unread, err = conversation.Unread(ctx, tx, ids); return err },
		func(tx *db.Tx) (err error) { clocks, err = sla.Of(ctx, tx, ids...); return err },
		func(tx *db.Tx) (err error) { names, err = owners(ctx, tx, v, list); return err },
	)
	masked := team.From(ctx).Masked
	for _, c := range list {
		if masked {
			c.ContactName = maskName(c.ContactName)
		}
		l.Rows = append(l.Rows, row{Conversation: c, New: unread[c.ID], Clocks: clocks[c.ID], Who: names[c.Assignee]})
	}
	return l, err
}

// owners are the names of those who look after the conversations, where the view
// does not say who it is.
func owners(ctx context.Context, tx *db.Tx, v view, list []conversation.Conversation) (map[team.ID]string, error) {
	if v.Name == "mine" || v.Name == "unassigned" {
		return nil, nil
	}
	for _, c := range list {
		if c.Assignee != 0 {
			return team.Names(ctx, tx)
		}
	}
	return nil, nil
}

// rest says how many rows the list shows, for its next look.
func (l listing) self() string {
	v := l.View
	if len(l.Rows) > pageRows {
		return v.part(0, "part", "list", "rows", strconv.Itoa(len(l.Rows)))
	}
	return v.part(0, "part", "list")
}

func session(ctx context.Context) team.Session { return desk.Session(ctx) }

// surprises says that a stage is not the one of most rows: a mark on every row
// would say nothing.
func (l listing) surprises(s conversation.Stage) bool {
	same := 0
	for _, r := range l.Rows {
		if r.Stage == s {
			same++
		}
	}
	return 2*same <= len(l.Rows)
}
