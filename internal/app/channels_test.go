package app_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/channel/chat"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/form"
	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/mail"
	"baraji/internal/portal"
	"baraji/test/rig"
	"baraji/test/rig/house"
)

// The suite that every channel passes. A new channel is a line in channels, and how a customer writes and listens there.

// haram writes in the suite: one person, whom mail and the shop's server prove.
const (
	haram     = "haram@solip.example"
	haramName = "윤하람"
)

// words are what the customer writes once: sent again, it is the same.
type words struct {
	id, text string
	file     string // content of a file, "" for none
}

// channel is how a customer writes, and what reaches him there.
type channel struct {
	name  string
	open  func(*stand)
	say   func(*stand, words)
	hears func(*stand) []string // the words of the answers, oldest first
}

var channels = []channel{
	{"email", func(*stand) {}, (*stand).sayByMail, (*stand).mails},
	{"chat", (*stand).openChat, (*stand).sayInChat, (*stand).sees},
	{"form", (*stand).openForm, (*stand).sayByForm, (*stand).mails},
	{"portal", (*stand).openPortal, (*stand).sayInPortal, (*stand).mails},
}

// stand is a shop with every channel open.
type stand struct {
	*house.House
	t      *testing.T
	config app.Config
	sink   *rig.MailSink
	smtp   string
	widget inbox.Inbox
	secret string
	form   form.Form
	stamps map[string]string // of the page that a form was filled in on
	guest  string            // his session in the portal
	last   string            // Message-ID of the last mail of ours, for answering it
}

func eachStand(t *testing.T, fn func(t *testing.T, s *stand)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *dbtest.Desk) {
		s := &stand{t: t, config: app.Config{Database: d.URL, Now: d.Clock.Now, Data: t.TempDir()}, stamps: map[string]string{}}
		s.House = house.Open(t, d.Clock, s.config).Furnish()
		s.sink = s.PostOffice()
		s.smtp = s.MailServer()
		for _, c := range channels {
			c.open(s)
		}
		fn(t, s)
	})
}

func (s *stand) openChat() {
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if s.widget, err = s.Chat.Create(ctx, tx, inbox.Inbox{Name: "채팅"}, chat.Settings{}); err == nil {
			s.secret, err = s.Chat.Secret(ctx, tx, s.widget.ID)
		}
		return err
	})
}

func (s *stand) openForm() {
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		both := func(en, ko string) form.Text { return form.Text{i18n.English: en, i18n.Korean: ko} }
		s.form, err = form.Create(ctx, tx, form.Form{Name: "문의", Slug: "ask", Inbox: s.Inbox.ID, Definition: form.Definition{Title: both("Ask", "문의"), Fields: []form.Field{
			{Key: "name", Kind: form.Line, Label: both("Name", "이름"), As: form.AsName}, {Key: "email", Kind: form.Email, Label: both("E-mail", "메일"), Required: true},
			{Key: "text", Kind: form.Long, Label: both("Question", "내용"), Required: true}, {Key: "file", Kind: form.Upload, Label: both("File", "파일")}}}})
		if err != nil {
			return err
		}
		return form.SetState(ctx, tx, s.form.ID, form.Live)
	})
}

func (s *stand) sayByMail(w words) {
	s.t.Helper()
	m := mail.Outgoing{From: mail.Address{Name: haramName, Addr: haram}, To: []mail.Address{{Addr: s.Inbox.Address}}, Subject: "문의 " + w.id,
		Date: s.Clock.Now(), MessageID: w.id + "@solip.example", Text: w.text, Seed: w.id}
	if s.last != "" {
		m.InReplyTo, m.References = s.last, []string{s.last}
	}
	if w.file != "" {
		m.Files = []mail.Part{{Name: "lamp.txt", Type: "text/plain", Data: []byte(w.file)}}
	}
	raw, err := mail.Compose(m)
	if err == nil {
		err = smtp.SendMail(s.smtp, nil, haram, []string{s.Inbox.Address}, raw)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.Run()
}

// mails are the answers that left by mail for the customer.
func (s *stand) mails() (list []string) {
	s.t.Helper()
	s.Run()
	for _, taken := range s.sink.Mails() {
		if len(taken.To) != 1 || taken.To[0] != haram {
			s.t.Errorf("a mail went to %v", taken.To)
		}
		raw, err := taken.Raw()
		if err != nil {
			s.t.Fatal(err)
		}
		m, err := mail.Parse(raw)
		if err != nil {
			s.t.Fatal(err)
		}
		s.last = m.MessageID
		list = append(list, strings.TrimSpace(m.Text))
	}
	return list
}

// inChat asks the widget's edge as the customer, proven by the shop's server.
func (s *stand) inChat(method, what string, body any, into any) int {
	s.t.Helper()
	claims, _ := json.Marshal(map[string]any{"sub": "u-1", "name": haramName, "email": haram, "exp": s.Clock.Now().Add(time.Hour).Unix()})
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte(text))
	raw, ok := body.([]byte)
	if !ok {
		raw, _ = json.Marshal(body)
	}
	req, err := http.NewRequest(method, s.URL+"/widget/"+s.widget.Address+what, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Visitor-Proof", text+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if into != nil && resp.StatusCode < 300 {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			s.t.Fatal(err)
		}
	}
	return resp.StatusCode
}

