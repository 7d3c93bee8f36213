package customers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

var haram = contact.Sender{Name: "윤하람", Email: "haram@solip.example", Phone: "010-1234-5678", Language: "ko"}

func TestPeopleAreFoundByPartsOfTheirNames(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.Mina.Get("/customers").Is(200).Says("No customers yet", "Add the first customer")
		c, _ := s.wrote(haram, "램프가 깜빡여요")
		s.wrote(contact.Sender{Name: "Jonas Weber", Email: "jonas@harbour.example"}, "Where is my lamp?")
		s.Mina.Get("/customers").Is(200).Says("윤하람", "Jonas Weber", "Solip", "haram@solip.example")
		s.Mina.Get("/customers?q=" + url.QueryEscape("하람")).Is(200).Says("윤하람").Hides("Jonas")
		s.Mina.Get("/customers?q=1234-5678").Is(200).Hides("Jonas")
		s.Mina.Get("/customers?q=nobody+at+all").Is(200).Says("Nobody found", "nobody at all", "Show all")
		s.Mina.Get("/customers?company=solip").Is(200).Says("윤하람").Hides("Jonas")
		s.Mina.Get("/customers?company=Unheard").Is(200).Says("There is no company called “Unheard”")
		s.Mina.Get("/customers?stage=post-sale").Is(200).Says("Nobody found")
		s.Mina.Get("/customers?sort=name").Is(200).Says(`aria-sort="ascending"`)
		s.Mina.Get("/customers?sort=shoe_size").Is(422)
		s.Mina.Get("/customers?after=nonsense").Is(422)
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			if err := contact.Tag(ctx, tx, c.ID, []string{"VIP"}, nil); err != nil {
				return err
			}
			_, err := contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error { c.Owner = s.Mina.ID; return nil })
			return err
		})
		s.Mina.Get("/customers?tag=vip&owner=" + s.Mina.ID.String()).Is(200).Says("윤하람").Hides("Jonas")
		s.Mina.Get("/companies").Is(200).Says("Solip", "Harbour")
		s.Mina.Get("/companies?q=harb").Is(200).Says("Harbour").Hides("Solip")
		s.Mina.Get("/companies/names?company=so").Is(200).Says(`value="Solip"`).Hides("Harbour")
	})
}

func TestALongListIsReadForthAndBack(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			for i := range 120 {
				if _, err := contact.Create(ctx, tx, contact.Sender{Name: fmt.Sprintf("고객 %03d", i), Email: fmt.Sprintf("c%d@naver.com", i)}); err != nil {
					return err
				}
			}
			return nil
		})
		page := s.Mina.Get("/customers?sort=name").Is(200).Says("고객 000", "고객 049", "1–50 of 120").Hides("고객 050")
		page = s.Mina.Get(link(t, page, "next")).Is(200).Says("고객 050", "고객 099", "51–100 of 120").Hides("고객 049")
		page = s.Mina.Get(link(t, page, "next")).Is(200).Says("고객 119", "101–120 of 120").Hides("고객 099", `rel="next"`)
		page = s.Mina.Get(link(t, page, "prev")).Is(200).Says("고객 050", "51–100 of 120")
		s.Mina.Get(link(t, page, "prev")).Is(200).Says("고객 000").Hides("고객 050", `rel="prev"`)
	})
}

// link is where a link of the page with this relation leads.
func link(t *testing.T, a house.Answer, rel string) string {
	t.Helper()
	before, _, ok := strings.Cut(a.Body, `rel="`+rel+`"`)
	if !ok {
		t.Fatalf("no link to %s: %s", rel, a.Words())
	}
	_, to, _ := strings.Cut(before[strings.LastIndex(before, "<a "):], `href="`)
	to, _, _ = strings.Cut(to, `"`)
	return strings.ReplaceAll(to, "&amp;", "&")
}

