package demo

import (
	"context"
	"fmt"
	"time"

	"baraji/internal/assistant"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// asked is what visitors of the shop's help asked, in turn.
var asked = []struct {
	l    i18n.Locale
	text string
}{
	{i18n.Korean, "배송 얼마나 걸려요"}, {i18n.English, "where is my parcel"}, {i18n.Korean, "반품하고 싶어요"}, {i18n.Korean, "불이 깜빡여요"},
	{i18n.English, "how do I change the bulb"}, {i18n.Korean, "환불 언제 돼요"}, {i18n.Korean, "주소를 바꾸고 싶어요"},
}

// visits are those who asked the assistant in the last month: most were helped, some went on to a person.
func (s *story) visits() {
	for i := range 180 {
		at, q := s.end.Add(-time.Duration(i)*4*time.Hour-37*time.Minute), asked[i%len(asked)]
		s.then(at, func(ctx context.Context, tx *db.Tx) error {
			key, place := fmt.Sprint("demo ", i), assistant.Help
			r := assistant.Reply{Outcome: assistant.Answered, Confidence: 0.9, Ref: key}
			if i%5 == 3 {
				r.Outcome, r.Confidence = assistant.HandOver, 0.2
			}
			if _, err := assistant.Record(ctx, tx, assistant.Question{Text: q.text, Locale: q.l, Place: place, Session: key}, r); err != nil {
				return err
			}
			switch {
			case r.Outcome == assistant.HandOver:
				return assistant.HandedOver(ctx, tx, place, key, 0)
			case i%9 == 1:
				return assistant.Useful(ctx, tx, key, false)
			case i%2 == 0:
				return assistant.Useful(ctx, tx, key, true)
			}
			return nil
		})
	}
}
