package customers_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// lived is a shop of a year and a half: a customer with a long line, one who is
// new, and a few more.
func lived(t *testing.T, s *shop) (haramID, new contact.ID, company contact.CompanyID) {
	t.Helper()
	day := 24 * time.Hour
	c, talk := s.wrote(haram, "책장 사이에도 어울리는 조명이 있을까요?")
	s.Clock.Advance(3 * time.Minute)
	s.solved(talk)
	later := func(days int, subject string, reply time.Duration) conversation.ID {
		s.Clock.Advance(time.Duration(days) * day)
		_, id := s.wrote(haram, subject)
		s.Clock.Advance(reply)
		s.solved(id)
		return id
	}
	later(15, "화상 상담은 언제 되나요?", 20*time.Minute)
	later(25, "계약서 사본을 받고 싶어요", 7*time.Minute)
	s.stage(c.ID, contact.Onboarding)
	later(18, "설치 날짜를 바꿀 수 있나요?", 9*time.Minute)
	s.Clock.Advance(22 * day)
	s.stage(c.ID, contact.PostSale)
	for i, subject := range []string{"벽등이 하나 덜 왔어요", "세금계산서를 다시 보내 주세요", "3호점에도 같은 램프를 쓰고 싶어요", "배송이 하루 늦었어요", "부산 전포점 주소가 바뀌었어요", "벽등 색온도를 바꿀 수 있나요?"} {
		id := later(40+i*5, subject, time.Duration(4+i)*time.Minute)
		if i == 3 {
			s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
				kind := "complaint"
				return conversation.Update(ctx, tx, id, conversation.Change{Type: &kind})
			})
		}
	}
	s.Clock.Advance(30 * day)
	for _, more := range []contact.Sender{{Name: "서이안", Email: "ian@solip.example"}, {Name: "양보리", Email: "bori@solip.example", Phone: "02-312-4567"},
		{Name: "Jonas Weber", Email: "jonas@harbour.example"}, {Email: "no-name-at-all@gmail.com"}, {Name: "정이든", Phone: "010-2222-3333"},
		{Name: "Maximiliane Freifrau von Donaudampfschifffahrtsgesellschaft-Hohenstein", Email: "maximiliane.von.donaudampfschifffahrt@verwaltungsgesellschaft.example"}} {
		s.wrote(more, "안내 책자를 받을 수 있을까요?")
		s.Clock.Advance(47 * time.Minute)
	}
	_, open := s.wrote(haram, "밝기를 낮추면 달항아리 램프가 깜빡여요")
	_, sleeps := s.wrote(haram, "낭독회 전에 교환품 도착")
	s.Clock.Advance(26 * time.Minute)
	fresh, _ := s.wrote(contact.Sender{Name: "오지후", Email: "jihu@newcomer.example"}, "처음 써 봐요")
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		if err := conversation.Assign(ctx, tx, open, s.Mina.ID); err != nil {
			return err
		}
		if err := conversation.Snooze(ctx, tx, sleeps, tx.Now().Add(20*time.Hour)); err != nil {
			return err
		}
		for _, f := range []contact.Field{{Key: "shops", English: "Shops", Korean: "매장 수", Type: contact.NumberField}, {Key: "plan", English: "Care plan", Korean: "돌봄 상품", Type: contact.ChoiceField, Choices: []string{"기본", "돌봄 Pro"}}} {
			f.Holder = contact.OfContact
			if _, err := contact.DefineField(ctx, tx, f); err != nil {
				return err
			}
		}
		if err := contact.SetValues(ctx, tx, c.ID, map[string]string{"shops": "3", "plan": "돌봄 Pro"}); err != nil {
			return err
		}
		if _, err := contact.AddNote(ctx, tx, c.ID, "전포점은 오전 11시에 열어요. 그 전에 전화하지 말기.", true); err != nil {
			return err
		}
		if err := contact.Tag(ctx, tx, c.ID, []string{"서점", "VIP"}, nil); err != nil {
			return err
		}
		now, err := contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error {
			c.Title, c.Owner, c.Region, c.TimeZone, c.Industry = "대표", s.Mina.ID, "서울 성수", "Asia/Seoul", "서점"
			c.Remember = "매달 셋째 토요일 저녁에 낭독회가 있어요. 전화보다 채팅을 좋아하고, 2700K보다 어두운 빛은 피해요."
			return nil
		})
		if err != nil {
			return err
		}
		company = now.Company
		_, err = contact.UpdateCompany(ctx, tx, company, func(o *contact.Company) error {
			o.Name, o.Industry, o.Tier, o.Value, o.Currency = "솔잎서가", "서점", "주요", 6_480_000, "KRW"
			return nil
		})
		return err
	})
	s.Mina.SignIn()
	return c.ID, fresh.ID, company
}