func (s *stand) sayInChat(w words) {
	s.t.Helper()
	body := map[string]any{"client_id": "client-" + w.id, "text": w.text}
	if w.file != "" {
		var f struct{ ID string }
		if status := s.inChat("POST", "/files?name=lamp.txt", []byte(w.file), &f); status != 201 {
			s.t.Fatalf("hand in a file: %d", status)
		}
		body["files"] = []string{f.ID}
	}
	if status := s.inChat("POST", "/messages", body, nil); status != 201 {
		s.t.Fatalf("say %q: %d", w.text, status)
	}
	s.Run()
}

// talk is all that the customer has in his chat.
func (s *stand) talk() (lines []string) {
	s.t.Helper()
	var out struct {
		Items []struct{ ID, From, Text string }
	}
	if status := s.inChat("GET", "/messages", nil, &out); status != 200 {
		s.t.Fatalf("look into the chat: %d", status)
	}
	for _, m := range out.Items {
		lines = append(lines, m.From+": "+m.Text)
	}
	if n := len(out.Items); n > 0 {
		s.inChat("POST", "/got", map[string]any{"id": out.Items[n-1].ID, "read": true}, nil)
	}
	return lines
}

func (s *stand) sees() (list []string) {
	s.t.Helper()
	for _, line := range s.talk() {
		if text, ours := strings.CutPrefix(line, "agent: "); ours {
			list = append(list, text)
		}
	}
	return list
}

func (s *stand) sayByForm(w words) {
	s.t.Helper()
	if s.stamps[w.id] == "" {
		s.stamps[w.id] = s.Forms.Stamp(s.form.ID, s.form.Version, s.Clock.Now())
		s.Clock.Advance(10 * time.Second)
	}
	sent := form.Sent{Stamp: s.stamps[w.id], Language: i18n.Korean, From: "203.0.113.9",
		Answers: form.Answers{"name": {haramName}, "email": {haram}, "text": {w.text}}}
	if w.file != "" {
		f, err := s.Blobs.Put(s.t.Context(), strings.NewReader(w.file))
		if err != nil {
			s.t.Fatal(err)
		}
		sent.Files = []form.File{{Field: "file", Name: "lamp.txt", Type: "text/plain", Size: f.Size, Blob: string(f.Key)}}
	}
	s.Must(func(tx *db.Tx) error { _, err := s.Forms.Submit(s.t.Context(), tx, s.form.ID, sent); return err })
	s.Run()
}

// openPortal lets him in by a link: he is a customer already, or there is nothing for him there.
func (s *stand) openPortal() {
	s.Must(func(tx *db.Tx) error {
		if _, _, err := contact.Resolve(s.System(), tx, contact.Sender{Email: haram, Name: haramName}); err != nil {
			return err
		}
		pass, err := portal.Pass(s.System(), tx, haram)
		if err == nil {
			s.guest, err = portal.Enter(s.System(), tx, pass, "Mozilla/5.0", "")
		}
		return err
	})
}

