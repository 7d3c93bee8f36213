package contact

import (
	"context"
	"fmt"
	"strconv"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Update changes a person's own fields: change gets him as he is. Addresses,
// tags, own fields and blocking have commands of their own; here they stay.
func Update(ctx context.Context, tx *db.Tx, id ID, change func(*Contact) error) (Contact, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return Contact{}, err
	}
	was, err := load(ctx, tx, id)
	if err != nil {
		return was, err
	}
	c := was
	if err := change(&c); err != nil {
		return was, err
	}
	if team.From(ctx).Masked {
		c.keepHidden(was)
	}
	if err := c.tidy(tx.Now()); err != nil {
		return was, err
	}
	fields := changed(was, c)
	if len(fields) == 0 {
		return shown(ctx, was), nil
	}
	if err := c.exists(ctx, tx, was); err != nil {
		return was, err
	}
	if err := save(ctx, tx, c); err != nil {
		return was, err
	}
	c, err = row(ctx, tx, was.ID)
	if err != nil {
		return c, err
	}
	return shown(ctx, c), event.Record(ctx, tx, factsOf(was, c, fields)...)
}

// exists checks what a person is put into.
func (c Contact) exists(ctx context.Context, tx *db.Tx, was Contact) error {
	if c.Company == was.Company || c.Company == 0 {
		return nil
	}
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM contact_company WHERE id = $1 AND merged_into = 0`, c.Company)
	if err == nil && !there {
		return problem.For("company_id", "This company is not there.")
	}
	return err
}

func factsOf(was, c Contact, fields []string) []event.Fact {
	facts := []event.Fact{Changed{c.ID, fields}}
	if was.Stage != c.Stage {
		facts = append(facts, StageChanged{c.ID, was.Stage, c.Stage})
	}
	return facts
}

// field is one that Update and Merge may change, by the name that facts and the API use, as text.
type field struct {
	name string
	get  func(Contact) string
	set  func(*Contact, string)
}

func text(name string, of func(*Contact) *string) field {
	return field{name, func(c Contact) string { return *of(&c) }, func(c *Contact, s string) { *of(c) = s }}
}

func number[N ~int | ~int64](name string, of func(*Contact) *N) field {
	return field{name, func(c Contact) string {
		if *of(&c) == 0 {
			return ""
		}
		return strconv.FormatInt(int64(*of(&c)), 10)
	}, func(c *Contact, s string) {
		n, _ := strconv.ParseInt(s, 10, 64) // "" is none
		*of(c) = N(n)
	}}
}

// fields lists them all.
var fields = []field{
	text("name", func(c *Contact) *string { return &c.Name }),
	number("company_id", func(c *Contact) *CompanyID { return &c.Company }),
	text("title", func(c *Contact) *string { return &c.Title }),
	text("language", func(c *Contact) *string { return &c.Language }),
	text("time_zone", func(c *Contact) *string { return &c.TimeZone }),
	text("stage", func(c *Contact) *string { return (*string)(&c.Stage) }),
	text("industry", func(c *Contact) *string { return &c.Industry }),
	text("persona", func(c *Contact) *string { return &c.Persona }),
	text("gender", func(c *Contact) *string { return &c.Gender }),
	number("birth_year", func(c *Contact) *int { return &c.BirthYear }),
	text("region", func(c *Contact) *string { return &c.Region }),
	text("remember", func(c *Contact) *string { return &c.Remember }),
	number("owner_id", func(c *Contact) *team.ID { return &c.Owner }),
}

// changed names the fields in which two states of a person differ.
func changed(was, is Contact) (names []string) {
	for _, f := range fields {
		if f.get(was) != f.get(is) {
			names = append(names, f.name)
		}
	}
	return names
}

// save writes the fields, and brings name, first addresses and index in line.
func save(ctx context.Context, tx *db.Tx, c Contact) error {
	_, err := tx.Exec(ctx, `
		UPDATE contact SET name = $2, company_id = $3, title = $4, language = $5, time_zone = $6, stage = $7, industry = $8, persona = $9,
			gender = $10, birth_year = $11, region = $12, remember = $13, owner_id = $14, updated_at = $15, last_seen_at = $16 WHERE id = $1`,
		c.ID, c.Name, c.Company, c.Title, c.Language, c.TimeZone, c.Stage, c.Industry, c.Persona, c.Gender, c.BirthYear, c.Region, c.Remember,
		c.Owner, tx.Now(), millis(c.LastSeenAt))
	if err != nil {
		return fmt.Errorf("store %s: %w", c.ID, err)
	}
	return refresh(ctx, tx, c.ID)
}
