package team

import (
	"context"
	"errors"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// LinkID is the id of a link in a mail.
type LinkID = id.Of[linkKind]

type linkKind struct{}

func (linkKind) Prefix() string { return "lnk" }

// Link is an invitation or a reset that was sent by mail.
type Link struct {
	ID        LinkID
	Person    ID
	Purpose   string // "invite" or "reset"
	Email     string // where it was sent: it is void when the person has another address
	Name      string
	Language  string
	By        ID // who invited
	ExpiresAt time.Time
}

// The purposes of links, and how long they open something.
const (
	toInvite  = "invite"
	toReset   = "reset"
	inviteFor = 7 * 24 * time.Hour
	resetFor  = time.Hour
)

// mailsPerHour bounds what one person is sent, whoever asks for it.
const mailsPerHour = 5

// makeLink stores a link and adds the job that mails it. It is Limited when the
// person was sent enough within the last hour.
func makeLink(ctx context.Context, tx *db.Tx, person ID, email, purpose string, by ID) error {
	lasts := resetFor
	if purpose == toInvite {
		lasts = inviteFor
	}
	sent, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM team_link WHERE person_id = $1 AND created_at > $2`, person, tx.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	if sent >= mailsPerHour {
		return problem.New(problem.Limited, "This person was sent several mails within the last hour. Try again later.").Wait(time.Hour)
	}
	l := LinkID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO team_link (id, person_id, purpose, email, by_person, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l, person, purpose, email, by, tx.Now(), tx.Now().Add(lasts))
	if err != nil {
		return err
	}
	return addMail(ctx, tx, mailLink{l})
}

// token is what stands in the mail. It is nowhere stored: it is made from the row
// and the installation's key, by the job that sends it and by the page that checks it.
func (d *Door) token(l Link) string {
	return l.ID.String() + "." + d.keys.Tag("link/"+l.Purpose, l.ID.String(), l.Person.String(), l.Email)
}

const linkColumns = `l.id, l.person_id, l.purpose, l.email, p.name, p.language, l.by_person, l.expires_at`

func scanLink(row db.Row) (l Link, err error) {
	return l, row.Scan(&l.ID, &l.Person, &l.Purpose, &l.Email, &l.Name, &l.Language, &l.By, db.Time(&l.ExpiresAt))
}

// openLink is where a link is good: not used, not expired, its person still there,
// with the same address and waiting for it.
const openLink = `FROM team_link l JOIN team_person p ON p.id = l.person_id
	WHERE l.id = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND p.email = l.email
	AND (l.purpose = 'invite' AND p.state = 'invited' OR l.purpose = 'reset' AND p.state = 'active')`

func errLink() error {
	return problem.New(problem.NotFound, "This link is no longer good. Ask for a new one.")
}

// Invitation is the invitation that a token opens, for the page that asks for a
// name and a password.
func (d *Door) Invitation(ctx context.Context, tx *db.Tx, token string) (Link, error) {
	return d.open(ctx, tx, toInvite, token)
}

// Reset is the password reset that a token opens, for the page that asks for the
// new password.
func (d *Door) Reset(ctx context.Context, tx *db.Tx, token string) (Link, error) {
	return d.open(ctx, tx, toReset, token)
}

func (d *Door) open(ctx context.Context, tx *db.Tx, purpose, token string) (Link, error) {
	name, _, _ := strings.Cut(token, ".")
	lid, err := id.Read[LinkID](name)
	if err != nil {
		return Link{}, errLink()
	}
	l, err := db.One(ctx, tx, scanLink, `SELECT `+linkColumns+` `+openLink, lid, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return Link{}, errLink()
	}
	if err != nil {
		return Link{}, err
	}
	tag := strings.TrimPrefix(token, name+".")
	if l.Purpose != purpose || !d.keys.CheckTag("link/"+purpose, tag, l.ID.String(), l.Person.String(), l.Email) {
		return Link{}, errLink()
	}
	return l, nil
}

// useLink takes the link for good; of two at once one gets it.
func (d *Door) useLink(ctx context.Context, tx *db.Tx, purpose, token string) (Link, error) {
	l, err := d.open(ctx, tx, purpose, token)
	if err != nil {
		return l, err
	}
	n, err := tx.Exec(ctx, `UPDATE team_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL`, l.ID, tx.Now())
	if err == nil && n == 0 {
		err = errLink()
	}
	if err != nil {
		return l, err
	}
	return l, voidLinks(ctx, tx, l.Person)
}

// voidLinks makes every link of a person worthless.
func voidLinks(ctx context.Context, tx *db.Tx, person ID) error {
	_, err := tx.Exec(ctx, `UPDATE team_link SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL`, person, tx.Now())
	return err
}