func (s *stand) sayInPortal(w words) {
	s.t.Helper()
	said := portal.Saying{Key: "the-page-of-" + w.id + "-in-the-portal", Subject: "문의 " + w.id, Text: w.text}
	if w.file != "" {
		f, err := s.Blobs.Put(s.t.Context(), strings.NewReader(w.file))
		if err != nil {
			s.t.Fatal(err)
		}
		said.Files = []conversation.Attachment{{Name: "lamp.txt", Type: "text/plain", Size: f.Size, Blob: string(f.Key)}}
	}
	s.Must(func(tx *db.Tx) error {
		g, err := portal.Who(s.t.Context(), tx, s.guest)
		if err == nil {
			_, err = portal.Begin(s.t.Context(), tx, g, said)
		}
		return err
	})
	s.Run()
}

// talks are all conversations, the newest first.
func (s *stand) talks() (list []conversation.Conversation) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, _, err = conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		return err
	})
	return list
}

func (s *stand) messages(id conversation.ID) (list []conversation.Message) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = conversation.Messages(ctx, tx, id, 0, 100)
		return err
	})
	return list
}

func (s *stand) reply(id conversation.ID, text, by string) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: text, By: by})
		return err
	})
	s.Run()
}

func eachChannel(t *testing.T, fn func(t *testing.T, s *stand, c channel)) {
	t.Helper()
	for _, c := range channels {
		t.Run(c.name, func(t *testing.T) { eachStand(t, func(t *testing.T, s *stand) { fn(t, s, c) }) })
	}
}

// However often it is sent, and whatever stands in it, it comes in once and whole, and the answer reaches him where he wrote.
func TestWhatIsSaidComesInOnce(t *testing.T) {
	eachChannel(t, func(t *testing.T, s *stand, c channel) {
		hostile := "<script>alert(1)</script>\n새벽배송은 언제 되나요? \u202etxt.exe {{.}} ${7*7} ' OR 1=1 --\n" + strings.Repeat("아주 긴 글이에요. ", 200) + "끝"
		w := words{"one", hostile, "파일"}
		for range 3 {
			c.say(s, w)
		}
		list := s.talks()
		if len(list) != 1 || list[0].Channel != c.name || list[0].ContactName != haramName || list[0].Status != conversation.Open {
			t.Fatalf("talks: %+v", list)
		}
		said := s.messages(list[0].ID)
		if len(said) != 1 || said[0].Channel != c.name {
			t.Fatalf("%d messages: %+v", len(said), said)
		}
		flat := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u202e", "")), " ") } // a sign that turns the text round may be gone
		if !strings.Contains(flat(said[0].Text), flat(hostile)) {
			t.Errorf("it says %.400s", said[0].Text)
		}
		if f := said[0].Attachments; len(f) != 1 || f[0].Name != "lamp.txt" || !s.holds(f[0].Blob, "파일") {
			t.Errorf("its files: %+v", f)
		}
		s.Mina.Get("/inbox/"+list[0].ID.String()).Is(200).Says("alert(1)", "새벽배송은").Hides("<script>alert")
		s.reply(list[0].ID, "내일 도착해요.", "")
		s.Clock.Advance(time.Minute)
		if got := c.hears(s); len(got) != 1 || !strings.Contains(got[0], "내일 도착해요.") {
			t.Errorf("he hears %q", got)
		}
		s.Clock.Advance(time.Hour)
		if got := c.hears(s); len(got) != 1 {
			t.Errorf("an hour later he hears %q", got)
		}
	})
}

func (s *stand) holds(key, content string) bool {
	s.t.Helper()
	f, err := s.Blobs.Open(s.t.Context(), blob.Key(key))
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(got) == content
}

