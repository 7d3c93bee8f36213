package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
)

// seed makes the shop the same each time.
const seed = 20260105

// How many talks there are, and how many of them began today.
const (
	talks = 300
	today = 22
)

var (
	lampsKo  = []string{"달항아리 램프", "소반 무드램프", "반달 벽램프", "한지 플로어 스탠드", "솔방울 램프", "고리 펜던트 램프"}
	lampsEn  = []string{"moon jar lamp", "soban table lamp", "half moon wall lamp", "hanji floor lamp", "pine cone lamp", "ring pendant"}
	coloursK = []string{"청자색", "모래색", "호박색", "연회색"}
	coloursE = []string{"celadon", "sand", "amber", "smoke"}
	cities   = []string{"부산 해운대구", "대전 유성구", "서울 마포구", "광주 동구", "제주시", "강릉시", "전주 완산구", "수원 팔달구"}
	daysKo   = []string{"월요일", "화요일", "수요일", "목요일", "금요일"}
	daysEn   = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
)

// ending is how far a talk has come.
type ending int

const (
	done    ending = iota // all is said and it is solved
	waiting               // the customer waits for us
	pending               // we wait for the customer
	snoozed               // we wait for a day
)

// talk is one talk on its way into the shop.
type talk struct {
	script
	who     customer
	agent   string
	inbox   inbox.Inbox
	subject string
	fill    *strings.Replacer
	ending  ending
	took    bool // somebody took it before he answered
	r       *rand.Rand

	id   conversation.ID
	last conversation.MessageID // that we said
}

// talks plans every talk: who writes when about what.
func (s *story) talks(ctx context.Context) error {
	ko, err := scripts("ko.txt", true)
	if err != nil {
		return err
	}
	en, err := scripts("en.txt", false)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(seed, 1))
	decks := map[bool]*deck{true: {all: ko, r: r}, false: {all: en, r: r}}
	for i, at := range s.moments(rand.New(rand.NewPCG(seed, 2))) {
		korean := r.IntN(100) < 65
		who := s.writer(r, i, korean)
		t := &talk{who: *who, script: decks[korean].next(who.firm != ""), r: rand.New(rand.NewPCG(seed, uint64(100+i)))}
		t.ending = endingOf(i)
		s.cast(t, i)
		if err := s.plan(ctx, t, at, !who.known); err != nil {
			return err
		}
		who.known = true
	}
	return nil
}

// moments are when the talks begin, in order: more in the week than at its end,
// most in the evening. Those of today are minutes to hours old.
func (s *story) moments(r *rand.Rand) (list []time.Time) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		seoul = time.UTC
	}
	y, m, d := s.end.In(seoul).Date()
	var each []int
	for ago := int(span / (24 * time.Hour)); ago >= 2; ago-- {
		n := 2
		if wd := time.Date(y, m, d-ago, 12, 0, 0, 0, seoul).Weekday(); wd == time.Saturday || wd == time.Sunday {
			n = 1
		}
		for range n * 2 {
			each = append(each, ago)
		}
	}
	old := talks - today
	hours := []int{7, 8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 15, 16, 17, 19, 20, 20, 21, 21, 22, 23}
	for i := range old {
		ago := each[i*len(each)/old]
		list = append(list, time.Date(y, m, d-ago, pick(r, hours), r.IntN(60), r.IntN(60), 0, seoul))
	}
	slices.SortFunc(list, time.Time.Compare)
	for i := range today { // 21 hours ago … 3 minutes ago
		left := today - 1 - i
		list = append(list, s.end.Add(-time.Duration(3+left*4+left*left*5/2)*time.Minute-time.Duration(r.IntN(50))*time.Second))
	}
	return list
}

// endingOf: what is old is done, but for a few; what is new waits.
func endingOf(i int) ending {
	age := talks - i
	switch {
	case age <= today:
		return []ending{waiting, done, waiting}[i%3]
	case age <= today+20:
		return []ending{done, pending, waiting, done, snoozed, done, pending}[i%7]
	case i%61 == 17:
		return snoozed
	case i%47 == 11:
		return pending
	}
	return done
}

// writer chooses who writes: first everybody once, then the regulars more often.
func (s *story) writer(r *rand.Rand, i int, korean bool) *customer {
	var new, old []*customer
	for k := range s.customers {
		c := &s.customers[k]
		switch {
		case c.korean != korean:
		case c.known:
			old = append(old, c)
		default:
			new = append(new, c)
		}
	}
	if len(old) == 0 || len(new) > 5 && (i < 60 || r.IntN(3) == 0) {
		return pick(r, new)
	}
	return pick(r, old)
}

// deck deals the scripts of a language: each comes before one comes again.
type deck struct {
	all, left []script
	r         *rand.Rand
}

