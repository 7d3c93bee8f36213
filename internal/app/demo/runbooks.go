package demo

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/oncall"
	"baraji/internal/routing"
	"baraji/internal/runbook"
	"baraji/internal/team"
)

// guides are what somebody at the shop does who is alone, what is known to be broken, how often that helped, and one that is under way.
func (s *story) guides() {
	var flicker, pay, parcel, known, old runbook.ID
	s.then(s.end.AddDate(0, 0, -50), func(ctx context.Context, tx *db.Tx) (err error) {
		ctx = s.as(ctx, seoyun)
		services, err := oncall.Services(ctx, tx)
		if err != nil {
			return err
		}
		called := map[string]oncall.ServiceID{}
		for _, of := range services {
			called[of.Name] = of.ID
		}
		for _, one := range []struct {
			to *runbook.ID
			c  runbook.Content
		}{
			{&flicker, runbook.Content{Title: both("조명이 깜빡여요", "A light flickers"), About: both("조광기에 연결한 조명이 깜빡이거나 떨릴 때", "A lamp on a dimmer flickers or trembles."), Words: []string{"깜빡", "깜박", "조광기", "flicker", "dimmer"},
				Steps: []runbook.Step{
					{Text: both("밝기를 **끝까지** 올려 달라고 해요. 그래도 깜빡이는지 물어봐요.", "Ask to turn it up **all the way**. Does it still flicker?")},
					{Text: both("앱의 *설정 → 정보*에서 버전을 확인해요. 3.2보다 낮으면 올려 달라고 해요.", "Look at the version under *Settings → About*. Below 3.2, ask to update.")},
					{Text: both("전구를 빼서 10초 뒤에 다시 끼워요.", "Take the bulb out and put it back after ten seconds."), Else: runbook.GoTo, To: 5},
					{Text: both("고쳐졌다고 답하고 대화를 닫아요.", "Say that it is mended and close the conversation.")},
					{Text: both("사진을 받고 공방에 넘겨요. 교환 제품을 약속하지는 않아요.", "Ask for a photo and hand it to the workshop. Promise no replacement."), Else: runbook.HandOver},
				}}},
			{&pay, runbook.Content{Title: both("결제가 안 돼요", "Payment fails"), About: both("결제 창이 열리지 않거나 카드가 거절될 때", "The payment window does not open, or cards are refused."), Words: []string{"결제", "카드", "payment"}, When: routing.When{Severity: "critical"},
				Steps: []runbook.Step{
					{Text: both("다른 카드로도 안 되는지 물어봐요.", "Ask whether another card fails too.")},
					{Text: both("상태 페이지에서 **결제**가 정상인지 봐요.", "Look whether **Payment** is fine on the status page.")},
					{Text: both("두 사람 이상이 같은 말을 하면 당직을 호출해요.", "If two customers say the same, call whoever is on duty."), Service: called["결제와 주문"], Else: runbook.HandOver},
				}}},
			{&parcel, runbook.Content{Title: both("택배가 사라졌어요", "A parcel is lost"), About: both("배송 완료라고 나오는데 고객이 받지 못했을 때", "It is said to be delivered, and the customer has nothing."), When: routing.When{Type: "delivery"},
				Steps: []runbook.Step{
					{Text: both("문 앞, 경비실, 이웃집을 확인해 달라고 해요.", "Ask to look at the door, with the guard and the neighbours.")},
					{Text: both("배송 사진을 찾아 보내 드려요.", "Find the photo of the delivery and send it.")},
					{Text: both("내일 9시에 택배사에 전화하겠다고 약속을 적어요.", "Note a promise: we call the carrier at nine tomorrow."), Else: runbook.HandOver},
				}}},
			{&known, runbook.Content{Kind: runbook.Known, Title: both("앱 3.2에서 조광기 조명이 떨림", "App 3.2 makes dimmed lamps tremble"), About: both("밝기를 30% 아래로 내리면 1초에 두세 번 깜빡여요.", "Below 30% brightness it flickers two or three times a second."),
				Cause:      both("앱이 밝기를 너무 자주 보내요.", "The app sends the brightness too often."),
				Workaround: both("밝기를 40% 이상으로 두거나 벽 스위치로 켜고 꺼요. 앱 3.2.1이 이번 주에 나와요.", "Keep it above 40%, or use the switch on the wall. App 3.2.1 comes this week."), Words: []string{"깜빡", "앱 3.2", "tremble"}}},
			{&old, runbook.Content{Kind: runbook.Known, Title: both("주문 확인 메일이 두 번 감", "Order mails are sent twice"), About: both("같은 주문 확인 메일을 두 통 받았다고 해요.", "Customers have the same order mail twice."),
				Cause: both("주문 서버가 다시 켜질 때 메일을 또 보냈어요.", "The order server sent them again after a restart."), Workaround: both("한 번만 주문되었다고 안심시켜 드려요.", "Reassure them: there is one order only."), Words: []string{"두 번", "메일이 두", "twice"}, Fixed: true, FixedIn: "쇼핑몰 8.4"}},
		} {
			if *one.to, err = runbook.Make(ctx, tx, one.c); err != nil {
				return err
			}
		}
		return nil
	})
	for _, f := range []followed{
		{&flicker, 41, 4, runbook.Solved, ""}, {&flicker, 33, 3, runbook.HandedOver, "두 번째 전구도 깜빡여요."}, {&flicker, 24, 2, runbook.Solved, ""}, {&flicker, 11, 3, runbook.GivenUp, "고객이 전구를 뺄 수 없대요."}, {&flicker, 4, 4, runbook.Solved, ""},
		{&pay, 37, 2, runbook.Solved, ""}, {&pay, 19, 1, runbook.Solved, ""}, {&parcel, 28, 3, runbook.Solved, ""}, {&parcel, 15, 2, runbook.GivenUp, "배송 사진이 없어요."}, {&parcel, 6, 3, runbook.Solved, ""},
		{&known, 9, 1, runbook.Solved, ""}, {&known, 8, 1, runbook.Solved, ""}, {&known, 7, 0, "", ""}, {&old, 44, 1, runbook.Solved, ""},
	} {
		s.then(s.end.AddDate(0, 0, -f.days), func(ctx context.Context, tx *db.Tx) error { return f.happens(s.as(ctx, jihu), tx, s.teams["workshop"]) })
	}
	s.then(s.end.Add(-38*time.Minute), func(ctx context.Context, tx *db.Tx) error { return s.underWay(ctx, tx, flicker) })
}

