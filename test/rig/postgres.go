package rig

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PG is a running PostgreSQL server. The user baraji may do everything and needs no password: it listens on loopback and holds nothing.
type PG struct {
	dir   string // its folder, with data, log and locks
	port  int
	major int     // its version
	own   *server // nil for the shared one, which nobody may stop
	leave func()  // gives up the shared one; never called, but as long as it is held the lock's file is not collected and closed
}

// Postgres gives the server that all test processes of a run share. It starts with the first of them (about a second) and stops when none has used it
// for half a minute. fsync is off: see [OwnPostgres] for tests that care.
func Postgres(t testing.TB) *PG {
	t.Helper()
	Need(t, "postgres")
	pg, err := shared()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	return pg
}

// URL is how to connect to one of its databases.
func (pg *PG) URL(database string) string {
	return fmt.Sprintf("postgres://baraji@127.0.0.1:%d/%s?sslmode=disable", pg.port, database)
}

// Addr is host and port, for a proxy to stand before it.
func (pg *PG) Addr() string { return fmt.Sprintf("127.0.0.1:%d", pg.port) }

// Log is the file that the server writes its messages to.
func (pg *PG) Log() string { return filepath.Join(pg.dir, "log") }

// Database gives the URL of a fresh database, empty or a copy of the template named, which is dropped with the test.
func (pg *PG) Database(t testing.TB, template ...string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text()[:16])
	sql := "CREATE DATABASE " + name
	if pg.own == nil && pg.major >= 15 {
		sql += " STRATEGY file_copy" // twice as fast as through the log where the files are in memory
	}
	if len(template) > 0 {
		sql += " TEMPLATE " + pgx.Identifier{template[0]}.Sanitize()
	}
	if err := pg.admin(sql); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil && pg.own == nil {
			t.Errorf("clean up: %v", err)
		}
	})
	return pg.URL(name)
}

// Template gives the name of a database that fill has filled, for [PG.Database] to copy. It is made once per server and key, whichever process comes
// first; the key should change when what fill does changes (say, a hash of the migrations). fill must close its connections.
func (pg *PG) Template(t testing.TB, key string, fill func(url string) error) string {
	t.Helper()
	name := fmt.Sprintf("template_%x", sha256.Sum256([]byte(key)))[:40]
	unlock, err := lock(filepath.Join(pg.dir, "template.lock"), syscall.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if err := pg.makeTemplate(name, fill); err != nil {
		t.Fatalf("template for %s: %v", key, err)
	}
	return name
}

// makeTemplate fills a database under another name first: one that was left half-filled is never taken for the template.
func (pg *PG) makeTemplate(name string, fill func(url string) error) error {
	if pg.has(name) {
		return nil
	}
	half := name + "_half"
	if err := pg.admin("DROP DATABASE IF EXISTS "+half+" WITH (FORCE)", "CREATE DATABASE "+half); err != nil {
		return err
	}
	if err := fill(pg.URL(half)); err != nil {
		return err
	}
	return pg.admin("ALTER DATABASE " + half + " RENAME TO " + name)
}

func (pg *PG) has(database string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, pg.URL("postgres"))
	if err != nil {
		return false
	}
	defer conn.Close(ctx)
	var n int
	err = conn.QueryRow(ctx, "SELECT count(*) FROM pg_database WHERE datname = $1", database).Scan(&n)
	return err == nil && n == 1
}

// admin runs statements as the owner of the server, on a connection of their own.
func (pg *PG) admin(statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, pg.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// answers tells whether the server in this folder, and not another on the same port, takes connections.
func (pg *PG) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, pg.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var data string
	sql := "SELECT current_setting('data_directory'), CAST(current_setting('server_version_num') AS INTEGER) / 10000"
	if err := conn.QueryRow(ctx, sql).Scan(&data, &pg.major); err != nil {
		return err
	}
	if data != filepath.Join(pg.dir, "data") {
		return fmt.Errorf("port %d belongs to the server in %s", pg.port, data)
	}
	return nil
}

// initdb makes the data folder. C.UTF-8 orders text by code point, as SQLite does.
func initdb(dir string, as account, settings []string) error {
	data := filepath.Join(dir, "data")
	cmd := exec.Command(pgBinary("initdb"), "-D", data, "-U", "baraji", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as.drop}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	conf, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer conf.Close()
	_, err = fmt.Fprintf(conf, "\n%s\n", strings.Join(settings, "\n"))
	return err
}

// settings for any server of a test; sockets lie in its own folder so that nothing collides.
func settings(dir string, fsync bool) []string {
	s := []string{
		"listen_addresses = '127.0.0.1'",
		"unix_socket_directories = '" + dir + "'",
		"max_connections = 300",
		"shared_buffers = 128MB",
		"log_min_messages = warning",
		"timezone = 'UTC'",
	}
	if !fsync {
		s = append(s, "fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")
	}
	return s
}

// pgBinary finds a program of the PostgreSQL server: where pg_config says, in Debian's folders (newest first), or on PATH. Debian keeps the server's
// programs off the PATH.
func pgBinary(name string) string {
	var dirs []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(debian)
	for _, dir := range append(dirs, debian...) {
		if path := filepath.Join(dir, name); isFile(path) {
			return path
		}
	}
	return onPath(name)
}

// Spent is the processor time that the server has used, with all its processes. The kernel counts it in hundredths of a second.
func (pg *PG) Spent(t testing.TB) time.Duration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(pg.dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	master, _, _ := strings.Cut(string(text), "\n")
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var ticks int64
	for _, path := range stats {
		text, _ := os.ReadFile(path) // else it has just ended
		fields := strings.Fields(string(text))
		if len(fields) < 17 || fields[0] != master && fields[3] != master {
			continue
		}
		for _, f := range fields[13:17] { // its own, and of those that ended
			n, _ := strconv.ParseInt(f, 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
