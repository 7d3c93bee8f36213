package app_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/smtp"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/channel/email"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/internal/team"
	"baraji/test/rig"

	"github.com/rogpeppe/go-internal/txtar"
)

// A story of testdata/*.txtar is what happens, one line each, and the mails that
// come, as files. #N is a conversation, by its number (the first is #1001).
//
//	mail FILE [from ADDRESS|<>]  comes in by SMTP; {sent} in it is the Message-ID of what left last
//	run                          everything that is due is done
//	advance 4h                   the clock
//	sent N                       so many mails have left; has and hasnt look at the last
//	refuse ADDRESS CODE          the customer's server says no
//	reply #N TEXT                as the page does it: it leaves ten seconds later
//	unsend #N                    the last answer is taken back
//	note #N TEXT, solve #N, snooze #N 4h, merge #A #B, undo #N
//	auto-reply ko TEXT           what the inbox says by itself
//	erase ADDRESS                a customer asks to be forgotten
//	talk #N STATUS MESSAGES      how it stands: open, pending, snoozed, solved
//	delivery #N STATE            of the last answer
//	talks N                      so many conversations are there
//	page PATH [STATUS]           as somebody who is signed in sees it; #N is its page
//	has TEXT, hasnt TEXT         on the page, or in the mail
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, engine := range dbtest.Engines() {
		for _, file := range files {
			t.Run(string(engine)+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				tell(t, engine, file)
			})
		}
	}
}

// tale is a story that is told.
type tale struct {
	*app.App
	t     *testing.T
	ctx   context.Context // of the program
	agent context.Context
	clock *dbtest.Clock
	sink  *rig.MailSink
	smtp  string
	in    inbox.Inbox
	files map[string]string
	shown string // page or mail that was looked at last
}

var verbs = map[string]func(*tale, []string, string) error{
	"mail": (*tale).mail, "run": (*tale).run, "advance": (*tale).advance, "sent": (*tale).sent, "refuse": (*tale).refuse, "reply": (*tale).reply,
	"unsend": (*tale).unsend, "note": (*tale).note, "solve": (*tale).solve, "snooze": (*tale).snooze, "merge": (*tale).merge, "undo": (*tale).undo,
	"auto-reply": (*tale).autoReply, "erase": (*tale).erase, "talk": (*tale).talk, "talks": (*tale).talks, "delivery": (*tale).delivery,
	"page": (*tale).page, "has": (*tale).has, "hasnt": (*tale).hasnt,
}

func tell(t *testing.T, engine db.Engine, file string) {
	story, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, engine)
	for _, f := range story.Files {
		s.files[f.Name] = string(f.Data)
	}
	for i, line := range strings.Split(string(story.Comment), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(line, "//") {
			continue
		}
		verb, ok := verbs[words[0]]
		if !ok {
			t.Fatalf("%s:%d: nobody can %q", file, i+1, words[0])
		}
		if err := verb(s, words[1:], strings.TrimSpace(strings.TrimPrefix(line, words[0]))); err != nil {
			t.Fatalf("%s:%d: %s: %v", file, i+1, line, err)
		}
	}
}

