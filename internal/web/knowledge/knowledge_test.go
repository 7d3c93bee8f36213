package knowledge_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"strings"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/test/rig/house"
)

func TestAnArticleIsWrittenAndPublished(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Get("/knowledge").Is(200).Says("Write down what you explain twice")
		at := h.Mina.Post("/knowledge").To
		page := h.Mina.Get(at).Is(200).Says("Side by side", "Try this first", "Not published", `name="ko_body"`)
		edition := page.Find(`name="edition" value="(\d+)"`)
		form := []string{"edition", edition, "audience", "public", "ko_title", "조광기가 깜빡일 때", "ko_body", "1. 코드를 뽑아요.", "en_title", "When the dimmer flickers", "en_body", "1. Unplug it."}
		if a := h.Mina.Post(at, form...); a.To != at || a.Toast().Text != "Saved." {
			t.Fatalf("%d %s %s", a.Status, a.To, a.Words())
		}
		h.Stranger().Get("/hc/ko/a/조광기가-깜빡일-때").Is(404)
		h.Mina.Post(at, form...).Is(409).Says("Somebody else has saved", "1. Unplug it.")
		form[1] = ""
		if a := h.Mina.Post(at, append(form, "publish", "both")...); a.Toast().Text != "Published. Readers see it now." {
			t.Fatal(a.Words())
		}
		h.Stranger().Get("/hc/ko/a/조광기가-깜빡일-때").Is(200)
		h.Stranger().Get("/hc/en/a/when-the-dimmer-flickers").Is(200)
		form[7] = "1. 코드를 뽑고 10초 기다려요."
		h.Mina.Post(at, append(form, "publish", "ko")...)
		h.Mina.Get("/knowledge?state=behind").Is(200).Says("When the dimmer flickers", "English is behind")
		h.Mina.Get(at).Is(200).Says("Translation is behind", "Version 2")
		versions := h.Mina.Get(at+"/versions?locale=ko").Is(200).Says("Version 1", "Version 2")
		old := h.Mina.Get(strings.ReplaceAll(versions.Find(`href="([^"]+version=[^"]+)">\s*<b>Version 1`), "&amp;", "&")).Is(200).Says("10초", "diff__line--new", "diff__line--gone")
		h.Mina.Post(old.Find(`action="(/knowledge/versions/[^"]+/restore)"`)).Leads(at)
		h.Mina.Get(at).Says("1. 코드를 뽑아요.", "Changes not published")
		h.Mina.Post(at+"/unpublish", "locale", "ko").Leads(at)
		h.Stranger().Get("/hc/ko/a/조광기가-깜빡일-때").Is(404)
		undo := h.Mina.Post(at + "/archive").Leads(at).Toast().Undo
		h.Stranger().Get("/hc/en/a/when-the-dimmer-flickers").Is(404)
		h.Mina.Get("/knowledge?state=archived").Says("When the dimmer flickers")
		h.Mina.Post(at, "audience", "public", "publish", "en").Is(409).Says("archived")
		h.Mina.Post(undo).Leads(at)
		h.Stranger().Get("/hc/en/a/when-the-dimmer-flickers").Is(200)
	})
}

func TestWhatIsWrongStandsInTheEditor(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		at := h.Mina.Post("/knowledge", "title", "불빛이 떨려요").To
		h.Mina.Post(at, "audience", "segment", "en_title", "Kept", "en_body", "kept text", "publish", "en").Is(422).Says("Enter the tag", "kept text")
		h.Mina.Post(at, "audience", "public", "en_title", "", "en_body", "", "publish", "en").Is(422).Says("Enter a title before you publish.")
		h.Mina.Get("/knowledge/articles/art_nothing").Is(404)
		h.Mina.Swap("/knowledge/preview", "locale", "ko", "ko_body", "**한글(강조)**은 상품을 수령하세요.").Is(200).Says("<strong>한글(강조)</strong>은", "say “받기”")
		h.Mina.Swap("/knowledge/preview", "locale", "ko", "ko_body", "<script>alert(1)</script>").Is(200).Hides("<script>")
		light := h.As("참관", "light")
		light.Get(at).Is(200).Hides("publish-menu")
		light.Post(at, "audience", "public").Is(403)
		light.Get("/knowledge/categories").Is(200).Hides("name_en")
	})
}

