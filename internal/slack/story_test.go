package slack_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/test/rig/slackdouble"
)

// The whole way: a card, a thread, what is written there, what is pressed, and the card that follows.
func TestAConversationLivesInAThread(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Where is my <lamp> & shade?")
		h.said(slack.Message{Conversation: talk, Contact: h.bora, Text: "A customer <waits> for *you*"})
		h.said(slack.Message{Conversation: talk, Contact: h.bora, Text: "Still waiting"})
		m := h.there.Standing(help)
		if len(m) != 2 || m[0].Thread != "" || m[1].Thread != m[0].TS {
			t.Fatalf("%+v", m)
		}
		if s := all(m[0]); !strings.Contains(s, "Where is my &lt;lamp&gt; &amp; shade?") || !strings.Contains(s, "&lt;waits&gt;") || !strings.Contains(s, "Bora Kim") || !strings.Contains(s, "https://desk.example/inbox/"+talk.String()) {
			t.Errorf("%s", s)
		}
		if got := buttons(m[0]); !slices.Equal(got, []string{"take", "solve", "snooze", "open"}) {
			t.Errorf("%q", got)
		}
		if code := h.tells(h.there.Say(slackdouble.Said{User: minaU, Channel: help, Thread: m[0].TS, Text: "I ask <@U0JOON> &amp; the <https://shop.example/o/7|shop>"})); code != 200 {
			t.Fatalf("%d", code)
		}
		if got := h.notes(talk); !slices.Equal(got, []string{"Mina: I ask @Joon & the shop (https://shop.example/o/7)"}) {
			t.Errorf("%q", got)
		}
		if w := h.press(minaU, help, "take"); w.User != minaU || w.Text != "You have it now." {
			t.Errorf("%+v", w)
		}
		if c := h.conversation(talk); c.Assignee != h.mina {
			t.Errorf("%v", c.Assignee)
		}
		h.after(3 * time.Second)
		if s := all(h.there.Standing(help)[0]); !strings.Contains(s, "*Assignee*\nMina") || !strings.Contains(s, "Mina took it") {
			t.Errorf("%s", s)
		}
		h.press(joonU, help, "snooze")
		if c := h.conversation(talk); c.Status != conversation.Snoozed || c.SnoozedUntil.Format(time.RFC3339) != "2026-01-06T00:00:00Z" {
			t.Errorf("%+v", c)
		}
		h.press(minaU, help, "solve")
		h.after(3 * time.Second)
		m = h.there.Standing(help)
		if c := h.conversation(talk); c.Status != conversation.Solved || !slices.Equal(buttons(m[0]), []string{"open"}) || !strings.Contains(all(m[0]), "Solved") {
			t.Errorf("%+v %q", c, all(m[0]))
		}
		if n := len(m); n != 3 { // the card, the line, Mina's own
			t.Errorf("%d messages", n)
		}
	})
}

// What changes at the desk is drawn anew: once for what changes within a moment.
func TestACardFollowsTheDesk(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		h.do(0, func(ctx context.Context, tx *db.Tx) error {
			urgent := "urgent"
			return conversation.Update(ctx, tx, talk, conversation.Change{Priority: &urgent})
		})
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return conversation.Assign(ctx, tx, talk, h.joon) })
		h.do(0, func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetStatus(ctx, tx, talk, conversation.Pending)
		})
		h.flow()
		if n := h.there.Calls("chat.update"); n != 0 {
			t.Errorf("%d times before a moment passed", n)
		}
		h.after(3 * time.Second)
		if s := all(h.there.Standing(help)[0]); h.there.Calls("chat.update") != 1 || !strings.Contains(s, "Urgent") || !strings.Contains(s, "Joon") {
			t.Errorf("%d %s", h.there.Calls("chat.update"), s)
		}
	})
}

// The firm says whether customers' names and texts may stand in Slack. Unless it does, only the number does.
func TestWhatTheFirmKeepsToItself(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("A private matter")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return slack.Change(ctx, tx, slack.Options{}) })
		h.after(3 * time.Second)
		if s := all(h.there.Standing(help)[0]); strings.Contains(s, "private") || strings.Contains(s, "Bora") || !strings.Contains(s, "#1001") {
			t.Errorf("%s", s)
		}
	})
}

