package demo

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/notice"
	"baraji/internal/oncall"
	"baraji/internal/shift"
)

// calls are the services that somebody answers for at night, what was called out in the last weeks, one call that somebody has
// in hand, and what the owner has not read yet.
func (s *story) calls() {
	var shop, machines oncall.ServiceID
	person := func(name string) oncall.Target { return oncall.Target{Person: s.actors[name].Person} }
	s.then(s.end.AddDate(0, 0, -60), func(ctx context.Context, tx *db.Tx) (err error) {
		shop, err = oncall.MakeService(ctx, tx, oncall.Service{Name: "결제와 주문", About: "주문이나 결제가 안 될 때", Course: oncall.Course{Again: 1, Silent: 0,
			Steps: []oncall.Step{{Who: []oncall.Target{person(gaon)}, Wait: 5}, {Who: []oncall.Target{person(jihu)}, Wait: 10}}}})
		if err != nil {
			return err
		}
		machines, err = oncall.MakeService(ctx, tx, oncall.Service{Name: "호텔 조명 설비", About: "납품한 조명이 꺼지거나 뜨거울 때", Course: oncall.Course{Again: 0,
			Steps: []oncall.Step{{Who: []oncall.Target{person(daon)}, Wait: 10}, {Who: []oncall.Target{{Team: s.teams["workshop"]}}, Wait: 20}}}})
		return err
	})
	for _, c := range []struct {
		days, hour int
		title      string
		of         *oncall.ServiceID
		by         string
		after      time.Duration
	}{
		{54, 2, "결제 창이 열리지 않아요", &shop, gaon, 4 * time.Minute},
		{47, 23, "주문 확인 메일이 안 나가요", &shop, gaon, 3 * time.Minute},
		{40, 4, "로비 조명이 모두 꺼졌어요", &machines, daon, 7 * time.Minute},
		{33, 1, "카드 결제만 실패해요", &shop, jihu, 9 * time.Minute},
		{26, 3, "3층 복도 등이 깜박여요", &machines, daon, 6 * time.Minute},
		{19, 14, "장바구니가 비어요", &shop, gaon, 2 * time.Minute},
		{12, 0, "결제 창이 느려요", &shop, gaon, 5 * time.Minute},
		{5, 2, "주문이 두 번 들어와요", &shop, gaon, 3 * time.Minute},
	} {
		s.call(c.days, c.hour, c.title, c.of, c.by, c.after)
	}
	s.then(s.end.Add(-39*time.Hour), func(ctx context.Context, tx *db.Tx) error { return s.rotates(ctx, tx, shop) })
	s.then(s.end.Add(-25*time.Minute), func(ctx context.Context, tx *db.Tx) error { return s.inHand(ctx, tx, shop) })
	s.then(s.end.Add(-time.Minute), s.tellsOwner)
}

// call is one that is over, at an hour of the night in Seoul.
func (s *story) call(days, hour int, title string, of *oncall.ServiceID, by string, after time.Duration) {
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		panic(err) // the program carries the zones with it
	}
	day := s.end.In(zone).AddDate(0, 0, -days)
	at := time.Date(day.Year(), day.Month(), day.Day(), hour, 17, 0, 0, zone)
	var made oncall.Page
	s.then(at, func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = oncall.Open(s.as(ctx, dodam), tx, *of, oncall.Call{Title: title, Reason: oncall.ByHand, Urgent: true})
		return err
	})
	s.then(at.Add(after), func(ctx context.Context, tx *db.Tx) error { return oncall.Acknowledge(s.as(ctx, by), tx, made.ID) })
	s.then(at.Add(after+35*time.Minute), func(ctx context.Context, tx *db.Tx) error { return oncall.Resolve(s.as(ctx, by), tx, made.ID) })
}

// rotates lets whoever is on duty be called first, now that there is a rota.
func (s *story) rotates(ctx context.Context, tx *db.Tx, of oncall.ServiceID) error {
	rotas, err := shift.Rotas(ctx, tx)
	if err != nil {
		return err
	}
	service, err := oncall.GetService(ctx, tx, of)
	if err != nil {
		return err
	}
	for _, r := range rotas {
		if r.Mode == shift.OnCall {
			service.Steps = append([]oncall.Step{{Who: []oncall.Target{{Rota: r.ID}}, Wait: 5}}, oncall.Step{Who: []oncall.Target{{Person: s.actors[jihu].Person}}, Wait: 10},
				oncall.Step{Who: []oncall.Target{{Person: s.actors[seoyun].Person}}, Ways: []notice.Way{notice.Push, notice.Mail}, Wait: 15})
		}
	}
	service.Rules = []oncall.Rule{{On: oncall.Asked, Severity: "critical", When: oncall.Always, Urgent: true}, {On: oncall.Broken, Severity: "major", When: oncall.AfterHours}}
	return oncall.ChangeService(ctx, tx, service)
}

// inHand is a call that somebody has.
func (s *story) inHand(ctx context.Context, tx *db.Tx, of oncall.ServiceID) error {
	p, err := oncall.Open(s.as(ctx, dodam), tx, of, oncall.Call{Title: "간편 결제가 안 돼요", Reason: oncall.ByHand, Urgent: true})
	if err != nil {
		return err
	}
	tx.At(s.end.Add(-22 * time.Minute))
	return oncall.Acknowledge(s.as(ctx, gaon), tx, p.ID)
}

// tellsOwner leaves the owner a few notices about conversations of hers.
func (s *story) tellsOwner(ctx context.Context, tx *db.Tx) error {
	me := s.actors[seoyun].Person
	list, _, err := conversation.List(ctx, tx, conversation.Filter{Status: []conversation.Status{conversation.Open}, Assignee: &me}, conversation.Page{Limit: 3})
	if err != nil {
		return err
	}
	kinds := []notice.Notice{
		{Kind: notice.Mentioned, By: s.actors[gaon].Person, Words: "notice.said_mentioned"},
		{Kind: notice.Answered, Words: "notice.said_answered"},
		{Kind: notice.Due, Words: "notice.said_due"},
	}
	for i, c := range list {
		n := kinds[i]
		n.Person, n.Subject, n.Link = me, c.ID.String(), "/inbox/"+c.ID.String()
		if _, err := notice.Tell(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}