func (d *deck) next(firm bool) script {
	for range 2 {
		for i, s := range d.left {
			if s.forFirm == firm || firm && i > 3 {
				d.left = append(d.left[:i:i], d.left[i+1:]...)
				return s
			}
		}
		d.left = append([]script{}, d.all...)
		d.r.Shuffle(len(d.left), func(a, b int) { d.left[a], d.left[b] = d.left[b], d.left[a] })
	}
	return d.all[0]
}

// cast says who answers, and fills the gaps of the script.
func (s *story) cast(t *talk, i int) {
	t.inbox = s.support
	if t.script.inbox == "sales" {
		t.inbox = s.sales
	}
	front := []string{gaon, jihu, seoyun, gaon, dodam, seoyun}
	switch {
	case t.team == "workshop" && t.ending == done:
		t.agent = pick(t.r, []string{daon, daon, jihu})
	case t.team == "sales" || t.script.inbox == "sales":
		t.agent = map[bool]string{true: ideun, false: clara}[t.korean]
	case !t.korean:
		t.agent = pick(t.r, []string{noah, noah, jihu, seoyun})
	default:
		t.agent = front[i%len(front)]
	}
	t.took = i%3 != 0
	name, lamp, colour, day := strings.Fields(t.who.name)[0], pick(t.r, lampsEn), pick(t.r, coloursE), pick(t.r, daysEn)
	if t.korean {
		name, lamp, colour, day = t.who.name, pick(t.r, lampsKo), pick(t.r, coloursK), pick(t.r, daysKo)
	}
	firm := t.who.firm
	if firm == "" {
		firm = t.who.name
	}
	t.fill = strings.NewReplacer("{name}", name, "{agent}", t.agent, "{lamp}", lamp, "{colour}", colour, "{day}", day, "{firm}", firm,
		"{order}", fmt.Sprint(20100+i*7), "{city}", pick(t.r, cities), "{won}", thousands(int64(18+t.r.IntN(180))*1000), "{n}", fmt.Sprint(8+t.r.IntN(17)),
		"{track}", fmt.Sprintf("6%011d", t.r.Int64N(1e11)))
	t.subject = t.fill.Replace(t.script.subject)
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plan puts what is said in a talk into the order of the shop's days.
func (s *story) plan(ctx context.Context, t *talk, at time.Time, new bool) error {
	said := slices.Clone(t.sentences) // other talks have the same script
	switch t.ending {
	case waiting:
		said = upTo(said, '>', 1+t.r.IntN(2)) // after his first or second word
	case pending, snoozed:
		said = upTo(said, '<', 1)
	}
	said[0].text = t.greeted(said[0].text)
	for i, x := range said {
		if i > 0 {
			at = at.Add(t.pause(x.who))
		}
		file, err := s.file(ctx, x, at)
		if err != nil {
			return err
		}
		first, more := i == 0, i+1 < len(said) && strings.ContainsRune("<>", rune(said[i+1].who))
		switch x.who {
		case '>':
			s.then(at, func(ctx context.Context, tx *db.Tx) error { return t.hear(ctx, tx, x.text, file, first) })
		case '<':
			then := conversation.Status("")
			if more && said[i+1].who == '>' || t.ending == pending {
				then = conversation.Pending
			}
			s.then(at, func(ctx context.Context, tx *db.Tx) error {
				return t.answer(s.as(ctx, t.agent), ctx, tx, x.text, file, then)
			})
		case '#':
			s.then(at, func(ctx context.Context, tx *db.Tx) error { return t.note(s.as(ctx, t.agent), tx, s, x.text) })
		}
		if first {
			s.begun(t, at, new)
		}
	}
	s.ended(t, at)
	return nil
}

// upTo cuts what is said behind the nth sentence of somebody.
func upTo(said []sentence, who byte, n int) []sentence {
	last := len(said)
	for i, x := range said {
		if x.who != who {
			continue
		}
		if last = i + 1; n == 1 {
			break
		}
		n--
	}
	return said[:last]
}

// greeted varies how a mail begins and ends, as people do.
func (t *talk) greeted(text string) string {
	ends := []string{"", "", "\n\n" + t.who.name, "\n\nThanks,\n{name}", "\n\nBest regards\n" + t.who.name, "\n\nSent from my phone"}
	if t.korean {
		ends = []string{"", "", "\n\n감사합니다.", "\n\n" + t.who.name + " 드림", "\n\n답변 부탁드려요.", "\n\n좋은 하루 보내세요!\n" + t.who.name}
	}
	return text + pick(t.r, ends)
}

// pause is how long somebody takes to speak: customers write when they like,
// the shop in its hours.
func (t *talk) pause(who byte) time.Duration {
	most := map[byte]time.Duration{'>': 20 * time.Hour, '<': 6 * time.Hour, '#': 40 * time.Minute}[who]
	x := t.r.Float64()
	return 4*time.Minute + time.Duration(x*x*x*float64(most))
}

// file makes the picture that goes with a sentence, if it will be said.
func (s *story) file(ctx context.Context, x sentence, at time.Time) (conversation.Attachment, error) {
	if x.file == "" || at.After(s.end) {
		return conversation.Attachment{}, nil
	}
	b := picture(len(s.steps))
	f, err := s.Blobs.Put(ctx, bytes.NewReader(b))
	return conversation.Attachment{Name: x.file, Type: "image/png", Size: f.Size, Blob: string(f.Key)}, err
}

// begun is what happens soon after the first mail: somebody sorts it.
func (s *story) begun(t *talk, at time.Time, new bool) {
	if new {
		key := t.r.Uint64()
		s.then(at.Add(3*time.Minute), func(ctx context.Context, tx *db.Tx) error {
			c, _, err := contact.Resolve(ctx, tx, t.who.sender())
			if err != nil {
				return err
			}
			r := rand.New(rand.NewPCG(seed, key)) // here, so that a transaction that is run again does the same
			return t.who.learn(s.as(ctx, pick(r, []string{gaon, ideun, jihu})), tx, c.ID, r)
		})
	}
	if t.team != "" && t.team != "sales" {
		s.then(at.Add(6*time.Minute), func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetTeam(s.as(ctx, jihu), tx, t.id, s.teams[t.team])
		})
	}
	if t.severity != "" {
		s.then(at.Add(7*time.Minute), func(ctx context.Context, tx *db.Tx) error {
			return conversation.Update(s.as(ctx, jihu), tx, t.id, conversation.Change{Severity: &t.severity})
		})
	}
	if t.took && t.agent != dodam {
		s.then(at.Add(8*time.Minute), func(ctx context.Context, tx *db.Tx) error {
			return conversation.Assign(s.as(ctx, jihu), tx, t.id, s.actors[t.agent].Person)
		})
	}
}

