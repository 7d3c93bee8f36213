package widget_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/test/rig/house"
)

// page is a page of the firm with the widget on it, in one browser.
type page struct {
	t                          *testing.T
	url, key                   string
	token, proof, origin, lang string
	n                          int
}

type line struct {
	ID, Client, From, Name, Text string
	Read                         bool
	May                          []button
}

func (p *page) ask(method, what string, body, into any) int {
	p.t.Helper()
	raw, _ := json.Marshal(body)
	return p.send(method, what, bytes.NewReader(raw), into)
}

func (p *page) send(method, what string, body io.Reader, into any) int {
	p.t.Helper()
	req, err := http.NewRequest(method, p.url+"/widget/"+p.key+what, body)
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Visitor " + p.token, "Visitor-Proof": p.proof, "Origin": p.origin, "Accept-Language": p.lang} {
		if value != "" && value != "Visitor " {
			req.Header.Set(name, value)
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	if into != nil && resp.StatusCode < 300 {
		if err := json.Unmarshal(raw, into); err != nil {
			p.t.Fatalf("%s: %v", raw, err)
		}
	}
	return resp.StatusCode
}

// say writes, and keeps the token that it is given.
func (p *page) say(text string, card ...string) (id string, status int) {
	p.t.Helper()
	p.n++
	body := map[string]string{"client_id": fmt.Sprintf("client-%d-%s", p.n, text), "text": text}
	for i := 0; i+1 < len(card); i += 2 {
		body[card[i]] = card[i+1]
	}
	var said struct{ ID, Token string }
	status = p.ask("POST", "/messages", body, &said)
	if said.Token != "" {
		p.token = said.Token
	}
	return said.ID, status
}

func (p *page) sees() (list []line) {
	p.t.Helper()
	var out struct{ Items []line }
	if status := p.ask("GET", "/messages", nil, &out); status != 200 {
		p.t.Errorf("what he sees: %d", status)
	}
	return out.Items
}

func texts(list []line) string {
	var all []string
	for _, l := range list {
		all = append(all, l.From+": "+l.Text)
	}
	return strings.Join(all, " | ")
}

// shop is a house with a widget.
type shop struct {
	*house.House
	t      *testing.T
	in     inbox.Inbox
	secret string
}

func each(t *testing.T, fn func(t *testing.T, s *shop)) {
	house.Each(t, func(t *testing.T, h *house.House) {
		s := &shop{House: h.Furnish(), t: t}
		s.in, s.secret = s.widget(chat.Settings{})
		fn(t, s)
	})
}

func (s *shop) widget(set chat.Settings) (in inbox.Inbox, secret string) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		if in, err = s.Chat.Create(ctx, tx, inbox.Inbox{Name: "채팅"}, set); err != nil {
			return err
		}
		secret, err = s.Chat.Secret(ctx, tx, in.ID)
		return err
	})
	return in, secret
}

func (s *shop) page() *page { return &page{t: s.t, url: s.URL, key: s.in.Address} }

func (s *shop) talks() (list []conversation.Conversation) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
		list, _, err = conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		return err
	})
	return list
}

func (s *shop) reply(id conversation.ID, text string) {
	s.t.Helper()
	s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		_, err := conversation.Reply(ctx, tx, id, conversation.Answer{Text: text})
		return err
	})
	s.Run()
}

