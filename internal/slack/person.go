package slack

import (
	"context"
	"errors"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Link says who of us is who in Slack.
type Link struct {
	Person team.ID
	User   string // Slack's id
	Name   string // in Slack
	Email  string // by which they were found
	Off    bool   // somebody parted them
	At     time.Time

	room string
}

const linkColumns = `l.person_id, l.slack_user, l.name, l.email, l.off, l.at, l.room`

func scanLink(r db.Row) (l Link, err error) {
	return l, r.Scan(&l.Person, &l.User, &l.Name, &l.Email, &l.Off, db.Time(&l.At), &l.room)
}

// Links lists who was found.
func Links(ctx context.Context, tx *db.Tx) ([]Link, error) {
	w, err := Get(ctx, tx)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM slack_person l WHERE l.workspace = $1 ORDER BY l.at, l.id`, w.Key)
}

// held is a link that counts: both work here, and the address is the one by which they were found.
const held = ` FROM slack_person l JOIN team_person p ON p.id = l.person_id AND p.state = 'active' AND p.email = l.email WHERE l.workspace = $1 AND NOT l.off AND `

// linkOf is who somebody is in Slack; ErrNoRow: nobody that we know.
func linkOf(ctx context.Context, tx *db.Tx, w Workspace, who team.ID) (Link, error) {
	return db.One(ctx, tx, scanLink, `SELECT `+linkColumns+held+`l.person_id = $2`, w.Key, who)
}

// whoIs is the other way round.
func whoIs(ctx context.Context, tx *db.Tx, w Workspace, user string) (Link, error) {
	return db.One(ctx, tx, scanLink, `SELECT `+linkColumns+held+`l.slack_user = $2`, w.Key, user)
}

// Part makes that whoever that is in Slack acts for a person no more, until somebody joins them again.
func Part(ctx context.Context, tx *db.Tx, who team.ID, part bool) error {
	w, err := Get(ctx, tx)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE slack_person SET off = $3, at = $4 WHERE workspace = $1 AND person_id = $2 AND off <> $3`, w.Key, who, part, tx.Now())
	if err != nil || n == 0 {
		if known, err := db.Exists(ctx, tx, `SELECT 1 FROM slack_person WHERE workspace = $1 AND person_id = $2`, w.Key, who); err != nil || known {
			return err
		}
		return orErr(err, problem.New(problem.NotFound, "They were not found in Slack."))
	}
	if part {
		return event.Record(ctx, tx, Parted{w.ID, who})
	}
	return event.Record(ctx, tx, Linked{w.ID, who})
}

func orErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// ours says whether somebody in Slack is a person of the workspace, as far as Slack knows them.
func (u user) ours(w Workspace) bool {
	return u.ID != "" && u.Team == w.Key && !u.Deleted && !u.Bot && !u.Stranger
}

// keepLink notes that somebody is somebody, where the address says so: theirs here, and confirmed there. What was parted stays so.
func keepLink(ctx context.Context, tx *db.Tx, w Workspace, u user) (Link, error) {
	email := strings.ToLower(strings.TrimSpace(u.Profile.Email))
	if !u.ours(w) || !u.Confirmed || email == "" {
		return Link{}, db.ErrNoRow
	}
	who, err := db.Value[team.ID](ctx, tx, `SELECT id FROM team_person WHERE email = $1 AND state = 'active'`, email)
	if err != nil {
		return Link{}, err
	}
	was, err := db.One(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM slack_person l WHERE l.workspace = $1 AND l.slack_user = $2 AND l.person_id = $3`, w.Key, u.ID, who)
	if err == nil && (was.Off || was.Email == email) {
		return linkOf(ctx, tx, w, who)
	}
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return Link{}, err
	}
	parted, err := db.Exists(ctx, tx, `SELECT 1 FROM slack_person WHERE workspace = $1 AND (slack_user = $2 OR person_id = $3) AND off`, w.Key, u.ID, who)
	if err != nil || parted {
		return Link{}, orErr(err, db.ErrNoRow)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM slack_person WHERE workspace = $1 AND (slack_user = $2 OR person_id = $3)`, w.Key, u.ID, who); err != nil {
		return Link{}, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO slack_person (id, workspace, slack_user, person_id, email, name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, tx.NewID(), w.Key, u.ID, who, email, u.called(), tx.Now())
	if err != nil {
		return Link{}, err
	}
	if err := event.Record(team.AsSystem(ctx), tx, Linked{w.ID, who}); err != nil {
		return Link{}, err
	}
	return linkOf(ctx, tx, w, who)
}

// seek finds somebody in Slack by their address here. A [Refusal] with NoPerson: there is nobody.
func (s *Slack) seek(ctx context.Context, w Workspace, token string, who team.ID) (l Link, err error) {
	email, off := "", false
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if l, err = linkOf(ctx, tx, w, who); !errors.Is(err, db.ErrNoRow) {
			return err
		}
		off, err = db.Exists(ctx, tx, `SELECT 1 FROM slack_person WHERE workspace = $1 AND person_id = $2 AND off`, w.Key, who)
		if err != nil {
			return err
		}
		email, err = db.Value[string](ctx, tx, `SELECT email FROM team_person WHERE id = $1 AND state = 'active'`, who)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		return err
	})
	if err != nil || l.User != "" {
		return l, err
	}
	if email == "" || off {
		return l, &Refusal{Why: NoPerson}
	}
	u, err := s.userOf(ctx, token, email)
	if err != nil {
		return l, err
	}
	return s.met(ctx, w, u)
}

// recognise finds who here somebody in Slack is; u says who they are there, where nobody here is. It speaks over the network.
func (s *Slack) recognise(ctx context.Context, w Workspace, token, id string) (l Link, u user, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) { l, err = whoIs(ctx, tx, w, id); return err })
	if err == nil || !errors.Is(err, db.ErrNoRow) {
		return l, u, err
	}
	if u, err = s.user(ctx, token, id); err != nil {
		return l, u, err
	}
	l, err = s.met(ctx, w, u)
	if r := refusalOf(err); r != nil && r.Why == NoPerson {
		err = nil
	}
	return l, u, err
}

func (s *Slack) met(ctx context.Context, w Workspace, u user) (l Link, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) { l, err = keepLink(ctx, tx, w, u); return err })
	if errors.Is(err, db.ErrNoRow) {
		err = &Refusal{Why: NoPerson}
	}
	return l, err
}
