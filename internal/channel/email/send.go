package email

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/blob"
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
	switch {
	case errors.Is(err, errFile) && !errors.Is(err, blob.ErrNotFound):
		return m.away(ctx, run, l, err)
	case err != nil:
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
		if run.Cuts >= maxKills { // the server has none of it, or the case above had been met
			return m.failAll(ctx, tx, run, letter{out: o}, "The program ended each time it tried to send this mail.")
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
	return m.db.Write(ctx, func(tx *db.Tx) error { return m.failAll(ctx, tx, run, l, cause.Error()) })
}

// failAll gives up on all who still wait.
func (m *Mail) failAll(ctx context.Context, tx *db.Tx, run *job.Run, l letter, why string) error {
	if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = 'failed', answer = $2 WHERE out_id = $1 AND state = 'waiting'`, l.id, clip(why, 500)); err != nil {
		return err
	}
	return m.settle(ctx, tx, run, l.out, conversation.Failed, why)
}

// transfer is one attempt.
type transfer struct {
	mail *Mail
	run  *job.Run
	letter
	line    *line
	answers map[string]*smtp.SMTPError // per recipient; nil: accepted
	data    bool                       // the end of the data may have been sent
}

// notNow is an error of the server or of our account there, not of the mail: its
// lane waits, as other mail would fare no better.
type notNow struct{ error }

func (n notNow) Unwrap() error { return n.error }

var errHungUp = errors.New("the server ended the connection before it had the mail")

var errNoServer = errors.New("this inbox has no server to send mail with")

// do speaks with the server.
func (t *transfer) do(ctx context.Context, raw []byte) error {
	s := t.account.SMTP
	if !s.Set() {
		return errNoServer
	}
	c, line, err := t.mail.smtp(ctx, s)
	if err != nil {
		return notNow{err}
	}
	t.line = line
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { c.Close() }) })
	defer stop()
	if err := c.Mail(t.envelope(), options(c, raw)); err != nil {
		return aboutUs(err)
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
	if !t.line.silent() { // whatever it says before the end of the data, it does not have the mail
		t.data = false
		return errHungUp
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Quit() // what it answers no longer matters
	return nil
}

// grace is how long a server may still confirm when the program stops.
const grace = 3 * time.Second

// aboutUs tells answers to MAIL that mean our account from those that mean the mail.
func aboutUs(err error) error {
	var a *smtp.SMTPError
	if errors.As(err, &a) {
		switch a.Code {
		case 454, 530, 534, 535, 538: // RFC 4954, 6
			return notNow{err}
		}
	}
	return err
}

// envelope is where failures are reported to: nowhere for automatic mail (RFC 3834).
func (t *transfer) envelope() string {
	if t.auto {
		return ""
	}
	if a, ok := routable(t.letter.inbox.Address); ok {
		return a
	}
	return t.letter.inbox.Address
}

func options(c *smtp.Client, raw []byte) *smtp.MailOptions {
	o := &smtp.MailOptions{}
	if ok, _ := c.Extension("SIZE"); ok {
		o.Size = int64(len(raw))
	}
	return o
}

func (t *transfer) recipients(c *smtp.Client) error {
	for _, to := range t.waiting() {
		err := c.Rcpt(to, nil)
		var answer *smtp.SMTPError
		if err != nil && !errors.As(err, &answer) {
			return err
		}
		if answer != nil && answer.Code == 421 {
			return answer
		}
		t.answers[to] = answer
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
func (m *Mail) smtp(ctx context.Context, s Server) (*smtp.Client, *line, error) {
	conn, config, err := m.connect(ctx, s, smtpSilence)
	if err != nil {
		return nil, nil, err
	}
	l := &line{Conn: conn}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	var c *smtp.Client
	if s.Security == StartTLS {
		if c, err = smtp.NewClientStartTLS(l, config); err != nil {
			conn.Close()
			return nil, nil, unprotected(s, err)
		}
	} else {
		c = smtp.NewClient(l)
	}
	c.CommandTimeout, c.SubmissionTimeout = 5*time.Minute, 10*time.Minute // RFC 5321, 4.5.3.2
	if err := c.Hello(helloName(s)); err != nil {
		c.Close()
		var answer *smtp.SMTPError
		if s.Security == StartTLS && !errors.As(err, &answer) { // the first word after STARTTLS is what shakes hands
			return nil, nil, unprotected(s, err)
		}
		return nil, nil, fmt.Errorf("greet %s: %w", s.Addr(), err)
	}
	if s.Username == "" {
		return c, l, nil
	}
	if err := c.Auth(method(c, s)); err != nil {
		c.Close()
		return nil, nil, fmt.Errorf("sign in at %s as %s: %w", s.Addr(), s.Username, err)
	}
	return c, l, nil
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
	var away notNow
	isAnswer := errors.As(err, &answer)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second) // it must be noted even while we stop
	defer cancel()
	switch {
	case err != nil && t.data && !isAnswer:
		m.log.Warn("mail unconfirmed", "out", l.id, "error", err)
		return m.db.Write(ctx, func(tx *db.Tx) error {
			if _, _, err := m.noteAnswers(ctx, tx, l, t.refusals()); err != nil {
				return err
			}
			return m.settle(ctx, tx, run, l.out, conversation.Unconfirmed, "The connection ended before the server confirmed the mail.")
		})
	case errors.Is(err, errNoServer):
		return m.fail(ctx, run, l, err)
	case err != nil && (!isAnswer || answer.Code == 421 || errors.As(err, &away)):
		if noted := m.trouble(ctx, l.out.inbox, true, err); noted != nil {
			m.log.Error("note server state", "error", noted)
		}
		return m.away(ctx, run, l, err)
	case isAnswer: // about the whole mail
		for _, to := range l.waiting() {
			if t.answers[to] == nil {
				t.answers[to] = answer
			}
		}
	}
	if noted := m.trouble(ctx, l.out.inbox, true, nil); noted != nil {
		m.log.Error("note server state", "error", noted)
	}
	return m.db.Write(ctx, func(tx *db.Tx) error { return m.answered(ctx, tx, run, l, t.answers) })
}

// refusals are the answers to those whom the server did not take.
func (t *transfer) refusals() map[string]*smtp.SMTPError {
	list := map[string]*smtp.SMTPError{}
	for to, a := range t.answers {
		if a != nil {
			list[to] = a
		}
	}
	return list
}

// away notes that a mail could not be handed over at all. The job fails and holds
// its lane until it can; after longest it is given up and the next one is tried.
func (m *Mail) away(ctx context.Context, run *job.Run, l letter, cause error) error {
	given := false
	err := m.db.Write(ctx, func(tx *db.Tx) error {
		if given = tx.Now().Sub(l.since) > longest; given {
			return m.failAll(ctx, tx, run, l, cause.Error())
		}
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE email_out SET state = 'queued', phase = '', error = $2, updated_at = $3 WHERE id = $1`,
			l.id, clip(cause.Error(), 500), tx.Now()); err != nil {
			return err
		}
		return conversation.SetDelivery(ctx, tx, l.message, conversation.Queued, l.attempts, clip(cause.Error(), 500))
	})
	if given && err == nil {
		return nil
	}
	return errors.Join(cause, err)
}

