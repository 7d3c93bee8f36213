package campaign_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/smtp"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/channel/email"
	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/mail"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/segment"
	"baraji/internal/team"
	"baraji/test/rig"
)

const shop = "hello@dalbit.example"

// house is a firm that writes to many, with a real mail server at the other end.
type house struct {
	*dbtest.Desk
	t     testing.TB
	ctx   context.Context
	jobs  *job.Runner
	mail  *email.Mail
	many  *campaign.Campaigns
	keys  *secret.Keys
	sink  *rig.MailSink
	in    inbox.Inbox
	group segment.ID // everybody with the tag "news"
	kim   team.ID
	smtp  string // where mail comes in
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) { fn(t, open(t, desk)) })
}

func open(t testing.TB, desk *dbtest.Desk) *house {
	keys, err := secret.New([]byte("an example key of 32 bytes here!"))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	h := &house{Desk: desk, t: t, ctx: team.AsSystem(t.Context()), keys: keys, sink: rig.Sink(t, rig.SinkSetup{})}
	db.Attach(desk.DB, keys)
	h.jobs = job.NewRunner(desk.DB, log)
	events := event.NewLog(desk.DB, h.jobs)
	d := dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	h.mail = email.New(email.Parts{DB: desk.DB, Log: log, Keys: keys, Blobs: folder, Dial: d, Jobs: h.jobs})
	notice.New(notice.Parts{DB: desk.DB, Keys: keys, Jobs: h.jobs, Clock: desk.Clock.Now, Dial: d, Changed: func(team.ID) {},
		Mail:  func(context.Context, string, string, string, string) error { return nil },
		About: func(context.Context, *db.Tx, []string) (map[string]string, error) { return nil, nil }})
	h.many = campaign.New(campaign.Parts{DB: desk.DB, Log: log, Keys: keys, Jobs: h.jobs, Mail: h.mail, URL: "https://desk.example"})
	contact.Use(desk.DB, h.mail.Part(), consent.Part(), campaign.Part(), conversation.Part())
	event.Within(events, "campaign", func(ctx context.Context, tx *db.Tx, f email.BulkAnswered) error {
		return h.many.OnAnswered(team.AsSystem(ctx), tx, f)
	})
	h.setUp()
	h.listen()
	return h
}

func (h *house) setUp() {
	word, err := team.HashPassword("a long enough one")
	if err != nil {
		h.t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(h.sink.Addr)
	n, _ := strconv.Atoi(port)
	h.do(func(tx *db.Tx) (err error) {
		if err = team.ChangeFirm(h.ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}); err != nil {
			return err
		}
		if h.in, err = inbox.Create(h.ctx, tx, inbox.Inbox{Name: "달빛상점", Channel: "email", Address: shop, Language: "ko"}); err != nil {
			return err
		}
		a, err := h.mail.Account(h.ctx, tx, h.in.ID)
		if err != nil {
			return err
		}
		a.SMTP = email.Server{Host: host, Port: n, Security: email.Plain}
		if err = h.mail.SetAccount(h.ctx, tx, a); err != nil {
			return err
		}
		if h.kim, err = team.MakePerson(h.ctx, tx, "kim@dalbit.example", "Kim", team.Sales, word); err != nil {
			return err
		}
		h.group, err = segment.Make(h.ctx, tx, segment.Segment{Name: "News", If: segment.If{Field: "customer.tags", Op: "has", Values: []string{"news"}}})
		return err
	})
	h.settings(func(d *campaign.Defaults) {
		d.Foot = campaign.Foot{Address: "Seoul, 1 Dalbit-ro", Reach: "02-000-0000"}
	})
}

func (h *house) settings(change func(*campaign.Defaults)) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		d, err := campaign.GetDefaults(h.ctx, tx)
		if err != nil {
			return err
		}
		change(&d)
		return campaign.SetDefaults(h.ctx, tx, d)
	})
}

// listen takes mail in, as a mail server hands it over.
func (h *house) listen() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	h.smtp = l.Addr().String()
	ctx, stop := context.WithCancel(h.ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = h.mail.Serve(ctx, l, false) }()
	h.t.Cleanup(func() { stop(); <-done })
}

// arrives hands a mail in and deals with it.
func (h *house) arrives(from, raw string) {
	h.t.Helper()
	if err := smtp.SendMail(h.smtp, nil, from, []string{shop}, []byte(raw)); err != nil {
		h.t.Fatal(err)
	}
	h.drain()
}

func (h *house) do(fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.try(fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) try(fn func(tx *db.Tx) error) error { return h.Write(h.ctx, fn) }

func (h *house) drain() {
	h.t.Helper()
	if err := h.jobs.Drain(h.ctx); err != nil && h.ctx.Err() != nil {
		h.t.Fatal(err)
	}
}

// as acts as Kim, who may run campaigns.
func (h *house) as() context.Context {
	return team.With(h.ctx, team.Actor{Person: h.kim, See: team.SeeEverything, Rights: []team.Right{team.ReadConversations, team.ReadContacts, team.EditContacts, team.RunCampaigns}})
}

// customer makes one who is in the segment and agreed to advertising.
func (h *house) customer(name, language, zone string) contact.ID {
	h.t.Helper()
	who := h.stranger(name, language, zone)
	h.agrees(who)
	return who
}

func (h *house) stranger(name, language, zone string) (id contact.ID) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		c, err := contact.Create(h.ctx, tx, contact.Sender{Email: name + "@x.example", Name: name, Language: language, TimeZone: zone})
		if err != nil {
			return err
		}
		id = c.ID
		return contact.Tag(h.ctx, tx, c.ID, []string{"news"}, nil)
	})
	return id
}

