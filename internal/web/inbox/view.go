package inbox

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// views says what stands in each view of the inbox.
var views = map[string]func(team.Actor) conversation.Filter{
	"mine":       func(a team.Actor) conversation.Filter { return conversation.Filter{Status: open, Assignee: &a.Person} },
	"unassigned": func(team.Actor) conversation.Filter { return conversation.Filter{Status: open, Assignee: new(team.ID)} },
	"teams": func(a team.Actor) conversation.Filter {
		return conversation.Filter{Status: open, Teams: notNil(a.Teams)}
	},
	"mentions":  func(a team.Actor) conversation.Filter { return conversation.Filter{Mentioned: a.Person} },
	"following": func(a team.Actor) conversation.Filter { return conversation.Filter{Follower: a.Person} },
	"all":       func(team.Actor) conversation.Filter { return conversation.Filter{Status: open} },
	"pending":   func(team.Actor) conversation.Filter { return only(conversation.Pending) },
	"snoozed":   func(team.Actor) conversation.Filter { return only(conversation.Snoozed) },
	"solved":    func(team.Actor) conversation.Filter { return only(conversation.Solved) },
}

var open = []conversation.Status{conversation.Open}

func only(s conversation.Status) conversation.Filter {
	return conversation.Filter{Status: []conversation.Status{s}}
}

// notNil: no teams are no conversations, not all of them.
func notNil(teams []team.TeamID) []team.TeamID {
	if teams == nil {
		return []team.TeamID{}
	}
	return teams
}

// view is a list as its address names it.
type view struct {
	Name  string
	Tag   string
	Team  team.TeamID
	Inbox inbox.ID
	Sort  conversation.Sort
	After string
	Rows  int // how many rows a live list shows already; 0: one page
}

const (
	pageRows = 30
	mostRows = 300
)

// viewOf reads the address of a list.
func viewOf(r *http.Request) (view, error) { return readView(r.URL.Query()) }

func readView(q url.Values) (view, error) {
	v := view{Name: q.Get("view"), Tag: q.Get("tag"), Sort: conversation.Sort(q.Get("sort")), After: q.Get("after")}
	if v.Name == "" {
		v.Name = "mine"
	}
	if views[v.Name] == nil {
		return v, problem.New(problem.NotFound, "There is no such view.")
	}
	v.Rows, _ = strconv.Atoi(q.Get("rows"))
	v.Rows = min(max(v.Rows, 0), mostRows)
	err := v.Team.UnmarshalText([]byte(q.Get("team")))
	if err == nil {
		err = v.Inbox.UnmarshalText([]byte(q.Get("inbox")))
	}
	if err != nil {
		return v, problem.New(problem.NotFound, "There is no such view.")
	}
	return v, nil
}

// filter is what the view leaves for whoever acts.
func (v view) filter(ctx context.Context) conversation.Filter {
	f := views[v.Name](team.From(ctx))
	f.Tag, f.Inbox = v.Tag, v.Inbox
	if v.Team != 0 {
		f.Team = &v.Team
	}
	return f
}

// filtered says whether more than the view narrows the list.
func (v view) filtered() bool { return v.Tag != "" || v.Team != 0 || v.Inbox != 0 }

func (v view) limit() int {
	if v.Rows > pageRows {
		return v.Rows
	}
	return pageRows
}

// query is the view as the query of an address; "" for the usual one.
func (v view) query() string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if v.Name != "mine" {
		q.Set("view", v.Name)
	}
	set("tag", v.Tag)
	set("team", v.Team.String())
	set("inbox", v.Inbox.String())
	set("sort", string(v.Sort))
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// url is the address of the list, or with of that conversation in it.
func (v view) url(with conversation.ID) string {
	if with == 0 {
		return "/inbox" + v.query()
	}
	return "/inbox/" + with.String() + v.query()
}

// part is the address of a piece of the page.
func (v view) part(with conversation.ID, pairs ...string) string {
	q, _ := url.ParseQuery(trimMark(v.query()))
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	v.Name, v.Tag, v.Team, v.Inbox, v.Sort = "mine", "", 0, 0, ""
	return v.url(with) + "?" + q.Encode()
}

func trimMark(s string) string {
	if s == "" {
		return s
	}
	return s[1:]
}

func (v view) title(ctx context.Context) string { return i18n.T(ctx, "inbox.view_"+v.Name) }

// idOf reads the id in the address of a page; what is none is not there.
func idOf[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](r *http.Request, what func() error) (T, error) {
	var v T
	if err := P(&v).UnmarshalText([]byte(r.PathValue("id"))); err != nil || r.PathValue("id") == "" {
		return v, what()
	}
	return v, nil
}

func conversationID(r *http.Request) (conversation.ID, error) {
	return idOf[conversation.ID](r, func() error { return problem.New(problem.NotFound, "There is no such conversation.") })
}

func messageID(r *http.Request) (conversation.MessageID, error) {
	return idOf[conversation.MessageID](r, func() error { return problem.New(problem.NotFound, "There is no such message.") })
}

func attachmentID(r *http.Request) (conversation.AttachmentID, error) {
	return idOf[conversation.AttachmentID](r, func() error { return problem.New(problem.NotFound, "There is no such file.") })
}

// without is the list without one of its filters.
func (v view) without(what string) view {
	switch what {
	case "tag":
		v.Tag = ""
	case "team":
		v.Team = 0
	case "inbox":
		v.Inbox = 0
	}
	return v
}

// filterURL is where the filters of the list are chosen.
func (v view) filterURL() string { return "/inbox/filter" + v.query() }