// What is for one person says what they may see. Who may not see it is not told of it.
func TestWhatIsForOnePerson(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Person: h.mina, Text: "For you"})
		if room := h.there.DirectOf(minaU); room == nil || len(room.Messages) != 1 || !strings.Contains(all(*room.Messages[0]), "Lamp") {
			t.Fatal("Mina has nothing")
		}
		p := h.post(h.said(slack.Message{Conversation: talk, Person: h.partner, Text: "For you"}))
		if p.State != slack.Failed || p.Why != slack.Hidden || h.there.DirectOf("U0PART") != nil {
			t.Errorf("%+v", p)
		}
		if p := h.post(h.said(slack.Message{Conversation: talk, Person: h.owner, Text: "For you"})); p.State != slack.Failed || p.Why != slack.NoPerson {
			t.Errorf("somebody who is not in Slack: %+v", p)
		}
	})
}

// Who presses acts with their own rights: who may not is told why, and nothing happens.
func TestAPressHasTheRightsOfWhoPresses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.there.AddUser(slackdouble.User{ID: "U0OTHER", Name: "Mina", Email: "mina@dalbit.example", Team: "T0OTHER"})
		h.there.AddUser(slackdouble.User{ID: "U0LIE", Name: "Owner", Email: "owner@dalbit.example", Unconfirmed: true})
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		for user, want := range map[string]string{"U0LIGHT": "You may not do this", "U0PART": "There is no such conversation", "U0ENGI": "does not know who you are", "U0OTHER": "does not know who you are", "U0LIE": "does not know who you are"} {
			if w := h.press(user, help, "take"); !strings.Contains(w.Text, want) || w.User != user {
				t.Errorf("%s: %+v", user, w)
			}
		}
		if c := h.conversation(talk); c.Assignee != 0 {
			t.Errorf("%v has it", c.Assignee)
		}
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return slack.Part(ctx, tx, h.mina, true) })
		if w := h.press(minaU, help, "take"); !strings.Contains(w.Text, "does not know who you are") {
			t.Errorf("parted: %+v", w)
		}
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return slack.Part(ctx, tx, h.mina, false) })
		h.press(minaU, help, "take")
		if c := h.conversation(talk); c.Assignee != h.mina {
			t.Error("Mina does not have it")
		}
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return team.Disable(ctx, tx, h.joon) })
		if w := h.press(joonU, help, "take"); !strings.Contains(w.Text, "does not know who you are") {
			t.Errorf("disabled: %+v", w)
		}
	})
}

