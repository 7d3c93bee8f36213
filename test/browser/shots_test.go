package browser

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"baraji/internal/web/ui/gallery"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
)

// parts are the parts of the pages, each in all its states (package gallery).
func parts(t *testing.T) []view {
	site := &house.House{URL: serve(t, gallery.Handler())}
	list := []view{
		{name: "parts", path: "/parts", tall: 2300},
		{name: "parts-inbox", path: "/inbox"},
		{name: "parts-customer", path: "/customer"},
		{name: "parts-settings", path: "/settings"},
		{name: "parts-empty", path: "/empty"},
		{name: "parts-broken", path: "/broken", says: 500},
		{name: "menu", path: "/inbox", do: func(tab *browser.Tab) {
			browser.Eval[bool](tab, `document.querySelector("[popovertarget=later]").click(), true`)
		}},
		{name: "parts-palette", path: "/inbox", do: func(tab *browser.Tab) {
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
	for i := range list {
		list[i].house, list[i].as = site, site.Stranger()
	}
	return list
}

// chosen says whether a view is among those of a pattern such as settings*.
func chosen(only, name string) bool {
	ok, err := filepath.Match(only, name)
	return ok && err == nil
}

// TestScreenshots takes a picture of every page in every look into the folder BARAJI_SCREENSHOTS, for people to look at, and a sheet of all looks for
// each page: `make screenshots`. BARAJI_SHOT=settings* takes some only.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("BARAJI_SCREENSHOTS")
	if dir == "" {
		t.Skip("BARAJI_SCREENSHOTS is not set")
	}
	rig.Need(t, "chromium")
	only, chrome := os.Getenv("BARAJI_SHOT"), browser.Open(t)
	for _, v := range append(views(t), parts(t)...) {
		if only != "" && !chosen(only, v.name) {
			continue
		}
		t.Run(v.name, func(t *testing.T) {
			var files []string
			for _, l := range everyLook() {
				file := filepath.Join(dir, v.name, l.String()+".png")
				l.shoot(t, chrome, v, file)
				files = append(files, file)
			}
			sheet(t, filepath.Join(dir, v.name+".png"), files)
		})
	}
}

// shoot takes one picture.
func (l look) shoot(t *testing.T, chrome *browser.Chrome, v view, file string) {
	t.Helper()
	tab := l.tab(t, chrome, v)
	tab.Allow("status of 5..")
	if v.house.App == nil { // the gallery is told by the address
		v.path += "?" + url.Values{"lang": {l.lang}, "theme": {l.theme}}.Encode()
	}
	l.show(t, tab, v)
	browser.Eval[bool](tab, "document.fonts.ready.then(() => true)")
	// what opens has opened; what runs for ever is left alone
	browser.Eval[bool](tab, `Promise.all(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 2000).map(a => a.finished)).then(() => true)`)
	tab.Screenshot(file)
}

// sheet puts pictures at half their size beside each other, those of desks above those of phones.
func sheet(t *testing.T, file string, files []string) {
	t.Helper()
	var desks, phones []image.Image
	for _, f := range files {
		picture := half(t, f)
		if picture.Bounds().Dx() > 500 {
			desks = append(desks, picture)
		} else {
			phones = append(phones, picture)
		}
	}
	all := image.NewRGBA(image.Rect(0, 0, 1600, 2*(desks[0].Bounds().Dy()+20)+phones[0].Bounds().Dy()+20))
	draw.Draw(all, all.Bounds(), image.NewUniform(color.Gray{128}), image.Point{}, draw.Src)
	for i, p := range desks {
		put(all, p, 20+i%2*(p.Bounds().Dx()+20), i/2*(p.Bounds().Dy()+20))
	}
	for i, p := range phones {
		put(all, p, 8+i*(p.Bounds().Dx()+8), all.Bounds().Dy()-p.Bounds().Dy())
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, all); err != nil {
		t.Fatal(err)
	}
}

func put(on draw.Image, p image.Image, x, y int) {
	draw.Draw(on, p.Bounds().Add(image.Pt(x, y)), p, image.Point{}, draw.Src)
}

// half reads a picture at half its size: of four points their mean.
func half(t *testing.T, file string) image.Image {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	whole, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	size := whole.Bounds().Size().Div(2)
	small := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			var r, g, b uint32
			for i := range 4 {
				r1, g1, b1, _ := whole.At(2*x+i%2, 2*y+i/2).RGBA()
				r, g, b = r+r1, g+g1, b+b1
			}
			small.SetRGBA(x, y, color.RGBA{uint8(r >> 10), uint8(g >> 10), uint8(b >> 10), 255})
		}
	}
	return small
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
