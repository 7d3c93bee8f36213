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
)

var haram = contact.Sender{Name: "윤하람", Email: "haram@solip.example", Phone: "010-1234-5678", Language: "ko"}

func TestPeopleAreFoundByPartsOfTheirNames(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.mina.get("/customers").is(200).says("No customers yet", "Add the first customer")
		c, _ := s.wrote(haram, "램프가 깜빡여요")
		s.wrote(contact.Sender{Name: "Jonas Weber", Email: "jonas@harbour.example"}, "Where is my lamp?")
		s.mina.get("/customers").is(200).says("윤하람", "Jonas Weber", "Solip", "haram@solip.example")
		s.mina.get("/customers?q=" + url.QueryEscape("하람")).is(200).says("윤하람").hides("Jonas")
		s.mina.get("/customers?q=1234-5678").is(200).hides("Jonas")
		s.mina.get("/customers?q=nobody+at+all").is(200).says("Nobody found", "nobody at all", "Show all")
		s.mina.get("/customers?company=solip").is(200).says("윤하람").hides("Jonas")
		s.mina.get("/customers?company=Unheard").is(200).says("There is no company called “Unheard”")
		s.mina.get("/customers?stage=post-sale").is(200).says("Nobody found")
		s.mina.get("/customers?sort=name").is(200).says(`aria-sort="ascending"`)
		s.mina.get("/customers?sort=shoe_size").is(422)
		s.mina.get("/customers?after=nonsense").is(422)
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			if err := contact.Tag(ctx, tx, c.ID, []string{"VIP"}, nil); err != nil {
				return err
			}
			_, err := contact.Update(ctx, tx, c.ID, func(c *contact.Contact) error { c.Owner = s.mina.ID; return nil })
			return err
		})
		s.mina.get("/customers?tag=vip&owner=" + s.mina.ID.String()).is(200).says("윤하람").hides("Jonas")
		s.mina.get("/companies").is(200).says("Solip", "Harbour")
		s.mina.get("/companies?q=harb").is(200).says("Harbour").hides("Solip")
		s.mina.get("/companies/names?company=so").is(200).says(`value="Solip"`).hides("Harbour")
	})
}

func TestALongListIsReadForthAndBack(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			for i := range 120 {
				if _, err := contact.Create(ctx, tx, contact.Sender{Name: fmt.Sprintf("고객 %03d", i), Email: fmt.Sprintf("c%d@naver.com", i)}); err != nil {
					return err
				}
			}
			return nil
		})
		page := s.mina.get("/customers?sort=name").is(200).says("고객 000", "고객 049", "1–50 of 120").hides("고객 050")
		page = s.mina.get(link(t, page, "next")).is(200).says("고객 050", "고객 099", "51–100 of 120").hides("고객 049")
		page = s.mina.get(link(t, page, "next")).is(200).says("고객 119", "101–120 of 120").hides("고객 099", `rel="next"`)
		page = s.mina.get(link(t, page, "prev")).is(200).says("고객 050", "51–100 of 120")
		s.mina.get(link(t, page, "prev")).is(200).says("고객 000").hides("고객 050", `rel="prev"`)
	})
}

// link is where a link of the page with this relation leads.
func link(t *testing.T, a answer, rel string) string {
	t.Helper()
	before, _, ok := strings.Cut(a.Body, `rel="`+rel+`"`)
	if !ok {
		t.Fatalf("no link to %s: %s", rel, a.words())
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
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			if err := conversation.Snooze(ctx, tx, third, tx.Now().Add(72*time.Hour)); err != nil {
				return err
			}
			_, err := contact.AddNote(ctx, tx, c.ID, "토요일마다 낭독회", true)
			return err
		})
		s.mina.signIn()
		page := "/customers/" + c.ID.String()
		got := s.mina.get(page).is(200).says("윤하람", "Solip", "4 months", "책장에 어울리는 조명", "Solved in 9 min", "first reply after 9 min",
			"램프가 깜빡여요", "Comes back", "Stage: Post-sale", "First met", "토요일마다 낭독회", "Only we see it",
			`class="s-pre"`, `class="s-start"`, `class="s-care"`, `class="f-moon"`, "ring-care", "3 conversations since 5\u00a0Jan, now Post-sale")
		order(t, got.words(), "Comes back at", "“램프가 깜빡여요 봐 주세요.”", "Post-sale", "Stage: Post-sale", "Stage: Onboarding", "책장에 어울리는 조명")
		s.mina.get(page + "?show=notes").is(200).says("토요일마다 낭독회").hides("책장에 어울리는 조명")
		s.mina.get(page+"?show=open").is(200).says("램프가 깜빡여요", "색온도를 바꿀 수 있나요").hides("책장에 어울리는 조명")
		s.mina.get(page + "?show=changes").is(200).says("First met").hides("램프가 깜빡여요")
		s.mina.get(page + "?show=conversations").is(200).says("책장에 어울리는 조명").hides("First met")
		s.mina.lang = "ko"
		s.mina.get(page).is(200).says("9분 만에 해결", "4개월", "우리만 봐요", "단계가 바뀌었어요: 구매 후", "1월", "2026년 2월", "대화 3개")
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
		s.mina.signIn()
		page := s.mina.get("/customers/"+c.ID.String()).is(200).says("질문 34.", "질문 05.", "Older").hides("질문 04.")
		s.mina.get(link(t, page, "next")).is(200).says("질문 04.", "질문 00.", "First met", "Back to today").hides("질문 05.", `rel="next"`)
	})
}

