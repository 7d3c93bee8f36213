package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// send is the job of sending one mail of the outbox.
type send struct {
	Out OutID `json:"out"`
}

func (send) JobKind() string { return "email.send" }

// send takes a mail from the outbox to the server. See the package comment for
// what happens when it is cut off.
func (m *Mail) send(ctx context.Context, run *job.Run, j send) error {
	l, err := m.claim(ctx, run, j.Out)
	if err != nil || l.id == 0 {
		return err
	}
	raw, err := m.build(ctx, l)
	if err != nil {
		return m.fail(ctx, run, l, err)
	}
	t := &transfer{mail: m, run: run, letter: l, answers: map[string]*smtp.SMTPError{}}
	return m.conclude(ctx, run, l, t, t.do(ctx, raw))
}

// claim marks the mail as being sent. A mail whose last attempt was cut off when
// its data may have been ended is not sent again.
func (m *Mail) claim(ctx context.Context, run *job.Run, id OutID) (l letter, err error) {
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		l = letter{}
		o, err := db.One(ctx, tx, scanOut, `SELECT `+outColumns+` FROM email_out WHERE id = $1`, id)
		if errors.Is(err, db.ErrNoRow) {
			return run.Finish(ctx, tx)
		}
		if err != nil {
			return err
		}
		if o.state == conversation.Sending && o.phase == phaseData {
			return m.settle(ctx, tx, run, o, conversation.Unconfirmed, "The connection ended before the server confirmed the mail.")
		}
		if o.state != conversation.Queued && o.state != conversation.Sending {
			return run.Finish(ctx, tx)
		}
		full, err := m.letter(ctx, tx, o)
		if err != nil {
			return err
		}
		if full.msg.Delivery == conversation.Withdrawn {
			return m.settle(ctx, tx, run, o, conversation.Withdrawn, "")
		}
		full.attempts++
		if _, err := tx.Exec(ctx, `UPDATE email_out SET state = 'sending', phase = '', attempts = $2, updated_at = $3 WHERE id = $1`, id, full.attempts, tx.Now()); err != nil {
			return err
		}
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		if err := conversation.SetDelivery(ctx, tx, o.message, conversation.Sending, full.attempts, ""); err != nil {
			return err
		}
		l = full
		return nil
	})
	return l, err
}

// settle notes how a mail ended, as part of tx, with the end of its job.
func (m *Mail) settle(ctx context.Context, tx *db.Tx, run *job.Run, o out, state conversation.Delivery, why string) error {
	if err := run.Finish(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE email_out SET state = $2, phase = '', error = $3, updated_at = $4 WHERE id = $1`, o.id, state, clip(why, 500), tx.Now()); err != nil {
		return err
	}
	if state == conversation.Unconfirmed {
		if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = 'unconfirmed' WHERE out_id = $1 AND state = 'waiting'`, o.id); err != nil {
			return err
		}
	}
	return conversation.SetDelivery(ctx, tx, o.message, state, o.attempts, clip(why, 500))
}

func (m *Mail) fail(ctx context.Context, run *job.Run, l letter, cause error) error {
	m.log.Error("mail cannot be sent", "out", l.id, "error", cause)
	return m.db.Write(ctx, func(tx *db.Tx) error { return m.settle(ctx, tx, run, l.out, conversation.Failed, cause.Error()) })
}

// transfer is one attempt.
type transfer struct {
	mail *Mail
	run  *job.Run
	letter
	answers map[string]*smtp.SMTPError // per recipient; nil: accepted
	data    bool                       // the end of the data may have been sent
}

var errNoServer = errors.New("this inbox has no server to send mail with")

