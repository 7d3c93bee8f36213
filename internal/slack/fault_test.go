package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/slack"
	"baraji/test/rig/slackdouble"
)

// What is not Slack's, is too old, was changed on the way or came before does nothing.
func TestNothingForgedIsTaken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		m := h.there.Standing(help)[0]
		press := func() slackdouble.Request { return h.there.Press(minaU, help, m.TS, "solve") }
		taken := 0
		for name, r := range map[string]func() slackdouble.Request{
			"no signature":   func() slackdouble.Request { r := press(); r.Signature = ""; return r },
			"another secret": func() slackdouble.Request { r := press(); r.Signature = "v0=" + strings.Repeat("ab", 32); return r },
			"without v0": func() slackdouble.Request {
				r := press()
				r.Signature = strings.TrimPrefix(r.Signature, "v0=")
				return r
			},
			"half":            func() slackdouble.Request { r := press(); r.Signature = r.Signature[:40]; return r },
			"changed":         func() slackdouble.Request { r := press(); r.Body = strings.Replace(r.Body, minaU, joonU, 1); return r },
			"longer":          func() slackdouble.Request { r := press(); r.Body += "&x=1"; return r },
			"another time":    func() slackdouble.Request { r := press(); r.At = r.At.Add(time.Second); return r },
			"six minutes old": func() slackdouble.Request { r := press(); h.Clock.Advance(6 * time.Minute); return r },
			"from tomorrow": func() slackdouble.Request {
				h.Clock.Advance(time.Hour)
				r := press()
				h.Clock.Advance(-time.Hour)
				return r
			},
			"an event, forged": func() slackdouble.Request { r := h.there.Tell("tokens_revoked"); r.Signature = "v0=00"; return r },
		} {
			if code := h.tells(r()); code != 401 {
				t.Errorf("%s: %d", name, code)
				taken++
			}
		}
		if c := h.conversation(talk); c.Status != conversation.Open || taken > 0 || h.workspace().Trouble != "" {
			t.Fatalf("%d were taken: %+v", taken, c)
		}
		if w := h.workspace(); w.Refused != 10 {
			t.Errorf("%d counted", w.Refused)
		}
		r := press()
		if code := h.tells(r); code != 200 || h.conversation(talk).Status != conversation.Solved {
			t.Fatalf("the true one: %d", code)
		}
		h.do(0, func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetStatus(ctx, tx, talk, conversation.Open)
		})
		if code := h.tells(r); code != 200 || h.conversation(talk).Status != conversation.Open {
			t.Errorf("it was done twice: %d", code)
		}
	})
}

// What Slack tells again, since our answer was slow, is done once.
func TestRetriesAreDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		r := h.there.Say(slackdouble.Said{User: minaU, Channel: help, Thread: h.there.Standing(help)[0].TS, Text: "Once"})
		for n := range 4 {
			r.Retry = n
			if code := h.tells(r); code != 200 {
				t.Errorf("%d", code)
			}
		}
		if got := h.notes(talk); len(got) != 1 {
			t.Errorf("%q", got)
		}
	})
}

// Odd requests are refused in peace.
func TestOddRequests(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		id := h.said(slack.Message{Conversation: talk, Text: "Look"})
		other := h.said(slack.Message{Conversation: h.talk("Other"), Text: "Look"})
		m := h.there.Standing(help)
		if status, body, _ := h.there.Challenge("3eZbrw1a").Send(h.url); status != 200 || body != "3eZbrw1a" {
			t.Errorf("%d %q", status, body)
		}
		for name, r := range map[string]slackdouble.Request{
			"a button of one message in another": h.there.PressValue(minaU, help, m[0].TS, "solve", other.String()),
			"no such post":                       h.there.PressValue(minaU, help, m[0].TS, "solve", "slp_nothing"),
			"no such deed":                       h.there.PressValue(minaU, help, m[0].TS, "drop_tables", id.String()),
			"a link":                             h.there.Press(minaU, help, m[0].TS, "open"),
			"another event":                      h.there.Tell("app_home_opened"),
		} {
			if code := h.tells(r); code != 200 || len(h.there.Whispers()) != 0 {
				t.Errorf("%s: %d %v", name, code, h.there.Whispers())
			}
		}
		if w := h.there.PressValue(minaU, help, m[0].TS, "ack", id.String()); h.tells(w) != 200 || len(h.there.Whispers()) != 1 {
			t.Error("a card is no call")
		}
		if c := h.conversation(talk); c.Status != conversation.Open {
			t.Errorf("%+v", c)
		}
		big := h.there.Say(slackdouble.Said{User: minaU, Channel: help, Thread: m[0].TS, Text: strings.Repeat("x", slack.Most)})
		if code, _, err := big.Send(h.url); code != 413 && err == nil {
			t.Errorf("%d", code)
		}
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return slack.Disconnect(ctx, tx) })
		if code := h.tells(h.there.Tell("app_home_opened")); code != 404 {
			t.Errorf("nothing is connected: %d", code)
		}
	})
}

