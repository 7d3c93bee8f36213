package contact

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// values are the own fields of a person or a company, by key.
func values(ctx context.Context, tx *db.Tx, holder int64) (map[string]string, error) {
	all := map[string]string{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var key, text string
		err := r.Scan(&key, &text)
		all[key] = text
		return err
	}, `SELECT f.key, v.text FROM contact_value v JOIN contact_field f ON f.id = v.field_id WHERE v.holder_id = $1 ORDER BY f.rank, f.id`, holder)
	return all, err
}

// SetValues fills in own fields of a person, by key; "" empties one.
func SetValues(ctx context.Context, tx *db.Tx, id ID, set map[string]string) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	c, err := load(ctx, tx, id)
	if err != nil {
		return err
	}
	names, err := setValues(ctx, tx, OfContact, int64(c.ID), set)
	if err != nil || len(names) == 0 {
		return err
	}
	return touched(ctx, tx, c.ID, names...)
}

// SetCompanyValues fills in own fields of a company.
func SetCompanyValues(ctx context.Context, tx *db.Tx, id CompanyID, set map[string]string) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	o, err := loadCompany(ctx, tx, id)
	if err != nil {
		return err
	}
	names, err := setValues(ctx, tx, OfCompany, int64(o.ID), set)
	if err != nil || len(names) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE contact_company SET updated_at = $2, guessed = FALSE WHERE id = $1`, o.ID, tx.Now()); err != nil {
		return err
	}
	return event.Record(ctx, tx, CompanyChanged{o.ID, names})
}

// setValues checks and stores values, and names those that changed.
func setValues(ctx context.Context, tx *db.Tx, h Holder, holder int64, set map[string]string) (names []string, err error) {
	defined, err := Fields(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	was, err := values(ctx, tx, holder)
	if err != nil {
		return nil, err
	}
	var check problem.Check
	for _, key := range slices.Sorted(maps.Keys(set)) {
		i := slices.IndexFunc(defined, func(f Field) bool { return f.Key == key })
		check.That(i >= 0, "fields."+key, "There is no field with the key %s.", key)
		if i < 0 {
			continue
		}
		v, err := defined[i].read(set[key])
		if err != nil {
			check.That(false, "fields."+key, err.Format)
		}
		if err != nil || v.text == was[key] {
			continue
		}
		names = append(names, "fields."+key)
		if err := put(ctx, tx, holder, defined[i].ID, v); err != nil {
			return nil, fmt.Errorf("store field %s: %w", key, err)
		}
	}
	return names, check.Err()
}

func put(ctx context.Context, tx *db.Tx, holder int64, f FieldID, v value) error {
	if v.text == "" {
		_, err := tx.Exec(ctx, `DELETE FROM contact_value WHERE holder_id = $1 AND field_id = $2`, holder, f)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO contact_value (holder_id, field_id, text, number) VALUES ($1, $2, $3, $4)
		ON CONFLICT (holder_id, field_id) DO UPDATE SET text = excluded.text, number = excluded.number`, holder, f, v.text, v.number)
	return err
}

// value is what stands in an own field: its one written form, and the number that it is.
type value struct {
	text   string
	number any // float64, or nil
}

// read checks what somebody entered for a field.
func (f Field) read(s string) (value, *problem.Error) {
	s = clean(s, 501)
	if s == "" {
		return value{}, nil
	}
	switch f.Type {
	case NumberField:
		return readNumber(s)
	case DateField:
		t, err := time.Parse(time.DateOnly, s)
		if err != nil || t.Year() < 1 {
			return value{}, problem.New(problem.Invalid, "Enter a date such as 2026-01-31.")
		}
	case ChoiceField:
		if !slices.Contains(f.Choices, s) {
			return value{}, problem.New(problem.Invalid, "Choose one of the list.")
		}
	default:
		if len([]rune(s)) > 500 {
			return value{}, problem.New(problem.Invalid, "Enter at most 500 characters.")
		}
	}
	return value{text: s}, nil
}

func readNumber(s string) (value, *problem.Error) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(s, "xXpP_") {
		return value{}, problem.New(problem.Invalid, "Enter a number.")
	}
	return value{strconv.FormatFloat(n, 'f', -1, 64), n}, nil
}