func TestALifeIsOneLine(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, first := s.wrote(haram, "책장에 어울리는 조명")
		s.Clock.Advance(9 * time.Minute)
		s.solved(first)
		s.Clock.Advance(40 * 24 * time.Hour)
		s.stage(c.ID, contact.Onboarding)
		s.Clock.Advance(60 * 24 * time.Hour)
		s.stage(c.ID, contact.PostSale)
		s.Clock.Advance(20 * 24 * time.Hour)
		_, second := s.wrote(haram, "램프가 깜빡여요")
		_, third := s.wrote(haram, "색온도를 바꿀 수 있나요")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			if err := conversation.Snooze(ctx, tx, third, tx.Now().Add(72*time.Hour)); err != nil {
				return err
			}
			_, err := contact.AddNote(ctx, tx, c.ID, "토요일마다 낭독회", true)
			return err
		})
		s.Mina.SignIn()
		page := "/customers/" + c.ID.String()
		got := s.Mina.Get(page).Is(200).Says("윤하람", "Solip", "4 months", "책장에 어울리는 조명", "Solved in 9 min", "first reply after 9 min",
			"램프가 깜빡여요", "Comes back", "Stage: Post-sale", "First met", "토요일마다 낭독회", "Only we see it",
			`class="s-pre"`, `class="s-start"`, `class="s-care"`, `class="f-moon"`, "ring-care", "3 conversations since 5\u00a0Jan, now Post-sale")
		order(t, got.Words(), "Comes back at", "“램프가 깜빡여요 봐 주세요.”", "Post-sale", "Stage: Post-sale", "Stage: Onboarding", "책장에 어울리는 조명")
		s.Mina.Get(page + "?show=notes").Is(200).Says("토요일마다 낭독회").Hides("책장에 어울리는 조명")
		s.Mina.Get(page+"?show=open").Is(200).Says("램프가 깜빡여요", "색온도를 바꿀 수 있나요").Hides("책장에 어울리는 조명")
		s.Mina.Get(page + "?show=changes").Is(200).Says("First met").Hides("램프가 깜빡여요")
		s.Mina.Get(page + "?show=conversations").Is(200).Says("책장에 어울리는 조명").Hides("First met")
		s.Mina.Lang = "ko"
		s.Mina.Get(page).Is(200).Says("9분 만에 해결", "4개월", "우리만 봐요", "단계가 바뀌었어요: 구매 후", "1월", "2026년 2월", "대화 3개")
		_ = second
	})
}

func TestALongLifeComesInPages(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		var c contact.Contact
		for i := range 35 {
			var id conversation.ID
			c, id = s.wrote(haram, fmt.Sprintf("질문 %02d.", i))
			s.solved(id)
			s.Clock.Advance(time.Hour)
		}
		s.Mina.SignIn()
		page := s.Mina.Get("/customers/"+c.ID.String()).Is(200).Says("질문 34.", "질문 05.", "Older").Hides("질문 04.")
		s.Mina.Get(link(t, page, "next")).Is(200).Says("질문 04.", "질문 00.", "First met", "Back to today").Hides("질문 05.", `rel="next"`)
	})
}

