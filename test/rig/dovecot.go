package rig

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// Password is the password of every account of the mail server and of the sink.
const Password = "correct horse battery staple"

// MailServer is a real Dovecot: mailboxes that the program fetches from, or in which a customer's mail program reads what we sent.
type MailServer struct {
	IMAP  string // host:port, plain with STARTTLS
	IMAPS string // host:port, TLS from the start
	LMTP  string // host:port
	Cert  Certificate

	t     testing.TB
	dir   string
	as    account
	child *child

	lmtp sync.Mutex // guards line
	line *smtp.Client
}

//go:embed dovecot.conf
var dovecotConf string

// Dovecot starts a mail server with an account for each address ("support@shop.example" when none is given). All have [Password].
func Dovecot(t testing.TB, addresses ...string) *MailServer {
	t.Helper()
	Need(t, "dovecot")
	if len(addresses) == 0 {
		addresses = []string{"support@shop.example"}
	}
	as, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	m := &MailServer{t: t, as: as, dir: as.home(t, "dovecot"), Cert: NewCertificate(t)}
	if err := m.configure(FreePort(t), FreePort(t), FreePort(t), addresses); err != nil {
		t.Fatalf("configure Dovecot: %v", err)
	}
	tellOnFailure(t, "Dovecot", filepath.Join(m.dir, "log"))
	m.Start()
	t.Cleanup(func() {
		if m.child.running() {
			m.child.end(syscall.SIGKILL, 10*time.Second) // TERM would take it a second
		}
	})
	return m
}

func (m *MailServer) configure(imap, imaps, lmtp int, addresses []string) error {
	m.IMAP, m.IMAPS, m.LMTP = loopback(imap), loopback(imaps), loopback(lmtp)
	var users strings.Builder
	for _, address := range addresses {
		fmt.Fprintf(&users, "%s:{PLAIN}%s\n", address, Password)
	}
	conf := strings.NewReplacer("@DIR@", m.dir, "@USER@", m.as.name, "@GROUP@", m.as.group, "@UID@", strconv.Itoa(m.as.uid), "@GID@", strconv.Itoa(m.as.gid),
		"@IMAP@", strconv.Itoa(imap), "@IMAPS@", strconv.Itoa(imaps), "@LMTP@", strconv.Itoa(lmtp)).Replace(dovecotConf)
	return errors.Join(
		m.as.write(filepath.Join(m.dir, "dovecot.conf"), []byte(conf)),
		m.as.write(filepath.Join(m.dir, "users"), []byte(users.String())),
		m.as.write(filepath.Join(m.dir, "cert.pem"), m.Cert.CertPEM),
		m.as.write(filepath.Join(m.dir, "key.pem"), m.Cert.KeyPEM))
}

// Start starts the server (again) on the same ports, with the mail it had.
func (m *MailServer) Start() {
	m.t.Helper()
	cmd := exec.Command(onPath("dovecot"), "-F", "-c", filepath.Join(m.dir, "dovecot.conf"))
	cmd.Dir = m.dir
	var err error
	if m.child, err = start(cmd, m.as, filepath.Join(m.dir, "log"), syscall.SIGTERM); err != nil {
		m.t.Fatal(err)
	}
	if err := m.child.await(20*time.Second, m.answers); err != nil {
		m.t.Fatalf("start Dovecot: %v", err)
	}
}

// answers looks for the greetings of both protocols.
func (m *MailServer) answers() error {
	for _, addr := range []string{m.IMAP, m.LMTP} {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return err
		}
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		_, err = conn.Read(make([]byte, 1))
		conn.Close()
		if err != nil {
			return fmt.Errorf("no greeting on %s: %w", addr, err)
		}
	}
	return nil
}

// Stop ends the server in order; clients are told BYE.
func (m *MailServer) Stop() {
	m.t.Helper()
	m.hangUp()
	if err := m.child.end(syscall.SIGTERM, 20*time.Second); err != nil {
		m.t.Fatal(err)
	}
	m.awaitSilence()
}

// Kill ends the server at once: connections are cut.
func (m *MailServer) Kill() {
	m.t.Helper()
	m.hangUp()
	m.child.end(syscall.SIGKILL, 20*time.Second)
	m.awaitSilence()
}

// awaitSilence returns when nobody listens any more: the login processes hold the ports a moment longer than their master lives.
func (m *MailServer) awaitSilence() {
	m.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); <-tick.C {
		if !listens(m.IMAP) && !listens(m.IMAPS) && !listens(m.LMTP) {
			return
		}
	}
	m.t.Fatal("Dovecot was ended and still listens")
}

