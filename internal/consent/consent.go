package consent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// ID is the id of an entry.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "cse" }

// Purpose is what somebody is written to for.
type Purpose string

// The purposes.
const (
	Advertising Purpose = "advertising" // news and offers: only to those who agreed
	Notice      Purpose = "notice"      // about what they bought: needs no consent
)

// What an entry says.
type What string

// They agreed, were asked again and left it so, or took it back.
const (
	IsGiven     What = "given"
	IsConfirmed What = "confirmed"
	IsWithdrawn What = "withdrawn"
)

// How it came to us.
type How string

// The ways.
const (
	ByForm   How = "form"
	ByPortal How = "portal"
	ByLink   How = "link" // in a mail
	ByMail   How = "mail" // they were mailed, and did not object
	OnDesk   How = "hand" // somebody of the firm noted it
	ByImport How = "import"
)

// Hows lists them.
var Hows = []How{ByForm, ByPortal, ByLink, ByMail, OnDesk, ByImport}

// Entry is one thing that was said. It is never changed.
type Entry struct {
	ID      ID
	Contact contact.ID
	Address string // in the form in which it is compared; "": all of theirs
	Purpose Purpose
	What    What
	How     How
	Wording string // what they read
	Proof   string // what shows it: the id of a form's answer, of a message, or what was noted
	Network string // the address of the network from which it came, where that is known
	Actor   string // who noted it
	At      time.Time
	NotedAt time.Time
}

const columns = `e.id, e.contact_id, e.address, e.purpose, e.what, e.how, e.wording, e.proof, e.network, e.actor, e.at, e.noted_at`

func scan(r db.Row) (e Entry, err error) {
	return e, r.Scan(&e.ID, &e.Contact, &e.Address, &e.Purpose, &e.What, &e.How, &e.Wording, &e.Proof, &e.Network, &e.Actor, db.Time(&e.At), db.Time(&e.NotedAt))
}

// Given is consent that is to be noted.
type Given struct {
	Who     contact.ID
	Address string // "": all of theirs
	Purpose Purpose
	How     How
	Wording string
	Proof   string
	Network string
	At      time.Time // zero: now
}

const (
	longestWording = 2000
	longestProof   = 500
)

// Give notes that a customer agreed to something.
func Give(ctx context.Context, tx *db.Tx, g Given) error {
	e := Entry{Contact: g.Who, Address: g.Address, Purpose: g.Purpose, What: IsGiven, How: g.How, Wording: g.Wording, Proof: g.Proof, Network: g.Network, At: g.At}
	if err := note(ctx, tx, &e); err != nil {
		return err
	}
	if g.How != ByImport {
		if err := welcome(ctx, tx, e); err != nil {
			return err
		}
	}
	return event.Record(ctx, tx, Gave{e.ID, e.Contact, e.Purpose, e.How})
}

// Withdraw notes that a customer takes consent back, or does not want to be asked. What was taken back already stays so.
func Withdraw(ctx context.Context, tx *db.Tx, who contact.ID, address string, p Purpose, how How, proof string) error {
	who, err := contact.Current(ctx, tx, who)
	if err != nil {
		return err
	}
	e := Entry{Contact: who, Address: address, Purpose: p, What: IsWithdrawn, How: how, Proof: proof}
	now, err := newest(ctx, tx, who, normal(address), p)
	if err == nil && now.What == IsWithdrawn && now.Address == normal(address) {
		return team.Allow(ctx, team.EditContacts)
	}
	if err != nil {
		return err
	}
	if err := note(ctx, tx, &e); err != nil {
		return err
	}
	return event.Record(ctx, tx, Withdrew{e.ID, e.Contact, e.Purpose, e.How})
}

// Confirm notes that a customer was asked about their consent again and left it. It makes no consent where there is none.
func Confirm(ctx context.Context, tx *db.Tx, who contact.ID, address string, p Purpose, how How, proof string) error {
	who, err := contact.Current(ctx, tx, who)
	if err != nil {
		return err
	}
	now, err := newest(ctx, tx, who, normal(address), p)
	if err != nil || now.What == "" || now.What == IsWithdrawn {
		return err
	}
	e := Entry{Contact: who, Address: now.Address, Purpose: p, What: IsConfirmed, How: how, Wording: now.Wording, Proof: proof}
	if err := note(ctx, tx, &e); err != nil {
		return err
	}
	return event.Record(ctx, tx, Confirmed{e.ID, e.Contact, e.Purpose, e.How})
}