// A token that Slack takes no more stops everything, once; a new one has said what waited.
func TestARevokedToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.there.Change(func(d *slackdouble.Double) { d.Token = "xoxb-999999999-another" })
		id := h.said(slack.Message{Conversation: talk, Text: "Look"})
		for range 5 {
			h.after(10 * time.Minute)
		}
		w := h.workspace()
		if p := h.post(id); p.State != slack.Waiting || w.Trouble != slack.Token || w.Said != "invalid_auth" || h.there.Calls("chat.postMessage") != 1 {
			t.Fatalf("%+v %+v, %d calls", p, w, h.there.Calls("chat.postMessage"))
		}
		told := 0
		h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
			told, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM notice WHERE words = 'notice.slack_troubled' AND person_id = $1`, h.owner)
			return err
		})
		if told != 1 {
			t.Errorf("the owner was told %d times", told)
		}
		if err := h.slack.Test(h.as(h.owner)); err == nil {
			t.Error("the test passed")
		}
		h.connect(slack.Options{Customers: true})
		if p := h.post(id); p.State != slack.Sent || h.workspace().Trouble != "" {
			t.Errorf("%+v", p)
		}
		if code := h.tells(h.there.Tell("app_uninstalled")); code != 200 || h.workspace().Trouble != slack.Token {
			t.Errorf("%d %+v", code, h.workspace())
		}
	})
}

// A channel that is gone, closed or not ours: said at once, to whoever answers for it. A public one is joined.
func TestAChannelThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.there.AddChannel("C0OLD", "old", false, true).Archived = true
		h.there.AddChannel("G0SECRET", "secret", true, false)
		for channel, why := range map[string]slack.Why{"C0NONE": slack.NoRoom, "C0OLD": slack.Archived, "G0SECRET": slack.NoRoom} {
			talk := h.talk("Lamp")
			id := h.said(slack.Message{Channel: channel, Conversation: talk, Text: "Look"})
			if p := h.post(id); p.State != slack.Failed || p.Why != why || p.Tries != 0 {
				t.Errorf("%s: %+v", channel, p)
			}
		}
		if p := h.post(h.said(slack.Message{Channel: calls, Conversation: h.talk("Lamp"), Text: "Look"})); p.State != slack.Sent || !h.there.Channel(calls).Member {
			t.Errorf("%+v", p)
		}
		told := 0
		h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
			told, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM notice WHERE words = 'notice.slack_failed' AND person_id = $1`, h.owner)
			return err
		})
		if told != 3 {
			t.Errorf("the owner was told %d times", told)
		}
		h.there.Change(func(d *slackdouble.Double) { d.Channel("C0OLD").Archived = false })
		talk := h.talk("Again")
		h.there.Change(func(d *slackdouble.Double) { d.Channel("C0OLD").Archived = true })
		id := h.said(slack.Message{Channel: "C0OLD", Conversation: talk, Text: "Look"})
		h.there.Change(func(d *slackdouble.Double) { d.Channel("C0OLD").Archived = false })
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return slack.Again(ctx, tx, id) })
		h.flow()
		if p := h.post(id); p.State != slack.Sent {
			t.Errorf("%+v", p)
		}
	})
}

// A storm of 429: all wait as long as Slack says, nothing is lost or twice, and the order stays.
func TestAStormOf429(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.there.Limit("chat.postMessage", 3, 30)
		var want []string
		for i := range 30 {
			text := "Line " + string(rune('A'+i%26)) + strings.Repeat("!", i/26)
			want = append(want, text)
			h.do(0, func(ctx context.Context, tx *db.Tx) error {
				_, err := slack.Tell(ctx, tx, slack.Message{Channel: help, Conversation: talk, Text: text})
				return err
			})
		}
		h.flow()
		if n := h.there.Calls("chat.postMessage"); n != 1 {
			t.Errorf("%d calls while Slack asked for a pause", n)
		}
		h.after(29 * time.Second)
		if n := h.there.Calls("chat.postMessage"); n != 1 {
			t.Errorf("%d calls before it was over", n)
		}
		for range 4 {
			h.after(31 * time.Second)
		}
		var got []string
		for _, m := range h.there.Standing(help) {
			got = append(got, m.Blocks[min(1, len(m.Blocks)-1)].Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d: %q", len(got), got)
		}
		if n := h.there.Calls("chat.postMessage"); n != 33 {
			t.Errorf("%d calls", n)
		}
	})
}

