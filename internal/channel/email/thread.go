package email

import (
	"strings"

	"baraji/internal/conversation"
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
