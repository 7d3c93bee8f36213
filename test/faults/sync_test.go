package faults

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"baraji/test/rig"
)

// T12, the disk that lies: fsync fails once something was written. What the kernel
// says afterwards is worth nothing (it forgets the error with the pages), so the
// program must not go on as if it had committed: it ends, and begins with what is
// really there.
func TestT12SyncFails(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: strace is not installed")
	}
	p := rig.Program(t)
	taken := map[string]bool{}
	open := func(n string) bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		a, err := p.TryAPI(ctx, "POST", "/conversations", map[string]any{"subject": n, "text": "Where is my lamp?", "from": map[string]any{"name": "Ann", "email": "ann@customer.example"}}, nil)
		return err == nil && a.Status == 201
	}
	for range 20 {
		n := nonce()
		if !open(n) {
			t.Fatal("nothing is wrong yet, and it says no")
		}
		taken[n] = true
	}
	tracer := exec.Command(strace, "-f", "-p", strconv.Itoa(p.PID()), "-o", os.DevNull, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { tracer.Process.Kill(); tracer.Wait() }()
	for end := time.Now().Add(5 * time.Second); p.Lives() && !traced(p.PID()); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Skip("SKIPPED, NOT TESTED: a process may not be traced here")
		}
	}
	acknowledged := 0
	began := time.Now()
	for time.Since(began) < 20*time.Second && p.Lives() {
		if n := nonce(); open(n) {
			taken[n] = true
			acknowledged++
		}
	}
	ended := time.Since(began)
	if p.Lives() {
		t.Fatal("fsync fails, and the program goes on")
	}
	tracer.Process.Kill()
	p.Start()
	seen := map[string]int{}
	for _, c := range pages[conversation](t, p, "/conversations") {
		seen[c.Subject]++
	}
	lost := 0
	for n := range taken {
		if seen[n] != 1 {
			lost++
		}
	}
	fmt.Printf("T12 %s: fsync failed: %d acknowledged after that, the program ended after %v; %d of %d lost\n", t.Name(), acknowledged, ended.Round(time.Millisecond), lost, len(taken))
	if lost > 0 || acknowledged > 0 {
		t.Error("see above")
	}
	p.Term()
	inOrder(t, p)
}

// traced says whether somebody traces a process.
func traced(pid int) bool {
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return false
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if n, ok := strings.CutPrefix(s.Text(), "TracerPid:"); ok {
			return strings.TrimSpace(n) != "0"
		}
	}
	return false
}
