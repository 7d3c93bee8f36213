package fulltext

import (
	"context"
	"fmt"
	"math"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/token"
)

// Put stores the tokens of the text with this id, in place of what was stored for it. No tokens: as Delete.
func Put(ctx context.Context, tx *db.Tx, table string, id int64, tokens []string) error {
	if len(tokens) == 0 {
		return Delete(ctx, tx, table, id)
	}
	return PutAll(ctx, tx, table, []Text{{id, tokens}})
}

// Text is what PutAll stores.
type Text struct {
	ID     int64
	Tokens []string // at least one
}

// PutAll stores many texts at once, each as Put does.
func PutAll(ctx context.Context, tx *db.Tx, table string, list []Text) error {
	var a db.Args
	rows := make([]string, len(list))
	head, before, after, tail := `INSERT OR REPLACE INTO `+table+` (rowid, words) VALUES `, ``, ``, ``
	if tx.Engine() == db.Postgres {
		head, before, after = `INSERT INTO `+table+` (id, words) VALUES `, `array_to_tsvector(string_to_array(`, `, ' '))`
		tail = ` ON CONFLICT (id) DO UPDATE SET words = excluded.words`
	}
	for i, t := range list {
		rows[i] = `(` + a.Add(t.ID) + `, ` + before + a.Add(strings.Join(t.Tokens, " ")) + after + `)`
	}
	if _, err := tx.Exec(ctx, head+strings.Join(rows, ", ")+tail, a.List()...); err != nil {
		return fmt.Errorf("index %d texts in %s, the first is %d: %w", len(list), table, list[0].ID, err)
	}
	return nil
}

// Delete forgets texts.
func Delete(ctx context.Context, tx *db.Tx, table string, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	var a db.Args
	if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE `+key(tx)+` IN `+db.In(&a, ids), a.List()...); err != nil {
		return fmt.Errorf("take %d texts out of %s: %w", len(ids), table, err)
	}
	return nil
}

// Match is a condition for a query: the text whose id stands in column holds every token of q. Nothing holds an empty query.
func Match(tx *db.Tx, a *db.Args, table, column string, q token.Query) string {
	if none(q) {
		return `1 = 0`
	}
	return column + ` IN (SELECT ` + key(tx) + ` FROM ` + table + ` WHERE ` + holds(tx, a, table, q) + `)`
}

// Newest gives the ids of texts that hold every token of q, highest first, below before (0: from the highest).
func Newest(ctx context.Context, tx *db.Tx, table string, q token.Query, before int64, limit int) ([]int64, error) {
	if none(q) {
		return nil, nil
	}
	if before == 0 {
		before = math.MaxInt64
	}
	var a db.Args
	query := `SELECT ` + key(tx) + ` FROM ` + table + ` WHERE ` + holds(tx, &a, table, q) +
		` AND ` + key(tx) + ` < ` + a.Add(before) + ` ORDER BY ` + key(tx) + ` DESC` + db.Limit(limit)
	ids, err := db.All(ctx, tx, func(r db.Row) (id int64, err error) { return id, r.Scan(&id) }, query, a.List()...)
	if err != nil {
		return nil, fmt.Errorf("search %s: %w", table, err)
	}
	return ids, nil
}

// Purge takes the words of deleted texts out of the index's own pages. It rewrites the index on SQLite, so do it in a
// job, not for each deletion; PostgreSQL's vacuum does it by itself.
func Purge(ctx context.Context, tx *db.Tx, table string) error {
	if tx.Engine() == db.Postgres {
		return nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO `+table+` (`+table+`) VALUES ('optimize')`); err != nil {
		return fmt.Errorf("purge %s: %w", table, err)
	}
	return nil
}

func none(q token.Query) bool { return len(q.All)+len(q.Prefix) == 0 }

func key(tx *db.Tx) string {
	if tx.Engine() == db.Postgres {
		return "id"
	}
	return "rowid"
}

func holds(tx *db.Tx, a *db.Args, table string, q token.Query) string {
	return matches(tx, a, table, syntax(tx, q))
}

func matches(tx *db.Tx, a *db.Args, table, syntax string) string {
	if tx.Engine() == db.Postgres {
		return `words @@ CAST(CAST(` + a.Add(syntax) + ` AS TEXT) AS TSQUERY)`
	}
	return table + ` MATCH ` + a.Add(syntax)
}

// syntax is a query as the engine writes it.
func syntax(tx *db.Tx, q token.Query) string {
	if tx.Engine() == db.Postgres {
		return expression(q, ` & `, `'`, `':*`)
	}
	return expression(q, ` AND `, `"`, `"*`)
}

// expression joins the quoted tokens of q. Tokens of kit/token hold no quotes; others lose nothing by the doubling.
func expression(q token.Query, and, quote, prefix string) string {
	var parts []string
	double := strings.NewReplacer(quote, quote+quote, `\`, `\\`)
	for _, t := range q.All {
		parts = append(parts, quote+double.Replace(t)+quote)
	}
	for _, t := range q.Prefix {
		parts = append(parts, quote+double.Replace(t)+prefix)
	}
	return strings.Join(parts, and)
}

// Any is a condition like Match: the text holds every token of one of the queries at least. Queries that ask for nothing are passed over.
func Any(tx *db.Tx, a *db.Args, table, column string, queries []token.Query) string {
	return Every(tx, a, table, column, [][]token.Query{queries})
}

// Every is a condition like Match: of each group the text holds every token of one of the queries at least. It is one question to
// the index, which passes over what another group rules out.
func Every(tx *db.Tx, a *db.Args, table, column string, groups [][]token.Query) string {
	or, and := ` OR `, ` AND `
	if tx.Engine() == db.Postgres {
		or, and = ` | `, ` & `
	}
	var all []string
	for _, queries := range groups {
		var parts []string
		for _, q := range queries {
			if !none(q) {
				parts = append(parts, `(`+syntax(tx, q)+`)`)
			}
		}
		if len(parts) == 0 {
			return `1 = 0`
		}
		all = append(all, `(`+strings.Join(parts, or)+`)`)
	}
	if len(all) == 0 {
		return `1 = 0`
	}
	ids := `(SELECT ` + key(tx) + ` FROM ` + table + ` WHERE ` + matches(tx, a, table, strings.Join(all, and)) + `)`
	if tx.Engine() == db.Postgres { // asked once: as a join it would read the text of each row that other conditions leave, and the question with it
		return column + ` = ANY (ARRAY` + ids + `)`
	}
	return column + ` IN ` + ids
}
