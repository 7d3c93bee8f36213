package incident_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// hashed is made once: it takes a while on purpose.
var hashed = sync.OnceValue(func() team.Hashed {
	h, err := team.HashPassword("moonlight lamp")
	if err != nil {
		panic(err)
	}
	return h
})

// desk is a shop whose lamps are switched by an app.
type desk struct {
	*dbtest.Desk
	t      *testing.T
	jobs   *job.Runner
	broken *incident.Incidents
	in     inbox.Inbox
	lead   team.ID
	speaks func()          // when somebody is being told, in the transaction that tells him
	ctx    context.Context // of the lead
	mails  []incident.Letter
	refuse error // what the post office says
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, base *dbtest.Desk) {
		d := &desk{Desk: base, t: t, ctx: team.AsSystem(t.Context()), jobs: job.NewRunner(base.DB, slog.New(slog.DiscardHandler))}
		log := event.NewLog(base.DB, d.jobs)
		event.Within(log, "incident", incident.OnMerged)
		event.Within(log, "speaks", func(context.Context, *db.Tx, conversation.Replied) error {
			if d.speaks != nil {
				d.speaks()
			}
			return nil
		})
		keys, err := secret.New([]byte(strings.Repeat("k", 32)))
		if err != nil {
			t.Fatal(err)
		}
		db.Attach(base.DB, keys)
		d.broken = incident.New(incident.Parts{DB: base.DB, Jobs: d.jobs, Keys: keys, URL: "https://desk.example", Send: func(_ context.Context, l incident.Letter) error {
			if d.refuse == nil {
				d.mails = append(d.mails, l)
			}
			return d.refuse
		}})
		contact.Use(base.DB, conversation.Part(), incident.PartOf())
		d.do(func(tx *db.Tx) (err error) {
			if err = team.ChangeFirm(d.ctx, tx, team.Firm{Name: "Dalbit", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			if d.in, err = inbox.Create(d.ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"}); err != nil {
				return err
			}
			d.lead, err = team.MakePerson(d.ctx, tx, "seoyun@dalbit.example", "Seoyun", team.Agent, hashed())
			return err
		})
		d.do(func(tx *db.Tx) error {
			actor, err := team.ActorOf(d.ctx, tx, d.lead)
			d.ctx = team.With(d.ctx, actor)
			return err
		})
		fn(t, d)
	})
}

func (d *desk) do(fn func(tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.ctx, fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) drain() {
	d.t.Helper()
	if err := d.jobs.Drain(team.AsSystem(d.t.Context())); err != nil {
		d.t.Fatal(err)
	}
}

// customer is somebody with a tag and a language, who has not written.
func (d *desk) customer(name, language string, tags ...string) (who contact.Contact) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		sys := team.AsSystem(d.ctx)
		if who, _, err = contact.Resolve(sys, tx, contact.Sender{Name: name, Email: strings.ToLower(name) + "@customer.example"}); err != nil {
			return err
		}
		if who, err = contact.Update(sys, tx, who.ID, func(c *contact.Contact) error { c.Language = language; return nil }); err != nil {
			return err
		}
		return contact.Tag(sys, tx, who.ID, tags, nil)
	})
	return who
}

// asks is a customer who writes.
func (d *desk) asks(who contact.Contact, text string) conversation.ID {
	d.t.Helper()
	var got conversation.ReceivedIn
	d.do(func(tx *db.Tx) (err error) {
		got, err = conversation.Receive(team.AsSystem(d.ctx), tx, conversation.Inbound{Inbox: d.in, Contact: who, Message: conversation.Message{Subject: text, Text: text, FromAddress: who.Email}})
		return err
	})
	return got.Conversation
}

// opens opens an incident about the app.
func (d *desk) opens() (i incident.Incident) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		i, err = incident.Open(d.ctx, tx, incident.Given{Title: i18n.Text{i18n.English: "The app does not sign in", i18n.Korean: "앱 로그인이 되지 않음"}, Product: "Moon app", Version: "3.2",
			Words: "sign in, 로그인", Severity: "critical", Public: true})
		return err
	})
	return i
}

func (d *desk) says(i incident.ID, to incident.State, text string) (u incident.Update) {
	d.t.Helper()
	d.do(func(tx *db.Tx) (err error) {
		u, err = incident.Say(d.ctx, tx, incident.Update{Incident: i, State: to, Text: i18n.Text{i18n.English: text, i18n.Korean: "알림: " + text}, Public: true, Told: true})
		return err
	})
	return u
}

