package contact

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"

	"golang.org/x/text/unicode/norm"
)

// Kind is a kind of address. Beside these there is one for each channel that
// knows people by ids of its own, called as the channel: "chat".
type Kind string

// The kinds that every installation has.
const (
	Email    Kind = "email"
	Phone    Kind = "phone"
	External Kind = "external_id" // how another system of the firm calls him
)

// Address is one address of a person.
type Address struct {
	ID       AddressID
	Contact  ID
	Kind     Kind
	Value    string // normal form: what is compared
	Shown    string // for people
	Primary  bool   // the first of its kind
	Verified bool   // he has proved that it is his
	At       time.Time
}

const addressColumns = `id, contact_id, kind, value, shown, is_primary, verified, created_at`

func scanAddress(r db.Row) (a Address, err error) {
	return a, r.Scan(&a.ID, &a.Contact, &a.Kind, &a.Value, &a.Shown, &a.Primary, &a.Verified, db.Time(&a.At))
}

// addresses are a person's, the primary ones first.
func addresses(ctx context.Context, tx *db.Tx, id ID) ([]Address, error) {
	return db.All(ctx, tx, scanAddress, `SELECT `+addressColumns+` FROM contact_address WHERE contact_id = $1 ORDER BY is_primary DESC, id`, id)
}

func claims(ctx context.Context, tx *db.Tx, id ID) ([]Address, error) {
	return db.All(ctx, tx, func(r db.Row) (a Address, err error) { return a, r.Scan(&a.Contact, &a.Kind, &a.Value, &a.Shown) },
		`SELECT contact_id, kind, value, shown FROM contact_claim WHERE contact_id = $1 ORDER BY kind, value`, id)
}

// Reach is a person's first address of a kind, unmasked: for a channel that is
// about to write to him. "" when there is none.
func Reach(ctx context.Context, tx *db.Tx, id ID, kind Kind) (string, error) {
	c, err := load(ctx, tx, id)
	if err != nil {
		return "", err
	}
	list, err := addresses(ctx, tx, c.ID)
	for _, a := range list {
		if a.Kind == kind {
			return reachable(a), err
		}
	}
	return "", err
}

// reachable is the form that one can write to or call: shown keeps the case of a local part.
func reachable(a Address) string {
	if a.Kind == Email {
		return a.Shown
	}
	return a.Value
}

// Normal gives the forms in which an address is compared and shown, or says what is wrong with it.
func Normal(kind Kind, s string) (Address, error) {
	a := Address{Kind: kind, Shown: clean(s, 200)}
	ok := true
	switch kind {
	case Email:
		a.Value, ok = NormalEmail(s)
		if !ok {
			return a, problem.For("email", "Enter an e-mail address such as name@example.com.")
		}
	case Phone:
		a.Value, ok = NormalPhone(s)
		if !ok {
			return a, problem.For("phone", "Enter a phone number such as 010-1234-5678.")
		}
		a.Shown = ShownPhone(a.Value)
	default:
		a.Value = a.Shown
	}
	if a.Value == "" || len(a.Value) > 254 {
		return a, problem.For(string(kind), "Enter an id of at most 200 characters.")
	}
	return a, nil
}

// lenient is Normal for what comes from outside: a strange sender is still a
// sender. What is no address is compared as it is, in lower case.
func lenient(kind Kind, s string) Address {
	a, err := Normal(kind, s)
	if err != nil {
		a.Value = clip(fold(a.Shown), 254)
	}
	return a
}

// clean makes text of strangers fit for a line: one line, no control characters, NFC, at most n characters.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	for i := range s {
		if n == 0 {
			return strings.TrimSpace(s[:i])
		}
		n--
	}
	return s
}

// cleanText is clean for texts of many lines.
func cleanText(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	s = strings.TrimSpace(norm.NFC.String(s))
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// clip cuts to bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