func TestTheCardsAreEdited(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "질문")
		s.wrote(contact.Sender{Email: "bori@solip.example", Name: "양보리"}, "질문")
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			_, err := contact.DefineField(ctx, tx, contact.Field{Holder: contact.OfContact, Key: "shops", English: "Shops", Korean: "매장", Type: contact.NumberField})
			return err
		})
		page := "/customers/" + c.ID.String()
		card := func(name string) string { return page + "/card/" + name }
		s.mina.get(page).is(200).says("Colleagues", "양보리", "010-1234-5678", "tel:+821012345678")

		s.mina.get(card("remember")+"?edit=remember").is(200).says("<textarea", "Save changes")
		s.mina.post(card("remember"), url.Values{"remember": {"전화보다 채팅\n2700K"}}, true).is(200).says("전화보다 채팅").hides("<textarea")
		s.mina.post(card("remember"), url.Values{"remember": {"다시"}}, false).is(303).leads(page)

		s.mina.post(card("fields"), url.Values{"fields.shops": {"three"}}, true).is(422).says("Enter a number.", "three")
		s.mina.post(card("fields"), url.Values{"fields.shops": {"three"}}, false).is(422).says("Enter a number.", "three", "<!doctype")
		s.mina.post(card("fields"), url.Values{"fields.shops": {"1200"}}, true).is(200).says("1,200")

		s.mina.post(card("addresses"), url.Values{"kind": {"email"}, "address": {"no address"}}, true).is(422).says("Enter an e-mail address", "no address")
		s.mina.post(card("addresses"), url.Values{"kind": {"email"}, "address": {"bori@solip.example"}}, true).is(422).says("belongs to another customer")
		s.mina.post(card("addresses"), url.Values{"kind": {"email"}, "address": {"haram@naver.com"}}, true).is(200).says("haram@naver.com")
		second := s.address(c.ID, "haram@naver.com")
		s.mina.post(page+"/addresses/"+second+"/primary", nil, true).is(200)
		s.mina.post(page+"/addresses/"+second+"/verify", nil, true).is(200).says("verified")
		s.mina.post(page+"/addresses/"+second+"/frobnicate", nil, true).is(404)
		s.mina.post(page+"/addresses/"+second+"/remove", nil, true).is(200).hides("haram@naver.com")

		s.mina.get(page+"?edit=about").is(200).says(`name="company"`, "Asia/Seoul")
		about := url.Values{"name": {"윤하람"}, "company": {"솔잎서가"}, "title": {"대표"}, "stage": {"renewal"}, "owner": {s.mina.ID.String()}, "language": {"ko"},
			"time_zone": {"Asia/Seoul"}, "industry": {"서점"}, "persona": {"단골"}, "region": {"서울 성수"}, "gender": {""}, "birth_year": {"19"}}
		s.mina.post(card("about"), about, true).is(422).says("Enter a year of birth")
		about.Set("birth_year", "1988")
		s.mina.post(card("about"), about, true).leads(page)
		s.mina.get(page).says("솔잎서가", "대표", "Renewal", "한서윤", "서점", "단골", "1988", "서울 성수")

		s.mina.post(card("tags"), url.Values{"tags": {"VIP, 낭독회 ,"}}, true).is(200).says("vip", "낭독회")
		s.mina.post(card("block"), url.Values{"reason": {""}}, true).is(422).says("Say why.")
		s.mina.post(card("block"), url.Values{"reason": {"그만 받겠다고 하심"}}, true).leads(page)
		s.mina.get(page).says("No mail goes to this customer", "그만 받겠다고 하심")
		s.mina.post(page+"/unblock", nil, false).leads(page)
		s.mina.post(card("company"), nil, true).is(404)
		s.mina.post(card("nothing"), nil, true).is(404)
	})
}

