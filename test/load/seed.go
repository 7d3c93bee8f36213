package load

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/token"
	"baraji/internal/migrations"
)

// Size says how full the desk is.
type Size struct {
	Conversations, Messages, Contacts int
	People, Teams                     int
}

// Usual is the size of the figures; ten times that shows how cost grows.
var Usual = Size{Conversations: 100_000, Messages: 500_000, Contacts: 20_000, People: 40, Teams: 8}

// Times multiplies a size, but for the people who work here.
func (s Size) Times(n int) Size {
	s.Conversations, s.Messages, s.Contacts = s.Conversations*n, s.Messages*n, s.Contacts*n
	return s
}

// words are what messages are made of: half Korean, half English, each fairly
// frequent, as in the measurement of the nearest rival.
var words = strings.Fields(`배송 주문 램프 환불 교환 반품 결제 카드 영수증 세금계산서 재고 색상 조명 벽등 스탠드 전구 밝기 깜빡임 설치 기사님 방문 일정 문의 답변 감사합니다
 안녕하세요 확인 부탁드립니다 언제 도착하나요 송장 번호 택배 포장 파손 불량 수리 보증 기간 연장 할인 쿠폰 적립 회원 가입 탈퇴 비밀번호 변경 주소 전화 이메일 매장 위치 영업 시간 주말
 휴일 단체 구매 견적 계약 갱신 선물 메시지 카드 추가 취소 변경해 주세요 가능할까요 궁금합니다 빠른 처리 바랍니다 어제 오늘 내일 지난주 다음주 아직 이미 다시 정말 너무 조금
 order delivery lamp refund exchange return payment card receipt invoice stock colour light wall stand bulb brightness flicker install visit schedule question answer thanks hello please check when
 arrive tracking number parcel package broken faulty repair warranty period extend discount coupon member account password change address phone email store opening hours weekend holiday bulk quote
 contract renewal gift message add cancel could would urgent soon yesterday today tomorrow last next week already again really little still missing wrong size model manual dimmer cable plug adapter
 switch socket shade base glass paper wood metal white black warm cold bright dark room table floor ceiling garden office hotel cafe studio`)

// filler fills one database.
type filler struct {
	r     *rand.Rand
	now   time.Time
	size  Size
	maker *id.Maker

	talked, said, noted rows
	words               []fulltext.Text
}

// rows are written many at once: a row of its own costs PostgreSQL a journey.
type rows struct {
	into string // table (column, …)
	list db.Args
	text []string
}

func (r *rows) add(values ...any) {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = r.list.Add(v)
	}
	r.text = append(r.text, "("+strings.Join(marks, ", ")+")")
}

func (r *rows) write(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO `+r.into+` VALUES `+strings.Join(r.text, ", "), r.list.List()...)
	r.list, r.text = db.Args{}, nil
	return err
}

// write writes what was collected.
func (f *filler) write(ctx context.Context, tx *db.Tx) error {
	for _, r := range []*rows{&f.talked, &f.said, &f.noted} {
		if err := r.write(ctx, tx); err != nil {
			return err
		}
	}
	texts := f.words
	f.words = nil
	return fulltext.PutAll(ctx, tx, "conversation_search", texts)
}

// Fill makes an empty database full. url is as for db.Open.
func Fill(ctx context.Context, url string, size Size, now time.Time) error {
	d, err := db.Open(ctx, url, db.Options{Loose: true, Now: func() time.Time { return now }})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, migrations.Files); err != nil {
		return err
	}
	if full, err := used(ctx, d); err != nil || full {
		return err
	}
	f := &filler{r: rand.New(rand.NewPCG(1, 2)), now: now, size: size, maker: id.NewMaker(1),
		talked: rows{into: `conversation (id, number, inbox_id, channel, contact_id, subject, snippet, language, status, stage, assignee_id, team_id,
			messages, last_at, last_kind, waiting_since, first_reply_at, solved_at, created_at, updated_at)`},
		said:  rows{into: `conversation_message (id, conversation_id, kind, person_id, contact_id, from_name, from_address, subject, text, reply_text, created_at)`},
		noted: rows{into: `event (id, kind, subject, actor, at, body)`}}
	for _, step := range []func(context.Context, *db.DB) error{f.people, f.contacts} {
		if err := step(ctx, d); err != nil {
			return err
		}
	}
	if err := bare(ctx, d, f.talks); err != nil {
		return err
	}
	log := event.NewLog(d, job.NewRunner(d, slog.New(slog.DiscardHandler)))
	if err := log.Seal(ctx); err != nil {
		return err
	}
	if d.Engine() == db.SQLite {
		return conversation.Settle(ctx, d) // the program never analyses a SQLite file, so that plans stay what they are
	}
	return d.Write(ctx, func(tx *db.Tx) error { // as PostgreSQL does by itself after a while
		_, err := tx.Exec(ctx, `ANALYZE`)
		return err
	})
}

// bare fills PostgreSQL's tables while they have no indexes but their keys, and makes these afterwards: else a million conversations take hours.
func bare(ctx context.Context, d *db.DB, fill func(context.Context, *db.DB) error) error {
	if d.Engine() == db.SQLite {
		return fill(ctx, d)
	}
	var names, made []string
	err := d.Write(ctx, func(tx *db.Tx) error {
		err := db.Each(ctx, tx, func(r db.Row) error {
			var name, def string
			err := r.Scan(&name, &def)
			names, made = append(names, name), append(made, def)
			return err
		}, `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ('conversation', 'conversation_message', 'conversation_search', 'event')
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`)
		for _, name := range names {
			if err == nil {
				_, err = tx.Exec(ctx, `DROP INDEX `+name)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := fill(ctx, d); err != nil {
		return err
	}
	for _, def := range made {
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `SET LOCAL maintenance_work_mem = '1GB'`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, def)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// used says whether there are conversations already: then the database is used as
// it is.
func used(ctx context.Context, d *db.DB) (full bool, err error) {
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		full, err = db.Exists(ctx, tx, `SELECT 1 FROM conversation`)
		return err
	})
	return full, err
}

// Ids of the people, teams and contacts are given by number.
func personID(i int) int64  { return 1<<40 + int64(i) }
func teamID(i int) int64    { return 2<<40 + int64(i) }
func contactID(i int) int64 { return 3<<40 + int64(i) }

const inboxID = int64(4 << 40)

func (f *filler) people(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO inbox (id, name, channel, address, team_id, language, enabled, created_at) VALUES ($1, 'Support', 'email', 'support@shop.example', 0, 'ko', TRUE, 0)`, inboxID); err != nil {
			return err
		}
		for i := range f.size.Teams {
			if _, err := tx.Exec(ctx, `INSERT INTO team (id, name, name_key, about, created_at) VALUES ($1, $2, $2, '', 0)`, teamID(i), fmt.Sprint("team ", i)); err != nil {
				return err
			}
		}
		for i := range f.size.People {
			if _, err := tx.Exec(ctx, personRow, personID(i), fmt.Sprint("Agent ", i), fmt.Sprintf("agent%d@shop.example", i), tx.Now()); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO team_member (person_id, team_id) VALUES ($1, $2)`, personID(i), teamID(i%f.size.Teams)); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO counter (name, n) VALUES ('conversation', $1)`, f.size.Conversations)
		return err
	})
}

