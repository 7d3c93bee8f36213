package inbox_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// lived is a shop on an afternoon: what people find who come to work.
type lived struct {
	*shop
	jihu   *house.Visitor
	door   team.TeamID
	lamp   conversation.ID // the talk that everything happens in
	letter conversation.ID // a designed mail
	odd    conversation.ID // from somebody who is not what he seems
}

// said is a mail of a customer.
func (s *shop) said(m conversation.Message, in conversation.Inbound) conversation.ReceivedIn {
	s.t.Helper()
	var got conversation.ReceivedIn
	s.Must(func(tx *db.Tx) error {
		ctx := s.System()
		c, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: m.FromAddress, Name: m.FromName, Language: in.Contact.Language})
		if err != nil {
			return err
		}
		in.Inbox, in.Contact, in.Message = s.Inbox, c, m
		got, err = conversation.Receive(ctx, tx, in)
		return err
	})
	return got
}

func mailFrom(name, address, subject, text string) conversation.Message {
	return conversation.Message{FromName: name, FromAddress: address, Subject: subject, Text: text}
}

func live(t testing.TB, s *shop) *lived {
	t.Helper()
	l := &lived{shop: s, jihu: s.As("오지후", "agent")}
	s.Must(func(tx *db.Tx) (err error) {
		ctx := s.System()
		if l.door, err = team.MakeTeam(ctx, tx, "배송과 설치", ""); err != nil {
			return err
		}
		if err = team.SetMembers(ctx, tx, l.door, []team.ID{s.Mina.ID, l.jihu.ID}); err != nil {
			return err
		}
		if err = inbox.SetText(ctx, tx, s.Inbox.ID, inbox.Signature, "ko", "{agent} 드림\n달빛상점 · 02-123-4567"); err != nil {
			return err
		}
		_, err = contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "shops", English: "Shops", Korean: "매장", Type: contact.TextField})
		return err
	})
	s.Mina.SignIn()
	step := func(d time.Duration) { s.Clock.Advance(d) }
	ko := conversation.Inbound{Contact: contact.Contact{Language: "ko"}}

	s.said(mailFrom("윤하람", "haram@solip.example", "벽등 색온도를 바꿀 수 있나요?", "안녕하세요. 벽등 색온도를 따뜻하게 바꾸고 싶어요."), ko)
	step(40 * 24 * time.Hour)
	s.said(mailFrom("정이든", "ideun@tax.example", "세금계산서 다시 발행 부탁드립니다", "사업자 번호가 바뀌어서 다시 요청드려요."), ko)
	step(26 * time.Hour)
	one := s.said(mailFrom("최한별", "hanbyeol@star.example", "초승 스탠드 전구를 직접 갈 수 있나요?", "전구를 갈고 싶은데 어떻게 여나요?"), ko)
	step(20 * time.Hour)
	in := ko
	in.Stage = conversation.PreSale
	guest := s.said(mailFrom("늘봄게스트하우스", "stay@neulbom.example", "조명 24개 단체 구매 할인이 있는지 궁금합니다", "사장님과 상의한 다음 다시 연락드리겠습니다."), in)
	step(2 * time.Hour)
	park := s.said(mailFrom("박은결", "eungyeol@park.example", "반품 신청 R-2291, 상자를 버렸는데 괜찮을까요?", "상자가 없어도 반품할 수 있다고 안내드렸다는데 맞나요?"), ko)
	step(20 * time.Hour)
	cafe := s.said(mailFrom("카페 물결", "mulgyeol@cafe.example", "천장등 설치 기사님 방문 일정", "수요일 오전이 좋고, 주차는 건물 뒤에 하시면 돼요."), ko)
	step(50 * time.Minute)
	yeoreum := s.said(mailFrom("이여름", "yeoreum@sun.example", "배송 날짜를 다음 주 화요일로 바꾸고 싶어요", "그날 오후 2시 이후면 언제든 괜찮아요."), ko)
	step(10 * time.Minute)
	en := conversation.Inbound{Contact: contact.Contact{Language: "en"}}
	l.letter = s.said(conversation.Message{FromName: "Harbour & Pine Hotel", FromAddress: "noah@harbourpine.example", Subject: "Quote for 24 bedside lamps, dimmable",
		Text: "Thanks Noah – could you also price the dimmers?", HTML: `<table width="100%"><tr><td style="background:#f4efe6;padding:16px"><h2>Harbour &amp; Pine</h2>
		<p>Could you quote <b>24 bedside lamps</b>, dimmable, and the dimmers?</p><ul><li>warm white</li><li>brass or linen</li></ul>
		<img src="https://tracker.example/open.gif" width="1" height="1"><a href="https://harbourpine.example">harbourpine.example</a></td></tr></table><script>alert(1)</script>`,
		Recipients: conversation.Recipients{Cc: []conversation.Address{{Name: "Ada", Address: "ada@harbourpine.example"}}}}, en).Conversation
	step(3 * time.Minute)
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		for _, id := range []conversation.ID{one.Conversation, guest.Conversation, park.Conversation, cafe.Conversation, yeoreum.Conversation, l.letter} {
			if err := conversation.Assign(ctx, tx, id, s.Mina.ID); err != nil {
				return err
			}
			if id == l.letter {
				continue
			}
			list, err := conversation.Messages(ctx, tx, id, 0, 10)
			if err != nil {
				return err
			}
			if err := conversation.Seen(ctx, tx, id, list[len(list)-1].ID); err != nil {
				return err
			}
		}
		if err := conversation.Tag(ctx, tx, park.Conversation, "반품"); err != nil {
			return err
		}
		_, err := conversation.Reply(ctx, tx, one.Conversation, conversation.Answer{Text: "덮개를 왼쪽으로 돌리면 열려요."})
		return err
	})
	l.talkAboutTheLamp(step)
	step(8 * time.Minute)
	kim := s.said(mailFrom("김도담", "dodam@kim.example", "주문한 반달 벽등 두 개 중 하나만 왔어요", "송장에는 두 개로 적혀 있는데 상자에는 하나만 들어 있었어요. 나머지는 언제 오나요?"), ko)
	step(4 * time.Minute)
	s.said(mailFrom("김도담", "dodam@kim.example", "", "아직 답이 없어서 다시 드려요."), conversation.Inbound{Continues: kim.Conversation, Contact: contact.Contact{Language: "ko"}})
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		if err := conversation.Assign(ctx, tx, kim.Conversation, s.Mina.ID); err != nil {
			return err
		}
		high := "urgent"
		return conversation.Update(ctx, tx, kim.Conversation, conversation.Change{Priority: &high})
	})
	odd := mailFrom("service@bank.example", "promo@elsewhere.example", "Your invoice", "Please pay the invoice that is attached.")
	odd.Flags = []string{"reply_elsewhere", "name_is_address"}
	l.odd = s.said(odd, conversation.Inbound{Related: l.lamp, Contact: contact.Contact{Language: "en"}}).Conversation
	step(time.Minute)
	s.Mina.SignIn()
	l.jihu.SignIn()
	return l
}

