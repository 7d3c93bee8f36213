package consent

import (
	"context"
	"errors"
	"time"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
)

// leaveWithin is how long a link in a mail works: nobody should have to write to be left alone.
const leaveWithin = 10 * 365 * 24 * time.Hour

// Path is the page on which the owner of an address says whether they want news and offers there; a POST to it without more says no (RFC 8058).
func (c *Consents) Path(address contact.AddressID) string {
	return "/consent/" + address.String() + "/" + c.Keys.Link("consent", address.String(), c.DB.Now().Add(leaveWithin))
}

// link is the whole address of that page; "" where the address is nobody's any more.
func (c *Consents) link(ctx context.Context, tx *db.Tx, who contact.ID, address string) (string, error) {
	key, err := db.One(ctx, tx, func(r db.Row) (key contact.AddressID, err error) { return key, r.Scan(&key) },
		`SELECT id FROM contact_address WHERE contact_id = $1 AND kind = $2 AND value = $3`, who, contact.Email, address)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	return c.URL + c.Path(key), err
}

// Own is what somebody who has the link of an address sees of it.
type Own struct {
	Contact contact.ID
	Address string // as it is compared
	Shown   string // masked: a mail is passed on
	Entry   Entry  // what counts; zero where nothing was said
	Until   time.Time
}

// Open says what a link leads to. It asks for no right: the link is the proof.
func (c *Consents) Open(ctx context.Context, tx *db.Tx, address, token string) (o Own, err error) {
	dead := problem.New(problem.NotFound, "This link does not work any more.")
	key, err := id.Read[contact.AddressID](address)
	if err != nil || c.Keys.CheckLink("consent", key.String(), token, tx.Now()) != nil {
		return o, dead
	}
	o, err = db.One(ctx, tx, func(r db.Row) (o Own, err error) { return o, r.Scan(&o.Contact, &o.Address, &o.Shown) },
		`SELECT contact_id, value, shown FROM contact_address WHERE id = $1 AND kind = $2`, key, contact.Email)
	if errors.Is(err, db.ErrNoRow) {
		return o, dead
	}
	if err != nil {
		return o, err
	}
	o.Shown = contact.MaskEmail(o.Shown)
	if o.Entry, err = newest(ctx, tx, o.Contact, o.Address, Advertising); err != nil {
		return o, err
	}
	r, err := GetRules(ctx, tx)
	if o.Entry.What != "" && o.Entry.What != IsWithdrawn {
		o.Until = r.until(o.Entry.At)
	}
	return o, err
}