// note checks an entry and keeps it.
func note(ctx context.Context, tx *db.Tx, e *Entry) error {
	if err := team.Allow(ctx, team.EditContacts); err != nil {
		return err
	}
	who, err := contact.Current(ctx, tx, e.Contact)
	if err != nil {
		return err
	}
	e.ID, e.Contact, e.Address, e.NotedAt, e.Actor = ID(tx.NewID()), who, normal(e.Address), tx.Now(), event.Actor(ctx)
	if e.At.IsZero() {
		e.At = tx.Now()
	}
	e.Wording, e.Proof, e.Network = clip(e.Wording, longestWording), clip(e.Proof, longestProof), clip(e.Network, 60)
	if err := e.check(ctx, tx); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO consent (id, contact_id, address, purpose, what, how, wording, proof, network, actor, at, noted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		e.ID, e.Contact, e.Address, e.Purpose, e.What, e.How, e.Wording, e.Proof, e.Network, e.Actor, e.At, e.NotedAt)
	if err != nil {
		return fmt.Errorf("note consent of %s: %w", e.Contact, err)
	}
	return nil
}

func (e Entry) check(ctx context.Context, tx *db.Tx) error {
	var c problem.Check
	c.That(e.Purpose == Advertising, "purpose", "Only advertising needs consent.")
	c.That(slices.Contains(Hows, e.How), "how", "Choose how they said it.")
	c.That(!e.At.After(tx.Now()) && e.At.Year() >= 1990, "at", "Choose a time that has passed.")
	if e.Address != "" {
		theirs, err := owns(ctx, tx, e.Contact, e.Address)
		if err != nil {
			return err
		}
		c.That(theirs, "address", "This address is not this customer's.")
	}
	return c.Err()
}

func owns(ctx context.Context, tx *db.Tx, who contact.ID, address string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM contact_address WHERE contact_id = $1 AND kind = $2 AND value = $3`, who, contact.Email, address)
}

// newest is what counts for an address ("": for all of theirs that nothing else was said of); the zero Entry where nothing was ever said.
func newest(ctx context.Context, tx *db.Tx, who contact.ID, address string, p Purpose) (Entry, error) {
	e, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM consent e WHERE e.contact_id = $1 AND e.purpose = $2 AND e.address IN ('', $3)
		ORDER BY e.at DESC, CASE WHEN e.what = 'withdrawn' THEN 1 ELSE 0 END DESC, e.id DESC LIMIT 1`, who, p, address)
	if errors.Is(err, db.ErrNoRow) {
		return Entry{}, nil
	}
	if err != nil {
		return e, fmt.Errorf("read consent of %s: %w", who, err)
	}
	return e, nil
}

// newer says in SQL that the row e of consent counts no more for an address, because something was said later.
func newer(address string) string {
	return `EXISTS (SELECT 1 FROM consent n WHERE n.contact_id = e.contact_id AND n.purpose = e.purpose AND n.address IN ('', ` + address + `)
		AND (n.at > e.at OR n.at = e.at AND e.what <> 'withdrawn' AND (n.what = 'withdrawn' OR n.id > e.id) OR n.at = e.at AND e.what = 'withdrawn' AND n.what = 'withdrawn' AND n.id > e.id))`
}

// History is what a customer said, the newest first.
func History(ctx context.Context, tx *db.Tx, who contact.ID) ([]Entry, error) {
	if err := team.Allow(ctx, team.ReadContacts); err != nil {
		return nil, err
	}
	who, err := contact.Current(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	list, err := history(ctx, tx, who, tx.Now().Add(time.Millisecond), 200)
	if team.From(ctx).Masked {
		for i := range list {
			list[i] = list[i].masked()
		}
	}
	return list, err
}

func (e Entry) masked() Entry {
	e.Address, e.Proof, e.Network = contact.MaskEmail(e.Address), "", ""
	return e
}

func history(ctx context.Context, tx *db.Tx, who contact.ID, before time.Time, limit int) ([]Entry, error) {
	return db.All(ctx, tx, scan, `SELECT `+columns+` FROM consent e WHERE e.contact_id = $1 AND e.at < $2 ORDER BY e.at DESC, e.id DESC`+db.Limit(limit), who, before)
}

// normal is the form in which addresses are compared.
func normal(address string) string {
	if n, ok := contact.NormalEmail(strings.TrimSpace(address)); ok {
		return n
	}
	return clip(strings.ToLower(strings.TrimSpace(address)), 254)
}

// clip makes what strangers wrote fit: valid, without control characters but new lines, at most so many characters.
func clip(s string, most int) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	if list := []rune(s); len(list) > most {
		return string(list[:most])
	}
	return s
}
