package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/team"
)

func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f
}

func (s *shop) talk(id conversation.ID) (c conversation.Conversation) {
	s.t.Helper()
	s.mina.do(func(ctx context.Context, tx *db.Tx) (err error) { c, err = conversation.Get(ctx, tx, id); return err })
	return c
}

func (s *shop) messages(id conversation.ID) (list []conversation.Message) {
	s.t.Helper()
	s.mina.do(func(ctx context.Context, tx *db.Tx) (err error) {
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
			a := s.mina.get("/inbox?view=" + view).is(200)
			list := a.Body[strings.Index(a.Body, `id="list"`):]
			if !strings.Contains(list, want.has) || want.not != "" && strings.Contains(list, want.not) {
				t.Errorf("%s: want %q and not %q: %s", view, want.has, want.not, a.words())
			}
		}
		s.mina.get("/inbox?view=all&tag="+url.QueryEscape("교환")).says(lamp).hides(odd, kim)
		s.mina.get("/inbox?view=all&team=" + l.door.String()).says(lamp).hides(kim)
		s.mina.get("/inbox?view=nonsense").is(404)
		s.mina.get("/inbox?view=all&after=nonsense").is(422)
	})
}

// Somebody without the right is told so, and sees nothing; one who sees only his
// own sees no other.
func TestWhoSeesWhat(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.must(func(tx *db.Tx) error { return team.Show(s.system(), tx, l.jihu.ID, team.SeeMine) })
		l.jihu.signIn()
		for _, path := range []string{"", "/print", "/assign", "/merge"} {
			l.jihu.get("/inbox/" + l.odd.String() + path).is(404)
		}
		l.jihu.get("/inbox?view=all").is(200).hides("Your invoice")
		l.jihu.post("/inbox/"+l.odd.String()+"/status?to=solved", nil, true).is(404)
		m := s.messages(l.letter)[0]
		for _, path := range []string{"/html", "/source", "/split"} {
			l.jihu.get("/message/" + m.ID.String() + path).is(404)
		}
		l.jihu.post("/inbox/"+l.odd.String()+"/watch", nil, true).is(404)
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
			body := s.mina.get(path).is(200).Body
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
		if !row.MatchString(s.mina.get("/inbox").Body) {
			t.Error("an unread row has no dot")
		}
		s.mina.get("/inbox/"+l.lamp.String()).says("네 맞아요!", "Note · only we see it", "gave it to 배송과 설치", "haram@solip.example", "3곳", "조명은 늘")
		if row.MatchString(s.mina.get("/inbox").Body) {
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
		a := s.mina.post(at+"/say", form("kind", "reply", "reply", "내일 오전에 도착해요.", "then", "solved"), true).is(204)
		undo := regexp.MustCompile(`/message/msg_\w+/unsend`).FindString(a.Header.Get("HX-Trigger"))
		list := s.messages(l.lamp)
		if last := list[len(list)-1]; last.Text != "내일 오전에 도착해요." || last.SendAt.Sub(s.Clock.Now()) != 10*time.Second {
			t.Fatalf("%+v", last)
		}
		if got := s.talk(l.lamp).Status; got != conversation.Solved {
			t.Errorf("status %s", got)
		}
		s.mina.post(undo, nil, true).is(204)
		s.mina.get(at).says("내일 오전에 도착해요.</textarea>")
		s.mina.get("/inbox?part=list&view=all").hides("내일 오전에 도착해요.")
		s.mina.post(at+"/say", form("kind", "reply", "reply", "Again."), true).is(204)
		list = s.messages(l.lamp)
		s.Clock.Advance(11 * time.Second)
		s.mina.post("/message/"+list[len(list)-1].ID.String()+"/unsend", nil, true).is(409)
	})
}

// An answer to what is no longer the newest is held back, and sent if one insists.
func TestAnAnswerIsHeldBack(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.lamp.String()
		last := regexp.MustCompile(`name="last" value="([^"]*)"`).FindStringSubmatch(s.mina.get(at).Body)[1]
		s.said(mailFrom("윤하람", "haram@solip.example", "", "아, 벌써 해결됐어요."), conversation.Inbound{Continues: l.lamp})
		before := len(s.messages(l.lamp))
		a := s.mina.post(at+"/say", form("kind", "reply", "reply", "교환할게요.", "last", last), true).is(200).says("The customer has written in the meantime.")
		if a.Header.Get("HX-Retarget") != "#held" || len(s.messages(l.lamp)) != before {
			t.Error("it was sent")
		}
		s.mina.post(at+"/say", form("kind", "reply", "reply", "교환할게요.", "last", last, "anyway", "1"), true).is(204)
		if len(s.messages(l.lamp)) != before+1 {
			t.Error("it was not sent")
		}
	})
}

// A note names people; they follow.
func TestANoteNamesPeople(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.mina.post("/inbox/"+l.odd.String()+"/say", form("kind", "note", "note", "@오지후 이거 수상해요."), true).is(204)
		l.jihu.get("/inbox?view=mentions").says("Your invoice")
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
		s.mina.post(at+"/draft", form("kind", "note", "body", "메모를 쓰다가"), true).is(204)
		s.mina.post(at+"/draft", form("kind", "reply", "body", "답을 쓰다가"), true).is(204)
		s.mina.get(at).says("답을 쓰다가</textarea>", "메모를 쓰다가</textarea>")
		l.jihu.get(at).hides("답을 쓰다가")
	})
}

