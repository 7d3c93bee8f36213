package demo

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/incident"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/promise"
	"baraji/internal/team"
)

// both is a text in both languages.
func both(ko, en string) i18n.Text { return i18n.Text{i18n.Korean: ko, i18n.English: en} }

// breaks is what was broken for many in the shop: once three weeks ago, and again since this morning. The status page says so.
func (s *story) breaks() {
	var parts []incident.ComponentID
	s.then(s.begin.Add(24*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		err := incident.SetPage(ctx, tx, incident.Page{On: true, About: both("달빛상점의 쇼핑몰과 배송이 잘 되고 있는지 알려 드립니다.", "How the shop and the deliveries of 달빛상점 are doing.")})
		if err != nil {
			return err
		}
		err = incident.SetComponents(ctx, tx, []incident.Component{
			{Name: both("쇼핑몰", "Shop"), About: both("둘러보기와 주문", "Browsing and ordering")},
			{Name: both("결제", "Payment"), About: both("카드와 간편 결제", "Cards and pay services")},
			{Name: both("배송 조회", "Delivery tracking"), About: both("택배가 어디에 있는지", "Where a parcel is")},
			{Name: both("조명 앱", "Lamp app"), About: both("앱으로 켜고 끄기", "Switching lamps by the app")},
		})
		if err != nil {
			return err
		}
		list, err := incident.Components(ctx, tx)
		for _, c := range list {
			parts = append(parts, c.ID)
		}
		return err
	})
	var app, tracking incident.Incident
	at := s.end.Add(-20*24*time.Hour - 7*time.Hour)
	s.then(at, func(ctx context.Context, tx *db.Tx) (err error) {
		app, err = incident.Open(s.as(ctx, seoyun), tx, incident.Given{Title: both("앱을 고친 뒤 불이 깜빡임", "Lights flicker since the app update"), Product: "조광기", Version: "앱 3.2", Words: "깜빡, 조광기, flicker",
			Severity: "critical", Public: true, Impacts: map[incident.ComponentID]incident.Impact{parts[3]: incident.Out}})
		return err
	})
	say := func(at time.Time, who string, of *incident.Incident, to incident.State, text i18n.Text, hit map[int]incident.Impact) {
		s.then(at, func(ctx context.Context, tx *db.Tx) error {
			impacts := map[incident.ComponentID]incident.Impact{}
			for n, i := range hit {
				impacts[parts[n]] = i
			}
			_, err := incident.Say(s.as(ctx, who), tx, incident.Update{Incident: of.ID, State: to, Text: text, Public: true, Impacts: impacts})
			return err
		})
	}
	say(at.Add(9*time.Minute), seoyun, &app, incident.Investigating, both("앱 3.2로 올린 뒤 조광기에 단 불이 깜빡이는 문제를 확인하고 있습니다. 밝기를 끝까지 올리면 깜빡이지 않습니다.", "Lights on a dimmer flicker since version 3.2 of the app. We are looking into it. At full brightness they do not."), nil)
	say(at.Add(41*time.Minute), seoyun, &app, incident.Identified, both("앱이 밝기를 너무 자주 보내는 것이 원인입니다. 고친 앱을 준비하고 있습니다.", "The app sends the brightness too often. A mended one is on its way."), nil)
	say(at.Add(63*time.Minute), seoyun, &app, incident.Monitoring, both("고친 앱 3.2.1을 올렸습니다. 깜빡임이 멈추는지 지켜보고 있습니다.", "Version 3.2.1 is out. We are watching whether the flicker stops."), map[int]incident.Impact{3: incident.Degraded})
	say(at.Add(3*time.Hour), seoyun, &app, incident.Resolved, both("앱 3.2.1에서는 깜빡이지 않습니다. 불편을 드려 죄송합니다.", "With version 3.2.1 nothing flickers. We are sorry for the trouble."), nil)
	s.then(at.Add(26*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		ctx = s.as(ctx, seoyun)
		me := team.From(ctx).Person
		if err := linkAlike(ctx, tx, app.ID, 6); err != nil {
			return err
		}
		done, err := incident.AddAction(ctx, tx, incident.Action{Incident: app.ID, Cause: true, Text: "앱을 내기 전에 조광기 세 가지로 밝기 시험하기", Owner: me, Due: tx.Now().AddDate(0, 0, 7)})
		if err != nil {
			return err
		}
		if _, err := incident.AddAction(ctx, tx, incident.Action{Incident: app.ID, Text: "깜빡일 때 할 일을 도움말에 더하기", Owner: me}); err != nil {
			return err
		}
		if err := incident.DoAction(ctx, tx, app.ID, done, true); err != nil {
			return err
		}
		return incident.WriteReview(ctx, tx, app.ID, incident.Review{Happened: "앱 3.2를 올린 날 아침부터 세 시간 동안 조광기에 단 불이 깜빡였어요. 고객이 먼저 알려 주었고, 9분 뒤에 상태 페이지에 올렸어요.",
			Why: "앱이 밝기를 1초에 스무 번 보냈어요. 시험은 조광기 없이 했기 때문에 아무도 보지 못했어요.", Doing: "앱을 낼 때마다 조광기 세 가지로 시험하고, 절반의 고객에게 먼저 올려요."}, true)
	})

	now := s.end.Add(-3*time.Hour - 20*time.Minute)
	s.then(now, func(ctx context.Context, tx *db.Tx) (err error) {
		tracking, err = incident.Open(s.as(ctx, seoyun), tx, incident.Given{Title: both("배송 조회가 늦게 갱신됨", "Delivery tracking lags behind"), Product: "배송 조회", Words: "배송 조회, 송장, 택배가 어디, where is my parcel",
			Severity: "major", Public: true, Impacts: map[incident.ComponentID]incident.Impact{parts[2]: incident.Degraded}})
		return err
	})
	say(now.Add(12*time.Minute), seoyun, &tracking, incident.Investigating, both("배송 조회에 어제 저녁 이후의 움직임이 보이지 않습니다. 택배는 평소대로 가고 있습니다.", "Tracking shows nothing since last evening. Parcels are on their way as usual."), nil)
	say(now.Add(80*time.Minute), seoyun, &tracking, incident.Identified, both("택배사의 조회 서버가 느린 것이 원인입니다. 택배사와 함께 고치고 있으며, 오후 6시에 다시 알려 드리겠습니다.", "The courier's tracking server is slow. They are mending it; we write again at six."), nil)
	s.then(now.Add(85*time.Minute), func(ctx context.Context, tx *db.Tx) error {
		ctx = s.as(ctx, seoyun)
		if _, err := incident.Write(ctx, tx, tracking.ID, "택배사 담당자와 통화: 서버를 늘리는 중, 두 시간쯤 걸린대요."); err != nil {
			return err
		}
		return linkAlike(ctx, tx, tracking.ID, 3)
	})
	s.then(s.end.Add(-26*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		from := s.end.Add(50 * time.Hour).Truncate(time.Hour)
		_, err := incident.Plan(s.as(ctx, seoyun), tx, incident.Maintenance{Title: both("결제 시스템 점검", "Work on the payment system"), About: both("점검하는 동안 카드 결제가 되지 않습니다. 둘러보기와 장바구니는 쓰실 수 있습니다.", "Cards cannot be charged meanwhile. Browsing and the basket work."),
			Components: parts[1:2], From: from, To: from.Add(2 * time.Hour)})
		return err
	})
	s.promised()
}

