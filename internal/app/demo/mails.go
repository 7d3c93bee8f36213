package demo

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// raws are mails that come in as bytes, with how long ago, by the same way as
// those of a mail server.
var raws = []struct {
	file  string
	ago   time.Duration
	sales bool
}{
	{"list.eml", 19 * 24 * time.Hour, true},
	{"nosender.eml", 6*24*time.Hour + 3*time.Hour, false},
	{"colleague.eml", 52 * time.Hour, false},
	{"quoted.eml", 26*time.Hour + 11*time.Minute, false},
	{"letter.eml", 7*time.Hour + 20*time.Minute, true},
	{"related.eml", 5*time.Hour + 41*time.Minute, false},
	{"french.eml", 4*time.Hour + 2*time.Minute, false},
	{"photo.eml", 2*time.Hour + 33*time.Minute, false},
	{"courier.eml", 95 * time.Minute, false},
	{"pretender.eml", 31 * time.Minute, true},
}

// mails adds the raw mails, and talks that need more than a script.
func (s *story) mails() {
	for _, m := range raws {
		to := s.support
		if m.sales {
			to = s.sales
		}
		s.bring(m.file, s.end.Add(-m.ago), to, func() ([]byte, error) { return files.ReadFile("mails/" + m.file) })
	}
	s.bring("nested.eml", s.end.Add(-3*24*time.Hour), s.support, func() ([]byte, error) { return nested(), nil })
	s.bring("empty.eml", s.end.Add(-9*time.Hour), s.support, func() ([]byte, error) { return []byte("\r\n"), nil })
	s.bounce()
	s.away()
	s.twice()
	s.draft()
}

// nested is a mail within a mail within a mail …, as those build who want to see
// a mail program fall.
func nested() []byte {
	var b strings.Builder
	b.WriteString("From: Depth <depth@puzzle.example>\r\nTo: support@dalbit.example\r\nSubject: open me\r\nMessage-ID: <deep@puzzle.example>\r\nMIME-Version: 1.0\r\n")
	for i := range 400 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"n%d\"\r\n\r\n--n%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nhere\r\n")
	return []byte(b.String())
}

func (s *story) bring(name string, at time.Time, to inbox.Inbox, read func() ([]byte, error)) {
	s.steps = append(s.steps, step{at: at, alone: func(ctx context.Context) error {
		raw, err := read()
		if err != nil {
			return err
		}
		if raw, err = s.posted(ctx, raw, at); err != nil {
			return err
		}
		if err := s.Mail.Bring(ctx, to.ID, name, "", raw); err != nil {
			return err
		}
		return s.Jobs.Drain(ctx)
	}})
}

// posted makes a file of mails/ what travels: lines end with CR LF, words in
// the header are encoded, and the gaps are filled.
func (s *story) posted(ctx context.Context, raw []byte, at time.Time) ([]byte, error) {
	if bytes.Contains(raw, []byte("\r\n")) {
		return raw, nil
	}
	text := string(raw)
	text = strings.Replace(text, "{{png}}", wrap(picture(7)), 1)
	if strings.Contains(text, "{{number}}") {
		n, err := s.numberOf(ctx, "haram@solip.example")
		if err != nil {
			return nil, err
		}
		text = strings.Replace(text, "{{number}}", fmt.Sprint(n), 1)
	}
	head, body, _ := strings.Cut(text, "\n\n")
	var lines []string
	for _, l := range strings.Split(head, "\n") {
		lines = append(lines, encoded(l))
	}
	lines = append(lines, "Date: "+at.UTC().Format(time.RFC1123Z))
	return []byte(strings.ReplaceAll(strings.Join(lines, "\n")+"\n\n"+body, "\n", "\r\n")), nil
}

// encoded encodes what is not ASCII in a header line; of an address the name only.
func encoded(line string) string {
	name, value, ok := strings.Cut(line, ": ")
	if !ok {
		return line
	}
	if who, address, ok := strings.Cut(value, " <"); ok && strings.HasSuffix(address, ">") {
		return name + ": " + mime.BEncoding.Encode("utf-8", strings.Trim(who, `"`)) + " <" + address
	}
	return name + ": " + mime.BEncoding.Encode("utf-8", value)
}

func wrap(data []byte) string {
	s := base64.StdEncoding.EncodeToString(data)
	var lines []string
	for len(s) > 76 {
		lines, s = append(lines, s[:76]), s[76:]
	}
	return strings.Join(append(lines, s), "\n")
}

// numberOf is the number of somebody's newest conversation.
func (s *story) numberOf(ctx context.Context, email string) (n int64, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Sort: conversation.Created, Limit: 100})
		for i := 0; i < len(list) && n == 0; i++ {
			c, err := contact.Get(ctx, tx, list[i].Contact)
			if err != nil {
				return err
			}
			if c.Email == email {
				n = list[i].Number
			}
		}
		return err
	})
	return n, err
}

// special is a talk outside of the scripts.
func (s *story) special(name, email, subject, agent string, korean bool) *talk {
	t := &talk{who: customer{name: name, email: email, korean: korean}, agent: agent, inbox: s.support, subject: subject}
	t.script.korean = korean
	t.fill = strings.NewReplacer("{name}", name, "{agent}", agent)
	return t
}