// A visitor writes, is answered, and nothing else is ever his.
func TestATalk(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		p := s.page()
		id, status := p.say("램프 언제 오나요?", "name", "하람", "email", "haram@solip.example")
		if status != 201 || p.token == "" {
			t.Fatalf("%d %q", status, p.token)
		}
		p.n-- // the same again, as after a line that broke
		if same, status := p.say("램프 언제 오나요?"); same != id || status != 201 {
			t.Errorf("sent twice: %s (%d), want %s", same, status, id)
		}
		talk := s.talks()
		if len(talk) != 1 || talk[0].Channel != "chat" || talk[0].Subject != "램프 언제 오나요?" || talk[0].Status != conversation.Open {
			t.Fatalf("talks: %+v", talk)
		}
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			_, err := conversation.AddNote(ctx, tx, talk[0].ID, conversation.Remark{Text: "나쁜 손님 같아요"})
			return err
		})
		s.reply(talk[0].ID, "내일 **꼭** 도착해요.")
		if _, status := p.say("**고마워요**"); status != 201 {
			t.Errorf("his next words: %d", status)
		}
		if got, want := texts(p.sees()), "visitor: 램프 언제 오나요? | agent: 내일 꼭 도착해요. | visitor: **고마워요**"; got != want {
			t.Errorf("he sees %s, want %s", got, want)
		}
		if n := len(s.talks()); n != 1 {
			t.Errorf("%d talks", n)
		}

		delivery := func() (d conversation.Delivery) {
			s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
				list, err := conversation.Messages(ctx, tx, talk[0].ID, 0, 10)
				for _, m := range list {
					if m.Kind == conversation.FromAgent {
						d = m.Delivery
					}
				}
				return err
			})
			return d
		}
		if d := delivery(); d != conversation.Queued {
			t.Errorf("nobody has fetched it, and it is %s", d)
		}
		list := p.sees()
		if status := p.ask("POST", "/got", map[string]string{"id": list[len(list)-1].ID}, nil); status != 204 {
			t.Errorf("got: %d", status)
		}
		if d := delivery(); d != conversation.Sent {
			t.Errorf("his browser has it, and it is %s", d)
		}
	})
}

// T50: what a visitor only says proves nothing, and what he does not have opens nothing.
func TestWhoIsNotProven(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		var known contact.Contact
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			known, _, err = contact.Resolve(ctx, tx, contact.Sender{Email: "haram@solip.example", Name: "윤하람", ExternalID: "u-1", Verified: true})
			if err != nil {
				return err
			}
			_, err = conversation.Receive(ctx, tx, conversation.Inbound{Inbox: s.Inbox, Contact: known, Message: conversation.Message{Text: "비밀 주문 1234", Subject: "주문"}})
			return err
		})
		p := s.page()
		p.say("저예요", "name", "도둑", "email", "haram@solip.example")
		var mine conversation.Conversation
		for _, c := range s.talks() {
			if c.Channel == "chat" {
				mine = c
			}
		}
		if mine.Contact == known.ID || mine.Contact == 0 {
			t.Errorf("he is taken for %s", mine.ContactName)
		}
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			c, err := contact.Get(ctx, tx, known.ID)
			if err != nil {
				return err
			}
			if c.Name != known.Name || c.Email != known.Email {
				t.Errorf("the known person is now %+v", c)
			}
			list, err := conversation.Messages(ctx, tx, mine.ID, 0, 10)
			if len(list) != 1 || len(list[0].Flags) != 1 || list[0].Flags[0] != "unverified" {
				t.Errorf("the agent is not told: %+v", list)
			}
			return err
		})

		// Also not when somebody puts the known person's talk into his.
		for _, c := range s.talks() {
			if c.ID != mine.ID {
				s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
					_, err := conversation.Merge(ctx, tx, mine.ID, c.ID)
					return err
				})
			}
		}
		s.reply(mine.ID, "누구신가요?")
		if got := texts(p.sees()); strings.Contains(got, "1234") || !strings.Contains(got, "누구신가요?") {
			t.Errorf("he sees %s", got)
		}

		other, _ := s.widget(chat.Settings{})
		for what, thief := range map[string]*page{
			"no token":             {key: s.in.Address},
			"another token":        {key: s.in.Address, token: strings.Repeat("a", 40)},
			"an id as token":       {key: s.in.Address, token: mine.ID.String()},
			"a piece of the token": {key: s.in.Address, token: p.token[:39]},
			"another widget":       {key: other.Address, token: p.token},
			"no widget":            {key: "nothing", token: p.token},
		} {
			thief.t, thief.url = t, s.URL
			for _, path := range []string{"/messages", "/live"} {
				if status := thief.ask("GET", path, nil, nil); status != 404 {
					t.Errorf("%s: GET %s answers %d", what, path, status)
				}
			}
			if status := thief.ask("POST", "/got", map[string]string{"id": "msg_1"}, nil); status != 404 && status != 422 {
				t.Errorf("%s: got answers %d", what, status)
			}
		}
	})
}

