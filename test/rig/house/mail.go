package house

import (
	"context"
	"net"
	"regexp"
	"strconv"
	"strings"

	"baraji/internal/channel/email"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/mail"
	"baraji/test/rig"
)

// PostOffice makes the inbox send through a real server from now on, which is returned. A house without an inbox gets one.
func (h *House) PostOffice() *rig.MailSink {
	h.t.Helper()
	sink := rig.Sink(h.t, rig.SinkSetup{})
	host, port, _ := net.SplitHostPort(sink.Addr)
	n, _ := strconv.Atoi(port)
	h.Must(func(tx *db.Tx) (err error) {
		if h.Inbox.ID == 0 {
			if h.Inbox, err = inbox.Create(h.System(), tx, inbox.Inbox{Name: "Help", Channel: "email", Address: "help@shop.example"}); err != nil {
				return err
			}
		}
		return h.Mail.SetAccount(h.System(), tx, email.Account{Inbox: h.Inbox.ID, SMTP: email.Server{Host: host, Port: n, Security: email.Plain}})
	})
	return sink
}

// MailServer takes mail for the house. It returns its address.
func (h *House) MailServer() string {
	h.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(h.System())
	done := make(chan error, 1)
	go func() { done <- h.Mail.Serve(ctx, l, false) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
	return l.Addr().String()
}

// Letter is the last mail that has left, once all is done that is due.
func (h *House) Letter(sink *rig.MailSink) *mail.Message {
	h.t.Helper()
	h.Run()
	all := sink.Mails()
	if len(all) == 0 {
		h.t.Fatal("no mail has left")
	}
	raw, err := all[len(all)-1].Raw()
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := mail.Parse(raw)
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// Link is the path of the first link into the house that a mail holds.
func (h *House) Link(m *mail.Message) string {
	h.t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(h.URL) + `(/\S*)`).FindStringSubmatch(m.Text)
	if found == nil {
		h.t.Fatalf("the mail has no link: %s", m.Text)
	}
	return strings.TrimRight(found[1], ".,)")
}