func TestNotesArePinnedEditedAndRemoved(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, _ := s.wrote(haram, "질문")
		page := "/customers/" + c.ID.String()
		s.mina.post(page+"/card/notes", url.Values{"text": {" "}}, true).is(422).says("Write something first.")
		s.mina.post(page+"/card/notes", url.Values{"text": {"첫 메모"}}, true).is(200).says("첫 메모")
		var note string
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			list, err := contact.Notes(ctx, tx, c.ID)
			note = list[0].ID.String()
			return err
		})
		s.mina.post(page+"/notes/"+note+"/pin", nil, true).is(200).says("Pinned")
		s.mina.get(page+"/card/notes?which="+note).is(200).says("Edit the note", "첫 메모")
		s.mina.post(page+"/card/notes", url.Values{"which": {note}, "text": {"고친 메모"}}, true).is(200).says("고친 메모", "Pinned").hides("첫 메모")
		other, _ := s.wrote(contact.Sender{Email: "x@y.example"}, "질문")
		s.mina.post("/customers/"+other.ID.String()+"/notes/"+note+"/remove", nil, true).is(404)
		s.mina.post(page+"/notes/"+note+"/remove", nil, true).is(200).hides("고친 메모")
	})
}

func TestTwoBecomeOneAndTwoAgain(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		a, _ := s.wrote(haram, "첫 질문")
		b, _ := s.wrote(contact.Sender{Name: "윤하람", Email: "haram@naver.com"}, "다른 주소로 물은 것")
		from, to := "/customers/"+b.ID.String(), "/customers/"+a.ID.String()
		s.mina.get(from+"/merge").is(200).says("윤하람", "haram@solip.example")
		s.mina.get(from+"/merge?other="+a.ID.String()).is(200).says("Which one stays?", "haram@naver.com", "haram@solip.example", "Everything moves")
		s.mina.get(from + "/merge?other=" + b.ID.String()).is(422)
		s.mina.post(from+"/merge", url.Values{"other": {a.ID.String()}, "keep": {a.ID.String()}}, false).is(303).leads(to)
		s.mina.get(from).is(303).leads(to)
		s.mina.get(to).is(200).says("첫 질문", "다른 주소로 물은 것", "haram@naver.com", "Merged into this one")
		var merge string
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			list, err := contact.Mergers(ctx, tx, a.ID)
			merge = list[0].ID.String()
			return err
		})
		s.mina.post(to+"/unmerge/"+merge, nil, true).leads(to)
		s.mina.get(to).is(200).hides("다른 주소로 물은 것", "haram@naver.com")
		s.mina.get(from).is(200).says("다른 주소로 물은 것")
	})
}

func TestErasingTakesEverythingAndAsksForTheName(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		c, talk := s.wrote(haram, "비밀 주문")
		page := "/customers/" + c.ID.String()
		s.mina.get(page+"/erase").is(200).says("This cannot be undone", "one conversation", "Type “윤하람” to go on")
		s.mina.post(page+"/erase", url.Values{"name": {"윤하"}}, false).is(422).says("That is another name")
		s.mina.get(page).is(200)
		s.mina.post(page+"/erase", url.Values{"name": {" 윤하람 "}}, false).is(303).leads("/customers") // typed in parts
		s.mina.get(page).is(404)
		s.mina.get("/customers").is(200).hides("윤하람")
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
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
		got := s.mina.post("/customers/"+c.ID.String()+"/export", nil, false).is(200)
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
			s.mina.get("/customers/" + c.ID.String()).is(200)
			s.mina.get("/customers/" + c.ID.String() + "/card/addresses").is(200)
		}
		s.Clock.Advance(2 * time.Hour)
		s.mina.get("/customers/" + c.ID.String() + "/card/about").is(200)
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
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
		s.mina.post(page+"/card/remember", url.Values{"remember": {"비밀"}}, true).is(200)
		partner := s.visitor("바깥", team.Partner)
		partner.get(page).is(200).says("윤하람", "h***@solip.example", "010-****-5678").
			hides("haram@solip", "1234-5678", "비밀", "팀의 질문", "Download their data", "/erase", "tel:", `name="company"`)
		partner.get("/customers").is(200).says("윤하람").hides("haram@solip")
		partner.get("/customers?q=haram").is(200).says("Nobody found")
		partner.get(page + "?edit=about").is(200).hides(`name="company"`)
		for path, status := range map[string]int{"/card/about": 403, "/erase": 403, "/export": 403, "/merge": 403, "/unblock": 403} {
			partner.post(page+path, url.Values{"name": {"윤하람"}}, false).is(status)
		}
	})
}

