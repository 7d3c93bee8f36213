package contact

import (
	"context"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/token"
)

// searchTable holds people and companies: their ids never meet.
const searchTable = "contact_search"

// searched is the text by which a person is found.
func searched(c Contact, all []Address) string {
	words := []string{c.Name, c.Title}
	for _, a := range all {
		words = append(words, a.Shown)
		if a.Value != a.Shown {
			words = append(words, a.Value)
		}
	}
	return strings.Join(words, "\n")
}

func index(ctx context.Context, tx *db.Tx, c Contact, all []Address) error {
	return fulltext.Put(ctx, tx, searchTable, int64(c.ID), token.Index(searched(c, all)))
}

// refresh brings the row of a person and the index in line with his addresses.
func refresh(ctx context.Context, tx *db.Tx, id ID) error {
	c, err := row(ctx, tx, id)
	if err != nil {
		return err
	}
	all, err := addresses(ctx, tx, id)
	if err != nil {
		return err
	}
	said, err := claims(ctx, tx, id)
	if err != nil {
		return err
	}
	nameless := c.nameless()
	c.Email, c.Phone = first(all, Email), first(all, Phone)
	if nameless {
		c.Name = c.fallback()
	}
	_, err = tx.Exec(ctx, `UPDATE contact SET name = $2, name_key = $3, email = $4, phone = $5 WHERE id = $1`, id, c.Name, fold(c.Name), c.Email, c.Phone)
	if err != nil {
		return err
	}
	return index(ctx, tx, c, append(all, said...))
}

// first is the shown form of the first address of a kind; all has primary ones first.
func first(all []Address, kind Kind) string {
	for _, a := range all {
		if a.Kind == kind {
			return a.Shown
		}
	}
	return ""
}

// nameless says that nobody knows the name yet: an address stands in its place.
func (c Contact) nameless() bool { return c.Name == "" || c.Name == c.Email || c.Name == c.Phone }

// fallback is what stands in place of a name.
func (c Contact) fallback() string {
	if c.Email != "" {
		return c.Email
	}
	return c.Phone
}
