package knowledge

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/team"
)

// Miss is what readers looked for and did not find.
type Miss struct {
	Locale i18n.Locale
	Wanted string
	N      int
	LastAt time.Time
}

const (
	maxMisses = 2000 // different ones of a language
	maxWanted = 60   // letters
)

// Missed counts a search that found nothing. What looks like a number or an address of a person is not kept.
func Missed(ctx context.Context, tx *db.Tx, l i18n.Locale, query string) error {
	wanted := strings.Join(words(query), " ")
	if n := utf8.RuneCountInString(wanted); n < 2 || n > maxWanted || personal(query) {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE knowledge_miss SET n = n + 1, last_at = $3 WHERE locale = $1 AND wanted = $2`, l, wanted, tx.Now())
	if err != nil || n > 0 {
		return err
	}
	full, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM knowledge_miss WHERE locale = $1`, l)
	if err != nil {
		return err
	}
	if full >= maxMisses { // the oldest that was wanted once makes room
		_, err := tx.Exec(ctx, `DELETE FROM knowledge_miss WHERE locale = $1 AND wanted = (SELECT wanted FROM knowledge_miss WHERE locale = $1 ORDER BY n, last_at LIMIT 1)`, l)
		if err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO knowledge_miss (locale, wanted, n, last_at) VALUES ($1, $2, 1, $3) ON CONFLICT (locale, wanted) DO UPDATE SET n = knowledge_miss.n + 1`, l, wanted, tx.Now())
	return err
}

// personal says whether a query holds an address, or digits enough for a phone, a card or an order.
func personal(query string) bool {
	digits := 0
	for _, r := range query {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 6 || strings.Contains(query, "@")
}

// Misses lists what was not found, the most wanted first.
func Misses(ctx context.Context, tx *db.Tx, limit int) ([]Miss, error) {
	if err := team.Allow(ctx, team.ReadArticles); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (m Miss, err error) { return m, r.Scan(&m.Locale, &m.Wanted, &m.N, db.Time(&m.LastAt)) },
		`SELECT locale, wanted, n, last_at FROM knowledge_miss ORDER BY n DESC, last_at DESC`+db.Limit(limit))
}

// ForgetMiss takes one off the list: it was answered, or it is nonsense.
func ForgetMiss(ctx context.Context, tx *db.Tx, l i18n.Locale, wanted string) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM knowledge_miss WHERE locale = $1 AND wanted = $2`, l, wanted)
	return err
}
