package email

import (
	"context"
	"errors"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/secret"
)

// A Message-ID of ours is <message.mac@domain>: the id of the message and a
// keyed tag of 128 bits over it. Small letters and digits only, as some programs
// fold the case. It proves that its bearer has seen a mail that we sent; whether
// he may speak in that conversation is asked for beside it.

const threadPurpose = "mail.thread"

// signedID makes the Message-ID of a message of ours, without angle brackets.
func signedID(keys *secret.Keys, m conversation.MessageID, domain string) string {
	return m.String() + "." + keys.Tag(threadPurpose, m.String()) + "@" + domain
}

// ourMessage reads a Message-ID and says which message of ours it is, if we signed it.
func ourMessage(keys *secret.Keys, messageID string) (conversation.MessageID, bool) {
	local, _, _ := strings.Cut(strings.ToLower(strings.Trim(messageID, "<> \t")), "@")
	name, mac, ok := strings.Cut(local, ".")
	if !ok || !keys.CheckTag(threadPurpose, mac, name) {
		return 0, false
	}
	m, err := id.Read[conversation.MessageID](name)
	return m, err == nil
}

// place is where a mail belongs.
type place struct {
	continues conversation.ID        // proven
	answered  conversation.MessageID // of ours, that it refers to
	related   conversation.ID        // a hint only
}

// find says where a mail belongs that refers to the given Message-IDs and is
// from sender. A report about a mail of ours needs no sender who takes part:
// reports says whether this is one about a message.
func (m *Mail) find(ctx context.Context, tx *db.Tx, refs []string, sender string, reports func(conversation.MessageID) (bool, error)) (place, error) {
	var p place
	for i := len(refs) - 1; i >= 0 && p.continues == 0; i-- { // the last one is the one that is answered
		msg, ok := ourMessage(m.keys, refs[i])
		if !ok {
			continue
		}
		c, err := conversation.OfMessage(ctx, tx, msg)
		if errors.Is(err, db.ErrNoRow) {
			continue
		}
		if err != nil {
			return p, err
		}
		part, err := reports(msg)
		if err == nil && !part {
			part, err = conversation.TakesPart(ctx, tx, c, sender)
		}
		if err != nil {
			return p, err
		}
		if part {
			p.continues, p.answered = c, msg
		} else if p.related == 0 {
			p.related = c
		}
	}
	return p, nil
}