// answered notes the server's answer for each recipient. Those who were put off
// are tried again later, beside the other mail; those who were refused are told
// to the agent.
func (m *Mail) answered(ctx context.Context, tx *db.Tx, run *job.Run, l letter, answers map[string]*smtp.SMTPError) error {
	later, refused, err := m.noteAnswers(ctx, tx, l, answers)
	if err != nil {
		return err
	}
	switch {
	case len(later) > 0:
		return m.tryLater(ctx, tx, run, l, strings.Join(append(later, refused...), "\n"))
	case len(refused) > 0:
		return m.settle(ctx, tx, run, l.out, conversation.Failed, strings.Join(refused, "\n"))
	}
	return m.settle(ctx, tx, run, l.out, conversation.Sent, "")
}

// noteAnswers writes down what the server said, and tells who is tried later and
// who was refused: now or before.
func (m *Mail) noteAnswers(ctx context.Context, tx *db.Tx, l letter, answers map[string]*smtp.SMTPError) (later, refused []string, err error) {
	for _, address := range slices.Sorted(maps.Keys(answers)) {
		state, code, text := "sent", 250, ""
		if a := answers[address]; a != nil {
			state, code, text = "waiting", a.Code, clip(a.Message, 500)
			if a.Code >= 500 || tx.Now().Sub(l.since) > longest {
				state = "failed"
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE email_out_recipient SET state = $3, code = $4, answer = $5 WHERE out_id = $1 AND address = $2`,
			l.id, address, state, code, text); err != nil {
			return nil, nil, err
		}
	}
	return later, refused, db.Each(ctx, tx, func(r db.Row) error {
		var address, state, text string
		var code int
		err := r.Scan(&address, &state, &code, &text)
		line := address + ": " + strings.TrimSpace(fmt.Sprint(code)+" "+text)
		if state == "waiting" {
			later = append(later, line)
		} else {
			refused = append(refused, line)
		}
		return err
	}, `SELECT address, state, code, answer FROM email_out_recipient WHERE out_id = $1 AND state IN ('waiting', 'failed') ORDER BY address`, l.id)
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