// do speaks with the server.
func (t *transfer) do(ctx context.Context, raw []byte) error {
	s := t.account.SMTP
	if !s.Set() {
		return errNoServer
	}
	c, err := t.mail.smtp(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := c.Mail(t.envelope(), t.options(c, raw)); err != nil {
		return err
	}
	if err := t.recipients(c); err != nil {
		return err
	}
	if t.accepted() == 0 {
		return nil
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := t.aboutToEnd(ctx); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Quit() // what it answers no longer matters
	return nil
}

// envelope is where failures are reported to: nowhere for automatic mail (RFC 3834).
func (t *transfer) envelope() string {
	if t.auto {
		return ""
	}
	return t.letter.inbox.Address
}

func (t *transfer) options(c *smtp.Client, raw []byte) *smtp.MailOptions {
	o := &smtp.MailOptions{}
	if ok, _ := c.Extension("SIZE"); ok {
		o.Size = int64(len(raw))
	}
	if ok, _ := c.Extension("SMTPUTF8"); ok {
		for _, r := range t.to {
			o.UTF8 = o.UTF8 || !ascii(r.Address.Address)
		}
	}
	return o
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0
}

func (t *transfer) recipients(c *smtp.Client) error {
	for _, r := range t.to {
		err := c.Rcpt(r.Address.Address, nil)
		var answer *smtp.SMTPError
		if err != nil && !errors.As(err, &answer) {
			return err
		}
		if answer != nil && answer.Code == 421 {
			return answer
		}
		t.answers[r.Address.Address] = answer
	}
	return nil
}

func (t *transfer) accepted() (n int) {
	for _, a := range t.answers {
		if a == nil {
			n++
		}
	}
	return n
}

// aboutToEnd writes down, before the data is ended, that from now on nobody but
// the server knows whether it has the mail.
func (t *transfer) aboutToEnd(ctx context.Context) error {
	err := t.mail.db.Write(ctx, func(tx *db.Tx) error {
		if err := t.run.Hold(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE email_out SET phase = 'data', updated_at = $2 WHERE id = $1`, t.id, tx.Now())
		return err
	})
	t.data = err == nil
	return err
}

// smtp connects to a server and signs in.
func (m *Mail) smtp(ctx context.Context, s Server) (*smtp.Client, error) {
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	var conn net.Conn
	var err error
	d := m.dial.WithIdle(smtpSilence)
	if s.Security == TLS {
		conn, err = d.TLS(ctx, "tcp", s.Addr(), config)
	} else {
		conn, err = d.DialContext(ctx, "tcp", s.Addr())
	}
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", s.Addr(), err)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	var c *smtp.Client
	if s.Security == StartTLS {
		if c, err = smtp.NewClientStartTLS(conn, config); err != nil {
			conn.Close()
			return nil, fmt.Errorf("protect the connection to %s: %w", s.Addr(), err)
		}
	} else {
		c = smtp.NewClient(conn)
	}
	c.CommandTimeout, c.SubmissionTimeout = 5*time.Minute, 10*time.Minute // RFC 5321, 4.5.3.2
	if err := c.Hello(helloName(s)); err != nil {
		c.Close()
		return nil, fmt.Errorf("greet %s: %w", s.Addr(), err)
	}
	if s.Username == "" {
		return c, nil
	}
	if err := c.Auth(method(c, s)); err != nil {
		c.Close()
		return nil, fmt.Errorf("sign in at %s as %s: %w", s.Addr(), s.Username, err)
	}
	return c, nil
}

// smtpSilence is how long the server may say nothing (RFC 5321, 4.5.3.2.6).
const smtpSilence = 10 * time.Minute

func helloName(s Server) string {
	if _, domain, ok := strings.Cut(s.Username, "@"); ok {
		return domain
	}
	return "localhost"
}

func method(c *smtp.Client, s Server) sasl.Client {
	if !c.SupportsAuth(sasl.Plain) && c.SupportsAuth(sasl.Login) {
		return sasl.NewLoginClient(s.Username, s.Password)
	}
	return sasl.NewPlainClient("", s.Username, s.Password)
}

// longest is for how long a mail is tried (RFC 5321, 4.5.4.1 says 4 to 5 days;
// an agent wants to know sooner).
const longest = 48 * time.Hour

// conclude notes what came of an attempt.
func (m *Mail) conclude(ctx context.Context, run *job.Run, l letter, t *transfer, err error) error {
	if errors.Is(err, job.ErrLost) {
		return err
	}
	var answer *smtp.SMTPError
	isAnswer := errors.As(err, &answer)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second) // it must be noted even while we stop
	defer cancel()
	switch {
	case err != nil && t.data && !isAnswer:
		m.log.Warn("mail unconfirmed", "out", l.id, "error", err)
		return m.db.Write(ctx, func(tx *db.Tx) error {
			return m.settle(ctx, tx, run, l.out, conversation.Unconfirmed, "The connection ended before the server confirmed the mail.")
		})
	case errors.Is(err, errNoServer):
		return m.fail(ctx, run, l, err)
	case err != nil && (!isAnswer || answer.Code == 421):
		return m.serverAway(ctx, l, err) // the lane waits: others would fare no better
	case isAnswer: // about the whole mail
		for _, r := range l.to {
			if t.answers[r.Address.Address] == nil {
				t.answers[r.Address.Address] = answer
			}
		}
	}
	if noted := m.trouble(ctx, l.out.inbox, true, nil); noted != nil {
		m.log.Error("note server state", "error", noted)
	}
	return m.db.Write(ctx, func(tx *db.Tx) error { return m.answered(ctx, tx, run, l, t.answers) })
}

// serverAway notes that the server could not be reached. The job fails and holds
// its lane until it can.
func (m *Mail) serverAway(ctx context.Context, l letter, cause error) error {
	if err := m.trouble(ctx, l.out.inbox, true, cause); err != nil {
		m.log.Error("note server state", "error", err)
	}
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE email_out SET state = 'queued', phase = '', error = $2, updated_at = $3 WHERE id = $1`,
			l.id, clip(cause.Error(), 500), tx.Now()); err != nil {
			return err
		}
		return conversation.SetDelivery(ctx, tx, l.message, conversation.Queued, l.attempts, clip(cause.Error(), 500))
	})
	return errors.Join(cause, err)
}

// answered notes the server's answer for each recipient. Those who were put off
// are tried again later, beside the other mail; those who were refused are told
// to the agent.
func (m *Mail) answered(ctx context.Context, tx *db.Tx, run *job.Run, l letter, answers map[string]*smtp.SMTPError) error {
	var later, refused []string
	for address, a := range answers {
		state, code, text := "sent", 250, ""
		if a != nil {
			code, text = a.Code, a.Message
			state = "waiting"
			if a.Code >= 500 || tx.Now().Sub(l.msg.CreatedAt) > longest {
				state = "failed"
				refused = append(refused, address+": "+fmt.Sprint(code)+" "+text)
			} else {
				later = append(later, address+": "+fmt.Sprint(code)+" "+text)
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = $3, code = $4, answer = $5 WHERE out_id = $1 AND address = $2`,
			l.id, address, state, code, clip(text, 500)); err != nil {
			return err
		}
	}
	if len(later) > 0 {
		return m.tryLater(ctx, tx, run, l, strings.Join(append(later, refused...), "\n"))
	}
	failed, err := db.Exists(ctx, tx, `SELECT 1 FROM email_out_recipient WHERE out_id = $1 AND state = 'failed'`, l.id)
	if err != nil {
		return err
	}
	if failed {
		return m.settle(ctx, tx, run, l.out, conversation.Failed, strings.Join(refused, "\n"))
	}
	return m.settle(ctx, tx, run, l.out, conversation.Sent, "")
}

func (m *Mail) tryLater(ctx context.Context, tx *db.Tx, run *job.Run, l letter, why string) error {
	if err := run.Finish(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE email_out SET state = 'queued', phase = '', error = $2, updated_at = $3 WHERE id = $1`, l.id, clip(why, 500), tx.Now()); err != nil {
		return err
	}
	if err := conversation.SetDelivery(ctx, tx, l.message, conversation.Queued, l.attempts, clip(why, 500)); err != nil {
		return err
	}
	return job.Add(ctx, tx, send{l.id}, job.Options{Lane: l.id.String(), At: tx.Now().Add(wait(l.attempts))})
}

// wait grows from a minute to four hours, give or take a quarter.
func wait(attempts int) time.Duration {
	d := min(time.Minute<<min(attempts-1, 10), 4*time.Hour)
	return d*3/4 + rand.N(d/2)
}
