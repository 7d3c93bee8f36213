package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/kit/problem"
	"baraji/internal/knowledge/folder"
)

func TestArticlesGoToAFolderAndComeBack(t *testing.T) {
	ctx, from, there := t.Context(), app.Config{Data: t.TempDir(), Real: time.Now}, app.Config{Data: t.TempDir(), Real: time.Now}
	src, out := t.TempDir(), t.TempDir()
	for path, content := range map[string]string{"delivery/when.ko.md": "---\ntitle: 언제 와요\nstatus: published\n---\n내일 와요.\n", "delivery/bad.md": "---\n: [\n---\n"} {
		os.MkdirAll(filepath.Dir(filepath.Join(src, path)), 0o755)
		os.WriteFile(filepath.Join(src, path), []byte(content), 0o644)
	}
	var far []int
	r, err := app.ImportArticles(ctx, from, src, folder.Options{Told: func(done, all int) { far = append(far, done, all) }})
	if err != nil || r.Taken != 1 || len(r.Refused) != 1 || !slices.Equal(far, []int{0, 1, 1, 1}) {
		t.Fatalf("%v %+v %v", err, r, far)
	}
	x, err := app.ExportArticles(ctx, from, out, nil)
	if err != nil || x.Articles != 1 || x.Wrote != x.Files || len(x.Old) != 0 {
		t.Fatalf("%v %+v", err, x)
	}
	text, err := os.ReadFile(filepath.Join(out, "articles", "delivery", "when.ko.md"))
	if err != nil || !strings.HasSuffix(string(text), "---\n\n내일 와요.\n") {
		t.Fatalf("%v %s", err, text)
	}
	os.WriteFile(filepath.Join(out, "articles", "old.md"), []byte("mine"), 0o644)
	if x, err = app.ExportArticles(ctx, from, out, nil); err != nil || x.Wrote != 0 || !slices.Equal(x.Old, []string{"old.md"}) {
		t.Errorf("the second time: %v %+v", err, x)
	}
	os.Remove(filepath.Join(out, "articles", "old.md"))
	for _, want := range []int{1, 0} {
		if r, err = app.ImportArticles(ctx, there, out, folder.Options{}); err != nil || r.Taken != want {
			t.Errorf("%v %+v", err, r)
		}
	}
	for _, dir := range []string{filepath.Join(out, "none"), t.TempDir(), filepath.Join(out, "articles", "delivery", "when.ko.md")} {
		if _, err := app.ImportArticles(ctx, there, dir, folder.Options{}); problem.KindOf(err) != problem.Invalid {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
