package segment

import (
	"context"
	"strconv"
	"strings"
	"time"

	"baraji/internal/consent"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// builder makes conditions into SQL, on a row of contact that is called c.
type builder struct {
	ctx     context.Context
	now     time.Time
	zone    *time.Location // of the firm: it says which day is today
	own     own
	consent time.Time  // from when consent counts
	only    contact.ID // the one person who is asked about; 0: everybody. It keeps the questions within a question small
	a       *db.Args
	gone    string // an own field that was asked for and is no more
}

func build(ctx context.Context, tx *db.Tx, only contact.ID) (*builder, error) {
	b := &builder{ctx: ctx, now: tx.Now(), zone: time.UTC, only: only}
	var err error
	if b.own, err = ownFields(ctx, tx); err != nil {
		return nil, err
	}
	if b.consent, err = consent.ValidFrom(ctx, tx); err != nil {
		return nil, err
	}
	firm, err := team.GetFirm(ctx, tx)
	if zone, bad := time.LoadLocation(firm.Zone); bad == nil {
		b.zone = zone
	}
	return b, err
}

// made is the condition with its parameters in a.
func (b *builder) made(s Segment, a *db.Args) (string, error) {
	b.a = a
	where := b.group(s.If)
	if b.gone != "" {
		return "", problem.New(problem.Conflict, "The segment “%s” looks at “%s”, a field that is no more. Change the segment.", s.Name, b.gone)
	}
	return where, nil
}

func (b *builder) group(i If) string {
	if i.Field != "" {
		return b.one(i)
	}
	var list []string
	for _, one := range i.Of {
		if !one.Empty() { // an empty group says nothing
			list = append(list, b.group(one))
		}
	}
	if len(list) == 0 {
		return `TRUE`
	}
	switch i.Mode {
	case "any":
		return `(` + strings.Join(list, ` OR `) + `)`
	case "none":
		return `NOT (` + strings.Join(list, ` OR `) + `)`
	}
	return `(` + strings.Join(list, ` AND `) + `)`
}

func (b *builder) one(i If) string {
	f, _ := b.own.field(i.Field)
	if f.Key == "" {
		b.gone = i.Field
		return `FALSE`
	}
	if op, ok := opposite[i.Op]; ok {
		i.Op = op
		return `NOT (` + f.where(b, i) + `)`
	}
	return `(` + f.where(b, i) + `)`
}

// each is one condition for each value: one of them is enough.
func each(values []string, so func(v string) string) string {
	var list []string
	for _, v := range values {
		list = append(list, so(v))
	}
	if len(list) == 0 {
		return `FALSE`
	}
	return strings.Join(list, ` OR `)
}

func word(column string) func(*builder, If) string {
	return func(b *builder, i If) string {
		if i.Op == "filled" {
			return column + ` <> ''`
		}
		return column + ` IN ` + db.In(b.a, i.Values)
	}
}

func text(column string) func(*builder, If) string {
	return func(b *builder, i If) string {
		if i.Op == "filled" {
			return column + ` <> ''`
		}
		return each(i.Values, func(v string) string {
			switch i.Op {
			case "contains":
				v = `%` + db.Like(v) + `%`
			case "begins":
				v = db.Like(v) + `%`
			default:
				return `LOWER(` + column + `) = LOWER(` + b.a.Add(v) + `)`
			}
			return `LOWER(` + column + `) LIKE LOWER(` + b.a.Add(v) + `) ESCAPE '\'`
		})
	}
}

// keyed is a column that holds the id of a person of the team.
func keyed(column string) func(*builder, If) string {
	return func(b *builder, i If) string {
		if i.Op == "filled" {
			return column + ` <> 0`
		}
		var ids []team.ID
		for _, v := range i.Values {
			if who, err := id.Read[team.ID](v); err == nil {
				ids = append(ids, who)
			}
		}
		if len(ids) == 0 {
			return `FALSE`
		}
		return column + ` IN ` + db.In(b.a, ids)
	}
}

// compares compares a number with one of the values.
func (b *builder) compares(column string, i If, value func(float64) float64) string {
	sign := map[string]string{"at_least": ` >= `, "at_most": ` <= `, "equals": ` = `}[i.Op]
	if sign == "" {
		return `FALSE`
	}
	return each(i.Values, func(v string) string {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return `FALSE`
		}
		return `CAST(` + column + ` AS DOUBLE PRECISION)` + sign + b.a.Add(value(n))
	})
}

func same(n float64) float64 { return n }

// birthYear is compared only where it is known.
func birthYear(b *builder, i If) string {
	return `c.birth_year <> 0 AND (` + b.compares("c.birth_year", i, same) + `)`
}

// money is kept in the smallest unit of its currency, and typed in whole ones.
func money(column, currency string) func(*builder, If) string {
	whole := `CASE WHEN ` + currency + ` IN ('KRW', 'JPY', 'VND', '') THEN ` + column + ` ELSE ` + column + ` / 100.0 END`
	return func(b *builder, i If) string { return b.compares(whole, i, same) }
}

// moment is a column of milliseconds, 0 for never. Who never was is neither lately nor long ago.
func moment(column string) func(*builder, If) string {
	return func(b *builder, i If) string {
		if i.Op == "filled" {
			return column + ` <> 0`
		}
		return each(i.Values, func(v string) string { return column + ` <> 0 AND ` + b.since(column, i.Op, v) })
	}
}

