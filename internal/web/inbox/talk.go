package inbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/automation"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/notice"
	"baraji/internal/runbook"
	"baraji/internal/sla"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

// page is the list and, if one is open, a conversation.
type page struct {
	List listing
	Talk *talk
}

func (p page) show() string {
	if p.Talk != nil {
		return "talk"
	}
	return "list"
}

// talk is a conversation as the middle of the page shows it, with its customer.
type talk struct {
	conversation.Conversation
	Clocks    sla.Clocks
	Promised  sla.Promise // what they run against
	View      view
	Door      inbox.Inbox
	Entries   []entry
	Before    conversation.MessageID // where the page before begins; 0: this is the first
	People    map[team.ID]string
	Teams     []team.Team
	rules     map[automation.ID]string // where one did something here
	Followers []team.ID
	Following bool
	Relations []conversation.Relation
	Survivor  conversation.Conversation // of one that was merged away
	Move      conversation.Move         // that can be undone; zero: none
	Watchers  []string
	Incidents []incident.Incident // that it is about
	Runs      []runbook.Run       // of runbooks, the last first
	Composer  composer
	Side      side
	NewSince  conversation.MessageID // read up to here before this look
	Told      bool                   // a notice about it waits for whoever looks
	HasRead   conversation.MessageID // the visitor of a chat has read up to here; 0: nothing, or it is none
}

// entry is one thing in the course of a talk: a message, something that happened,
// or the day on which the rest happens.
type entry struct {
	At      time.Time
	Day     bool
	Event   happening
	Message *conversation.Message
	States  []email.RecipientState
	New     bool // the first that was not read before

	fact event.Event // what Event says in words
}

// talkMessages is how many messages are shown at once.
const talkMessages = 50

// number leads from what people call a conversation to its page.
func (a *area) number(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.ParseInt(strings.TrimPrefix(r.PathValue("number"), "#"), 10, 64)
	if err != nil {
		return problem.New(problem.NotFound, "There is no such conversation.")
	}
	var c conversation.Conversation
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) { c, err = conversation.ByNumber(r.Context(), tx, n); return err })
	if err != nil {
		return err
	}
	ui.Redirect(w, r, "/inbox/"+c.ID.String()+"?view=all")
	return nil
}

// open shows a conversation, beside its list or alone.
func (a *area) open(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	v, err := viewOf(r)
	if err != nil {
		return err
	}
	before, _ := readMessageID(r.URL.Query().Get("before"))
	var p page
	var looked bool
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		talk := func(tx *db.Tx) (err error) {
			if p.Talk, err = a.readTalk(r.Context(), tx, id, v, before); err != nil {
				return err
			}
			looked, err = contact.Looked(r.Context(), tx, p.Talk.Contact)
			return err
		}
		if ui.Fragment(r) {
			return talk(tx)
		}
		return tx.Together(r.Context(), talk, func(tx *db.Tx) (err error) {
			p.List, err = readList(r.Context(), tx, v)
			p.List.Current = id
			return err
		})
	})
	if err != nil {
		return err
	}
	p.Talk.Watchers = a.watchers.others(id, team.From(r.Context()), a.DB.Now())
	switch {
	case r.URL.Query().Get("part") == "before":
		ui.Render(w, r, http.StatusOK, earlier(*p.Talk))
	case ui.Fragment(r):
		ui.Render(w, r, http.StatusOK, talkParts(*p.Talk))
	default:
		ui.Render(w, r, http.StatusOK, pageView(p))
	}
	ui.Sent(w)
	if err := a.noteLook(r.WithContext(context.WithoutCancel(r.Context())), p.Talk, looked); err != nil { // also if he is gone
		a.Log.Error("note that a conversation was read", "conversation", id, "error", err)
	}
	return nil
}

