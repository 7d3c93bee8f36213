package contact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Contact is a person.
type Contact struct {
	ID      ID
	Name    string // the first address when nobody knows it; "" for a visitor without either
	Email   string // the first of each kind, as shown; "" when there is none
	Phone   string
	Company CompanyID
	Title   string // what he is in his company

	Language string // "ko", "en", …; "" is not known
	TimeZone string // as "Asia/Seoul"; "" is not known
	Stage    Stage
	Industry string
	Persona  string // which sort of buyer (S1-08)

	Gender    string // demographics, where the firm asks for them (S1-14)
	BirthYear int
	Region    string

	Remember string // what one should know before one talks to him (S3-14)
	Owner    team.ID

	Blocked   string // why no mail is to go to him; "" is not blocked
	BlockedAt time.Time

	MergedInto ID // set on the row of one who is another; Get never returns it
	CreatedAt  time.Time
	UpdatedAt  time.Time
	LastSeenAt time.Time // when he last wrote; zero is never
}

const columns = `c.id, c.name, c.email, c.phone, c.company_id, c.title, c.language, c.time_zone, c.stage, c.industry, c.persona, c.gender,
	c.birth_year, c.region, c.remember, c.owner_id, c.blocked, c.blocked_at, c.merged_into, c.created_at, c.updated_at, c.last_seen_at`

// into is where the columns of a row go.
func (c *Contact) into() []any {
	return []any{&c.ID, &c.Name, &c.Email, &c.Phone, &c.Company, &c.Title, &c.Language, &c.TimeZone, &c.Stage, &c.Industry, &c.Persona, &c.Gender,
		&c.BirthYear, &c.Region, &c.Remember, &c.Owner, &c.Blocked, db.Time(&c.BlockedAt), &c.MergedInto, db.Time(&c.CreatedAt), db.Time(&c.UpdatedAt),
		moment{&c.LastSeenAt}}
}

func scan(r db.Row) (c Contact, err error) { return c, r.Scan(c.into()...) }

// moment scans a time that is 0, not NULL, for never: so that it can be sorted by.
type moment struct{ t *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(v any) error {
	if v == int64(0) {
		*m.t = time.Time{}
		return nil
	}
	return db.Time(m.t).Scan(v)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Get returns a person for somebody to look at: masked where whoever acts is
// shown masked data only. The id of one who was merged leads to who he is now.
func Get(ctx context.Context, tx *db.Tx, id ID) (Contact, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Contact{}, err
	}
	c, err := load(ctx, tx, id)
	return shown(ctx, c), err
}

// Current follows merges to the id of the person who lives on.
func Current(ctx context.Context, tx *db.Tx, id ID) (ID, error) {
	c, err := load(ctx, tx, id)
	return c.ID, err
}

// load reads a person as he is, for commands.
func load(ctx context.Context, tx *db.Tx, id ID) (Contact, error) {
	for range 20 {
		c, err := row(ctx, tx, id)
		if err != nil || c.MergedInto == 0 {
			return c, err
		}
		id = c.MergedInto
	}
	return Contact{}, errors.New("merges in a circle at " + id.String())
}

// row reads the row of exactly this id.
func row(ctx context.Context, tx *db.Tx, id ID) (Contact, error) {
	c, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM contact c WHERE c.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return c, problem.New(problem.NotFound, "This customer is not there.")
	}
	if err != nil {
		return c, fmt.Errorf("read %s: %w", id, err)
	}
	return c, nil
}

// Profile is everything of a person but his notes and his line.
type Profile struct {
	Contact
	CompanyName string
	Addresses   []Address
	Claims      []Address // said, but not proved
	Tags        []string
	Values      map[string]string // own fields, by key
}

// Whole returns a person with addresses, tags and own fields, for a page.
func Whole(ctx context.Context, tx *db.Tx, id ID) (Profile, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Profile{}, err
	}
	p, err := whole(ctx, tx, id)
	if team.From(ctx).Masked {
		p = p.masked()
	}
	return p, err
}

func (p *Profile) readCompany(ctx context.Context, tx *db.Tx) error {
	if p.Company == 0 {
		return nil
	}
	co, err := loadCompany(ctx, tx, p.Company)
	p.CompanyName = co.Name
	return err
}

func whole(ctx context.Context, tx *db.Tx, id ID) (p Profile, err error) {
	if p.Contact, err = load(ctx, tx, id); err != nil {
		return p, err
	}
	err = tx.Together(ctx,
		func(tx *db.Tx) error { return p.readCompany(ctx, tx) },
		func(tx *db.Tx) (err error) { p.Addresses, err = addresses(ctx, tx, p.ID); return err },
		func(tx *db.Tx) (err error) { p.Claims, err = claims(ctx, tx, p.ID); return err },
		func(tx *db.Tx) (err error) { p.Tags, err = tags(ctx, tx, p.ID); return err },
		func(tx *db.Tx) (err error) { p.Values, err = values(ctx, tx, int64(p.ID)); return err },
	)
	return p, err
}
