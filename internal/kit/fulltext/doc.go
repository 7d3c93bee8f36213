// Package fulltext keeps tokens (kit/token) in the database's own index and finds what holds all tokens of a query:
// FTS5 on SQLite, tsvector with GIN on PostgreSQL. Both engines answer alike.
//
// The package that owns the texts owns the table, called <package>_search, and makes it in its migration:
//
//	-- only: sqlite
//	CREATE VIRTUAL TABLE x_search USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
//
//	-- only: postgres
//	CREATE TABLE x_search (id KEY64, words TSVECTOR NOT NULL);
//
//	-- only: postgres
//	CREATE INDEX x_search_words ON x_search USING GIN (words) WITH (fastupdate = off);
//
// Only ids and tokens are stored, no text. Table names are put into the SQL as they are: they are constants of the
// program, never input.
//
// Ids grow with time, so "newest first" is "highest id first", which both indexes can do without looking at every hit:
// [Newest]. Where another order or other conditions count, [Match] is a condition for any query.
//
// Matching by tokens may find a little too much (kit/token says why): check a page of hits with token.Query.Matches.
//
// What is deleted is found no more at once, but FTS5 keeps its words in the file until segments are merged. [Purge] does that.
package fulltext