// promised is what the shop owes: some of it soon, one overdue, one moved, some kept.
func (s *story) promised() {
	type owed struct {
		words, kind, who string
		made, due        time.Duration // from now
		then             promise.State
		move             time.Duration
	}
	day := 24 * time.Hour
	list := []owed{
		{"전등갓을 새것으로 보내 드리기", "delivery", seoyun, -3 * day, 20 * time.Hour, "", 0},
		{"조광기가 깜빡이는 원인을 알려 드리기", "answer", jihu, -5 * day, -16 * time.Hour, "", 0},
		{"대량 주문 견적을 10% 낮춰 드리기", "price", seoyun, -2 * day, 4 * day, "", 0},
		{"교환 제품을 설치해 드리기", "fix", gaon, -8 * day, 6 * day, "", -2 * day},
		{"환불을 카드로 돌려드리기", "refund", seoyun, -9 * day, -4 * day, promise.Kept, 0},
		{"사용 설명서를 영어로 보내 드리기", "answer", seoyun, -12 * day, -7 * day, promise.Kept, 0},
		{"주말 전에 부품을 보내 드리기", "delivery", seoyun, -15 * day, -11 * day, promise.Broken, 0},
	}
	for n, o := range list {
		var made promise.ID
		s.then(s.end.Add(o.made), func(ctx context.Context, tx *db.Tx) error {
			ctx = s.as(ctx, o.who)
			talks, _, err := conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 20})
			if err != nil || len(talks) <= n {
				return err
			}
			due := s.end.Add(o.due)
			if o.move != 0 {
				due = s.end.Add(o.move)
			}
			made, err = promise.Make(ctx, tx, promise.Given{Words: o.words, Kind: o.kind, Conversation: talks[n].ID, Due: due, AllDay: o.kind != "answer"})
			return err
		})
		s.then(s.end.Add(-30*time.Minute), func(ctx context.Context, tx *db.Tx) error {
			ctx = s.as(ctx, o.who)
			switch {
			case made == 0:
				return nil
			case o.move != 0:
				return promise.Move(ctx, tx, made, s.end.Add(o.due), true, "부품이 아직 오지 않았어요")
			case o.then != "":
				return promise.Close(ctx, tx, made, o.then)
			}
			return nil
		})
	}
}

// linkAlike links conversations that hold the words of an incident.
func linkAlike(ctx context.Context, tx *db.Tx, id incident.ID, most int) error {
	i, err := incident.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	alike, err := incident.Alike(ctx, tx, i)
	for _, c := range alike[:min(len(alike), most)] {
		if err := incident.Link(ctx, tx, id, c.ID); err != nil {
			return err
		}
	}
	return err
}
