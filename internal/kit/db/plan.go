package db

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Scan is a statement for which SQLite reads a table from its first row to its last.
type Scan struct{ Table, Query string }

// Scans says for which of the statements that were asked so far SQLite reads whole tables (EXPLAIN QUERY PLAN): an index is missing, or is one of
// some rows that the statement does not ask for in the same words. PostgreSQL plans by how much there is, so there is nothing to be said about it.
func (d *DB) Scans(ctx context.Context) (list []Scan, err error) {
	if d.engine != SQLite {
		return nil, nil
	}
	asked := map[string]bool{}
	for _, s := range []*stmts{d.reads.cache, d.writes.cache} {
		s.mu.RLock()
		for q := range s.kept {
			asked[q] = true
		}
		s.mu.RUnlock()
	}
	for _, q := range slices.Sorted(maps.Keys(asked)) {
		steps, err := d.plan(ctx, q)
		if err != nil {
			return nil, err
		}
		if strings.Contains(q, " LIMIT ") && !slices.Contains(steps, "USE TEMP B-TREE FOR ORDER BY") {
			continue // it reads in the order of the key, until it has enough
		}
		for _, step := range steps {
			if name, whole := scanned(step); whole {
				list = append(list, Scan{tableOf(q, name), q})
			}
		}
	}
	return list, nil
}

// plan is how SQLite would find what a statement asks for.
func (d *DB) plan(ctx context.Context, query string) (steps []string, err error) {
	args := make([]any, len(params(query)))
	rows, err := d.reads.db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, rows.Err()
}

var param = regexp.MustCompile(`[?$]\d+`)

// params are the different ones of a statement.
func params(query string) []string {
	all := param.FindAllString(query, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// scanned is what a step reads whole: by no index. What it makes itself, and virtual tables, do not count.
func scanned(step string) (name string, whole bool) {
	rest, ok := strings.CutPrefix(step, "SCAN ")
	if !ok || strings.Contains(rest, " USING ") || strings.Contains(rest, "VIRTUAL TABLE") || strings.Contains(rest, "CONSTANT ROW") || strings.Contains(rest, "VALUES CLAUSE") {
		return "", false
	}
	return strings.Fields(rest)[0], true
}

// tableOf is which table a name stands for in a statement.
func tableOf(query, name string) string {
	m := regexp.MustCompile(`\b(?:FROM|JOIN|UPDATE|INTO|,)\s+(\w+)\s+(?:AS\s+)?` + regexp.QuoteMeta(name) + `\b`).FindStringSubmatch(query)
	if m == nil {
		return name
	}
	return m[1]
}