// open makes a desk with one inbox, somebody who works there, and a server for
// what leaves.
func open(t *testing.T, engine db.Engine) *tale {
	desk := dbtest.New(t, engine)
	s := &tale{t: t, ctx: team.AsSystem(t.Context()), clock: desk.Clock, sink: rig.Sink(t, rig.SinkSetup{}), files: map[string]string{}}
	var err error
	s.App, err = app.Open(s.ctx, app.Config{Data: t.TempDir(), Database: desk.URL, Real: time.Now, Now: s.clock.Now, Log: logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	hashed, err := s.Door.Hash(s.ctx, rig.Password)
	if err != nil {
		t.Fatal(err)
	}
	err = s.DB.Write(s.ctx, func(tx *db.Tx) error {
		who, err := team.SetUp(s.ctx, tx, team.Firm{Name: "달빛상점", Language: "ko", Zone: "Asia/Seoul"}, "seoyun@shop.example", "한서윤", hashed)
		if err != nil {
			return err
		}
		actor, err := team.ActorOf(s.ctx, tx, who)
		if err != nil {
			return err
		}
		s.agent = team.With(t.Context(), actor)
		if s.in, err = inbox.Create(s.ctx, tx, inbox.Inbox{Name: "달빛상점", Channel: "email", Address: shop, Language: "ko"}); err != nil {
			return err
		}
		return s.Mail.SetAccount(s.ctx, tx, email.Account{Inbox: s.in.ID, SMTP: server(s.sink.Addr, "", "")})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.listen()
	return s
}

// listen takes mail by SMTP.
func (s *tale) listen() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(s.ctx)
	done := make(chan error, 1)
	go func() { done <- s.Mail.Serve(ctx, l, false) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	})
	s.smtp = l.Addr().String()
}

func (s *tale) mail(words []string, _ string) error {
	text, ok := s.files[words[0]]
	if !ok {
		return errors.New("this mail is not in the story")
	}
	if strings.Contains(text, "{sent}") {
		left, err := s.last()
		if err != nil {
			return err
		}
		text = strings.ReplaceAll(text, "{sent}", left.MessageID)
	}
	m, err := netmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		return err
	}
	from, err := netmail.ParseAddress(m.Header.Get("From"))
	if err != nil {
		return err
	}
	envelope := from.Address
	if len(words) == 3 {
		envelope = strings.Trim(words[2], "<>")
	}
	return smtp.SendMail(s.smtp, nil, envelope, []string{shop}, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

func (s *tale) run([]string, string) error {
	return errors.Join(s.Jobs.Drain(s.ctx), s.Events.Seal(s.ctx))
}

func (s *tale) advance(words []string, _ string) error {
	d, err := time.ParseDuration(words[0])
	s.clock.Advance(d)
	return err
}

func (s *tale) last() (*mail.Message, error) {
	all := s.sink.Mails()
	if len(all) == 0 {
		return nil, errors.New("nothing has left")
	}
	raw, err := all[len(all)-1].Raw()
	if err != nil {
		return nil, err
	}
	return mail.Parse(raw)
}

func (s *tale) sent(words []string, _ string) error {
	if n := len(s.sink.Mails()); fmt.Sprint(n) != words[0] {
		return fmt.Errorf("%d mails have left", n)
	}
	if words[0] == "0" {
		return nil
	}
	m, err := s.last()
	if err != nil {
		return err
	}
	s.shown = fmt.Sprintf("Subject: %s\nTo: %v\nIn-Reply-To: %v\n\n%s", m.Subject, m.To, m.InReplyTo, m.Text)
	return nil
}

func (s *tale) refuse(words []string, _ string) error {
	code, err := strconv.Atoi(words[1])
	s.sink.Always(words[0], rig.RefuseRecipient(code))
	return err
}

// on runs a command of the agent's on the conversation that the first word names.
func (s *tale) on(words []string, fn func(tx *db.Tx, c conversation.Conversation) error) error {
	return s.DB.Write(s.agent, func(tx *db.Tx) error {
		c, err := s.find(tx, words[0])
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

func (s *tale) find(tx *db.Tx, number string) (c conversation.Conversation, err error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
	if err != nil {
		return c, err
	}
	return conversation.ByNumber(s.agent, tx, n)
}

func rest(words []string) string { return strings.Join(words[1:], " ") }

func (s *tale) reply(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		_, err := conversation.Reply(s.agent, tx, c.ID, conversation.Answer{Text: rest(words), SendAt: tx.Now().Add(10 * time.Second)})
		return err
	})
}

// spoken is the last answer in a conversation.
func (s *tale) spoken(tx *db.Tx, c conversation.Conversation) (m conversation.Message, err error) {
	list, err := conversation.Messages(s.agent, tx, c.ID, 0, 100)
	if err != nil {
		return m, err
	}
	for _, x := range list {
		if x.Kind == conversation.FromAgent {
			m = x
		}
	}
	if m.ID == 0 {
		return m, errors.New("nobody has answered")
	}
	return m, nil
}

func (s *tale) unsend(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		m, err := s.spoken(tx, c)
		if err == nil {
			_, err = conversation.Unsend(s.agent, tx, m.ID)
		}
		return err
	})
}

func (s *tale) note(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		_, err := conversation.AddNote(s.agent, tx, c.ID, conversation.Remark{Text: rest(words)})
		return err
	})
}

