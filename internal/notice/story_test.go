package notice_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/dial"
	"baraji/internal/kit/job"
	"baraji/internal/kit/secret"
	"baraji/internal/notice"
	"baraji/internal/team"
)

// house is a firm with two people, a push service, and a chat that takes webhooks.
type house struct {
	*dbtest.Desk
	t       *testing.T
	n       *notice.Notices
	jobs    *job.Runner
	service *service
	mina    team.ID
	joon    team.ID

	mu    sync.Mutex
	mails []string
}

// service takes what is posted to it, and answers as it is told.
type service struct {
	*httptest.Server
	mu      sync.Mutex
	got     []received
	answers []int // the next ones; then 201
}

type received struct {
	path   string
	header http.Header
	body   []byte
}

func (s *service) take() (list []received) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, s.got = s.got, nil
	return list
}

func (s *service) say(codes ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = codes
}

func newService(t *testing.T) *service {
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, received{r.URL.Path, r.Header, body})
		code := http.StatusCreated
		if len(s.answers) > 0 {
			code, s.answers = s.answers[0], s.answers[1:]
		}
		w.WriteHeader(code)
	}))
	t.Cleanup(s.Close)
	return s
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		keys, err := secret.New([]byte("an example key of 32 bytes here!"))
		if err != nil {
			t.Fatal(err)
		}
		h := &house{Desk: desk, t: t, jobs: job.NewRunner(desk.DB, slog.New(slog.DiscardHandler)), service: newService(t)}
		h.n = notice.New(notice.Parts{DB: desk.DB, Keys: keys, Jobs: h.jobs, URL: "https://desk.example", Clock: desk.Clock.Now,
			Dial: dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}),
			Mail: func(_ context.Context, to, name, subject, text string) error {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.mails = append(h.mails, to+": "+subject+"\n"+text)
				return nil
			},
			About: func(ctx context.Context, _ *db.Tx, subjects []string) (map[string]string, error) {
				return map[string]string{"cnv_1": "#7 Lamp, for " + team.From(ctx).Name}, nil
			},
			Changed: func(team.ID) {},
		})
		word, err := team.HashPassword("a long enough one")
		if err != nil {
			t.Fatal(err)
		}
		h.do(0, func(ctx context.Context, tx *db.Tx) (err error) {
			if err = team.ChangeFirm(ctx, tx, team.Firm{Name: "Dalbit", Language: "en", Zone: "Asia/Seoul"}); err != nil {
				return err
			}
			if h.mina, err = team.MakePerson(ctx, tx, "mina@dalbit.example", "Mina", team.Agent, word); err != nil {
				return err
			}
			h.joon, err = team.MakePerson(ctx, tx, "joon@dalbit.example", "Joon", team.Agent, word)
			return err
		})
		fn(t, h)
	})
}

