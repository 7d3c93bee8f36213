package knowledge

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/event"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

const (
	maxSynonyms  = 500 // sets
	maxSynonymsN = 12  // words of one set
)

// Synonyms lists the sets of words that mean the same.
func Synonyms(ctx context.Context, tx *db.Tx) ([][]string, error) {
	return db.All(ctx, tx, func(r db.Row) ([]string, error) {
		var s string
		err := r.Scan(&s)
		return strings.Split(s, "\n"), err
	}, `SELECT words FROM knowledge_synonym ORDER BY id`)
}

// SetSynonyms replaces the sets of words that mean the same.
func SetSynonyms(ctx context.Context, tx *db.Tx, sets [][]string) error {
	if err := team.Allow(ctx, team.EditArticles); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM knowledge_synonym`); err != nil {
		return err
	}
	n := 0
	for _, set := range sets {
		set = tidySet(set)
		if len(set) < 2 {
			continue
		}
		if n++; n > maxSynonyms || len(set) > maxSynonymsN {
			return problem.For("synonyms", "There may be %d lines with %d words each.", maxSynonyms, maxSynonymsN)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO knowledge_synonym (id, words) VALUES ($1, $2)`, tx.NewID(), strings.Join(set, "\n")); err != nil {
			return err
		}
	}
	if err := stamp(ctx, tx); err != nil {
		return err
	}
	return event.Record(ctx, tx, SynonymsChanged{})
}

func tidySet(set []string) (out []string) {
	for _, w := range set {
		if w = strings.ToLower(oneLine(w, 40)); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// sameAs are the other words of the sets that a word is in.
func sameAs(w string, sets [][]string) (list []string) {
	for _, set := range sets {
		if !slices.Contains(set, w) {
			continue
		}
		for _, other := range set {
			if other != w {
				list = append(list, other)
			}
		}
	}
	return list
}
