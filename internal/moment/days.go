package moment

import (
	"context"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
)

// zones are the time zones that customers have, "" for those of whom none is known: with an index, a step for each and not for each customer.
func zones(ctx context.Context, tx *db.Tx) ([]string, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `WITH RECURSIVE zone (name) AS (SELECT MIN(time_zone) FROM contact
		UNION ALL SELECT (SELECT MIN(c.time_zone) FROM contact c WHERE c.time_zone > zone.name) FROM zone WHERE zone.name IS NOT NULL) SELECT name FROM zone WHERE name IS NOT NULL`)
	if !slices.Contains(list, "") {
		list = append(list, "")
	}
	return list, err
}

// strike is a day on which it happens, on the walls of some zones.
type strike struct {
	zones []string
	days  []hours.Date
}

// strikes are the zones and days of which the hour lies after from and until to. Most of the time there are none, and nobody is looked at.
func (s search) strikes(zones []string) (out strike) {
	for _, name := range zones {
		z, hit := hours.Zone(name, s.zone), false
		for d := hours.DateOf(s.from, z); d.Compare(hours.DateOf(s.to, z)) <= 0; d = d.Add(1) {
			if at := hours.Instant(z, d, s.When.At); at.After(s.from) && !at.After(s.to) {
				hit = true
				if !slices.Contains(out.days, d) {
					out.days = append(out.days, d)
				}
			}
		}
		if hit {
			out.zones = append(out.zones, name)
		}
	}
	return out
}

// soonest is the first time after an instant at which the hour strikes on the wall of a zone.
func (w When) soonest(zones []string, firm string, after time.Time) (first time.Time) {
	for _, name := range zones {
		z := hours.Zone(name, firm)
		for d := hours.DateOf(after, z); ; d = d.Add(1) {
			at := hours.Instant(z, d, w.At)
			if !at.After(after) {
				continue
			}
			if first.IsZero() || at.Before(first) {
				first = at
			}
			break
		}
	}
	return first
}

// days are those of an own field that is a date.
func (s search) days(ctx context.Context, tx *db.Tx, d Dated, own string, after int64, limit int) (list []Due, cursor int64, more bool, err error) {
	names := []string{""}
	if d.About() != "company" {
		if names, err = zones(ctx, tx); err != nil {
			return nil, 0, false, err
		}
	}
	hit := s.strikes(names)
	if len(hit.zones) == 0 {
		return nil, 0, false, nil
	}
	field, is, err := fieldOf(ctx, tx, d, own)
	if err != nil || !is {
		return nil, 0, false, err
	}
	rows, err := s.dated(ctx, tx, d.About(), field, hit, len(hit.zones) < len(names), after, limit)
	if err != nil {
		return nil, 0, false, err
	}
	for _, r := range rows {
		cursor = r.holder
		if at, day, ok := s.strikesAt(r); ok {
			list = append(list, Due{r.holder, subject(d.About(), r.holder), at, day.String()})
		}
	}
	return list, cursor, len(rows) == limit, nil
}

// row is a date of somebody, and on whose wall it is.
type row struct {
	holder int64
	date   hours.Date
	zone   string
}

// strikesAt is when a date happens within what is looked for; day is the one on which.
func (s search) strikesAt(r row) (at time.Time, day hours.Date, ok bool) {
	z := hours.Zone(r.zone, s.zone)
	if !s.When.Yearly {
		day = s.When.moved(r.date)
		at = hours.Instant(z, day, s.When.At)
		return at.UTC(), day, at.After(s.from) && !at.After(s.to)
	}
	for year := s.from.Year() - 11; year <= s.to.Year()+11; year++ {
		if year < r.date.Year {
			continue
		}
		day = s.When.moved(months(r.date, 12*(year-r.date.Year)))
		if at = hours.Instant(z, day, s.When.At); at.After(s.from) && !at.After(s.to) {
			return at.UTC(), day, true
		}
	}
	return at, day, false
}

// dates are those for which it happens on some days, as they are written; every year without the year.
func (w When) dates(days []hours.Date) (texts []string) {
	for _, on := range days {
		for _, d := range w.meant(on) {
			text := d.String()
			if w.Yearly {
				if text = text[5:]; d.Month == time.February && d.Day == 28 {
					texts = append(texts, "02-29") // in years that have none
				}
			}
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// dated asks for those who have such a date.
func (s search) dated(ctx context.Context, tx *db.Tx, about string, field int64, hit strike, some bool, after int64, limit int) ([]row, error) {
	var a db.Args
	holder, text, zone, from := "v.holder_id", "v.text", "c.time_zone", ` FROM contact_value v JOIN contact c ON c.id = v.holder_id AND c.merged_into = 0 `
	switch about {
	case "company":
		zone, from = "''", ` FROM contact_value v JOIN contact_company c ON c.id = v.holder_id AND c.merged_into = 0 `
	case "conversation":
		holder, text, zone = "v.conversation_id", "v.value", "COALESCE(c.time_zone, '')"
		from = ` FROM conversation_value v JOIN conversation t ON t.id = v.conversation_id AND t.merged_into = 0 LEFT JOIN contact c ON c.id = t.contact_id `
	}
	query := `SELECT ` + holder + `, ` + text + `, ` + zone + from + `WHERE v.field_id = ` + a.Add(field) + ` AND +` + holder + ` > ` + a.Add(after) // the plus: by the date, not through all in the order of ids
	if s.When.Yearly {
		query += ` AND substr(` + text + `, 6) IN ` + db.In(&a, s.When.dates(hit.days))
	} else {
		query += ` AND ` + text + ` IN ` + db.In(&a, s.When.dates(hit.days))
	}
	if some && about != "company" {
		query += ` AND ` + zone + ` IN ` + db.In(&a, hit.zones)
	}
	return db.All(ctx, tx, func(r db.Row) (o row, err error) {
		var text string
		if err := r.Scan(&o.holder, &text, &o.zone); err != nil {
			return o, err
		}
		o.date, err = hours.ParseDate(text)
		return o, err
	}, query+` ORDER BY +`+holder+db.Limit(limit), a.List()...)
}