func (s *tale) solve(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		return conversation.SetStatus(s.agent, tx, c.ID, conversation.Solved)
	})
}

func (s *tale) snooze(words []string, _ string) error {
	d, err := time.ParseDuration(words[1])
	if err != nil {
		return err
	}
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		return conversation.Snooze(s.agent, tx, c.ID, tx.Now().Add(d))
	})
}

func (s *tale) merge(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, keep conversation.Conversation) error {
		lose, err := s.find(tx, words[1])
		if err == nil {
			_, err = conversation.Merge(s.agent, tx, keep.ID, lose.ID)
		}
		return err
	})
}

func (s *tale) undo(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		_, err := conversation.Undo(s.agent, tx, c.ID)
		return err
	})
}

func (s *tale) autoReply(words []string, _ string) error {
	return s.DB.Write(s.ctx, func(tx *db.Tx) error {
		return inbox.SetText(s.ctx, tx, s.in.ID, inbox.AutoReply, words[0], rest(words))
	})
}

func (s *tale) erase(words []string, _ string) error {
	return s.DB.Write(s.agent, func(tx *db.Tx) error {
		list, _, err := contact.List(s.agent, tx, contact.Filter{Query: words[0]})
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return fmt.Errorf("%d customers have this address", len(list))
		}
		return contact.Erase(s.agent, tx, list[0].ID)
	})
}

func (s *tale) talk(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		if got := fmt.Sprintf("%s %d", c.Status, c.Messages); got != rest(words) {
			return fmt.Errorf("it is %s", got)
		}
		return nil
	})
}

func (s *tale) talks(words []string, _ string) error {
	if n := len(conversations(s.t, s.ctx, s.App)); fmt.Sprint(n) != words[0] {
		return fmt.Errorf("there are %d", n)
	}
	return nil
}

func (s *tale) delivery(words []string, _ string) error {
	return s.on(words, func(tx *db.Tx, c conversation.Conversation) error {
		m, err := s.spoken(tx, c)
		if err == nil && string(m.Delivery) != words[1] {
			err = fmt.Errorf("it is %s %s", m.Delivery, m.Trouble)
		}
		return err
	})
}

func (s *tale) page(words []string, _ string) error {
	path, want := words[0], http.StatusOK
	if len(words) > 1 {
		want, _ = strconv.Atoi(words[1])
	}
	if strings.HasPrefix(path, "#") {
		err := s.on(words, func(_ *db.Tx, c conversation.Conversation) error { path = "/inbox/" + c.ID.String(); return nil })
		if err != nil {
			return err
		}
	}
	r := httptest.NewRequest(http.MethodGet, "http://desk.example"+path, nil).WithContext(s.t.Context())
	entry, err := s.Door.SignIn(s.ctx, team.Attempt{Email: "seoyun@shop.example", Password: rig.Password, From: "127.0.0.1"})
	if err != nil {
		return err // each time: the clock may have ended the last session
	}
	r.AddCookie(&http.Cookie{Name: "baraji", Value: entry.Token})
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	s.shown = words2text(w.Body.String())
	if w.Code != want {
		return fmt.Errorf("%s answers %d", path, w.Code)
	}
	return nil
}

var tags = regexp.MustCompile(`(?s)<(script|style|template)\b.*?</(script|style|template)>|<[^>]*>`)

// words2text is what one reads of a page.
func words2text(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

func (s *tale) has(_ []string, text string) error {
	if !strings.Contains(s.shown, text) {
		return fmt.Errorf("not in: %s", s.shown[:min(len(s.shown), 3000)])
	}
	return nil
}

func (s *tale) hasnt(_ []string, text string) error {
	if strings.Contains(s.shown, text) {
		return fmt.Errorf("it is there: %s", s.shown[:min(len(s.shown), 3000)])
	}
	return nil
}
