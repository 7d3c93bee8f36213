package demo

import (
	"context"
	"time"

	"baraji/internal/automation"
	"baraji/internal/contact"
	"baraji/internal/hookin"
	"baraji/internal/kit/db"
	"baraji/internal/moment"
	"baraji/internal/webhook"
)

// hooks is whom the shop tells what happens: its warehouse, which is being moved. A demo sends nothing anywhere.
func (s *story) hooks() {
	s.then(s.end.Add(-40*time.Hour), func(ctx context.Context, tx *db.Tx) error {
		id, _, err := s.Hooks.Make(ctx, tx, webhook.Given{Address: "https://warehouse.dalbit.example/baraji", About: "물류 창고: 반품과 교환", Kinds: []string{"conversation.opened", "conversation.status_set", "form.submitted"}})
		if err != nil {
			return err
		}
		if err := s.Hooks.Switch(ctx, tx, id, false); err != nil {
			return err
		}
		shop, _, err := s.Intake.Make(ctx, tx, hookin.Given{Name: "쇼핑몰 주문", Proof: hookin.Proof{Scheme: hookin.Standard}, Mapping: hookin.Mapping{Rows: []hookin.Row{
			{To: "customer.email", From: "customer.email"}, {To: "customer.name", From: "customer.name"}, {To: "customer.tag", From: `"구매"`}, {To: "value.order", From: "order.number"}}}})
		if err != nil {
			return err
		}
		if _, err := hookin.Try(ctx, tx, shop, `{"customer": {"email": "haneul.choi@naver.example", "name": "최하늘"}, "order": {"number": "D-20418", "total": 89000, "items": [{"name": "달빛 스탠드"}]}}`); err != nil {
			return err
		}
		_, err = s.Calls.MakeSecret(ctx, tx, "warehouse_key", "warehouse.dalbit.example", "an invented key")
		return err
	})
}

// minds is what happens by itself in the shop: two rules that are on since this morning, and one that waits until somebody trusts it.
func (s *story) minds() {
	at := s.end.Add(-time.Minute)
	act := func(do string, with ...string) automation.Act {
		a := automation.Act{Do: do, With: map[string]string{}}
		for i := 0; i < len(with); i += 2 {
			a.With[with[i]] = with[i+1]
		}
		return a
	}
	s.then(at, func(ctx context.Context, tx *db.Tx) error {
		field := contact.Field{Holder: contact.OfContact, Key: "contract_ends", English: "Contract ends", Korean: "계약 만료일", Type: contact.DateField}
		if _, err := contact.DefineField(s.as(ctx, seoyun), tx, field); err != nil {
			return err
		}
		if err := s.contracts(ctx, tx); err != nil {
			return err
		}
		for _, r := range []automation.Rule{
			{Name: "환불 문의", On: true, When: "conversation.received", If: automation.If{Mode: "any", Of: []automation.If{
				{Field: "message.text", Op: "contains", Values: []string{"환불", "refund"}}, {Field: "conversation.subject", Op: "contains", Values: []string{"환불", "refund"}}}},
				Then: []automation.Act{act("set", "type", "refund", "priority", "high"), act("tag", "tag", "환불")}},
			{Name: "오래 기다린 고객", On: true, When: "sla.warned", If: automation.If{Of: []automation.If{{Field: "conversation.assignee", Op: "empty"}, {Field: "time.working", Op: "yes"}}},
				Then: []automation.Act{act("note", "text", "약속한 시간이 거의 다 됐는데 담당이 없어요.")}, Stop: true},
			{Name: "근무 시간 밖의 첫 인사", When: "conversation.received", If: automation.If{Of: []automation.If{{Field: "fact.first", Op: "yes"}, {Field: "fact.auto", Op: "no"}, {Field: "time.working", Op: "no"}}},
				Then: []automation.Act{act("reply", "text", "Hello {customer.name}, we are back in the morning and answer first thing.", "korean", "{customer.name}님, 안녕하세요. 아침에 문을 열면 가장 먼저 답장 드릴게요.")}},
			{Name: "반품을 창고에 알리기", When: "conversation.tagged", If: automation.If{Of: []automation.If{{Field: "fact.tag", Op: "is", Values: []string{"반품"}}}},
				Then: []automation.Act{act("http", "method", "POST", "address", "https://warehouse.dalbit.example/returns", "headers", "Authorization: Bearer {secret.warehouse_key}", "format", "json",
					"body", "{\"talk\": {conversation.number}, \"customer\": \"{customer.name}\", \"subject\": \"{conversation.subject}\"}")}},
			{Name: "계약 만료 30일 전에 챙기기", On: true, When: moment.Kind, Moment: &moment.When{Date: "customer.field.contract_ends", Count: 30, Unit: "days", Before: true, At: 9 * 60},
				Then: []automation.Act{act("promise", "text", "갱신 이야기하기", "days", "14", "person", "owner")}},
			{Name: "끝내 답이 없으면 해결로", When: moment.Kind, Moment: &moment.When{Every: "day", At: 8 * 60, Each: "conversation"},
				If:   automation.If{Expr: "conversation.status == \"pending\" and hours_since(conversation.last_at) > 168 and not (\"VIP\" in customer.tags)"},
				Then: []automation.Act{act("status", "to", "solved"), act("note", "text", "일주일 동안 답이 없어서 해결로 바꿨어요.")}},
		} {
			if _, err := automation.Make(s.as(ctx, seoyun), tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// contracts are the days on which maintenance of some customers ends: the next ones within weeks, so that one sees what is coming.
func (s *story) contracts(ctx context.Context, tx *db.Tx) error {
	list, _, err := contact.List(s.as(ctx, seoyun), tx, contact.Filter{Limit: 12})
	for i, c := range list {
		if err == nil {
			day := s.end.AddDate(0, 0, 33+9*i).Format(time.DateOnly)
			err = contact.SetValues(s.as(ctx, seoyun), tx, c.ID, map[string]string{"contract_ends": day})
		}
	}
	return err
}
