package portal

import (
	"context"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// How many mails: an address is only typed in, so few go to it; one place may ask only so often.
const (
	mailsADay   = 3
	invitesADay = 5
	asksAnHour  = 20 // of one place
)

// letter is the job that mails a link.
type letter struct {
	ID letterID `json:"id"`
}

// JobKind names the job.
func (letter) JobKind() string { return "portal.letter" }

// Ask notes that somebody wants to come in with an address. It does the same for every address: what is known of it is
// looked up later, by the job.
func (p *Portal) Ask(ctx context.Context, tx *db.Tx, address, from string, l i18n.Locale) error {
	normal, ok := contact.NormalEmail(address)
	if !ok {
		return problem.For("email", "Enter an e-mail address such as name@example.com.")
	}
	network := p.keys.Tag("portal.network", from)
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM portal_letter WHERE network = $1 AND at > $2`, network, tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if n >= asksAnHour {
		return problem.New(problem.Limited, "Too many links were asked for from here. Try again later.").Wait(15 * time.Minute)
	}
	return p.note(ctx, tx, normal, network, l, false)
}

// Invite has a link mailed to a customer, to the address that he wrote from last. Whoever sends it never sees it.
func (p *Portal) Invite(ctx context.Context, tx *db.Tx, who contact.ID) error {
	if err := errors.Join(team.Allow(ctx, team.Reply), team.Allow(ctx, team.ReadContacts)); err != nil {
		return err
	}
	c, err := contact.Get(ctx, tx, who)
	if err != nil {
		return err
	}
	address, err := contact.Reach(ctx, tx, who, contact.Email)
	if err != nil {
		return err
	}
	normal, ok := contact.NormalEmail(address)
	if !ok {
		return problem.New(problem.Conflict, "This customer has no e-mail address.")
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM portal_letter WHERE tag = $1 AND invited AND at > $2`, p.tag(normal), tx.Now().AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	if n >= invitesADay {
		return problem.New(problem.Limited, "Enough links were sent to this customer today.")
	}
	l, ok := i18n.Parse(c.Language)
	if !ok {
		l = i18n.Korean
	}
	if err := p.note(ctx, tx, normal, "", l, true); err != nil {
		return err
	}
	return event.Record(ctx, tx, Invited{c.ID})
}

// Pass makes a link that is good for a week and mails it to nobody: for the sample shop, which cannot send mail. Only the
// program itself may do that: whoever has the link is the customer.
func Pass(ctx context.Context, tx *db.Tx, address string) (token string, err error) {
	if !team.From(ctx).IsSystem() {
		return "", ErrStranger
	}
	token = secret.Token()
	_, err = tx.Exec(ctx, `INSERT INTO portal_link (id, token_hash, address, invited, expires_at, created_at) VALUES ($1, $2, $3, TRUE, $4, $5)`,
		tx.NewID(), secret.Hash(token), address, tx.Now().Add(inviteGood), tx.Now())
	return token, err
}

func (p *Portal) tag(address string) string { return p.keys.Tag("portal.address", address) }

func (p *Portal) note(ctx context.Context, tx *db.Tx, address, network string, l i18n.Locale, invited bool) error {
	key := letterID(tx.NewID())
	_, err := tx.Exec(ctx, `INSERT INTO portal_letter (id, address, tag, network, language, invited, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		key, p.keys.Seal("portal.letter", []byte(address)), p.tag(address), network, l, invited, tx.Now())
	if err != nil {
		return err
	}
	return job.Add(ctx, tx, letter{key}, job.Options{})
}

// wanted is a mail that was asked for, as the job reads it.
type wanted struct {
	address string // sealed
	tag     string
	locale  i18n.Locale
	invited bool
}

// send mails a link, if the address is a customer's and had not enough of them today.
func (p *Portal) send(ctx context.Context, d *db.DB, run *job.Run, j letter) error {
	var to, name, token string
	var w wanted
	var firm team.Firm
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		to, name, token = "", "", ""
		if w, err = db.One(ctx, tx, func(r db.Row) (w wanted, err error) { return w, r.Scan(&w.address, &w.tag, &w.locale, &w.invited) },
			`SELECT address, tag, language, invited FROM portal_letter WHERE id = $1`, j.ID); errors.Is(err, db.ErrNoRow) || w.address == "" {
			return nil
		}
		if err != nil {
			return err
		}
		if firm, err = team.GetFirm(ctx, tx); err != nil {
			return err
		}
		to, name, token, err = p.link(ctx, tx, w)
		return err
	})
	if err != nil {
		return err
	}
	if token != "" {
		if err := p.notify(p.reader(ctx, w, d.Now()), to, name, p.subject(ctx, w, firm, d.Now()), p.text(ctx, w, firm, token, d.Now())); err != nil {
			return errors.Join(err, d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM portal_link WHERE token_hash = $1`, secret.Hash(token))
				return err
			}))
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		if err := run.Finish(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE portal_letter SET address = '' WHERE id = $1`, j.ID) // it is needed no more
		return err
	})
}

// link makes a link for a customer; token "" when there is to be none.
func (p *Portal) link(ctx context.Context, tx *db.Tx, w wanted) (to, name, token string, err error) {
	plain, err := p.keys.Unseal("portal.letter", w.address)
	if err != nil {
		return "", "", "", err
	}
	address := string(plain)
	who, known, err := contact.Find(ctx, tx, contact.Sender{Email: address})
	if err != nil || !known || who.Blocked != "" {
		return "", "", "", err
	}
	good := inviteGood
	if !w.invited {
		good = linkGood
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM portal_link WHERE address = $1 AND NOT invited AND created_at > $2`, address, tx.Now().AddDate(0, 0, -1))
		if err != nil || n >= mailsADay {
			return "", "", "", err
		}
	}
	token = secret.Token()
	_, err = tx.Exec(ctx, `INSERT INTO portal_link (id, token_hash, address, invited, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), secret.Hash(token), address, w.invited, tx.Now().Add(good), tx.Now())
	return address, who.Name, token, err
}

func (p *Portal) reader(ctx context.Context, w wanted, now time.Time) context.Context {
	return i18n.With(ctx, i18n.Reader{Locale: w.locale, Now: now})
}

func (p *Portal) subject(ctx context.Context, w wanted, firm team.Firm, now time.Time) string {
	return i18n.T(p.reader(ctx, w, now), "portal.mail_subject", "firm", firm.Name)
}

func (p *Portal) text(ctx context.Context, w wanted, firm team.Firm, token string, now time.Time) string {
	key := "portal.mail_text"
	if w.invited {
		key = "portal.mail_invited"
	}
	return i18n.T(p.reader(ctx, w, now), key, "firm", firm.Name, "link", p.url+"/portal/enter/"+token)
}

// Peek says whose link it is, for the page that asks whether to come in; nothing is used up.
func Peek(ctx context.Context, tx *db.Tx, token string) (address string, err error) {
	address, err = db.Value[string](ctx, tx, `SELECT address FROM portal_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2`, secret.Hash(token), tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return "", errLink
	}
	return address, err
}

// Enter uses a link up and begins a session. The token is the browser's to keep.
func Enter(ctx context.Context, tx *db.Tx, link, browser string, l i18n.Locale) (token string, err error) {
	ctx = team.AsSystem(ctx)
	address, err := db.Value[string](ctx, tx, `UPDATE portal_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING address`, secret.Hash(link), tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return "", errLink
	}
	if err != nil {
		return "", err
	}
	if _, known, err := contact.Find(ctx, tx, contact.Sender{Email: address}); err != nil || !known {
		return "", errors.Join(err, errLink)
	}
	who, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: address, Verified: true}) // he has shown that it is his
	if err != nil {
		return "", err
	}
	token = secret.Token()
	key := SessionID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO portal_session (id, token_hash, address, language, browser, created_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		key, secret.Hash(token), address, l, cut(browser, 200), tx.Now())
	if err != nil {
		return "", err
	}
	return token, event.Record(ctx, tx, Entered{who.ID, key})
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// forget drops what has had its time.
func forget(ctx context.Context, tx *db.Tx) error {
	for query, before := range map[string]time.Time{
		`DELETE FROM portal_letter WHERE at < $1`:       tx.Now().AddDate(0, 0, -2),
		`DELETE FROM portal_link WHERE expires_at < $1`: tx.Now().AddDate(0, 0, -2),
		`DELETE FROM portal_session WHERE last_at < $1`: tx.Now().Add(-idle),
		`DELETE FROM portal_sent WHERE at < $1`:         tx.Now().AddDate(0, 0, -2),
	} {
		if _, err := tx.Exec(ctx, query, before); err != nil {
			return err
		}
	}
	return nil
}
