package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Security is how a connection to a mail server is protected.
type Security string

// The kinds of protection.
const (
	TLS      Security = "tls"      // from the first byte
	StartTLS Security = "starttls" // after a greeting in the clear
	Plain    Security = "none"     // not at all: only inside one's own house
)

// Server is a mail server as an inbox uses it.
type Server struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Username string   `json:"username"`
	Security Security `json:"security"`
	Folder   string   `json:"folder,omitempty"` // of an IMAP server; "" is INBOX
	Password string   `json:"-"`
}

// Set says whether there is a server at all.
func (s Server) Set() bool { return s.Host != "" }

// Addr is host and port.
func (s Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Mailbox is the IMAP folder that is read.
func (s Server) Mailbox() string {
	if s.Folder == "" {
		return "INBOX"
	}
	return s.Folder
}

// DKIM says how outgoing mail is signed; the zero value: not by us.
type DKIM struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Key      string `json:"-"` // PEM, PKCS #8
}

// Account is the servers of an e-mail inbox.
type Account struct {
	Inbox       inbox.ID
	IMAP        Server
	SMTP        Server
	DKIM        DKIM
	AuthServer  string // writes Authentication-Results that we believe (forged.go); "" is nobody
	DeleteAfter bool   // take mail off the server after it is ours; usually not
	InTrouble   string
	InAt        time.Time // when fetching last worked or failed
	OutTrouble  string
	OutAt       time.Time
	ChangedAt   time.Time
}

const sealed = "email.password"

func (m *Mail) scanAccount(r db.Row) (a Account, err error) {
	var imap, imapSecret, smtp, smtpSecret, dkim, dkimKey string
	err = r.Scan(&a.Inbox, &imap, &imapSecret, &smtp, &smtpSecret, &dkim, &dkimKey, &a.AuthServer, &a.DeleteAfter, &a.InTrouble, db.Time(&a.InAt),
		&a.OutTrouble, db.Time(&a.OutAt), db.Time(&a.ChangedAt))
	if err != nil {
		return a, err
	}
	for _, part := range []struct {
		text, secret string
		into         any
		plain        *string
	}{{imap, imapSecret, &a.IMAP, &a.IMAP.Password}, {smtp, smtpSecret, &a.SMTP, &a.SMTP.Password}, {dkim, dkimKey, &a.DKIM, &a.DKIM.Key}} {
		if part.text != "" {
			if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
				return a, err
			}
		}
		if part.secret == "" {
			continue
		}
		b, err := m.keys.Unseal(sealed, part.secret)
		if err != nil {
			return a, fmt.Errorf("password of inbox %s: %w", a.Inbox, err)
		}
		*part.plain = string(b)
	}
	return a, nil
}

const accountColumns = `inbox_id, imap, imap_secret, smtp, smtp_secret, dkim, dkim_key, auth_server, delete_after, in_trouble, in_at, out_trouble, out_at, changed_at`

// Account returns the servers of an inbox, with their passwords: for jobs only.
func (m *Mail) Account(ctx context.Context, tx *db.Tx, id inbox.ID) (Account, error) {
	a, err := db.One(ctx, tx, m.scanAccount, `SELECT `+accountColumns+` FROM email_account WHERE inbox_id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return Account{Inbox: id}, nil
	}
	return a, err
}

// SetAccount writes the servers of an inbox. An empty password keeps the one that is stored.
func (m *Mail) SetAccount(ctx context.Context, tx *db.Tx, a Account) error {
	if err := team.Allow(ctx, team.ManageInboxes); err != nil {
		return err
	}
	a.AuthServer = strings.TrimSpace(a.AuthServer)
	if err := a.check(); err != nil {
		return err
	}
	had, err := m.Account(ctx, tx, a.Inbox)
	if err != nil {
		return err
	}
	keep := func(now, before *string) {
		if *now == "" {
			*now = *before
		}
	}
	keep(&a.IMAP.Password, &had.IMAP.Password)
	keep(&a.SMTP.Password, &had.SMTP.Password)
	keep(&a.DKIM.Key, &had.DKIM.Key)
	_, err = tx.Exec(ctx, `INSERT INTO email_account (inbox_id, imap, imap_secret, smtp, smtp_secret, dkim, dkim_key, auth_server, delete_after, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (inbox_id) DO UPDATE SET imap = excluded.imap, imap_secret = excluded.imap_secret,
		smtp = excluded.smtp, smtp_secret = excluded.smtp_secret, dkim = excluded.dkim, dkim_key = excluded.dkim_key,
		auth_server = excluded.auth_server, delete_after = excluded.delete_after, changed_at = excluded.changed_at, in_trouble = '', out_trouble = ''`,
		a.Inbox, text(a.IMAP, a.IMAP.Set()), m.seal(a.IMAP.Password), text(a.SMTP, a.SMTP.Set()), m.seal(a.SMTP.Password),
		text(a.DKIM, a.DKIM.Domain != ""), m.seal(a.DKIM.Key), a.AuthServer, a.DeleteAfter, tx.Now())
	if err != nil {
		return fmt.Errorf("set mail servers: %w", err)
	}
	if had.IMAP.Host != a.IMAP.Host || had.IMAP.Username != a.IMAP.Username {
		// Another mailbox may have the same UIDVALIDITY by chance: its UIDs say nothing.
		if _, err := tx.Exec(ctx, `UPDATE email_folder SET validity = 0 WHERE inbox_id = $1`, a.Inbox); err != nil {
			return err
		}
	}
	return m.Watch(ctx, tx, a.Inbox)
}

func (m *Mail) seal(plain string) string {
	if plain == "" {
		return ""
	}
	return m.keys.Seal(sealed, []byte(plain))
}

func text(v any, set bool) string {
	if !set {
		return ""
	}
	b, _ := json.Marshal(v)
	return string(b)
}

func (a Account) check() error {
	var c problem.Check
	a.IMAP.check(&c, "imap")
	a.SMTP.check(&c, "smtp")
	c.That(len(a.AuthServer) <= 255 && !strings.ContainsAny(a.AuthServer, " \t\r\n;,"), "auth_server", "Enter the name of one server, such as mx.example.com.")
	if a.DKIM.Domain != "" && a.DKIM.Key != "" {
		_, err := signer(a.DKIM.Key)
		c.That(err == nil, "dkim.key", "The DKIM key cannot be read. Paste it with its BEGIN and END lines.")
	}
	return c.Err()
}

func (s Server) check(c *problem.Check, name string) {
	if !s.Set() {
		return
	}
	c.That(s.Port > 0 && s.Port < 65536, name+".port", "Enter a port between 1 and 65535.")
	c.That(s.Security == TLS || s.Security == StartTLS || s.Security == Plain, name+".security", "Choose TLS, STARTTLS or none.")
}

// trouble notes how the last contact with a server went: for the settings page.
func (m *Mail) trouble(ctx context.Context, id inbox.ID, out bool, err error) error {
	query := `UPDATE email_account SET in_trouble = $2, in_at = $3 WHERE inbox_id = $1 AND (in_trouble <> $2 OR in_at IS NULL)`
	if out {
		query = `UPDATE email_account SET out_trouble = $2, out_at = $3 WHERE inbox_id = $1 AND (out_trouble <> $2 OR out_at IS NULL)`
	}
	why := ""
	if err != nil {
		why = err.Error()
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, id, clip(why, 500), tx.Now())
		return err
	})
}

// clip makes text of others fit for a column: at most n bytes, valid UTF-8
// without NUL, which PostgreSQL refuses.
func clip(s string, n int) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}
