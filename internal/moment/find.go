package moment

import (
	"context"
	"strconv"
	"time"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/hours"
	"baraji/internal/kit/id"
	"baraji/internal/team"
)

// Due is one thing that is due.
type Due struct {
	Thing   int64  // its number, whatever it is
	Subject string // its id
	At      time.Time
	mark    string // beside this it is due no more
}

// search is what is looked for: what is due after from and until to.
type search struct {
	Plan
	zone     string // the firm's
	from, to time.Time
}

// page is some of what is due behind a cursor: more says that there may be more behind the one that it returns.
func (s search) page(ctx context.Context, tx *db.Tx, after int64, limit int) (list []Due, cursor int64, more bool, err error) {
	if s.When.Date == "" {
		return s.each(ctx, tx, after, limit)
	}
	d, own := DateOf(s.When.Date)
	if own != "" {
		return s.days(ctx, tx, d, own, after, limit)
	}
	return s.instants(ctx, tx, d, after, limit)
}

type found struct {
	cursor, thing int64
	subject       string
	at            time.Time
}

func scanFound(r db.Row) (f found, err error) {
	return f, r.Scan(&f.cursor, &f.thing, &f.subject, db.Time(&f.at))
}

// instants are those of a built-in date.
func (s search) instants(ctx context.Context, tx *db.Tx, d Dated, after int64, limit int) (list []Due, cursor int64, more bool, err error) {
	from, to := s.When.window(s.from, s.to)
	var a db.Args
	rows, err := db.All(ctx, tx, scanFound, d.at(part{&a, from.UnixMilli(), to.UnixMilli(), [2]int64{id.From(from.Add(-time.Minute)), id.From(to.Add(10 * time.Minute))}, after})+db.Limit(limit), a.List()...)
	if err != nil {
		return nil, 0, false, err
	}
	for _, f := range rows {
		cursor = f.cursor
		if f.thing == 0 {
			talk, err := id.Read[conversation.ID](f.subject)
			if err != nil {
				continue
			}
			if is, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation WHERE id = $1 AND merged_into = 0`, talk); err != nil || !is {
				if err != nil {
					return nil, 0, false, err
				}
				continue
			}
			f.thing = int64(talk)
		}
		if at := s.When.later(f.at, hours.Zone(s.zone)); at.After(s.from) && !at.After(s.to) {
			list = append(list, Due{f.thing, subject(d.About(), f.thing), at, strconv.FormatInt(at.UnixMilli(), 36)})
		}
	}
	return list, cursor, len(rows) == limit, nil
}

// subject is the id of a thing as it is written.
func subject(about string, n int64) string {
	switch about {
	case "conversation":
		return conversation.ID(n).String()
	case "customer":
		return contact.ID(n).String()
	}
	return contact.CompanyID(n).String()
}

// each are the things of a schedule.
func (s search) each(ctx context.Context, tx *db.Tx, after int64, limit int) (list []Due, cursor int64, more bool, err error) {
	mark := strconv.FormatInt(s.to.UnixMilli(), 36)
	if s.When.Once {
		mark = once
	}
	if s.When.Each == "" {
		return []Due{{0, "", s.to, mark}}, 0, false, nil
	}
	var a db.Args
	by := "id"
	if s.When.Each == "conversation" {
		by = "+id" // by the status: those that are solved are many
	}
	ids, err := db.All(ctx, tx, func(r db.Row) (n int64, err error) { return n, r.Scan(&n) }, s.Plan.things(&a)+` AND `+by+` > `+a.Add(after)+
		` AND NOT EXISTS (SELECT 1 FROM moment_done d WHERE d.owner = `+a.Add(s.Owner)+` AND d.thing = id AND d.mark = `+a.Add(mark)+`) ORDER BY `+by+db.Limit(limit), a.List()...)
	for _, n := range ids {
		list, cursor = append(list, Due{n, subject(s.When.Each, n), s.to, mark}), n
	}
	return list, cursor, len(ids) == limit, err
}

// once is the mark of what never comes twice.
const once = "once"

// things are all that a schedule can be about. Of conversations those that are solved are no part of it, unless somebody asks for them.
func (p Plan) things(a *db.Args) string {
	switch p.When.Each {
	case "conversation":
		status := p.Only["conversation.status"]
		if len(status) == 0 {
			status = []string{"open", "pending", "snoozed"}
		}
		return `SELECT id FROM conversation WHERE merged_into = 0 AND status IN ` + db.In(a, status)
	case "customer":
		if stages := p.Only["customer.stage"]; len(stages) > 0 {
			return `SELECT id FROM contact WHERE merged_into = 0 AND stage IN ` + db.In(a, stages)
		}
		return `SELECT id FROM contact WHERE merged_into = 0`
	}
	return `SELECT id FROM contact_company WHERE merged_into = 0`
}

// firmZone is the zone of the firm.
func firmZone(ctx context.Context, tx *db.Tx) (string, error) {
	f, err := team.GetFirm(ctx, tx)
	return f.Zone, err
}
