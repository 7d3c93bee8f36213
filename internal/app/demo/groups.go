package demo

import (
	"context"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/segment"
)

// groups are segments of the shop's customers, what these agreed to (some of it nearly two years ago), and addresses to which nothing goes.
func (s *story) groups() {
	s.then(s.end.Add(-55*time.Second), func(ctx context.Context, tx *db.Tx) error {
		ctx = s.as(ctx, seoyun)
		is := func(field, op string, values ...string) segment.If {
			return segment.If{Field: field, Op: op, Values: values}
		}
		for _, g := range []segment.Segment{
			{Name: "소식 받는 구매 고객", About: "광고 수신에 동의했고 지금 풀리지 않은 대화가 없는 고객", If: segment.If{Of: []segment.If{is("customer.stage", "is", "onboarding", "post-sale", "renewal"), is("customer.consent", "yes"), is("talk.open", "equals", "0")}}},
			{Name: "Customers who read English", About: "For mails in English", If: is("customer.language", "is", "en")},
			{Name: "오래 소식 없는 고객", About: "한 달 넘게 글이 없었던 고객", If: segment.If{Of: []segment.If{is("customer.seen_at", "longer_ago", "30"), is("customer.stage", "is_not", "former")}}},
			{Name: "지금 돌봐야 할 고객", About: "불만이 있었거나 풀리지 않은 대화가 둘 이상", If: segment.If{Mode: "any", Of: []segment.If{is("talk.complaints", "at_least", "1"), is("talk.open", "at_least", "2")}}},
		} {
			if _, err := segment.Make(ctx, tx, g); err != nil {
				return err
			}
		}
		return s.agree(ctx, tx)
	})
}

// agree has two of three customers in an old list of those who agreed; some took it back. They were imported, so nobody is mailed.
func (s *story) agree(ctx context.Context, tx *db.Tx) error {
	list, _, err := contact.List(ctx, tx, contact.Filter{Limit: 100})
	if err != nil {
		return err
	}
	day := 24 * time.Hour
	for i, c := range list {
		if c.Email == "" || i%3 == 2 {
			continue
		}
		ago := time.Duration(20+i*7) * day
		wording := "Dalbit news and offers by mail"
		if c.Language == "ko" {
			wording = "달빛상점의 소식과 혜택을 메일로 받습니다"
		}
		if err := consent.Give(ctx, tx, consent.Given{Who: c.ID, Address: c.Email, Purpose: consent.Advertising, How: consent.ByImport, Wording: wording, Proof: "shop-2026.csv", At: tx.Now().Add(-ago)}); err != nil {
			return err
		}
		if i%10 == 1 {
			if err := consent.Withdraw(ctx, tx, c.ID, c.Email, consent.Advertising, consent.ByImport, "shop-2026.csv"); err != nil {
				return err
			}
		}
	}
	for _, b := range []struct {
		address string
		why     consent.Reason
	}{{"old.address@lumen.example", consent.HardBounce}, {"no.more@moss.example", consent.Unsubscribed}, {"angry@novak.example", consent.Complaint}, {"partner@hale.example", consent.ByHand}} {
		if err := consent.Suppress(ctx, tx, b.address, b.why, ""); err != nil {
			return err
		}
	}
	return nil
}
