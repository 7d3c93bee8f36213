package slack_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/web/intake"
	"baraji/test/rig/slackdouble"
)

// house is a firm with a workspace in Slack.
type house struct {
	*dbtest.Desk
	t     *testing.T
	ctx   context.Context
	jobs  *job.Runner
	slack *slack.Slack
	there *slackdouble.Double
	url   string
	log   bytes.Buffer
	in    inbox.Inbox
	keys  *secret.Keys

	owner, mina, joon, light, partner team.ID
	bora                              contact.ID
}

const (
	help  = "C0HELP"
	calls = "C0CALLS"
	minaU = "U0MINA"
	joonU = "U0JOON"
)

var (
	loopback = netip.MustParsePrefix("127.0.0.0/8")
	password = sync.OnceValues(func() (team.Hashed, error) { return team.HashPassword("moonlight lamp") })
)

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := build(t, desk)
		h.connect(slack.Options{Customers: true})
		fn(t, h)
		if f := h.there.Faults(); len(f) > 0 {
			t.Errorf("Slack would not have understood: %q", f)
		}
	})
}

func build(t *testing.T, desk *dbtest.Desk) *house {
	h := &house{Desk: desk, t: t, ctx: team.AsSystem(t.Context())}
	h.there = slackdouble.New(desk.Clock.Now)
	t.Cleanup(h.there.Close)
	h.there.AddChannel(help, "help", false, true)
	h.there.AddChannel(calls, "on-call", false, false)
	h.there.AddUser(slackdouble.User{ID: minaU, Name: "Mina Kim", Email: "Mina@dalbit.example"})
	h.there.AddUser(slackdouble.User{ID: joonU, Name: "Joon Park", Email: "joon@dalbit.example"})
	h.there.AddUser(slackdouble.User{ID: "U0LIGHT", Name: "Light", Email: "light@dalbit.example"})
	h.there.AddUser(slackdouble.User{ID: "U0PART", Name: "Partner", Email: "partner@away.example"})
	h.there.AddUser(slackdouble.User{ID: "U0ENGI", Name: "Engineer", Email: "engineer@dalbit.example"})
	var err error
	if h.keys, err = secret.New([]byte("an example key of 32 bytes here!")); err != nil {
		t.Fatal(err)
	}
	h.start()
	s := httptest.NewServer(intake.Slack(h.slack, slog.New(slog.DiscardHandler)))
	t.Cleanup(s.Close)
	h.url = s.URL
	h.people()
	return h
}

// start is what a start of the program does.
func (h *house) start() {
	log := slog.New(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.jobs = job.NewRunner(h.DB, log)
	events := event.NewLog(h.DB, h.jobs)
	within(events, slack.OnStatusSet)
	within(events, slack.OnAssigned)
	within(events, slack.OnChanged)
	within(events, slack.OnMerged)
	within(events, slack.OnDeleted)
	within(events, slack.OnOpened)
	within(events, slack.OnAcknowledged)
	within(events, slack.OnResolved)
	event.On(events, "slack", func(ctx context.Context, tx *db.Tx, f conversation.Noted) error {
		return slack.OnNoted(team.AsSystem(ctx), tx, f)
	})
	timer(h, func(ctx context.Context, tx *db.Tx, w conversation.Wake) error {
		return conversation.WakeUp(ctx, tx, w.Conversation)
	})
	timer(h, oncall.Climbed)
	timer(h, oncall.Stirred)
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{loopback}})
	notices := notice.New(notice.Parts{DB: h.DB, Keys: h.keys, Jobs: h.jobs, URL: "https://desk.example", Clock: h.Clock.Now, Dial: d, Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	h.slack = slack.New(slack.Parts{DB: h.DB, Keys: h.keys, Jobs: h.jobs, Dial: d, Notices: notices, Clock: h.Clock.Now, URL: "https://desk.example", API: h.there.API(), Version: "test"})
	contact.Use(h.DB, slack.People(), conversation.Part())
	db.Attach(h.DB, h.keys)
}

func within[F event.Fact](l *event.Log, fn func(context.Context, *db.Tx, F) error) {
	event.Within(l, "slack", func(ctx context.Context, tx *db.Tx, f F) error { return fn(team.AsSystem(ctx), tx, f) })
}

func timer[J job.Args](h *house, do func(context.Context, *db.Tx, J) error) {
	job.Handle(h.jobs, job.Kind{}, func(ctx context.Context, run *job.Run, j J) error {
		return h.Write(ctx, func(tx *db.Tx) error {
			if err := run.Finish(ctx, tx); err != nil {
				return err
			}
			return do(h.ctx, tx, j)
		})
	})
}

func (h *house) people() {
	h.t.Helper()
	word, err := password()
	if err != nil {
		h.t.Fatal(err)
	}
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		if err := team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "en", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		for who, p := range map[*team.ID][2]string{&h.owner: {"owner@dalbit.example", team.Owner}, &h.mina: {"mina@dalbit.example", team.Agent}, &h.joon: {"joon@dalbit.example", team.Agent},
			&h.light: {"light@dalbit.example", team.Light}, &h.partner: {"partner@away.example", team.Partner}} {
			name, _, _ := strings.Cut(p[0], "@")
			if *who, err = team.MakePerson(ctx, tx, p[0], strings.ToUpper(name[:1])+name[1:], p[1], word); err != nil {
				return err
			}
		}
		h.in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@dalbit.example"})
		if err != nil {
			return err
		}
		p, _, err := contact.Resolve(ctx, tx, contact.Sender{Name: "Bora Kim", Email: "bora@x.example"})
		h.bora = p.ID
		return err
	})
}

