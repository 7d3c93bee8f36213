package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

func (s *shop) talk(id conversation.ID) (c conversation.Conversation) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) { c, err = conversation.Get(ctx, tx, id); return err })
	return c
}

func (s *shop) messages(id conversation.ID) (list []conversation.Message) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = conversation.Messages(ctx, tx, id, 0, 50)
		return err
	})
	return list
}

// Each view holds what its name says.
func TestViews(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		lamp, kim, odd := "밝기를 낮추면 달항아리 램프가 깜빡여요", "주문한 반달 벽등", "Your invoice"
		for view, want := range map[string]struct{ has, not string }{
			"mine": {lamp, odd}, "unassigned": {odd, lamp}, "teams": {lamp, kim}, "all": {odd, ""}, "mentions": {lamp, kim}, "following": {lamp, kim},
			"pending": {"No conversation waits for a customer.", ""}, "snoozed": {"Nothing is snoozed.", ""}, "solved": {"No conversation is solved yet.", ""}} {
			a := s.Mina.Get("/inbox?view=" + view).Is(200)
			list := a.Body[strings.Index(a.Body, `id="list"`):]
			if !strings.Contains(list, want.has) || want.not != "" && strings.Contains(list, want.not) {
				t.Errorf("%s: want %q and not %q: %s", view, want.has, want.not, a.Words())
			}
		}
		s.Mina.Get("/inbox?view=all&tag="+url.QueryEscape("교환")).Says(lamp).Hides(odd, kim)
		s.Mina.Get("/inbox?view=all&team=" + l.door.String()).Says(lamp).Hides(kim)
		s.Mina.Get("/inbox?view=nonsense").Is(404)
		s.Mina.Get("/inbox?view=all&after=nonsense").Is(422)
	})
}

// Somebody without the right is told so, and sees nothing; one who sees only his
// own sees no other.
func TestWhoSeesWhat(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.Must(func(tx *db.Tx) error { return team.Show(s.System(), tx, l.jihu.ID, team.SeeMine) })
		l.jihu.SignIn()
		for _, path := range []string{"", "/print", "/assign", "/merge"} {
			l.jihu.Get("/inbox/" + l.odd.String() + path).Is(404)
		}
		l.jihu.Get("/inbox?view=all").Is(200).Hides("Your invoice")
		l.jihu.Swap("/inbox/" + l.odd.String() + "/status?to=solved").Is(404)
		m := s.messages(l.letter)[0]
		for _, path := range []string{"/html", "/source", "/split"} {
			l.jihu.Get("/message/" + m.ID.String() + path).Is(404)
		}
		l.jihu.Swap("/inbox/" + l.odd.String() + "/watch").Is(404)
	})
}

// A long list comes in pages, each row once.
func TestPages(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		for i := range 70 {
			s.said(mailFrom("Kim", "kim@long.example", fmt.Sprintf("Question %02d.", i), "?"), conversation.Inbound{})
			s.Clock.Advance(time.Minute)
		}
		seen := map[string]bool{}
		path, pages := "/inbox?view=unassigned", 0
		for path != "" {
			body := s.Mina.Get(path).Is(200).Body
			for _, m := range regexp.MustCompile(`Question \d\d\.`).FindAllString(body[strings.Index(body, `id="row-`):], -1) {
				seen[m] = true
			}
			path = ""
			if m := regexp.MustCompile(`hx-get="(/inbox[^"]*part=more[^"]*)"`).FindStringSubmatch(body); m != nil {
				path = strings.ReplaceAll(m[1], "&amp;", "&")
			}
			pages++
		}
		if len(seen) != 70 || pages != 3 {
			t.Errorf("%d rows on %d pages", len(seen), pages)
		}
	})
}

// What is read is not new any more.
func TestReadingTakesTheDotAway(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		row := regexp.MustCompile(`item--new[^>]*id="row-` + l.lamp.String())
		if !row.MatchString(s.Mina.Get("/inbox").Body) {
			t.Error("an unread row has no dot")
		}
		s.Mina.Get("/inbox/"+l.lamp.String()).Says("네 맞아요!", "Note · only we see it", "gave it to 배송과 설치", "haram@solip.example", "3곳", "조명은 늘")
		if row.MatchString(s.Mina.Get("/inbox").Body) {
			t.Error("a row that was read has a dot")
		}
	})
}

