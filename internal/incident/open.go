package incident

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Name is what people call the incident of a number.
func Name(number int64) string { return "INC-" + strconv.FormatInt(number, 10) }

// Given is what one says of an incident.
type Given struct {
	Title     i18n.Text
	Product   string
	Version   string
	Words     string
	Severity  string
	Public    bool
	Inbox     inbox.ID
	StartedAt time.Time // zero: now
	Impacts   map[ComponentID]Impact
}

const (
	longestTitle = 150
	longestWord  = 100
	longestText  = 5000
)

// Open opens an incident. Whoever opens it leads it until somebody else does.
func Open(ctx context.Context, tx *db.Tx, g Given) (Incident, error) {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return Incident{}, err
	}
	if g.StartedAt.IsZero() {
		g.StartedAt = tx.Now()
	}
	g, err := g.checked(ctx, tx)
	if err != nil {
		return Incident{}, err
	}
	number, err := db.Next(ctx, tx, "incident")
	if err != nil {
		return Incident{}, err
	}
	me := team.From(ctx).Person
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO incident (id, number, title, product, version, words, severity, state, public, inbox_id, started_at, created_by, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		id, number, writeText(g.Title), g.Product, g.Version, g.Words, g.Severity, Investigating, g.Public, g.Inbox, g.StartedAt, me, tx.Now())
	if err != nil {
		return Incident{}, fmt.Errorf("open incident: %w", err)
	}
	if err := event.Record(ctx, tx, Opened{id, g.Severity}); err != nil {
		return Incident{}, err
	}
	if me != 0 {
		if err := setRole(ctx, tx, id, Lead, me); err != nil {
			return Incident{}, err
		}
	}
	if err := impacts(ctx, tx, id, g.Impacts, g.StartedAt); err != nil {
		return Incident{}, err
	}
	if err := stamp(ctx, tx); err != nil {
		return Incident{}, err
	}
	return load(ctx, tx, id)
}

// Change says something else of an incident.
func Change(ctx context.Context, tx *db.Tx, id ID, g Given) error {
	if err := team.Allow(ctx, team.RunIncidents); err != nil {
		return err
	}
	was, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	if g.StartedAt.IsZero() {
		g.StartedAt = was.StartedAt
	}
	if g, err = g.checked(ctx, tx); err != nil {
		return err
	}
	fields := was.differs(g)
	if len(fields) > 0 {
		_, err = tx.Exec(ctx, `UPDATE incident SET title = $2, product = $3, version = $4, words = $5, severity = $6, public = $7, inbox_id = $8, started_at = $9, updated_at = $10
			WHERE id = $1`, id, writeText(g.Title), g.Product, g.Version, g.Words, g.Severity, g.Public, g.Inbox, g.StartedAt, tx.Now())
		if err != nil {
			return err
		}
		if err := event.Record(ctx, tx, Changed{id, fields}); err != nil {
			return err
		}
	}
	if !was.State.Over() && g.Impacts != nil {
		if err := impacts(ctx, tx, id, g.Impacts, tx.Now()); err != nil {
			return err
		}
	}
	return stamp(ctx, tx)
}

// Given is an incident as it was described, without its components.
func (i Incident) Given() Given {
	return Given{i.Title, i.Product, i.Version, i.Words, i.Severity, i.Public, i.Inbox, i.StartedAt, nil}
}

func (i Incident) differs(g Given) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"title", writeText(i.Title) == writeText(g.Title)}, {"product", i.Product == g.Product}, {"version", i.Version == g.Version}, {"words", i.Words == g.Words},
		{"severity", i.Severity == g.Severity}, {"public", i.Public == g.Public}, {"inbox", i.Inbox == g.Inbox}, {"started_at", i.StartedAt.Equal(g.StartedAt)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// checked is what was said as it is kept.
func (g Given) checked(ctx context.Context, tx *db.Tx) (Given, error) {
	g.Title = tidy(g.Title)
	for _, s := range []*string{&g.Product, &g.Version, &g.Words} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	var c problem.Check
	c.That(len(g.Title) > 0, "title", "Say in a few words what is wrong.")
	c.That(g.Title.Fits(longestTitle), "title", "At most %d characters.", longestTitle)
	c.That(len([]rune(g.Product)) <= longestWord, "product", "At most %d characters.", longestWord)
	c.That(len([]rune(g.Version)) <= longestWord, "version", "At most %d characters.", longestWord)
	c.That(len([]rune(g.Words)) <= 200, "words", "At most %d characters.", 200)
	c.That(slices.Contains(Severities, g.Severity), "severity", "Choose how bad it is.")
	c.That(!g.StartedAt.After(tx.Now()), "started_at", "This is in the future. Planned work is maintenance.")
	for _, impact := range g.Impacts {
		c.That(impact == Fine || slices.Contains(Impacts, impact), "components", "Choose how the component is hit.")
	}
	if g.Inbox != 0 {
		in, err := inbox.Get(ctx, tx, g.Inbox)
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return g, err
		}
		c.That(err == nil && in.Channel == "email", "inbox", "Choose an inbox that can send mail.")
	}
	return g, c.Err()
}

// tidy takes out languages in which nothing was said.
func tidy(t i18n.Text) i18n.Text {
	out := i18n.Text{}
	for _, l := range i18n.Locales() {
		if s := strings.TrimSpace(strings.ReplaceAll(t[l], "\r\n", "\n")); s != "" {
			out[l] = s
		}
	}
	return out
}