// jwt is a JSON Web Token as a firm's server makes it.
func jwt(secret, head string, claims map[string]any) string {
	body, _ := json.Marshal(claims)
	text := base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString(body)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

const hs256 = `{"alg":"HS256","typ":"JWT"}`

// T50: who is proven is the customer, in every browser; and only with a proof that is one.
func TestWhoIsProven(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		now := s.Clock.Now()
		good := func(more map[string]any) map[string]any {
			c := map[string]any{"sub": "u-1", "name": "윤하람", "email": "haram@solip.example", "exp": now.Add(time.Hour).Unix()}
			for k, v := range more {
				c[k] = v
			}
			return c
		}
		p := s.page()
		p.proof = jwt(s.secret, hs256, good(nil))
		if _, status := p.say("안녕하세요"); status != 201 || p.token != "" {
			t.Fatalf("%d, token %q", status, p.token)
		}
		elsewhere := s.page()
		elsewhere.proof = jwt(s.secret, hs256, good(map[string]any{"exp": now.Add(2 * time.Hour).Unix()}))
		if got := texts(elsewhere.sees()); got != "visitor: 안녕하세요" {
			t.Errorf("in another browser he sees %s", got)
		}
		talk := s.talks()[0]
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
			c, err := contact.Whole(ctx, tx, talk.Contact)
			if c.Name != "윤하람" || c.Email != "haram@solip.example" {
				t.Errorf("he is %+v", c)
			}
			return err
		})

		other, otherSecret := s.widget(chat.Settings{})
		_ = other
		sound := jwt(s.secret, hs256, good(nil))
		bad := map[string]string{
			"nothing":           ".",
			"two parts":         sound[:strings.LastIndex(sound, ".")],
			"no signature":      sound[:strings.LastIndex(sound, ".")+1],
			"alg none":          jwt(s.secret, `{"alg":"none"}`, good(nil)),
			"no algorithm":      jwt(s.secret, `{}`, good(nil)),
			"HS512":             jwt(s.secret, `{"alg":"HS512"}`, good(nil)),
			"another's secret":  jwt(otherSecret, hs256, good(nil)),
			"an empty secret":   jwt("", hs256, good(nil)),
			"the public key":    jwt(s.in.Address, hs256, good(nil)),
			"nobody":            jwt(s.secret, hs256, good(map[string]any{"sub": ""})),
			"a number":          jwt(s.secret, hs256, good(map[string]any{"sub": 1})),
			"a space":           jwt(s.secret, hs256, good(map[string]any{"sub": " u-1"})),
			"a list":            jwt(s.secret, hs256, good(map[string]any{"sub": []string{"u-1"}})),
			"very long":         jwt(s.secret, hs256, good(map[string]any{"sub": strings.Repeat("u", 201)})),
			"too late":          jwt(s.secret, hs256, good(map[string]any{"exp": now.Add(-2 * time.Minute).Unix()})),
			"for ever":          jwt(s.secret, hs256, good(map[string]any{"exp": now.AddDate(1, 0, 0).Unix()})),
			"without an end":    jwt(s.secret, hs256, map[string]any{"sub": "u-1"}),
			"not yet":           jwt(s.secret, hs256, good(map[string]any{"nbf": now.Add(10 * time.Minute).Unix()})),
			"of enormous size":  strings.Repeat("a", 5000),
			"with more behind":  sound + ".a",
			"another's message": sound[:len(sound)-1] + string('A'+(sound[len(sound)-1]+1)%20),
		}
		for i := 0; i < len(sound); i += 7 { // a bit of it is another
			flipped := []byte(sound)
			flipped[i] ^= 1
			bad[fmt.Sprint("flipped at ", i)] = string(flipped)
		}
		for what, proof := range bad {
			thief := s.page()
			thief.proof, thief.token = proof, p.token
			if strings.ContainsAny(proof, "\r\n\x00") {
				continue // no header can hold it
			}
			if status := thief.ask("GET", "/messages", nil, nil); status != 403 {
				t.Errorf("%s: %d", what, status)
			}
			if _, status := thief.say("저예요"); status != 403 {
				t.Errorf("%s: writing answers %d", what, status)
			}
		}

		// Who signs out leaves a proof behind that opens nothing, for whoever kept it.
		if status := elsewhere.ask("POST", "/leave", nil, nil); status != 204 {
			t.Errorf("sign out: %d", status)
		}
		if status := elsewhere.ask("GET", "/messages", nil, nil); status != 403 {
			t.Errorf("with the proof of who has signed out: %d", status)
		}
		if _, status := elsewhere.say("저예요"); status != 403 {
			t.Errorf("writing with it: %d", status)
		}
		if status := p.ask("GET", "/messages", nil, nil); status != 200 {
			t.Errorf("his other browser: %d", status)
		}

		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { _, err := s.Chat.Renew(ctx, tx, s.in.ID); return err })
		if status := p.ask("GET", "/messages", nil, nil); status != 403 {
			t.Errorf("with the old secret: %d", status)
		}
	})
}

