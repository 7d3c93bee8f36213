package ui

import (
	"context"
	"encoding/json"

	"baraji/internal/kit/i18n"
)

// scriptWords are the few words that scripts say (static/js/10-ground.js), as JSON.
func scriptWords(ctx context.Context) string {
	n := "{n}" // filled in by the script
	words := map[string]string{
		"undo":      i18n.T(ctx, "common.undo"),
		"copied":    i18n.T(ctx, "common.copied"),
		"unreached": i18n.T(ctx, "common.unreached"),
		"now":       i18n.T(ctx, "time.now"),
		"minutes":   i18n.T(ctx, "time.minutes", "n", n),
		"hours":     i18n.T(ctx, "time.hours", "n", n),
		"days":      i18n.T(ctx, "time.days", "n", n),
		"left":      i18n.T(ctx, "time.left"),
		"over":      i18n.T(ctx, "time.over"),
		"dueSoon":   i18n.T(ctx, "time.due_soon"),
		"dueNow":    i18n.T(ctx, "time.due_now"),
	}
	b, err := json.Marshal(words)
	if err != nil {
		return "{}"
	}
	return string(b)
}
