package demo

import (
	"context"
	"time"

	"baraji/internal/campaign"
	"baraji/internal/consent"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/segment"
)

// mailings are what the shop is about to write to many: a draft that compares two texts, and a notice. Nothing of it leaves by itself.
func (s *story) mailings() {
	s.then(s.end.Add(-40*time.Second), func(ctx context.Context, tx *db.Tx) error {
		ctx = s.as(ctx, seoyun)
		d, err := campaign.GetDefaults(ctx, tx)
		if err != nil {
			return err
		}
		d.Foot = campaign.Foot{Sender: "달빛상점", Address: "서울시 성동구 달빛로 1", Reach: "02-555-0101"}
		if err := campaign.SetDefaults(ctx, tx, d); err != nil {
			return err
		}
		groups, err := segment.List(ctx, tx)
		if err != nil {
			return err
		}
		named := map[string]segment.ID{}
		for _, g := range groups {
			named[g.Name] = g.ID
		}
		doors, err := inbox.List(ctx, tx)
		if err != nil {
			return err
		}
		var door inbox.ID
		for _, in := range doors {
			if in.Channel == "email" && door == 0 {
				door = in.ID
			}
		}
		for _, c := range mailings() {
			group := "소식 받는 구매 고객"
			if c.Purpose == consent.Notice {
				group = "지금 돌봐야 할 고객"
			}
			c.Segment, c.Inbox, c.Manners = named[group], door, d.Manners
			if _, err := campaign.Make(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func mailings() []campaign.Campaign {
	both := func(ko, en string) i18n.Text { return i18n.Text{i18n.Korean: ko, i18n.English: en} }
	return []campaign.Campaign{
		{Name: "겨울 무드등 소식", Purpose: consent.Advertising, Share: 50,
			Letter: campaign.Letter{Subject: both("{customer.name|고객}님, 겨울 무드등이 나왔어요", "{customer.name|Hello}, the winter lamps are here"),
				Text: both("{customer.name|고객}님, 안녕하세요.\n\n올겨울 **밤배 무드등**에 새 색이 둘 생겼어요. 쓰시던 전구도 그대로 맞아요.\n\n- 눈빛\n- 귤빛\n\n궁금한 점은 이 메일에 바로 답장해 주세요.",
					"Dear {customer.name|customer},\n\nour **night boat lamp** comes in two new colours this winter. The bulbs you have still fit.\n\n- snow\n- tangerine\n\nJust answer this mail if you have a question.")},
			Other: campaign.Letter{Subject: both("겨울 무드등이 나왔어요", "The winter lamps are here"),
				Text: both("올겨울 밤배 무드등에 새 색이 둘 생겼어요: 눈빛, 귤빛.", "Our night boat lamp comes in two new colours this winter: snow and tangerine.")}},
		{Name: "전구 무상 교체 안내", Purpose: consent.Notice,
			Letter: campaign.Letter{Subject: both("전구를 무료로 바꿔 드려요", "We replace your bulb for free"),
				Text: both("{customer.name|고객}님, 작년에 나간 전구 일부가 일찍 꺼질 수 있어서 새것으로 바꿔 드려요. 이 메일에 주소를 답장해 주세요.",
					"Dear {customer.name|customer}, some of last year's bulbs may fail early, so we replace them. Just answer with your address.")}},
	}
}
