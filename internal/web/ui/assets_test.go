package ui

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var in io.Reader = r.Body
	switch r.Header.Get("Content-Encoding") {
	case "br":
		in = brotli.NewReader(r.Body)
	case "gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		in = z
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAssetsAreKeptForGood(t *testing.T) {
	path := Asset("app.css")
	if !regexp.MustCompile(`^/static/app\.[0-9a-f]{12}\.css$`).MatchString(path) {
		t.Fatalf("address %q", path)
	}
	plain := body(t, get(t, Assets(), path))
	for _, encoding := range []string{"br", "gzip"} {
		r := get(t, Assets(), path, "Accept-Encoding", encoding)
		if got := r.Header.Get("Content-Encoding"); got != encoding {
			t.Errorf("encoding %q, want %q", got, encoding)
		}
		if body(t, r) != plain {
			t.Errorf("%s unpacks to something else", encoding)
		}
		if got, want := r.Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
			t.Errorf("cache %q", got)
		}
	}
	etag := get(t, Assets(), path).Header.Get("ETag")
	if got := get(t, Assets(), path, "If-None-Match", etag).StatusCode; got != http.StatusNotModified {
		t.Errorf("asked again: %d", got)
	}
}

func TestOnlyAssetsAreServed(t *testing.T) {
	for _, path := range []string{"/static/", "/static/app.css.map", "/static/css/10-tokens.css", "/static/vendor/", "/static/pretendard-1.3.9/",
		"/static/pretendard-1.3.9/../htmx-4.0.1.min.js", "/static/pretendard-1.3.9/OFL.txt", "/static/app.000000000000.css"} {
		if got := get(t, Assets(), path).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
	r := get(t, Assets(), "/static/pretendard-1.3.9/0.woff2")
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "font/woff2" {
		t.Errorf("a font: %d %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
}

// What the first page of a visit loads, fonts apart, fits into 60 KB.
func TestTheFirstPageIsLight(t *testing.T) {
	total := 0
	for _, name := range []string{"app.css", "app.js", "htmx.js", "icons.svg"} {
		n := len(assets()[name].br())
		t.Logf("%-10s %6d bytes", name, n)
		total += n
	}
	if total > 60_000 {
		t.Errorf("%d bytes", total)
	}
	t.Logf("%-10s %6d bytes; the list of font slices %d", "all", total, len(assets()["fonts.css"].br()))
}

// What the first page of a process waits for: joining and hashing the files.
func BenchmarkAssets(b *testing.B) {
	for b.Loop() {
		newAsset("app.css", joined("static/css", ".css"))
		newAsset("app.js", joined("static/js", ".js"))
	}
}

// The sprite has every icon that a page asks for.
func TestEveryIconExists(t *testing.T) {
	sprite, err := os.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`@(?:ui\.)?(?:Icon|IconS|IconL|MenuItem|PaletteItem)\("(?:[^"]*", ")?([a-z0-9-]+)"|Icon:\s+"([a-z0-9-]+)"`)
	walk(t, "..", func(path, text string) {
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			if name := m[1] + m[2]; !strings.Contains(string(sprite), `id="`+name+`"`) {
				t.Errorf("%s: no icon %q in icons.svg", path, name)
			}
		}
	})
}

// The sprite has no icon that nobody asks for: each first page carries it.
func TestEveryIconIsAskedFor(t *testing.T) {
	sprite, err := os.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	unasked := map[string]bool{}
	for _, m := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllStringSubmatch(string(sprite), -1) {
		unasked[m[1]] = true
	}
	quoted := regexp.MustCompile("[\"'`#]([a-z0-9-]+)[\"'`]")
	walkAll(t, "../..", []string{".templ", ".go", ".js"}, func(_, text string) {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			delete(unasked, m[1])
		}
	})
	for name := range unasked {
		t.Errorf("nobody asks for the icon %q", name)
	}
}

// A style sheet of some pages makes names of its own: a class that another file has made already would look otherwise on every page that has both.
func TestStylesMakeNamesOfTheirOwn(t *testing.T) {
	made := map[string]string{}
	class := regexp.MustCompile(`(?m)^  \.([a-z][a-z0-9_-]*) \{`)
	for _, dir := range []string{"static/css", "static/far"} {
		walkAll(t, dir, []string{".css"}, func(path, text string) {
			for _, m := range class.FindAllStringSubmatch(text, -1) {
				if was := made[m[1]]; was != "" && was != path && dir == "static/far" {
					t.Errorf("%s makes .%s, which %s has", path, m[1], was)
				}
				made[m[1]] = path
			}
		})
	}
}

// No page has what the content security policy refuses or htmx 4 would not do.
func TestPagesKeepToThePolicy(t *testing.T) {
	refused := regexp.MustCompile(`\sstyle="|<style|\son[a-z]+="|hx-on|hx-vals="js:|templ\.Raw|templ\.SafeURL|<script>`)
	walk(t, "..", func(path, text string) {
		for _, found := range refused.FindAllString(text, -1) {
			t.Errorf("%s: %q", path, strings.TrimSpace(found))
		}
	})
}
