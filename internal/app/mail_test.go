package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/mail"
	"baraji/test/rig"
)

const shop, customer = "support@shop.example", "haram@solip.example"

// A real mailbox and a real mail server: a question comes in, is answered, and
// the answer to that comes into the same conversation; Korean, with files both
// ways, and the bytes as they came.
func TestMailThereAndBackAgain(t *testing.T) {
	rig.Need(t, "dovecot")
	for _, engine := range dbtest.Engines() {
		t.Run(string(engine), func(t *testing.T) {
			dovecot := rig.Dovecot(t, shop, customer)
			sink := rig.Sink(t, rig.SinkSetup{Forward: dovecot})
			desk, ctx := start(t, engine, nil)
			in := openInbox(t, ctx, desk.App, dovecot, sink.Addr)

			file := bytes.Repeat([]byte("깜빡임 \x00\xff"), 1000)
			question := "From: =?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("윤하람")) + "?= <" + customer + ">\r\nTo: " + shop +
				"\r\nSubject: =?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("램프가 깜빡여요")) + "?=\r\nMessage-ID: <q1@solip.example>\r\n" +
				"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
				"6월에 산 달항아리 램프가 깜빡여요.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=UTF-8''%EA%B9%9C%EB%B9%A1%EC%9E%84.bin\r\n" +
				"Content-Transfer-Encoding: base64\r\n\r\n" + wrap(file) + "\r\n--b--\r\n"
			dovecot.Append(shop, "INBOX", []byte(question), nil, desk.DB.Now())

			var c conversation.Conversation
			eventually(t, "the question becomes a conversation", func() bool {
				list := conversations(t, ctx, desk.App)
				if len(list) == 1 {
					c = list[0]
				}
				return len(list) == 1
			})
			if c.Subject != "램프가 깜빡여요" || c.ContactName != "윤하람" || c.Status != conversation.Open || c.Inbox != in.ID || c.Language != "ko" {
				t.Errorf("conversation %+v", c)
			}
			first := messages(t, ctx, desk.App, c.ID)[0]
			raw, err := desk.Mail.RawOfMessage(ctx, first.Source)
			if err != nil || sha256.Sum256(raw) != sha256.Sum256([]byte(question)) {
				t.Errorf("the original is not kept: %v, %d bytes of %d", err, len(raw), len(question))
			}
			if len(first.Attachments) != 1 || first.Attachments[0].Name != "깜빡임.bin" || first.Attachments[0].Size != int64(len(file)) {
				t.Errorf("files %+v", first.Attachments)
			}

			put, err := desk.Blobs.Put(ctx, bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			err = desk.DB.Write(ctx, func(tx *db.Tx) error {
				u, err := conversation.AddUpload(ctx, tx, conversation.Upload{Name: "안내서.pdf", Type: "application/pdf", Size: put.Size, Blob: string(put.Key)})
				if err != nil {
					return err
				}
				_, err = conversation.Reply(ctx, tx, c.ID, conversation.Answer{Text: "하람 님, **무상 교환**해 드릴게요.", Files: []conversation.UploadID{u.ID}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			soon, cancel := context.WithTimeout(ctx, 20*time.Second)
			defer cancel()
			got := dovecot.WaitMessages(soon, customer, 1)[0]
			answer, err := mail.Parse(got)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Subject != "Re: 램프가 깜빡여요" || len(answer.InReplyTo) != 1 || answer.InReplyTo[0] != "q1@solip.example" ||
				!strings.Contains(answer.Text, "무상 교환") || len(answer.Attachments) != 1 || !bytes.Equal(answer.Attachments[0].Data, file) {
				t.Errorf("answer %q %v %q, %d files\n%s", answer.Subject, answer.InReplyTo, answer.Text, len(answer.Attachments), got[:min(len(got), 2000)])
			}
			eventually(t, "the answer is marked as sent", func() bool {
				return messages(t, ctx, desk.App, c.ID)[1].Delivery == conversation.Sent
			})

			dovecot.Append(shop, "INBOX", []byte("From: "+customer+"\r\nTo: "+shop+"\r\nSubject: Re: something else entirely\r\nIn-Reply-To: <"+
				answer.MessageID+">\r\nMessage-ID: <q2@solip.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n고맙습니다!\r\n"), nil, desk.DB.Now())
			eventually(t, "the next answer comes into the same conversation", func() bool { return len(messages(t, ctx, desk.App, c.ID)) == 3 })

			dovecot.Append(shop, "INBOX", []byte("From: mallory@evil.example\r\nTo: "+shop+"\r\nSubject: Re: [#"+strconv.FormatInt(c.Number, 10)+"]\r\nIn-Reply-To: <"+
				answer.MessageID+">\r\nMessage-ID: <m1@evil.example>\r\n\r\nlet me in\r\n"), nil, desk.DB.Now())
			eventually(t, "a stranger opens a conversation of his own", func() bool { return len(conversations(t, ctx, desk.App)) == 2 })
			if n := len(messages(t, ctx, desk.App, c.ID)); n != 3 {
				t.Errorf("%d messages in the first conversation", n)
			}
		})
	}
}

// openInbox makes an inbox that reads the mailbox of shop and sends through a server.
func openInbox(t *testing.T, ctx context.Context, a *app.App, dovecot *rig.MailServer, smtp string) (in inbox.Inbox) {
	t.Helper()
	err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if in, err = inbox.Create(ctx, tx, inbox.Inbox{Name: "달빛상점", Channel: "email", Address: shop}); err != nil {
			return err
		}
		return a.Mail.SetAccount(ctx, tx, email.Account{Inbox: in.ID,
			IMAP: server(dovecot.IMAP, shop, rig.Password), SMTP: server(smtp, "", "")})
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func server(addr, user, password string) email.Server {
	host, port, _ := strings.Cut(addr, ":")
	n, _ := strconv.Atoi(port)
	return email.Server{Host: host, Port: n, Username: user, Password: password, Security: email.Plain}
}

func conversations(t *testing.T, ctx context.Context, a *app.App) (list []conversation.Conversation) {
	t.Helper()
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, _, err = conversation.List(ctx, tx, conversation.Filter{}, conversation.Page{Limit: 100})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func messages(t *testing.T, ctx context.Context, a *app.App, id conversation.ID) (list []conversation.Message) {
	t.Helper()
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = conversation.Messages(ctx, tx, id, 0, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func wrap(data []byte) string {
	s := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for len(s) > 76 {
		fmt.Fprintf(&b, "%s\r\n", s[:76])
		s = s[76:]
	}
	return b.String() + s
}
