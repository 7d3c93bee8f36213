package fulltext_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/kit/fulltext"
	"baraji/internal/kit/token"
)

const tables = `
-- only: sqlite
CREATE VIRTUAL TABLE lamp_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- only: postgres
CREATE TABLE lamp_search (id KEY64, words TSVECTOR NOT NULL);

-- only: postgres
CREATE INDEX lamp_search_words ON lamp_search USING GIN (words) WITH (fastupdate = off);
`

func setUp(t testing.TB, desk *dbtest.Desk) {
	t.Helper()
	write(t, desk, func(ctx context.Context, tx *db.Tx) error {
		for _, stmt := range db.Statements(tables, tx.Engine()) {
			if _, err := tx.Exec(ctx, stmt); err != nil {
				return err
			}
		}
		return nil
	})
}

func write(t testing.TB, desk *dbtest.Desk, fn func(context.Context, *db.Tx) error) {
	t.Helper()
	if err := desk.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func put(t testing.TB, desk *dbtest.Desk, texts map[int64]string) {
	t.Helper()
	write(t, desk, func(ctx context.Context, tx *db.Tx) error {
		for id, text := range texts {
			if err := fulltext.Put(ctx, tx, "lamp_search", id, token.Index(text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// found looks in both ways, which must agree.
func found(t testing.TB, desk *dbtest.Desk, query string) []int64 {
	t.Helper()
	var ids []int64
	err := desk.Read(t.Context(), func(tx *db.Tx) (err error) {
		q := token.Parse(query)
		ids, err = fulltext.Newest(t.Context(), tx, "lamp_search", q, 0, 100)
		if err != nil {
			return err
		}
		var a db.Args
		for id := range int64(100) {
			hit, err := db.Exists(t.Context(), tx, `SELECT 1 FROM (SELECT CAST(`+a.Add(id)+` AS BIGINT) AS n) one WHERE `+
				fulltext.Match(tx, &a, "lamp_search", "one.n", q), a.List()...)
			if err != nil || hit != slices.Contains(ids, id) {
				t.Errorf("%q: id %d: Match says %v, Newest %v, %v", query, id, hit, ids, err)
			}
			a = db.Args{}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		setUp(t, desk)
		put(t, desk, map[int64]string{
			1: "새벽배송이 늦어요", 2: "배송 조회 delivery", 3: `Where is "my" lamp? O'Neill said: it's lost`, 4: "010-1234-5678 주문", 5: "delivery of the lamp",
		})
		for query, want := range map[string][]int64{
			"배송": {2, 1}, "새벽배송": {1}, "벽": {1}, "lamp": {5, 3}, "lamp delivery": {5}, "deliv*": {5, 2},
			"01012345678": {4}, "없음": nil, "": nil, "!?": nil, `lamp' OR "1"="1`: nil, "o'neill": {3}, "AND": nil, "늦": {1},
		} {
			if got := found(t, desk, query); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, not %v", query, got, want)
			}
		}
	})
}

func TestReplaceAndDelete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		setUp(t, desk)
		put(t, desk, map[int64]string{1: "red lamp", 2: "red chair", 3: "red table"})
		put(t, desk, map[int64]string{1: "blue lamp", 3: "..."})
		if got := found(t, desk, "red"); !slices.Equal(got, []int64{2}) {
			t.Errorf("red: %v", got)
		}
		if got := found(t, desk, "blue"); !slices.Equal(got, []int64{1}) {
			t.Errorf("blue: %v", got)
		}
		write(t, desk, func(ctx context.Context, tx *db.Tx) error { return fulltext.Delete(ctx, tx, "lamp_search", 1, 2, 77) })
		if got := found(t, desk, "lamp*"); got != nil {
			t.Errorf("lamp: %v", got)
		}
	})
}

func TestPaging(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		setUp(t, desk)
		texts := map[int64]string{}
		for i := range int64(50) {
			texts[i+1] = fmt.Sprintf("lamp number%d", i)
		}
		put(t, desk, texts)
		var all []int64
		for before := int64(0); ; {
			var page []int64
			desk.Read(t.Context(), func(tx *db.Tx) (err error) {
				page, err = fulltext.Newest(t.Context(), tx, "lamp_search", token.Parse("lamp"), before, 7)
				return err
			})
			if len(page) == 0 {
				break
			}
			all, before = append(all, page...), page[len(page)-1]
		}
		slices.Reverse(all)
		if len(all) != 50 || !slices.IsSorted(all) || all[0] != 1 {
			t.Errorf("%v", all)
		}
	})
}

// What Match is given never becomes syntax, whatever stands in the tokens.
func TestTokensAreNeverSyntax(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		setUp(t, desk)
		for _, bad := range []string{`"`, `'`, `\`, `a'|'b`, `a"OR"b`, `\'`, `:*`, `''`} {
			desk.Read(t.Context(), func(tx *db.Tx) error {
				if ids, err := fulltext.Newest(t.Context(), tx, "lamp_search", token.Query{All: []string{bad}, Prefix: []string{bad}}, 0, 10); ids != nil || err != nil && !strings.Contains(err.Error(), "phrase queries") { // FTS5 reads two words as a phrase, which is data too
					t.Errorf("%q: %v %v", bad, ids, err)
				}
				return nil
			})
		}
	})
}

