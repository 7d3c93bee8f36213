package browser

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Watched opens a browser that writes down whom it turns to. close ends it and lists the hosts (with ports) that it asked for a name, a connection or
// an address. It is the network stack's own log, so nothing that a page may do is missing: not what a frame asks for, nor a prefetch, a preconnect
// or a name that is looked up ahead. Its tabs share one profile, as in others such looking ahead is off.
func Watched(t testing.TB) (c *Chrome, close func() []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "net.json")
	c = open(t, chromedp.Flag("log-net-log", file), chromedp.Flag("dns-prefetch-disable", false))
	return c, func() []string {
		t.Helper()
		chromedp.Cancel(c.ctx) // politely, so that the log is whole
		text, err := os.ReadFile(file)
		if err != nil || len(text) == 0 {
			t.Fatalf("the browser's log of the network: %d bytes, %v", len(text), err)
		}
		return turnedTo(string(text))
	}
}

// turnedTo reads the log: an event is a line.
func turnedTo(log string) []string {
	var hosts []string
	for line := range strings.Lines(log) {
		var event struct {
			Params struct {
				URL  string `json:"url"`
				Host string `json:"host"`
			} `json:"params"`
		}
		if json.Unmarshal([]byte(strings.TrimRight(line, ",\r\n")), &event) != nil {
			continue
		}
		for _, address := range []string{event.Params.URL, event.Params.Host} {
			if host := hostOf(address); host != "" && !makers(host) {
				hosts = append(hosts, host)
			}
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// makers says that a host is one whom the browser itself calls now and then.
func makers(host string) bool {
	host, _, _ = strings.Cut(host, ":")
	return strings.HasSuffix(host, ".google.com") || strings.HasSuffix(host, ".googleapis.com") || strings.HasSuffix(host, ".gvt1.com")
}

// hostOf reads an address or a host with its port. What stays within the browser has none.
func hostOf(s string) string {
	if !strings.Contains(s, "://") {
		return s
	}
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	if u.Scheme == "chrome" || u.Scheme == "devtools" || u.Scheme == "chrome-extension" {
		return ""
	}
	return u.Host
}
