package browser

import (
	"regexp"
	"testing"

	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// statusViews are the pages of the public status page. LANG is the language of the look.
func statusViews(t *testing.T, reader *house.Visitor, h *house.House) []view {
	t.Helper()
	one := regexp.MustCompile(`/status/inc_[^"?]+`).FindString(reader.Get("/status").Body)
	if one == "" {
		t.Fatal("the status page leads to no incident")
	}
	list := []view{
		{route: "/status", name: "status", path: "/status?lang=LANG", tall: 1700},
		{route: "/status/{id}", name: "status-incident", path: one + "?lang=LANG"},
		{route: "/status/history", name: "status-history", path: "/status/history?lang=LANG"},
		{name: "status-sent", path: "/status?lang=LANG", do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `(() => { document.querySelector("[name=email]").value = "hana@reader.example"; document.querySelector(".st__mail form").submit(); return true })()`)
			tab.Wait(".out__main > h1")
		}},
	}
	for i := range list {
		list[i].house, list[i].as = h, reader
	}
	return list
}
