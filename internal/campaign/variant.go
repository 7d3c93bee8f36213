package campaign

import (
	"crypto/sha256"
	"encoding/binary"

	"baraji/internal/contact"
)

// variant is which text a customer gets. It is chance, and the same each time it is asked: of the digest of the campaign and the customer, which has
// nothing to do with when they came to us.
func (c Campaign) variant(who contact.ID) string {
	if c.Share == 0 {
		return First
	}
	sum := sha256.Sum256([]byte(c.ID.String() + "/" + who.String()))
	if int(binary.BigEndian.Uint32(sum[:])%100) < c.Share {
		return Second
	}
	return First
}
