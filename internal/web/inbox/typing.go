package inbox

import (
	"context"
	"net/http"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// typing tells the visitor in front of a chat that he is being answered. Nothing is
// written, and it does not say by whom.
func (a *area) typing(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	if err := a.tellVisitors(r.Context(), id, "typing"); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// tellVisitors says to those in front of a talk that something happens there at this
// moment.
func (a *area) tellVisitors(ctx context.Context, id conversation.ID, kind string) error {
	var list []chat.VisitorID
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err = conversation.Get(ctx, tx, id); err == nil {
			list, err = chat.Visitors(ctx, tx, id)
		}
		return err
	})
	for _, v := range list {
		a.Tell(ctx, chat.Topic(v), kind)
	}
	return err
}
