package widget

import (
	"context"
	"net/http"

	"baraji/internal/channel/chat"
	"baraji/internal/kit/db"
	"baraji/internal/kit/live"
)

// live is the stream of a visitor. Where it was broken off does not matter: what
// it says is only that there is something to look at, and the browser looks when
// it begins.
func (e *edge) live(w http.ResponseWriter, r *http.Request) error {
	who := caller(r)
	find := func(ctx context.Context) (v chat.Visitor, err error) {
		err = e.DB.Read(ctx, func(tx *db.Tx) (err error) { v, _, err = e.Chat.Find(ctx, tx, who); return err })
		return v, err
	}
	var v chat.Visitor
	if err := live.Apart(func() (err error) { v, err = find(r.Context()); return err }); err != nil {
		return err
	}
	r = r.WithContext(chat.With(r.Context(), v.ID))
	e.Hub.Serve(w, r, []string{chat.Topic(v.ID)}, 0, func(ctx context.Context) bool {
		is, err := find(ctx)
		return err == nil && is.ID == v.ID
	})
	return nil
}
