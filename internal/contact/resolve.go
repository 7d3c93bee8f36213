package contact

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
)

// Sender is who a message comes from, as far as its channel knows. At least one
// address is set. The first that is known leads to the person: Channel and
// Handle, then ExternalID, Email, Phone.
type Sender struct {
	Channel    Kind   // a channel that has ids of its own, such as "chat"
	Handle     string // his id there
	ExternalID string
	Email      string
	Phone      string

	Name     string // taken when nobody knows it yet
	Language string
	TimeZone string

	// Verified: the channel has proof that the addresses are his.
	Verified bool
	// Unproven: ExternalID, Email and Phone were only typed in by a visitor. They
	// lead to nobody and are kept as claims.
	Unproven bool
}

// ErrNoAddress says that a Sender has no address.
var ErrNoAddress = errors.New("a sender without any address")

// seenEvery is how exactly LastSeenAt is kept, so that a person who writes ten
// mails in a row is not written ten times.
const seenEvery = 5 * time.Minute

// Resolve finds the person behind a sender, or makes one. It runs for each
// message and asks for no right: whoever may bring in a message may say who it
// is from. Two at once for one new address give one person.
func Resolve(ctx context.Context, tx *db.Tx, s Sender) (c Contact, created bool, err error) {
	proved, said := s.addresses()
	if len(proved) == 0 {
		return Contact{}, false, ErrNoAddress
	}
	for range 2 {
		c, found, err := find(ctx, tx, proved)
		if err != nil {
			return c, false, fmt.Errorf("find a sender: %w", err)
		}
		if len(found) > 0 {
			c, err = meet(ctx, tx, c, s, proved, said, found)
			return c, false, err
		}
		c = s.contact(tx, proved)
		ok, err := add(ctx, tx, &c, proved, said)
		if ok || err != nil {
			return c, ok, err
		}
	}
	return c, false, errors.New("an address that is there cannot be found")
}

// addresses are what the sender proves, in the order in which they are looked
// for, and what he only says.
func (s Sender) addresses() (proved, said []Address) {
	for _, given := range []struct {
		kind Kind
		text string
	}{{s.Channel, s.Handle}, {External, s.ExternalID}, {Email, s.Email}, {Phone, s.Phone}} {
		if given.text == "" || given.kind == "" {
			continue
		}
		a := lenient(given.kind, given.text)
		a.Verified = s.Verified
		switch {
		case a.Value == "":
		case s.Unproven && given.kind != s.Channel:
			said = append(said, a)
		default:
			proved = append(proved, a)
		}
	}
	return proved, said
}

type match struct {
	Contact
	address Address
}

// find returns the person of the first address that is somebody's, and which
// addresses are whose.
func find(ctx context.Context, tx *db.Tx, want []Address) (Contact, []match, error) {
	var a db.Args
	where := ""
	for i, w := range want {
		if i > 0 {
			where += ` OR `
		}
		where += `(a.kind = ` + a.Add(w.Kind) + ` AND a.value = ` + a.Add(w.Value) + `)`
	}
	found, err := db.All(ctx, tx, func(r db.Row) (m match, err error) {
		return m, r.Scan(append([]any{&m.address.Kind, &m.address.Value, &m.address.ID, &m.address.Verified}, m.into()...)...)
	}, `SELECT a.kind, a.value, a.id, a.verified, `+columns+` FROM contact_address a JOIN contact c ON c.id = a.contact_id WHERE `+where+` ORDER BY a.id`, a.List()...)
	if err != nil {
		return Contact{}, nil, err
	}
	for _, w := range want {
		if i := slices.IndexFunc(found, func(m match) bool { return m.address.Kind == w.Kind && m.address.Value == w.Value }); i >= 0 {
			return found[i].Contact, found, nil
		}
	}
	return Contact{}, nil, nil
}

