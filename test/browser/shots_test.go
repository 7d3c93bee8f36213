package browser

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"baraji/internal/web/ui/gallery"
	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// shot is one page to be looked at. It is taken in both languages, both themes,
// on a desk and on a phone, unless it says otherwise.
type shot struct {
	name string
	path string
	tall int                // height of the window; 900 when 0
	do   func(*browser.Tab) // before the picture: open a menu
}

// shots of the parts. The pages of the product are in the list beside their tests.
var shots = []shot{
	{name: "parts", path: "/parts", tall: 2300},
	{name: "inbox", path: "/inbox"},
	{name: "customer", path: "/customer"},
	{name: "settings", path: "/settings"},
	{name: "sign-in", path: "/sign-in"},
	{name: "empty", path: "/empty"},
	{name: "broken", path: "/broken"},
	{name: "menu", path: "/inbox", do: func(tab *browser.Tab) {
		browser.Eval[bool](tab, `document.querySelector("[popovertarget=later]").click(), true`)
	}},
	{name: "palette", path: "/inbox", do: func(tab *browser.Tab) {
		browser.Eval[bool](tab, `document.querySelector("[data-palette]").click(), true`)
		tab.Type("#palette-find", "s")
		tab.Wait("#palette-found [role=option]")
	}},
	{name: "keys", path: "/inbox", do: func(tab *browser.Tab) {
		browser.Eval[bool](tab, `document.querySelector("[data-show-keys]").click(), true`)
	}},
	{name: "toast", path: "/parts", do: func(tab *browser.Tab) {
		browser.Eval[bool](tab, `document.querySelector("[hx-post='/solve']").click(), true`)
		tab.Wait(".toast")
	}},
}

// TestScreenshots takes the pictures into the folder BARAJI_SCREENSHOTS, for people
// to look at: `make screenshots`.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("BARAJI_SCREENSHOTS")
	if dir == "" {
		t.Skip("BARAJI_SCREENSHOTS is not set")
	}
	rig.Need(t, "chromium")
	chrome, site := browser.Open(t), serve(t, gallery.Handler())
	for _, s := range shots {
		for _, lang := range []string{"ko", "en"} {
			for _, theme := range []string{"light", "dark"} {
				for _, size := range []struct {
					name          string
					width, height int
				}{{"desk", 1440, 900}, {"phone", 390, 844}} {
					name := s.name + "-" + lang + "-" + theme + "-" + size.name
					t.Run(name, func(t *testing.T) {
						if only := os.Getenv("BARAJI_SHOT"); only != "" && !matches(only, name) {
							t.Skip()
						}
						tab := chrome.Tab(t)
						tab.Allow("status of 500")
						height := size.height
						if s.tall > 0 {
							height = s.tall
						}
						tab.Size(int64(size.width), int64(height))
						tab.Go(site + s.path + "?" + url.Values{"lang": {lang}, "theme": {theme}}.Encode())
						browser.Eval[bool](tab, "document.fonts.ready.then(() => true)")
						if s.do != nil {
							s.do(tab)
						}
						// what opens has opened; what runs for ever is left alone
						browser.Eval[bool](tab, `Promise.all(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 2000).map(a => a.finished)).then(() => true)`)
						tab.Screenshot(filepath.Join(dir, name+".png"))
					})
				}
			}
		}
	}
}

func matches(pattern, name string) bool {
	ok, _ := filepath.Match(pattern, name)
	return ok
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
