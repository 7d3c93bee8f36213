package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"baraji/internal/kit/problem"
	"baraji/internal/knowledge/folder"
)

// ExportedArticles is what an export of the articles wrote.
type ExportedArticles struct {
	folder.Exported
	Dir   string
	Wrote int      // files that are new or different; the others stood there already
	Old   []string // Markdown files that no article has any more: they are left
}

// ExportArticles writes every article as Markdown into dir/articles, also while the desk runs. Files that say the same already
// are left alone, so an export that was cut short goes on, and Git sees what has changed.
func ExportArticles(ctx context.Context, c Config, dir string, told func(done, all int)) (x ExportedArticles, err error) {
	x.Dir = filepath.Join(dir, "articles")
	if err := os.MkdirAll(x.Dir, 0o755); err != nil {
		return x, problem.New(problem.Invalid, "The folder %s cannot be written.", x.Dir)
	}
	root, err := os.OpenRoot(x.Dir)
	if err != nil {
		return x, err
	}
	defer root.Close()
	written := map[string]bool{}
	err = quietly(ctx, c, func(ctx context.Context, a *App) error {
		x.Exported, err = folder.Export(ctx, a.DB, a.Blobs, func(path string, changed time.Time, content []byte) error {
			written[path] = true
			wrote, err := putInto(root, path, changed, content)
			if wrote {
				x.Wrote++
			}
			return err
		}, told)
		return err
	})
	if err != nil {
		return x, err
	}
	x.Old, err = others(root, written)
	return x, err
}

// putInto writes a file, whole or not at all, and says whether it had to.
func putInto(root *os.Root, path string, changed time.Time, content []byte) (bool, error) {
	if now, err := root.ReadFile(path); err == nil && bytes.Equal(now, content) {
		return false, nil
	}
	if err := root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, err
	}
	part := path + ".part"
	if err := root.WriteFile(part, content, 0o644); err != nil {
		return false, fmt.Errorf("write %s: %w", path, err)
	}
	if !changed.IsZero() {
		if err := root.Chtimes(part, changed, changed); err != nil {
			return false, err
		}
	}
	return true, root.Rename(part, path)
}

// others are the Markdown files in a folder that this export did not write.
func others(root *os.Root, written map[string]bool) (list []string, err error) {
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".md") && !written[path] {
			list = append(list, path)
		}
		return err
	})
	slices.Sort(list)
	return list, err
}

// ImportArticles takes the articles of a folder in, also while the desk runs. What is here already is skipped, so one that was cut
// short goes on when it is done again.
func ImportArticles(ctx context.Context, c Config, dir string, o folder.Options) (r folder.Result, err error) {
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return r, problem.New(problem.Invalid, "%s is no folder.", dir)
	}
	files, err := folder.Dir(dir)
	if err != nil {
		return r, err
	}
	batch, err := folder.Read(files)
	if err != nil {
		return r, err
	}
	if len(batch.Entries) == 0 && len(batch.Refused) == 0 {
		return r, problem.New(problem.Invalid, "There are no Markdown files in %s.", dir)
	}
	err = quietly(ctx, c, func(ctx context.Context, a *App) error {
		r, err = batch.Take(ctx, a.DB, a.Blobs, o)
		return err
	})
	return r, err
}