// ended is what happens after the last word.
func (s *story) ended(t *talk, at time.Time) {
	at = at.Add(t.pause('<'))
	switch t.ending {
	case done:
		s.then(at, func(ctx context.Context, tx *db.Tx) error {
			return conversation.SetStatus(s.as(ctx, jihu), tx, t.id, conversation.Solved)
		})
	case snoozed:
		until := s.end.Add(time.Duration(3+t.r.IntN(110)) * time.Hour)
		s.then(at, func(ctx context.Context, tx *db.Tx) error {
			return conversation.Snooze(s.as(ctx, jihu), tx, t.id, until)
		})
	}
}

// hear is a mail of the customer.
func (t *talk) hear(ctx context.Context, tx *db.Tx, text string, file conversation.Attachment, first bool) error {
	who, _, err := contact.Resolve(ctx, tx, t.who.sender())
	if err != nil {
		return err
	}
	m := conversation.Message{FromName: t.who.name, FromAddress: t.who.email, Subject: t.subject, Text: t.fill.Replace(text)}
	m.Recipients.To = []conversation.Address{{Address: t.inbox.Address}}
	if file.Name != "" {
		m.Attachments = []conversation.Attachment{file}
	}
	in := conversation.Inbound{Inbox: t.inbox, Contact: who, Message: m, Type: t.typ, Priority: t.priority, Tags: t.tags, Stage: conversation.Stage(t.stage)}
	if !first {
		in.Continues, in.Message.Subject = t.id, "Re: "+t.subject
	}
	got, err := conversation.Receive(ctx, tx, in)
	if first {
		t.id = got.Conversation
	}
	return err
}

// answer is a mail of the shop, which arrives.
func (t *talk) answer(as, system context.Context, tx *db.Tx, text string, file conversation.Attachment, then conversation.Status) error {
	a := conversation.Answer{Text: t.fill.Replace(text), Then: then}
	if file.Name != "" {
		u, err := conversation.AddUpload(as, tx, conversation.Upload{Name: file.Name, Type: file.Type, Size: file.Size, Blob: file.Blob})
		if err != nil {
			return err
		}
		a.Files = append(a.Files, u.ID)
	}
	m, err := conversation.Reply(as, tx, t.id, a)
	if err != nil {
		return err
	}
	t.last = m.ID
	return conversation.SetDelivery(system, tx, m.ID, conversation.Sent, 1, "")
}

// note is what one of the shop says to the others.
func (t *talk) note(as context.Context, tx *db.Tx, s *story, text string) error {
	r := conversation.Remark{Text: t.fill.Replace(text)}
	for _, p := range staff {
		if strings.Contains(text, "@"+p.name) {
			r.Mentions = append(r.Mentions, s.actors[p.name].Person)
		}
	}
	_, err := conversation.AddNote(as, tx, t.id, r)
	return err
}
