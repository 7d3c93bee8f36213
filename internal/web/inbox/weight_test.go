package inbox_test

import (
	"io"
	"net/http"
	"regexp"
	"testing"

	"baraji/internal/kit/db/dbtest"
	"baraji/internal/web/ui"
)

// The first page of a day, with all that it needs but fonts, is small over the wire.
func TestTheFirstPageIsLight(t *testing.T) {
	s := newShop(t, dbtest.New(t, dbtest.Engines()[0]))
	live(t, s)
	fetch := func(path string) int {
		r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "br")
		r.AddCookie(&http.Cookie{Name: "baraji", Value: s.Mina.Session()})
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		n, err := io.Copy(io.Discard, resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, resp.StatusCode, err)
		}
		return int(n)
	}
	total := fetch("/inbox")
	t.Logf("%6d /inbox", total)
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?:href|src|content)="(/static/[^"#]+)`).FindAllStringSubmatch(s.Mina.Get("/inbox").Body, -1) {
		if seen[m[1]] || m[1] == ui.Asset("fonts.css") {
			continue
		}
		seen[m[1]] = true
		n := fetch(m[1])
		t.Logf("%6d %s", n, m[1])
		total += n
	}
	if t.Logf("%6d together", total); total > 100<<10 {
		t.Errorf("%d bytes", total)
	}
}
