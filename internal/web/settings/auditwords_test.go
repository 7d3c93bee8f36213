package settings

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"baraji/internal/kit/i18n"
)

// What can be in the log can be looked for, and says in words what it is.
func TestEveryFactHasItsWord(t *testing.T) {
	var listed []string
	for _, area := range kinds() {
		if !i18n.Has("audit.area_" + area[0]) {
			t.Errorf("the area %s has no word", area[0])
		}
		listed = append(listed, area[1:]...)
	}
	told := regexp.MustCompile(`EventKind\(\) string\s*\{ return "([a-z_.]+)" \}`)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range told.FindAllStringSubmatch(string(text), -1) {
			kind := m[1]
			if !slices.Contains(listed, kind) {
				t.Errorf("%s: %s cannot be looked for on the audit page", path, kind)
			}
			if !i18n.Has("audit." + dotless(kind)) {
				t.Errorf("%s: %s has no word", path, kind)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(listed) < 200 {
		t.Errorf("only %d kinds", len(listed))
	}
}
