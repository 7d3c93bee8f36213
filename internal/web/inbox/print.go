package inbox

import (
	"context"
	"net/http"

	"baraji/internal/kit/db"
	"baraji/internal/web/ui"
)

// print is a conversation on paper, from its first word: without notes, unless
// ?notes=1.
func (a *area) print(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	var t *talk
	err = a.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if t, err = a.readTalk(r.Context(), tx, id, view{Name: "mine"}, 0); err != nil {
			return err
		}
		return t.readEarlier(r.Context(), tx)
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, printPage(*t, r.URL.Query().Get("notes") != ""))
	return nil
}

// readEarlier puts all that a screen shows only when it is asked for before what
// it shows at once.
func (t *talk) readEarlier(ctx context.Context, tx *db.Tx) error {
	for t.Before != 0 {
		c, err := readCourse(ctx, tx, t.ID, t.Before)
		if err != nil {
			return err
		}
		page := *t
		page.tell(ctx, c)
		page.mask(ctx)
		t.Entries, t.Before = append(page.Entries, t.Entries...), page.Before
	}
	return nil
}
