package rig_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"baraji/test/rig"
)

func TestProgramIsKilledAndComesBackToItsData(t *testing.T) {
	t.Setenv("BARAJI_DATABASE", "the tester's own") // must not reach the program
	desk := rig.ProgramWith(t, rig.Setup{Main: "./test/rig/testdata/desk"})
	desk.Restart()
	if a := desk.API("GET", "/queues", nil); a.Status != http.StatusOK {
		t.Errorf("status %d", a.Status)
	}
	desk.WaitDrained(10 * time.Second)
	desk.Term()
	if _, err := desk.Queues(); err == nil {
		t.Error("a program that has ended answers")
	}
	if starts, _ := os.ReadFile(filepath.Join(desk.Data, "starts")); string(starts) != "xx" {
		t.Errorf("started %q, want twice", starts)
	}
}
