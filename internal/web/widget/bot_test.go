package widget_test

import (
	"strings"
	"testing"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
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
