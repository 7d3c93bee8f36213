package widget_test

import (
	"context"
	"testing"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// What a stranger is asked first stands before his first words, and when he may expect an answer is said honestly.
func TestWhatAStrangerIsAskedAndTold(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.in, _ = s.widget(chat.Settings{Ask: []chat.Question{
			{Label: map[string]string{"ko": "주문 번호", "en": "Order number"}, Required: true}, {Label: map[string]string{"ko": "색"}}}})
		p := s.page()
		p.lang = "ko"
		var look struct {
			Status    string
			Questions []struct {
				Label    string
				Required bool
			}
		}
		p.ask("GET", "", nil, &look)
		if len(look.Questions) != 2 || look.Questions[0].Label != "주문 번호" || !look.Questions[0].Required || look.Questions[1].Label != "색" || look.Questions[1].Required {
			t.Errorf("it asks %+v", look.Questions)
		}
		if look.Status != "" && look.Status != "지금은 자리에 없어요. 돌아오면 여기로 답할게요" { // Mina has just signed in
			t.Errorf("it says %q", look.Status)
		}
		say := func(client, text string, answers ...string) int {
			return p.ask("POST", "/messages", map[string]any{"client_id": client, "text": text, "answers": answers}, nil)
		}
		p.token = own(9)
		if status := say("client-1", "램프요", "", "흰색"); status != 422 {
			t.Errorf("without an answer: %d", status)
		}
		if status := say("client-1", "램프요", " 1234\n5 ", ""); status != 201 {
			t.Errorf("with one: %d", status)
		}
		if status := say("client-2", "어디 있나요?"); status != 201 {
			t.Errorf("his next words: %d", status)
		}
		talk := s.talks()[0]
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := conversation.Messages(ctx, tx, talk.ID, 0, 10)
			if len(list) != 2 || list[0].Text != "주문 번호: 1234 5\n\n램프요" || list[1].Text != "어디 있나요?" || talk.Subject != "램프요" {
				t.Errorf("%q: %+v", talk.Subject, list)
			}
			return err
		})
	})
}