// noteLook writes down that somebody read the conversation, and looked at the
// customer's data; a second look within the hour costs no write.
func (a *area) noteLook(r *http.Request, t *talk, looked bool) error {
	newest := t.newest()
	if r.Header.Get("X-Hidden") != "" {
		return nil // a page that nobody has before him fetched itself anew
	}
	if newest <= t.NewSince && looked && !t.Told {
		return nil
	}
	err := a.DB.Write(r.Context(), func(tx *db.Tx) error {
		if newest > t.NewSince {
			if err := conversation.Seen(r.Context(), tx, t.ID, newest); err != nil {
				return err
			}
		}
		if t.Told || newest > t.NewSince {
			if err := notice.ReadAbout(r.Context(), tx, t.ID.String()); err != nil {
				return err
			}
		}
		if looked || t.Contact == 0 {
			return nil
		}
		err := contact.View(r.Context(), tx, t.Contact, desk.From(r))
		if problem.KindOf(err) == problem.NotFound || problem.KindOf(err) == problem.Forbidden {
			return nil // erased in the meantime, or not shown at all
		}
		return err
	})
	if err != nil || newest <= t.NewSince || t.Channel != chat.Channel {
		return err
	}
	return a.tellVisitors(r.Context(), t.ID, "change") // he sees that it was read
}

func (t *talk) newest() (id conversation.MessageID) {
	for _, e := range t.Entries {
		if e.Message != nil {
			id = max(id, e.Message.ID)
		}
	}
	return id
}

func (a *area) readTalk(ctx context.Context, tx *db.Tx, id conversation.ID, v view, before conversation.MessageID) (*talk, error) {
	t := &talk{View: v}
	var err error
	if t.Conversation, err = conversation.Get(ctx, tx, id); err != nil {
		return t, err
	}
	var c talkCourse
	err = tx.Together(ctx,
		func(tx *db.Tx) (err error) { t.Clocks, t.Promised, err = sla.Whole(ctx, tx, id); return err },
		func(tx *db.Tx) error { return t.readDoor(ctx, tx) },
		db.Into(ctx, &t.People, team.Names),
		db.Into(ctx, &t.Teams, team.Teams),
		func(tx *db.Tx) (err error) { t.NewSince, err = conversation.SeenUpTo(ctx, tx, id); return err },
		func(tx *db.Tx) (err error) { t.Told, err = notice.IsAbout(ctx, tx, id.String()); return err },
		func(tx *db.Tx) (err error) { t.Runs, err = runbook.Of(ctx, tx, id); return err },
		func(tx *db.Tx) (err error) { c, err = readCourse(ctx, tx, id, before); return err },
		func(tx *db.Tx) error { return t.readRelated(ctx, tx) },
		func(tx *db.Tx) (err error) { t.HasRead, err = chat.ReadUpTo(ctx, tx, id); return err },
		func(tx *db.Tx) (err error) { t.Side, err = readSide(ctx, tx, t.Conversation); return err },
	)
	if err != nil {
		return t, fmt.Errorf("read %s: %w", id, err)
	}
	t.tell(ctx, c)
	t.Composer, err = readComposer(ctx, tx, *t)
	t.mask(ctx)
	return t, err
}

func (t *talk) readDoor(ctx context.Context, tx *db.Tx) (err error) {
	t.Door, err = inbox.Get(ctx, tx, t.Inbox)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	return err
}

func (t *talk) readRelated(ctx context.Context, tx *db.Tx) error {
	return tx.Together(ctx,
		func(tx *db.Tx) (err error) {
			t.Followers, err = conversation.Followers(ctx, tx, t.ID)
			t.Following = slices.Contains(t.Followers, team.From(ctx).Person)
			return err
		},
		func(tx *db.Tx) (err error) { t.Relations, err = conversation.Relations(ctx, tx, t.ID); return err },
		func(tx *db.Tx) (err error) { t.Incidents, err = incident.Of(ctx, tx, t.ID); return err },
		func(tx *db.Tx) error { return t.readSurvivor(ctx, tx) },
		func(tx *db.Tx) error {
			move, ok, err := conversation.LastMove(ctx, tx, t.ID)
			if ok {
				t.Move = move
			}
			return err
		},
	)
}

func (t *talk) readSurvivor(ctx context.Context, tx *db.Tx) (err error) {
	if t.MergedInto == 0 {
		return nil
	}
	t.Survivor, err = conversation.Survivor(ctx, tx, t.ID)
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	return err
}

// talkCourse is what was said and what happened, as it was read.
type talkCourse struct {
	before   conversation.MessageID // there are messages before this one; 0: there are none
	messages []conversation.Message
	states   map[conversation.MessageID][]email.RecipientState
	events   []event.Event
	rules    map[automation.ID]string
}

