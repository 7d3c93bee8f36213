// Package app is where everything meets: it opens the database, builds the
// parts, runs and stops them.
package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"baraji/internal/api"
	"baraji/internal/assistant"
	"baraji/internal/automation"
	"baraji/internal/campaign"
	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/flow"
	"baraji/internal/form"
	"baraji/internal/hookin"
	"baraji/internal/incident"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/live"
	"baraji/internal/kit/room"
	"baraji/internal/kit/secret"
	"baraji/internal/kit/wake"
	"baraji/internal/migrations"
	"baraji/internal/moment"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/outcall"
	"baraji/internal/portal"
	"baraji/internal/promise"
	"baraji/internal/sequence"
	"baraji/internal/sla"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/internal/web"
	"baraji/internal/web/desk"
	"baraji/internal/web/intake"
	"baraji/internal/web/settings"
	"baraji/internal/web/widget"
	"baraji/internal/webhook"
)

// App is the product, put together.
type App struct {
	Config Config
	DB     *db.DB
	Keys   *secret.Keys
	Blobs  blob.Store
	Jobs   *job.Runner
	Events *event.Log
	Hub    *live.Hub
	Door   *team.Door
	Mail   *email.Mail
	Chat   *chat.Chat
	Forms  *form.Forms
	Portal *portal.Portal
	Broken *incident.Incidents
	Counts *conversation.Counter
	Helper *assistant.Assistant
	Robot  *flow.Robot
	Routes []desk.Route

	Consents *consent.Consents

	Notices *notice.Notices
	Hooks   *webhook.Hooks
	Calls   *outcall.Calls
	Intake  *hookin.Hooks
	Times   *moment.Moments
	Slack   *slack.Slack
	Rules   *automation.Rules
	Flows   *sequence.Flows
	Many    *campaign.Campaigns

	log    *slog.Logger
	room   room.Room
	bus    wake.Bus // nil: nobody else to tell
	pages  http.Handler
	rest   http.Handler
	widget http.Handler
	intake http.Handler
	ready  readiness
	out    *dial.Dialer // to addresses that people enter
}

