package helpcenter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
	"baraji/test/rig/house"
)

// TestTheAssistantAnswersAboveWhatWasFound, says where it has that from, is told whether it helped, and what is internal stays so (T53).
func TestTheAssistantAnswersAboveWhatWasFound(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			article, err := knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.Korean, Title: "배송은 며칠 걸리나요", Body: "보통 다음 날 받아요."})
			if err != nil {
				return err
			}
			if err := knowledge.Publish(ctx, tx, article, false, i18n.Korean); err != nil {
				return err
			}
			for _, n := range []assistant.Answer{
				{Title: "배송은 얼마나 걸려요?", Body: "**내일** 받아요.", Article: article, Phrasings: []string{"언제 도착해요", "택배 며칠 걸려요", "배송 기간", "언제 받을 수 있나요"}},
				{Title: "창고 비밀번호는?", Body: "CANARY 4711", Audience: knowledge.Internal, Phrasings: []string{"창고 비밀번호 알려 주세요"}},
			} {
				n.Locale = i18n.Korean
				if _, err := assistant.Create(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if _, err := h.Helper.Retrain(h.System()); err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		ctx, stop := context.WithCancel(h.System())
		go func() { h.Helper.Run(ctx); close(done) }()
		reader := h.Stranger()
		page := reader.Get("/hc/ko/search?q="+"배송+얼마나+걸려요").Is(200).Says("배송은 얼마나 걸려요?", "내일 받아요.", "배송은 며칠 걸리나요", "해결됐나요?")
		if !strings.Contains(page.Body, `<strong>내일</strong>`) || !strings.Contains(page.Header.Get("Cache-Control"), "private") {
			t.Errorf("the answer is shown as it was typed, or kept by others: %s", page.Header.Get("Cache-Control"))
		}
		ref := page.Find(`name="ref" value="([^"]+)"`)
		stop() // what was asked is written down before it ends
		<-done
		reader.Post("/hc/ko/helped", "ref", ref, "q", "배송", "helpful", "yes").Is(303)
		reader.Post("/hc/ko/helped", "ref", "nonsense", "q", "배송", "helpful", "yes").Is(404)
		for _, q := range []string{"창고+비밀번호+알려+주세요", "CANARY", "4711"} {
			reader.Get("/hc/ko/search?q="+q).Is(200).Hides("CANARY 4711", "창고 비밀번호는?")
		}
		h.Clock.Advance(time.Minute)
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			got, err := assistant.Measure(ctx, tx, h.Clock.Now().Add(-time.Hour), h.Clock.Now())
			if got.All.Visits != 1 || got.All.Solved != 1 || got.All.Helped != 1 {
				t.Errorf("figures: %+v", got.All)
			}
			return err
		})
	})
}