// connect connects the workspace, as the owner.
func (h *house) connect(o slack.Options) {
	h.t.Helper()
	g := slack.Given{Token: h.there.Token, Signing: h.there.Signing, Options: o}
	f, err := h.slack.Probe(h.as(h.owner), &g)
	if err != nil {
		h.t.Fatal(err)
	}
	h.do(h.owner, func(ctx context.Context, tx *db.Tx) error { return h.slack.Connect(ctx, tx, g, f) })
	h.flow()
}

func (h *house) as(who team.ID) (ctx context.Context) {
	h.t.Helper()
	err := h.Read(h.ctx, func(tx *db.Tx) error {
		a, err := team.ActorOf(h.ctx, tx, who)
		ctx = team.With(h.ctx, a)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return ctx
}

// try runs a command as somebody; 0 is the program.
func (h *house) try(who team.ID, fn func(ctx context.Context, tx *db.Tx) error) error {
	ctx := h.ctx
	if who != 0 {
		ctx = h.as(who)
	}
	return h.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) })
}

func (h *house) do(who team.ID, fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(who, fn); err != nil {
		h.t.Fatal(err)
	}
}

// flow lets be done what is due.
func (h *house) flow() {
	h.t.Helper()
	if err := h.jobs.Drain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) after(d time.Duration) {
	h.t.Helper()
	h.Clock.Advance(d)
	h.flow()
}

// talk is a conversation that a customer began.
func (h *house) talk(subject string) (id conversation.ID) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		who, err := contact.Whole(ctx, tx, h.bora)
		if err != nil {
			return err
		}
		got, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: h.in, Contact: who.Contact, Message: conversation.Message{Subject: subject, Text: subject, ReplyText: subject, FromAddress: "bora@x.example"}})
		id = got.Conversation
		return err
	})
	return id
}

// said has something said of a conversation, and lets it go out.
func (h *house) said(m slack.Message) (id slack.PostID) {
	h.t.Helper()
	m.Owner = h.owner
	if m.Channel == "" && m.Person == 0 {
		m.Channel = help
	}
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { id, err = slack.Tell(ctx, tx, m); return err })
	h.flow()
	return id
}

func (h *house) post(id slack.PostID) (p slack.Post) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { p, err = slack.GetPost(ctx, tx, id); return err })
	return p
}

func (h *house) workspace() (w slack.Workspace) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { w, err = slack.Get(ctx, tx); return err })
	return w
}

func (h *house) conversation(id conversation.ID) (c conversation.Conversation) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { c, err = conversation.Get(ctx, tx, id); return err })
	return c
}

// notes are the notes of a conversation: who wrote, and what.
func (h *house) notes(id conversation.ID) (list []string) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		return db.Each(ctx, tx, func(r db.Row) error {
			var who team.ID
			var text string
			err := r.Scan(&who, &text)
			name := map[team.ID]string{h.mina: "Mina", h.joon: "Joon", h.partner: "Partner"}[who]
			list = append(list, name+": "+text)
			return err
		}, `SELECT person_id, text FROM conversation_message WHERE conversation_id = $1 AND kind = 'note' ORDER BY id`, id)
	})
	return list
}

// tells lets Slack tell something, and be done what follows.
func (h *house) tells(r slackdouble.Request) int {
	h.t.Helper()
	status, _, err := r.Send(h.url)
	if err != nil {
		h.t.Fatal(err)
	}
	h.flow()
	return status
}

// press presses a button of the first message in a channel.
func (h *house) press(user, channel, action string) slackdouble.Whisper {
	h.t.Helper()
	before := len(h.there.Whispers())
	if code := h.tells(h.there.Press(user, channel, h.there.Standing(channel)[0].TS, action)); code != 200 {
		h.t.Fatalf("a press was answered %d", code)
	}
	list := h.there.Whispers()
	if len(list) != before+1 {
		h.t.Fatalf("%s pressed %s and was told %d things", user, action, len(list)-before)
	}
	return list[len(list)-1]
}

// buttons are the action_ids of a message's buttons.
func buttons(m slackdouble.Message) (list []string) {
	for _, b := range m.Blocks {
		for _, x := range b.Buttons {
			list = append(list, x.Action)
		}
	}
	return list
}

// all is everything that a message shows.
func all(m slackdouble.Message) string {
	s := m.Text
	for _, b := range m.Blocks {
		s += "\n" + b.Text + "\n" + strings.Join(b.Fields, "\n")
	}
	return s
}