const personRow = `INSERT INTO team_person (id, name, email, state, role, created_at) VALUES ($1, $2, $3, 'active', 'agent', $4)`

func (f *filler) contacts(ctx context.Context, d *db.DB) error {
	for from := 0; from < f.size.Contacts; from += 2000 {
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < min(from+2000, f.size.Contacts); i++ {
				name, mail := "고객 "+words[i%len(words)]+fmt.Sprint(i), fmt.Sprintf("customer%d@example%d.example", i, i%3000)
				if _, err := tx.Exec(ctx, `INSERT INTO contact (id, name, name_key, email, stage, language, created_at, updated_at, last_seen_at) VALUES ($1, $2, $2, $3, 'post-sale', 'ko', $4, $4, $4)`,
					contactID(i), name, mail, f.now.Add(-720*24*time.Hour)); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO contact_address (id, contact_id, kind, value, shown, is_primary, created_at) VALUES ($1, $2, 'email', $3, $3, TRUE, 0)`,
					5<<40+int64(i), contactID(i), mail); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// talks: 720 days, a third open, fifteen of a hundred nobody's.
func (f *filler) talks(ctx context.Context, d *db.DB) error {
	per := f.size.Messages / f.size.Conversations
	const batch = 20_000 // few and large: each writes every page of the indexes anew
	span := 720 * 24 * time.Hour
	for from := 0; from < f.size.Conversations; from += batch {
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < min(from+batch, f.size.Conversations); i++ {
				at := f.now.Add(-span + time.Duration(i)*(span/time.Duration(f.size.Conversations)))
				f.talk(i, at, per)
				if i%10 < 9 && i+1 < f.size.Conversations {
					continue
				}
				if err := f.write(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) talk(i int, at time.Time, messages int) {
	status, solved := "open", any(nil)
	switch n := f.r.IntN(100); {
	case n >= 36:
		status, solved = "solved", at.Add(time.Hour).UnixMilli()
	case n >= 33:
		status = "pending"
	}
	assignee, team := personID(f.r.IntN(f.size.People)), teamID(f.r.IntN(f.size.Teams))
	if f.r.IntN(100) < 15 {
		assignee, team = 0, 0
	}
	who := int(float64(f.size.Contacts) * f.r.Float64() * f.r.Float64()) // some write much more than others
	cid := f.maker.At(at)
	subject := f.text(6)
	last := at.Add(time.Duration(messages) * time.Minute)
	texts := make([]string, messages)
	for m := range texts {
		texts[m] = f.text(50 + f.r.IntN(20))
	}
	var waiting any
	if status == "open" && messages%2 == 1 {
		waiting = last.UnixMilli()
	}
	snippet := texts[messages-1]
	if len(snippet) > 120 {
		snippet = strings.ToValidUTF8(snippet[:120], "")
	}
	f.talked.add(cid, 1000+i+1, inboxID, "email", contactID(who), subject, snippet, "ko", status, "post-sale", assignee, team,
		messages, last, "customer", waiting, at, solved, at, at)
	for m, text := range texts {
		f.message(cid, contactID(who), assignee, m, at.Add(time.Duration(m)*time.Minute), subject, text)
	}
	// not in the millisecond of its first message: ids are random within one
	f.noted.add(f.maker.At(at.Add(-time.Millisecond)), "conversation.opened", id.Format("cnv", cid), "system", at, "{}")
}

func (f *filler) message(cid, who, assignee int64, n int, at time.Time, subject, text string) {
	kind, person, address := "customer", int64(0), "customer@example.example"
	if n%2 == 1 {
		kind, person, who, address = "agent", assignee, 0, ""
	}
	mid := f.maker.At(at)
	f.said.add(mid, cid, kind, person, who, "Name", address, subject, text, text, at)
	f.words = append(f.words, fulltext.Text{ID: mid, Tokens: token.Index(subject + "\nName\n" + address + "\n" + text)})
	f.noted.add(f.maker.At(at), "conversation.received", id.Format("cnv", cid), "system", at, `{"message":"`+id.Format("msg", mid)+`"}`)
}

func (f *filler) text(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(words[f.r.IntN(len(words))])
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}
