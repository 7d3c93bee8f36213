package mail

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"time"

	gomessage "github.com/emersion/go-message/mail"
	"github.com/emersion/go-msgauth/dkim"
)

var sentAt = time.Date(2026, 11, 22, 9, 30, 0, 0, time.FixedZone("KST", 9*3600))

func plainOutgoing() Outgoing {
	return Outgoing{
		From:      Address{"달무리상점", "help@example.com"},
		To:        []Address{{"Kim, Bora", "bora@example.org"}},
		Cc:        []Address{{"", "team@example.net"}},
		ReplyTo:   []Address{{"Desk", "desk@example.com"}},
		Bcc:       []Address{{"", "hidden@example.net"}},
		Subject:   "Re: 주문 20261117-0342 배송 안내",
		Date:      sentAt,
		MessageID: "abc.123@desk.example.com",
		InReplyTo: "q1@example.org", References: []string{"q0@example.org", "q1@example.org"},
		Text: "안녕하세요.\n감사합니다.\n",
		HTML: `<p>안녕하세요.</p><img src="cid:logo@x">`,
		Files: []Part{
			{Name: "logo.png", Type: "image/png", ContentID: "logo@x", Inline: true, Data: []byte{1, 2, 3}},
			{Name: "견적서 2026년 11월.pdf", Type: "application/pdf", Data: []byte("%PDF-")},
		},
		Extra: []Field{{"List-Unsubscribe", "<https://desk.example.com/u/" + strings.Repeat("x", 300) + ">"}},
		Seed:  "secret",
	}
}

func composed(t testing.TB, o Outgoing) []byte {
	t.Helper()
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestWhatWasComposedReadsBack(t *testing.T) {
	o := plainOutgoing()
	raw := composed(t, o)
	m, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]string{
		"from": {m.Sent().Name + " " + m.Sent().Addr, "달무리상점 help@example.com"}, "to": {m.To[0].Name, "Kim, Bora"}, "subject": {m.Subject, o.Subject},
		"text": {fold(m.Text), fold(o.Text)}, "html": {strings.TrimSpace(m.HTML), o.HTML}, "id": {m.MessageID, o.MessageID},
		"references": {strings.Join(m.References, " "), "q0@example.org q1@example.org"}, "file": {m.Attachments[1].Name, o.Files[1].Name},
		"picture": {m.Attachments[0].ContentID, "logo@x"}, "list": {m.Header.Get("List-Unsubscribe"), o.Extra[0].Value},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %q, want %q", name, pair[0], pair[1])
		}
	}
	if len(m.Warnings) > 0 || bytes.Contains(raw, []byte("hidden@")) || !m.Date.Equal(sentAt) {
		t.Errorf("warnings %v, or Bcc in the mail, or wrong date %v", m.Warnings, m.Date)
	}
	if !bytes.Equal(raw, composed(t, o)) {
		t.Error("the same mail became other bytes")
	}
	if to, err := o.Recipients(); err != nil || len(to) != 3 {
		t.Errorf("recipients %v, %v", to, err)
	}
	strict(t, raw)
}

// strict checks the form: CR LF only, 7 bit, no line above 998.
func strict(t testing.TB, raw []byte) {
	t.Helper()
	for i, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || !isASCII(line) {
			t.Fatalf("line %d is not strict: %.120q", i+1, line)
		}
	}
}

