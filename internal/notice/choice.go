package notice

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Choice is how somebody wants to be told. What he never chose is as Default has it.
type Choice struct {
	Ways  map[Kind][]Way `json:"ways"`
	Quiet Quiet          `json:"quiet"`
	Sound bool           `json:"sound"` // a page may sound while he is paged

	Slack bool `json:"-"` // he has an address of his own there
}

// Default is what holds until somebody chooses: a mail where it cannot wait until he looks, nothing by night.
func Default() Choice {
	return Choice{Ways: map[Kind][]Way{
		Paged:     {Bell, Push, Mail, Slack},
		Mentioned: {Bell, Push, Mail},
		Assigned:  {Bell, Push},
		Answered:  {Bell, Push},
		Due:       {Bell, Push},
		Broken:    {Bell, Push, Mail},
		Swap:      {Bell, Push, Mail},
		Rule:      {Bell, Push, Mail},
		Tried:     {Bell, Push, Mail, Slack},
	}, Quiet: Quiet{On: true, From: 22 * 60, Until: 7 * 60}}
}

// For is by which ways a kind goes to him. Whoever is paged has the bell, whatever he chose.
func (c Choice) For(k Kind) []Way {
	ways := c.Ways[k]
	if k == Paged && !slices.Contains(ways, Bell) {
		return append([]Way{Bell}, ways...)
	}
	return ways
}

// Quiet is the hours of the day in which only what is urgent comes, in minutes since midnight; over midnight where Until is before From.
type Quiet struct {
	On    bool `json:"on"`
	From  int  `json:"from"`
	Until int  `json:"until"`
}

// Holds says whether it is quiet at a moment.
func (q Quiet) Holds(at time.Time, zone *time.Location) bool {
	if !q.On || q.From == q.Until {
		return false
	}
	local := at.In(zone)
	m := local.Hour()*60 + local.Minute()
	if q.From < q.Until {
		return m >= q.From && m < q.Until
	}
	return m >= q.From || m < q.Until
}

// After is the first moment from at on that is not quiet.
func (q Quiet) After(at time.Time, zone *time.Location) time.Time {
	if !q.Holds(at, zone) {
		return at
	}
	return q.morning(at, zone)
}

// morning is the next time that quiet ends. Where a clock is put forward over it, it is as long after midnight as it says.
func (q Quiet) morning(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	for days := range 3 {
		end := time.Date(local.Year(), local.Month(), local.Day()+days, q.Until/60, q.Until%60, 0, 0, zone)
		if end.After(at) {
			return end.UTC()
		}
	}
	return at
}

// person is somebody who can come in, with how he wants to be told.
type person struct {
	ID       team.ID
	Name     string
	Email    string
	Language string
	zone     *time.Location
	Choice
	slack string // sealed
}

// reader reads who is to be told; ErrNoRow: he cannot come in.
func reader(ctx context.Context, tx *db.Tx, id team.ID) (p person, err error) {
	firm, err := team.GetFirm(ctx, tx)
	if err != nil {
		return p, err
	}
	return db.One(ctx, tx, func(r db.Row) (p person, err error) {
		var zone, body string
		if err = r.Scan(&p.ID, &p.Name, &p.Email, &p.Language, &zone, &body, &p.slack); err != nil {
			return p, err
		}
		if p.Language == "" {
			p.Language = firm.Language
		}
		p.zone = place(zone, firm.Zone)
		p.Choice, err = readChoice(body)
		return p, err
	}, `SELECT p.id, p.name, p.email, p.language, p.zone, COALESCE(c.body, ''), COALESCE(c.slack, '') FROM team_person p LEFT JOIN notice_choice c ON c.person_id = p.id
		WHERE p.id = $1 AND p.state = 'active'`, id)
}

func readChoice(body string) (Choice, error) {
	c := Default()
	if body == "" {
		return c, nil
	}
	kept := Choice{Quiet: c.Quiet}
	if err := json.Unmarshal([]byte(body), &kept); err != nil {
		return c, err
	}
	c.Quiet, c.Sound = kept.Quiet, kept.Sound
	for k, ways := range kept.Ways {
		c.Ways[k] = ways
	}
	return c, nil
}

func place(names ...string) *time.Location {
	for _, name := range names {
		if z, err := time.LoadLocation(name); name != "" && err == nil {
			return z
		}
	}
	return time.UTC
}

// Chosen is how whoever acts wants to be told.
func Chosen(ctx context.Context, tx *db.Tx) (Choice, error) {
	p, err := reader(ctx, tx, team.From(ctx).Person)
	if errors.Is(err, db.ErrNoRow) {
		return Default(), nil
	}
	p.Choice.Slack = p.slack != ""
	return p.Choice, err
}

// Choose stores how whoever acts wants to be told.
func Choose(ctx context.Context, tx *db.Tx, c Choice) error {
	me := team.From(ctx).Person
	if me == 0 {
		return problem.New(problem.Forbidden, "Sign in first.")
	}
	var k problem.Check
	k.That(c.Quiet.From >= 0 && c.Quiet.From < 24*60, "from", "Enter a time of day.")
	k.That(c.Quiet.Until >= 0 && c.Quiet.Until < 24*60, "until", "Enter a time of day.")
	k.That(!c.Quiet.On || c.Quiet.From != c.Quiet.Until, "until", "Quiet must end at another time than it begins.")
	if err := k.Err(); err != nil {
		return err
	}
	for kind, ways := range c.Ways {
		if !slices.Contains(Kinds, kind) {
			delete(c.Ways, kind)
		} else if ways == nil {
			c.Ways[kind] = []Way{}
		}
	}
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO notice_choice (person_id, body) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET body = excluded.body WHERE notice_choice.body <> excluded.body`, me, string(body))
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, ChoicesChanged{me})
}

// Days is when the day of people begins: the first moment from at on at which each may be told what is not urgent.
func Days(ctx context.Context, tx *db.Tx, people []team.ID, at time.Time) (map[team.ID]time.Time, error) {
	out := map[team.ID]time.Time{}
	for _, id := range people {
		p, err := reader(ctx, tx, id)
		if errors.Is(err, db.ErrNoRow) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[id] = p.Quiet.After(at, p.zone)
	}
	return out, nil
}