// The actions of a talk, and how each is undone.
func TestActions(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.odd.String()
		s.mina.post(at+"/assign?to=me", nil, true).is(204)
		if s.talk(l.odd).Assignee != s.mina.ID {
			t.Error("not assigned")
		}
		s.mina.post(at+"/snooze", form("until", "내일 9시"), true).is(204)
		if c := s.talk(l.odd); c.Status != conversation.Snoozed || c.SnoozedUntil.In(time.FixedZone("KST", 9*3600)).Hour() != 9 {
			t.Errorf("%s until %s", c.Status, c.SnoozedUntil)
		}
		s.mina.post(at+"/snooze", form("until", "언젠가"), true).is(422)
		a := s.mina.post(at+"/status?to=solved", nil, true).is(204)
		undo := regexp.MustCompile(`/inbox/cnv_\w+/snooze\?at=[0-9TZ:-]+`).FindString(a.Header.Get("HX-Trigger"))
		s.mina.post(undo, nil, true).is(204)
		if c := s.talk(l.odd); c.Status != conversation.Snoozed {
			t.Errorf("undone to %s", c.Status)
		}
		s.mina.post(at+"/change", form("priority", "high", "type", "problem", "stage", "renewal", "severity", "major", "team", l.door.String()), true).is(204)
		if c := s.talk(l.odd); c.Priority != "high" || c.Type != "problem" || c.Stage != conversation.Renewal || c.Team != l.door || c.Subject != "Your invoice" {
			t.Errorf("%+v", c)
		}
		s.mina.post(at+"/tag", form("tag", "Spam"), true).is(204)
		s.mina.post(at+"/follow", nil, true).is(204)
		s.mina.get(at).says("spam", "Followed by 한서윤", "한서윤 took it", "added the tag spam")
		s.mina.post(at+"/untag?tag=spam", nil, true).is(204)
		if len(s.talk(l.odd).Tags) != 0 {
			t.Error("tag stays")
		}
		s.mina.post(at+"/delete", nil, false).leads("/inbox")
		s.mina.get(at).is(404)
	})
}

// Merging shows what it will do, leads on, and is undone.
func TestMergeAndUndo(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		odd, lamp := "/inbox/"+l.odd.String(), "/inbox/"+l.lamp.String()
		s.mina.get(odd).says("Possibly the same matter")
		s.mina.get(lamp + "/merge").says("벽등 색온도를 바꿀 수 있나요?")
		s.mina.get(fmt.Sprintf("%s/merge?part=found&q=%d", odd, s.talk(l.lamp).Number)).says("밝기를 낮추면")
		s.mina.get(odd+"/merge?swap=1&other="+l.lamp.String()).says("They are from two customers.", "1 message moves.")
		n := len(s.messages(l.lamp))
		s.mina.post(odd+"/merge", form("swap", "1", "other", l.lamp.String()), false).leads(lamp)
		if len(s.messages(l.lamp)) != n+1 {
			t.Error("nothing moved")
		}
		s.mina.get(odd).says("This conversation was merged into another one.", "밝기를 낮추면")
		s.mina.post(odd+"/undo", nil, true).is(204)
		if len(s.messages(l.lamp)) != n || s.talk(l.odd).MergedInto != 0 {
			t.Error("not undone")
		}
		m := s.messages(l.lamp)[1]
		s.mina.get("/message/" + m.ID.String() + "/split").says("becomes a conversation of its own")
		to := s.mina.post("/message/"+m.ID.String()+"/split", form("subject", "Another matter"), false).is(303).Header.Get("Location")
		s.mina.get(to).says("Another matter")
	})
}

// Several are changed at once; what cannot be changed is counted.
func TestBulk(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.mina.post("/inbox/bulk", form("do", "solved"), true).is(422)
		gone := conversation.ID(1 << 40)
		a := s.mina.post("/inbox/bulk", form("do", "solved", "id", l.odd.String(), "id", l.lamp.String(), "id", gone.String()), true).is(204)
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
		s.mina.get("/inbox/new").is(200).says("help@moonlight.example")
		ask := form("inbox", s.inbox.ID.String(), "to", "Ada <ada@new.example>", "subject", "Your lamp", "text", "It is **ready**.")
		to := s.mina.post("/inbox/new", ask, false).is(303).Header.Get("Location")
		s.mina.get(to).is(200).says("Your lamp", "<strong>ready</strong>", "ada@new.example", "Waiting for the customer")
		s.mina.post("/inbox/new", form("inbox", s.inbox.ID.String(), "to", "nobody", "subject", "", "text", "x"), false).is(422).says("is no e-mail address.")
	})
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		live(t, s)
		s.mina.get("/search?q="+url.QueryEscape("성수 창고")).says("밝기를 낮추면", `<mark class="hit">`)
		s.mina.get("/search?q=zzzz").says("Nothing holds")
		s.mina.get("/search?status=solved&q=" + url.QueryEscape("램프")).says("Search all states")
		s.mina.get("/find?q="+url.QueryEscape("하람"), "HX-Request", "true").says("밝기를 낮추면", "Customers")
		s.mina.get("/c/1001").is(303)
		s.mina.get("/c/77777").is(404)
	})
}

