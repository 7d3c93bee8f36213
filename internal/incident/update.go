package incident

import (
	"context"
	"fmt"
	"slices"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// UpdateID is the id of an update.
type UpdateID = id.Of[updateKind]

type updateKind struct{}

func (updateKind) Prefix() string { return "inu" }

// Update is what is said to those whom an incident concerns.
type Update struct {
	ID       UpdateID
	Incident ID
	State    State // what it is from then on
	Text     i18n.Text
	Public   bool // on the status page, if the incident is
	Told     bool // to everybody whom it concerns
	Solves   bool // linked conversations are solved with it
	By       team.ID
	At       time.Time

	Impacts map[ComponentID]Impact // for Say alone: how components are hit from now on; those not named stay as they are
}

const updateColumns = `u.id, u.incident_id, u.state, u.text, u.public, u.told, u.solves, u.person_id, u.at`

func scanUpdate(r db.Row) (u Update, err error) {
	var text string
	if err = r.Scan(&u.ID, &u.Incident, &u.State, &text, &u.Public, &u.Told, &u.Solves, &u.By, db.Time(&u.At)); err != nil {
		return u, err
	}
	u.Text, err = readText(text)
	return u, err
}

// Updates are those of some incidents, the newest first.
func Updates(ctx context.Context, tx *db.Tx, ids ...ID) ([]Update, error) {
	if err := team.Allow(ctx, team.ReadConversations); err != nil {
		return nil, err
	}
	return updates(ctx, tx, `TRUE`, ids)
}

func updates(ctx context.Context, tx *db.Tx, where string, ids []ID) ([]Update, error) {
	var a db.Args
	return db.All(ctx, tx, scanUpdate, `SELECT `+updateColumns+` FROM incident_update u WHERE `+where+` AND u.incident_id IN `+db.In(&a, ids)+` ORDER BY u.id DESC`, a.List()...)
}

func loadUpdate(ctx context.Context, tx *db.Tx, id UpdateID) (Update, error) {
	return db.One(ctx, tx, scanUpdate, `SELECT `+updateColumns+` FROM incident_update u WHERE u.id = $1`, id)
}

// Say says an update, and makes the incident what the update says it is. Those who are told are written down with it; jobs
// tell them.
func Say(ctx context.Context, tx *db.Tx, u Update) (Update, error) {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return u, err
	}
	i, err := load(ctx, tx, u.Incident)
	if err != nil {
		return u, err
	}
	u.Text, u.By, u.At, u.Public = tidy(u.Text), team.From(ctx).Person, tx.Now(), u.Public && i.Public
	if err := u.Check(); err != nil {
		return u, err
	}
	u.ID = UpdateID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO incident_update (id, incident_id, state, text, public, told, solves, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		u.ID, u.Incident, u.State, writeText(u.Text), u.Public, u.Told, u.Solves, u.By, u.At)
	if err != nil {
		return u, fmt.Errorf("say an update of %s: %w", u.Incident, err)
	}
	if err := event.Record(ctx, tx, Updated{i.ID, u.ID, u.State, u.Public, u.Told}); err != nil {
		return u, err
	}
	if err := become(ctx, tx, i, u.State); err != nil {
		return u, err
	}
	if !u.State.Over() {
		if err := impacts(ctx, tx, i.ID, u.Impacts, tx.Now()); err != nil {
			return u, err
		}
	}
	if u.Told {
		if err := tellAll(ctx, tx, i, u); err != nil {
			return u, err
		}
	}
	if u.Public {
		hit, err := everHit(ctx, tx, i.ID)
		if err != nil {
			return u, err
		}
		if err := post(ctx, tx, u.ID.String(), hit); err != nil {
			return u, err
		}
	}
	return u, stamp(ctx, tx)
}

// Check says what is wrong with an update before it is said.
func (u Update) Check() error {
	u.Text = tidy(u.Text)
	var c problem.Check
	c.That(slices.Contains(States[:4], u.State), "state", "Choose how far it is.")
	c.That(len(u.Text) > 0, "text", "Write something first.")
	c.That(u.Text.Fits(longestText), "text", "At most %d characters.", longestText)
	c.That(!u.Solves || u.Told && u.State == Resolved, "solves", "Conversations are solved with the update that says that it is over.")
	return c.Err()
}

// become changes the state.
func become(ctx context.Context, tx *db.Tx, i Incident, to State) error {
	if i.State == to {
		_, err := tx.Exec(ctx, `UPDATE incident SET updated_at = $2 WHERE id = $1`, i.ID, tx.Now())
		return err
	}
	var resolved, reviewed time.Time
	switch to {
	case Resolved:
		resolved = tx.Now()
	case Reviewed:
		resolved, reviewed = i.ResolvedAt, tx.Now()
	}
	_, err := tx.Exec(ctx, `UPDATE incident SET state = $2, resolved_at = $3, reviewed_at = $4, updated_at = $5 WHERE id = $1`, i.ID, to, resolved, reviewed, tx.Now())
	if err != nil {
		return err
	}
	if to == Resolved {
		if err := healed(ctx, tx, i.ID, tx.Now()); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, StateSet{i.ID, i.State, to})
}

// NoticeID is the id of a notice.
type NoticeID = id.Of[noticeKind]

type noticeKind struct{}

func (noticeKind) Prefix() string { return "ino" }

// The states of a notice: how far it came with one customer.
const (
	NoticeWaiting     = "waiting"
	NoticeTold        = "told"
	NoticeBlocked     = "blocked"     // no mail is to go to him
	NoticeUnreachable = "unreachable" // he has no address, or we no inbox
	NoticeGone        = "gone"        // he is not there any more
)

// tellAll writes down who is told of an update, and has it done.
func tellAll(ctx context.Context, tx *db.Tx, i Incident, u Update) error {
	ids, err := concerned(team.AsSystem(ctx), tx, i.ID)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, 500) {
		var a db.Args
		q := `INSERT INTO incident_notice (id, update_id, contact_id, state, at) VALUES `
		for n, who := range some {
			if n > 0 {
				q += `, `
			}
			q += `(` + a.Add(tx.NewID()) + `, ` + a.Add(u.ID) + `, ` + a.Add(who) + `, 'waiting', ` + a.Add(tx.Now()) + `)`
		}
		if _, err := tx.Exec(ctx, q, a.List()...); err != nil {
			return fmt.Errorf("write down who is told of %s: %w", u.ID, err)
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE incident SET told_id = $2 WHERE id = $1`, i.ID, u.ID); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	return job.Add(ctx, tx, Tell{u.ID}, job.Options{Lane: i.ID.String()})
}

// concerned are those whom an incident concerns: who wrote, and who is reached, each once.
func concerned(ctx context.Context, tx *db.Tx, id ID) ([]contact.ID, error) {
	wrote, err := db.All(ctx, tx, func(r db.Row) (c contact.ID, err error) { return c, r.Scan(&c) },
		`SELECT DISTINCT c.contact_id FROM incident_link l JOIN conversation c ON c.id = l.conversation_id WHERE l.incident_id = $1 AND c.contact_id <> 0`, id)
	if err != nil {
		return nil, err
	}
	groups, err := groups(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	more, err := contact.Among(ctx, tx, groups)
	if err != nil {
		return nil, err
	}
	all := append(wrote, more...)
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Draft is what an update begins with, in both languages.
func Draft(i Incident, to State) i18n.Text {
	t := i18n.Every("incident.draft_" + string(to))
	for l := range t {
		t[l] = i18n.T(i18n.With(context.Background(), i18n.Reader{Locale: l}), "incident.draft_"+string(to), "title", i.Title.In(l))
	}
	return t
}
