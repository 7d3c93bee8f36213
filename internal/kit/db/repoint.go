package db

import (
	"context"
	"fmt"
	"slices"
)

// Repoint makes the rows of a table that belong to one thing, by a column, belong to another one, and returns their ids.
func Repoint[T, K any](ctx context.Context, tx *Tx, table, column string, from, to K) ([]T, error) {
	ids, err := All(ctx, tx, func(r Row) (id T, err error) { return id, r.Scan(&id) },
		`UPDATE `+table+` SET `+column+` = $2 WHERE `+column+` = $1 RETURNING id`, from, to)
	if err != nil {
		return nil, fmt.Errorf("repoint %s of %s: %w", column, table, err)
	}
	return ids, nil
}

// PointBack takes back what Repoint did to these rows, as far as they still belong where it put them.
func PointBack[T, K any](ctx context.Context, tx *Tx, table, column string, from, to K, ids []T) error {
	for some := range slices.Chunk(ids, 1000) {
		var a Args
		_, err := tx.Exec(ctx, `UPDATE `+table+` SET `+column+` = `+a.Add(from)+` WHERE `+column+` = `+a.Add(to)+` AND id IN `+In(&a, some), a.List()...)
		if err != nil {
			return fmt.Errorf("point %s of %s back: %w", column, table, err)
		}
	}
	return nil
}
