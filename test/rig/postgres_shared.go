package rig

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// shared is the one server of this process, and of every other that runs tests beside it. It is package state because it is the state of the
// machine: no two tests of a process could have different ones.
var shared = sync.OnceValues(joinShared)

// idle is how long the shared server waits for another user, in seconds: longer than the next package takes to compile.
const idle = "30"

// keeper starts the server and stops it when nobody uses it any more. It outlives the test processes, so it is not written in Go: there is no program
// of ours to run. Each user holds a shared lock on users.lock, which the kernel releases however the user ends; who starts or stops holds start.lock.
//
//	$1 the postgres program, $2 the server's folder, $3 port, $4 seconds idle
const keeper = `
( "$1" -D "$2/data" -p "$3" >"$2/log" 2>&1; echo $? >"$2/exited" ) &
while :; do
	flock users.lock true
	sleep "$4"
	flock start.lock sh -c '
		flock -n users.lock true || exit 1
		kill -QUIT "$(head -n 1 "$0/data/postmaster.pid")"
		while [ ! -e "$0/exited" ]; do sleep 0.05; done
		[ "$(readlink current)" = "$0" ] && rm current
		rm -rf "$0"
	' "$2" && exit
done`

// joinShared finds the running server or starts it, and counts us among its users until this process ends.
func joinShared() (*PG, error) {
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	place, err := sharedPlace(as)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(filepath.Join(place, "start.lock"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer unlock()
	pg, err := currentShared(place)
	if err != nil {
		pg, err = startShared(place, as)
	}
	if err != nil {
		return nil, err
	}
	pg.leave, err = lock(filepath.Join(place, "users.lock"), syscall.LOCK_SH)
	return pg, err
}

// sharedPlace is the folder where test processes of this user meet. Its name says which programs and settings the server has, so that another
// version of this rig gets another server.
func sharedPlace(as account) (string, error) {
	kind := sha256.Sum256([]byte(pgBinary("postgres") + strings.Join(settings("", false), "") + keeper + idle))
	place := filepath.Join(as.fastRoot(), fmt.Sprintf("baraji-pg-%d-%x", as.uid, kind[:4]))
	if err := os.Mkdir(place, 0o700); err == nil {
		return place, os.Chown(place, as.uid, as.gid)
	} else if !errors.Is(err, os.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(place)
	if err != nil {
		return "", err
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; !info.IsDir() || int(owner) != as.uid || info.Mode().Perm()&0o022 != 0 {
		return "", fmt.Errorf("%s is not ours alone: someone else made it", place)
	}
	return place, nil
}

func currentShared(place string) (*PG, error) {
	dir, err := os.Readlink(filepath.Join(place, "current"))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "port"))
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(string(text))
	if err != nil {
		return nil, err
	}
	pg := &PG{dir: dir, port: port}
	return pg, pg.answers()
}

// startShared tries a few ports: between finding a free one and using it someone else may take it.
func startShared(place string, as account) (*PG, error) {
	var err error
	for range 3 {
		var pg *PG
		if pg, err = tryStartShared(place, as); err == nil {
			return pg, nil
		}
	}
	return nil, err
}

func tryStartShared(place string, as account) (*PG, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	pg := &PG{dir: filepath.Join(place, strings.ToLower(rand.Text()[:8])), port: port}
	if err := errors.Join(os.Mkdir(pg.dir, 0o700), os.Chown(pg.dir, as.uid, as.gid)); err != nil {
		return nil, err
	}
	if err := initdb(pg.dir, as, settings(pg.dir, false)); err != nil {
		return nil, err
	}
	if err := as.write(filepath.Join(pg.dir, "port"), []byte(strconv.Itoa(port))); err != nil {
		return nil, err
	}
	cmd := exec.Command("sh", "-c", keeper, "baraji-test-postgres", pgBinary("postgres"), pg.dir, strconv.Itoa(port), idle)
	cmd.Dir, cmd.SysProcAttr = place, &syscall.SysProcAttr{Credential: as.drop, Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := pg.awaitShared(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, tail(pg.Log(), 20))
	}
	os.Remove(filepath.Join(place, "current"))
	return pg, os.Symlink(pg.dir, filepath.Join(place, "current"))
}

func (pg *PG) awaitShared() error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); ; <-tick.C {
		err := pg.answers()
		if err == nil {
			return nil
		}
		if isFile(filepath.Join(pg.dir, "exited")) || time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL did not start: %w", err)
		}
	}
}

// lock takes a lock on a file, waiting for it; the kernel gives it up when we end, however we end.
func lock(path string, how int) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 { // the keeper runs as another user and must open it too
		if info, err := os.Stat(filepath.Dir(path)); err == nil {
			owner := info.Sys().(*syscall.Stat_t)
			f.Chown(int(owner.Uid), int(owner.Gid))
		}
	}
	fd := int(f.Fd())
	for err = syscall.Flock(fd, how); err == syscall.EINTR; err = syscall.Flock(fd, how) {
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { f.Close() }, nil
}
