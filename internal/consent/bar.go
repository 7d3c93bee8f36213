package consent

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// BarID is the id of an address to which nothing goes.
type BarID = id.Of[barKind]

type barKind struct{}

func (barKind) Prefix() string { return "csb" }

// Reason says why nothing goes to an address; its word is "consent.reason_" + it.
type Reason string

// The reasons, the weakest first: a stronger one takes the place of a weaker one.
const (
	Erased       Reason = "erased"       // the customer was forgotten: no advertising
	Unsubscribed Reason = "unsubscribed" // no advertising
	ByHand       Reason = "hand"         // nothing that goes to many
	HardBounce   Reason = "bounce"
	Complaint    Reason = "complaint"
)

// Reasons lists them.
var Reasons = []Reason{Erased, Unsubscribed, ByHand, HardBounce, Complaint}

// strength is the place of a reason in the list; -1 for none.
func (r Reason) strength() int {
	for i, one := range Reasons {
		if one == r {
			return i
		}
	}
	return -1
}

// stops says whether a reason stops mail for a purpose.
func (r Reason) stops(p Purpose) bool { return p == Advertising || r.strength() >= ByHand.strength() }

// Bar is an address to which nothing goes.
type Bar struct {
	ID      BarID
	Address string // "": it belonged to somebody who was erased
	Reason  Reason
	Proof   string
	Actor   string
	At      time.Time
}

const barColumns = `id, address, reason, proof, actor, at`

func scanBar(r db.Row) (b Bar, err error) {
	return b, r.Scan(&b.ID, &b.Address, &b.Reason, &b.Proof, &b.Actor, db.Time(&b.At))
}

func digest(tx *db.Tx, address string) (string, error) {
	keys := db.Attached[*secret.Keys](tx)
	if keys == nil {
		return "", errors.New("no keys are attached to the database")
	}
	return hex.EncodeToString(keys.Sign("consent.suppressed", []byte(address))), nil
}

// Suppress stops mail to an address. One that is stopped already keeps the stronger reason.
func Suppress(ctx context.Context, tx *db.Tx, address string, reason Reason, proof string) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	address = normal(address)
	if !strings.Contains(address, "@") {
		return problem.For("address", "Enter an e-mail address such as name@example.com.")
	}
	if reason.strength() < 0 {
		return problem.For("reason", "Choose a reason.")
	}
	return bar(ctx, tx, address, address, reason, proof)
}

// bar keeps the digest of an address, and what is shown of it.
func bar(ctx context.Context, tx *db.Tx, address, shown string, reason Reason, proof string) error {
	key, err := digest(tx, address)
	if err != nil {
		return err
	}
	was, err := barOf(ctx, tx, key)
	if err != nil || was.ID != 0 && was.Reason.strength() >= reason.strength() {
		return err
	}
	b := Bar{ID: was.ID}
	if b.ID == 0 {
		b.ID = BarID(tx.NewID())
	}
	_, err = tx.Exec(ctx, `INSERT INTO consent_suppressed (id, digest, address, reason, proof, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (digest) DO UPDATE SET address = excluded.address, reason = excluded.reason, proof = excluded.proof, actor = excluded.actor, at = excluded.at`,
		b.ID, key, shown, reason, clip(proof, longestProof), event.Actor(ctx), tx.Now())
	if err != nil {
		return fmt.Errorf("suppress an address: %w", err)
	}
	return event.Record(ctx, tx, Barred{b.ID, reason})
}

func barOf(ctx context.Context, tx *db.Tx, key string) (Bar, error) {
	b, err := db.One(ctx, tx, scanBar, `SELECT `+barColumns+` FROM consent_suppressed WHERE digest = $1`, key)
	if errors.Is(err, db.ErrNoRow) {
		return Bar{}, nil
	}
	return b, err
}

// barred says why an address gets nothing for a purpose.
func barred(ctx context.Context, tx *db.Tx, address string, p Purpose) (Why, error) {
	key, err := digest(tx, address)
	if err != nil {
		return "", err
	}
	b, err := barOf(ctx, tx, key)
	if err != nil || b.ID == 0 || !b.Reason.stops(p) {
		return "", err
	}
	return Why("suppressed_" + string(b.Reason)), nil
}

