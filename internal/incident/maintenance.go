package incident

import (
	"context"
	"errors"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// MaintenanceID is the id of a maintenance.
type MaintenanceID = id.Of[maintenanceKind]

type maintenanceKind struct{}

func (maintenanceKind) Prefix() string { return "mnt" }

// Maintenance is work that is planned and announced.
type Maintenance struct {
	ID         MaintenanceID
	Title      i18n.Text
	About      i18n.Text
	Components []ComponentID
	From, To   time.Time
	Cancelled  bool
	By         team.ID
	CreatedAt  time.Time
	UpdatedAt  time.Time // when it was last moved, changed or called off
}

// Runs says whether it is going on.
func (m Maintenance) Runs(now time.Time) bool {
	return !m.Cancelled && !now.Before(m.From) && now.Before(m.To)
}

// Over says whether there is nothing to come of it.
func (m Maintenance) Over(now time.Time) bool { return m.Cancelled || !now.Before(m.To) }

const maintenanceColumns = `m.id, m.title, m.about, m.components, m.from_at, m.to_at, m.cancelled, m.created_by, m.created_at, m.updated_at`

func scanMaintenance(r db.Row) (m Maintenance, err error) {
	var title, about, components string
	if err = r.Scan(&m.ID, &title, &about, &components, db.Time(&m.From), db.Time(&m.To), &m.Cancelled, &m.By, db.Time(&m.CreatedAt), db.Time(&m.UpdatedAt)); err != nil {
		return m, err
	}
	var errs [3]error
	m.Title, errs[0] = readText(title)
	m.About, errs[1] = readText(about)
	m.Components, errs[2] = readIDs(components)
	return m, errors.Join(errs[:]...)
}

// Maintenances are those that end after a moment, the one that begins first at the head. They are public.
func Maintenances(ctx context.Context, tx *db.Tx, after time.Time) ([]Maintenance, error) {
	return db.All(ctx, tx, scanMaintenance, `SELECT `+maintenanceColumns+` FROM incident_maintenance m WHERE m.to_at > $1 ORDER BY m.from_at, m.id LIMIT 200`, after)
}

// GetMaintenance returns one.
func GetMaintenance(ctx context.Context, tx *db.Tx, id MaintenanceID) (Maintenance, error) {
	m, err := db.One(ctx, tx, scanMaintenance, `SELECT `+maintenanceColumns+` FROM incident_maintenance m WHERE m.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = problem.New(problem.NotFound, "There is no such maintenance.")
	}
	return m, err
}

// Plan plans maintenance (its ID is none) or changes it. Subscribers are told of a new one.
func Plan(ctx context.Context, tx *db.Tx, m Maintenance) (MaintenanceID, error) {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return 0, err
	}
	m.Title, m.About = tidy(m.Title), tidy(m.About)
	var c problem.Check
	c.That(len(m.Title) > 0, "title", "Say in a few words what is done.")
	c.That(m.Title.Fits(longestTitle), "title", "At most %d characters.", longestTitle)
	c.That(m.About.Fits(longestText), "about", "At most %d characters.", longestText)
	c.That(!m.From.IsZero(), "from", "Enter a day and a time.")
	c.That(m.To.After(m.From), "to", "The end is not after the beginning.")
	c.That(m.ID != 0 || m.To.After(tx.Now()), "to", "This is over already.")
	if err := c.Err(); err != nil {
		return 0, err
	}
	known, err := Components(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, id := range m.Components {
		if !slices.ContainsFunc(known, func(k Component) bool { return k.ID == id }) {
			return 0, problem.For("components", "There is no such component.")
		}
	}
	if m.ID != 0 {
		n, err := tx.Exec(ctx, `UPDATE incident_maintenance SET title = $2, about = $3, components = $4, from_at = $5, to_at = $6, updated_at = $7 WHERE id = $1 AND NOT cancelled`,
			m.ID, writeText(m.Title), writeText(m.About), writeIDs(m.Components), m.From, m.To, tx.Now())
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return 0, problem.New(problem.NotFound, "There is no such maintenance.")
		}
		if err := stamp(ctx, tx); err != nil {
			return 0, err
		}
		return m.ID, event.Record(ctx, tx, MaintenanceChanged{m.ID})
	}
	m.ID = MaintenanceID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO incident_maintenance (id, title, about, components, from_at, to_at, cancelled, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8, $8)`,
		m.ID, writeText(m.Title), writeText(m.About), writeIDs(m.Components), m.From, m.To, team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, err
	}
	if err := errors.Join(stamp(ctx, tx), post(ctx, tx, m.ID.String(), m.Components)); err != nil {
		return 0, err
	}
	return m.ID, event.Record(ctx, tx, MaintenancePlanned{m.ID, m.From, m.To})
}

// Cancel says that it does not happen.
func Cancel(ctx context.Context, tx *db.Tx, id MaintenanceID) error {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return err
	}
	m, err := GetMaintenance(ctx, tx, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE incident_maintenance SET cancelled = TRUE, updated_at = $2 WHERE id = $1 AND NOT cancelled AND to_at > $2`, id, tx.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.Conflict, "This maintenance is over already.")
	}
	if err := errors.Join(stamp(ctx, tx), post(ctx, tx, id.String()+" cancelled", m.Components)); err != nil {
		return err
	}
	return event.Record(ctx, tx, MaintenanceCancelled{id})
}
