package assistant_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/knowledge"
	"baraji/internal/team"
)

// desk is a desk with an assistant, an editor and strangers.
type desk struct {
	*dbtest.Desk
	*assistant.Assistant
	t        testing.TB
	jobs     *job.Runner
	blobs    blob.Store
	editor   context.Context
	stranger context.Context
	door     inbox.Inbox
}

func each(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, bare *dbtest.Desk) { fn(t, newDesk(t, bare)) })
}

func newDesk(t testing.TB, bare *dbtest.Desk) *desk {
	t.Helper()
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{Desk: bare, t: t, blobs: blobs, jobs: job.NewRunner(bare.DB, slog.New(slog.NewTextHandler(os.Stderr, nil))), stranger: knowledge.For(t.Context(), knowledge.Reader{})}
	log := event.NewLog(bare.DB, d.jobs)
	d.Assistant = assistant.New(assistant.Parts{DB: bare.DB, Blobs: blobs, Jobs: d.jobs, Clock: time.Now})
	contact.Use(bare.DB, assistant.Part(), conversation.Part())
	event.On(log, "learn", func(ctx context.Context, tx *db.Tx, f conversation.StatusSet) error {
		return assistant.OnSolved(team.AsSystem(ctx), tx, f)
	})
	event.On(log, "learn", func(ctx context.Context, tx *db.Tx, f knowledge.Published) error {
		return assistant.OnPublished(team.AsSystem(ctx), tx, f)
	})
	event.On(log, "answer", func(ctx context.Context, tx *db.Tx, f conversation.Received) error {
		return d.hears(team.AsSystem(ctx), tx, f)
	})
	event.On(log, "unlearn", func(ctx context.Context, tx *db.Tx, f conversation.Deleted) error {
		return assistant.OnDeleted(team.AsSystem(ctx), tx, f)
	})
	d.do(func(ctx context.Context, tx *db.Tx) error {
		hash, err := team.HashPassword("a long enough password 1")
		if err != nil {
			return err
		}
		person, err := team.MakePerson(ctx, tx, "sora@shop.example", "Sora", team.Admin, hash)
		if err != nil {
			return err
		}
		d.editor = team.With(t.Context(), team.Actor{Person: person, Name: "Sora", Rights: team.Rights, See: team.SeeEverything})
		d.door, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Shop", Channel: "api", Address: "shop"})
		return err
	})
	return d
}

// do writes as the program.
func (d *desk) do(fn func(ctx context.Context, tx *db.Tx) error) {
	d.t.Helper()
	d.as(team.AsSystem(d.t.Context()), fn)
}

// edits writes as the editor.
func (d *desk) edits(fn func(ctx context.Context, tx *db.Tx) error) {
	d.t.Helper()
	d.as(d.editor, fn)
}

func (d *desk) as(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) {
	d.t.Helper()
	if err := d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		d.t.Fatal(err)
	}
}

// works lets time pass and does what is due.
func (d *desk) works() {
	d.t.Helper()
	for range 3 {
		if err := d.jobs.Drain(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
		d.Clock.Advance(5 * time.Second)
	}
}

func (d *desk) saves(n assistant.Answer) (id assistant.AnswerID) {
	d.t.Helper()
	d.edits(func(ctx context.Context, tx *db.Tx) (err error) { id, err = assistant.Create(ctx, tx, n); return err })
	return id
}

func (d *desk) publishes(l i18n.Locale, audience knowledge.Audience, title, body string) (id knowledge.ID) {
	d.t.Helper()
	d.edits(func(ctx context.Context, tx *db.Tx) (err error) {
		if id, err = knowledge.Create(ctx, tx, knowledge.Draft{Locale: l, Title: title, Body: body}); err != nil {
			return err
		}
		segment := ""
		if audience == knowledge.Segment {
			segment = "vip"
		}
		if _, err = knowledge.Save(ctx, tx, id, knowledge.Edit{Audience: audience, Segment: segment}); err != nil {
			return err
		}
		return knowledge.Publish(ctx, tx, id, false, l)
	})
	return id
}

func (d *desk) asks(ctx context.Context, l i18n.Locale, text string) assistant.Reply {
	d.t.Helper()
	r, err := d.Ask(ctx, assistant.Question{Text: text, Locale: l})
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// writes lets a customer write.
func (d *desk) writes(email, text string) (id conversation.ID) {
	d.t.Helper()
	d.do(func(ctx context.Context, tx *db.Tx) error {
		who, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Hana Kim", Email: email})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: d.door, Contact: who, Message: conversation.Message{Subject: "Question", Text: text, ReplyText: text}})
		id = got.Conversation
		return err
	})
	return id
}

// answers lets the editor answer, and solves the talk.
func (d *desk) answers(id conversation.ID, text string, used ...assistant.Target) {
	d.t.Helper()
	d.edits(func(ctx context.Context, tx *db.Tx) error {
		for _, u := range used {
			if err := assistant.Use(ctx, tx, id, u); err != nil {
				return err
			}
		}
		_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: text, Then: conversation.Solved})
		return err
	})
	d.works()
}

func (d *desk) lessons(s assistant.State) (list []assistant.Lesson) {
	d.t.Helper()
	d.edits(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = assistant.Lessons(ctx, tx, s, 0, 50)
		return err
	})
	return list
}

// lamps are what a small shop is asked, in English.
func (d *desk) lamps() (delivery, returns, bulb assistant.AnswerID, article knowledge.ID) {
	article = d.publishes(i18n.English, knowledge.Everybody, "Sending a lamp back", "You may send a lamp back within fourteen days. Put it into its box and print the label.")
	delivery = d.saves(assistant.Answer{Locale: i18n.English, Title: "When does my order arrive?", Body: "Within **two days**.",
		Phrasings: []string{"How long does delivery take?", "where is my parcel", "has my order been shipped yet", "when will the lamp be delivered", "tracking of my shipment"}})
	returns = d.saves(assistant.Answer{Locale: i18n.English, Title: "How do I send something back?", Body: "Within fourteen days.", Article: article,
		Phrasings: []string{"I want to return my lamp", "can I give it back", "refund for the lamp", "I do not like it and want my money back"}})
	bulb = d.saves(assistant.Answer{Locale: i18n.English, Title: "Which bulb fits?", Body: "E27, at most 60 W.",
		Phrasings: []string{"what light bulb does the lamp need", "socket size of the lamp", "can I use an LED bulb", "how many watts may the bulb have"}})
	return delivery, returns, bulb, article
}

// hears answers in the chat without a path of buttons.
func (d *desk) hears(ctx context.Context, tx *db.Tx, f conversation.Received) error {
	on, err := assistant.InChat(ctx, tx)
	if err != nil || !on {
		return err
	}
	k, err := d.Listen(ctx, tx, f)
	if err != nil || k == nil {
		return err
	}
	if understood, err := k.Understood(ctx, tx); understood || err != nil {
		return err
	}
	r, err := k.Think(ctx, tx)
	if err != nil {
		return err
	}
	return k.Answer(ctx, tx, r)
}