func (b *builder) since(column, op, value string) string {
	at := b.a.Add(b.now.AddDate(0, 0, -days(value)).UnixMilli())
	if op == "longer_ago" {
		return column + ` < ` + at
	}
	return column + ` >= ` + at
}

func tagged(b *builder, i If) string {
	all := `c.id IN (SELECT g.contact_id FROM contact_tag g WHERE ` + b.mine("g.contact_id")
	if i.Op == "filled" {
		return all + `)`
	}
	return all + ` AND g.tag IN ` + db.In(b.a, contact.PlainTags(i.Values)) + `)`
}

// mine narrows a question within the question to the one person who is asked about.
func (b *builder) mine(column string) string {
	if b.only == 0 {
		return `TRUE`
	}
	return column + ` = ` + b.a.Add(b.only)
}

func consented(b *builder, _ If) string {
	return consent.Holding(b.a, "c.id", consent.Advertising, b.consent)
}

func ofCompany(where func(*builder, If) string) func(*builder, If) string {
	return func(b *builder, i If) string {
		return `c.company_id IN (SELECT o.id FROM contact_company o WHERE ` + where(b, i) + `)`
	}
}

// ownOf compares an own field of whom column says.
func ownOf(column string) func(*builder, If) string {
	return func(b *builder, i If) string {
		is := b.own[i.Field]
		kind := kindOf(is)
		all := column + ` IN (SELECT v.holder_id FROM contact_value v WHERE v.field_id = ` + b.a.Add(is.ID)
		if column == "c.id" {
			all += ` AND ` + b.mine("v.holder_id")
		}
		switch {
		case i.Op == "filled":
			return all + `)`
		case kind == Number:
			return all + ` AND v.number IS NOT NULL AND (` + b.compares("v.number", i, same) + `))`
		case kind == Date:
			return all + ` AND (` + each(i.Values, func(v string) string { return b.day("v.text", i.Op, v) }) + `))`
		case kind == Word:
			return all + ` AND v.text IN ` + db.In(b.a, i.Values) + `)`
		}
		return all + ` AND (` + text("v.text")(b, i) + `))`
	}
}

// day compares a day, written as 2026-01-31, with today.
func (b *builder) day(column, op, value string) string {
	today := b.now.In(b.zone)
	on := func(days int) string { return b.a.Add(today.AddDate(0, 0, days).Format(time.DateOnly)) }
	n := days(value)
	switch op {
	case "within_next":
		return column + ` >= ` + on(0) + ` AND ` + column + ` <= ` + on(n)
	case "within_last":
		return column + ` <= ` + on(0) + ` AND ` + column + ` >= ` + on(-n)
	case "later_than":
		return column + ` > ` + on(n)
	case "longer_ago":
		return column + ` < ` + on(-n)
	}
	return `FALSE`
}

// talks counts conversations that whoever acts may see.
func talks(which string) func(*builder, If) string {
	return func(b *builder, i If) string {
		return each(i.Values, func(v string) string {
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return `FALSE`
			}
			least := int64(n)
			if float64(least) < n {
				least++ // so many and a half are one more
			}
			switch i.Op {
			case "at_least":
				return b.talksAtLeast(which, least)
			case "at_most":
				return `NOT (` + b.talksAtLeast(which, int64(floor(n))+1) + `)`
			}
			if float64(int64(n)) != n {
				return `FALSE`
			}
			return b.talksAtLeast(which, least) + ` AND NOT (` + b.talksAtLeast(which, least+1) + `)`
		})
	}
}

func floor(n float64) float64 {
	whole := float64(int64(n))
	if whole > n {
		return whole - 1
	}
	return whole
}

func (b *builder) talksAtLeast(which string, n int64) string {
	if n <= 0 {
		return `TRUE`
	}
	return `c.id IN (` + b.seen(which) + ` GROUP BY t.contact_id HAVING COUNT(*) >= ` + b.a.Add(n) + `)`
}

// seen are the conversations that whoever acts may see.
func (b *builder) seen(which string) string {
	if which != "" {
		which = ` AND ` + which
	}
	return `SELECT t.contact_id FROM conversation t WHERE t.merged_into = 0 AND ` + b.mine("t.contact_id") + which + ` AND ` + conversation.Visible(b.ctx, b.a, "t")
}

func lastTalk(b *builder, i If) string {
	if i.Op == "filled" {
		return b.talksAtLeast("", 1)
	}
	return each(i.Values, func(v string) string {
		return `c.id IN (` + b.seen("") + ` GROUP BY t.contact_id HAVING ` + b.since("MAX(t.last_at)", i.Op, v) + `)`
	})
}

func talkTagged(b *builder, i If) string {
	which := `EXISTS (SELECT 1 FROM conversation_tagging g WHERE g.conversation_id = t.id)`
	if i.Op != "filled" {
		which = `t.id IN (SELECT g.conversation_id FROM conversation_tagging g JOIN conversation_tag n ON n.id = g.tag_id WHERE n.name IN ` + db.In(b.a, conversation.PlainTags(i.Values)) + `)`
	}
	return `c.id IN (` + b.seen(which) + `)`
}