// do runs a command as somebody; 0 is the program.
func (h *house) do(who team.ID, fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	ctx := team.AsSystem(h.t.Context())
	err := h.Write(ctx, func(tx *db.Tx) error {
		if who != 0 {
			a, err := team.ActorOf(ctx, tx, who)
			if err != nil {
				return err
			}
			ctx = team.With(ctx, a)
		}
		return fn(ctx, tx)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) tell(n ...notice.Notice) (ids []notice.ID) {
	h.t.Helper()
	h.do(0, func(ctx context.Context, tx *db.Tx) (err error) { ids, err = notice.Tell(ctx, tx, n...); return err })
	return ids
}

func (h *house) unread(who team.ID) (list []notice.Notice) {
	h.t.Helper()
	h.do(who, func(ctx context.Context, tx *db.Tx) (err error) { list, err = notice.Unread(ctx, tx); return err })
	return list
}

func (h *house) after(d time.Duration) []string {
	h.t.Helper()
	h.Clock.Advance(d)
	if err := h.jobs.Drain(team.AsSystem(h.t.Context())); err != nil {
		h.t.Log(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	mails := h.mails
	h.mails = nil
	return mails
}

func (h *house) states(id notice.ID) map[notice.Way]notice.State {
	h.t.Helper()
	out := map[notice.Way]notice.State{}
	h.do(0, func(ctx context.Context, tx *db.Tx) error {
		all, err := notice.Deliveries(ctx, tx, id)
		for _, d := range all[id] {
			out[d.Way] = d.State
		}
		return err
	})
	return out
}

func mention(who, by team.ID) notice.Notice {
	return notice.Notice{Person: who, By: by, Kind: notice.Mentioned, Subject: "cnv_1", Words: "notice.said_mentioned", Link: "/inbox/cnv_1"}
}

func TestWhoIsMentionedHasItInTheBellAndAMailLater(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.tell(mention(h.mina, h.joon))
		if list := h.unread(h.mina); len(list) != 1 || list[0].ByName != "Joon" || list[0].Link != "/inbox/cnv_1" {
			t.Fatalf("unread %+v", list)
		}
		if list := h.unread(h.joon); len(list) != 0 {
			t.Errorf("Joon has %+v", list)
		}
		if mails := h.after(time.Minute); len(mails) != 0 {
			t.Errorf("mailed at once: %q", mails)
		}
		want := "mina@dalbit.example: [Dalbit] Joon mentioned you in a note: #7 Lamp, for Mina\n"
		mails := h.after(3 * time.Minute)
		if len(mails) != 1 || len(mails[0]) < len(want) || mails[0][:len(want)] != want {
			t.Errorf("mailed %q", mails)
		}
	})
}

func TestWhatWasReadIsNotMailed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ids := h.tell(mention(h.mina, h.joon))
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error { return notice.ReadAbout(ctx, tx, "cnv_1") })
		if mails := h.after(time.Hour); len(mails) != 0 || len(h.unread(h.mina)) != 0 {
			t.Errorf("mailed %q", mails)
		}
		if got := h.states(ids[0])[notice.Mail]; got != notice.Seen {
			t.Errorf("the mail is %s", got)
		}
	})
}

func TestSeveralAboutOneThingAreOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 5 {
			h.tell(mention(h.mina, h.joon))
		}
		if list := h.unread(h.mina); len(list) != 1 || list[0].Count != 5 {
			t.Fatalf("unread %+v", list)
		}
		if mails := h.after(time.Hour); len(mails) != 1 {
			t.Errorf("%d mails", len(mails))
		}
		h.tell(mention(h.mina, h.joon)) // an hour later, and still not read
		if mails := h.after(time.Hour); len(mails) != 1 {
			t.Errorf("%d mails an hour later", len(mails))
		}
	})
}

func TestByNightOnlyWhatIsUrgentComes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.Clock.Advance(14 * time.Hour) // 23:00 in Seoul
		h.tell(mention(h.mina, h.joon))
		h.tell(notice.Notice{Person: h.joon, Kind: notice.Paged, Subject: "opg_1", Words: "notice.said_tried", Link: "/x", Urgent: true})
		if mails := h.after(time.Minute); len(mails) != 1 || mails[0][:4] != "joon" {
			t.Errorf("by night %q", mails)
		}
		if mails := h.after(7*time.Hour + 58*time.Minute); len(mails) != 0 {
			t.Errorf("at 06:59 %q", mails)
		}
		if mails := h.after(time.Minute); len(mails) != 1 || mails[0][:4] != "mina" {
			t.Errorf("at 07:00 %q", mails)
		}
	})
}

func TestSlackGetsWhatItMayAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error {
			if err := h.n.SetSlack(ctx, tx, "http://hooks.example/x"); err == nil {
				return errors.New("took an address without TLS")
			}
			if err := h.n.SetSlack(ctx, tx, h.service.URL+"/hook"); err != nil {
				return err
			}
			c, err := notice.Chosen(ctx, tx)
			if err != nil {
				return err
			}
			c.Ways[notice.Mentioned] = []notice.Way{notice.Slack}
			return notice.Choose(ctx, tx, c)
		})
		n := mention(h.mina, h.joon)
		n.Subject = "cnv_1"
		h.tell(n)
		if mails := h.after(time.Hour); len(mails) != 0 {
			t.Errorf("mailed %q", mails)
		}
		if list := h.unread(h.mina); len(list) != 0 {
			t.Errorf("the bell has what he did not want there: %+v", list)
		}
		got := h.service.take()
		want := `{"text":"*Joon mentioned you in a note*\n#7 Lamp, for Mina\n\u003chttps://desk.example/inbox/cnv_1|Open\u003e"}`
		if len(got) != 1 || string(got[0].body) != want {
			t.Fatalf("posted %s", got[0].body)
		}
	})
}

func TestAWayThatFailsIsTriedAgainAndThenSaysSo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error { return h.n.SetSlack(ctx, tx, h.service.URL+"/hook") })
		page := notice.Notice{Person: h.mina, Kind: notice.Paged, Words: "notice.said_tried", Link: "/x", Urgent: true, Ways: []notice.Way{notice.Slack}}
		h.service.say(503, 503)
		ids := h.tell(page)
		for range 3 {
			h.after(10 * time.Second)
		}
		if got := h.states(ids[0])[notice.Slack]; got != notice.Sent || len(h.service.take()) != 3 {
			t.Errorf("after two failures it is %s", got)
		}
		h.service.say(400)
		ids = h.tell(page)
		h.after(10 * time.Second)
		if got := h.states(ids[0])[notice.Slack]; got != notice.Failed || len(h.service.take()) != 1 {
			t.Errorf("what was refused is %s", got)
		}
		h.service.say(slices.Repeat([]int{500}, 20)...)
		ids = h.tell(page)
		for range 20 {
			h.after(3 * time.Minute)
		}
		if got := h.states(ids[0])[notice.Slack]; got != notice.Failed || len(h.service.take()) != 8 {
			t.Errorf("what never works is %s", got)
		}
	})
}

func TestALinkAnswersForItsNoticeOnlyAndNotForEver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ids := h.tell(notice.Notice{Person: h.mina, Kind: notice.Paged, Words: "notice.said_tried", Link: "/x", Act: "/y", Urgent: true}, mention(h.joon, h.mina))
		path := h.n.AnswerPath(ids[0], h.Clock.Now())
		token := path[len("/answer/"+ids[0].String()+"/"):]
		try := func(id notice.ID, token string) (who team.ID, err error) {
			h.do(0, func(ctx context.Context, tx *db.Tx) error {
				var as context.Context
				as, _, err = h.n.Answering(ctx, tx, id, token)
				who = team.From(as).Person
				return nil
			})
			return who, err
		}
		if who, err := try(ids[0], token); err != nil || who != h.mina {
			t.Errorf("the link is %v's, %v", who, err)
		}
		if _, err := try(ids[1], token); err == nil {
			t.Error("it answers for another notice")
		}
		for i := range token {
			b := []byte(token)
			b[i] ^= 1
			if _, err := try(ids[0], string(b)); err == nil {
				t.Fatalf("changed at %d it still answers", i)
			}
		}
		h.Clock.Advance(49 * time.Hour)
		if _, err := try(ids[0], token); err == nil {
			t.Error("it answers for ever")
		}
	})
}

// What he must answer goes when somebody has, and not because he looked at his list.
func TestAPageStaysUntilItIsSettled(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ids := h.tell(notice.Notice{Person: h.mina, Kind: notice.Paged, Subject: "opg_1", Words: "notice.said_tried", Link: "/x", Act: "/y", Urgent: true})
		h.do(h.mina, func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(notice.Read(ctx, tx, ids[0]), notice.ReadAll(ctx, tx))
		})
		if len(h.unread(h.mina)) != 1 {
			t.Error("it went although nobody answered")
		}
		h.do(0, func(ctx context.Context, tx *db.Tx) error { return notice.Settle(ctx, tx, "opg_1") })
		if len(h.unread(h.mina)) != 0 {
			t.Error("it stayed although somebody has")
		}
	})
}
