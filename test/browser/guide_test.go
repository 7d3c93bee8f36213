package browser

import (
	"cmp"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// guided are the pictures of the guide (docs/guide/pictures), out of the sample shop: a view, and how much of it.
var guided = []struct {
	file, view  string
	width, tall int64
}{
	{"chat-settings", "chat", 1280, 860},
	{"chat-install", "chat-install", 1280, 900},
	{"forms-builder", "form-builder", 1280, 900},
	{"forms-page", "form", 390, 844},
	{"portal-list", "portal", 390, 844},
	{"portal-answer", "portal-found", 390, 844},
	{"assistant-learned", "assistant-learned", 1280, 760},
	{"assistant-answer", "answer", 1280, 860},
	{"assistant-flow", "button-path", 1280, 900},
	{"assistant-results", "assistant-results", 1280, 860},
	{"coverage-week", "coverage", 1280, 800},
	{"coverage-rota", "coverage-rota", 1280, 760},
	{"incidents-one", "incident", 1280, 860},
	{"incidents-sure", "incident-sure", 1280, 640},
	{"incidents-status", "status", 1280, 900},
	{"on-call-now", "on-call", 1280, 860},
	{"promises-list", "promises", 1280, 420},
	{"help-editor", "article", 1100, 700},
	{"help-files", "knowledge-plan", 1280, 760},
	{"help-article", "help-article", 1280, 900},
	{"help-phone", "help-typed", 390, 844},
}

// heaviest is how large a picture of the guide may be, in bytes.
const heaviest = 60 << 10

// TestGuidePictures takes the pictures of the guide anew into the folder BARAJI_GUIDE_PICTURES: `make guide-pictures`.
func TestGuidePictures(t *testing.T) {
	dir := os.Getenv("BARAJI_GUIDE_PICTURES")
	if dir == "" {
		t.Skip("BARAJI_GUIDE_PICTURES is not set")
	}
	rig.Need(t, "chromium")
	chrome, scratch := browser.Open(t), t.TempDir()
	of := map[string]view{}
	for _, v := range views(t) {
		of[v.name] = v
	}
	for _, g := range guided {
		for _, lang := range []string{"ko", "en"} {
			v, ok := of[g.view]
			if !ok {
				t.Fatalf("there is no view %q", g.view)
			}
			v.tall = g.tall
			v.do = then(v.do, public)
			raw := filepath.Join(scratch, g.file+lang+".png")
			look{lang, "light", g.width}.shoot(t, chrome, v, raw)
			few(t, raw, filepath.Join(dir, g.file+"."+lang+".png"), g.width < 500)
		}
	}
}

// public shows addresses as they are where people use them.
func public(tab *browser.Tab) {
	browser.Eval[bool](tab, `(document.querySelectorAll(".copy__text").forEach(n => n.textContent = n.textContent.replaceAll(location.origin, "https://help.dalbit.example")), true)`)
}

// then does both, where there is a first.
func then(first, second func(*browser.Tab)) func(*browser.Tab) {
	return func(tab *browser.Tab) {
		if first != nil {
			first(tab)
		}
		second(tab)
	}
}

// few writes a picture with the 128 colours that it has most of, which a page hardly needs more of; that of a phone at half its size.
func few(t *testing.T, from, to string, phone bool) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	full, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if phone {
		full = half(t, from)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, paletted(full)); err != nil {
		t.Fatal(err)
	}
	if info, err := out.Stat(); err != nil || info.Size() > heaviest {
		t.Errorf("%s: %v, at most %d bytes, is %d", to, err, heaviest, info.Size())
	}
}

func paletted(full image.Image) *image.Paletted {
	rough := func(c color.Color) color.RGBA {
		r, g, b, _ := c.RGBA()
		return color.RGBA{uint8(r>>8) &^ 7, uint8(g>>8) &^ 7, uint8(b>>8) &^ 7, 255}
	}
	exact, count := map[color.RGBA]map[color.RGBA]int{}, map[color.RGBA]int{}
	box := full.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)
			k := rough(c)
			count[k]++
			if exact[k] == nil {
				exact[k] = map[color.RGBA]int{}
			}
			exact[k][c]++
		}
	}
	keys := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(int(a.R)<<16|int(a.G)<<8|int(a.B), int(b.R)<<16|int(b.G)<<8|int(b.B)))
	})
	var palette color.Palette
	for _, k := range keys[:min(128, len(keys))] { // of what looks alike, what is there most
		best := slices.MaxFunc(slices.Collect(maps.Keys(exact[k])), func(a, b color.RGBA) int {
			return cmp.Or(cmp.Compare(exact[k][a], exact[k][b]), cmp.Compare(int(a.R)<<16|int(a.G)<<8|int(a.B), int(b.R)<<16|int(b.G)<<8|int(b.B)))
		})
		palette = append(palette, best)
	}
	out := image.NewPaletted(box, palette)
	near := map[color.RGBA]uint8{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)
			i, known := near[c]
			if !known {
				i = uint8(palette.Index(c))
				near[c] = i
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}
