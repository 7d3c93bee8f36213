package widget_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

const pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

// own is a token as a browser makes it for itself.
func own(n int) string { return fmt.Sprintf("%064x", n) }

// fetch asks as a browser asks for a picture: without saying who it is.
func fetch(t *testing.T, method, address string, body io.Reader, head map[string]string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range head {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(all)
}

type file struct {
	ID, Name, URL string
	Size          int64
	Pic           bool
}

func (p *page) upload(name, content string) (f file, status int) {
	p.t.Helper()
	status = p.askRaw("POST", "/files?name="+url.QueryEscape(name), content, &f)
	return f, status
}

// askRaw sends bytes.
func (p *page) askRaw(method, what, body string, into any) int {
	p.t.Helper()
	return p.send(method, what, bytes.NewReader([]byte(body)), into)
}

func (p *page) files(text string, ids ...string) int {
	p.t.Helper()
	p.n++
	var said struct{ Token string }
	status := p.ask("POST", "/messages", map[string]any{"client_id": fmt.Sprint("files-", p.n, "-", p.token[:8]), "text": text, "files": ids}, &said)
	if said.Token != "" {
		p.token = said.Token
	}
	return status
}

// Files go both ways, are his alone, and nothing in them runs.
func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		p, other := s.page(), s.page()
		if _, status := p.upload("a.png", pixel); status != 404 {
			t.Errorf("who has no token hands in a file: %d", status)
		}
		p.token, other.token = own(1), own(2)
		pic, status := p.upload("..\\..\\등.png", pixel)
		if status != 201 || pic.Name != "등.png" || !pic.Pic || pic.Size != int64(len(pixel)) {
			t.Fatalf("a picture: %d %+v", status, pic)
		}
		html, _ := p.upload("a.html", "<script>alert(1)</script>")
		if status := other.files("내 거예요", pic.ID); status != 422 {
			t.Errorf("another's file: %d", status)
		}
		if status := p.files("", pic.ID, html.ID); status != 201 || p.token != own(1) {
			t.Fatalf("a message of files: %d, token %s", status, p.token)
		}
		if status := p.files("또", pic.ID); status != 422 {
			t.Errorf("a file a second time: %d", status)
		}
		talk := s.talks()
		if len(talk) != 1 || talk[0].Subject != "등.png" {
			t.Fatalf("talks: %+v", talk)
		}
		seen := func(p *page) (list []file) {
			var out struct{ Items []struct{ Files []file } }
			p.ask("GET", "/messages", nil, &out)
			for _, m := range out.Items {
				list = append(list, m.Files...)
			}
			return list
		}

		// The agent's file reaches him.
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			f, err := s.Blobs.Put(ctx, strings.NewReader("%PDF-1.4 설명서"))
			if err != nil {
				return err
			}
			u, err := conversation.AddUpload(ctx, tx, conversation.Upload{Name: "설명서.pdf", Type: "application/pdf", Size: f.Size, Blob: string(f.Key)})
			if err != nil {
				return err
			}
			_, err = conversation.Reply(ctx, tx, talk[0].ID, conversation.Answer{Text: "여기요", Files: []conversation.UploadID{u.ID}})
			return err
		})
		his := seen(p)
		if len(his) != 3 || his[2].Name != "설명서.pdf" {
			t.Fatalf("he sees %+v", his)
		}
		at := s.URL + "/widget/" + s.in.Address
		for i, want := range []struct{ kind, how string }{{"image/png", "inline"}, {"application/octet-stream", "attachment"}, {"application/octet-stream", "attachment"}} {
			resp, body := fetch(t, "GET", at+his[i].URL+"&inline=1", nil, nil)
			h := resp.Header
			if resp.StatusCode != 200 || h.Get("Content-Type") != want.kind || !strings.HasPrefix(h.Get("Content-Disposition"), want.how) ||
				h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || len(body) != int(his[i].Size) {
				t.Errorf("%s: %d %v, %d bytes", his[i].Name, resp.StatusCode, h, len(body))
			}
		}

		// Its address opens it, and nothing else does (T36).
		good, err := url.Parse(his[0].URL)
		if err != nil {
			t.Fatal(err)
		}
		q := good.Query()
		bad := map[string]string{"no token": good.Path + "?v=" + q.Get("v"), "another file": strings.Replace(his[0].URL, his[0].ID, his[1].ID, 1),
			"another visitor": strings.Replace(his[0].URL, q.Get("v"), chat.VisitorID(7).String(), 1), "no file": strings.Replace(his[0].URL, his[0].ID, "att_1", 1)}
		for i := range len(q.Get("t")) {
			token := []byte(q.Get("t"))
			token[i] ^= 1
			bad[fmt.Sprint("a letter of the token is another: ", i)] = good.Path + "?v=" + q.Get("v") + "&t=" + url.QueryEscape(string(token))
		}
		for what, address := range bad {
			if resp, _ := fetch(t, "GET", at+address, nil, nil); resp.StatusCode != 404 {
				t.Errorf("%s: %d", what, resp.StatusCode)
			}
		}
		elsewhere, _ := s.widget(chat.Settings{})
		if resp, _ := fetch(t, "GET", s.URL+"/widget/"+elsewhere.Address+his[0].URL, nil, nil); resp.StatusCode != 404 {
			t.Errorf("another widget: %d", resp.StatusCode)
		}
		s.Clock.Advance(25 * time.Hour)
		if resp, _ := fetch(t, "GET", at+his[0].URL, nil, nil); resp.StatusCode != 404 {
			t.Errorf("a day later: %d", resp.StatusCode)
		}
		if resp, _ := fetch(t, "GET", at+seen(p)[0].URL, nil, nil); resp.StatusCode != 200 {
			t.Errorf("with a new address: %d", resp.StatusCode)
		}
	})
}

