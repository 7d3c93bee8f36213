package inbox

import (
	"context"
	"net/http"
	"strings"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/web/ui"
)

// preset is a time that one may snooze until with one click.
type preset struct {
	Label string
	At    time.Time
}

// presets are the usual times, in the reader's zone. Those that are past or the
// same as another are left out.
func presets(ctx context.Context) (list []preset) {
	now := i18n.Of(ctx).Now.In(i18n.Of(ctx).Zone)
	day := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
	}
	add := func(word string, at time.Time) {
		if at.After(now.Add(10*time.Minute)) && (len(list) == 0 || at.After(list[len(list)-1].At)) {
			list = append(list, preset{i18n.T(ctx, "inbox.snooze_"+word), at})
		}
	}
	add("hour", now.Add(time.Hour).Truncate(time.Minute))
	add("evening", day(0, 18))
	add("tomorrow", day(1, 9))
	monday := (8 - int(now.Weekday())) % 7
	if monday == 0 {
		monday = 7
	}
	add("monday", day(monday, 9))
	add("week", day(7, 9))
	return list
}

// snooze puts a conversation out of sight: until a time (at), or one in words (until).
func (a *area) snooze(w http.ResponseWriter, r *http.Request) error {
	id, err := conversationID(r)
	if err != nil {
		return err
	}
	at, err := snoozeTime(r)
	if err != nil {
		return err
	}
	var was conversation.Conversation
	err = a.do(r, func(tx *db.Tx) (err error) {
		if was, err = conversation.Get(r.Context(), tx, id); err != nil {
			return err
		}
		return conversation.Snooze(r.Context(), tx, id, at)
	})
	if err != nil {
		return err
	}
	done(w, r, id, ui.Toast{Text: i18n.T(r.Context(), "inbox.said_snoozed", "till", i18n.Moment(r.Context(), at)), Undo: undoStatus(was)})
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func snoozeTime(r *http.Request) (time.Time, error) {
	if s := r.FormValue("at"); s != "" {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return at, badForm("at")
		}
		return at, nil
	}
	reader := i18n.Of(r.Context())
	words := strings.TrimSpace(r.FormValue("until"))
	at, ok := parseWhen(words, reader.Now.In(reader.Zone))
	if !ok {
		return at, problem.For("until", "“%s” is no time that we understand. Try “2h30m”, “tomorrow 9am” or “Monday”.", words)
	}
	return at, nil
}
