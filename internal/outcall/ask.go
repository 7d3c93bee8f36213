package outcall

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
)

// Check finds what is wrong with a request whose placeholders hold an example; names of fields begin with at. ctx may be anybody's: whoever
// calls looks who may.
func Check(ctx context.Context, tx *db.Tx, r Request, c *problem.Check, at string) error {
	scheme, host, ok := r.Address.origin()
	c.That(ok, at+"address", "Enter the whole address, beginning with https://. The name of the receiver stands there in plain, without placeholders.")
	if ok {
		calls := db.Attached[*Calls](tx)
		c.That(scheme == "https" || calls != nil && calls.near(host), at+"address", "The address has to begin with https://. With http:// anybody on the way could read what is sent.")
	}
	c.That(!strings.Contains(r.Address.Shown(), "#"), at+"address", "Leave out what stands behind the # in the address.")
	c.That(slices.Contains(Methods, r.Method), at+"method", "“%s” is none of the choices.", r.Method)
	c.That(r.Method != "GET" || len(r.Body) == 0, at+"body", "A GET has no body.")
	if p, ok := problem.As(r.sound()); ok {
		field := "address"
		if strings.Contains(p.Format, "body") {
			field = "body"
		}
		c.That(false, at+field, p.Format, p.Args...)
	}
	return checkSecrets(ctx, tx, r, host, c, at)
}

// checkSecrets looks whether the secrets are there, and are for this host.
func checkSecrets(ctx context.Context, tx *db.Tx, r Request, host string, c *problem.Check, at string) error {
	all, err := hosts(ctx, tx)
	if err != nil {
		return err
	}
	for _, name := range r.Secrets() {
		of, known := all[name]
		c.That(known, at+"headers", "There is no secret “%s”.", name)
		c.That(!known || of == host, at+"headers", "The secret “%s” goes to %s only.", name, of)
	}
	return nil
}

// Ask keeps a request in tx; a job sends it. Who acts is who asks.
func Ask(ctx context.Context, tx *db.Tx, r Request, about About) (ID, error) {
	_, host, ok := r.Address.origin()
	if !ok {
		return 0, problem.New(problem.Invalid, "With what was filled in, the address cannot be read.")
	}
	if err := r.sound(); err != nil {
		return 0, err
	}
	body, err := json.Marshal(r)
	if err != nil {
		return 0, err
	}
	id := ID(tx.NewID())
	_, err = tx.Exec(ctx, `INSERT INTO outcall (id, actor, owner_id, subject, contact_id, conversation_id, host, body, state, next_at, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9)`,
		id, event.Actor(ctx), about.Owner, about.Subject, about.Contact, about.Conversation, host, string(body), tx.Now())
	if err != nil {
		return 0, fmt.Errorf("keep a request: %w", err)
	}
	return id, stir(ctx, tx, host)
}

// Retry has a call sent again that was given up.
func Retry(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if c.State != Failed {
		return problem.New(problem.Conflict, "Only what was given up can be sent again.")
	}
	_, err = tx.Exec(ctx, `UPDATE outcall SET state = 'waiting', tries = 0, first_at = NULL, next_at = $2, at = $2 WHERE id = $1`, id, tx.Now())
	if err != nil {
		return err
	}
	if err := stir(ctx, tx, c.Host); err != nil {
		return err
	}
	return event.Record(ctx, tx, Again{id})
}

// stir makes the job of a host look at its calls now.
func stir(ctx context.Context, tx *db.Tx, host string) error {
	return job.Replace(ctx, tx, send{host}, job.Options{Lane: host, Key: send{}.JobKind() + "/" + host})
}

// near says whether a receiver without TLS is one that the operator allows: in a private network of his.
func (s *Calls) near(host string) bool {
	name := host
	if at, err := netip.ParseAddrPort(host); err == nil {
		name = at.Addr().String()
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return s.Private && (err != nil || s.Dial.Allowed(ip) && (ip.IsPrivate() || ip.IsLoopback()))
}
