package rig_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"baraji/test/rig"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, url, sql string) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func number(t *testing.T, url, sql string) (n int) {
	t.Helper()
	if err := connect(t, url).QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func TestDatabasesAreApart(t *testing.T) {
	pg := rig.Postgres(t)
	one, two := pg.Database(t), pg.Database(t)
	run(t, one, "CREATE TABLE lamp (id BIGINT)")
	if n := number(t, two, "SELECT count(*) FROM pg_tables WHERE tablename = 'lamp'"); n != 0 {
		t.Errorf("a table of one database is seen in another")
	}
}

func TestTemplateIsFilledOnceAndCopied(t *testing.T) {
	pg := rig.Postgres(t)
	fills := 0
	fill := func(url string) error {
		fills++
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			return err
		}
		defer conn.Close(t.Context())
		_, err = conn.Exec(t.Context(), "CREATE TABLE lamp (id BIGINT); INSERT INTO lamp VALUES (7)")
		return err
	}
	key := t.Name() + time.Now().String()
	pg.Template(t, key, fill)
	template := pg.Template(t, key, fill)
	first, second := pg.Database(t, template), pg.Database(t, template)
	run(t, first, "DELETE FROM lamp")
	if n := number(t, second, "SELECT count(*) FROM lamp"); n != 1 || fills != 1 {
		t.Errorf("second copy has %d lamps after %d fills, want 1 and 1", n, fills)
	}
}

func TestOwnPostgresKeepsWhatWasCommitted(t *testing.T) {
	pg := rig.OwnPostgres(t, rig.PGSetup{Fsync: true})
	url := pg.Database(t)
	run(t, url, "CREATE TABLE lamp (id BIGINT); INSERT INTO lamp VALUES (1)")
	pg.Restart(t)
	run(t, url, "INSERT INTO lamp VALUES (2)")
	pg.Kill(t)
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Fatal("a killed server answers")
	}
	pg.Start(t)
	if n := number(t, url, "SELECT count(*) FROM lamp"); n != 2 {
		t.Errorf("%d lamps after a restart and a kill, want 2", n)
	}
}

// A test process that is killed must leave no server behind: this one starts itself again, has the copy killed and looks for its server.
func TestOwnPostgresDiesWithAKilledTest(t *testing.T) {
	if told := os.Getenv("RIG_TEST_VICTIM"); told != "" {
		pg := rig.OwnPostgres(t, rig.PGSetup{})
		if err := os.WriteFile(told, []byte(pg.URL("postgres")+" "+filepath.Dir(pg.Log())), 0o600); err != nil {
			t.Fatal(err)
		}
		select {} // until killed
	}
	rig.Need(t, "postgres")
	told := t.TempDir() + "/url"
	victim := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	victim.Env = append(os.Environ(), "RIG_TEST_VICTIM="+told)
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	url := ""
	eventually(t, 30*time.Second, "the victim's server starts", func() bool {
		text, _ := os.ReadFile(told)
		at, dir, complete := strings.Cut(string(text), " ")
		if complete {
			url = at
			t.Cleanup(func() { os.RemoveAll(dir) })
		}
		return complete
	})
	connect(t, url)
	victim.Process.Kill()
	victim.Wait()
	eventually(t, 10*time.Second, "the victim's server is gone", func() bool {
		conn, err := pgx.Connect(t.Context(), url)
		if err == nil {
			conn.Close(t.Context())
		}
		return err != nil
	})
}

// eventually waits for something that happens in another process, which cannot tell us.
func eventually(t *testing.T, within time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}