func TestPurgeLeavesNoWordInTheFile(t *testing.T) {
	if !slices.Contains(dbtest.Engines(), db.SQLite) {
		t.Skip("SQLite only")
	}
	desk := dbtest.New(t, db.SQLite)
	setUp(t, desk)
	put(t, desk, map[int64]string{1: "canarybird", 2: "red chair"})
	put(t, desk, map[int64]string{3: "red table"})
	purge := func(ctx context.Context, tx *db.Tx) error { return fulltext.Purge(ctx, tx, "lamp_search") }
	write(t, desk, purge) // one segment, in which words are then marked as deleted
	write(t, desk, func(ctx context.Context, tx *db.Tx) error { return fulltext.Delete(ctx, tx, "lamp_search", 1) })
	if !strings.Contains(everything(t, desk), "canarybird") {
		t.Error("nothing to purge: the test shows nothing")
	}
	write(t, desk, purge)
	if strings.Contains(everything(t, desk), "canarybird") {
		t.Error("the word is still in the index")
	}
	if got := found(t, desk, "red"); !slices.Equal(got, []int64{3, 2}) {
		t.Errorf("red: %v", got)
	}
}

// everything is what the index's own tables hold.
func everything(t *testing.T, desk *dbtest.Desk) string {
	var b strings.Builder
	err := desk.Read(t.Context(), func(tx *db.Tx) error {
		return db.Each(t.Context(), tx, func(r db.Row) error {
			var block []byte
			err := r.Scan(&block)
			b.Write(block)
			return err
		}, `SELECT block FROM lamp_search_data ORDER BY id`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What was put in one by one is merged without a commit of anybody else's paying
// for it, and is found as before.
func TestSettle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		setUp(t, desk)
		if desk.Engine() == db.SQLite {
			write(t, desk, func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO lamp_search (lamp_search, rank) VALUES ('automerge', 0), ('crisismerge', 64)`)
				return err
			})
		}
		for i := range int64(60) {
			put(t, desk, map[int64]string{i + 1: fmt.Sprintf("lamp number%d", i)})
		}
		before := segments(t, desk)
		if err := fulltext.Settle(t.Context(), desk.DB, "lamp_search"); err != nil {
			t.Fatal(err)
		}
		if after := segments(t, desk); desk.Engine() == db.SQLite && (before < 60 || after > 8) {
			t.Errorf("%d segments, after settling %d", before, after)
		}
		if got := found(t, desk, "lamp"); len(got) != 60 {
			t.Errorf("%d found", len(got))
		}
	})
}

// segments counts those of FTS5's index.
func segments(t *testing.T, desk *dbtest.Desk) (n int) {
	t.Helper()
	if desk.Engine() != db.SQLite {
		return 0
	}
	desk.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Value[int](t.Context(), tx, `SELECT COUNT(DISTINCT segid) FROM lamp_search_idx`)
		if err != nil {
			t.Error(err)
		}
		return err
	})
	return n
}

func TestAnyOfSeveralQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, desk *dbtest.Desk) {
		setUp(t, desk)
		put(t, desk, map[int64]string{1: "red lamp", 2: "blue lamp", 3: "녹색 조명", 4: "chair"})
		for want, queries := range map[string][]string{
			"[1 3]":   {"red lamp", "조명"},
			"[1 2 4]": {"lamp", "chair", ""},
			"[]":      {"", "?"},
			"[3]":     {"green", "녹", `x' OR "1"`},
		} {
			err := desk.Read(t.Context(), func(tx *db.Tx) error {
				var parsed []token.Query
				for _, q := range queries {
					parsed = append(parsed, token.Parse(q))
				}
				var a db.Args
				rows := `SELECT CAST(` + a.Add(1) + ` AS BIGINT) AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4`
				ids, err := db.All(t.Context(), tx, func(r db.Row) (n int64, err error) { return n, r.Scan(&n) },
					`SELECT n FROM (`+rows+`) x WHERE `+fulltext.Any(tx, &a, "lamp_search", "x.n", parsed)+` ORDER BY n`, a.List()...)
				if got := fmt.Sprint(ids); err == nil && got != want {
					t.Errorf("%q find %s, not %s", queries, got, want)
				}
				return err
			})
			if err != nil {
				t.Error(queries, err)
			}
		}
	})
}