// talkAboutTheLamp is a talk with everything in it.
func (l *lived) talkAboutTheLamp(step func(time.Duration)) {
	l.t.Helper()
	ko := contact.Contact{Language: "ko"}
	first := l.said(mailFrom("윤하람", "haram@solip.example", "밝기를 낮추면 달항아리 램프가 깜빡여요",
		"안녕하세요. 6월에 산 달항아리 램프 세 대 가운데 한 대가 밝기를 30% 아래로 낮추면 깜빡여요.\n\n토요일 저녁에 낭독회가 있어서 그 전에 교환받을 수 있을까요?"), conversation.Inbound{Contact: ko})
	l.lamp = first.Conversation
	step(time.Minute)
	l.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		if err := conversation.Assign(ctx, tx, l.lamp, l.Mina.ID); err != nil {
			return err
		}
		return conversation.SetTeam(ctx, tx, l.lamp, l.door)
	})
	step(2 * time.Minute)
	l.jihu.Do(func(ctx context.Context, tx *db.Tx) error {
		if err := conversation.Tag(ctx, tx, l.lamp, "교환"); err != nil {
			return err
		}
		_, err := conversation.AddNote(ctx, tx, l.lamp, conversation.Remark{Mentions: []team.ID{l.Mina.ID},
			Text: "@한서윤 알려진 문제 KI-14와 같아요. 4월 생산분 조광기라 교환이 맞고, 성수 창고에 M 사이즈 2대 남아 있어요. 오늘 5시 전에 접수하면 내일 오전 도착이에요."})
		return err
	})
	step(time.Minute)
	l.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		m, err := conversation.Reply(ctx, tx, l.lamp, conversation.Answer{Text: "하람 님, 낭독회를 앞두고 많이 신경 쓰이셨겠어요. 혹시 깜빡이는 램프 받침 아래 번호가 **M-2604**로 시작하나요?"})
		if err != nil {
			return err
		}
		return conversation.SetDelivery(ctx, tx, m.ID, conversation.Sent, 1, "")
	})
	step(time.Minute)
	answer := mailFrom("윤하람", "haram@solip.example", "", "네 맞아요! M-2604-0318이에요.\n\n"+strings.Repeat("> 혹시 깜빡이는 램프 받침 아래 번호가 M-2604로 시작하나요?\n", 2))
	answer.ReplyText = "네 맞아요! M-2604-0318이에요."
	l.said(answer, conversation.Inbound{Continues: l.lamp, Contact: ko})
	l.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		c, err := conversation.Get(ctx, tx, l.lamp)
		if err != nil {
			return err
		}
		if _, err := contact.Update(ctx, tx, c.Contact, func(p *contact.Contact) error {
			p.Title, p.Stage, p.Owner, p.Remember = "솔잎서가 대표", contact.PostSale, l.jihu.ID, "매달 마지막 토요일에 낭독회가 있어요."
			return nil
		}); err != nil {
			return err
		}
		if err := contact.SetValues(ctx, tx, c.Contact, map[string]string{"shops": "3곳"}); err != nil {
			return err
		}
		if _, err := contact.AddAddress(ctx, tx, c.Contact, contact.Phone, "010-2604-0318"); err != nil {
			return err
		}
		_, err = contact.AddNote(ctx, tx, c.Contact, "조명은 늘 따뜻한 색을 고르세요.", false)
		return err
	})
}
