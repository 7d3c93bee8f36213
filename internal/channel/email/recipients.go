package email

import (
	"context"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// RecipientState is how far a mail came with one of those it goes to.
type RecipientState struct {
	Address string
	Role    string // "to", "cc" or "bcc"
	State   string // "waiting", "sent", "failed" or "unconfirmed"
	Code    int    // of the server's answer; 0: none came
	Answer  string // the server's own words
}

// RecipientStates says, for messages that were mailed, how far they came with
// each recipient. Whoever asks has read the messages, so he may see them.
func RecipientStates(ctx context.Context, tx *db.Tx, ids []conversation.MessageID) (map[conversation.MessageID][]RecipientState, error) {
	out := map[conversation.MessageID][]RecipientState{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	return out, db.Each(ctx, tx, func(r db.Row) error {
		var m conversation.MessageID
		var s RecipientState
		err := r.Scan(&m, &s.Address, &s.Role, &s.State, &s.Code, &s.Answer)
		out[m] = append(out[m], s)
		return err
	}, `SELECT o.message_id, r.address, r.role, r.state, r.code, r.answer FROM email_out o JOIN email_out_recipient r ON r.out_id = o.id
		WHERE o.message_id IN `+db.In(&a, ids)+` ORDER BY o.message_id, r.role DESC, r.address`, a.List()...)
}
