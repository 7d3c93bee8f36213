// Package slackdouble is a Slack for tests: an HTTP server that answers as Slack's Web API does, and signs what it tells as Slack does. It checks
// what it gets as Slack checks it, so a test that passes here has not talked nonsense; what it cannot know is Slack's own faults.
package slackdouble

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Message is what stands in a channel.
type Message struct {
	TS, Thread string
	User       string // who wrote it; the bot
	Text       string
	Blocks     []Block
	Meta       string // event_payload.post
	Edits      int
	Deleted    bool
}

// Channel is a room.
type Channel struct {
	ID, Name                  string
	Private, Member, Archived bool
	Direct                    string // of one person
	Messages                  []*Message
}

// User is somebody.
type User struct {
	ID, Name, Email    string
	Team               string // another workspace's, of strangers
	Unconfirmed, Bot   bool
	Deleted, Forbidden bool
}

// Whisper is what one person was told.
type Whisper struct{ User, Channel, Thread, Text string }

// Double is a workspace.
type Double struct {
	*httptest.Server
	Key, Name, Token, Signing, Bot string
	Scopes                         string

	mu       sync.Mutex
	clock    func() time.Time
	tick     int
	channels []*Channel
	users    []*User
	whispers []Whisper
	calls    map[string]int
	faults   []string
	plans    []plan
}

// plan is what happens to the next calls of a method.
type plan struct {
	method string
	left   int
	do     func(w http.ResponseWriter) bool // true: it answered; the call did not happen
	lost   bool                             // the call happens, the answer is lost
}

// New opens a workspace with a bot.
func New(clock func() time.Time) *Double {
	d := &Double{Key: "T0DALBIT", Name: "Dalbit", Token: "xoxb-100200300400-abcdefABCDEF", Signing: "8f742231b10e8888abcd99badc0ffee0", Bot: "U0BARAJI", clock: clock, calls: map[string]int{},
		Scopes: "channels:history,channels:join,channels:read,chat:write,groups:history,groups:read,im:history,im:write,metadata.message:read,users:read,users:read.email"}
	d.users = append(d.users, &User{ID: d.Bot, Name: "baraji", Bot: true})
	d.Server = httptest.NewServer(http.HandlerFunc(d.serve))
	return d
}

// API is where its Web API is.
func (d *Double) API() string { return d.URL + "/api/" }

// AddChannel makes a channel.
func (d *Double) AddChannel(id, name string, private, member bool) *Channel {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &Channel{ID: id, Name: name, Private: private, Member: member}
	d.channels = append(d.channels, c)
	return c
}

// AddUser makes somebody.
func (d *Double) AddUser(u User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users = append(d.users, &u)
}

// Change does something to the workspace.
func (d *Double) Change(fn func(d *Double)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fn(d)
}

// Channel finds one, without looking whether it is open to us. Only within Change, or when nothing runs.
func (d *Double) Channel(id string) *Channel {
	for _, c := range d.channels {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// DirectOf is the room of one person; nil: nobody wrote to them.
func (d *Double) DirectOf(user string) *Channel {
	for _, c := range d.channels {
		if c.Direct == user {
			return c
		}
	}
	return nil
}

// Standing are the messages that stand in a channel, heads and lines, in order.
func (d *Double) Standing(channel string) (list []Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.Channel(channel)
	if c == nil {
		return nil
	}
	for _, m := range c.Messages {
		if !m.Deleted {
			list = append(list, *m)
		}
	}
	return list
}

// Whispers are what single people were told so far.
func (d *Double) Whispers() []Whisper {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Whisper{}, d.whispers...)
}

// Calls says how often a method was called.
func (d *Double) Calls(method string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls[method]
}

// Faults is what Slack would not have understood.
func (d *Double) Faults() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string{}, d.faults...)
}

// Limit makes the next n calls of a method be answered 429.
func (d *Double) Limit(method string, n, seconds int) {
	d.plan(plan{method: method, left: n, do: func(w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}})
}

// Ail makes the next n calls of a method be answered 503.
func (d *Double) Ail(method string, n int) {
	d.plan(plan{method: method, left: n, do: func(w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}})
}

// Lose makes the next n calls of a method happen, and their answers be lost.
func (d *Double) Lose(method string, n int) { d.plan(plan{method: method, left: n, lost: true}) }

func (d *Double) plan(p plan) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.plans = append(d.plans, p)
}

// next is what is planned for a call.
func (d *Double) next(method string) *plan {
	for i := range d.plans {
		if p := &d.plans[i]; p.method == method && p.left > 0 {
			p.left--
			return p
		}
	}
	return nil
}

func (d *Double) stamp() string {
	d.tick++
	return fmt.Sprintf("%d.%06d", d.clock().Unix(), d.tick)
}
