package browser

import (
	"testing"

	"baraji/test/rig/browser"
)

// tablet is the width, in CSS pixels, between a phone and a desk at which the pages are looked at too: both side bars are still there, and the least is
// left for what is between them.
const tablet = 1000

// overflows lists what stands out of the box that it is in, by more than a designed outdent, over whatever is beside it. What a box clips or scrolls, and
// what is placed out of the flow, does not count.
const overflows = `(() => {
	const out = new Set();
	for (const e of document.querySelectorAll("body *")) {
		const box = e.parentElement;
		if (box === document.body || e.closest("svg *, [popover], dialog:not([open]), .sr, template") || !e.checkVisibility({ visibilityProperty: true })) continue;
		const style = getComputedStyle(e), around = getComputedStyle(box);
		if (["absolute", "fixed", "sticky"].includes(style.position) || style.display === "contents") continue;
		if (around.overflowX !== "visible" || ["contents", "inline"].includes(around.display)) continue;
		const r = e.getBoundingClientRect(), b = box.getBoundingClientRect();
		const over = Math.round(Math.max(r.right - b.right, b.left - r.left, around.overflowY === "visible" ? r.bottom - b.bottom : 0));
		if (over > 12 && r.width > 1 && r.height > 1) out.add(e.localName + "." + e.classList + " by " + over + " px: " + e.textContent.trim().slice(0, 40));
	}
	return [...out];
})()`

// fits says what is wrong with how a page stands in its window.
func fits(t *testing.T, tab *browser.Tab, name string, width int64) {
	t.Helper()
	if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("%s at %d: %d px too wide", name, width, wide)
	}
	for _, found := range browser.Eval[[]string](tab, overflows) {
		t.Errorf("%s at %d: stands out of its box: %s", name, width, found)
	}
}