// Killed between the posting and the note of it, or the answer lost: it is looked for, and not said twice.
func TestNothingIsSaidTwice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.there.Lose("chat.postMessage", 1)
		card := h.said(slack.Message{Conversation: talk, Text: "Look"})
		if p := h.post(card); p.State != slack.Sending || p.Why != slack.Cut || len(h.there.Standing(help)) != 1 {
			t.Fatalf("%+v", p)
		}
		h.after(time.Minute)
		if p := h.post(card); p.State != slack.Sent || len(h.there.Standing(help)) != 1 || h.there.Calls("chat.postMessage") != 1 {
			t.Fatalf("%+v, %d stand there", p, len(h.there.Standing(help)))
		}
		line := h.said(slack.Message{Conversation: talk, Text: "More"})
		h.do(0, func(ctx context.Context, tx *db.Tx) error { // what a kill leaves: it was said, and nobody wrote that down
			_, err := tx.Exec(ctx, `UPDATE slack_post SET state = 'sending', ts = '', room = '' WHERE id = $1`, line)
			return err
		})
		h.Clock.Advance(time.Hour)
		h.start()
		h.said(slack.Message{Conversation: talk, Text: "And more"})
		m := h.there.Standing(help)
		if p := h.post(line); p.State != slack.Sent || len(m) != 3 {
			t.Errorf("%+v, %d stand there", p, len(m))
		}
		h.there.Ail("chat.postMessage", 2)
		id := h.said(slack.Message{Conversation: talk, Text: "Later"})
		for range 6 {
			h.after(time.Minute)
		}
		if p := h.post(id); p.State != slack.Sent || len(h.there.Standing(help)) != 4 {
			t.Errorf("%+v", p)
		}
		direct := slack.Message{Conversation: talk, Person: h.mina, Text: "For you"}
		h.there.Lose("chat.postMessage", 1)
		id = h.said(direct)
		h.after(time.Minute)
		if p := h.post(id); p.State != slack.Sent || len(h.there.DirectOf(minaU).Messages) != 1 {
			t.Errorf("%+v", p)
		}
	})
}

// A card that somebody deleted in Slack is begun anew with the next that is said.
func TestACardThatWasDeletedThere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		talk := h.talk("Lamp")
		h.said(slack.Message{Conversation: talk, Text: "Look"})
		h.there.Change(func(d *slackdouble.Double) { d.Channel(help).Messages[0].Deleted = true })
		h.said(slack.Message{Conversation: talk, Text: "Again"})
		m := h.there.Standing(help)
		if len(m) != 1 || m[0].Thread != "" || !strings.Contains(all(m[0]), "Again") || len(buttons(m[0])) == 0 {
			t.Fatalf("%+v", m)
		}
		h.there.Change(func(d *slackdouble.Double) { d.Channel(help).Messages[1].Deleted = true })
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return conversation.Assign(ctx, tx, talk, h.joon) })
		h.after(3 * time.Second)
		h.said(slack.Message{Conversation: talk, Text: "Once more"})
		if m := h.there.Standing(help); len(m) != 1 || !strings.Contains(all(m[0]), "Joon") {
			t.Errorf("%+v", m)
		}
	})
}

// Who is forgotten here is forgotten there, as far as we said it; so is a conversation that is deleted. Merging takes the thread along.
func TestWhatIsForgottenIsTakenAway(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		one, two := h.talk("One"), h.talk("Two")
		h.said(slack.Message{Conversation: one, Contact: h.bora, Text: "Look"})
		h.said(slack.Message{Conversation: two, Contact: h.bora, Text: "Look"})
		h.do(h.owner, func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Merge(ctx, tx, one, two)
			return err
		})
		h.after(3 * time.Second)
		m := h.there.Standing(help)
		h.tells(h.there.Say(slackdouble.Said{User: minaU, Channel: help, Thread: m[1].TS, Text: "To the one that lives on"}))
		if got := h.notes(one); len(got) != 1 {
			t.Errorf("%q", got)
		}
		h.do(0, func(ctx context.Context, tx *db.Tx) error {
			made, err := contact.Export(ctx, tx, h.bora)
			if err != nil {
				return err
			}
			b, err := json.Marshal(made)
			if !bytes.Contains(b, []byte(`"text":"Look"`)) {
				t.Errorf("the export has nothing of it: %s", b)
			}
			return err
		})
		h.there.Lose("chat.postMessage", 1)
		h.said(slack.Message{Conversation: one, Contact: h.bora, Text: "Unsure"})
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return contact.Erase(ctx, tx, h.bora) })
		h.after(time.Minute)
		for _, m := range h.there.Standing(help) {
			if m.User == h.there.Bot {
				t.Errorf("it still stands there: %s", all(m))
			}
		}
		left := 0
		h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
			left, err = db.Value[int](ctx, tx, `SELECT COUNT(*) FROM slack_post`)
			return err
		})
		if left != 0 {
			t.Errorf("%d are left", left)
		}
	})
}

// The firm that has no workspace is told so, and what it hears is nothing.
func TestWithoutAWorkspace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := build(t, desk)
		err := h.try(0, func(ctx context.Context, tx *db.Tx) error {
			_, err := slack.Tell(ctx, tx, slack.Message{Channel: help, Text: "x"})
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "not connected") {
			t.Errorf("%v", err)
		}
		talk := h.talk("Lamp")
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return conversation.Assign(ctx, tx, talk, h.joon) })
		h.flow()
		if n := h.there.Calls("chat.postMessage"); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}
