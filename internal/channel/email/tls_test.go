package email

import (
	"crypto/x509"
	"net"
	"strings"
	"testing"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig"
)

// An answer leaves by STARTTLS and by TLS from the first byte, signed in, to a server that
// proves who it is. To any other it does not leave: it waits, and the settings page says why.
func TestAnAnswerLeavesProtected(t *testing.T) {
	expired := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	}
	elsewhere := func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"mail.other.example"}, []net.IP{} }
	for _, c := range []struct {
		name     string
		security Security
		sink     rig.SinkSetup
		cert     func(*x509.Certificate)
		trusted  bool
		trouble  string // in one word, "" is none
		why      string // what administrators are told
		advice   string // of the connection test
	}{
		{"STARTTLS", StartTLS, rig.SinkSetup{STARTTLS: true}, nil, true, "", "", ""},
		{"TLS", TLS, rig.SinkSetup{TLS: true}, nil, true, "", "", ""},
		{"STARTTLS, a certificate of nobody", StartTLS, rig.SinkSetup{STARTTLS: true}, nil, false, "tls", "unknown authority", "tls_unknown"},
		{"TLS, a certificate of nobody", TLS, rig.SinkSetup{TLS: true}, nil, false, "tls", "unknown authority", "tls_unknown"},
		{"STARTTLS, somebody else's certificate", StartTLS, rig.SinkSetup{STARTTLS: true}, elsewhere, true, "tls", "valid for mail.other.example, not localhost", "tls_name"},
		{"TLS, somebody else's certificate", TLS, rig.SinkSetup{TLS: true}, elsewhere, true, "tls", "valid for mail.other.example, not localhost", "tls_name"},
		{"STARTTLS, a certificate that has expired", StartTLS, rig.SinkSetup{STARTTLS: true}, expired, true, "tls", "expired", "tls_expired"},
		{"TLS, a certificate that has expired", TLS, rig.SinkSetup{TLS: true}, expired, true, "tls", "expired", "tls_expired"},
		{"STARTTLS that is not offered", StartTLS, rig.SinkSetup{}, nil, true, "tls", "STARTTLS", "tls"},
		{"TLS at a port without", TLS, rig.SinkSetup{}, nil, true, "tls", "first record does not look like a TLS handshake", "tls_not"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert := rig.NewCertificate(t)
			if c.cert != nil {
				cert = rig.NewCertificate(t, c.cert)
			}
			dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
				h := newHouse(t, desk)
				c.sink.User, c.sink.Cert = "support@shop.example", &cert
				sink := rig.Sink(t, c.sink)
				h.mail.roots = x509.NewCertPool()
				if c.trusted {
					h.mail.roots = cert.Pool()
				}
				server := serverAt(t, sink.Addr, c.security)
				h.write(func(tx *db.Tx) error { return h.mail.SetAccount(h.ctx, tx, Account{Inbox: h.in.ID, SMTP: server}) })
				talk := h.of(h.take(h.in, "", letterOf(customer, "lamp", "It flickers")))
				m, _ := h.reply(talk.ID, conversation.Answer{})
				a, err := readAccount(h)
				if err != nil || TroubleOf(a.OutTrouble) != c.trouble || !strings.Contains(a.OutTrouble, c.why) {
					t.Errorf("the settings page says %q, %v", a.OutTrouble, err)
				}
				if strings.Contains(a.OutTrouble+h.message(m.ID).Trouble, rig.Password) {
					t.Error("the password is told")
				}
				if advice := lastAdvice(h.mail.ProbeSMTP(t.Context(), server, shop, nil)); advice != c.advice {
					t.Errorf("the connection test advises %q, want %q", advice, c.advice)
				}
				state, mails := h.message(m.ID).Delivery, sink.Mails()
				if c.trouble != "" {
					if state != conversation.Queued || len(mails) != 0 {
						t.Errorf("the answer is %s, %d mails left", state, len(mails))
					}
					return
				}
				if state != conversation.Sent || len(mails) != 1 || !mails[0].TLS || mails[0].User != "support@shop.example" {
					t.Fatalf("the answer is %s: %+v", state, mails)
				}
			})
		})
	}
}

// lastAdvice is what is said about the step that failed.
func lastAdvice(all []Finding) string {
	for _, f := range all {
		if !f.OK {
			return f.Advice
		}
	}
	return ""
}

// A mailbox whose server cannot prove who it is is not read, and the settings page says why.
func TestAMailboxThatProvesNothing(t *testing.T) {
	box := rig.Dovecot(t)
	for name, server := range map[string]Server{"TLS": serverAt(t, box.IMAPS, TLS), "STARTTLS": serverAt(t, box.IMAP, StartTLS)} {
		t.Run(name, func(t *testing.T) {
			m := &Mail{dial: home(), roots: x509.NewCertPool()}
			_, err := m.imap(t.Context(), server, nil)
			if err == nil || TroubleOf(err.Error()) != "tls" || !strings.Contains(err.Error(), "unknown authority") {
				t.Errorf("it says %v", err)
			}
			m.roots = box.Cert.Pool()
			c, err := m.imap(t.Context(), server, nil)
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
		})
	}
}
