package webhook

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// most is how many endpoints a firm has: each has a worker that waits for nobody else.
const most = 50

// Given is what one says of an endpoint.
type Given struct {
	Address string
	About   string
	Kinds   []string // areas and kinds; none is all
}

// Make adds an endpoint, which takes what happens from now on. The secret is told this once.
func (s *Hooks) Make(ctx context.Context, tx *db.Tx, g Given) (ID, string, error) {
	g, err := s.checked(ctx, g)
	if err != nil {
		return 0, "", err
	}
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM webhook`)
	if err != nil {
		return 0, "", err
	}
	if n >= most {
		return 0, "", problem.New(problem.Conflict, "There are %d webhooks already, which is as many as there can be. Delete one first.", most)
	}
	at, err := event.Last(ctx, tx)
	if err != nil {
		return 0, "", err
	}
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO webhook (id, address, about, kinds, state, cursor_seq, created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, 'on', $5, $6, $7, $7)`,
		id, g.Address, g.About, strings.Join(g.Kinds, " "), at, team.From(ctx).Person, tx.Now())
	if err != nil {
		return 0, "", fmt.Errorf("make a webhook: %w", err)
	}
	text, err := s.addSecret(ctx, tx, id)
	if err != nil {
		return 0, "", err
	}
	return id, text, event.Record(ctx, tx, Made{id})
}

func (s *Hooks) checked(ctx context.Context, g Given) (Given, error) {
	if err := may(ctx); err != nil {
		return g, err
	}
	g.Address, g.About = strings.TrimSpace(g.Address), strings.Join(strings.Fields(g.About), " ")
	var c problem.Check
	s.checkAddress(&c, g.Address)
	c.That(len([]rune(g.About)) <= 200, "about", "At most %d characters.", 200)
	g.Kinds = slices.Compact(slices.Sorted(slices.Values(g.Kinds)))
	for _, k := range g.Kinds {
		c.That(s.known(k), "kinds", "There is no kind of event “%s”.", k)
	}
	g.Kinds = slices.DeleteFunc(g.Kinds, func(k string) bool { // the area holds it
		area, _, one := strings.Cut(k, ".")
		return one && slices.Contains(g.Kinds, area)
	})
	return g, c.Err()
}

func (s *Hooks) checkAddress(c *problem.Check, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Hostname() == "" || len(address) > 2000 {
		c.That(false, "address", "Enter the whole address of the receiver. It begins with https://.")
		return
	}
	c.That(u.User == nil, "address", "Leave name and password out of the address. The signature says who sends.")
	c.That(u.Fragment == "", "address", "Leave out what stands behind the # in the address.")
	c.That(u.Scheme == "https" || u.Scheme == "http" && s.near(u.Hostname()), "address", "The address has to begin with https://. With http:// anybody on the way could read what is sent.")
}

// near says whether a receiver without TLS is one that the operator allows: in a private network of his.
func (s *Hooks) near(host string) bool {
	ip, err := netip.ParseAddr(host)
	return s.Private && (err != nil || s.Dial.Allowed(ip) && (ip.IsPrivate() || ip.IsLoopback()))
}

func (s *Hooks) known(kind string) bool {
	return slices.ContainsFunc(s.Kinds, func(area []string) bool { return slices.Contains(area, kind) })
}

// Change describes an endpoint anew. What happened before goes out as it was chosen then.
func (s *Hooks) Change(ctx context.Context, tx *db.Tx, id ID, g Given) error {
	g, err := s.checked(ctx, g)
	if err != nil {
		return err
	}
	e, err := find(ctx, tx, id, tx.ForLock())
	if err != nil {
		return err
	}
	var fields []string
	for name, same := range map[string]bool{"address": e.Address == g.Address, "about": e.About == g.About, "kinds": slices.Equal(e.Kinds, g.Kinds)} {
		if !same {
			fields = append(fields, name)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	slices.Sort(fields)
	if slices.Contains(fields, "kinds") && e.State == On {
		if err := catchUp(ctx, tx, e); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE webhook SET address = $2, about = $3, kinds = $4, failures = 0, pause_until = NULL, updated_at = $5 WHERE id = $1`,
		id, g.Address, g.About, strings.Join(g.Kinds, " "), tx.Now())
	if err != nil {
		return err
	}
	if e.State == On {
		if err := stir(ctx, tx, id); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Changed{id, fields})
}

// catchUp takes what the log holds now.
func catchUp(ctx context.Context, tx *db.Tx, e Endpoint) error {
	for more := true; more; {
		var err error
		if more, err = take(ctx, tx, e); err != nil {
			return err
		}
		if e, err = find(ctx, tx, e.ID, ""); err != nil {
			return err
		}
	}
	return nil
}

// Delete takes an endpoint away, with what waits for it.
func (s *Hooks) Delete(ctx context.Context, tx *db.Tx, id ID) error {
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM webhook WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete a webhook: %w", err)
	}
	return event.Record(ctx, tx, Deleted{id})
}