// Suppressed says whether nothing goes to an address for a purpose, and why, whoever's it is.
func Suppressed(ctx context.Context, tx *db.Tx, address string, p Purpose) (Why, error) {
	return barred(ctx, tx, normal(address), p)
}

// welcome takes those off who had left and agree anew.
func welcome(ctx context.Context, tx *db.Tx, e Entry) error {
	list := []string{e.Address}
	if e.Address == "" {
		var err error
		if list, err = mailAddresses(ctx, tx, e.Contact); err != nil {
			return err
		}
	}
	for _, address := range list {
		key, err := digest(tx, address)
		if err != nil {
			return err
		}
		b, err := barOf(ctx, tx, key)
		if err != nil {
			return err
		}
		if b.ID == 0 || b.Reason.strength() >= ByHand.strength() {
			continue
		}
		if err := unbar(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}

func mailAddresses(ctx context.Context, tx *db.Tx, who contact.ID) ([]string, error) {
	return db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) },
		`SELECT value FROM contact_address WHERE contact_id = $1 AND kind = $2 ORDER BY id`, who, contact.Email)
}

func unbar(ctx context.Context, tx *db.Tx, b Bar) error {
	if _, err := tx.Exec(ctx, `DELETE FROM consent_suppressed WHERE id = $1`, b.ID); err != nil {
		return err
	}
	return event.Record(ctx, tx, Unbarred{b.ID, b.Reason})
}

// Lift lets mail go to an address again. Consent is not given with it.
func Lift(ctx context.Context, tx *db.Tx, id BarID) error {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return err
	}
	b, err := GetBar(ctx, tx, id)
	if err != nil {
		return err
	}
	return unbar(ctx, tx, b)
}

// GetBar returns one.
func GetBar(ctx context.Context, tx *db.Tx, id BarID) (Bar, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return Bar{}, err
	}
	b, err := db.One(ctx, tx, scanBar, `SELECT `+barColumns+` FROM consent_suppressed WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return b, problem.New(problem.NotFound, "This address is not on the list.")
	}
	return b.shown(ctx), err
}

// BarOf returns the one of an address; the zero Bar where it is not on the list.
func BarOf(ctx context.Context, tx *db.Tx, address string) (Bar, error) {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return Bar{}, err
	}
	key, err := digest(tx, normal(address))
	if err != nil {
		return Bar{}, err
	}
	b, err := barOf(ctx, tx, key)
	return b.shown(ctx), err
}

func (b Bar) shown(ctx context.Context) Bar {
	if team.From(ctx).Masked {
		b.Address, b.Proof = contact.MaskEmail(b.Address), ""
	}
	return b
}

// BarFilter narrows the list.
type BarFilter struct {
	Query  string // of a part of the address; a whole one is found also where only its digest is left
	Reason Reason
	Before BarID // 0: from the newest
	Limit  int
}

// Bars lists the addresses to which nothing goes, those that came last first.
func Bars(ctx context.Context, tx *db.Tx, f BarFilter) ([]Bar, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	if team.From(ctx).Masked {
		f.Query = "" // looking for it would tell what is not shown
	}
	var a db.Args
	where, err := f.where(tx, &a)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, scanBar, `SELECT `+barColumns+` FROM consent_suppressed WHERE `+where+` ORDER BY id DESC`+db.Limit(min(max(f.Limit, 1), 500)), a.List()...)
	for i := range list {
		list[i] = list[i].shown(ctx)
	}
	return list, err
}

func (f BarFilter) where(tx *db.Tx, a *db.Args) (string, error) {
	where := `TRUE`
	if f.Before != 0 {
		where += ` AND id < ` + a.Add(f.Before)
	}
	if f.Reason != "" {
		where += ` AND reason = ` + a.Add(f.Reason)
	}
	q := normal(f.Query)
	if q == "" {
		return where, nil
	}
	key, err := digest(tx, q)
	return where + ` AND (digest = ` + a.Add(key) + ` OR address LIKE ` + a.Add(`%`+db.Like(q)+`%`) + ` ESCAPE '\')`, err
}
