package team

import (
	"cmp"
	"context"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
)

// Mail is one mail to a person about his account. Its words stand in the catalogue
// of the language: Key+"_subject" with {firm}, and TextKey with {name}, {firm}, {by},
// {link} and {until}. Whoever sends it puts the installation's address in front
// of the path.
type Mail struct {
	To       string
	Name     string
	Key      string    // "team.mail_invite", "team.mail_reset", "team.mail_password_changed", "…factor_on", "…factor_off" or "…email_changed"
	Path     string    // "/join/…", "/reset/…", or "" where nothing is to be opened. It is a secret: keep it out of logs
	Language string    // "en" or "ko"
	Firm     string    // its name
	By       string    // who invited, or ""
	Expires  time.Time // of the path
}

// TextKey is the key of the text.
func (m Mail) TextKey() string {
	if m.Key == "team.mail_invite" && m.By == "" {
		return m.Key + "_text_anonymous"
	}
	return m.Key + "_text"
}

// mailLink mails a link, mailNews says what was changed.
type mailLink struct {
	Link LinkID `json:"link"`
}

type mailNews struct {
	Person ID     `json:"person"`
	Key    string `json:"key"`
	To     string `json:"to,omitempty"` // "" is where the person is now
}

func (mailLink) JobKind() string { return "team.mail_link" }
func (mailNews) JobKind() string { return "team.mail_news" }

func addMail(ctx context.Context, tx *db.Tx, m mailLink) error {
	return job.Add(ctx, tx, m, job.Options{})
}

// news tells a person by mail that something about his account was changed, in
// case it was not he who did. Where nobody is to react (event.Quiet), nobody is told.
func news(ctx context.Context, tx *db.Tx, person ID, key string) error {
	if event.IsQuiet(ctx) {
		return nil
	}
	return job.Add(ctx, tx, mailNews{Person: person, Key: key}, job.Options{})
}

func (d *Door) mailLink(ctx context.Context, _ *job.Run, j mailLink) error {
	var m Mail
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		l, err := db.One(ctx, tx, scanLink, `SELECT `+linkColumns+` `+openLink, j.Link, tx.Now())
		if err != nil {
			return err
		}
		m = Mail{To: l.Email, Name: l.Name, Key: "team.mail_" + l.Purpose, Language: l.Language, Expires: l.ExpiresAt, Path: "/reset/" + d.token(l)}
		if l.Purpose == toInvite {
			m.Path = "/join/" + d.token(l)
		}
		if m.By, err = nameOf(ctx, tx, l.By); err != nil {
			return err
		}
		return m.fromFirm(ctx, tx)
	})
	if errors.Is(err, db.ErrNoRow) {
		return nil // used, expired or void in the meantime
	}
	if err != nil {
		return err
	}
	return d.send(ctx, m)
}

func (d *Door) mailNews(ctx context.Context, _ *job.Run, j mailNews) error {
	var m Mail
	err := d.db.Read(ctx, func(tx *db.Tx) error {
		p, err := Get(ctx, tx, j.Person)
		if err != nil {
			return err
		}
		m = Mail{To: cmp.Or(j.To, p.Email), Name: p.Name, Key: j.Key, Language: p.Language}
		return m.fromFirm(ctx, tx)
	})
	if err != nil {
		return err
	}
	return d.send(ctx, m)
}

// fromFirm fills in the firm's name, and its language for people who chose none.
func (m *Mail) fromFirm(ctx context.Context, tx *db.Tx) error {
	f, err := GetFirm(ctx, tx)
	if err != nil {
		return err
	}
	m.Firm = f.Name
	if m.Language == "" {
		m.Language = f.Language
	}
	return nil
}

func nameOf(ctx context.Context, tx *db.Tx, person ID) (string, error) {
	name, err := db.Value[string](ctx, tx, `SELECT name FROM team_person WHERE id = $1`, person)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return name, err
}
