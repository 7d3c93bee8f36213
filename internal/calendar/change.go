package calendar

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/holiday"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	mostCalendars = 1000
	longestName   = 60
	mostTiers     = 20
)

// Given is what one chooses of a calendar.
type Given struct {
	Name   string // not of the firm's
	Zone   string // "" is the firm's
	Week   Week
	Public Public
	Teams  []team.TeamID
	Tiers  []string
}

// Given is a calendar as it was chosen.
func (c Calendar) Given() Given { return Given{c.Name, c.Zone, c.Week, c.Public, c.Teams, c.Tiers} }

// Make makes a calendar. A team or a tier that had another leaves that.
func Make(ctx context.Context, tx *db.Tx, g Given) (ID, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM calendar`)
	if err != nil {
		return 0, err
	}
	if n >= mostCalendars {
		return 0, problem.New(problem.Conflict, "There are %d calendars already.", mostCalendars)
	}
	id := ID(tx.NewID())
	g, err = g.checked(id)
	if err != nil {
		return 0, err
	}
	n64, err := tx.Exec(ctx, `INSERT INTO calendar (id, name, name_key, zone, week, public, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name_key) DO NOTHING`,
		id, g.Name, key(g.Name), g.Zone, g.Week.text(), g.Public, tx.Now())
	if err != nil {
		return 0, err
	}
	if n64 == 0 {
		return 0, sameName()
	}
	if err := serve(ctx, tx, id, g); err != nil {
		return 0, err
	}
	return id, event.Record(ctx, tx, Made{id})
}

// Change changes a calendar. Clocks that run keep what they began with.
func Change(ctx context.Context, tx *db.Tx, id ID, g Given) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	g, err := g.checked(id)
	if err != nil {
		return err
	}
	same, err := db.Exists(ctx, tx, `SELECT 1 FROM calendar WHERE name_key = $1 AND id <> $2`, key(g.Name), id)
	if err != nil {
		return err
	}
	if same {
		return sameName()
	}
	_, err = tx.Exec(ctx, `UPDATE calendar SET name = $2, name_key = $3, zone = $4, week = $5, public = $6, updated_at = $7 WHERE id = $1`,
		id, g.Name, key(g.Name), g.Zone, g.Week.text(), g.Public, tx.Now())
	if err != nil {
		return err
	}
	if err := serve(ctx, tx, id, g); err != nil {
		return err
	}
	return event.Record(ctx, tx, Changed{id})
}

func sameName() error { return problem.For("name", "There is a calendar of this name already.") }

// checked is what was chosen as it is kept.
func (g Given) checked(id ID) (Given, error) {
	var c problem.Check
	g.Name = strings.Join(strings.Fields(g.Name), " ")
	if id == Firm {
		g.Name, g.Teams, g.Tiers = "", nil, nil
	} else {
		c.That(g.Name != "", "name", "Give the calendar a name.")
	}
	c.That(utf8.RuneCountInString(g.Name) <= longestName, "name", "At most %d characters.", longestName)
	_, err := time.LoadLocation(g.Zone)
	c.That(err == nil && g.Zone != "Local", "zone", "Choose a time zone.")
	c.That(g.Public == ByZone || g.Public == Korea || g.Public == None, "public", "Choose which public holidays are free.")
	for day, text := range g.Week.Days {
		blocks, err := hours.ParseBlocks(text)
		c.That(err == nil, "day_"+strconv.Itoa(day), "Enter hours such as 09:00-18:00.")
		g.Week.Days[day] = written(blocks)
	}
	var tiers []string
	for _, tier := range g.Tiers {
		if tier = strings.Join(strings.Fields(tier), " "); tier != "" && !slices.ContainsFunc(tiers, func(t string) bool { return key(t) == key(tier) }) {
			c.That(utf8.RuneCountInString(tier) <= longestName, "tiers", "At most %d characters.", longestName)
			tiers = append(tiers, tier)
		}
	}
	g.Tiers = tiers
	c.That(len(tiers) <= mostTiers, "tiers", "At most %d tiers.", mostTiers)
	return g, c.Err()
}

// serve makes a calendar that of its teams and tiers, and of no others.
func serve(ctx context.Context, tx *db.Tx, id ID, g Given) error {
	for _, q := range []string{`DELETE FROM calendar_team WHERE calendar_id = $1`, `DELETE FROM calendar_tier WHERE calendar_id = $1`} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	for _, t := range g.Teams {
		if _, err := team.GetTeam(ctx, tx, t); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO calendar_team (team_id, calendar_id) VALUES ($1, $2)
			ON CONFLICT (team_id) DO UPDATE SET calendar_id = excluded.calendar_id`, t, id)
		if err != nil {
			return err
		}
	}
	for _, tier := range g.Tiers {
		_, err := tx.Exec(ctx, `INSERT INTO calendar_tier (tier_key, tier, calendar_id) VALUES ($1, $2, $3)
			ON CONFLICT (tier_key) DO UPDATE SET calendar_id = excluded.calendar_id, tier = excluded.tier`, key(tier), tier, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// Delete deletes a calendar; those whose it was have the firm's. The firm's stays.
func Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	if id == Firm {
		return problem.New(problem.Conflict, "The firm's own hours cannot be deleted.")
	}
	n, err := tx.Exec(ctx, `DELETE FROM calendar WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.New(problem.NotFound, "There is no such calendar.")
	}
	return event.Record(ctx, tx, Deleted{id})
}

// TakeHolidays makes the days of a file (see holiday.Read) the holidays of a calendar, instead of those that it had from one;
// nothing takes these away. It gives how many there are.
func TakeHolidays(ctx context.Context, tx *db.Tx, id ID, file []byte) (int, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return 0, err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return 0, err
	}
	days := []holiday.Day{}
	if len(file) > 0 {
		var err error
		if days, err = holiday.Read(file); err != nil {
			return 0, err
		}
	}
	text, err := json.Marshal(days)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `UPDATE calendar SET holidays = $2, updated_at = $3 WHERE id = $1`, id, string(text), tx.Now()); err != nil {
		return 0, err
	}
	return len(days), event.Record(ctx, tx, HolidaysTaken{id, len(days)})
}

func (w Week) text() string {
	b, _ := json.Marshal(w) // seven strings
	return string(b)
}

func written(blocks []hours.Block) string {
	var list []string
	for _, b := range blocks {
		list = append(list, b.String())
	}
	return strings.Join(list, ", ")
}

func sortByDay(list []Exception) {
	slices.SortStableFunc(list, func(a, b Exception) int { return a.First.Compare(b.First) })
}

func contains[T comparable](list []T, v T) bool { return slices.Contains(list, v) }
