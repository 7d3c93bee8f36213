package rig

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// account is who the servers run as: ourselves, or nobody when we are root, since PostgreSQL refuses root and no server of a test needs it.
type account struct {
	uid, gid int
	name     string
	group    string
	drop     *syscall.Credential // nil: nothing to drop
}

func unprivileged() (account, error) {
	who, err := user.Current()
	if os.Geteuid() == 0 {
		who, err = user.Lookup("nobody")
	}
	if err != nil {
		return account{}, fmt.Errorf("whom to run test servers as: %w", err)
	}
	uid, err1 := strconv.Atoi(who.Uid)
	gid, err2 := strconv.Atoi(who.Gid)
	group, err3 := user.LookupGroupId(who.Gid)
	if err := errors.Join(err1, err2, err3); err != nil {
		return account{}, fmt.Errorf("account %s: %w", who.Username, err)
	}
	a := account{uid: uid, gid: gid, name: who.Username, group: group.Name}
	if os.Geteuid() == 0 {
		a.drop = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return a, nil
}

// home makes a folder that belongs to the account and is removed with the test. t.TempDir will not do: nobody else may enter it.
func (a account) home(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp(a.tempRoot(), "baraji-"+name+"-")
	if err == nil {
		err = os.Chown(dir, a.uid, a.gid)
	}
	if err != nil {
		t.Fatalf("a folder for %s: %v", name, err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// tempRoot is the folder for temporary files, or /tmp when the account could not enter that one. /tmp also keeps the paths of sockets short.
func (a account) tempRoot() string {
	root := os.TempDir()
	for dir := root; a.drop != nil && dir != "/"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
	}
	return root
}

// fastRoot is memory where there is plenty of it, else the folder for temporary files. A new PostgreSQL database is some 300 files: that takes 10 ms in
// memory and 50 to 200 ms on the virtual disks that tests usually run on.
func (a account) fastRoot() string {
	var fs syscall.Statfs_t
	const memory, plenty = "/dev/shm", 2 << 30
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < plenty {
		return a.tempRoot()
	}
	return memory
}

// write puts a file of the account's into its folder.
func (a account) write(path string, content []byte) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	return os.Chown(path, a.uid, a.gid)
}

// FreePort names a TCP port on loopback that was free a moment ago. For servers that must be told their port, and keep it when they start again.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// freePort stays below the ports that the kernel gives to outgoing connections: one of those could take the port of a server that was killed and is
// about to start again.
func freePort() (int, error) {
	var err error
	for range 100 {
		port := 14_000 + rand.IntN(18_000)
		var l net.Listener
		if l, err = net.Listen("tcp", loopback(port)); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("a free port: %w", err)
}

// repositoryRoot is the folder with go.mod, above the folder of the test that runs.
func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if isFile(filepath.Join(dir, "go.mod")) {
			return dir, nil
		}
		dir = filepath.Dir(dir)
	}
	return "", errors.Join(errors.New("no go.mod above the working folder"), err)
}
