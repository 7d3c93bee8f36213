package email

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"

	"baraji/internal/kit/dial"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// Finding is what came of one step of a connection test. What is said about it
// stands in the catalogue: probe.step_<Step> and probe.advice_<Advice>.
type Finding struct {
	Step    string // "resolve", "connect", "tls", "greeting", "sign_in", "mailbox", "sends", "test"
	OK      bool
	Skipped bool         // an earlier step failed
	Said    string       // the other side's own words
	Advice  string       // what to do about it, when it failed
	Cert    *Certificate // of the step "tls", also when it is not good
	Mails   uint32       // of the step "mailbox"
}

// Certificate is what a server shows.
type Certificate struct {
	Names   []string
	Issuer  string
	Expires time.Time
}

// stepLimit bounds each step of a test.
const stepLimit = 10 * time.Second

// probe is a connection that is tried out.
type probe struct {
	dial   *dial.Dialer
	roots  *x509.CertPool // nil: those of the system
	server Server
	sender string // the address that mail is sent from
	test   []byte // a mail to sender; nil sends none

	refused error // what dialling said, for the two steps that it is
	conn    net.Conn
	imap    *imapclient.Client
	smtp    *smtp.Client
}

// step is one part of a test, in the order of the lists below.
type step struct {
	name string
	run  func(context.Context, *probe) (Finding, error)
}

// imapSteps is how a mailbox is tested.
func imapSteps(s Security) []step {
	return append(opening(s, greeting, imapStartTLS), step{"sign_in", imapSignIn}, step{"mailbox", openMailbox})
}

// smtpSteps is how sending is tested.
func smtpSteps(s Security, test bool) []step {
	all := append(opening(s, smtpGreeting, smtpStartTLS), step{"sign_in", smtpSignIn}, step{"sends", sends})
	if test {
		all = append(all, step{"test", sendTest})
	}
	return all
}

// opening is how a connection comes about: greet is the whole greeting, protect follows
// upon one in the clear that was only read.
func opening(s Security, greet, protect func(context.Context, *probe) (Finding, error)) []step {
	all := []step{{"resolve", resolve}, {"connect", connect}}
	switch s {
	case TLS:
		return append(all, step{"tls", handshake}, step{"greeting", greet})
	case StartTLS:
		return append(all, step{"greeting", greeting}, step{"tls", protect})
	}
	return append(all, step{"greeting", greet})
}

// ProbeIMAP tries out a server that mail is fetched from, step by step, up to the
// first that fails. It changes nothing there. Outside of transactions: it may take
// ten seconds a step.
func (m *Mail) ProbeIMAP(ctx context.Context, s Server) []Finding {
	p := &probe{dial: m.dial, roots: m.roots, server: s}
	return p.run(ctx, imapSteps(s.Security))
}

// ProbeSMTP does the same for a server that takes outgoing mail. Nothing is sent
// unless there is a test mail, which goes from sender to sender.
func (m *Mail) ProbeSMTP(ctx context.Context, s Server, sender string, test []byte) []Finding {
	p := &probe{dial: m.dial, roots: m.roots, server: s, sender: sender, test: test}
	return p.run(ctx, smtpSteps(s.Security, test != nil))
}

func (p *probe) run(ctx context.Context, steps []step) []Finding {
	defer p.close()
	all := make([]Finding, 0, len(steps))
	failed := false
	for _, s := range steps {
		if failed {
			all = append(all, Finding{Step: s.name, Skipped: true})
			continue
		}
		f := p.try(ctx, s)
		failed = !f.OK
		all = append(all, f)
	}
	return all
}

// errSilent says that the other side said nothing for as long as we wait.
var errSilent = errors.New("no answer within ten seconds")

func (p *probe) try(ctx context.Context, s step) Finding {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	if conn := p.conn; conn != nil {
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		defer stop()
	}
	f, err := s.run(ctx, p)
	if err != nil && ctx.Err() != nil {
		err = errSilent
	}
	f.Step, f.OK = s.name, err == nil
	if err != nil {
		f.Said, f.Advice = said(err), p.advice(s.name, err)
	}
	f.Said = clip(strings.ToValidUTF8(f.Said, "?"), 500)
	return f
}

func (p *probe) close() {
	if p.imap != nil {
		p.imap.Close()
	}
	if p.smtp != nil {
		p.smtp.Close()
	}
	if p.conn != nil {
		p.conn.Close()
	}
}

// said is what went wrong in the words of whoever said it.
func said(err error) string {
	var d *dial.Error
	if errors.As(err, &d) && d.Unwrap() != nil {
		return d.Unwrap().Error()
	}
	return err.Error()
}

// resolve finds the address of the name. Dialling does it and the next step in
// one, since the address that was checked must be the one that is used.
func resolve(ctx context.Context, p *probe) (Finding, error) {
	p.conn, p.refused = nil, nil
	conn, err := p.dial.WithIdle(stepLimit).DialContext(ctx, "tcp", p.server.Addr())
	var d *dial.Error
	if errors.As(err, &d) && d.Kind == dial.Unresolved {
		return Finding{}, err
	}
	if err != nil {
		p.refused = err
		return Finding{}, nil
	}
	p.conn = conn
	host, _, _ := net.SplitHostPort(conn.RemoteAddr().String())
	return Finding{Said: host}, nil
}

