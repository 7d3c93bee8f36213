package knowledge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/i18n"
	"baraji/internal/knowledge"
)

// BenchmarkSearch looks for what customers look for in 2,000 articles of 1,000 letters, and tells the slowest of twenty.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			s := newShelf(b, dbtest.New(b, engine))
			library(s, 2000)
			queries := []string{"배송", "반품 배송비", "qothd", "베송", "조광기 깜빡", "램프가 깜빡여요 어떻게 하나요", "보증 기간", "우주선", "환불은 언제", "글 1999"}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				from := time.Now()
				s.finds(s.stranger, i18n.Korean, queries[i%len(queries)])
				took = append(took, time.Since(from))
			}
			for i, q := range queries {
				least := time.Hour
				for j := i; j < len(took); j += len(queries) {
					least = min(least, took[j])
				}
				b.Logf("%v at best: %s", least, q)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		})
	}
}

// library fills a help centre.
func library(s *shelf, n int) {
	subjects := strings.Fields("배송 반품 환불 조광기 전구 보증 주소 결제 포인트 선물 교환 영수증 갓 스위치 밝기 색온도 설치 전압 예약 품절")
	acts := []string{"바꾸기", "언제 되나요", "어떻게 하나요", "안 될 때", "확인하기", "취소하기", "깜빡일 때", "기간"}
	for i := 0; i < n; i += 100 {
		s.do(func(ctx context.Context, tx *db.Tx) error {
			for j := i; j < i+100; j++ {
				title := subjects[j%len(subjects)] + " " + acts[j/len(subjects)%len(acts)] + fmt.Sprintf(" 글 %d", j)
				var body strings.Builder
				for k := range 25 {
					fmt.Fprintf(&body, "%d. %s %s 다음에는 %s 차례예요. 램프를 천천히 돌려 보세요.\n", k+1, subjects[(j+k*3)%len(subjects)], acts[(j+k)%len(acts)], subjects[(j*7+k)%len(subjects)])
				}
				id, err := knowledge.Create(ctx, tx, knowledge.Draft{Locale: i18n.Korean, Title: title, Body: body.String()})
				if err == nil {
					err = knowledge.Publish(ctx, tx, id, false, i18n.Korean)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}
