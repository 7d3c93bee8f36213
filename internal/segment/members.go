package segment

import (
	"context"
	"errors"
	"fmt"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// MostMembers is how many members are given at once.
const MostMembers = 1000

// where is what must be so for a row of contact that is called c.
func (s Segment) where(ctx context.Context, tx *db.Tx, a *db.Args, only contact.ID) (string, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return "", err
	}
	if err := s.readable(ctx); err != nil {
		return "", err
	}
	b, err := build(ctx, tx, only)
	if err != nil {
		return "", err
	}
	return b.made(s, a)
}

// Count says how many customers are in a segment.
func Count(ctx context.Context, tx *db.Tx, s Segment) (int, error) {
	var a db.Args
	where, err := s.where(ctx, tx, &a, 0)
	if err != nil {
		return 0, err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM contact c WHERE c.merged_into = 0 AND `+where, a.List()...)
	if err != nil {
		return 0, fmt.Errorf("count segment %s: %w", s.ID, err)
	}
	return n, nil
}

// Members are those in a segment, by id, behind one of them (0: from the first). Those who were merged into others are not among them.
func Members(ctx context.Context, tx *db.Tx, s Segment, after contact.ID, limit int) ([]contact.ID, error) {
	var a db.Args
	where, err := s.where(ctx, tx, &a, 0)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, func(r db.Row) (id contact.ID, err error) { return id, r.Scan(&id) },
		`SELECT c.id FROM contact c WHERE c.merged_into = 0 AND c.id > `+a.Add(after)+` AND `+where+` ORDER BY c.id`+db.Limit(min(max(limit, 1), MostMembers)), a.List()...)
	if err != nil {
		return nil, fmt.Errorf("members of segment %s: %w", s.ID, err)
	}
	return list, nil
}

// Holds says whether a customer is in a segment at this moment. Whoever was merged is whom they were merged into; who is gone is in none.
func Holds(ctx context.Context, tx *db.Tx, s Segment, who contact.ID) (bool, error) {
	who, err := contact.Current(ctx, tx, who)
	if problem.KindOf(err) == problem.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var a db.Args
	where, err := s.where(ctx, tx, &a, who)
	if err != nil {
		return false, err
	}
	in, err := db.Exists(ctx, tx, `SELECT 1 FROM contact c WHERE c.id = `+a.Add(who)+` AND c.merged_into = 0 AND `+where, a.List()...)
	if err != nil {
		return false, fmt.Errorf("is %s in segment %s: %w", who, s.ID, err)
	}
	return in, nil
}

// Within narrows a list of customers to a segment; see [contact.Filter].
func Within(ctx context.Context, tx *db.Tx, s Segment) (contact.Narrow, error) {
	if _, err := s.where(ctx, tx, &db.Args{}, 0); err != nil { // what is wrong with it is said now
		return nil, err
	}
	b, err := build(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	return func(a *db.Args) string {
		where, err := b.made(s, a)
		if err != nil {
			return `FALSE`
		}
		return where
	}, nil
}

// Try is what a segment that is not kept yet would find: how many, and some of them, who were seen last first.
func Try(ctx context.Context, tx *db.Tx, i If, limit int) (n int, some []contact.Contact, err error) {
	s := Segment{If: i}
	var c problem.Check
	if err := s.check(ctx, tx, &c); err != nil {
		return 0, nil, err
	}
	if err := c.Err(); err != nil {
		return 0, nil, err
	}
	if n, err = Count(ctx, tx, s); err != nil {
		return 0, nil, err
	}
	narrow, err := Within(ctx, tx, s)
	if err != nil {
		return 0, nil, err
	}
	some, _, err = contact.List(ctx, tx, contact.Filter{Narrow: narrow, Limit: limit})
	return n, some, err
}

// Of lists the segments that a customer is in, by name. What cannot be asked, or not by whoever acts, is left out.
func Of(ctx context.Context, tx *db.Tx, who contact.ID) (in []Segment, err error) {
	all, err := List(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		holds, err := Holds(ctx, tx, s, who)
		var refused *problem.Error
		if errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if holds {
			in = append(in, s)
		}
	}
	return in, nil
}
