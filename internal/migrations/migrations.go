// Package migrations is the one history of the database's tables, as numbered
// SQL files that are only ever added to. See db.Migrate for how they are read.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