func listens(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// Deliver hands a mail to an account by LMTP, as the world does: the server adds Return-Path and Received lines.
func (m *MailServer) Deliver(address string, raw []byte) {
	m.t.Helper()
	if err := m.TryDeliver("sender@elsewhere.example", address, raw); err != nil {
		m.t.Fatal(err)
	}
}

// TryDeliver is Deliver with a sender of one's choice and an error, for loops that go on while the server is down. One connection is kept for all.
func (m *MailServer) TryDeliver(from, to string, raw []byte) error {
	m.lmtp.Lock()
	defer m.lmtp.Unlock()
	if m.line == nil {
		conn, err := net.DialTimeout("tcp", m.LMTP, 5*time.Second)
		if err != nil {
			return fmt.Errorf("deliver to %s: %w", to, err)
		}
		m.line = smtp.NewClientLMTP(conn)
	}
	err := m.line.SendMail(from, []string{to}, strings.NewReader(string(raw)))
	if err != nil {
		m.line.Close()
		m.line = nil
		return fmt.Errorf("deliver to %s: %w", to, err)
	}
	return nil
}

func (m *MailServer) hangUp() {
	m.lmtp.Lock()
	defer m.lmtp.Unlock()
	if m.line != nil {
		m.line.Close()
		m.line = nil
	}
}

// Client opens an IMAP connection as one of the accounts, for whatever the methods below do not offer. It is closed with the test.
func (m *MailServer) Client(address string) *imapclient.Client {
	m.t.Helper()
	c, err := imapclient.DialInsecure(m.IMAP, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { c.Close() })
	if err := c.Login(address, Password).Wait(); err != nil {
		m.t.Fatalf("log in as %s: %v", address, err)
	}
	return c
}

// Append puts a mail into a folder by IMAP: its bytes stay as they are, its flags and internal date are the caller's. The folder is made when absent.
func (m *MailServer) Append(address, folder string, raw []byte, flags []imap.Flag, date time.Time) {
	m.t.Helper()
	c := m.Client(address)
	defer c.Close()
	if folder != "INBOX" {
		c.Create(folder, nil).Wait() // an error means that it is there, or shows below
	}
	cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: flags, Time: date})
	_, err := cmd.Write(raw)
	if err = errors.Join(err, cmd.Close()); err == nil {
		_, err = cmd.Wait()
	}
	if err != nil {
		m.t.Fatalf("append to %s of %s: %v", folder, address, err)
	}
}

// Messages counts what lies in an account's inbox.
func (m *MailServer) Messages(address string) int {
	m.t.Helper()
	return int(*m.status(address).NumMessages)
}

// UIDValidity is the number that tells clients whether the UIDs they know still hold.
func (m *MailServer) UIDValidity(address string) uint32 {
	m.t.Helper()
	return m.status(address).UIDValidity
}

func (m *MailServer) status(address string) *imap.StatusData {
	m.t.Helper()
	c := m.Client(address)
	defer c.Close()
	data, err := c.Status("INBOX", &imap.StatusOptions{NumMessages: true, UIDValidity: true}).Wait()
	if err != nil {
		m.t.Fatalf("status of %s: %v", address, err)
	}
	return data
}

// Fetch reads every mail of a folder, oldest first, without marking it as seen.
func (m *MailServer) Fetch(address, folder string) [][]byte {
	m.t.Helper()
	c := m.Client(address)
	defer c.Close()
	box, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		m.t.Fatalf("select %s of %s: %v", folder, address, err)
	}
	if box.NumMessages == 0 {
		return nil
	}
	all := imap.SeqSet{}
	all.AddRange(1, box.NumMessages)
	body := &imap.FetchItemBodySection{Peek: true}
	found, err := c.Fetch(all, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{body}}).Collect()
	if err != nil {
		m.t.Fatalf("fetch %s of %s: %v", folder, address, err)
	}
	mails := make([][]byte, len(found))
	for i, mail := range found {
		mails[i] = mail.FindBodySection(body)
	}
	return mails
}

// WaitMessages waits until an account's inbox holds at least n mails, and reads it.
func (m *MailServer) WaitMessages(ctx context.Context, address string, n int) [][]byte {
	m.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for m.Messages(address) < n {
		select {
		case <-ctx.Done():
			m.t.Fatalf("%s has %d mails, want %d: %v", address, m.Messages(address), n, context.Cause(ctx))
		case <-tick.C:
		}
	}
	return m.Fetch(address, "INBOX")
}

// ResetUIDValidity makes the server forget the UIDs of an account's inbox, as a restored or moved mailbox does: the same mails get new UIDs under a
// new UIDVALIDITY.
func (m *MailServer) ResetUIDValidity(address string) {
	m.t.Helper()
	before := m.UIDValidity(address)
	box := filepath.Join(m.dir, "mail", address)
	lists, _ := filepath.Glob(filepath.Join(box, "dovecot-uidlist*"))
	indexes, _ := filepath.Glob(filepath.Join(box, "dovecot.index*"))
	for _, path := range append(lists, indexes...) {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			m.t.Fatal(err)
		}
	}
	if after := m.UIDValidity(address); after == before {
		m.t.Fatalf("UIDVALIDITY of %s is %d as before", address, after)
	}
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
