//go:build unix && !race

package html_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"baraji/internal/kit/html"
)

// The race detector takes ten times as long, or twenty: bounds that hold with it tell
// nothing, so make test runs this package without it as well.

// The time for HTML grows with its size and no faster, however the input is built. Markdown is our own
// people's, and some of it grows with the square (nested quotes, open links): its size is bounded instead.
func TestTimeIsLinear(t *testing.T) {
	units := map[string]string{"open": "<b>", "fonts": "<font color=a><p>", "links": "<a href=http://x>", "ends": "</b>", "divs": "<div>", "tables": "<table><tr><td>", "attributes": "<p a=1 b=2 c=3>",
		"lt": "<", "entities": "&amp;", "comments": "<!--", "quotes": `<p style="'`, "brackets": "((((", "imgs": `<img src=http://x/y>`, "cdata": "<![CDATA[", "stars": "**a(b)", "ticks": "`", "md links": "[a](", "quote md": "> ", "svg": "<svg><p>", "select": "<select><option>", "style": `<p style="a:b;c:d;">`, "names": "<" + strings.Repeat("x", 100)}
	best := func(do func(string), unit string, size int) time.Duration {
		in, least := strings.Repeat(unit, size/len(unit)), time.Hour
		for range 3 {
			began := worked(t)
			do(in)
			least = min(least, worked(t)-began)
		}
		return least
	}
	both := func(in string) { html.Clean(in, html.Options{}); html.ToText(in) }
	for name, unit := range units {
		part, whole := best(both, unit, 50_000), best(both, unit, 400_000)
		if whole > time.Second {
			t.Errorf("%s: %v for 400 KB", name, whole)
		}
		if whole > 24*part && whole > 50*time.Millisecond { // eight times the size; the square would be 64
			t.Errorf("%s grows too fast: %v for 50 KB, %v for 400 KB", name, part, whole)
		}
		if d := best(func(in string) { html.FromMarkdown(in) }, unit, html.MaxMarkdown); d > 1500*time.Millisecond {
			t.Errorf("%s as Markdown: %v for its largest", name, d)
		}
	}
}

// worked is how long the processor has worked for this process: what else the machine
// does makes no difference to it.
func worked(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