// followed is a runbook that was followed: so many steps, and how it ended; "" not at all.
type followed struct {
	of    *runbook.ID
	days  int
	steps int
	to    runbook.State
	why   string
}

func (f followed) happens(ctx context.Context, tx *db.Tx, workshop team.TeamID) error {
	talks, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Solved}}, conversation.Page{Limit: f.days%7 + 1})
	if err != nil || len(talks) == 0 {
		return err
	}
	run, err := runbook.Start(ctx, tx, talks[len(talks)-1].ID, *f.of)
	if err != nil {
		return err
	}
	for i := range min(f.steps, len(run.Steps)) {
		what := runbook.Done
		if i+1 == f.steps && f.to != runbook.Solved {
			what = runbook.NotHelped
		}
		if err := runbook.TickOff(ctx, tx, run.ID, run.Steps[i].Key, what, ""); err != nil {
			return err
		}
	}
	switch f.to {
	case "":
		return nil
	case runbook.HandedOver:
		return runbook.End(ctx, tx, run.ID, runbook.Ending{To: f.to, Why: f.why, Team: workshop})
	}
	return runbook.End(ctx, tx, run.ID, runbook.Ending{To: f.to, Why: f.why})
}

// underWay is one that 지후 follows now, in a conversation about a light that flickers.
func (s *story) underWay(ctx context.Context, tx *db.Tx, of runbook.ID) error {
	ctx = s.as(ctx, jihu)
	hits, _, err := conversation.Search(ctx, tx, "깜빡", conversation.Filter{Status: []conversation.Status{conversation.Open}}, conversation.Page{Limit: 1})
	if err != nil || len(hits) == 0 {
		return err
	}
	run, err := runbook.Start(ctx, tx, hits[0].ID, of)
	if err != nil {
		return err
	}
	if err := runbook.TickOff(ctx, tx, run.ID, run.Steps[0].Key, runbook.NotHelped, "끝까지 올려도 깜빡인대요."); err != nil {
		return err
	}
	return runbook.TickOff(ctx, tx, run.ID, run.Steps[1].Key, runbook.Done, "")
}
