package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/holiday"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of a calendar.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "cal" }

// Firm is the calendar of the firm, which is always there.
const Firm ID = 1

// Public says which public holidays are free.
type Public string

// The public holidays that are known.
const (
	ByZone Public = ""     // those of Korea where the clocks are those of Seoul
	Korea  Public = "kr"   // 2020 to 2050
	None   Public = "none" // work goes on
)

// Week is the hours of each day from Sunday, as people write them: "09:00-12:00, 13:00-18:00"; nothing is closed.
type Week struct{ Days [7]string }

// Office is a week from nine to six.
func Office() Week {
	const workday = "09:00-18:00"
	return Week{[7]string{"", workday, workday, workday, workday, workday, ""}}
}

// Calendar is one.
type Calendar struct {
	ID        ID
	Name      string // "" is the firm's
	Zone      string // "" is the firm's
	Week      Week
	Public    Public
	Holidays  []holiday.Day // taken from a file
	Teams     []team.TeamID // whose it is
	Tiers     []string      // of customers
	UpdatedAt time.Time

	zone *time.Location // that counts
}

// Place is the zone that counts: the calendar's, or the firm's.
func (c Calendar) Place() *time.Location { return c.zone }

// Korean says whether the public holidays of Korea are free.
func (c Calendar) Korean() bool {
	return c.Public == Korea || c.Public == ByZone && c.zone.String() == "Asia/Seoul"
}

const columns = `c.id, c.name, c.zone, c.week, c.public, c.holidays, c.updated_at`

func scan(r db.Row) (c Calendar, err error) {
	var week, days string
	if err = r.Scan(&c.ID, &c.Name, &c.Zone, &week, &c.Public, &days, db.Time(&c.UpdatedAt)); err != nil {
		return c, err
	}
	if c.UpdatedAt.UnixMilli() == 0 { // as it came into the world
		c.UpdatedAt = time.Time{}
	}
	return c, errors.Join(json.Unmarshal([]byte(week), &c.Week), json.Unmarshal([]byte(days), &c.Holidays))
}

// List returns the calendars, the firm's first and the others by name.
func List(ctx context.Context, tx *db.Tx) ([]Calendar, error) {
	return find(ctx, tx, `TRUE`)
}

// Get returns a calendar.
func Get(ctx context.Context, tx *db.Tx, id ID) (Calendar, error) {
	list, err := find(ctx, tx, `c.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = problem.New(problem.NotFound, "There is no such calendar.")
	}
	if err != nil {
		return Calendar{}, err
	}
	return list[0], nil
}

// find reads calendars whole: four statements, however many there are.
func find(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Calendar, error) {
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM calendar c WHERE `+where+` ORDER BY c.name_key`, args...)
	if err != nil {
		return nil, err
	}
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return nil, err
	}
	at := map[ID]*Calendar{}
	for i := range list {
		list[i].zone = hours.Zone(list[i].Zone, firm.Zone)
		at[list[i].ID] = &list[i]
	}
	var of ID
	var member team.TeamID
	err = db.Each(ctx, tx, func(r db.Row) error {
		if err := r.Scan(&of, &member); err != nil {
			return err
		}
		if c := at[of]; c != nil {
			c.Teams = append(c.Teams, member)
		}
		return nil
	}, `SELECT calendar_id, team_id FROM calendar_team ORDER BY team_id`)
	if err != nil {
		return nil, err
	}
	var tier string
	return list, db.Each(ctx, tx, func(r db.Row) error {
		if err := r.Scan(&of, &tier); err != nil {
			return err
		}
		if c := at[of]; c != nil {
			c.Tiers = append(c.Tiers, tier)
		}
		return nil
	}, `SELECT calendar_id, tier FROM calendar_tier ORDER BY tier_key`)
}

// Blocks are the hours of a day of the week.
func (w Week) Blocks(day time.Weekday) []hours.Block {
	blocks, _ := hours.ParseBlocks(w.Days[day]) // was checked when it was set
	return blocks
}
