package email

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"unicode"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/test/rig"
)

// evils are what may stand in a name, a subject or a file name.
var evils = []string{
	"a\r\nBcc: victim@evil.example", "a\nX-Evil: 1\n\nbody", "a\rBcc: victim@evil.example", "a\x00b", "a\r\n\r\n<script>", strings.Repeat("가나다", 4000),
	strings.Repeat("x", 9000), "a\u202egpj.exe", "\u2066a\u2069\u200b", "\" <victim@evil.example>, \"", "a, victim@evil.example", "=?UTF-8?Q?a=0D=0ABcc:_victim@evil.example?=",
	"../../etc/passwd", "C:\\windows\\a.exe", "a\"; filename=\"b.exe", "\ufeff.htaccess", "a\u2028b\u0085c", "\xff\xfe\x80",
}

// fields are where it is put: what comes in by mail, and what agents write.
var fields = []string{"customer's name", "subject", "file name in", "recipient's name", "file name out", "inbox's name"}

// TestNothingBecomesAHeader is T34 and T44 at this level: each bad text in each
// field, in and out again; what leaves is read back by two parsers.
func TestNothingBecomesAHeader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		h := newHouse(t, desk)
		sink := rig.Sink(t, rig.SinkSetup{})
		h.sendTo(h.in, sink.Addr)
		combos, extra := 0, 0
		for i, evil := range evils {
			for _, field := range fields {
				text := map[string]string{}
				for _, f := range fields {
					text[f] = "plain"
				}
				text[field] = evil
				name := fmt.Sprintf("%s, %d", field, i)
				got := h.take(h.in, "", evilMail(text, i, field))
				if got.State != InConversation {
					t.Errorf("%s: %s %s %s", name, got.State, got.Reason, got.Error)
					continue
				}
				in := h.message(got.Message)
				for _, s := range []string{in.FromName, in.Subject, in.Attachments[0].Name} {
					if strings.ContainsAny(s, "\r\n\x00") {
						t.Errorf("%s: came in as %q", name, s)
					}
				}
				before := len(sink.Mails())
				h.evilReply(got, text)
				combos++
				if n := len(sink.Mails()) - before; n != 1 {
					t.Errorf("%s: %d mails left", name, n)
					continue
				}
				if problems := readBack(t, sink.Mails()[before]); len(problems) > 0 {
					extra++
					t.Errorf("%s: %s", name, strings.Join(problems, "; "))
				}
			}
		}
		t.Logf("T34/T44 %s: %d texts in fields, in and out, read back by two parsers: %d with an extra header, recipient or part", desk.Engine(), combos, extra)
	})
}

func evilMail(text map[string]string, i int, field string) string {
	word := func(s string) string { return "=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }
	return "From: " + word(text["customer's name"]) + " <" + customer + ">\r\nTo: " + shop + "\r\nSubject: " + word(text["subject"]) +
		fmt.Sprintf("\r\nMessage-ID: <e%d.%d@solip.example>\r\n", i, slices.Index(fields, field)) +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/octet-stream\r\n" +
		"Content-Disposition: attachment; filename=\"" + word(text["file name in"]) + "\"\r\n\r\nx\r\n--b--\r\n"
}

func (h *house) evilReply(got Item, text map[string]string) {
	h.t.Helper()
	put, err := h.blobs.Put(h.ctx, strings.NewReader("file"))
	if err != nil {
		h.t.Fatal(err)
	}
	c := h.of(got)
	clean := func(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "?") } // what a form can carry
	h.write(func(tx *db.Tx) error {
		title := clean(text["inbox's name"])
		if _, err := inbox.Update(h.ctx, tx, h.in.ID, inbox.Change{Name: &title}); err != nil {
			return err
		}
		u, err := conversation.AddUpload(h.ctx, tx, conversation.Upload{Name: clean(text["file name out"]), Type: "text/plain", Size: put.Size, Blob: string(put.Key)})
		if err != nil {
			return err
		}
		_, err = conversation.Reply(h.ctx, tx, c.ID, conversation.Answer{Text: "hello", Files: []conversation.UploadID{u.ID},
			To: []conversation.Address{{Name: clean(text["recipient's name"]), Address: "a@x.example"}}})
		return err
	})
	h.drain()
}

// readBack reads a mail with the standard library and with ours, and says what is more than it should be.
func readBack(t *testing.T, m rig.Mail) (problems []string) {
	t.Helper()
	raw, err := m.Raw()
	if err != nil {
		t.Fatal(err)
	}
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if strings.Join(m.To, " ") != "a@x.example" {
		say("sent to %v", m.To)
	}
	for _, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			say("a line of %d bytes, or with a bare CR, LF or NUL", len(line))
		}
	}
	std, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return append(problems, "net/mail: "+err.Error())
	}
	want := []string{"Content-Type", "Date", "From", "In-Reply-To", "Message-Id", "Mime-Version", "References", "Subject", "To"}
	if keys := slices.Sorted(maps.Keys(std.Header)); !slices.Equal(keys, want) {
		say("header fields %v", keys)
	}
	for name, n := range map[string]int{"From": 1, "To": 1} {
		if list, err := std.Header.AddressList(name); err != nil || len(list) != n || strings.Contains(list[0].Address, "evil") {
			say("net/mail reads %s as %v, %v", name, list, err)
		}
	}
	_, params, err := mime.ParseMediaType(std.Header.Get("Content-Type"))
	if err != nil {
		return append(problems, err.Error())
	}
	parts, r := 0, multipart.NewReader(std.Body, params["boundary"])
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return append(problems, err.Error())
		}
		parts++
		if f := p.FileName(); strings.ContainsAny(f, "/\\\r\n\x00") || strings.HasPrefix(f, ".") || strings.ContainsFunc(f, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
			say("file name %q", f)
		}
	}
	own, err := mail.Parse(raw)
	if err != nil || parts != 2 || len(own.Attachments) != 1 || len(own.From) != 1 || len(own.To) != 1 || len(own.Cc) != 0 || own.From[0].Addr != shop || own.To[0].Addr != "a@x.example" ||
		own.Header.Has("Bcc") || own.Header.Has("X-Evil") || strings.TrimSpace(own.Text) != "hello" {
		say("our parser: %v, %d parts, %v → %v, %q", err, parts, own.From, own.To, own.Text)
	}
	return problems
}