// TestNothingIsInjected is T34: whatever stands in a field, two independent parsers see the same header names, the same recipients, the same parts.
func TestNothingIsInjected(t *testing.T) {
	poison := []string{
		"a\r\nBcc: evil@example.net", "a\nBcc: evil@example.net", "a\rBcc: evil@example.net", "a\r\n\r\n<script>", "a\x00b", "\x00", "a\r\n Bcc: evil@example.net", "a\u2028Bcc: evil@example.net",
		"a\u0085Bcc: evil@example.net", "=?utf-8?Q?a=0D=0ABcc:_evil@example.net?=", "=?utf-8?B?DQpCY2M6IGV2aWxAZXhhbXBsZS5uZXQ=?=", `"><evil@example.net>`, `evil@example.net, other`, `a" <evil@example.net>, "b`,
		"a\\", `a\"`, "(comment", "한글 제목\r\nX-Evil: 1", strings.Repeat("a", 5000), strings.Repeat("가", 3000), strings.Repeat("a ", 2000), strings.Repeat("=?", 500), "\xff\xfe\xfd", "a\x1b$B;3\x1b(B",
		"a;b=c", "--boundary", "a\r\n.\r\nMAIL FROM:<x@y>", "\u202egpj.exe", "\u200b", "e\u0301", "😀\r\nTo: evil@example.net", " \t ", "", "undisclosed:;", "a@b@c.example", "\n", "\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\nevil", "%0d%0aBcc: evil@example.net",
		"=?x-evil?Q?a?= =?utf-8?Q?=22=3E?=", "a,b;c:d", "<a@b>",
	}
	fields := map[string]func(*Outgoing, string){
		"from name":    func(o *Outgoing, s string) { o.From.Name = s },
		"from addr":    func(o *Outgoing, s string) { o.From.Addr = s },
		"from local":   func(o *Outgoing, s string) { o.From.Addr = s + "@example.com" },
		"from domain":  func(o *Outgoing, s string) { o.From.Addr = "a@" + s },
		"sender":       func(o *Outgoing, s string) { o.Sender = Address{s, "s@example.com"} },
		"to name":      func(o *Outgoing, s string) { o.To[0].Name = s },
		"to addr":      func(o *Outgoing, s string) { o.To[0].Addr = s },
		"to addr end":  func(o *Outgoing, s string) { o.To[0].Addr = "bora@example.org" + s },
		"cc name":      func(o *Outgoing, s string) { o.Cc[0].Name = s },
		"cc addr":      func(o *Outgoing, s string) { o.Cc[0].Addr = s + "x@example.net" },
		"reply name":   func(o *Outgoing, s string) { o.ReplyTo[0].Name = s },
		"subject":      func(o *Outgoing, s string) { o.Subject = s },
		"subject end":  func(o *Outgoing, s string) { o.Subject = "Re: 안녕 " + s },
		"message id":   func(o *Outgoing, s string) { o.MessageID = s },
		"id end":       func(o *Outgoing, s string) { o.MessageID = "a@b" + s },
		"in reply to":  func(o *Outgoing, s string) { o.InReplyTo = s },
		"references":   func(o *Outgoing, s string) { o.References = []string{s, "a@b" + s, "x@y"} },
		"auto":         func(o *Outgoing, s string) { o.AutoSubmitted = s },
		"extra name":   func(o *Outgoing, s string) { o.Extra = []Field{{s, "x"}} },
		"extra name 2": func(o *Outgoing, s string) { o.Extra = []Field{{"X-" + s, "x"}} },
		"extra value":  func(o *Outgoing, s string) { o.Extra = []Field{{"X-Note", s}} },
		"file name":    func(o *Outgoing, s string) { o.Files[1].Name = s },
		"file name 2":  func(o *Outgoing, s string) { o.Files[1].Name = "견적" + s + ".pdf" },
		"file type":    func(o *Outgoing, s string) { o.Files[1].Type = s },
		"file type 2":  func(o *Outgoing, s string) { o.Files[1].Type = "text/" + s },
		"content id":   func(o *Outgoing, s string) { o.Files[0].ContentID = s },
		"text":         func(o *Outgoing, s string) { o.Text = s },
		"html":         func(o *Outgoing, s string) { o.HTML = s + "." },
		"seed":         func(o *Outgoing, s string) { o.Seed = s },
	}
	tried, refused := 0, 0
	for name, set := range fields {
		for _, p := range poison {
			o := plainOutgoing()
			set(&o, p)
			tried++
			raw, err := Compose(o)
			if err != nil {
				if !errors.Is(err, ErrAddress) && !errors.Is(err, ErrMessageID) && !errors.Is(err, ErrField) {
					t.Errorf("%s %.40q: strange error %v", name, p, err)
				}
				refused++
				continue
			}
			strict(t, raw)
			if err := honest(raw, o); err != nil {
				t.Errorf("%s %.60q: %v", name, p, err)
			}
		}
	}
	t.Logf("T34: %d combinations, %d refused, the others read back by net/mail and go-message", tried, refused)
	if tried < 1000 {
		t.Errorf("only %d combinations", tried)
	}
}