func TestACompanyIsMadeAndChanged(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.wrote(haram, "질문")
		s.mina.post("/companies/new", url.Values{"name": {""}}, false).is(422).says("Enter a name.")
		s.mina.post("/companies/new", url.Values{"name": {"나라"}, "domains": {"naver.com"}}, false).is(422).says("mail service for everybody")
		s.mina.post("/companies/new", url.Values{"name": {"솔잎"}, "domains": {"solip.example"}, "currency": {"KRW"}}, false).is(422).says("belongs to another company")
		made := s.mina.post("/companies/new", url.Values{"name": {"달무리"}, "domains": {"moon.example, halo.example"}, "value": {"4,800,000"}, "currency": {"KRW"}}, false).is(303)
		page := made.Header.Get("Location")
		s.mina.get(page).is(200).says("달무리", "moon.example", "₩4,800,000", "Nobody yet.", "No conversations yet.")
		s.mina.get(page+"/edit").is(200).says("4800000", "halo.example, moon.example")
		s.mina.post(page+"/edit", url.Values{"name": {"달무리 조명"}, "domains": {"moon.example"}, "value": {""}, "currency": {"KRW"}, "tier": {"주요"}}, false).leads(page)
		s.mina.get(page).is(200).says("달무리 조명", "주요").hides("halo.example", "4,800,000")
		s.mina.post(page+"/remove", nil, true).leads("/companies")
		s.mina.get(page).is(404)
	})
}

func TestACustomerIsAddedByHand(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		known, _ := s.wrote(haram, "질문")
		s.mina.get("/customers/new?company=Solip").is(200).says("Add a customer", `value="Solip"`)
		s.mina.post("/customers/new", url.Values{"name": {"서이안"}}, false).is(422).says("Enter an e-mail address or a phone number.", "서이안")
		s.mina.post("/customers/new", url.Values{"name": {"나"}, "email": {"HARAM@solip.example"}}, false).is(422).
			says("A customer has this address already.", "/customers/"+known.ID.String())
		got := s.mina.post("/customers/new", url.Values{"name": {"서이안"}, "phone": {"010 9876 5432"}, "company": {"Solip"}, "stage": {"onboarding"}}, false).is(303)
		s.mina.get(got.Header.Get("Location")).is(200).says("서이안", "010-9876-5432", "Solip", "Onboarding", "Since today", "Nothing is open.")
	})
}

// Names of strangers are text, however long they are and whatever stands in them.
func TestStrangeNames(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		for i, name := range []string{strings.Repeat("Donaudampfschifffahrtsgesellschaft", 6), `<script>alert(1)</script>`, "🌙", "", "\u202eevil"} {
			c, _ := s.wrote(contact.Sender{Name: name, Email: fmt.Sprintf("strange%d@gmail.com", i)}, `"><img src=x onerror=alert(1)>`)
			s.mina.get("/customers/"+c.ID.String()).is(200).hides("<script>alert", "<img src=x")
			s.mina.get("/customers").is(200).hides("<script>alert")
		}
		s.mina.get("/customers/con_nothing").is(404)
		s.mina.get("/companies/cmp_").is(404)
	})
}

func (s *shop) stage(who contact.ID, to contact.Stage) {
	s.t.Helper()
	s.mina.do(func(ctx context.Context, tx *db.Tx) error {
		_, err := contact.Update(ctx, tx, who, func(c *contact.Contact) error { c.Stage = to; return nil })
		return err
	})
}

func (s *shop) address(who contact.ID, shown string) (found string) {
	s.t.Helper()
	s.mina.do(func(ctx context.Context, tx *db.Tx) error {
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
