package widget

import (
	"context"
	"net/http"
	"time"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/flow"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
	"baraji/internal/web/look"
)

// settings is how the widget looks. Asking for it is how a page shows that it has the widget.
func (e *edge) settings(w http.ResponseWriter, r *http.Request) error {
	ctx, key := r.Context(), r.PathValue("key")
	var s chat.Settings
	var firm team.Firm
	var hope chat.Expectation
	var says string
	var may []conversation.Button
	err := e.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if s, err = chat.SettingsFor(ctx, tx, key); err != nil {
			return err
		}
		if firm, err = team.GetFirm(ctx, tx); err != nil {
			return err
		}
		if says, may, err = opening(ctx, tx, key); err != nil {
			return err
		}
		zone, err := time.LoadLocation(firm.Zone)
		if err != nil {
			return err
		}
		hope, err = e.Chat.Expect(ctx, tx, key, zone)
		return err
	})
	if err != nil {
		return err
	}
	if origin := r.Header.Get("Origin"); origin != "" && e.seen.due(key, origin, e.DB.Now()) {
		e.note(ctx, key, origin)
	}
	l := look.Of(ctx, s, firm.Name, hope)
	if says != "" {
		l.Greeting, l.May = says, may
	}
	return write(w, http.StatusOK, l)
}

// opening is the first step of the widget's path of buttons, if there is one.
func opening(ctx context.Context, tx *db.Tx, key string) (string, []conversation.Button, error) {
	in, err := inbox.ByAddress(ctx, tx, chat.Channel, key)
	if err != nil {
		return "", nil, err
	}
	return flow.Opening(ctx, tx, in.ID, i18n.Of(ctx).Locale)
}

// note writes down that a site shows the widget. A page gets its widget also when that fails.
func (e *edge) note(ctx context.Context, key, origin string) {
	err := e.DB.Write(ctx, func(tx *db.Tx) error { return chat.Seen(ctx, tx, key, origin) })
	if err != nil && ctx.Err() == nil {
		e.Log.WarnContext(ctx, "where a widget was seen is not written", "error", err)
	}
}