// Open opens the database, brings it up to date and builds the parts. Nothing
// runs yet.
func Open(ctx context.Context, c Config) (*App, error) {
	a := &App{Config: c.filled()}
	a.log = a.Config.Log
	if err := os.MkdirAll(a.Config.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	a.watchRoom()
	var err error
	if a.DB, err = db.Open(ctx, a.databaseURL(), db.Options{Now: a.Config.Now, Log: a.log}); err != nil {
		return nil, err
	}
	if err := a.build(ctx); err != nil {
		a.DB.Close()
		return nil, err
	}
	return a, nil
}

// watchRoom finds the disks that this process fills. What PostgreSQL or a bucket
// has left is theirs to know.
func (a *App) watchRoom() {
	if a.Config.Database == "" {
		a.room.Watch("the database", a.Config.Data)
		a.room.Keep(a.Config.Data)
	}
	if dir := a.blobs(); !strings.Contains(dir, "://") {
		a.room.Watch("the files", dir)
	}
}

// blobs is where the files are: a folder, or the address of a bucket.
func (a *App) blobs() string { return cmp.Or(a.Config.Blob, filepath.Join(a.Config.Data, "files")) }

func (a *App) databaseURL() string {
	if a.Config.Database != "" {
		return a.Config.Database
	}
	return filepath.Join(a.Config.Data, "baraji.db")
}

func (a *App) build(ctx context.Context) (err error) {
	if err := a.DB.Migrate(ctx, migrations.Files); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	if a.Keys, err = a.openKeys(ctx); err != nil {
		return err
	}
	db.Attach(a.DB, a.Keys)
	sla.Use(a.DB)
	out, err := a.dialler(a.Config.networks)
	if err != nil {
		return err
	}
	toMail, err := a.dialler(a.Config.mailNetworks)
	if err != nil {
		return err
	}
	if a.Blobs, err = a.openBlobs(out); err != nil {
		return fmt.Errorf("open the files: %w", err)
	}
	a.Jobs = job.NewRunner(a.DB, a.log)
	a.Events = event.NewLog(a.DB, a.Jobs)
	a.Mail = email.New(email.Parts{DB: a.DB, Log: a.log, Keys: a.Keys, Blobs: a.Blobs, Dial: toMail, Jobs: a.Jobs, Room: &a.room})
	a.Chat = chat.New(a.Keys, a.Jobs, a.DB, a.Mail.Instead)
	a.Forms = form.New(a.Keys, a.Jobs, a.DB, a.Mail.Onward, a.Mail.Notify)
	a.Portal = portal.New(portal.Parts{Keys: a.Keys, Jobs: a.Jobs, DB: a.DB, Mail: a.Mail.Onward, Notify: a.Mail.Notify, URL: a.address()})
	a.out = out
	a.Notices = a.newNotices()
	a.Hooks = a.newHooks()
	a.Calls = a.newCalls()
	a.Slack = slack.New(slack.Parts{DB: a.DB, Keys: a.Keys, Jobs: a.Jobs, Dial: a.out, Notices: a.Notices, Clock: a.Config.Real, URL: a.address(), API: a.Config.Slack, Version: a.Config.Version})
	a.Intake = hookin.New(hookin.Parts{DB: a.DB, Keys: a.Keys, Jobs: a.Jobs, Clock: a.Config.Real})
	a.Broken = incident.New(incident.Parts{DB: a.DB, Jobs: a.Jobs, Keys: a.Keys, Send: a.sendLetter, URL: a.address()})
	a.Many = campaign.New(campaign.Parts{DB: a.DB, Log: a.log, Keys: a.Keys, Jobs: a.Jobs, Mail: a.Mail, URL: a.address()})
	a.Consents = consent.New(consent.Parts{DB: a.DB, Jobs: a.Jobs, Keys: a.Keys, Send: a.sendConsent, URL: a.address()})
	a.Door = team.NewDoor(a.DB, a.Keys, a.Jobs, a.log, a.sendTeamMail)
	a.Counts = conversation.NewCounter(a.DB)
	a.Helper = assistant.New(assistant.Parts{DB: a.DB, Blobs: a.Blobs, Jobs: a.Jobs, Log: a.log, Clock: a.Config.Real, URL: a.Config.URL})
	a.Robot = flow.NewRobot(a.DB, a.Jobs, a.Helper)
	contact.Use(a.DB, oncall.Part(), a.Mail.Part(), chat.Part(), form.Part(), portal.Part(), incident.PartOf(), promise.Part(), sequence.Part(), moment.Part(), api.Part(), assistant.Part(), outcall.Part(), hookin.Part(), consent.Part(), campaign.Part(), slack.People(), a.conversations())
	a.Times = moment.New(a.DB, a.Jobs)
	a.Rules = automation.New(a.DB, a.Events, a.Jobs, a.Times, a.log)
	a.Flows = sequence.New(a.DB, a.Events, a.Jobs, a.Times, a.log)
	a.jobs()
	a.reactions()
	a.telling()
	a.promising()
	a.Hub = live.New(a.DB, notes)
	a.bus = a.openBus()
	a.wire()
	return a.buildEdges(out)
}

func (a *App) dialler(networks func() ([]netip.Prefix, error)) (*dial.Dialer, error) {
	allowed, err := networks()
	if err != nil {
		return nil, fmt.Errorf("read the allowed networks: %w", err)
	}
	return dial.New(dial.Options{AllowPrivate: allowed, Now: a.Config.Real}), nil
}

// newHooks is how events go out to other systems. Where the operator allows private networks, what stands in them may do without TLS.
func (a *App) newHooks() *webhook.Hooks {
	allowed, _ := a.Config.networks() // was read before
	return webhook.New(webhook.Parts{DB: a.DB, Log: a.log, Keys: a.Keys, Jobs: a.Jobs, Dial: a.out, Clock: a.Config.Real, Version: a.Config.Version, Private: len(allowed) > 0, Kinds: settings.Kinds()})
}

// newCalls is how rules ask something of other systems.
func (a *App) newCalls() *outcall.Calls {
	allowed, _ := a.Config.networks() // was read before
	return outcall.New(outcall.Parts{DB: a.DB, Keys: a.Keys, Jobs: a.Jobs, Dial: a.out, Clock: a.Config.Real, Version: a.Config.Version, Private: len(allowed) > 0})
}

func (a *App) openBlobs(d *dial.Dialer) (blob.Store, error) {
	return blob.OpenURL(a.blobs(), d.Transport())
}

func (a *App) openBus() wake.Bus {
	me := rand.Text()[:10]
	switch {
	case a.Config.NATS != "":
		return wake.NewNATS(a.Config.NATS, me, a.log)
	case a.DB.Shared():
		return wake.NewPostgres(a.Config.Database, me, a.log)
	}
	return nil
}

// wire connects what tells with what is told.
func (a *App) wire() {
	a.Events.OnSealed(func() {
		a.Counts.Changed()
		a.Hub.Tell()
		a.Hooks.Wake()
		a.send("log")
	})
	a.Events.OnCommitted(a.Hub.Soon)
	a.Events.OnTooDeep(func(e event.Event, reaction string) {
		a.log.Warn("a chain of reactions was cut", "event", e.ID, "kind", e.Kind, "reaction", reaction)
	})
	a.Jobs.OnFailed(func(kind string, err error) { a.log.Error("a job was given up", "kind", kind, "error", err) })
	a.Jobs.Hint = func(pool string) { a.send("jobs " + pool) }
}

func (a *App) send(topic string) {
	if a.bus != nil {
		a.bus.Send(topic)
	}
}

// heard acts on a hint of another node; "*" says that some may have been missed.
func (a *App) heard(topic string) {
	switch {
	case topic == "log", topic == "*":
		a.Counts.Changed()
		a.Hub.Tell()
		a.Hooks.Wake()
		if topic == "*" {
			a.Jobs.WakeAll()
			a.Events.Wake()
		}
	case len(topic) > 5 && topic[:5] == "jobs ":
		a.Jobs.Wake(topic[5:])
	case strings.HasPrefix(topic, "now "):
		if kind, at, ok := strings.Cut(topic[4:], " "); ok {
			a.pass(context.Background(), at, kind)
		}
	}
}

func (a *App) buildEdges(out *dial.Dialer) error {
	d := &desk.Desk{Version: a.Config.Version, Data: a.Config.Data, DB: a.DB, Log: a.log, Keys: a.Keys, Blobs: a.Blobs, Dial: out, Jobs: a.Jobs, Events: a.Events, Hub: a.Hub,
		Door: a.Door, Mail: a.Mail, Chat: a.Chat, Forms: a.Forms, Portal: a.Portal, Broken: a.Broken, Consents: a.Consents, Many: a.Many, Helper: a.Helper, Robot: a.Robot, Notices: a.Notices, Hooks: a.Hooks, Calls: a.Calls, Intake: a.Intake, Slack: a.Slack, Counts: a.Counts, URL: a.Config.URL, Tell: a.tell}
	a.pages, a.Routes = web.New(d)
	a.rest = api.New(api.Parts{DB: a.DB, Door: a.Door, Mail: a.Mail, Chat: a.Chat, Helper: a.Helper, Hooks: a.Hooks, Calls: a.Calls, Intake: a.Intake, Slack: a.Slack, Many: a.Many, Jobs: a.Jobs, Events: a.Events, Counts: a.Counts, Blobs: a.Blobs,
		Room: &a.room, Log: a.log, Version: a.Config.Version, URL: a.Config.URL, Clock: a.Config.Real})
	a.intake = intake.New(a.Intake, a.log)
	var err error
	a.widget, err = widget.New(widget.Parts{DB: a.DB, Chat: a.Chat, Blobs: a.Blobs, Hub: a.Hub, Room: &a.room, Log: a.log, Tell: a.tell})
	return err
}

// Close closes the database.
func (a *App) Close() error { return a.DB.Close() }

// Run serves until ctx ends, then stops within ten seconds: what is in hand is
// finished or handed back. started is told the address that pages listen on.
func (a *App) Run(ctx context.Context, started func(net.Addr)) error {
	release, err := a.alone()
	if err != nil {
		return err
	}
	defer release()
	l, err := net.Listen("tcp", a.Config.Addr)
	if err != nil {
		return fmt.Errorf("listen for pages: %w", err)
	}
	var mail net.Listener
	if a.Config.SMTP != "" {
		if mail, err = email.Listener(a.Config.SMTP); err != nil {
			l.Close()
			return fmt.Errorf("listen for mail: %w", err)
		}
	}
	started(l.Addr())
	return a.run(ctx, l, mail)
}

// run starts every part and waits for all of them.
func (a *App) run(ctx context.Context, l net.Listener, mail net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ctx = team.AsSystem(ctx)
	if err := errors.Join(a.Mail.Begin(ctx), a.Jobs.Begin(ctx)); err != nil && !db.IsFull(err) { // on a full disk one can still read
		return err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	a.DB.OnBroken(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, fmt.Errorf("the disk failed under the database: %w", err))
		stop()
	})
	part := func(name string, fn func() error) {
		wg.Go(func() {
			if err := fn(); err != nil && ctx.Err() == nil {
				mu.Lock()
				failed = errors.Join(failed, fmt.Errorf("%s: %w", name, err))
				mu.Unlock()
				stop()
			}
		})
	}
	part("pages", func() error { return a.serve(ctx, l) })
	part("upkeep", func() error { return a.DB.Tend(ctx, a.tend) })
	part("log", func() error { return a.Events.Run(ctx) })
	part("live", func() error { return a.Hub.Run(ctx) })
	part("door", func() error { return a.Door.Run(ctx) })
	part("webhooks", func() error { return a.Hooks.Run(ctx) })
	part("jobs", func() error { return a.Jobs.Run(ctx) })
	part("assistant", func() error { return a.Helper.Run(ctx) })
	part("room", func() error { return a.room.Run(ctx, a.log) })
	if mail != nil {
		part("mail", func() error { return a.Mail.Serve(ctx, mail, email.IsLMTP(a.Config.SMTP)) })
	}
	if a.bus != nil {
		part("hints", func() error { return a.bus.Run(ctx, a.heard) })
	}
	wg.Wait()
	return failed
}

// serve answers requests. Streams end with ctx; the others get a few seconds.
func (a *App) serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{
		Handler:           a.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return team.With(ctx, team.Actor{}) }, // a request is nobody's until it proves whose
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if s.Shutdown(last) != nil {
		s.Close()
	}
	return nil
}