func TestTheCardsAreEdited(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "질문")
		s.wrote(contact.Sender{Email: "bori@solip.example", Name: "양보리"}, "질문")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "shops", English: "Shops", Korean: "매장", Type: contact.NumberField})
			return err
		})
		page := "/customers/" + c.ID.String()
		card := func(name string) string { return page + "/card/" + name }
		s.Mina.Get(page).Is(200).Says("Colleagues", "양보리", "010-1234-5678", "tel:+821012345678")

		s.Mina.Get(card("remember")+"?edit=remember").Is(200).Says("<textarea", "Save changes")
		s.Mina.Swap(card("remember"), "remember", "전화보다 채팅\n2700K").Is(200).Says("전화보다 채팅").Hides("<textarea")
		s.Mina.Post(card("remember"), "remember", "다시").Is(303).Leads(page)

		s.Mina.Swap(card("fields"), "fields.shops", "three").Is(422).Says("Enter a number.", "three")
		s.Mina.Post(card("fields"), "fields.shops", "three").Is(422).Says("Enter a number.", "three", "<!doctype")
		s.Mina.Swap(card("fields"), "fields.shops", "1200").Is(200).Says("1,200")

		s.Mina.Swap(card("addresses"), "kind", "email", "address", "no address").Is(422).Says("Enter an e-mail address", "no address")
		s.Mina.Swap(card("addresses"), "kind", "email", "address", "bori@solip.example").Is(422).Says("belongs to another customer")
		s.Mina.Swap(card("addresses"), "kind", "email", "address", "haram@naver.com").Is(200).Says("haram@naver.com")
		second := s.address(c.ID, "haram@naver.com")
		s.Mina.Swap(page + "/addresses/" + second + "/primary").Is(200)
		s.Mina.Swap(page + "/addresses/" + second + "/verify").Is(200).Says("verified")
		s.Mina.Swap(page + "/addresses/" + second + "/frobnicate").Is(404)
		s.Mina.Swap(page + "/addresses/" + second + "/remove").Is(200).Hides("haram@naver.com")

		s.Mina.Get(page+"?edit=about").Is(200).Says(`name="company"`, "Asia/Seoul")
		about := []string{"name", "윤하람", "company", "솔잎서가", "title", "대표", "stage", "renewal", "owner", s.Mina.ID.String(), "language", "ko",
			"time_zone", "Asia/Seoul", "industry", "서점", "persona", "단골", "region", "서울 성수", "gender", "", "birth_year"}
		s.Mina.Swap(card("about"), append(about, "19")...).Is(422).Says("Enter a year of birth")
		s.Mina.Swap(card("about"), append(about, "1988")...).Leads(page)
		s.Mina.Get(page).Says("솔잎서가", "대표", "Renewal", "한서윤", "서점", "단골", "1988", "서울 성수")

		s.Mina.Swap(card("tags"), "tags", "VIP, 낭독회 ,").Is(200).Says("vip", "낭독회")
		s.Mina.Swap(card("block"), "reason", "").Is(422).Says("Say why.")
		s.Mina.Swap(card("block"), "reason", "그만 받겠다고 하심").Leads(page)
		s.Mina.Get(page).Says("No mail goes to this customer", "그만 받겠다고 하심")
		s.Mina.Post(page + "/unblock").Leads(page)
		s.Mina.Swap(card("company")).Is(404)
		s.Mina.Swap(card("nothing")).Is(404)
	})
}

func TestNotesArePinnedEditedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "질문")
		page := "/customers/" + c.ID.String()
		s.Mina.Swap(page+"/card/notes", "text", " ").Is(422).Says("Write something first.")
		s.Mina.Swap(page+"/card/notes", "text", "첫 메모").Is(200).Says("첫 메모")
		var note string
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := contact.Notes(ctx, tx, c.ID)
			note = list[0].ID.String()
			return err
		})
		s.Mina.Swap(page + "/notes/" + note + "/pin").Is(200).Says("Pinned")
		s.Mina.Get(page+"/card/notes?which="+note).Is(200).Says("Edit the note", "첫 메모")
		s.Mina.Swap(page+"/card/notes", "which", note, "text", "고친 메모").Is(200).Says("고친 메모", "Pinned").Hides("첫 메모")
		other, _ := s.wrote(contact.Sender{Email: "x@y.example"}, "질문")
		s.Mina.Swap("/customers/" + other.ID.String() + "/notes/" + note + "/remove").Is(404)
		s.Mina.Swap(page + "/notes/" + note + "/remove").Is(200).Hides("고친 메모")
	})
}

