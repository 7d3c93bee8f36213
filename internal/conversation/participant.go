package conversation

import (
	"context"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
)

// takePart notes the sender as somebody who takes part. Those to whom he sent a
// copy are noted as such: an answer of theirs belongs here as well, and an
// answer of ours goes to them too if the agent wants. A machine brings nobody in:
// a delivery report may stand in a conversation that its sender has no part in.
func takePart(ctx context.Context, tx *db.Tx, id ID, who contact.ID, m Message) error {
	if m.Auto {
		return nil
	}
	if m.FromAddress != "" {
		if err := addParticipant(ctx, tx, id, m.FromAddress, who, false); err != nil {
			return err
		}
	}
	for _, a := range m.Recipients.Cc {
		if err := addParticipant(ctx, tx, id, a.Address, 0, true); err != nil {
			return err
		}
	}
	return nil
}

func addParticipant(ctx context.Context, tx *db.Tx, id ID, address string, who contact.ID, cc bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO conversation_participant (conversation_id, address, contact_id, cc) VALUES ($1, $2, $3, $4)
		ON CONFLICT (conversation_id, address) DO NOTHING`, id, foldAddress(address), who, cc)
	return err
}

// foldAddress is the form in which addresses are compared: that of contacts, so
// that one spelling of an international domain is the other.
func foldAddress(s string) string {
	if n, ok := contact.NormalEmail(s); ok {
		return n
	}
	return strings.ToLower(strings.TrimSpace(s))
}

// TakesPart says whether mail from an address may be put into a conversation:
// the address wrote or was written to in it, or belongs to its customer.
func TakesPart(ctx context.Context, tx *db.Tx, id ID, address string) (bool, error) {
	address = foldAddress(address)
	there, err := db.Exists(ctx, tx, `SELECT 1 FROM conversation_participant WHERE conversation_id = $1 AND address = $2`, id, address)
	if there || err != nil {
		return there, err
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM conversation c JOIN contact_address a ON a.contact_id = c.contact_id
		WHERE c.id = $1 AND a.kind = 'email' AND a.value = $2`, id, address)
}

// Participant is somebody who takes part by mail.
type Participant struct {
	Address string
	Contact contact.ID
	Cc      bool
}

// Participants are those who take part in a conversation by mail.
func Participants(ctx context.Context, tx *db.Tx, id ID) ([]Participant, error) {
	return db.All(ctx, tx, func(r db.Row) (p Participant, err error) { return p, r.Scan(&p.Address, &p.Contact, &p.Cc) },
		`SELECT address, contact_id, cc FROM conversation_participant WHERE conversation_id = $1 ORDER BY cc, address`, id)
}

// Invite lets an address that an answer goes to take part, so that what comes back
// from there is heard here.
func Invite(ctx context.Context, tx *db.Tx, id ID, address string) error {
	return addParticipant(ctx, tx, id, address, 0, false)
}

// LastBy is the channel that the customer was last heard on in a conversation.
func LastBy(ctx context.Context, tx *db.Tx, c Conversation) (string, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (s string, err error) { return s, r.Scan(&s) }, `
		SELECT m.channel FROM conversation_message m WHERE m.conversation_id = $1 AND m.kind = 'customer' AND NOT m.auto ORDER BY m.id DESC LIMIT 1`, c.ID)
	if err != nil || len(list) == 0 || list[0] == "" {
		return c.Channel, err
	}
	return list[0], nil
}

// LastSender is the address that the customer last wrote from in a conversation. In a
// chat who was invited by mail is he, whatever else is known of the address.
func LastSender(ctx context.Context, tx *db.Tx, id ID) (Address, error) {
	list, err := db.All(ctx, tx, func(r db.Row) (a Address, err error) { return a, r.Scan(&a.Name, &a.Address) }, `
		SELECT m.from_name, m.from_address FROM conversation_message m JOIN conversation c ON c.id = m.conversation_id
		WHERE m.conversation_id = $1 AND m.kind = 'customer' AND (m.contact_id = c.contact_id OR c.channel = 'chat') AND NOT m.auto AND m.from_address <> ''
		ORDER BY m.id DESC LIMIT 1`, id)
	if err != nil || len(list) == 0 {
		return Address{}, err
	}
	return list[0], nil
}
