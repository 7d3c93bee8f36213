package ui

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// walk calls do with each page below dir.
func walk(t *testing.T, dir string, do func(path, text string)) {
	t.Helper()
	walkAll(t, dir, []string{".templ"}, do)
}

// walkAll is walk over files that end in one of some ways.
func walkAll(t *testing.T, dir string, ends []string, do func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(ends, filepath.Ext(path)) {
			return err
		}
		b, err := os.ReadFile(path)
		do(path, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
