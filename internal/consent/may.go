package consent

import (
	"context"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Why says why somebody may not be written to; its word is "consent.why_" + it. "" is: they may.
type Why string

// The reasons. Those of the list of addresses are "suppressed_" + the Reason.
const (
	NoConsent   Why = "no_consent"
	IsTakenBack Why = "withdrawn"
	IsExpired   Why = "expired"
	IsBlocked   Why = "blocked"    // the firm writes to them no more
	NotTheirs   Why = "not_theirs" // the address is no longer this customer's
	NoAddress   Why = "no_address"
	IsGone      Why = "gone" // the customer was erased
)

// May says whether a customer may be written to at an address at this moment. It asks for no right: it is for those who send.
func May(ctx context.Context, tx *db.Tx, who contact.ID, address string, p Purpose) (Why, error) {
	if address = normal(address); address == "" {
		return NoAddress, nil
	}
	who, blocked, err := current(ctx, tx, who)
	switch {
	case err != nil:
		return "", err
	case who == 0:
		return IsGone, nil
	case blocked:
		return IsBlocked, nil
	}
	theirs, err := owns(ctx, tx, who, address)
	if err != nil || !theirs {
		return NotTheirs, err
	}
	if why, err := barred(ctx, tx, address, p); why != "" || err != nil {
		return why, err
	}
	if p != Advertising {
		return "", nil
	}
	e, err := newest(ctx, tx, who, address, p)
	if err != nil {
		return "", err
	}
	from, err := ValidFrom(ctx, tx)
	return e.why(from), err
}

// why says why an entry that counts is no consent.
func (e Entry) why(from time.Time) Why {
	switch {
	case e.What == "":
		return NoConsent
	case e.What == IsWithdrawn:
		return IsTakenBack
	case e.At.Before(from):
		return IsExpired
	}
	return ""
}

// current follows merges; 0 for who is not there any more.
func current(ctx context.Context, tx *db.Tx, who contact.ID) (id contact.ID, blocked bool, err error) {
	id, err = contact.Current(ctx, tx, who)
	if problem.KindOf(err) == problem.NotFound {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	blocked, err = db.Exists(ctx, tx, `SELECT 1 FROM contact WHERE id = $1 AND blocked <> ''`, id)
	return id, blocked, err
}

// Holding says in SQL that the customer with the id in a column agreed for their first mail address, and that it still counts;
// from is [ValidFrom]. Whether the address is suppressed it does not say: that is asked at the moment of sending.
// Only a withdrawal can outdo consent that is young enough: what else was said later is young enough too.
func Holding(a *db.Args, column string, p Purpose, from time.Time) string {
	return column + ` IN (SELECT e.contact_id FROM consent e WHERE e.purpose = ` + a.Add(p) + ` AND e.at >= ` + a.Add(millis(from)) + ` AND e.what <> 'withdrawn'
		AND EXISTS (SELECT 1 FROM contact_address h WHERE h.contact_id = e.contact_id AND h.kind = ` + a.Add(contact.Email) + ` AND h.is_primary AND e.address IN ('', h.value)
			AND NOT EXISTS (SELECT 1 FROM consent n WHERE n.what = 'withdrawn' AND n.contact_id = e.contact_id AND n.at >= e.at AND n.purpose = e.purpose AND n.address IN ('', h.value))))`
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Standing is how it stands with one address of a customer.
type Standing struct {
	Address contact.AddressID
	Shown   string
	Why     Why       // "" is: news and offers may go there
	Entry   Entry     // what counts; zero where nothing was ever said
	Until   time.Time // when it has to be confirmed; zero: never
}

// Standings is how it stands with each mail address of a customer, the first one first.
func Standings(ctx context.Context, tx *db.Tx, p contact.Profile) (list []Standing, err error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	rules, err := GetRules(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, func(r db.Row) (s Standing, err error) { return s, r.Scan(&s.Address, &s.Shown, &s.Entry.Address) },
		`SELECT id, shown, value FROM contact_address WHERE contact_id = $1 AND kind = $2 ORDER BY is_primary DESC, id`, p.ID, contact.Email)
	if err != nil {
		return nil, err
	}
	for _, s := range rows {
		value := s.Entry.Address
		if s.Why, err = May(ctx, tx, p.ID, value, Advertising); err != nil {
			return nil, err
		}
		if s.Entry, err = newest(ctx, tx, p.ID, value, Advertising); err != nil {
			return nil, err
		}
		if s.Entry.What != "" && s.Entry.What != IsWithdrawn {
			s.Until = rules.until(s.Entry.At)
		}
		if team.From(ctx).Masked {
			s.Shown, s.Entry = contact.MaskEmail(s.Shown), s.Entry.masked()
		}
		list = append(list, s)
	}
	return list, nil
}