// A designed mail is cleaned, framed and asks nobody for anything.
func TestMailFrame(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		m := s.messages(l.letter)[0]
		a := s.mina.get("/message/"+m.ID.String()+"/html").is(200).says("24 bedside lamps", "data-remote").hides("alert(1)", `src="https://tracker`)
		csp := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'none'") || !strings.Contains(csp, "sandbox") || a.Header.Get("X-Frame-Options") != "" {
			t.Error(csp)
		}
		s.mina.get("/message/" + m.ID.String() + "/html?pictures=1").says("/picture?").hides(`src="https://tracker`)
		s.mina.get("/picture?u=" + url.QueryEscape("http://127.0.0.1:1/x.png") + "&t=forged").is(404)
		s.mina.get("/message/" + m.ID.String() + "/source").is(404).says("There is no original of this message.")
		s.mina.get("/inbox/"+l.letter.String()).says("<iframe", "sandbox=").hides("allow-scripts")
	})
}

// A file goes in, stands in a message, and comes out harmless.
func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		png := "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 64)
		ids := []string{s.mina.upload("깜빡임.png", png), s.mina.upload("../../page.html", "<script>alert(1)</script>")}
		s.mina.post("/inbox/"+l.lamp.String()+"/say", form("kind", "note", "note", "사진이에요.", "file", ids[0], "file", ids[1]), true).is(204)
		list := s.messages(l.lamp)
		files := list[len(list)-1].Attachments
		if len(files) != 2 || files[0].Name != "깜빡임.png" || files[1].Name != "page.html" {
			t.Fatalf("%+v", files)
		}
		pic := s.mina.get("/file/" + files[0].ID.String() + "?inline=1").is(200)
		if pic.Header.Get("Content-Type") != "image/png" || pic.Body != png || !strings.Contains(pic.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v", pic.Header)
		}
		page := s.mina.get("/file/" + files[1].ID.String() + "?inline=1").is(200)
		if page.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%v", page.Header)
		}
		s.mina.post("/inbox/"+l.lamp.String()+"/say", form("kind", "note", "note", "again", "file", ids[0]), true).is(422)
	})
}

var uploadID = regexp.MustCompile(`value="(upl_\w+)"`)

func (v *visitor) upload(name, content string) string {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, _ := w.CreateFormFile("file", name)
	io.WriteString(part, content)
	w.Close()
	r, _ := http.NewRequestWithContext(v.t.Context(), "POST", v.URL+"/upload", &body)
	r.AddCookie(&http.Cookie{Name: "baraji", Value: v.Cookie})
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-CSRF-Token", csrfMeta.FindStringSubmatch(v.get("/inbox").Body)[1])
	resp, err := plain.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	found := uploadID.FindSubmatch(b)
	if found == nil {
		v.t.Fatalf("upload answers %d: %s", resp.StatusCode, b)
	}
	return string(found[1])
}

// An answer that nobody knows about says so, with a way to send it again.
func TestUnconfirmedIsShown(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		s.mina.do(func(ctx context.Context, tx *db.Tx) error {
			m, err := conversation.Reply(ctx, tx, l.odd, conversation.Answer{Text: "Who are you?"})
			if err != nil {
				return err
			}
			return conversation.SetDelivery(ctx, tx, m.ID, conversation.Unconfirmed, 1, "connection reset by peer")
		})
		s.mina.get("/inbox/"+l.odd.String()).says("nobody knows whether it arrived", "Send again", "connection reset by peer",
			"Answers to this mail would go to another domain")
	})
}

// Two who look at one conversation know of each other.
func TestWhoIsLooking(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		at := "/inbox/" + l.lamp.String()
		l.jihu.get(at).hides("is looking too")
		s.mina.get(at).says("오지후 is looking too")
		s.Clock.Advance(time.Minute)
		s.mina.post(at+"/watch", nil, true).hides("오지후")
	})
}

// Partners see who it is, not how he is reached.
func TestPartnersSeeMaskedAddresses(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		l := live(t, s)
		var role string
		s.must(func(tx *db.Tx) error {
			roles, err := team.Roles(s.system(), tx)
			for _, r := range roles {
				if r.Masked {
					role = r.Name
				}
			}
			return err
		})
		p := s.visitor("협력사", role)
		s.must(func(tx *db.Tx) error { return team.Show(s.system(), tx, p.ID, team.SeeEverything) })
		p.signIn()
		for _, id := range []conversation.ID{l.lamp, l.letter, l.odd} {
			p.get("/inbox/"+id.String()+"?view=all").is(200).hides("haram@solip.example", "noah@harbourpine.example", "ada@harbourpine.example", "promo@elsewhere.example", "service@bank.example")
		}
		p.get("/search?q=invoice").hides("service@bank.example")
	})
}