func (h *house) agrees(who contact.ID) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		return consent.Give(h.ctx, tx, consent.Given{Who: who, Purpose: consent.Advertising, How: consent.ByImport, Wording: "News by mail"})
	})
}

// letter is what campaigns say in tests.
func letter() campaign.Letter {
	return campaign.Letter{
		Subject: i18n.Text{i18n.Korean: "{customer.name|고객}님, 가을 램프", i18n.English: "{customer.name|Hello}, autumn lamps"},
		Text:    i18n.Text{i18n.Korean: "{customer.name|고객}님, 새 램프가 왔어요.", i18n.English: "Dear {customer.name|customer}, **new** lamps are here."},
	}
}

// plan makes a campaign; change may be nil.
func (h *house) plan(change func(*campaign.Campaign)) (id campaign.ID) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		d, err := campaign.GetDefaults(h.ctx, tx)
		if err != nil {
			return err
		}
		c := campaign.Campaign{Name: "Autumn", Purpose: consent.Advertising, Segment: h.group, Inbox: h.in.ID, Letter: letter(), Manners: d.Manners}
		if change != nil {
			change(&c)
		}
		id, err = campaign.Make(h.as(), tx, c)
		return err
	})
	return id
}

// starts begins a campaign and sends what may go now.
func (h *house) starts(change func(*campaign.Campaign)) campaign.ID {
	h.t.Helper()
	id := h.plan(change)
	h.do(func(tx *db.Tx) error { return h.many.Plan(h.as(), tx, id, time.Time{}) })
	h.drain()
	return id
}

// waits lets time pass, in steps, and does what is due.
func (h *house) waits(d time.Duration) {
	h.t.Helper()
	step := max(d/20, time.Second)
	for ; d > 0; d -= step {
		h.Clock.Advance(min(step, d))
		h.drain()
	}
}

func (h *house) get(id campaign.ID) (c campaign.Campaign) {
	h.t.Helper()
	h.do(func(tx *db.Tx) (err error) { c, err = campaign.Get(h.ctx, tx, id); return err })
	return c
}

// fates writes what became of all: "sent 2, skipped no_consent 1".
func (h *house) fates(id campaign.ID) string {
	h.t.Helper()
	n := map[string]int{}
	var order []string
	for _, r := range h.recipients(id) {
		w := string(r.Fate)
		if r.Why != "" {
			w += " " + r.Why
		}
		if n[w]++; n[w] == 1 {
			order = append(order, w)
		}
	}
	for i, w := range order {
		order[i] = fmt.Sprint(w, " ", n[w])
	}
	return strings.Join(order, ", ")
}

func (h *house) recipients(id campaign.ID) (list []campaign.Recipient) {
	h.t.Helper()
	h.do(func(tx *db.Tx) (err error) {
		list, err = campaign.Recipients(h.ctx, tx, id, campaign.Filter{Limit: 500})
		return err
	})
	return list
}

func (h *house) of(id campaign.ID, who contact.ID) campaign.Recipient {
	h.t.Helper()
	for _, r := range h.recipients(id) {
		if r.Contact == who {
			return r
		}
	}
	h.t.Fatalf("%s is not in it", who)
	return campaign.Recipient{}
}

// mails are those that the other end took for an address.
func (h *house) mails(to string) (list []*mail.Message) {
	h.t.Helper()
	for _, m := range h.sink.Mails() {
		if m.To[0] != to || m.Cut {
			continue
		}
		raw, err := m.Raw()
		if err != nil {
			h.t.Fatal(err)
		}
		got, err := mail.Parse(raw)
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, got)
	}
	return list
}

func (h *house) logged(kind string) (n int) {
	h.t.Helper()
	h.do(func(tx *db.Tx) (err error) {
		n, err = db.Value[int](h.ctx, tx, `SELECT COUNT(*) FROM event WHERE kind = $1`, kind)
		return err
	})
	return n
}

func (h *house) may(who contact.ID) (why consent.Why) {
	h.t.Helper()
	h.do(func(tx *db.Tx) error {
		c, err := contact.Get(h.ctx, tx, who)
		if err == nil {
			why, err = consent.May(h.ctx, tx, who, c.Email, consent.Advertising)
		}
		return err
	})
	return why
}

func (h *house) of2(tx *db.Tx, id campaign.ID, who contact.ID) campaign.Recipient {
	list, err := campaign.Of(h.ctx, tx, who, 10)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range list {
		if r.Campaign == id {
			return r
		}
	}
	return campaign.Recipient{}
}

func (h *house) get2(tx *db.Tx, id campaign.ID) campaign.Campaign {
	c, err := campaign.Get(h.ctx, tx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) count(query string, args ...any) (n int) {
	h.t.Helper()
	h.do(func(tx *db.Tx) (err error) { n, err = db.Value[int](h.ctx, tx, query, args...); return err })
	return n
}
