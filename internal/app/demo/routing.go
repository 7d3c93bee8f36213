package demo

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/routing"
	"baraji/internal/shift"
	"baraji/internal/sla"
	"baraji/internal/team"
)

// routes is how the shop shares its work, what it serves at night, and what it promises; and the clocks and decisions that follow for
// what waits now.
func (s *story) routes() {
	s.then(s.end.Add(-39*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		err := sla.SetTargets(ctx, tx, []sla.Target{
			{Severity: "critical", First: 15, Next: 30, Solve: 8 * 60, Counts: sla.Wall, Breach: sla.Breached{Raise: "urgent"}},
			{Stage: string(conversation.PreSale), First: 60, Next: 120, Counts: sla.Working, Pauses: []conversation.Status{conversation.Pending, conversation.Snoozed}},
			{First: 4 * 60, Next: 8 * 60, Solve: 5 * 9 * 60, Counts: sla.Working, Pauses: []conversation.Status{conversation.Pending}},
		})
		if err != nil {
			return err
		}
		night, err := s.rotaNamed(ctx, tx, "바람데스크 밤")
		if err != nil {
			return err
		}
		return routing.Set(ctx, tx, routing.Lists{
			Grades: []routing.Grade{
				{Words: []string{"결제가 안", "결제 오류", "주문이 안", "payment fails", "cannot pay"}, SetType: "problem", SetSeverity: "critical", SetPriority: "urgent"},
				{Words: []string{"타는 냄새", "연기", "뜨거워", "smoke", "burning"}, SetType: "problem", SetSeverity: "critical", SetPriority: "urgent"},
				{Words: []string{"환불", "반품", "refund"}, SetType: "refund"},
			},
			Scopes: []routing.Scope{
				{When: routing.When{Severity: "critical"}, By: night, Within: 15},
				{When: routing.When{Type: "delivery"}, By: night, Within: 60},
			},
			Rules: []routing.Rule{
				{Name: "큰 거래처는 담당자가", When: routing.When{Worth: 50_000_000}, To: routing.ToOwner, Team: s.teams["support"], Known: true},
				{Name: "구매 전 문의는 영업이", When: routing.When{Stage: string(conversation.PreSale)}, To: routing.ToTeam, Team: s.teams["sales"], Known: true},
				{Name: "그 밖은 상담팀이 나눠서", To: routing.ToTeam, Team: s.teams["support"], Known: true, TakeBack: 60},
			},
		})
	})
	s.then(s.end.Add(-38*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		for name, skills := range map[string][]string{jihu: {"조명 설비"}, seoyun: {"환불"}} {
			d := routing.Usual(s.actors[name].Person)
			d.Skills = skills
			if err := routing.SetDesk(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	s.then(s.end.Add(-time.Minute), s.clocksNow)
}

func (s *story) rotaNamed(ctx context.Context, tx *db.Tx, name string) (shift.RotaID, error) {
	list, err := shift.Rotas(ctx, tx)
	for _, r := range list {
		if r.Name == name {
			return r.ID, err
		}
	}
	return 0, err
}

const fresh = 30 * time.Hour // how long ago somebody may have written whose clocks are shown

// clocksNow lets the clocks of those who wrote lately and have no answer run, and decides who gets what nobody has.
func (s *story) clocksNow(ctx context.Context, tx *db.Tx) error {
	type asked struct {
		id      conversation.ID
		message conversation.MessageID
		has     team.ID
	}
	list, err := db.All(ctx, tx, func(r db.Row) (a asked, err error) { return a, r.Scan(&a.id, &a.message, &a.has) }, `
		SELECT c.id, (SELECT MAX(m.id) FROM conversation_message m WHERE m.conversation_id = c.id AND m.kind = 'customer'), c.assignee_id
		FROM conversation c WHERE c.status = 'open' AND c.waiting_since > $1 AND c.merged_into = 0 ORDER BY c.waiting_since`, tx.Now().Add(-fresh))
	if err != nil {
		return err
	}
	for i, a := range list {
		if err := sla.OnReceived(ctx, tx, conversation.Received{ID: a.id, Message: a.message}); err != nil {
			return err
		}
		if a.has == 0 && i%2 == 0 { // the others are left for whoever tries it out
			if err := routing.Route(ctx, tx, a.id); err != nil {
				return err
			}
		}
	}
	return nil
}