func TestTwoBecomeOneAndTwoAgain(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		a, _ := s.wrote(haram, "첫 질문")
		b, _ := s.wrote(contact.Sender{Name: "윤하람", Email: "haram@naver.com"}, "다른 주소로 물은 것")
		from, to := "/customers/"+b.ID.String(), "/customers/"+a.ID.String()
		s.Mina.Get(from+"/merge").Is(200).Says("윤하람", "haram@solip.example")
		s.Mina.Get(from+"/merge?other="+a.ID.String()).Is(200).Says("Which one stays?", "haram@naver.com", "haram@solip.example", "Everything moves")
		s.Mina.Get(from + "/merge?other=" + b.ID.String()).Is(422)
		s.Mina.Post(from+"/merge", "other", a.ID.String(), "keep", a.ID.String()).Is(303).Leads(to)
		s.Mina.Get(from).Is(303).Leads(to)
		s.Mina.Get(to).Is(200).Says("첫 질문", "다른 주소로 물은 것", "haram@naver.com", "Merged into this one")
		var merge string
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			list, err := contact.Mergers(ctx, tx, a.ID)
			merge = list[0].ID.String()
			return err
		})
		s.Mina.Swap(to + "/unmerge/" + merge).Leads(to)
		s.Mina.Get(to).Is(200).Hides("다른 주소로 물은 것", "haram@naver.com")
		s.Mina.Get(from).Is(200).Says("다른 주소로 물은 것")
	})
}