func readCourse(ctx context.Context, tx *db.Tx, id conversation.ID, before conversation.MessageID) (c talkCourse, err error) {
	err = tx.Together(ctx, func(tx *db.Tx) (err error) {
		if c.messages, err = conversation.Messages(ctx, tx, id, before, talkMessages+1); err != nil {
			return err
		}
		if len(c.messages) > talkMessages {
			c.messages = c.messages[1:]
			c.before = c.messages[0].ID
		}
		var sent []conversation.MessageID
		for _, m := range c.messages {
			if m.Kind == conversation.FromAgent || m.Kind == conversation.FromBot {
				sent = append(sent, m.ID)
			}
		}
		c.states, err = email.RecipientStates(ctx, tx, sent)
		return err
	}, func(tx *db.Tx) (err error) {
		if c.events, err = event.Of(ctx, tx, id.String(), event.ID(before), 2*talkMessages); err != nil {
			return err
		}
		if slices.ContainsFunc(c.events, func(e event.Event) bool { return automation.ActorOf(e.Actor) != 0 }) {
			c.rules, err = automation.Names(ctx, tx)
		}
		return err
	})
	return c, err
}

// tell puts messages and what happened into one course.
func (t *talk) tell(ctx context.Context, c talkCourse) {
	t.Before, t.rules = c.before, c.rules
	var list []entry
	for i := range c.messages {
		m := &c.messages[i]
		list = append(list, entry{At: m.CreatedAt, Message: m, States: c.states[m.ID]})
	}
	for _, e := range slices.Backward(c.events) {
		if t.Before != 0 && len(c.messages) > 0 && e.At.Before(c.messages[0].CreatedAt) {
			continue
		}
		if h := t.happened(ctx, e); h.Text != "" {
			list = append(list, entry{At: e.At, Event: h, fact: e})
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int { return a.At.Compare(b.At) })
	t.Entries = t.withDays(ctx, t.together(ctx, list))
}

// happened says in words what an event tells.
func (t *talk) happened(ctx context.Context, e event.Event) happening {
	if strings.HasPrefix(e.Kind, "runbook.") {
		return t.followed(ctx, e)
	}
	return happened(ctx, e, t.People, t.Teams, t.rules)
}

// together makes one line of the tags that somebody put on, or took off, one
// right after another.
func (t *talk) together(ctx context.Context, course []entry) (out []entry) {
	for _, e := range course {
		if len(out) == 0 || !e.follows(out[len(out)-1]) {
			out = append(out, e)
			continue
		}
		last := &out[len(out)-1]
		last.fact.Body = moreTags(last.fact.Body, e.fact.Body)
		last.Event = happened(ctx, last.fact, t.People, t.Teams, t.rules)
	}
	return out
}

// follows says that two entries are about tags, by the same person, within a minute.
func (e entry) follows(last entry) bool {
	return strings.HasSuffix(e.fact.Kind, "tagged") && e.fact.Kind == last.fact.Kind && e.fact.Actor == last.fact.Actor && e.At.Sub(last.At) < time.Minute
}

// withDays puts a line wherever a new day begins, and marks the first message
// that was not read before.
func (t *talk) withDays(ctx context.Context, course []entry) (out []entry) {
	zone := i18n.Of(ctx).Zone
	var day string
	marked := t.NewSince == 0
	for _, e := range course {
		if d := e.At.In(zone).Format(time.DateOnly); d != day {
			day = d
			out = append(out, entry{At: e.At, Day: true})
		}
		if !marked && e.Message != nil && e.Message.ID > t.NewSince && e.Message.Kind == conversation.FromCustomer {
			e.New, marked = true, true
		}
		out = append(out, e)
	}
	return out
}

func readMessageID(s string) (id conversation.MessageID, err error) {
	err = id.UnmarshalText([]byte(s))
	return id, err
}

// owner is the name of who looks after the conversation, or "".
func (t talk) owner() string { return t.People[t.Assignee] }

func (t talk) may(ctx context.Context, r team.Right) bool { return team.From(ctx).Can(r) }
