package knowledge

import (
	"context"
	"time"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// sitting is how long somebody may think between two letters and still be about the same change.
const sitting = 10 * time.Minute

// Keep keeps what is being written: the words of drafts and nothing else, so that nobody publishes, or opens to other readers, by
// typing. It refuses to write over what somebody else has saved since an edition; 0 is whatever there is. The log hears of one
// change for each sitting of a person, not of each letter.
func Keep(ctx context.Context, tx *db.Tx, id ID, edition int64, texts map[i18n.Locale]Words) (Article, error) {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return Article{}, err
	}
	was, err := load(ctx, tx, id)
	if err != nil {
		return was, err
	}
	if edition != 0 && edition != was.Edition {
		return was, overtaken()
	}
	e := Edit{Audience: Everybody, Texts: texts}
	if err := e.check(ctx, tx); err != nil {
		return was, err
	}
	var fields []string
	for l, words := range texts {
		more, err := saveText(ctx, tx, id, was.Texts[l], words)
		if err != nil {
			return was, err
		}
		fields = append(fields, more...)
	}
	if len(fields) == 0 {
		return was, nil
	}
	if err := touch(ctx, tx, id); err != nil {
		return was, err
	}
	if was.Editor != team.From(ctx).Person || tx.Now().Sub(was.UpdatedAt) > sitting {
		if err := event.Record(ctx, tx, Changed{id, fields}); err != nil {
			return was, err
		}
	}
	return load(ctx, tx, id)
}
