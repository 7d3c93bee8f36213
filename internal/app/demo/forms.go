package demo

import (
	"context"
	"time"

	"baraji/internal/form"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/portal"
	"baraji/internal/team"
)

// repair is the form of the shop: repairs, exchanges, returns.
func repair() form.Definition {
	text := func(ko, en string) form.Text { return form.Text{i18n.Korean: ko, i18n.English: en} }
	three := 3.0
	return form.Definition{
		Title:  text("수리·교환·반품 신청", "Repair, exchange or return"),
		Intro:  text("램프에 무슨 일이 생겼는지 알려 주세요. 평일에는 하루 안에 답해 드려요.", "Tell us what happened to your lamp. On working days we answer within a day."),
		Thanks: text("고맙습니다. 공방에서 확인하고 메일로 알려 드릴게요.", "Thank you. Our workshop looks at it and writes to you."),
		Type:   "repair", Tags: []string{"양식"}, Help: true, Confirm: true,
		Fields: []form.Field{
			{Key: "name", Kind: form.Line, Label: text("이름", "Your name"), Required: true, As: form.AsName},
			{Key: "email", Kind: form.Email, Label: text("메일 주소", "Your mail address"), Help: text("답장을 여기로 보내 드려요.", "We answer there."), Required: true},
			{Key: "phone", Kind: form.Phone, Label: text("전화번호", "Your phone number"), Help: text("택배 기사님이 연락할 번호예요.", "For the courier.")},
			{Key: "order_number", Kind: form.Line, Label: text("주문 번호", "Order number"), Help: text("주문 확인 메일에 있어요.", "It stands in the mail about your order.")},
			{Key: "wish", Kind: form.Choice, Label: text("무엇을 원하시나요?", "What would you like?"), Required: true, Choices: []form.Option{
				{Value: "repair", Label: text("고쳐 주세요", "Have it repaired")}, {Value: "exchange", Label: text("바꿔 주세요", "Exchange it")},
				{Value: "return", Label: text("돌려보낼게요", "Send it back")}}},
			{Key: "broken", Kind: form.Choices, Label: text("어디가 이상한가요?", "What is wrong with it?"), When: &form.Condition{Field: "wish", Is: []string{"repair", "exchange"}}, Choices: []form.Option{
				{Value: "flickers", Label: text("깜빡여요", "It flickers")}, {Value: "dark", Label: text("불이 안 켜져요", "It stays dark")},
				{Value: "shade", Label: text("갓이 깨졌어요", "The shade is broken")}, {Value: "other", Label: text("다른 문제예요", "Something else")}}},
			{Key: "text", Kind: form.Long, Label: text("자세히 알려 주세요", "Tell us more"), Required: true},
			{Key: "photo", Kind: form.Upload, Label: text("사진", "Photos"), Max: &three},
			{Key: "consent", Kind: form.Consent, Required: true,
				Label: text("답변과 수리를 위해 이름과 연락처를 받아 보관하는 데 동의해요. 처리가 끝나고 1년이 지나면 지워요.", "I agree that you keep my name and addresses to answer and repair. You delete them a year after it is done.")},
		},
	}
}

// asks makes the form, and what was sent with it: two that became conversations and one to look at.
func (s *story) asks() {
	var made form.Form
	s.then(s.begin.Add(24*time.Hour), func(ctx context.Context, tx *db.Tx) (err error) {
		if made, err = form.Create(ctx, tx, form.Form{Name: "수리·교환·반품", Slug: "repair", Inbox: s.support.ID, Definition: repair()}); err != nil {
			return err
		}
		return form.SetState(ctx, tx, made.ID, form.Live)
	})
	send := func(ago time.Duration, l i18n.Locale, from, trap string, a form.Answers) {
		at := s.end.Add(-ago)
		s.then(at, func(ctx context.Context, tx *db.Tx) error {
			_, err := s.Forms.Submit(ctx, tx, made.ID, form.Sent{Stamp: s.Forms.Stamp(made.ID, 1, at.Add(-2*time.Minute)), Language: l, From: from, Trap: trap, Answers: a})
			return err
		})
	}
	send(26*time.Hour, i18n.Korean, "203.0.113.21", "", form.Answers{"name": {"정하늘"}, "email": {"haneul@gmail.example"}, "phone": {"010-4821-0077"}, "wish": {"repair"}, "broken": {"flickers"},
		"text": {"밤배 무드등이 어제부터 깜빡여요. 전구를 바꿔 봐도 똑같아요."}, "consent": {"yes"}})
	send(3*time.Hour, i18n.English, "203.0.113.22", "", form.Answers{"name": {"Emily Carter"}, "email": {"emily.carter@mail.example"}, "wish": {"return"},
		"text": {"The lamp is lovely but too bright for the nursery. Can I send it back? It is still in its box."}, "consent": {"yes"}})
	send(2*time.Hour, i18n.English, "203.0.113.23", "", form.Answers{"name": {"SEO Team"}, "email": {"win@seo.example"}, "wish": {"repair"},
		"text": {"Rank first! https://seo.example/a https://seo.example/b www.seo.example/c"}, "consent": {"yes"}})
}

// pass is a way into the portal as one of the customers: the one with the most conversations.
func pass(ctx context.Context, tx *db.Tx) (path string, err error) {
	address, err := db.Value[string](ctx, tx, `SELECT a.value FROM contact_address a JOIN conversation c ON c.contact_id = a.contact_id
		WHERE a.kind = 'email' GROUP BY a.value ORDER BY COUNT(*) DESC, a.value LIMIT 1`)
	if err != nil {
		return "", err
	}
	token, err := portal.Pass(team.AsSystem(ctx), tx, address)
	return "/portal/enter/" + token, err
}