// Whichever way he writes it is one person, with one line, and an export and an erasure reach all of it.
func TestOnePersonOneLine(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		for i, c := range channels {
			s.last = ""
			c.say(s, words{fmt.Sprint("m", i), "비밀 말 " + c.name, "비밀 파일 " + c.name})
		}
		who := map[contact.ID]bool{}
		for _, c := range s.talks() {
			who[c.Contact] = true
			s.reply(c.ID, "답: "+c.Channel, "")
		}
		if len(who) != 1 {
			t.Fatalf("they are %d people: %+v", len(who), s.talks())
		}
		person := s.talks()[0].Contact
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			line, err := contact.Timeline(ctx, tx, person, time.Time{}, 100)
			n := 0
			for _, e := range line {
				if strings.HasPrefix(e.Kind, "conversation.") {
					n++
				}
			}
			if n != len(channels) {
				t.Errorf("his line has %d talks: %+v", n, line)
			}
			return err
		})
		var file []byte
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			f, err := contact.Export(ctx, tx, person)
			if err == nil {
				file, err = json.Marshal(f)
			}
			return err
		})
		for _, c := range channels {
			if !strings.Contains(string(file), "비밀 말 "+c.name) {
				t.Errorf("what he said by %s is not in his export", c.name)
			}
		}
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return contact.Erase(ctx, tx, person) })
		s.Run()
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, _, err := conversation.Search(ctx, tx, "비밀", conversation.Filter{}, conversation.Page{Limit: 10})
			if len(list) > 0 {
				t.Errorf("afterwards a search finds %+v", list)
			}
			return err
		})
		for _, c := range s.talks() {
			for _, m := range s.messages(c.ID) {
				if strings.Contains(m.Text, "비밀") || len(m.Attachments) > 0 {
					t.Errorf("afterwards %s holds %q, %d files", c.Channel, m.Text, len(m.Attachments))
				}
			}
		}
		if status := s.inChat("GET", "/messages", nil, nil); status != 404 {
			t.Errorf("afterwards the chat is still there: %d", status)
		}
	})
}

// A talk goes on across channels: the answer goes where he last was, or where the agent chooses, and back in the chat he has
// all of it.
func TestATalkGoesOnAcrossChannels(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		expect := func(what string, mails, sees int) {
			t.Helper()
			s.Clock.Advance(time.Minute)
			if m, c := s.mails(), s.sees(); len(m) != mails || len(c) != sees {
				t.Errorf("%s: mails %q, in the chat %q; want %d and %d", what, m, c, mails, sees)
			}
		}
		s.sayInChat(words{"a", "램프 언제 오나요?", ""})
		talk := s.talks()[0].ID
		s.reply(talk, "하나", "")
		expect("he is in the chat", 0, 1)

		s.reply(talk, "둘", "")
		s.Clock.Advance(chat.Patience + time.Second) // and he is gone
		if m := s.mails(); len(m) != 1 || !strings.Contains(m[0], "둘") {
			t.Fatalf("gone from the chat he is mailed %q", m)
		}
		s.sayByMail(words{"b", "메일로 이어요.", ""})
		if list := s.talks(); len(list) != 1 || list[0].Messages != 4 {
			t.Fatalf("his mail made another talk: %+v", list)
		}
		s.reply(talk, "셋", "")
		expect("he is at his mail", 2, 3)
		s.reply(talk, "넷", "chat")
		expect("the agent chooses the chat", 2, 4)

		s.sayInChat(words{"c", "다시 왔어요.", ""})
		s.reply(talk, "다섯", "")
		expect("he is back in the chat", 2, 5)
		s.reply(talk, "여섯", "email")
		expect("the agent chooses mail", 3, 6)
		want := "visitor: 램프 언제 오나요? | agent: 하나 | agent: 둘 | visitor: 메일로 이어요. | agent: 셋 | agent: 넷 | visitor: 다시 왔어요. | agent: 다섯 | agent: 여섯"
		if got := strings.Join(s.talk(), " | "); got != want {
			t.Errorf("the chat shows\n%s\nwant\n%s", got, want)
		}
		if n := len(s.talks()); n != 1 {
			t.Errorf("%d talks", n)
		}
	})
}

// What was said just before the program died is there afterwards, once, and so is the answer to it.
func TestNothingIsLostWhenTheProgramDies(t *testing.T) {
	eachChannel(t, func(t *testing.T, s *stand, c channel) {
		c.say(s, words{"one", "여보세요?", ""})
		talk := s.talks()[0].ID
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Reply(ctx, tx, talk, conversation.Answer{Text: "네, 말씀하세요."})
			return err
		})
		// No job has run: another process finds what this one left.
		next := house.Open(t, s.Clock, s.config)
		next.Inbox, next.Mina = s.Inbox, s.Mina
		s.House = next
		s.smtp = s.MailServer()
		c.say(s, words{"one", "여보세요?", ""}) // whoever sent it did not hear that it had arrived
		s.Clock.Advance(time.Minute)
		if got := c.hears(s); len(got) != 1 || !strings.Contains(got[0], "네, 말씀하세요.") {
			t.Errorf("he hears %q", got)
		}
		if list := s.messages(talk); len(list) != 2 {
			t.Errorf("the talk has %d messages: %+v", len(list), list)
		}
	})
}