// contact is the new person that a sender is.
func (s Sender) contact(tx *db.Tx, proved []Address) Contact {
	c := Contact{ID: ID(tx.NewID()), Name: clean(s.Name, maxName), Email: first(proved, Email), Phone: first(proved, Phone), Language: languageTag(s.Language),
		TimeZone: zone(s.TimeZone), Stage: PreSale, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), LastSeenAt: tx.Now()}
	if c.Name == "" {
		c.Name = c.fallback()
	}
	return c
}

// add stores a new person with his addresses; not ok when somebody else has one of them since.
func add(ctx context.Context, tx *db.Tx, c *Contact, proved, said []Address) (ok bool, err error) {
	domain := domainFor(proved)
	c.Company, err = insert(ctx, tx, *c, domain)
	if err != nil {
		return false, fmt.Errorf("store a contact: %w", err)
	}
	n, err := insertAddresses(ctx, tx, c.ID, proved)
	if err != nil {
		return false, fmt.Errorf("store addresses: %w", err)
	}
	if n < int64(len(proved)) {
		_, err := tx.Exec(ctx, `DELETE FROM contact WHERE id = $1`, c.ID)
		return false, err
	}
	if err := claim(ctx, tx, c.ID, said); err != nil {
		return false, err
	}
	if domain != "" && c.Company == 0 {
		if c.Company, err = companyOf(ctx, tx, domain); err != nil {
			return false, err
		}
		if _, err := tx.Exec(ctx, `UPDATE contact SET company_id = $2 WHERE id = $1`, c.ID, c.Company); err != nil {
			return false, err
		}
	}
	if err := index(ctx, tx, *c, append(slices.Clip(proved), said...)); err != nil {
		return false, err
	}
	return true, event.Record(ctx, tx, Created{c.ID, c.Company})
}

// insert stores the row of a person, in the company of a domain if there is one ("" for none), and says which.
func insert(ctx context.Context, tx *db.Tx, c Contact, domain string) (CompanyID, error) {
	return db.Value[CompanyID](ctx, tx, `
		INSERT INTO contact (id, name, name_key, email, phone, company_id, title, language, time_zone, stage, created_at, updated_at, last_seen_at)
		VALUES ($1, $2, $3, $4, $5, COALESCE((SELECT company_id FROM contact_company_domain WHERE domain = $6), 0), $7, $8, $9, $10, $11, $11, $12)
		RETURNING company_id`,
		c.ID, c.Name, fold(c.Name), c.Email, c.Phone, domain, c.Title, c.Language, c.TimeZone, c.Stage, c.CreatedAt, millis(c.LastSeenAt))
}

// insertAddresses gives addresses to a person, and says how many were free.
func insertAddresses(ctx context.Context, tx *db.Tx, id ID, list []Address) (int64, error) {
	if len(list) == 0 {
		return 0, nil
	}
	var a db.Args
	rows, seen := "", map[Kind]bool{}
	owner, now := a.Add(id), a.Add(tx.Now())
	for i, ad := range list {
		if i > 0 {
			rows += `, `
		}
		primary := ad.Primary || !seen[ad.Kind]
		seen[ad.Kind] = true
		rows += `(` + a.Add(tx.NewID()) + `, ` + owner + `, ` + a.Add(ad.Kind) + `, ` + a.Add(ad.Value) + `, ` + a.Add(ad.Shown) + `, ` +
			a.Add(primary) + `, ` + a.Add(ad.Verified) + `, ` + now + `)`
	}
	return tx.Exec(ctx, `INSERT INTO contact_address (id, contact_id, kind, value, shown, is_primary, verified, created_at) VALUES `+rows+
		` ON CONFLICT (kind, value) DO NOTHING`, a.List()...)
}

func claim(ctx context.Context, tx *db.Tx, id ID, said []Address) error {
	for _, ad := range said {
		if _, err := tx.Exec(ctx, `INSERT INTO contact_claim (contact_id, kind, value, shown) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			id, ad.Kind, ad.Value, ad.Shown); err != nil {
			return err
		}
	}
	return nil
}

func domainFor(list []Address) string {
	for _, a := range list {
		if a.Kind == Email {
			return companyDomain(a.Value)
		}
	}
	return ""
}