// Words in a thread: of ours in their name, of others of the workspace with who they are, of strangers, machines and outside of threads not at all.
func TestWhoseWordsBecomeNotes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.there.AddUser(slackdouble.User{ID: "U0OTHER", Name: "Stranger", Email: "x@other.example", Team: "T0OTHER"})
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		head := h.there.Standing(help)[0].TS
		for _, s := range []slackdouble.Said{
			{User: "U0ENGI", Thread: head, Text: "It is the driver"},
			{User: "U0OTHER", Thread: head, Text: "Hello"},
			{User: h.there.Bot, Thread: head, Text: "I am the machine"},
			{User: minaU, Text: "Outside of a thread"},
			{User: minaU, Thread: "1.000001", Text: "In another thread"},
			{User: minaU, Thread: head, Text: "Changed", Subtype: "message_changed"},
			{User: joonU, Thread: head, Text: "", Subtype: "file_share", Files: []string{"log.txt", "a.png"}},
			{User: "U0PART", Thread: head, Text: "May I?"},
		} {
			s.Channel = help
			if code := h.tells(h.there.Say(s)); code != 200 {
				t.Errorf("%q: %d", s.Text, code)
			}
		}
		want := []string{": Engineer wrote in Slack, without an account here:\nIt is the driver", "Joon: (2 files stayed in Slack: log.txt, a.png)"}
		if got := h.notes(talk); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		told := h.there.Whispers()
		if len(told) != 2 || told[0].User != "U0OTHER" || told[1].User != "U0PART" || told[1].Thread != head {
			t.Errorf("%+v", told)
		}
		var kept int
		h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
			kept, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM slack_in WHERE body <> ''`)
			return err
		})
		if kept != 0 {
			t.Errorf("the words of %d are kept", kept)
		}
	})
}

// Notes are repeated where the firm wants it; what came from Slack does not go back there.
func TestNotesAreRepeatedOnlyIfWanted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		note := func(text string) {
			h.do(h.joon, func(ctx context.Context, tx *db.Tx) error {
				_, err := conversation.AddNote(ctx, tx, talk, conversation.Remark{Text: text})
				return err
			})
			h.flow()
		}
		note("Not this one")
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
			return slack.Change(ctx, tx, slack.Options{Customers: true, Notes: true})
		})
		note("But <this> one")
		h.tells(h.there.Say(slackdouble.Said{User: minaU, Channel: help, Thread: h.there.Standing(help)[0].TS, Text: "Back"}))
		m := h.there.Standing(help)
		if len(m) != 3 || !strings.Contains(all(m[1]), "*Joon*\nBut &lt;this&gt; one") || m[2].User != minaU {
			t.Errorf("%+v", m)
		}
	})
}

// Connecting: what is wrong is said beside its field; what we are reached with is in no log, no row and on no page.
func TestConnecting(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := h.as(h.owner)
		for name, c := range map[string]struct {
			given slack.Given
			want  string
		}{
			"user's":   {slack.Given{Token: "xoxp-1234567890-abcdef", Signing: h.there.Signing}, "another sort"},
			"cut":      {slack.Given{Token: "xoxb-1", Signing: h.there.Signing}, "whole Bot User"},
			"signing":  {slack.Given{Token: h.there.Token, Signing: "no"}, "Signing Secret"},
			"revoked":  {slack.Given{Token: "xoxb-another-one-that-is-none", Signing: h.there.Signing}, "does not take"},
			"nonsense": {slack.Given{Token: "xoxb-a b\r\nX: y", Signing: h.there.Signing}, "whole Bot User"},
		} {
			_, err := h.slack.Probe(ctx, &c.given)
			if f := problem.Fields(err); len(f) != 1 || !strings.Contains(f[0].Text(), c.want) {
				t.Errorf("%s: %v %+v", name, err, f)
			}
		}
		scopes := h.there.Scopes
		h.there.Scopes = strings.Replace(scopes, "users:read.email", "", 1)
		g := slack.Given{Token: h.there.Token, Signing: h.there.Signing}
		if _, err := h.slack.Probe(ctx, &g); len(problem.Fields(err)) != 1 || !strings.Contains(problem.Fields(err)[0].Text(), "users:read.email") {
			t.Errorf("a scope is missing: %v", err)
		}
		h.there.Scopes = scopes
		if err := h.try(h.mina, func(ctx context.Context, tx *db.Tx) error { return slack.Disconnect(ctx, tx) }); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("an agent: %v", err)
		}
		var rows string
		h.do(0, func(ctx context.Context, tx *db.Tx) error {
			return db.Each(ctx, tx, func(r db.Row) error {
				var a, b, c string
				err := r.Scan(&a, &b, &c)
				rows += a + b + c
				return err
			}, `SELECT token, signing, options FROM slack`)
		})
		for _, secret := range []string{h.there.Token, h.there.Signing} {
			if strings.Contains(rows, secret) || strings.Contains(h.log.String(), secret) {
				t.Error("a secret stands somewhere")
			}
		}
		links := h.links()
		if len(links) != 4 || !slices.ContainsFunc(links, func(l slack.Link) bool { return l.Person == h.mina && l.User == minaU }) {
			t.Errorf("%+v", links)
		}
	})
}

func (h *house) links() (list []slack.Link) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { list, err = slack.Links(ctx, tx); return err })
	return list
}

// Channels are read page for page, and found by their names.
func TestChannelsAreFound(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 430 {
			h.there.AddChannel("C1"+strings.Repeat("X", i%7)+string(rune('A'+i%26))+string(rune('A'+i/26)), "room-"+string(rune('a'+i%26))+string(rune('a'+i/26)), false, false)
		}
		h.there.AddChannel("G0SECRET", "secret", true, true)
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return slack.Survey(ctx, tx) })
		h.flow()
		var every, some []slack.Channel
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) (err error) {
			if every, err = slack.Channels(ctx, tx, "", 0); err == nil {
				some, err = slack.Channels(ctx, tx, "#On-C", 10)
			}
			return err
		})
		if len(every) != 433 || !every[0].Member || every[432].Member || len(some) != 1 || some[0].ID != calls {
			t.Errorf("%d, %+v", len(every), some)
		}
		if h.there.Calls("conversations.list") < 3 {
			t.Error("one page")
		}
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) (err error) {
			some, err = slack.Channels(ctx, tx, "", 0)
			return err
		})
		if len(some) != 432 {
			t.Errorf("an agent sees %d, the private one too", len(some))
		}
		if err := h.try(h.light, func(ctx context.Context, tx *db.Tx) error { _, err := slack.Channels(ctx, tx, "", 0); return err }); problem.KindOf(err) != problem.Forbidden {
			t.Errorf("one who only looks on: %v", err)
		}
	})
}
