package demo

import (
	"context"
	"time"

	"baraji/internal/automation"
	"baraji/internal/kit/db"
	"baraji/internal/macro"
)

// says is what the shop writes and does again and again; one of them Seoyun keeps to herself.
func (s *story) says() {
	act := func(do string, with ...string) automation.Act {
		a := automation.Act{Do: do, With: map[string]string{}}
		for i := 0; i < len(with); i += 2 {
			a.With[with[i]] = with[i+1]
		}
		return a
	}
	s.then(s.end.Add(-50*24*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		for _, g := range []macro.Given{
			{Name: "환불 안내", Shortcut: "환불", For: macro.Everyone, Content: macro.Content{Text: both(
				"{customer.name}님, 환불을 접수했어요.\n\n결제하신 수단으로 3~5일 안에 돌려드려요. 카드는 카드사 사정으로 하루 이틀 더 걸릴 수 있어요.\n\n기다려 주셔서 고맙습니다.\n{agent.name} 드림",
				"Dear {customer.name},\n\nyour refund is on its way. It reaches the account you paid from within three to five days; card companies may need a day or two more.\n\nThank you for your patience.\n{agent.name}"),
				Acts: []automation.Act{act("set", "type", "refund"), act("tag", "tag", "환불")}}},
			{Name: "사진 부탁", Shortcut: "사진", For: macro.Everyone, Content: macro.Content{Text: both(
				"{customer.name}님, 불편을 드려 죄송해요.\n\n빨리 도와드리려고 사진 두 장을 부탁드려요. 문제가 있는 곳 가까이 한 장, 제품 밑면의 일련번호가 보이게 한 장이면 돼요.",
				"Dear {customer.name},\n\nI am sorry for the trouble. Two photos help us to be quick: one close to the fault, and one of the serial number underneath."),
				Acts: []automation.Act{act("status", "to", "pending"), act("tag", "tag", "사진 기다림")}}},
			{Name: "배송 확인 중", Shortcut: "배송", For: macro.Everyone, Content: macro.Content{Text: both(
				"{customer.name}님, 택배사에 위치를 확인하고 있어요. 오늘 안에 다시 알려 드릴게요.",
				"Dear {customer.name},\n\nwe are asking the carrier where your parcel is, and write again today."),
				Acts: []automation.Act{act("set", "type", "delivery"), act("promise", "text", "배송 위치를 알려 드리기", "days", "1")}}},
			{Name: "공방에 넘기기", Shortcut: "공방", For: macro.OfTeam, Team: s.teams["support"], Content: macro.Content{
				Acts: []automation.Act{act("set", "type", "repair"), act("note", "text", "고객에게 받은 사진과 일련번호를 확인해 주세요."), act("team", "team", s.teams["workshop"].String())}}},
			{Name: "맺음말", Shortcut: "끝", For: macro.Mine, Content: macro.Content{Text: both(
				"더 궁금한 점이 있으면 이 메일에 바로 답장해 주세요. 오늘도 환한 하루 보내세요.\n{agent.name} 드림",
				"If anything is left open, just answer this mail. Have a bright day.\n{agent.name}")}},
		} {
			if _, err := macro.Make(s.as(ctx, seoyun), tx, g); err != nil {
				return err
			}
		}
		return nil
	})
}
