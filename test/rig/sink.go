package rig

import (
	"context"
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// SinkSetup says how the receiving server behaves. The zero value takes everything from everybody.
type SinkSetup struct {
	STARTTLS bool                 // offer it, with [MailSink.Cert]
	TLS      bool                 // speak TLS from the first byte
	Cert     *Certificate         // what it shows; nil: a new one
	User     string               // ask for AUTH PLAIN or LOGIN as this user with [Password]
	NoUTF8   bool                 // do not offer SMTPUTF8
	MaxBytes int64                // refuse larger mails, 0 = no limit
	Delay    func() time.Duration // how long to think between end of data and 250; the mail is in the journal by then
	Forward  *MailServer          // also put what is accepted into these mailboxes, to play the customer's mail program
}

// MailSink is the receiving side of outgoing mail: a real SMTP server that writes each mail into a journal, synced to the disk, before it answers 250.
// It lives in the test process and so survives every kill of the program that is tested.
type MailSink struct {
	Addr string // host:port
	Cert Certificate

	t       testing.TB
	with    SinkSetup
	dir     string
	server  *smtp.Server
	closing chan struct{}  // closed by Stop: nobody thinks any longer
	busy    sync.WaitGroup // mails being taken in; grows only while open

	mu       sync.Mutex // guards all below
	open     bool
	journal  *os.File
	mails    []Mail
	more     chan struct{} // closed and made anew with each mail
	scripts  map[string][]Answer
	always   map[string]Answer
	attempts map[string]int
}

// Sink starts a receiving server on a free port.
func Sink(t testing.TB, with SinkSetup) *MailSink {
	t.Helper()
	s := &MailSink{
		Addr: loopback(FreePort(t)), Cert: NewCertificate(t), t: t, with: with, dir: t.TempDir(),
		more: make(chan struct{}), scripts: map[string][]Answer{}, always: map[string]Answer{}, attempts: map[string]int{},
	}
	if with.Cert != nil {
		s.Cert = *with.Cert
	}
	journal, err := os.OpenFile(s.Journal(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s.journal = journal
	s.Start()
	t.Cleanup(func() {
		s.Stop()
		journal.Close()
	})
	return s
}

// Start listens (again) on the same address.
func (s *MailSink) Start() {
	s.t.Helper()
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		s.t.Fatal(err)
	}
	l = plugs{l}
	s.closing = make(chan struct{})
	s.server = smtp.NewServer(smtp.BackendFunc(s.greet))
	s.server.Domain = "sink.example"
	s.server.EnableSMTPUTF8 = !s.with.NoUTF8
	s.server.MaxMessageBytes = s.with.MaxBytes
	s.server.AllowInsecureAuth = true
	s.server.ReadTimeout, s.server.WriteTimeout = 5*time.Minute, time.Minute
	if s.with.STARTTLS || s.with.TLS {
		config, err := s.Cert.Server()
		if err != nil {
			s.t.Fatal(err)
		}
		if s.with.TLS {
			l = tls.NewListener(l, config)
		} else {
			s.server.TLSConfig = config
		}
	}
	s.mu.Lock()
	s.open = true
	s.mu.Unlock()
	go s.server.Serve(l)
}

// begin counts a mail that is being taken in, unless the server is closing.
func (s *MailSink) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		s.busy.Add(1)
	}
	return s.open
}

// Stop cuts all connections and listens no more. What the journal holds stays.
func (s *MailSink) Stop() {
	s.mu.Lock()
	was := s.open
	s.open = false
	s.mu.Unlock()
	if was {
		s.server.Close() // before the thinkers wake: none may still say 250
		close(s.closing)
		s.busy.Wait()
	}
}

// Journal is the file with one line of JSON per mail taken, in order.
func (s *MailSink) Journal() string { return filepath.Join(s.dir, "journal.jsonl") }

// Mails lists what was taken so far.
func (s *MailSink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Wait waits until n mails were taken and lists them all.
func (s *MailSink) Wait(ctx context.Context, n int) []Mail {
	s.t.Helper()
	for {
		s.mu.Lock()
		mails, more := slices.Clone(s.mails), s.more
		s.mu.Unlock()
		if len(mails) >= n {
			return mails
		}
		select {
		case <-more:
		case <-ctx.Done():
			s.t.Fatalf("the sink has %d mails, want %d: %v", len(mails), n, context.Cause(ctx))
		}
	}
}

// Attempts counts how often a recipient was named to the server, whatever came of it.
func (s *MailSink) Attempts(address string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts[address]
}
