package rig

import (
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// PGSetup says what a server of one's own should be like.
type PGSetup struct {
	Fsync    bool     // make commits durable, as in production
	Settings []string // further lines of postgresql.conf
}

// server is the process of a PostgreSQL that belongs to one test.
type server struct {
	child *child
	as    account
}

// OwnPostgres starts a server for this test alone, which may be stopped, killed and started again. It keeps its port.
func OwnPostgres(t testing.TB, with PGSetup) *PG {
	t.Helper()
	Need(t, "postgres")
	as, err := unprivileged()
	if err != nil {
		t.Fatal(err)
	}
	pg := &PG{dir: as.home(t, "pg"), port: FreePort(t), own: &server{as: as}}
	if err := initdb(pg.dir, as, append(settings(pg.dir, with.Fsync), with.Settings...)); err != nil {
		t.Fatal(err)
	}
	tellOnFailure(t, "PostgreSQL", pg.Log())
	pg.Start(t)
	t.Cleanup(func() {
		if pg.own.child.running() {
			pg.own.child.end(syscall.SIGQUIT, 10*time.Second)
		}
	})
	return pg
}

// Start starts the server again and returns when it takes connections. After [PG.Kill] that includes the recovery, and waiting for the last of the
// killed server's processes to let go of its memory.
func (pg *PG) Start(t testing.TB) {
	t.Helper()
	pg.mine(t)
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		cmd := exec.Command(pgBinary("postgres"), "-D", pg.dir+"/data", "-p", strconv.Itoa(pg.port))
		cmd.Dir = pg.dir
		if pg.own.child, err = start(cmd, pg.own.as, pg.Log(), syscall.SIGQUIT); err != nil {
			break
		}
		if err = pg.own.child.await(30*time.Second, pg.answers); err == nil {
			return
		}
		pg.own.child.end(syscall.SIGQUIT, 10*time.Second)
	}
	t.Fatalf("start PostgreSQL: %v", err)
}

// Stop ends the server in order: open transactions are rolled back, connections closed.
func (pg *PG) Stop(t testing.TB) {
	t.Helper()
	pg.mine(t)
	if err := pg.own.child.end(syscall.SIGINT, 20*time.Second); err != nil {
		t.Fatal(err)
	}
}

// Kill ends the server at once, as a crash would.
func (pg *PG) Kill(t testing.TB) {
	t.Helper()
	pg.mine(t)
	pg.own.child.end(syscall.SIGKILL, 10*time.Second)
}

// Restart is Stop and Start.
func (pg *PG) Restart(t testing.TB) {
	t.Helper()
	pg.Stop(t)
	pg.Start(t)
}

func (pg *PG) mine(t testing.TB) {
	t.Helper()
	if pg.own == nil {
		t.Fatal("this PostgreSQL is shared with other tests: rig.OwnPostgres gives one that may be stopped")
	}
}
