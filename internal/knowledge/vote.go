package knowledge

import (
	"context"

	"baraji/internal/kit/db"
)

// Votes are how many found an article helpful, and how many did not.
type Votes struct{ Yes, No int }

// Share is how many of a hundred found it helpful; -1 when nobody said.
func (v Votes) Share() int {
	if v.Yes+v.No == 0 {
		return -1
	}
	return (v.Yes*100 + (v.Yes+v.No)/2) / (v.Yes + v.No)
}

// Vote notes whether a page helped. visitor is a digest that is the same for one visitor for a day: who changes his mind does
// not count twice.
func Vote(ctx context.Context, tx *db.Tx, p Page, visitor string, helpful bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO knowledge_vote (article_id, locale, visitor, helpful, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (article_id, locale, visitor) DO UPDATE SET helpful = excluded.helpful`, p.Article, p.Locale, visitor, helpful, tx.Now())
	return err
}

// VotesOf counts the votes of articles, in both languages together.
func VotesOf(ctx context.Context, tx *db.Tx, ids ...ID) (map[ID]Votes, error) {
	var a db.Args
	m := map[ID]Votes{}
	err := db.Each(ctx, tx, func(r db.Row) error {
		var id ID
		var v Votes
		err := r.Scan(&id, &v.Yes, &v.No)
		m[id] = v
		return err
	}, `SELECT article_id, SUM(CASE WHEN helpful THEN 1 ELSE 0 END), SUM(CASE WHEN helpful THEN 0 ELSE 1 END) FROM knowledge_vote
		WHERE article_id IN `+db.In(&a, ids)+` GROUP BY article_id`, a.List()...)
	return m, err
}
