package rig

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// child is a process that dies with the test process, however that ends.
type child struct {
	cmd  *exec.Cmd
	log  string        // where its output goes: a file, so that no grandchild keeps a pipe open
	done chan struct{} // closed when it has ended and was waited for
}

// start runs a command whose output is appended to a log. When this process dies the child gets the signal last.
func start(cmd *exec.Cmd, as account, log string, last syscall.Signal) (*child, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as.drop, Setpgid: true}
	dieWithUs(cmd.SysProcAttr, last)
	c := &child{cmd: cmd, log: log, done: make(chan struct{})}
	started := make(chan error)
	go c.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	return c, nil
}

// run keeps its thread until the child has ended: to the kernel the parent of a process is a thread, and one that ends takes its children along.
func (c *child) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := c.cmd.Start()
	started <- err
	if err == nil {
		c.cmd.Wait()
		close(c.done)
	}
}

func (c *child) running() bool {
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}

// end sends a signal and waits; one that does not obey within the time is killed, and that is an error. A kill takes its whole process group, as a
// crash of the machine would.
func (c *child) end(sig syscall.Signal, within time.Duration) error {
	if sig == syscall.SIGKILL {
		syscall.Kill(-c.cmd.Process.Pid, sig)
	}
	c.cmd.Process.Signal(sig)
	select {
	case <-c.done:
		return nil
	case <-time.After(within):
	}
	syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
	<-c.done
	return fmt.Errorf("%s did not end within %v of %v and was killed", c.cmd.Path, within, sig)
}

// await calls try every few milliseconds until it succeeds, the child has ended or the time is up.
func (c *child) await(within time.Duration, try func() error) error {
	deadline := time.After(within)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("%s ended: %v (%w)", c.cmd.Path, c.cmd.ProcessState, err)
		case <-deadline:
			return fmt.Errorf("%s is not ready after %v: %w", c.cmd.Path, within, err)
		case <-tick.C:
		}
	}
}

// tellOnFailure prints the end of a log when the test failed: enough to see why, not a flood.
func tellOnFailure(t testing.TB, name, log string) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last lines of %s:\n%s", name, tail(log, 40))
		}
	})
}

func tail(path string, lines int) []byte {
	all, err := os.ReadFile(path)
	if err != nil {
		return []byte(err.Error())
	}
	rows := bytes.SplitAfter(all, []byte("\n"))
	return bytes.Join(rows[max(0, len(rows)-lines-1):], nil)
}