func (s *story) hears(t *talk, ago time.Duration, text string, first bool) {
	s.then(s.end.Add(-ago), func(ctx context.Context, tx *db.Tx) error {
		return t.hear(ctx, tx, text, conversation.Attachment{}, first)
	})
}

func (s *story) answers(t *talk, ago time.Duration, text string) {
	s.then(s.end.Add(-ago), func(ctx context.Context, tx *db.Tx) error {
		return t.answer(s.as(ctx, t.agent), ctx, tx, text, conversation.Attachment{}, conversation.Pending)
	})
}

// machine is what a mail program says in somebody's name.
func (s *story) machine(t *talk, ago time.Duration, m conversation.Message) {
	s.then(s.end.Add(-ago), func(ctx context.Context, tx *db.Tx) error {
		who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: m.FromAddress, Name: m.FromName})
		if err != nil {
			return err
		}
		m.Auto = true
		if _, err := conversation.Receive(ctx, tx, conversation.Inbound{Inbox: t.inbox, Contact: who, Continues: t.id, Message: m}); err != nil {
			return err
		}
		if m.Bounce == nil {
			return nil
		}
		return conversation.SetDelivery(ctx, tx, t.last, conversation.Failed, 1, "5.1.1 User unknown")
	})
}

// bounce: an answer that came back.
func (s *story) bounce() {
	t := s.special("곽나무", "namu@maeul.example", "소반 무드램프 높이 문의", gaon, true)
	s.hears(t, 31*time.Hour, "소반 무드램프 높이가 몇 센티인가요? 책상 선반이 40센티라서요.", true)
	s.answers(t, 30*time.Hour, "{name} 님, 안녕하세요. 전구까지 더해 36센티예요. 40센티 선반이면 넉넉해요.")
	s.machine(t, 30*time.Hour-2*time.Minute, conversation.Message{FromName: "Mail Delivery System", FromAddress: "mailer-daemon@maeul.example",
		Subject: "Undelivered Mail Returned to Sender", Flags: []string{"auto_bounce"},
		Bounce: &conversation.Bounce{Recipient: "namu@maeul.example", Permanent: true, Status: "5.1.1"},
		Text:   "<namu@maeul.example>: host mx.maeul.example said: 550 5.1.1 User unknown (in reply to RCPT TO command)"})
}

// away: somebody is out of his office.
func (s *story) away() {
	t := s.special("Helen Marsh", "helen@okeanos.example", "Delivery slot for the studio", noah, false)
	s.hears(t, 50*time.Hour, "Hello, could you deliver the four floor lamps before noon? After that nobody is here to open.", true)
	s.answers(t, 48*time.Hour, "Hello {name}, of course: Thursday between nine and eleven. Does that suit you?")
	s.machine(t, 48*time.Hour-time.Minute, conversation.Message{FromName: "Helen Marsh", FromAddress: "helen@okeanos.example", Flags: []string{"auto_auto"},
		Subject: "Automatic reply: Delivery slot for the studio", Text: "I am out of the office until Monday and read mail now and then. In urgent cases please call the studio."})
}

// twice: somebody asked the same thing in two mails, and somebody saw it.
func (s *story) twice() {
	a := s.special("이도윤", "doyun.lee@mail.example", "조명 기사님 언제 오시나요", jihu, true)
	b := s.special("이도윤", "doyun.lee@mail.example", "(다시 보냅니다) 기사님 방문 시간", jihu, true)
	s.hears(a, 22*time.Hour, "내일 벽램프 설치하러 오신다고 했는데 몇 시쯤 오시나요? 오전에는 집에 없어요.", true)
	s.hears(b, 20*time.Hour, "아까 메일이 간 건지 모르겠어서 다시 보내요. 내일 설치 오후 2시 이후로 부탁드려요!", true)
	s.then(s.end.Add(-19*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		_, err := conversation.Merge(s.as(ctx, jihu), tx, a.id, b.id)
		return err
	})
	s.answers(a, 19*time.Hour-5*time.Minute, "{name} 님, 두 메일 다 잘 받았어요. 내일 오후 3시에 기사님이 가세요.")
}

// draft: the owner has begun to answer.
func (s *story) draft() {
	t := s.special("진가람", "garam.jin@mail.example", "부모님 댁에 놓을 램프", seoyun, true)
	s.hears(t, 47*time.Minute, "부모님 두 분 다 눈이 침침하셔서 밝으면서도 눈부시지 않은 것을 찾고 있어요. 침대 옆에 둘 거고 스위치가 크면 좋겠어요. 추천해 주실 수 있나요?", true)
	s.then(s.end.Add(-20*time.Minute), func(ctx context.Context, tx *db.Tx) error {
		if err := conversation.Assign(s.as(ctx, jihu), tx, t.id, s.actors[seoyun].Person); err != nil {
			return err
		}
		return conversation.SaveDraft(s.as(ctx, seoyun), tx, t.id, conversation.FromAgent, "진가람 님, 안녕하세요. 부모님께는 한지 플로어 스탠드를 권해 드리고 싶어요.")
	})
}