// An answer leaves after ten seconds. Until then it can be taken back, and its
// text is the draft again.
func TestAnAnswerCanBeTakenBack(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.lamp.String()
		a := s.Mina.Swap(at+"/say", "kind", "reply", "reply", "내일 오전에 도착해요.", "then", "solved").Is(204)
		undo := regexp.MustCompile(`/message/msg_\w+/unsend`).FindString(a.Header.Get("HX-Trigger"))
		list := s.messages(l.lamp)
		if last := list[len(list)-1]; last.Text != "내일 오전에 도착해요." || last.SendAt.Sub(s.Clock.Now()) != 10*time.Second {
			t.Fatalf("%+v", last)
		}
		if got := s.talk(l.lamp).Status; got != conversation.Solved {
			t.Errorf("status %s", got)
		}
		s.Mina.Swap(undo).Is(204)
		s.Mina.Get(at).Says("내일 오전에 도착해요.</textarea>")
		s.Mina.Get("/inbox?part=list&view=all").Hides("내일 오전에 도착해요.")
		s.Mina.Swap(at+"/say", "kind", "reply", "reply", "Again.").Is(204)
		list = s.messages(l.lamp)
		s.Clock.Advance(11 * time.Second)
		s.Mina.Swap("/message/" + list[len(list)-1].ID.String() + "/unsend").Is(409)
	})
}

// An answer to what is no longer the newest is held back, and sent if one insists.
func TestAnAnswerIsHeldBack(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.lamp.String()
		last := regexp.MustCompile(`name="last" value="([^"]*)"`).FindStringSubmatch(s.Mina.Get(at).Body)[1]
		s.said(mailFrom("윤하람", "haram@solip.example", "", "아, 벌써 해결됐어요."), conversation.Inbound{Continues: l.lamp})
		before := len(s.messages(l.lamp))
		a := s.Mina.Swap(at+"/say", "kind", "reply", "reply", "교환할게요.", "last", last).Is(200).Says("The customer has written in the meantime.")
		if a.Header.Get("HX-Retarget") != "#held" || len(s.messages(l.lamp)) != before {
			t.Error("it was sent")
		}
		s.Mina.Swap(at+"/say", "kind", "reply", "reply", "교환할게요.", "last", last, "anyway", "1").Is(204)
		if len(s.messages(l.lamp)) != before+1 {
			t.Error("it was not sent")
		}
	})
}

// A note names people; they follow.
func TestANoteNamesPeople(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.Mina.Swap("/inbox/"+l.odd.String()+"/say", "kind", "note", "note", "@오지후 이거 수상해요.").Is(204)
		l.jihu.Get("/inbox?view=mentions").Says("Your invoice")
		list := s.messages(l.odd)
		if last := list[len(list)-1]; last.Kind != conversation.Note {
			t.Errorf("%+v", last)
		}
	})
}

func TestDraftsAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.lamp.String()
		s.Mina.Swap(at+"/draft", "kind", "note", "body", "메모를 쓰다가").Is(204)
		s.Mina.Swap(at+"/draft", "kind", "reply", "body", "답을 쓰다가").Is(204)
		s.Mina.Get(at).Says("답을 쓰다가</textarea>", "메모를 쓰다가</textarea>")
		l.jihu.Get(at).Hides("답을 쓰다가")
	})
}

// The actions of a talk, and how each is undone.
func TestActions(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.odd.String()
		s.Mina.Swap(at + "/assign?to=me").Is(204)
		if s.talk(l.odd).Assignee != s.Mina.ID {
			t.Error("not assigned")
		}
		s.Mina.Swap(at+"/snooze", "until", "내일 9시").Is(204)
		if c := s.talk(l.odd); c.Status != conversation.Snoozed || c.SnoozedUntil.In(time.FixedZone("KST", 9*3600)).Hour() != 9 {
			t.Errorf("%s until %s", c.Status, c.SnoozedUntil)
		}
		s.Mina.Swap(at+"/snooze", "until", "언젠가").Is(422)
		a := s.Mina.Swap(at + "/status?to=solved").Is(204)
		undo := regexp.MustCompile(`/inbox/cnv_\w+/snooze\?at=[0-9TZ:-]+`).FindString(a.Header.Get("HX-Trigger"))
		s.Mina.Swap(undo).Is(204)
		if c := s.talk(l.odd); c.Status != conversation.Snoozed {
			t.Errorf("undone to %s", c.Status)
		}
		s.Mina.Swap(at+"/change", "priority", "high", "type", "problem", "stage", "renewal", "severity", "major", "team", l.door.String()).Is(204)
		if c := s.talk(l.odd); c.Priority != "high" || c.Type != "problem" || c.Stage != conversation.Renewal || c.Team != l.door || c.Subject != "Your invoice" {
			t.Errorf("%+v", c)
		}
		s.Mina.Swap(at+"/tag", "tag", "Spam").Is(204)
		s.Mina.Swap(at + "/follow").Is(204)
		s.Mina.Get(at).Says("spam", "Followed by 한서윤", "한서윤 took it", "tagged it spam")
		s.Mina.Swap(at + "/untag?tag=spam").Is(204)
		if len(s.talk(l.odd).Tags) != 0 {
			t.Error("tag stays")
		}
		s.Mina.Post(at + "/delete").Leads("/inbox")
		s.Mina.Get(at).Is(404)
	})
}

