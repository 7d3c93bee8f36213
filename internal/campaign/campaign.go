package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"baraji/internal/consent"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/segment"
	"baraji/internal/team"
)

// ID is the id of a campaign.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "cpn" }

// State is how far a campaign is.
type State string

// The states.
const (
	Draft   State = "draft"
	Planned State = "planned"
	Sending State = "sending"
	Paused  State = "paused"
	Stopped State = "stopped"
	Done    State = "done"
)

// States lists them.
var States = []State{Draft, Planned, Sending, Paused, Stopped, Done}

// Open says whether what it says can still be changed.
func (s State) Open() bool { return s == Draft || s == Planned }

// Ended says whether nobody gets it any more.
func (s State) Ended() bool { return s == Stopped || s == Done }

// Letter is what a mail says, in each language.
type Letter struct {
	Subject i18n.Text `json:"subject"`
	Text    i18n.Text `json:"text"` // Markdown, with placeholders
}

// In says whether it is written in a language.
func (l Letter) In(locale i18n.Locale) bool { return l.Subject[locale] != "" && l.Text[locale] != "" }

func (l Letter) empty() bool {
	for _, locale := range i18n.Locales() {
		if l.Subject[locale] != "" || l.Text[locale] != "" {
			return false
		}
	}
	return true
}

// The variants.
const (
	First  = "a"
	Second = "b"
)

// Campaign is a mail to many.
type Campaign struct {
	ID      ID
	Name    string
	Purpose consent.Purpose
	Segment segment.ID
	Inbox   inbox.ID
	Letter  Letter
	Other   Letter // the second variant, to be compared
	Share   int    // percent of them who get it; 0: nobody
	Manners Manners
	Frame   Frame // how it was framed when it began

	State   State
	Why     string // of Paused: "" by somebody, else the word "campaigns.why_" + it
	Trouble string // what keeps it from going on for the moment, in the server's words
	By      team.ID

	PlannedAt time.Time
	StartedAt time.Time
	EndedAt   time.Time
	CreatedAt time.Time
	UpdatedAt time.Time

	turn     int       // counts changes of state: a job that was meant for another turn does nothing
	gathered int64     // the last customer of the segment that was written down
	complete bool      // all were
	next     time.Time // when the next handful may go
	asked    time.Time // when it was last counted who would get it
	counting bool
	fearless bool // somebody let it go on although much came back
}

// body is what of it is kept as JSON.
type body struct {
	Letter  Letter  `json:"letter"`
	Other   Letter  `json:"other,omitzero"`
	Share   int     `json:"share,omitempty"`
	Manners Manners `json:"manners"`
	Frame   Frame   `json:"frame,omitzero"`
}

func (c Campaign) body() string {
	b, _ := json.Marshal(body{c.Letter, c.Other, c.Share, c.Manners, c.Frame}) // plain strings and numbers
	return string(b)
}

const columns = `id, name, purpose, segment_id, inbox_id, body, state, why, trouble, person_id, planned_at, started_at, ended_at, created_at, updated_at,
	turn, gathered, complete, next_at, asked_at, counting, fearless`

func scan(r db.Row) (c Campaign, err error) {
	var text string
	var b body
	err = r.Scan(&c.ID, &c.Name, &c.Purpose, &c.Segment, &c.Inbox, &text, &c.State, &c.Why, &c.Trouble, &c.By, db.Time(&c.PlannedAt), db.Time(&c.StartedAt),
		db.Time(&c.EndedAt), db.Time(&c.CreatedAt), db.Time(&c.UpdatedAt), &c.turn, &c.gathered, &c.complete, db.Time(&c.next), db.Time(&c.asked), &c.counting, &c.fearless)
	if err == nil {
		err = json.Unmarshal([]byte(text), &b)
	}
	c.Letter, c.Other, c.Share, c.Manners, c.Frame = b.Letter, b.Other, b.Share, b.Manners, b.Frame
	return c, err
}

// Get returns a campaign.
func Get(ctx context.Context, tx *db.Tx, id ID) (Campaign, error) {
	if err := team.Allow(ctx, team.RunCampaigns); err != nil {
		return Campaign{}, err
	}
	return load(ctx, tx, id)
}

func load(ctx context.Context, tx *db.Tx, id ID) (Campaign, error) {
	c, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM campaign WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return c, problem.New(problem.NotFound, "There is no such campaign.")
	}
	if err != nil {
		return c, fmt.Errorf("read %s: %w", id, err)
	}
	return c, nil
}

// List returns campaigns, those that were made last first, from before one of them (0: from the newest).
func List(ctx context.Context, tx *db.Tx, before ID, limit int) ([]Campaign, error) {
	if err := team.Allow(ctx, team.RunCampaigns); err != nil {
		return nil, err
	}
	var a db.Args
	where := `TRUE`
	if before != 0 {
		where = `id < ` + a.Add(before)
	}
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM campaign WHERE `+where+` ORDER BY id DESC`+db.Limit(min(max(limit, 1), 500)), a.List()...)
}

// Counting says whether it is being counted who would get it, and since when the last count is.
func (c Campaign) Counting() (now bool, last time.Time) { return c.counting, c.asked }
