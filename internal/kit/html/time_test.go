package html_test

import (
	"strings"
	"testing"

	"baraji/internal/kit/html"
	"baraji/test/rig/grow"
)

// The time for HTML grows with its size and no faster, however the input is built. Markdown is our own
// people's, and some of it grows with the square (nested quotes, open links): its size is bounded instead,
// so that the worst of it costs no more than some hundred times what prose of that size does.
func TestTimeIsLinear(t *testing.T) {
	units := map[string]string{"open": "<b>", "fonts": "<font color=a><p>", "links": "<a href=http://x>", "ends": "</b>", "divs": "<div>", "tables": "<table><tr><td>", "attributes": "<p a=1 b=2 c=3>",
		"lt": "<", "entities": "&amp;", "comments": "<!--", "quotes": `<p style="'`, "brackets": "((((", "imgs": `<img src=http://x/y>`, "cdata": "<![CDATA[", "stars": "**a(b)", "ticks": "`", "md links": "[a](", "quote md": "> ", "svg": "<svg><p>", "select": "<select><option>", "style": `<p style="a:b;c:d;">`, "names": "<" + strings.Repeat("x", 100)}
	full := func(unit string) string { return strings.Repeat(unit, html.MaxMarkdown/len(unit)) }
	prose, _ := grow.Both(1, func(int) { html.FromMarkdown(full("Words of *some* kind.\n\n")) })
	for name, unit := range units {
		grow.Linear(t, name, 50_000, func(size int) {
			in := strings.Repeat(unit, size/len(unit))
			html.Clean(in, html.Options{})
			html.ToText(in)
		})
		if worst, _ := grow.Both(1, func(int) { html.FromMarkdown(full(unit)) }); worst > 300*prose {
			t.Errorf("%s as Markdown: %v for its largest, prose takes %v", name, worst, prose)
		} else {
			t.Logf("%s as Markdown: %.0f times what prose takes", name, float64(worst)/float64(prose))
		}
	}
}
