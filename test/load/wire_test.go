package load

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
)

// named finds what a page names: its script, its style sheet, its icons.
var named = regexp.MustCompile(`(?:src|href)="(/[^"#]*\.(?:js|css|svg|woff2|png|ico)[^"#]*)`)

// wire weighs the first page of the inbox with everything that it names, as a
// new browser fetches it.
func (l *loader) wire() {
	page, sum := l.weigh("/inbox")
	files := 0
	seen := map[string]bool{}
	for _, m := range named.FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			continue
		}
		seen[m[1]] = true
		_, n := l.weigh(m[1])
		sum, files = sum+n, files+1
	}
	fmt.Printf("first page of the inbox over the wire: %.0f KB in %d files\n", float64(sum)/1024, files+1)
}

// weigh gives the plain text of a page and the bytes that were sent for it.
func (l *loader) weigh(path string) (string, int) {
	fetch := func(encoding string) []byte {
		req, _ := http.NewRequest("GET", l.p.URL+path, nil)
		req.Header.Set("Accept-Encoding", encoding)
		resp, err := l.page.Do(req)
		if err != nil {
			l.b.Fatal(err)
		}
		defer resp.Body.Close()
		all, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			l.b.Fatalf("GET %s: %s, %v", path, resp.Status, err)
		}
		return all
	}
	return string(fetch("identity")), len(fetch("br, gzip"))
}