// Merging shows what it will do, leads on, and is undone.
func TestMergeAndUndo(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		odd, lamp := "/inbox/"+l.odd.String(), "/inbox/"+l.lamp.String()
		s.Mina.Get(odd).Says("Possibly the same matter")
		s.Mina.Get(lamp + "/merge").Says("벽등 색온도를 바꿀 수 있나요?")
		s.Mina.Get(fmt.Sprintf("%s/merge?part=found&q=%d", odd, s.talk(l.lamp).Number)).Says("밝기를 낮추면")
		s.Mina.Get(odd+"/merge?swap=1&other="+l.lamp.String()).Says("They are from two customers.", "1 message moves.")
		n := len(s.messages(l.lamp))
		s.Mina.Post(odd+"/merge", "swap", "1", "other", l.lamp.String()).Leads(lamp)
		if len(s.messages(l.lamp)) != n+1 {
			t.Error("nothing moved")
		}
		s.Mina.Get(odd).Says("This conversation was merged into another one.", "밝기를 낮추면")
		s.Mina.Swap(odd + "/undo").Is(204)
		if len(s.messages(l.lamp)) != n || s.talk(l.odd).MergedInto != 0 {
			t.Error("not undone")
		}
		m := s.messages(l.lamp)[1]
		s.Mina.Get("/message/" + m.ID.String() + "/split").Says("becomes a conversation of its own")
		to := s.Mina.Post("/message/"+m.ID.String()+"/split", "subject", "Another matter").Is(303).To
		s.Mina.Get(to).Says("Another matter")
	})
}

// Several are changed at once; what cannot be changed is counted.
func TestBulk(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.Mina.Swap("/inbox/bulk", "do", "solved").Is(422)
		gone := conversation.ID(1 << 40)
		a := s.Mina.Swap("/inbox/bulk", "do", "solved", "talk", l.odd.String(), "talk", l.lamp.String(), "talk", gone.String()).Is(204)
		if h := a.Header.Get("HX-Trigger"); !strings.Contains(h, "2 conversations changed.") || !strings.Contains(h, "1 could not be changed.") {
			t.Error(h)
		}
		if s.talk(l.odd).Status != conversation.Solved || s.talk(l.lamp).Status != conversation.Solved {
			t.Error("not solved")
		}
	})
}

// We begin a conversation, and the customer is made if he is new.
func TestNewConversation(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.Mina.Get("/inbox/new").Is(200).Says("help@moonlight.example")
		to := s.Mina.Post("/inbox/new", "inbox", s.Inbox.ID.String(), "to", "Ada <ada@new.example>", "subject", "Your lamp", "text", "It is **ready**.").Is(303).To
		s.Mina.Get(to).Is(200).Says("Your lamp", "<strong>ready</strong>", "ada@new.example", "Waiting for the customer")
		s.Mina.Post("/inbox/new", "inbox", s.Inbox.ID.String(), "to", "nobody", "subject", "", "text", "x").Is(422).Says("is no e-mail address.")
	})
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		live(t, s)
		s.Mina.Get("/search?q="+url.QueryEscape("성수 창고")).Says("밝기를 낮추면", `<mark class="hit">`)
		s.Mina.Get("/search?q=zzzz").Says("Nothing holds")
		s.Mina.Get("/search?status=solved&q=" + url.QueryEscape("램프")).Says("Search all states")
		s.Mina.Get("/find?q="+url.QueryEscape("하람"), "HX-Request", "true").Says("밝기를 낮추면", "Customers")
		s.Mina.Get("/c/1001").Is(303)
		s.Mina.Get("/c/77777").Is(404)
	})
}