func connect(_ context.Context, p *probe) (Finding, error) { return Finding{}, p.refused }

// config is how the server has to prove who it is; f takes what it shows.
func (p *probe) config(f *Finding) *tls.Config {
	return &tls.Config{ServerName: p.server.Host, MinVersion: tls.VersionTLS12, RootCAs: p.roots,
		VerifyConnection: func(c tls.ConnectionState) error { f.Cert = shown(c.PeerCertificates); return nil }}
}

func shown(chain []*x509.Certificate) *Certificate {
	if len(chain) == 0 {
		return nil
	}
	c := chain[0]
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	issuer := c.Issuer.CommonName
	if issuer == "" && len(c.Issuer.Organization) > 0 {
		issuer = c.Issuer.Organization[0]
	}
	return &Certificate{Names: names, Issuer: issuer, Expires: c.NotAfter}
}

// proven adds the certificate that was not good.
func proven(f Finding, err error) (Finding, error) {
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		f.Cert = shown(bad.UnverifiedCertificates)
		err = bad.Err
	}
	return f, err
}

func handshake(ctx context.Context, p *probe) (f Finding, err error) {
	secure := tls.Client(p.conn, p.config(&f))
	if err = secure.HandshakeContext(ctx); err == nil {
		p.conn = secure
	}
	return proven(f, err)
}

// replay is a connection of which the greeting has been read already.
type replay struct {
	net.Conn
	from *bufio.Reader
}

func (r replay) Read(b []byte) (int, error) { return r.from.Read(b) }

// greeting reads the first line and leaves it for whoever speaks next.
func greeting(_ context.Context, p *probe) (Finding, error) {
	r := replay{p.conn, bufio.NewReaderSize(p.conn, 4096)}
	p.conn = r
	for n := 1; n <= 1024; n++ {
		b, err := r.from.Peek(n)
		if err != nil {
			return Finding{}, err
		}
		if b[n-1] == '\n' {
			return Finding{Said: strings.TrimSpace(string(b))}, greets(string(b))
		}
	}
	return Finding{}, errStrange
}

var errStrange = errors.New("this is not how a mail server greets")

func greets(line string) error {
	if strings.HasPrefix(line, "* OK") || strings.HasPrefix(line, "* PREAUTH") || strings.HasPrefix(line, "220") {
		return nil
	}
	return errors.New(strings.TrimSpace(line))
}

func imapStartTLS(_ context.Context, p *probe) (f Finding, err error) {
	p.imap, err = imapclient.NewStartTLS(p.conn, &imapclient.Options{TLSConfig: p.config(&f)})
	return proven(f, err)
}

func imapSignIn(_ context.Context, p *probe) (Finding, error) {
	if p.imap == nil {
		p.imap = imapclient.New(p.conn, nil)
	}
	return Finding{Said: p.server.Username}, p.imap.Login(p.server.Username, p.server.Password).Wait()
}

func openMailbox(_ context.Context, p *probe) (Finding, error) {
	box, err := p.imap.Select(p.server.Mailbox(), &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return Finding{}, err
	}
	return Finding{Said: p.server.Mailbox(), Mails: box.NumMessages}, nil
}

func smtpGreeting(ctx context.Context, p *probe) (Finding, error) {
	f, err := greeting(ctx, p)
	if err != nil {
		return f, err
	}
	p.smtp = smtp.NewClient(p.conn)
	p.smtp.CommandTimeout = stepLimit
	return f, p.smtp.Hello(helloName(p.server))
}

func smtpStartTLS(_ context.Context, p *probe) (f Finding, err error) {
	if p.smtp, err = smtp.NewClientStartTLS(p.conn, p.config(&f)); err != nil {
		return proven(f, err)
	}
	p.smtp.CommandTimeout = stepLimit
	return f, p.smtp.Hello(helloName(p.server))
}

func smtpSignIn(_ context.Context, p *probe) (Finding, error) {
	if p.server.Username == "" {
		return Finding{}, nil
	}
	return Finding{Said: p.server.Username}, p.smtp.Auth(method(p.smtp, p.server))
}

// sends asks whether the server would take a mail from the inbox's address, and
// takes the question back.
func sends(_ context.Context, p *probe) (Finding, error) {
	if err := p.smtp.Mail(p.sender, nil); err != nil {
		return Finding{}, err
	}
	if err := p.smtp.Rcpt(p.sender, nil); err != nil {
		return Finding{}, err
	}
	return Finding{Said: p.sender}, p.smtp.Reset()
}

func sendTest(_ context.Context, p *probe) (Finding, error) {
	return Finding{Said: p.sender}, p.smtp.SendMail(p.sender, []string{p.sender}, bytes.NewReader(p.test))
}