// honest reads a mail with two other parsers and compares who and what is in it.
func honest(raw []byte, o Outgoing) error {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("net/mail: %w", err)
	}
	for name, values := range m.Header {
		switch name {
		case "Date", "Message-Id", "From", "Sender", "Reply-To", "To", "Cc", "Subject", "In-Reply-To", "References", "Auto-Submitted", "Mime-Version", "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe":
		default:
			if len(o.Extra) != 1 || !strings.EqualFold(o.Extra[0].Name, name) {
				return fmt.Errorf("extra header %s: %q", name, values)
			}
		}
		if len(values) != 1 {
			return fmt.Errorf("%s is there %d times", name, len(values))
		}
	}
	for name, wanted := range map[string]string{"From": o.From.Addr, "To": o.To[0].Addr, "Cc": o.Cc[0].Addr} {
		wanted, _ = strictAddr(wanted)
		list, err := m.Header.AddressList(name)
		if err != nil || len(list) != 1 || !strings.EqualFold(list[0].Address, wanted) {
			return fmt.Errorf("net/mail reads %s as %v (%v), want %s", name, list, err, wanted)
		}
		if strings.ContainsAny(list[0].Name, "\r\n\x00") {
			return fmt.Errorf("%s name holds a line end", name)
		}
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || strings.ContainsAny(subject, "\r\n\x00") {
		return fmt.Errorf("subject %q (%v)", subject, err)
	}
	return honestParts(raw, o)
}

func honestParts(raw []byte, o Outgoing) error {
	r, err := gomessage.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("go-message: %w", err)
	}
	for name, wanted := range map[string]int{"From": 1, "To": 1, "Cc": 1, "Reply-To": 1} {
		list, err := r.Header.AddressList(name)
		if err != nil || len(list) != wanted {
			return fmt.Errorf("go-message reads %s as %v (%v)", name, list, err)
		}
	}
	if r.Header.Has("Bcc") || r.Header.Has("X-Evil") {
		return errors.New("go-message sees an injected header")
	}
	parts := 0
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("go-message part: %w", err)
		}
		if h, ok := p.Header.(*gomessage.AttachmentHeader); ok {
			if name, err := h.Filename(); err != nil || strings.ContainsAny(name, "\r\n\x00/\\") {
				return fmt.Errorf("file name %q (%v)", name, err)
			}
		}
		if _, err := io.Copy(io.Discard, p.Body); err != nil {
			return err
		}
		parts++
	}
	if parts != 4 {
		return fmt.Errorf("%d parts, want 4", parts)
	}
	return nil
}

func TestSignedMailVerifies(t *testing.T) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Sign(composed(t, plainOutgoing()), "example.com", "desk", key)
	if err != nil {
		t.Fatal(err)
	}
	lookup := func(string) ([]string, error) {
		return []string{"v=DKIM1; k=ed25519; p=" + b64(public)}, nil
	}
	check := func(raw []byte) error {
		vs, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: lookup})
		if err != nil || len(vs) != 1 {
			return fmt.Errorf("%d signatures, %v", len(vs), err)
		}
		return vs[0].Err
	}
	if err := check(raw); err != nil {
		t.Errorf("the signature does not hold: %v", err)
	}
	if check(append([]byte("To: evil@example.net\r\n"), raw...)) == nil || check(bytes.Replace(raw, []byte("bora@"), []byte("evil@"), 1)) == nil {
		t.Error("a changed mail still verifies")
	}
}

func b64(data []byte) string {
	var w mailWriter
	w.base64(data)
	return strings.ReplaceAll(w.String(), "\r\n", "")
}
