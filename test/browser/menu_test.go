package browser

import (
	"testing"

	"baraji/test/rig/browser"
)

// A menu stands at its button from its first moment on: a click that came while it still stood elsewhere would meet another thing.
func TestAMenuOpensAtItsButton(t *testing.T) {
	_, tab, _ := writer(t)
	beside := `(() => {
		const button = document.querySelector('[popovertarget="publish-menu"]'), menu = document.getElementById("publish-menu");
		button.click();
		const b = button.getBoundingClientRect(), m = menu.getBoundingClientRect();
		return menu.matches(":popover-open") && m.top >= b.bottom && m.top < b.bottom + 20 && Math.abs(m.right - b.right) < 2;
	})()`
	if !browser.Eval[bool](tab, beside) {
		t.Error("it opens somewhere else")
	}
	said := `document.querySelector('[popovertarget="publish-menu"]').ariaExpanded`
	eventually(t, tab, "it is told to be open", said+` === "true"`)
	tab.Click(`[popovertarget="publish-menu"]`)
	tab.Gone("#publish-menu")
	eventually(t, tab, "it is told to be closed", said+` === "false"`)
	tab.Click(`[popovertarget="publish-menu"]`)
	tab.Wait("#publish-menu")
	tab.Press("\x1b")
	tab.Gone("#publish-menu")
}
