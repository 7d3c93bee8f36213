package demo

import (
	"context"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/sequence"
)

// flows are what happens to the shop's customers step by step: one that welcomes those who have bought, with some of them in it, and one that asks whether
// something may be given away.
func (s *story) flows() {
	at, me := s.end.Add(-50*time.Second), s.actors[seoyun].Person.String()
	act := func(do string, with ...string) automation.Act {
		a := automation.Act{Do: do, With: map[string]string{}}
		for i := 0; i < len(with); i += 2 {
			a.With[with[i]] = with[i+1]
		}
		return a
	}
	do := func(acts ...automation.Act) sequence.Step { return sequence.Step{Do: "act", Acts: acts} }
	days := func(n int) sequence.Step {
		return sequence.Step{Do: "wait", Wait: sequence.Wait{For: "time", Minutes: n * 24 * 60}}
	}
	welcome := sequence.Flow{Name: "새 고객 맞이", Start: sequence.Start{When: "contact.changed", If: automation.If{Field: "customer.stage", Op: "is", Values: []string{"onboarding"}}},
		Leave: []sequence.Leave{{When: "conversation.changed", If: automation.If{Field: "conversation.type", Op: "is", Values: []string{"complaint"}}}},
		Steps: []sequence.Step{
			do(act("tag_customer", "tag", "새 고객")),
			{Do: "wait", Wait: sequence.Wait{For: "fact", When: "conversation.received", Minutes: 3 * 24 * 60},
				Yes: []sequence.Step{do(act("tag", "tag", "첫 문의"))},
				No: []sequence.Step{do(act("write", "subject", "How are your first days?", "text", "Hello {customer.name}, may we help you with anything? Just reply to this mail.",
					"korean_subject", "처음 며칠은 어떠셨나요?", "korean", "{customer.name} 님, 도와드릴 일이 있으면 이 메일에 답장해 주세요."))}},
			{Do: "branch", If: automation.If{Field: "company.tier", Op: "is", Values: []string{"gold"}},
				Yes: []sequence.Step{{Do: "ask", Who: sequence.Who{Person: me, Text: "이 고객에게 첫 구매 쿠폰을 드릴까요?", Minutes: 2 * 24 * 60}, Yes: []sequence.Step{do(act("tag_customer", "tag", "쿠폰"))}}}},
			days(14), {Do: "hand", Who: sequence.Who{Person: "owner", Text: "첫 2주가 지났어요. {customer.name} 님께 안부를 여쭤 주세요."}},
		}}
	coupon := sequence.Flow{Name: "쿠폰 승인", Steps: []sequence.Step{{Do: "ask", Who: sequence.Who{Person: me, Text: "사과의 뜻으로 5,000원 쿠폰을 드릴까요?"},
		Yes: []sequence.Step{do(act("tag_customer", "tag", "쿠폰"))}, No: []sequence.Step{do(act("tag_customer", "tag", "쿠폰 보류"))}}}}
	s.then(at, func(ctx context.Context, tx *db.Tx) error {
		ctx = s.as(ctx, seoyun)
		list, _, err := contact.List(ctx, tx, contact.Filter{Limit: 6})
		if err != nil {
			return err
		}
		for i, f := range []sequence.Flow{welcome, coupon} {
			id, err := sequence.Make(ctx, tx, f)
			if err != nil {
				return err
			}
			if err := sequence.Switch(ctx, tx, id, true); err != nil {
				return err
			}
			for _, who := range list[:len(list)-5*i] {
				if _, err := sequence.Begin(ctx, tx, id, who.ID, 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
	s.steps = append(s.steps, step{at: at.Add(time.Second), alone: s.Jobs.Drain}) // their first steps: nothing else is due then
}
