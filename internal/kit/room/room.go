// Package room watches how much room is left on the disks that the program writes
// to, so that it stops taking things in before nothing works any more.
//
// Two limits: with less than Least left, nothing more is taken in (mail, what comes
// through the API), while people can still sign in, read and finish what they do.
// And if the disk runs full all the same, for whatever reason, a file that was kept
// for that (the reserve) is given up, so that there is room for the few bytes of a
// session, and for writing down how the work in hand ended.
package room

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// Least is how many bytes must be left for anything to be taken in.
	Least = 8 << 20

	reserve = 4 << 20  // bytes that are kept
	dire    = 1 << 20  // with less left they are given up
	plenty  = 32 << 20 // with more left they are kept again
)

// ErrShort says that too little room is left to take anything in.
var ErrShort = errors.New("too little room is left on the disk")

// Room is the disks of one process. The zero value has none, and room without end.
type Room struct {
	disks []disk
	kept  string // the reserve; "" is none
}

type disk struct{ name, dir string }

// Watch adds a disk: a folder on it, and what people call it.
func (r *Room) Watch(name, dir string) { r.disks = append(r.disks, disk{name, dir}) }

// Keep says in which folder the reserve is: Run makes it. If it is needed it is given
// up at once, so that what is opened next finds room.
func (r *Room) Keep(dir string) {
	r.kept = filepath.Join(dir, "reserve")
	if free, err := left(dir); err == nil && free < dire {
		os.Remove(r.kept)
	}
}

// Short returns ErrShort, with what is short, when nothing more may be taken in.
func (r *Room) Short() error {
	if s := r.Shortages(); len(s) > 0 {
		return fmt.Errorf("%w: %s", ErrShort, s[0])
	}
	return nil
}

// Shortages says for each disk that is short how much is left, for the operator.
func (r *Room) Shortages() (list []string) {
	if r == nil {
		return nil
	}
	for _, d := range r.disks {
		if left, err := left(d.dir); err == nil && left < Least {
			list = append(list, fmt.Sprintf("there is no room on the disk of %s: %d MB are left", d.name, left>>20))
		}
	}
	return list
}

// left is how many bytes may still be written to the disk of a folder.
func left(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// every is how often the reserve is looked after.
const every = time.Second

// Run looks after the reserve until ctx ends, and writes to the log when room runs
// short, and when there is some again.
func (r *Room) Run(ctx context.Context, log *slog.Logger) error {
	was := ""
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		r.tend()
		if is := strings.Join(r.Shortages(), "; "); (is == "") != (was == "") {
			tell(log, is)
			was = is
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

func tell(log *slog.Logger, short string) {
	if short == "" {
		log.Info("there is room again, and everything is taken in")
		return
	}
	log.Error("nothing is taken in any more", "reason", short)
}

// tend gives the reserve up when the disk is full, and makes it again when there
// is plenty. What fails is tried again the next time.
func (r *Room) tend() {
	if r.kept == "" {
		return
	}
	free, err := left(filepath.Dir(r.kept))
	if err != nil {
		return
	}
	_, missing := os.Stat(r.kept)
	switch {
	case free < dire && missing == nil:
		os.Remove(r.kept)
	case free > plenty && missing != nil:
		if fill(r.kept) != nil {
			os.Remove(r.kept)
		}
	}
}

// fill writes the reserve: real bytes, since a file with holes keeps nothing.
func fill(name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, reserve))
	return errors.Join(err, f.Close())
}