// heard is what was said to a customer, oldest first, over all his conversations.
func (d *desk) heard(who contact.Contact) (texts []string) {
	d.t.Helper()
	d.do(func(tx *db.Tx) error {
		sys := team.AsSystem(d.ctx)
		list, _, err := conversation.List(sys, tx, conversation.Filter{Contact: who.ID}, conversation.Page{Sort: conversation.Created, Limit: 50})
		texts = nil
		for _, c := range list {
			messages, err := conversation.Messages(sys, tx, c.ID, 0, 50)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if m.Kind == conversation.FromAgent {
					texts = append(texts, m.Text)
				}
			}
		}
		return err
	})
	return texts
}

func TestEverybodyIsToldOnceInHisLanguageWhereHeWrote(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		hana, ben, quiet, other := d.customer("Hana", "ko", "app"), d.customer("Ben", "en", "app"), d.customer("Quiet", "en", "app"), d.customer("Other", "en")
		talk := d.asks(hana, "로그인이 안 돼요")
		elsewhere := d.asks(ben, "Where is my parcel?")
		i := d.opens()
		d.do(func(tx *db.Tx) error {
			if err := incident.SetReach(d.ctx, tx, i.ID, []contact.Group{{Tag: "app"}}); err != nil {
				return err
			}
			if err := incident.Link(d.ctx, tx, i.ID, talk); err != nil {
				return err
			}
			h, err := incident.Hears(d.ctx, tx, i.ID)
			if want := (incident.Audience{All: 3, Wrote: 1, Mailed: 2}); h != want {
				t.Errorf("would tell %+v, want %+v", h, want)
			}
			return err
		})
		d.says(i.ID, incident.Identified, "A certificate ran out.")
		d.drain()
		for who, want := range map[*contact.Contact]string{&hana: "Hana님, 안녕하세요.\n\n알림: A certificate ran out.\n\n진행", &ben: "Hello Ben,\n\nA certificate ran out.\n\nHow", &quiet: "Hello Quiet,\n\nA cert"} {
			if got := d.heard(*who); len(got) != 1 || !strings.HasPrefix(got[0], want) || !strings.Contains(got[0], "https://desk.example/status/"+i.ID.String()) {
				t.Errorf("%s heard %q", who.Name, got)
			}
		}
		if got := d.heard(other); len(got) > 0 {
			t.Errorf("whom it does not concern heard %q", got)
		}
		d.do(func(tx *db.Tx) error {
			c, err := conversation.Get(d.ctx, tx, elsewhere)
			if err != nil {
				return err
			}
			if c.Messages != 1 {
				t.Errorf("Ben was told in his talk about a parcel")
			}
			c, err = conversation.Get(d.ctx, tx, talk)
			if c.Assignee != 0 || !c.WaitingSince.IsZero() || c.Messages != 2 {
				t.Errorf("after it was told: %+v", c)
			}
			return err
		})
		d.says(i.ID, incident.Resolved, "Renewed.")
		d.drain()
		for _, who := range []contact.Contact{hana, ben, quiet} {
			if got := d.heard(who); len(got) != 2 {
				t.Errorf("%s heard %d times: %q", who.Name, len(got), got)
			}
		}
		d.do(func(tx *db.Tx) error {
			_, n, err := incident.Links(d.ctx, tx, i.ID, 10)
			if n != 1 {
				t.Errorf("%d reported it; what we began ourselves does not count", n)
			}
			return err
		})
	})
}

// Who wrote twice is told in one of the two; the other says where, also when it is linked later, and is solved with it.
func TestTheOtherConversationSaysWhereOneWasTold(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		hana := d.customer("Hana", "ko", "app")
		first, second, third := d.asks(hana, "로그인이 안 돼요"), d.asks(hana, "앱이 꺼져요"), d.asks(hana, "또 안 돼요")
		i := d.opens()
		link := func(talk conversation.ID) {
			d.do(func(tx *db.Tx) error { return incident.Link(d.ctx, tx, i.ID, talk) })
		}
		link(first)
		link(second)
		d.Clock.Advance(time.Minute)
		d.says(i.ID, incident.Identified, "A certificate ran out.")
		d.drain()
		link(third)
		d.drain()
		say := func(when string, wanted map[conversation.ID]int) {
			t.Helper()
			d.do(func(tx *db.Tx) error {
				for talk, want := range wanted {
					list, err := event.Of(d.ctx, tx, talk.String(), 0, 100)
					if err != nil {
						return err
					}
					got := 0
					for _, e := range list {
						if e.Kind == "incident.told_elsewhere" && strings.Contains(string(e.Body), second.String()) {
							got++
						}
					}
					if got != want {
						t.Errorf("%s: %s says %d times where he was told, want %d", when, talk, got, want)
					}
				}
				return nil
			})
		}
		say("told", map[conversation.ID]int{first: 1, second: 0, third: 1})
		if got := d.heard(hana); len(got) != 1 {
			t.Errorf("he heard %q", got)
		}
		d.do(func(tx *db.Tx) error {
			_, err := incident.Say(d.ctx, tx, incident.Update{Incident: i.ID, State: incident.Resolved, Text: i18n.Text{"ko": "고쳤어요."}, Told: true, Solves: true})
			return err
		})
		d.drain()
		say("solved", map[conversation.ID]int{first: 2, second: 0, third: 2})
		d.do(func(tx *db.Tx) error {
			for _, talk := range []conversation.ID{first, second, third} {
				if c, err := conversation.Get(d.ctx, tx, talk); err != nil || c.Status != conversation.Solved {
					t.Errorf("%s is %s, %v", talk, c.Status, err)
				}
			}
			return nil
		})
	})
}

func TestWhoIsLinkedLaterIsToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		i := d.opens()
		d.says(i.ID, incident.Investigating, "We look.")
		d.says(i.ID, incident.Identified, "A certificate ran out.")
		d.drain()
		hana := d.customer("Hana", "en")
		first, second := d.asks(hana, "I cannot sign in"), d.asks(hana, "sign in broken still")
		d.do(func(tx *db.Tx) error { return incident.Link(d.ctx, tx, i.ID, first) })
		d.drain()
		d.do(func(tx *db.Tx) error { return incident.Link(d.ctx, tx, i.ID, second) })
		d.drain()
		if got := d.heard(hana); len(got) != 1 || !strings.Contains(got[0], "A certificate ran out.") {
			t.Errorf("heard %q; want the last update, once", got)
		}
	})
}

// killed is the process dying in the middle of a job: its transaction is not committed, and it does nothing more.
var errKilled = errors.New("killed")

func TestNobodyIsToldTwiceWhenTheJobIsKilled(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		var all []contact.Contact
		for n := range 12 {
			all = append(all, d.customer(fmt.Sprintf("C%d", n), "en", "app"))
		}
		i := d.opens()
		d.do(func(tx *db.Tx) error { return incident.SetReach(d.ctx, tx, i.ID, []contact.Group{{Tag: "app"}}) })
		d.says(i.ID, incident.Identified, "Found.")
		kills := 0
		for {
			ctx, kill := context.WithCancelCause(team.AsSystem(d.t.Context()))
			var spoken atomic.Int32
			d.speaks = func() { // dies in the middle of telling the third
				if spoken.Add(1) == 3 {
					kill(errKilled)
				}
			}
			err := d.jobs.Drain(ctx)
			done := ctx.Err() == nil
			kill(nil)
			if done && err == nil {
				break
			}
			kills++
			if kills > 20 {
				t.Fatal("it does not come to an end")
			}
			d.Clock.Advance(10 * time.Minute) // the lease of the dead runs out
		}
		for _, who := range all {
			if got := d.heard(who); len(got) != 1 {
				t.Errorf("%s heard %d times", who.Name, len(got))
			}
		}
		t.Logf("%d kills", kills)
		if kills < 3 {
			t.Errorf("%d kills show little", kills)
		}
	})
}

func TestWhoMayNotAndWhatMayNot(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		i := d.opens()
		partner := team.With(d.ctx, team.Actor{Person: d.lead, Rights: []team.Right{team.ReadConversations, team.Handle, team.Note, team.Reply}, See: team.SeeTeams})
		refused := func(what string, want problem.Kind, fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(d.ctx, fn); problem.KindOf(err) != want || err == nil {
				t.Errorf("%s: %v, want %s", what, err, want)
			}
		}
		refused("a partner tells everybody", problem.Forbidden, func(tx *db.Tx) error {
			_, err := incident.Say(partner, tx, incident.Update{Incident: i.ID, State: incident.Resolved, Text: i18n.Text{i18n.English: "x"}})
			return err
		})
		hana := d.customer("Hana", "en")
		talk := d.asks(hana, "sign in")
		refused("a partner links what he does not see", problem.NotFound, func(tx *db.Tx) error { return incident.Link(partner, tx, i.ID, talk) })
		refused("a review before the end", problem.Conflict, func(tx *db.Tx) error {
			return incident.WriteReview(d.ctx, tx, i.ID, incident.Review{Happened: "a", Why: "b"}, true)
		})
		refused("an update that says nothing", problem.Invalid, func(tx *db.Tx) error {
			_, err := incident.Say(d.ctx, tx, incident.Update{Incident: i.ID, State: incident.Resolved, Text: i18n.Text{i18n.Korean: "  "}})
			return err
		})
		refused("a cause that nobody owns", problem.Invalid, func(tx *db.Tx) error {
			_, err := incident.AddAction(d.ctx, tx, incident.Action{Incident: i.ID, Cause: true, Text: "Renew by itself"})
			return err
		})
		refused("a field that is not there", problem.Invalid, func(tx *db.Tx) error {
			return incident.SetReach(d.ctx, tx, i.ID, []contact.Group{{Holder: contact.OfContact, Field: "nothing", Value: "x"}})
		})
	})
}
