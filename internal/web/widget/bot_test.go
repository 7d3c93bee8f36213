package widget_test

import (
	"strings"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// TestTheAssistantAnswersInTheWidget: in front of the visitor's eyes, with where it has that from, until a person answers.
func TestTheAssistantAnswersInTheWidget(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.Must(func(tx *db.Tx) error {
			ctx := s.System()
			_, err := assistant.Create(ctx, tx, assistant.Answer{Locale: i18n.Korean, Title: "배송은 얼마나 걸려요?", Body: "**내일** 받아요.", Phrasings: []string{"언제 도착해요", "택배 며칠 걸려요", "배송 기간", "언제 받을 수 있나요"}})
			if err == nil {
				err = assistant.SetInChat(ctx, tx, true)
			}
			return err
		})
		if _, err := s.Helper.Retrain(s.System()); err != nil {
			t.Fatal(err)
		}
		p := s.page()
		p.say("배송 얼마나 걸려요?")
		s.Run()
		seen := p.sees()
		if len(seen) != 2 || seen[1].From != "bot" || !strings.Contains(seen[1].Text, "내일 받아요.") || !strings.Contains(labels(seen[1].May), "상담원") {
			t.Fatalf("the visitor sees %+v", seen)
		}
		p.say("상담원 연결해 주세요")
		s.Run()
		if seen = p.sees(); len(seen) != 4 || !strings.Contains(seen[3].Text, "사람에게 연결할게요") {
			t.Errorf("who wants a person sees %+v", seen)
		}
		s.reply(s.talks()[0].ID, "네, 말씀하세요.")
		p.say("배송 얼마나 걸려요?")
		s.Run()
		if seen = p.sees(); len(seen) != 6 || seen[4].From != "agent" || seen[5].From != "visitor" {
			t.Errorf("where a person answers, the visitor sees %+v", seen)
		}
		talk := s.talks()[0].ID
		s.Must(func(tx *db.Tx) error {
			tried, err := assistant.TriedIn(s.System(), tx, talk)
			if len(tried) != 1 || tried[0].Outcome != assistant.Answered {
				t.Errorf("the agent is told %+v", tried)
			}
			return err
		})
	})
}

// TestAProvenCustomerIsToldWhatIsForHim: an answer for customers who are signed in is given to those whom the firm has proven, and to
// no stranger.
func TestAProvenCustomerIsToldWhatIsForHim(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.Must(func(tx *db.Tx) error {
			ctx := s.System()
			_, err := assistant.Create(ctx, tx, assistant.Answer{Locale: i18n.Korean, Audience: knowledge.SignedIn, Title: "회원 할인은 어떻게 받아요?", Body: "쿠폰 코드는 달빛입니다.", Phrasings: []string{"회원 할인 받는 법", "쿠폰 코드 알려 주세요", "할인 쿠폰 있나요", "회원 쿠폰"}})
			if err == nil {
				err = assistant.SetInChat(ctx, tx, true)
			}
			return err
		})
		if _, err := s.Helper.Retrain(s.System()); err != nil {
			t.Fatal(err)
		}
		stranger, known := s.page(), s.page()
		known.proof = jwt(s.secret, hs256, map[string]any{"sub": "shop-1", "email": "sua@customer.example", "name": "수아", "iat": s.Clock.Now().Unix(), "exp": s.Clock.Now().Add(time.Hour).Unix()})
		stranger.say("회원 할인 받는 법")
		known.say("회원 할인 받는 법")
		s.Run()
		if seen := stranger.sees(); strings.Contains(texts(seen), "달빛입니다") {
			t.Errorf("a stranger is told %s", texts(seen))
		}
		if seen := known.sees(); !strings.Contains(texts(seen), "달빛입니다") {
			t.Errorf("a proven customer is told %s", texts(seen))
		}
	})
}