func TestPicturesAreHandedIn(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		send := func(content string) house.Answer {
			var b bytes.Buffer
			w := multipart.NewWriter(&b)
			part, err := w.CreateFormFile("file", "a.png")
			if err != nil {
				t.Fatal(err)
			}
			part.Write([]byte(content))
			w.Close()
			return h.Mina.Send("POST", "/knowledge/pictures", &b, "Content-Type", w.FormDataContentType(), "X-CSRF-Token", h.Mina.Token())
		}
		send("\x89PNG\r\n\x1a\n0000").Is(200).Says("![](pic_")
		send("<svg onload=alert(1)>").Is(422)
	})
}

func TestCategoriesAndSearches(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		h.Mina.Get("/knowledge/categories").Is(200).Says("No categories yet")
		h.Mina.Post("/knowledge/categories").Is(422).Says("Enter a name.")
		h.Mina.Post("/knowledge/categories", "name_en", "Delivery", "name_ko", "배송", "icon", "truck").Leads("/knowledge/categories")
		edit := h.Mina.Get("/knowledge/categories").Is(200).Says("Delivery").Find(`href="(/knowledge/categories\?edit=[^"]+)"`)
		id := h.Mina.Get(edit).Is(200).Says("Change the category").Find(`name="edited" value="([^"]+)"`)
		h.Mina.Post("/knowledge/categories", "edited", id, "name_en", "Shipping", "icon", "truck").Leads("/knowledge/categories")
		h.Mina.Post("/knowledge/categories/" + id + "/delete").Leads("/knowledge/categories")
		h.Mina.Get("/knowledge/categories").Hides("Shipping")

		h.Stranger().Get("/hc/ko/search?q=불빛이+떨려요").Is(200)
		h.Mina.Get("/knowledge/searches").Is(200).Says("불빛이 떨려요")
		h.Mina.Post("/knowledge/synonyms", "synonyms", "배송, 택배\r\n\r\nrefund,return,money back").Leads("/knowledge/searches")
		h.Mina.Get("/knowledge/searches").Is(200).Says("배송, 택배", "refund, return, money back")
		h.Mina.Post("/knowledge/searches/forget", "locale", "ko", "wanted", "불빛이 떨려요").Leads("/knowledge/searches")
		h.Mina.Get("/knowledge/searches").Hides("불빛이 떨려요")
	})
}

func TestADraftFromAConversation(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		var talk conversation.ID
		h.Must(func(tx *db.Tx) error {
			c, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: "윤하람", Email: "haram@solip.example"})
			if err != nil {
				return err
			}
			got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: c,
				Message: conversation.Message{FromName: c.Name, FromAddress: c.Email, Subject: "Re: 램프가 깜빡여요", Text: "제 전화는 010-1234-5678이에요."}})
			talk = got.Conversation
			return err
		})
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.Reply(ctx, tx, talk, conversation.Answer{Text: "코드를 뽑고 10초 기다려 주세요.", Then: conversation.Solved})
			return err
		})
		h.Mina.Get("/inbox/" + talk.String()).Is(200).Says("/knowledge/from/" + talk.String())
		at := h.Mina.Post("/knowledge/from/" + talk.String()).To
		h.Mina.Get(at).Is(200).Says(`>램프가 깜빡여요</textarea>`, "코드를 뽑고 10초", "먼저 해 보세요", "Came from").Hides("010-1234-5678")
		h.Mina.Post("/knowledge/from/" + talk.String()).Leads(at)
		h.Mina.Post("/knowledge/from/cnv_0000000000001").Is(404)
	})
}

func TestWhatIsTypedIsKeptAndNobodyIsWrittenOver(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		at := h.Mina.Post("/knowledge", "title", "불빛이 떨려요").To
		edition := h.Mina.Get(at).Find(`name="edition" value="(\d+)"`)
		next := h.Mina.Swap(at+"/keep", "edition", edition, "ko_title", "불빛이 떨려요", "ko_body", "1. 전구를", "audience", "internal").Is(200).Find(`"edition":(\d+)`)
		h.Mina.Get(at).Is(200).Says("1. 전구를", `value="`+next+`"`, `<option value="public" selected`)
		other := h.As("정다온", "admin")
		other.Swap(at+"/keep", "edition", edition, "ko_title", "다른 제목", "ko_body", "내가 쓴 글").Is(409).Says("한서윤 has changed this article")
		h.Mina.Swap(at+"/keep", "edition", edition, "ko_title", "옛 창", "ko_body", "x").Is(409).Says("another window")
		other.Swap(at+"/keep", "edition", edition, "over", "1", "ko_title", "다른 제목", "ko_body", "내가 쓴 글").Is(200)
		h.Mina.Get(at).Is(200).Says("내가 쓴 글")
		h.As("참관", "light").Swap(at+"/keep", "ko_title", "x", "ko_body", "x").Is(403)
	})
}
