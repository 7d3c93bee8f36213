package app

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// alone makes sure that one process serves a SQLite database: the queue's leases
// count on it. The lock goes with the process, however it ends.
func (a *App) alone() (release func(), err error) {
	if a.DB.Shared() {
		return func() {}, nil
	}
	f, err := os.OpenFile(filepath.Join(a.Config.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another baraji serves %s already", a.Config.Data)
	}
	return func() { f.Close() }, nil
}
