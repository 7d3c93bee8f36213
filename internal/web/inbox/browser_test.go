package inbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"baraji/internal/kit/db/dbtest"
	"baraji/test/rig/browser"
)

// tab is a browser in which the visitor is signed in.
func (v *visitor) tab(t *testing.T, chrome *browser.Chrome, lang string) *browser.Tab {
	tab := chrome.Tab(t)
	tab.Header("Accept-Language", lang)
	tab.Go(v.URL + "/enter?as=" + v.Cookie)
	return tab
}

// Every page is looked at in both languages, both themes, wide and on a phone.
// BARAJI_SHOTS names a folder for the pictures.
func TestThePagesCanBeUsedByEverybody(t *testing.T) {
	chrome := browser.Open(t)
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	l := live(t, s)
	pages := []struct{ name, path string }{{"list", "/inbox"}, {"talk", "/inbox/" + l.lamp.String()}, {"letter", "/inbox/" + l.letter.String()},
		{"odd", "/inbox/" + l.odd.String() + "?view=unassigned"}, {"all", "/inbox?view=all"}, {"none", "/inbox?view=snoozed"}, {"search", "/search?q=램프"},
		{"search-none", "/search?q=zzzz"}, {"new", "/inbox/new"}, {"print", "/inbox/" + l.lamp.String() + "/print"}}
	for _, look := range []struct {
		lang, theme string
		width       int64
	}{{"ko", "light", 1440}, {"en", "dark", 1440}, {"ko", "dark", 390}, {"en", "light", 390}} {
		t.Run(fmt.Sprintf("%s-%s-%d", look.lang, look.theme, look.width), func(t *testing.T) {
			tab := s.mina.tab(t, chrome, look.lang)
			tab.Size(look.width, map[bool]int64{true: 900, false: 844}[look.width > 500])
			tab.Theme(look.theme)
			for _, p := range pages {
				if status := tab.Go(s.URL + p.path); status != 200 {
					t.Fatalf("%s answers %d", p.path, status)
				}
				shot(tab, p.name, look.lang, look.theme, look.width)
				if wide := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s is %d px too wide", p.name, wide)
				}
				tab.NoViolations()
			}
		})
	}
}

func shot(tab *browser.Tab, name, lang, theme string, width int64) {
	if dir := os.Getenv("BARAJI_SHOTS"); dir != "" {
		tab.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d.png", name, lang, theme, width)))
	}
}
