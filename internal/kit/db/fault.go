package db

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// clashed says that a Write lost against another one and may be run again.
func clashed(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	code, ok := sqliteCode(err)
	return ok && code&0xff == sqlite3.SQLITE_BUSY || errors.Is(err, errLost)
}

func sqliteCode(err error) (int, bool) {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code(), true
	}
	return 0, false
}

// IsUnique says that a row with the same unique columns is there already.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	code, ok := sqliteCode(err)
	return ok && (code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// IsFull says that the database has no room left on its disk.
func IsFull(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "53100"
	}
	code, ok := sqliteCode(err)
	if ok {
		return code&0xff == sqlite3.SQLITE_FULL
	}
	return err != nil && strings.Contains(err.Error(), "no space left on device")
}

// IsBroken says that the disk did not keep what was written (fsync failed). The
// next fsync may say that all is well although it is not: nothing may be taken as
// committed after that, and the process has to stop and read anew what is there.
func IsBroken(err error) bool {
	code, _ := sqliteCode(err)
	return code == sqlite3.SQLITE_IOERR_FSYNC || code == sqlite3.SQLITE_IOERR_DIR_FSYNC
}

// IsAway says that the database cannot be reached now (PostgreSQL restarting,
// the network gone, the program ending) but may come back.
func IsAway(err error) bool {
	var conn *pgconn.ConnectError
	if errors.As(err, &conn) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "08")
	}
	return err != nil && (strings.Contains(err.Error(), "bad connection") || strings.Contains(err.Error(), "sql: database is closed"))
}

// IsOutage tells a failure of the machine from one of what was done on it: it is
// nobody's fault, and the same may go well when it is over.
func IsOutage(err error) bool { return IsFull(err) || IsBroken(err) || IsAway(err) }