// Where nobody comes to fetch an answer, it goes by mail to the address he left, once.
func TestTheTalkGoesOnByMail(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		sink := s.PostOffice()
		there, gone, silent := s.page(), s.page(), s.page()
		there.say("하나", "name", "Ann", "email", "ann@customer.example")
		gone.say("둘", "name", "Bob", "email", "bob@customer.example")
		silent.say("셋", "name", "Cho")
		for _, c := range s.talks() {
			s.reply(c.ID, "답: "+c.Subject)
		}
		list := there.sees()
		there.ask("POST", "/got", map[string]string{"id": list[len(list)-1].ID}, nil)
		s.Clock.Advance(chat.Patience + time.Second)
		s.Run()
		mails := sink.Mails()
		if len(mails) != 1 || len(mails[0].To) != 1 || mails[0].To[0] != "bob@customer.example" {
			t.Fatalf("mails: %+v", mails)
		}
		s.Clock.Advance(time.Hour)
		s.Run()
		if n := len(sink.Mails()); n != 1 {
			t.Errorf("%d mails", n)
		}
		if got := texts(silent.sees()); got != "visitor: 셋 | agent: 답: 셋" {
			t.Errorf("who left no address sees %s", got)
		}
	})
}

// Which pages may show it, and what it says of itself.
func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.in, _ = s.widget(chat.Settings{Origins: []string{"https://Shop.example"}, AskEmail: true, Color: "#006B5E", Greeting: map[string]string{"ko": "어서 오세요"}})
		p := s.page()
		for origin, want := range map[string]int{"https://shop.example": 200, "": 200, "https://evil.example": 403, "https://shop.example.evil.example": 403, "http://shop.example": 403, "null": 403} {
			p.origin = origin
			if status := p.ask("GET", "", nil, nil); status != want {
				t.Errorf("from %q: %d, want %d", origin, status, want)
			}
		}
		p.origin, p.lang = "", "ko"
		var look struct{ Title, Greeting, Color string }
		p.ask("GET", "", nil, &look)
		if look.Title != "달빛상점" || look.Greeting != "어서 오세요" || look.Color != "#006b5e" {
			t.Errorf("it looks like %+v", look)
		}
		if _, status := p.say("이름만", "name", "하람"); status != 422 {
			t.Errorf("without an address: %d", status)
		}
		if _, status := p.say("주소", "email", "no address"); status != 422 {
			t.Errorf("with a wrong address: %d", status)
		}
		if _, status := p.say(" \n "); status != 422 {
			t.Errorf("nothing: %d", status)
		}
		if _, status := p.say(strings.Repeat("가", 4000), "email", "a@b.example"); status != 422 {
			t.Errorf("too much: %d", status)
		}
		s.Mina.Do(func(ctx context.Context, tx *db.Tx) error { return inbox.SetEnabled(ctx, tx, s.in.ID, false) })
		if status := p.ask("GET", "", nil, nil); status != 404 {
			t.Errorf("closed: %d", status)
		}
	})
}

// All that a page loads of the chat is small, and no other site can put it into a frame (T50).
func TestItIsLight(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		sum := 0
		for _, path := range []string{"/widget.js?key=" + s.in.Address, "/widget/" + s.in.Address + "?lang=ko"} {
			resp, body := fetch(t, "GET", s.URL+path, nil, map[string]string{"Accept-Encoding": "gzip"})
			sum += len(body)
			for _, v := range resp.Header {
				sum += len(strings.Join(v, ""))
			}
			if resp.StatusCode != 200 || len(resp.Cookies()) > 0 || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %d %v", path, resp.StatusCode, resp.Header)
			}
			if strings.HasPrefix(path, "/widget/") && !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("%s can be framed: %v", path, resp.Header)
			}
		}
		if sum > 20<<10 { // the promise is 30 KB
			t.Errorf("a page loads %d bytes", sum)
		}
	})
}
