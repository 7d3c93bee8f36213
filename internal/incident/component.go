package incident

import (
	"context"
	"encoding/json"
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

// ComponentID is the id of a component.
type ComponentID = id.Of[componentKind]

type componentKind struct{}

func (componentKind) Prefix() string { return "cpt" }

// Impact is how a component is hit.
type Impact string

// The impacts, and none.
const (
	Fine     Impact = ""
	Upkeep   Impact = "maintenance" // on purpose, and announced
	Degraded Impact = "degraded"    // slower or with errors
	Partial  Impact = "partial"     // some of it does not work
	Out      Impact = "out"         // it does not work
)

// Impacts are those that an incident can have, the mildest first.
var Impacts = []Impact{Degraded, Partial, Out}

var order = []Impact{Fine, Upkeep, Degraded, Partial, Out}

// Worse is the worse of two.
func (a Impact) Worse(b Impact) Impact {
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// Component is a part of what the firm offers.
type Component struct {
	ID       ComponentID
	Name     i18n.Text
	About    i18n.Text
	Rank     int
	Archived bool // it is on the page no more
}

const mostComponents = 60

func scanComponent(r db.Row) (c Component, err error) {
	var name, about string
	if err = r.Scan(&c.ID, &name, &about, &c.Rank, &c.Archived); err != nil {
		return c, err
	}
	var bad error
	c.Name, err = readText(name)
	c.About, bad = readText(about)
	return c, errors.Join(err, bad)
}

// Components lists those that are on the page, in their order. They are public.
func Components(ctx context.Context, tx *db.Tx) ([]Component, error) {
	return db.All(ctx, tx, scanComponent, `SELECT id, name, about, rank, archived FROM incident_component WHERE NOT archived ORDER BY rank, id`)
}

// SetComponents changes the components: those without an id are new, those that are missing leave the page and keep their history.
func SetComponents(ctx context.Context, tx *db.Tx, list []Component) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if len(list) > mostComponents {
		return problem.New(problem.Invalid, "At most %d components.", mostComponents)
	}
	var check problem.Check
	for i := range list {
		list[i].Name, list[i].About = tidy(list[i].Name), tidy(list[i].About)
		check.That(len(list[i].Name) > 0, "name", "Give each component a name.")
		check.That(list[i].Name.Fits(60), "name", "At most %d characters.", 60)
		check.That(list[i].About.Fits(200), "about", "At most %d characters.", 200)
	}
	if err := check.Err(); err != nil {
		return err
	}
	var a db.Args
	var kept []ComponentID
	for i, c := range list {
		if c.ID == 0 {
			c.ID = ComponentID(tx.NewID())
			_, err := tx.Exec(ctx, `INSERT INTO incident_component (id, name, about, rank, archived) VALUES ($1, $2, $3, $4, FALSE)`, c.ID, writeText(c.Name), writeText(c.About), i)
			if err != nil {
				return err
			}
		} else {
			n, err := tx.Exec(ctx, `UPDATE incident_component SET name = $2, about = $3, rank = $4 WHERE id = $1 AND NOT archived`, c.ID, writeText(c.Name), writeText(c.About), i)
			if err != nil {
				return err
			}
			if n == 0 {
				return problem.New(problem.NotFound, "There is no such component.")
			}
		}
		kept = append(kept, c.ID)
	}
	gone := `NOT archived`
	if len(kept) > 0 {
		gone += ` AND id NOT IN ` + db.In(&a, kept)
	}
	if _, err := tx.Exec(ctx, `UPDATE incident_component SET archived = TRUE WHERE `+gone, a.List()...); err != nil {
		return err
	}
	if err := stamp(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, ComponentsChanged{len(list)})
}

// Span is a time in which a component was hit.
type Span struct {
	Incident  ID
	Component ComponentID
	Impact    Impact
	From      time.Time
	To        time.Time // zero: it lasts
}

func scanSpan(r db.Row) (s Span, err error) {
	return s, r.Scan(&s.Incident, &s.Component, &s.Impact, db.Time(&s.From), db.Time(&s.To))
}

// Hit says how an incident hits components now, or did until it was over.
func Hit(ctx context.Context, tx *db.Tx, id ID) (map[ComponentID]Impact, error) {
	all := map[ComponentID]Impact{}
	list, err := db.All(ctx, tx, scanSpan, `SELECT s.incident_id, s.component_id, s.impact, s.from_at, s.to_at FROM incident_impact s
		JOIN incident i ON i.id = s.incident_id WHERE s.incident_id = $1 AND (s.to_at IS NULL OR s.to_at >= COALESCE(i.resolved_at, s.to_at + 1)) ORDER BY s.id`, id)
	for _, s := range list {
		all[s.Component] = s.Impact
	}
	return all, err
}

// everHit are the components that an incident has hit.
func everHit(ctx context.Context, tx *db.Tx, id ID) ([]ComponentID, error) {
	return db.All(ctx, tx, func(r db.Row) (c ComponentID, err error) { return c, r.Scan(&c) }, `SELECT DISTINCT component_id FROM incident_impact WHERE incident_id = $1`, id)
}

// impacts says how components are hit from a moment on. Those that are not named stay as they are.
func impacts(ctx context.Context, tx *db.Tx, id ID, now map[ComponentID]Impact, at time.Time) error {
	was, err := db.All(ctx, tx, scanSpan, `SELECT incident_id, component_id, impact, from_at, to_at FROM incident_impact WHERE incident_id = $1 AND to_at IS NULL`, id)
	if err != nil {
		return err
	}
	before := map[ComponentID]Impact{}
	for _, s := range was {
		before[s.Component] = s.Impact
	}
	for c, impact := range now {
		if before[c] == impact {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE incident_impact SET to_at = $3 WHERE incident_id = $1 AND component_id = $2 AND to_at IS NULL`, id, c, at); err != nil {
			return err
		}
		if impact != Fine {
			there, err := db.Exists(ctx, tx, `SELECT 1 FROM incident_component WHERE id = $1`, c)
			if err != nil {
				return err
			}
			if !there {
				return problem.For("components", "There is no such component.")
			}
			_, err = tx.Exec(ctx, `INSERT INTO incident_impact (id, incident_id, component_id, impact, from_at) VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), id, c, impact, at)
			if err != nil {
				return err
			}
		}
		if err := event.Record(ctx, tx, Impacted{id, c, impact}); err != nil {
			return err
		}
	}
	return nil
}

// healed ends what components suffer from an incident.
func healed(ctx context.Context, tx *db.Tx, id ID, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE incident_impact SET to_at = $2 WHERE incident_id = $1 AND to_at IS NULL`, id, at)
	return err
}

// Stamp is a number that is another one whenever the public pages may say something else.
func Stamp(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Value[int64](ctx, tx, `SELECT n FROM incident_stamp WHERE one = 1`)
}

func stamp(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE incident_stamp SET n = n + 1 WHERE one = 1`)
	return err
}

func writeIDs(list []ComponentID) string {
	if list == nil {
		list = []ComponentID{}
	}
	b, _ := json.Marshal(list)
	return string(b)
}

func readIDs(s string) (list []ComponentID, err error) { return list, json.Unmarshal([]byte(s), &list) }
