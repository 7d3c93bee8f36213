package desk

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/ui"
)

// queue is a view of the inbox as the navigation shows it. What is in it, is
// said by web/inbox.
type queue struct {
	name, icon string
	count      func(conversation.Counts) int
	hot        bool
}

// queues are the views that somebody works through; states are all the rest.
var (
	queues = []queue{
		{"mine", "user-round", func(c conversation.Counts) int { return c.Mine }, false},
		{"unassigned", "inbox", func(c conversation.Counts) int { return c.Unassigned }, true},
		{"teams", "users-round", func(c conversation.Counts) int { return c.Teams }, false},
		{"mentions", "at-sign", func(c conversation.Counts) int { return c.Mentions }, false},
		{"following", "eye", nil, false},
	}
	states = []queue{
		{"all", "message-circle", func(c conversation.Counts) int { return c.All }, false},
		{"pending", "hourglass", func(c conversation.Counts) int { return c.Pending }, false},
		{"snoozed", "alarm-clock", func(c conversation.Counts) int { return c.Snoozed }, false},
		{"solved", "circle-check", nil, false},
	}
)

// groups are the ways through the inbox, shown while one is in it.
func (d *Desk) groups(ctx context.Context, r *http.Request, c conversation.Counts, held int) []ui.Group {
	here := inboxView(r)
	if here == "" || !team.From(ctx).Can(team.ReadConversations) {
		return nil
	}
	views := ui.Group{Head: i18n.T(ctx, "inbox.views"), Links: links(ctx, queues, c, here)}
	rest := ui.Group{Head: i18n.T(ctx, "inbox.states"), Links: links(ctx, states, c, here)}
	if held > 0 {
		rest.Links = append(rest.Links, ui.Link{Label: i18n.T(ctx, "inbox.quarantine"), URL: "/settings/quarantine", Icon: "shield-alert", Count: held, Hot: true,
			Current: strings.HasPrefix(r.URL.Path, "/settings/quarantine")})
	}
	return []ui.Group{views, rest}
}

func links(ctx context.Context, list []queue, c conversation.Counts, here string) (out []ui.Link) {
	for _, q := range list {
		l := ui.Link{Label: i18n.T(ctx, "inbox.view_"+q.name), URL: "/inbox?view=" + q.name, Icon: q.icon, Current: q.name == here}
		if q.count != nil {
			l.Count = q.count(c)
			l.Hot = q.hot && l.Count > 0
		}
		out = append(out, l)
	}
	return out
}

// inboxView is the view that a page of the inbox shows, "-" for a page of it
// that shows none, "" elsewhere.
func inboxView(r *http.Request) string {
	switch {
	case r.URL.Path == "/search", strings.HasPrefix(r.URL.Path, "/settings/quarantine"), r.URL.Path == "/inbox/new":
		return "-"
	case r.URL.Path != "/inbox" && !strings.HasPrefix(r.URL.Path, "/inbox/"):
		return ""
	}
	if v := r.URL.Query().Get("view"); v != "" {
		return v
	}
	return "mine"
}

// countMore adds what the Counter does not know to the counts, and says how many
// mails are held.
func (d *Desk) countMore(ctx context.Context, tx *db.Tx, c *conversation.Counts) (held int, err error) {
	if c.Mentions, err = conversation.MentionCount(ctx, tx); err != nil {
		return 0, err
	}
	if team.From(ctx).Can(team.Quarantine) {
		held, err = email.QuarantineCount(ctx, tx)
	}
	return held, err
}

// QueueCounts is how many conversations stand in the views of whoever acts.
func (d *Desk) QueueCounts(ctx context.Context) (map[string]int, error) {
	c, err := d.Counts.Of(ctx)
	if err != nil {
		return nil, err
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error { _, err := d.countMore(ctx, tx, &c); return err })
	out := map[string]int{}
	for _, list := range [][]queue{queues, states} {
		for _, q := range list {
			if q.count != nil {
				out[q.name] = q.count(c)
			}
		}
	}
	return out, err
}