func TestErasingTakesEverythingAndAsksForTheName(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, talk := s.wrote(haram, "비밀 주문")
		page := "/customers/" + c.ID.String()
		s.Mina.Get(page+"/erase").Is(200).Says("This cannot be undone", "one conversation", "Type “윤하람” to go on")
		s.Mina.Post(page+"/erase", "name", "윤하").Is(422).Says("That is another name")
		s.Mina.Get(page).Is(200)
		s.Mina.Post(page+"/erase", "name", " 윤하람 ").Is(303).Leads("/customers") // typed in parts
		s.Mina.Get(page).Is(404)
		s.Mina.Get("/customers").Is(200).Hides("윤하람")
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			if _, err := conversation.Get(ctx, tx, talk); err == nil {
				t.Error("the conversation is still there")
			}
			for table, column := range map[string]string{"conversation_message": "text", "contact_address": "shown", "conversation_participant": "address"} {
				n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM `+table+` WHERE `+column+` LIKE '%비밀%' OR `+column+` LIKE '%haram%'`)
				if err != nil {
					return err
				}
				if n > 0 {
					t.Errorf("%s still knows %d of him", table, n)
				}
			}
			return nil
		})
	})
}

func TestDataIsHandedOutAsAFile(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "질문")
		got := s.Mina.Post("/customers/" + c.ID.String() + "/export").Is(200)
		var f struct {
			Person struct{ Name string }
			Others map[string]json.RawMessage
		}
		if err := json.Unmarshal([]byte(got.Body), &f); err != nil {
			t.Fatal(err)
		}
		if f.Person.Name != "윤하람" || !strings.Contains(string(f.Others["conversations"]), "질문") {
			t.Errorf("the file holds %s", got.Body)
		}
		if h := got.Header.Get("Content-Disposition"); h != `attachment; filename="`+c.ID.String()+`.json"` {
			t.Errorf("Content-Disposition: %s", h)
		}
	})
}

func TestWhoLooksIsNotedOnceAnHour(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "질문")
		for range 3 {
			s.Mina.Get("/customers/" + c.ID.String()).Is(200)
			s.Mina.Get("/customers/" + c.ID.String() + "/card/addresses").Is(200)
		}
		s.Clock.Advance(2 * time.Hour)
		s.Mina.Get("/customers/" + c.ID.String() + "/card/about").Is(200)
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			views, err := event.OfKind(ctx, tx, c.ID.String(), "contact.viewed", 100)
			if len(views) != 2 {
				t.Errorf("%d views are noted, want 2", len(views))
			}
			return err
		})
	})
}

// A partner sees whom he talks to, but cannot take the address book along.
func TestPartnersSeeMaskedData(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "팀의 질문")
		page := "/customers/" + c.ID.String()
		s.Mina.Swap(page+"/card/remember", "remember", "비밀").Is(200)
		partner := s.As("바깥", team.Partner)
		partner.Get(page).Is(200).Says("윤하람", "h***@solip.example", "010-****-5678").
			Hides("haram@solip", "1234-5678", "비밀", "팀의 질문", "Download their data", "/erase", "tel:", `name="company"`)
		partner.Get("/customers").Is(200).Says("윤하람").Hides("haram@solip")
		partner.Get("/customers?q=haram").Is(200).Says("Nobody found")
		partner.Get(page + "?edit=about").Is(200).Hides(`name="company"`)
		for path, status := range map[string]int{"/card/about": 403, "/erase": 403, "/export": 403, "/merge": 403, "/unblock": 403} {
			partner.Post(page+path, "name", "윤하람").Is(status)
		}
	})
}

func TestACompanyIsMadeAndChanged(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote(haram, "질문")
		s.Mina.Post("/companies/new", "name", "").Is(422).Says("Enter a name.")
		s.Mina.Post("/companies/new", "name", "나라", "domains", "naver.com").Is(422).Says("mail service for everybody")
		s.Mina.Post("/companies/new", "name", "솔잎", "domains", "solip.example", "currency", "KRW").Is(422).Says("belongs to another company")
		made := s.Mina.Post("/companies/new", "name", "달무리", "domains", "moon.example, halo.example", "value", "4,800,000", "currency", "KRW").Is(303)
		page := made.To
		s.Mina.Get(page).Is(200).Says("달무리", "moon.example", "₩4,800,000", "Nobody yet.", "No conversations yet.")
		s.Mina.Get(page+"/edit").Is(200).Says("4800000", "halo.example, moon.example")
		s.Mina.Post(page+"/edit", "name", "달무리 조명", "domains", "moon.example", "value", "", "currency", "KRW", "tier", "주요").Leads(page)
		s.Mina.Get(page).Is(200).Says("달무리 조명", "주요").Hides("halo.example", "4,800,000")
		s.Mina.Swap(page + "/remove").Leads("/companies")
		s.Mina.Get(page).Is(404)
	})
}

func TestACustomerIsAddedByHand(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		known, _ := s.wrote(haram, "질문")
		s.Mina.Get("/customers/new?company=Solip").Is(200).Says("Add a customer", `value="Solip"`)
		s.Mina.Post("/customers/new", "name", "서이안").Is(422).Says("Enter an e-mail address or a phone number.", "서이안")
		s.Mina.Post("/customers/new", "name", "나", "email", "HARAM@solip.example").Is(422).
			Says("A customer has this address already.", "/customers/"+known.ID.String())
		got := s.Mina.Post("/customers/new", "name", "서이안", "phone", "010 9876 5432", "company", "Solip", "stage", "onboarding").Is(303)
		s.Mina.Get(got.To).Is(200).Says("서이안", "010-9876-5432", "Solip", "Onboarding", "Since today", "Nothing is open.")
	})
}

// Names of strangers are text, however long they are and whatever stands in them.
func TestStrangeNames(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		for i, name := range []string{strings.Repeat("Donaudampfschifffahrtsgesellschaft", 6), `<script>alert(1)</script>`, "🌙", "", "\u202eevil"} {
			c, _ := s.wrote(contact.Sender{Name: name, Email: fmt.Sprintf("strange%d@gmail.com", i)}, `"><img src=x onerror=alert(1)>`)
			s.Mina.Get("/customers/"+c.ID.String()).Is(200).Hides("<script>alert", "<img src=x")
			s.Mina.Get("/customers").Is(200).Hides("<script>alert")
		}
		s.Mina.Get("/customers/con_nothing").Is(404)
		s.Mina.Get("/companies/cmp_").Is(404)
	})
}

func (s *shop) stage(who contact.ID, to contact.Stage) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := contact.Update(ctx, tx, who, func(c *contact.Contact) error { c.Stage = to; return nil })
		return err
	})
}

func (s *shop) address(who contact.ID, shown string) (found string) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		p, err := contact.Whole(ctx, tx, who)
		for _, a := range p.Addresses {
			if a.Shown == shown {
				found = a.ID.String()
			}
		}
		return err
	})
	return found
}

// order fails the test unless the texts stand in this order.
func order(t *testing.T, words string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		_, rest, ok := strings.Cut(words, text)
		if !ok {
			t.Fatalf("%q does not come in its place; after the one before it stands: %s", text, words)
		}
		words = rest
	}
}