// A designed mail is cleaned, framed and asks nobody for anything.
func TestMailFrame(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		m := s.messages(l.letter)[0]
		a := s.Mina.Get("/message/"+m.ID.String()+"/html").Is(200).Says("24 bedside lamps", "data-remote").Hides("alert(1)", `src="https://tracker`)
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'none'") || !strings.Contains(csp, "sandbox") || a.Header.Get("X-Frame-Options") != "" {
			t.Error(csp)
		}
		s.Mina.Get("/message/" + m.ID.String() + "/html?pictures=1").Says("/picture?").Hides(`src="https://tracker`)
		s.Mina.Get("/picture?u=" + url.QueryEscape("http://127.0.0.1:1/x.png") + "&t=forged").Is(404)
		s.Mina.Get("/message/" + m.ID.String() + "/source").Is(404).Says("There is no original of this message.")
		s.Mina.Get("/inbox/"+l.letter.String()).Says("<iframe", "sandbox=").Hides("allow-scripts")
	})
}

// A file goes in, stands in a message, and comes out harmless.
func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		png := "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 64)
		ids := []string{upload(t, s.Mina, "깜빡임.png", png), upload(t, s.Mina, "../../page.html", "<script>alert(1)</script>")}
		s.Mina.Swap("/inbox/"+l.lamp.String()+"/say", "kind", "note", "note", "사진이에요.", "file", ids[0], "file", ids[1]).Is(204)
		list := s.messages(l.lamp)
		files := list[len(list)-1].Attachments
		if len(files) != 2 || files[0].Name != "깜빡임.png" || files[1].Name != "page.html" {
			t.Fatalf("%+v", files)
		}
		pic := s.Mina.Get("/file/" + files[0].ID.String() + "?inline=1").Is(200)
		if pic.Header.Get("Content-Type") != "image/png" || pic.Body != png || !strings.Contains(pic.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v", pic.Header)
		}
		page := s.Mina.Get("/file/" + files[1].ID.String() + "?inline=1").Is(200)
		if page.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%v", page.Header)
		}
		s.Mina.Swap("/inbox/"+l.lamp.String()+"/say", "kind", "note", "note", "again", "file", ids[0]).Is(422)
	})
}

const uploadID = `value="(upl_\w+)"`

func upload(t *testing.T, v *house.Visitor, name, content string) string {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, _ := w.CreateFormFile("file", name)
	io.WriteString(part, content)
	w.Close()
	return v.Send("POST", "/upload", &body, "Content-Type", w.FormDataContentType(), "X-CSRF-Token", v.Token()).Find(uploadID)
}

// An answer that nobody knows about says so, with a way to send it again.
func TestUnconfirmedIsShown(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			m, err := conversation.Reply(ctx, tx, l.odd, conversation.Answer{Text: "Who are you?"})
			if err != nil {
				return err
			}
			return conversation.SetDelivery(ctx, tx, m.ID, conversation.Unconfirmed, 1, "connection reset by peer")
		})
		s.Mina.Get("/inbox/"+l.odd.String()).Says("nobody knows whether it arrived", "Send again", "connection reset by peer",
			"Answers to this mail would go to another domain")
	})
}

// Two who look at one conversation know of each other.
func TestWhoIsLooking(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.lamp.String()
		l.jihu.Get(at).Hides("is looking too")
		s.Mina.Get(at).Says("오지후 is looking too")
		s.Clock.Advance(time.Minute)
		s.Mina.Swap(at + "/watch").Hides("오지후")
	})
}

// Partners see who it is, not how he is reached.
func TestPartnersSeeMaskedAddresses(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		var role string
		s.Must(func(tx *db.Tx) error {
			roles, err := team.Roles(s.System(), tx)
			for _, r := range roles {
				if r.Masked {
					role = r.Name
				}
			}
			return err
		})
		p := s.As("협력사", role)
		s.Must(func(tx *db.Tx) error { return team.Show(s.System(), tx, p.ID, team.SeeEverything) })
		p.SignIn()
		for _, id := range []conversation.ID{l.lamp, l.letter, l.odd} {
			p.Get("/inbox/"+id.String()+"?view=all").Is(200).Hides("haram@solip.example", "noah@harbourpine.example", "ada@harbourpine.example", "promo@elsewhere.example", "service@bank.example")
		}
		p.Get("/search?q=invoice").Hides("service@bank.example")
	})
}
