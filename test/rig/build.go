package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// build makes the program once per test process. It is package state because the result is one file for all tests.
var build = sync.OnceValues(func() (string, error) {
	if built := os.Getenv("BARAJI_PROGRAM"); built != "" {
		return built, nil
	}
	return compile("./cmd/baraji", os.Getenv("BARAJI_TEST_TAGS"))
})

// compile builds a command of this module and returns the path of the binary. BARAJI_PROGRAM names one that is built already, as `make test` does, so
// that many packages do not each link it; BARAJI_TEST_RACE=1 and BARAJI_TEST_TAGS say how to build it.
func compile(command, tags string) (string, error) {
	root, err := repositoryRoot()
	if err != nil {
		return "", err
	}
	// The folder is named after the process, and outlives it: Go tells no one when a test process ends. It is small and the next one sweeps.
	sweepBuilds()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("baraji-build-%d", os.Getpid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, filepath.Base(command)+strings.ReplaceAll(tags, ",", "-"))
	args := []string{"build", "-buildvcs=false", "-o", binary, "-tags", tags}
	if os.Getenv("BARAJI_TEST_RACE") == "1" {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, command)...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", command, err, out)
	}
	return binary, nil
}

// sweepBuilds removes what test processes that have ended left behind.
func sweepBuilds() {
	found, _ := filepath.Glob(filepath.Join(os.TempDir(), "baraji-build-*"))
	for _, dir := range found {
		var pid int
		fmt.Sscanf(filepath.Base(dir), "baraji-build-%d", &pid)
		if pid > 0 && syscall.Kill(pid, 0) == syscall.ESRCH {
			os.RemoveAll(dir)
		}
	}
}
