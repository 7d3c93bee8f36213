package rig

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// SmallDisk is a file system of its own, of a few megabytes, that a test may fill.
type SmallDisk struct {
	Dir string

	t testing.TB
}

// Disk mounts a small disk (tmpfs, so it needs root on Linux; without that the test is skipped, or fails when CI=true). It goes with the test.
func Disk(t testing.TB, megabytes int) *SmallDisk {
	t.Helper()
	d := &SmallDisk{Dir: filepath.Join(t.TempDir(), "disk"), t: t}
	if err := os.Mkdir(d.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := mount(d.Dir, "size="+strconv.Itoa(megabytes)+"m,mode=0700"); err != nil {
		missing(t, "a small disk cannot be mounted: "+err.Error())
	}
	t.Cleanup(func() { unmount(d.Dir) })
	return d
}

// Fill leaves no byte free: the test's own file takes all that is left. Called again it takes what has become free since.
func (d *SmallDisk) Fill() {
	d.t.Helper()
	d.FillTo(0)
}

// FillTo leaves so many bytes free, at most.
func (d *SmallDisk) FillTo(left int64) {
	d.t.Helper()
	f, err := os.OpenFile(d.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	for piece := make([]byte, 1<<20); len(piece) > 0 && d.Left() > left; {
		if _, err := f.Write(piece); errors.Is(err, syscall.ENOSPC) {
			piece = piece[:len(piece)/4]
		} else if err != nil {
			d.t.Fatal(err)
		}
	}
}

// Empty takes the test's own file away.
func (d *SmallDisk) Empty() {
	d.t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.t.Fatal(err)
	}
}

// Left is how many bytes are free.
func (d *SmallDisk) Left() int64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.Dir, &s); err != nil {
		d.t.Fatal(err)
	}
	return int64(s.Bavail) * int64(s.Bsize)
}

func (d *SmallDisk) ballast() string { return filepath.Join(d.Dir, "ballast") }