// What is too large, too much or nothing is refused, and nothing of it stays.
func TestFilesHaveLimits(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		p := s.page()
		p.token = own(3)
		count := func() (n int) {
			for _, err := range s.Blobs.Each(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			return n
		}
		before := count()
		if _, status := p.upload("a.bin", strings.Repeat("a", chat.MaxFile+1)); status != 422 {
			t.Errorf("too large: %d", status)
		}
		if _, status := p.upload("a.bin", ""); status != 422 {
			t.Errorf("nothing: %d", status)
		}
		if n := count(); n != before {
			t.Errorf("%d files stayed", n-before)
		}
		var ids []string
		for i := range 20 {
			f, status := p.upload("a.txt", fmt.Sprint(i))
			if status != 201 {
				t.Fatalf("the %dth: %d", i, status)
			}
			ids = append(ids, f.ID)
		}
		if _, status := p.upload("a.txt", "a"); status != 429 {
			t.Errorf("one too many that wait: %d", status)
		}
		if status := p.files("많아요", ids[:6]...); status != 422 {
			t.Errorf("six in a message: %d", status)
		}
		if status := p.files("다섯", ids[:5]...); status != 201 {
			t.Errorf("five in a message: %d", status)
		}
	})
}

// A first message whose answer was lost is sent again, and is there once: the browser
// knows who it is before the desk says so.
func TestAFirstAnswerThatWasLost(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		p := s.page()
		p.token = own(4)
		first, _ := p.say("여보세요?")
		p.n--
		again, status := p.say("여보세요?")
		if first != again || status != 201 || p.token != own(4) || len(s.talks()) != 1 {
			t.Errorf("%s, then %s (%d); %d talks", first, again, status, len(s.talks()))
		}
		other, _ := s.widget(chat.Settings{})
		q := s.page()
		q.key, q.token = other.Address, own(4)
		if _, status := q.say("다른 창구"); status != 201 || q.token == own(4) {
			t.Errorf("the same token in another widget: %d, token %s", status, q.token)
		}
		if got := texts(p.sees()); got != "visitor: 여보세요?" {
			t.Errorf("he sees %s", got)
		}
	})
}

// Of a long talk one has the end.
func TestALongTalk(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		p := s.page()
		for i := range 210 {
			if _, status := p.say(fmt.Sprint("글 ", i)); status != 201 {
				t.Fatalf("%d: %d", i, status)
			}
		}
		list := p.sees()
		if len(list) != 200 || list[199].Text != "글 209" || list[0].Text != "글 10" {
			t.Errorf("%d lines, from %q to %q", len(list), list[0].Text, list[len(list)-1].Text)
		}
	})
}
