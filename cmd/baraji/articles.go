package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"baraji/internal/app"
	"baraji/internal/knowledge/folder"
)

type exportCmd struct {
	settings
	Dir string `arg:"" help:"The folder to write into."`
}

// Run writes the help articles into a folder.
func (e *exportCmd) Run(ctx context.Context) error {
	x, err := app.ExportArticles(ctx, e.config(), e.Dir, bar("articles"))
	if err != nil {
		return err
	}
	fmt.Printf("%d articles in %s: %d files, %d of them new or different.\n", x.Articles, x.Dir, x.Files, x.Wrote)
	for _, r := range x.Remarks {
		fmt.Printf("  %s: %s\n", r.Path, r.Why)
	}
	for _, path := range x.Old {
		fmt.Printf("  %s: no article has this file any more; it was left.\n", path)
	}
	return nil
}

type importCmd struct {
	Markdown importMarkdownCmd `cmd:"" help:"Help articles from a folder of Markdown files."`
}

type importMarkdownCmd struct {
	settings
	Dir       string `arg:"" help:"The folder to read."`
	Drafts    bool   `help:"Publish nothing: keep everything as drafts."`
	Overwrite bool   `help:"Also take what was changed here since the files were written."`
}

// Run takes articles in and says what became of each file that was not simply taken or the same.
func (i *importMarkdownCmd) Run(ctx context.Context) error {
	r, err := app.ImportArticles(ctx, i.config(), i.Dir, folder.Options{Drafts: i.Drafts, Edited: i.Overwrite, Told: bar("articles")})
	if err != nil {
		return err
	}
	var fresh, same, edited, refused int
	for _, item := range r.Items {
		switch item.Outcome {
		case folder.New:
			fresh++
		case folder.Same:
			same++
		case folder.Edited:
			edited++
		case folder.Refused:
			refused++
		}
	}
	if i.Overwrite {
		edited = 0
	}
	fmt.Printf("Taken: %d articles (%d new, %d changed). Skipped: %d that are the same here, %d changed here since, %d that cannot be taken, %d other files.\n",
		r.Taken, fresh, r.Taken-fresh, same, edited, refused, len(r.Refused))
	for _, item := range r.Items {
		i.say(item)
	}
	for _, line := range slices.Concat(r.Failed, r.Refused) {
		fmt.Printf("  %s: %s\n", line.Path, line.Why)
	}
	return nil
}

// say prints what is to be known about one article.
func (i *importMarkdownCmd) say(item folder.Item) {
	at := item.Texts[0].Path
	for _, why := range item.Remark {
		fmt.Printf("  %s: %s\n", at, why)
	}
	switch {
	case item.Outcome == folder.Edited && !i.Overwrite:
		fmt.Printf("  %s: skipped: it was changed here since the file was written (--overwrite takes it).\n", at)
	case item.Outcome != folder.Same && item.Outcome != folder.Refused && item.Widens():
		fmt.Printf("  %s: more people may read it: %s instead of %s.\n", at, item.Will, item.Was)
	}
}

// bar shows how far something is, on a terminal. Elsewhere it says nothing.
func bar(what string) func(done, all int) {
	info, err := os.Stderr.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	const wide = 30
	return func(done, all int) {
		full := wide * done / max(all, 1)
		fmt.Fprintf(os.Stderr, "\r[%s%s] %d/%d %s", strings.Repeat("#", full), strings.Repeat(".", wide-full), done, all, what)
		if done >= all {
			fmt.Fprintln(os.Stderr)
		}
	}
}
