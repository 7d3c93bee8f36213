package email

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/inbox"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"

	"github.com/emersion/go-smtp"
)

// Serve takes mail that comes in by SMTP, or LMTP, until ctx ends. A mail is
// answered with 250 only after its bytes have been committed.
func (m *Mail) Serve(ctx context.Context, l net.Listener, lmtp bool) error {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{mail: m, ctx: ctx}, nil }))
	s.LMTP = lmtp
	s.Domain = "baraji"
	s.MaxMessageBytes = maxMail
	s.MaxRecipients = 100
	s.MaxLineLength = 1 << 16 // longer than allowed, but mail with long lines exists
	s.ReadTimeout, s.WriteTimeout = 5*time.Minute, time.Minute
	s.EnableSMTPUTF8 = true
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if s.Shutdown(ctx) != nil {
			s.Close()
		}
	})
	defer stop()
	err := s.Serve(l)
	if ctx.Err() != nil || errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// session is one connection of a mail server.
type session struct {
	mail *Mail
	ctx  context.Context
	from string
	to   []inbox.ID
}

// Reset forgets the mail that was begun.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.mail.room.Short() != nil {
		return errNoRoom
	}
	if from == "" {
		from = nullSender // it was given, and says that a machine wrote
	}
	s.from, s.to = from, nil
	return nil
}

// nullSender is the envelope sender of mail that nobody answers (RFC 5321, 4.5.5).
const nullSender = "<>"

var errUnknown = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox here"}
var errNotNow = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Cannot take mail now, try again later"}
var errNoRoom = &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "No room now, try again later"}

// Rcpt takes the addresses of inboxes and no others: nobody can relay through us.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !utf8.ValidString(to) || strings.Contains(to, "\x00") {
		return errUnknown
	}
	var in inbox.Inbox
	err := s.mail.db.Read(s.ctx, func(tx *db.Tx) (err error) {
		in, err = inbox.ByAddress(s.ctx, tx, "email", to)
		return err
	})
	switch {
	case problem.KindOf(err) == problem.NotFound, err == nil && !in.Enabled:
		return errUnknown
	case err != nil:
		s.mail.log.Error("look up mailbox", "error", err)
		return errNotNow
	}
	for _, had := range s.to {
		if had == in.ID {
			return nil
		}
	}
	s.to = append(s.to, in.ID)
	return nil
}

// Data takes the bytes and says 250 when they are ours.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	name := "smtp:" + rand.Text()
	var mails []arrival
	for _, to := range s.to {
		mails = append(mails, arrival{raw: raw, Item: Item{Inbox: to, Source: name, EnvelopeFrom: s.from, ReceivedAt: s.mail.db.Now()}})
	}
	err = s.mail.store(s.ctx, mails, nil)
	switch {
	case err == nil:
		return nil
	case db.IsFull(err), errors.Is(err, blob.ErrFull):
		s.mail.log.Error("no room for mail", "error", err)
		return errNoRoom
	}
	s.mail.log.Error("store mail", "error", err)
	return errNotNow
}

// LMTPData answers for each recipient; what is stored is stored for all.
func (s *session) LMTPData(r io.Reader, _ smtp.StatusCollector) error { return s.Data(r) }
