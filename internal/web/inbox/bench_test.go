package inbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
)

// full is a desk with many conversations, a twentieth of them open, most of
// these somebody's.
func full(b *testing.B, s *shop, n int) {
	b.Helper()
	const each = 500
	for from := 0; from < n; from += each {
		s.Must(func(tx *db.Tx) error {
			ctx := s.System()
			for i := from; i < from+each; i++ {
				who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: fmt.Sprintf("c%d@shop%d.example", i%5000, i%700), Name: fmt.Sprintf("고객 %d", i%5000)})
				if err != nil {
					return err
				}
				_, err = conversation.Receive(ctx, tx, conversation.Inbound{Inbox: s.Inbox, Contact: who, Quiet: true, History: i%20 != 0, At: tx.Now(),
					Message: conversation.Message{FromName: who.Name, FromAddress: who.Email, Subject: fmt.Sprintf("주문 %d 배송은 언제 오나요?", i), Text: "어제 주문했는데 아직 소식이 없어요. 확인해 주세요."}})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		list, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Open}}, conversation.Page{Limit: 500})
		for _, c := range list {
			if err == nil {
				err = conversation.Assign(ctx, tx, c.ID, s.Mina.ID)
			}
		}
		return err
	})
}

// BenchmarkInbox is the time from a request to the page in memory.
func BenchmarkInbox(b *testing.B) {
	for _, engine := range dbtest.Engines() {
		s := newShop(b, dbtest.New(b, engine))
		full(b, s, 100_000)
		talk := s.discussed()
		handler, session := s.Handler(), &http.Cookie{Name: "baraji", Value: s.Mina.Session()}
		for _, path := range []string{"/inbox", "/inbox?view=all", "/inbox?view=solved", "/inbox?part=list", talk} {
			b.Run(string(engine)+path, func(b *testing.B) {
				size := 0
				for b.Loop() {
					r := httptest.NewRequest("GET", path, nil)
					r.AddCookie(session)
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, r)
					if w.Code != http.StatusOK {
						body, _ := io.ReadAll(w.Body)
						b.Fatalf("%d: %s", w.Code, body)
					}
					size = w.Body.Len()
				}
				b.ReportMetric(float64(size), "bytes")
			})
		}
	}
}

// discussed is the page of a conversation of five messages.
func (s *shop) discussed() string {
	s.t.Helper()
	var got conversation.ReceivedIn
	s.Must(func(tx *db.Tx) (err error) {
		ctx := s.System()
		who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: "hana@lamp.example", Name: "Hana"})
		for i := 0; i < 5 && err == nil; i++ {
			got, err = conversation.Receive(ctx, tx, conversation.Inbound{Inbox: s.Inbox, Contact: who, Continues: got.Conversation, At: tx.Now(),
				Message: conversation.Message{FromName: who.Name, FromAddress: who.Email, Subject: "밝기 조절", Text: "밝기를 30% 아래로 낮추면 깜빡여요. Which bulb do I need?\n\n확인해 주세요."}})
		}
		return err
	})
	return "/inbox/" + got.Conversation.String() + "?view=all"
}
