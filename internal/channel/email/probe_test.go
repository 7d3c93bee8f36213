package email

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/dial"
	"baraji/test/rig"
)

// home is a dialler that may reach this machine.
func home() *dial.Dialer {
	return dial.New(dial.Options{Now: time.Now, AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}})
}

func serverAt(t *testing.T, address string, s Security) Server {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(port)
	return Server{Host: "localhost", Port: n, Security: s, Username: "support@shop.example", Password: rig.Password}
}

// told writes findings as "step" (fine), "step!advice" (failed) and "step-" (skipped).
func told(all []Finding) string {
	var out []string
	for _, f := range all {
		switch {
		case f.OK:
			out = append(out, f.Step)
		case f.Skipped:
			out = append(out, f.Step+"-")
		default:
			out = append(out, f.Step+"!"+f.Advice)
		}
	}
	return strings.Join(out, " ")
}

func TestAMailboxIsTriedStepByStep(t *testing.T) {
	box := rig.Dovecot(t)
	box.Deliver("support@shop.example", []byte("From: a@b.example\r\nTo: support@shop.example\r\nSubject: Lamp\r\n\r\nHello\r\n"))
	box.WaitMessages(t.Context(), "support@shop.example", 1)
	cases := []struct {
		name   string
		server func() Server
		trust  bool
		want   string
	}{
		{"TLS", func() Server { return serverAt(t, box.IMAPS, TLS) }, true, "resolve connect tls greeting sign_in mailbox"},
		{"STARTTLS", func() Server { return serverAt(t, box.IMAP, StartTLS) }, true, "resolve connect greeting tls sign_in mailbox"},
		{"in the clear", func() Server { return serverAt(t, box.IMAP, Plain) }, true, "resolve connect greeting sign_in mailbox"},
		{"a certificate of nobody", func() Server { return serverAt(t, box.IMAPS, TLS) }, false, "resolve connect tls!tls_unknown greeting- sign_in- mailbox-"},
		{"the same after STARTTLS", func() Server { return serverAt(t, box.IMAP, StartTLS) }, false, "resolve connect greeting tls!tls_unknown sign_in- mailbox-"},
		{"TLS at a port without", func() Server { return serverAt(t, box.IMAP, TLS) }, true, "resolve connect tls!tls_not greeting- sign_in- mailbox-"},
		{"a wrong password", func() Server { s := serverAt(t, box.IMAPS, TLS); s.Password = "no"; return s }, true, "resolve connect tls greeting sign_in!sign_in mailbox-"},
		{"a folder that is not there", func() Server { s := serverAt(t, box.IMAPS, TLS); s.Folder = "Nowhere"; return s }, true, "resolve connect tls greeting sign_in mailbox!mailbox"},
		{"a name that is not there", func() Server { return Server{Host: "imap.invalid", Port: 993, Security: TLS} }, true, "resolve!resolve connect- tls- greeting- sign_in- mailbox-"},
		{"a port where nobody is", func() Server { return Server{Host: "localhost", Port: rig.FreePort(t), Security: TLS} }, true, "resolve connect!port_refused tls- greeting- sign_in- mailbox-"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := &probe{dial: home(), server: c.server()}
			if c.trust {
				p.roots = box.Cert.Pool()
			}
			got := p.run(t.Context(), imapSteps(p.server.Security))
			if told(got) != c.want {
				t.Fatalf("got  %s\nwant %s\n%+v", told(got), c.want, got)
			}
			for _, f := range got {
				if f.Step == "tls" && !f.Skipped && f.Advice != "tls_not" && (f.Cert == nil || len(f.Cert.Names) == 0 || f.Cert.Expires.IsZero()) {
					t.Errorf("the certificate is not shown: %+v", f.Cert)
				}
				if f.Step == "mailbox" && f.OK && f.Mails != 1 {
					t.Errorf("%d mails, want 1", f.Mails)
				}
				if f.Step == "greeting" && f.OK && !strings.HasPrefix(f.Said, "* OK") {
					t.Errorf("greeting %q", f.Said)
				}
			}
		})
	}
}

func TestAnAddressOfOurOwnNetworkIsNotTried(t *testing.T) {
	p := &probe{dial: dial.New(dial.Options{Now: time.Now}), server: Server{Host: "127.0.0.1", Port: 25, Security: Plain}}
	if got, want := told(p.run(t.Context(), imapSteps(Plain))), "resolve connect!private greeting- sign_in- mailbox-"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSendingIsTriedWithoutSending(t *testing.T) {
	sink := rig.Sink(t, rig.SinkSetup{STARTTLS: true, User: "support@shop.example"})
	sink.Always("stranger@shop.example", rig.RefuseRecipient(550))
	try := func(s Security, sender, password string, test []byte) string {
		p := &probe{dial: home(), server: serverAt(t, sink.Addr, s), sender: sender, test: test, roots: sink.Cert.Pool()}
		p.server.Password = password
		return told(p.run(t.Context(), smtpSteps(s, test != nil)))
	}
	cases := []struct{ name, got, want string }{
		{"all well", try(StartTLS, "support@shop.example", rig.Password, nil), "resolve connect greeting tls sign_in sends"},
		{"wrong password", try(StartTLS, "support@shop.example", "no", nil), "resolve connect greeting tls sign_in!sign_in sends-"},
		{"may not send as that", try(StartTLS, "stranger@shop.example", rig.Password, nil), "resolve connect greeting tls sign_in sends!sends"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
	if n := len(sink.Mails()); n != 0 {
		t.Fatalf("%d mails were sent by the test", n)
	}
	if got, want := try(StartTLS, "support@shop.example", rig.Password, []byte("Subject: Test\r\n\r\nHello\r\n")), "resolve connect greeting tls sign_in sends test"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := len(sink.Mails()); n != 1 {
		t.Errorf("%d mails, want the test mail", n)
	}
}

func TestADKIMKeyHasItsRecord(t *testing.T) {
	for kind, prefix := range map[string]string{RSA: "v=DKIM1; k=rsa; p=MII", Ed25519: "v=DKIM1; k=ed25519; p="} {
		d, err := NewDKIM("shop.example", "baraji1", kind)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Record()
		if err != nil || !strings.HasPrefix(got, prefix) || d.RecordName() != "baraji1._domainkey.shop.example" {
			t.Errorf("%s: %q %q %v", kind, d.RecordName(), got, err)
		}
		if strings.Contains(got, "PRIVATE") {
			t.Error("the record holds the private key")
		}
	}
}