// open is a browser in which the visitor is signed in.
func open(t *testing.T, v *house.Visitor, chrome *browser.Chrome, lang string) *browser.Tab {
	tab := chrome.Tab(t)
	tab.Header("Accept-Language", lang)
	tab.Cookie(v.URL, "baraji", v.Session())
	return tab
}

// Every page is looked at in both languages, both themes, wide and on a phone.
// BARAJI_SHOTS names a folder for the pictures.
func TestThePagesCanBeUsedByEverybody(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	haram, fresh, company := lived(t, s)
	empty := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	person := "/customers/" + haram.String()
	pages := []struct{ name, path string }{{"customers", "/customers"}, {"narrowed", "/customers?stage=post-sale&q=" + "하람"}, {"nobody", "/customers?q=zzz"},
		{"customer", person}, {"edit", person + "?edit=about#card-about"}, {"new-customer", "/customers/" + fresh.String()}, {"add", "/customers/new"},
		{"merge", person + "/merge?q=" + "이안"}, {"merge-two", person + "/merge?other=" + fresh.String()}, {"erase", person + "/erase"},
		{"companies", "/companies"}, {"company", "/companies/" + company.String()}, {"company-edit", "/companies/" + company.String() + "/edit"}}
	for _, look := range []struct {
		lang, theme string
		width       int64
	}{{"ko", "light", 1440}, {"en", "dark", 1440}, {"ko", "dark", 390}, {"en", "light", 390}} {
		t.Run(fmt.Sprintf("%s-%s-%d", look.lang, look.theme, look.width), func(t *testing.T) {
			tab := open(t, s.Mina, chrome, look.lang)
			tab.Size(look.width, map[bool]int64{true: 900, false: 844}[look.width > 500])
			tab.Theme(look.theme)
			for _, p := range pages {
				if status := tab.Go(s.URL + p.path); status != 200 {
					t.Fatalf("%s answers %d", p.path, status)
				}
				shot(tab, p.name, look.lang, look.theme, look.width)
				if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s is %d px too wide", p.name, wide)
				}
				tab.NoViolations()
			}
			none := open(t, empty.Mina, chrome, look.lang)
			none.Size(look.width, 844)
			none.Theme(look.theme)
			none.Go(empty.URL + "/customers")
			shot(none, "empty", look.lang, look.theme, look.width)
			none.NoViolations()
		})
	}
}

func shot(tab *browser.Tab, name, lang, theme string, width int64) {
	if dir := os.Getenv("BARAJI_SHOTS"); dir != "" {
		tab.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d.png", name, lang, theme, width)))
	}
}

// The cards change in place, by mouse and by keyboard.
func TestCardsChangeInPlace(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	who, _, _ := lived(t, s)
	tab := open(t, s.Mina, chrome, "en")
	tab.Size(1440, 1400)
	tab.Go(s.URL + "/customers/" + who.String())
	tab.Click("#card-remember .card__head a")
	tab.Wait("#card-remember textarea")
	tab.Clear("#card-remember textarea")
	tab.Type("#card-remember textarea", "Likes chat")
	tab.Click("#card-remember button[type=submit]")
	tab.Wait("#card-remember p.pre")
	if got := tab.Text("#card-remember p.pre"); got != "Likes chat" {
		t.Errorf("it remembers %q", got)
	}

	tab.Click("#card-fields .card__head a")
	tab.Wait("#card-fields input[type=text]")
	tab.Clear(`#card-fields input[type=text]`)
	tab.Type(`#card-fields input[type=text]`, "many")
	tab.Allow("422")
	tab.Click("#card-fields button[type=submit]")
	tab.See("Enter a number.")

	tab.Press("n") // the key of a new note
	tab.Type("#card-notes textarea", "Opens at eleven")
	tab.Click("#card-notes button[type=submit]")
	tab.Wait("#card-notes .note-paper:nth-child(2)")
	// what another did comes in by itself: the stream only says that there is something
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := contact.AddNote(ctx, tx, who, "Written by another", false)
		return err
	})
	browser.Eval[bool](tab, `document.querySelector("#line").dispatchEvent(new CustomEvent("live"))`)
	tab.See("Written by another")
	if got := tab.Text("#card-notes"); !strings.Contains(got, "Opens at eleven") {
		t.Errorf("the notes say %s", got)
	}
}
