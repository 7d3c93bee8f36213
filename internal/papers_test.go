package internal_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The requirements name a test for what is done: it has to exist, and every
// number stands there once. How many are done is said at the top.
func TestRequirementsNameTestsThatExist(t *testing.T) {
	there := testNames(t)
	seen, states := map[string]bool{}, map[string]int{}
	number, name := regexp.MustCompile(`^\| (S\d-\d\d) \|`), regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	for line := range strings.Lines(paper(t, "../docs/requirements.md")) {
		m := number.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if seen[m[1]] {
			t.Errorf("%s stands there twice", m[1])
		}
		seen[m[1]] = true
		for _, n := range name.FindAllStringSubmatch(line, -1) {
			if !there[n[1]] {
				t.Errorf("%s names %s, which is no test", m[1], n[1])
			}
		}
		states[strings.Trim(strings.TrimSpace(strings.Split(line, "|")[3]), "*")]++
		if strings.Contains(line, "**done**") && !name.MatchString(line) {
			t.Errorf("%s is done, and no test shows it", m[1])
		}
	}
	if len(seen) != 203 {
		t.Errorf("%d numbers; there are 203", len(seen))
	}
	if sum := fmt.Sprintf("Of 203 numbers %d are done, %d in part, %d not yet.", states["done"], states["part"], states["not yet"]); !strings.Contains(paper(t, "../docs/requirements.md"), sum) {
		t.Errorf("docs/requirements.md does not say: %s", sum)
	}
}

// Links between the papers lead somewhere. Pictures come with the release.
func TestLinksOfThePapersLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)]*)?\)`)
	papers, _ := filepath.Glob("../*.md")
	for _, pattern := range []string{"../docs/*.md", "../docs/*/*.md"} {
		more, _ := filepath.Glob(pattern)
		papers = append(papers, more...)
	}
	if len(papers) < 10 {
		t.Fatalf("only %d papers", len(papers))
	}
	for _, file := range papers {
		for _, m := range link.FindAllStringSubmatch(paper(t, file), -1) {
			if _, err := os.Stat(path.Join(path.Dir(file), m[1])); err != nil && !strings.HasSuffix(m[1], ".png") {
				t.Errorf("%s leads to %s, which is not there", file, m[1])
			}
		}
	}
}

func paper(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// testNames are all tests of the house and of test/.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	begins := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, root := range []string{".", "../cmd", "../test"} {
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(file, "_test.go") {
				for _, m := range begins.FindAllStringSubmatch(paper(t, file), -1) {
					found[m[1]] = true
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
