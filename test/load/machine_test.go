package load

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"baraji/internal/kit/db"
	"baraji/test/rig"
)

// syncs is how often this disk can make 4 KB durable in a second.
func syncs(b testing.TB) float64 {
	f, err := os.Create(filepath.Join(b.TempDir(), "sync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	n, began := 0, time.Now()
	for ; time.Since(began) < 2*time.Second; n++ {
		if _, err := f.WriteAt(block, int64(n%1000)*4096); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(n) / time.Since(began).Seconds()
}

// settle waits until the disk has what it was given.
func settle(b testing.TB) {
	if err := exec.Command("sync").Run(); err != nil {
		b.Fatal(err)
	}
}

// calm waits until a program has done what it had to do by itself, such as to learn what it was filled with.
func calm(b testing.TB, p *rig.Running) {
	for range 120 {
		before := spent(p.PID())
		time.Sleep(2 * time.Second)
		if spent(p.PID())-before < 40*time.Millisecond {
			return
		}
	}
	b.Fatal("the program does not come to rest")
}

// memory is a line of the process's status, such as VmRSS.
func memory(pid int, line string) string {
	var kb float64
	status(pid, "status", line+":", &kb)
	return fmt.Sprintf("%.0f MB", kb/1024)
}

// written is how many bytes a process has handed to the disk.
func written(pid int) int64 {
	var n int64
	status(pid, "io", "write_bytes:", &n)
	return n
}

func status(pid int, file, line string, into any) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	for l := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(l, line); ok {
			fmt.Sscan(rest, into)
		}
	}
}

// spent is the processor time of a process. The kernel counts it in hundredths of a second.
func spent(pid int) time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(text))
	if len(fields) < 15 {
		return 0
	}
	var user, system int64
	fmt.Sscan(fields[13], &user)
	fmt.Sscan(fields[14], &system)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// weight is the size of the database in bytes.
func weight(b *testing.B, with rig.Setup) (n int64) {
	if with.Database == "" {
		filepath.WalkDir(with.Data, func(_ string, e fs.DirEntry, _ error) error {
			if i, err := e.Info(); err == nil && !e.IsDir() {
				n += i.Size()
			}
			return nil
		})
		return n
	}
	d, err := db.Open(b.Context(), with.Database, db.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	d.Read(b.Context(), func(tx *db.Tx) (err error) {
		n, err = db.Value[int64](b.Context(), tx, `SELECT pg_database_size(current_database())`)
		return err
	})
	return n
}
