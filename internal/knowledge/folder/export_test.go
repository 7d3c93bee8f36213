package folder

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Memory is a file whose content is at hand.
func Memory(path, content string) File {
	return File{Path: nameIn(path), Bad: badName(path, 0), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

// What is written as a head is read as the same.
func FuzzHead(f *testing.F) {
	f.Add("title: a", "b", "2026", "- c", int64(0))
	f.Add("#", "'\"", "true", "~", int64(1_700_000_000_123))
	f.Add("|", "> x", "@a", "a: b", int64(86_400_000))
	f.Fuzz(func(t *testing.T, title, summary, slug, alias string, at int64) {
		clean := func(s string) string { return oneLine(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")) }
		h := head{Title: clean(title), Summary: clean(summary), Slug: clean(slug), Locale: "ko", Status: draft}
		if s := clean(alias); s != "" {
			h.Aliases = []string{s, s}
		}
		if at > 0 && at < 7_000_000_000_000 {
			h.Review = time.UnixMilli(at).UTC()
		}
		text, err := h.write()
		if err != nil {
			return // letters that YAML does not have
		}
		if len(text) > maxHead {
			return
		}
		top, body, err := cut(text + "\n" + fence + summary)
		if err != nil || strings.ReplaceAll(body, "\r\n", "\n") != strings.ReplaceAll(fence+summary, "\r\n", "\n") {
			t.Fatalf("%v %q in\n%s", err, body, text)
		}
		got, err := read(top)
		if err != nil || !reflect.DeepEqual(got, h) {
			t.Errorf("%v\n%s\n%+v\n%+v", err, text, h, got)
		}
	})
}
