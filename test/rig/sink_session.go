package rig

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is a line of the journal: a mail that was taken.
type Mail struct {
	Number int       `json:"number"` // from 1
	From   string    `json:"from"`   // envelope, "" for a null sender
	To     []string  `json:"to"`     // envelope: the recipients that were accepted
	File   string    `json:"file"`   // the bytes as they came
	SHA256 string    `json:"sha256"`
	Size   int       `json:"size"`
	TLS    bool      `json:"tls"`
	User   string    `json:"user"` // who logged in
	Cut    bool      `json:"cut"`  // the sender was not told 250
	At     time.Time `json:"at"`
}

// Raw reads the bytes of the mail.
func (m Mail) Raw() ([]byte, error) { return os.ReadFile(m.File) }

// session is one connection to the sink.
type session struct {
	sink *MailSink
	conn *smtp.Conn
	user string
	from string
	to   []string
	data Answer // the least kind answer of the recipients of this mail
}

func (s *MailSink) greet(conn *smtp.Conn) (smtp.Session, error) {
	return &session{sink: s, conn: conn}, nil
}

func (c *session) Reset()        { c.from, c.to, c.data = "", nil, Answer{} }
func (c *session) Logout() error { return nil }

func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.sink.with.User != "" && c.user == "" {
		return refusal(530, "authentication required")
	}
	c.from = from
	return nil
}

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	a := c.sink.answer(to)
	if a.at == atRecipient {
		if a.code == 421 {
			defer c.hangUpSoon()
		}
		return refusal(a.code, "recipient refused")
	}
	c.to = append(c.to, to)
	if line, ok := c.conn.Conn().(*plug); ok && a.at == atData {
		line.pulled.Store(true)
	}
	if a.at != never {
		c.data = a
	}
	return nil
}

// Data takes the mail in: read, journal, think, 250.
func (c *session) Data(r io.Reader) error {
	if !c.sink.begin() {
		return c.cut()
	}
	defer c.sink.busy.Done()
	if c.data.at == atData {
		return c.cut()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err // a mail that broke off or is too large
	}
	if c.data.at == afterData && c.data.code == 0 {
		return c.cut()
	}
	if c.data.at == afterData {
		return refusal(c.data.code, "mail refused")
	}
	if err := c.sink.take(c, raw); err != nil {
		return refusal(451, err.Error())
	}
	c.sink.think()
	if c.data.at == before250 {
		return c.cut()
	}
	return nil
}

// take writes the mail and its line in the journal, and returns when both are on the disk.
func (s *MailSink) take(c *session, raw []byte) error {
	if err := s.forward(c, raw); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := sha256.Sum256(raw)
	_, secure := c.conn.TLSConnectionState()
	m := Mail{
		Number: len(s.mails) + 1, From: c.from, To: c.to, SHA256: hex.EncodeToString(sum[:]), Size: len(raw),
		TLS: secure, User: c.user, Cut: c.data.at == before250, At: time.Now().UTC(),
	}
	m.File = filepath.Join(s.dir, fmt.Sprintf("%06d.eml", m.Number))
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := errors.Join(writeSynced(m.File, raw), appendSynced(s.journal, line)); err != nil {
		return err
	}
	s.mails = append(s.mails, m)
	close(s.more)
	s.more = make(chan struct{})
	return nil
}

// forward puts the mail into the mailboxes of those recipients that have one.
func (s *MailSink) forward(c *session, raw []byte) error {
	if s.with.Forward == nil {
		return nil
	}
	for _, to := range c.to {
		err := s.with.Forward.TryDeliver(c.from, to, raw)
		var unknown *smtp.SMTPError
		if err != nil && !(errors.As(err, &unknown) && unknown.Code == 550) {
			return err
		}
	}
	return nil
}

// think waits as long as the setup says, but not beyond the end of the server.
func (s *MailSink) think() {
	if s.with.Delay == nil {
		return
	}
	select {
	case <-time.After(s.with.Delay()):
	case <-s.closing:
	}
}

// cut closes the connection without an answer.
func (c *session) cut() error {
	c.conn.Conn().Close()
	return refusal(451, "cut")
}

// hangUpSoon closes the connection once the answer that is about to be given has left: there is no word from the server library when that is, so the
// client gets a moment to read it, or closes first.
func (c *session) hangUpSoon() {
	time.AfterFunc(50*time.Millisecond, func() { c.conn.Conn().Close() })
}

func (c *session) AuthMechanisms() []string {
	if c.sink.with.User == "" {
		return nil
	}
	return []string{sasl.Plain, sasl.Login}
}

func (c *session) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return c.login(user, password) }), nil
	case sasl.Login:
		return &loginServer{check: c.login}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (c *session) login(user, password string) error {
	if user != c.sink.with.User || password != Password {
		return smtp.ErrAuthFailed
	}
	c.user = user
	return nil
}

// loginServer is the server side of AUTH LOGIN, which our library has for clients only: two questions, user and password.
type loginServer struct {
	asked int
	user  string
	check func(user, password string) error
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.asked == 0 && response == nil {
		l.asked = 1
		return []byte("Username:"), false, nil
	}
	if l.user == "" {
		l.asked, l.user = 2, string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

func appendSynced(f *os.File, line []byte) error {
	_, err := f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync())
}
