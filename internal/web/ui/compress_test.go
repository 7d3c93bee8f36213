package ui

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
)

func TestAccepted(t *testing.T) {
	cases := map[string]string{
		"gzip, deflate, br, zstd": "br", "gzip": "gzip", "": "", "identity": "", "br;q=0, gzip": "gzip", "br;q=0.0": "",
		"gzip;q=0.5": "gzip", "deflate": "", "br;q=1.0": "br",
	}
	for header, want := range cases {
		if got := accepted(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

func TestCompress(t *testing.T) {
	long := strings.Repeat("배송이 늦어요. ", 500)
	cases := []struct {
		name, kind, text, want string
	}{
		{"a page", "text/html; charset=utf-8", long, "br"},
		{"an answer of the API", "application/json", long, "br"},
		{"a small fragment", "text/html", "<p>짧아요</p>", ""},
		{"a picture", "image/png", long, ""},
		{"nothing said about it", "", long, "br"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.kind != "" {
					w.Header().Set("Content-Type", c.kind)
				}
				w.Header().Set("Content-Length", fmt.Sprint(len(c.text)))
				for part := range strings.SplitAfterSeq(c.text, " ") {
					w.Write([]byte(part))
				}
			}))
			r := get(t, h, "/", "Accept-Encoding", "gzip, br")
			if got := r.Header.Get("Content-Encoding"); got != c.want {
				t.Errorf("encoding %q, want %q", got, c.want)
			}
			if got := body(t, r); got != c.text {
				t.Errorf("got %d bytes, want %d", len(got), len(c.text))
			}
		})
	}
}

func TestCompressKeepsStatusesWithoutABody(t *testing.T) {
	for _, status := range []int{http.StatusNoContent, http.StatusNotModified, http.StatusSeeOther} {
		h := Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		if r := get(t, h, "/", "Accept-Encoding", "br"); r.StatusCode != status || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("got %d %q, want %d", r.StatusCode, r.Header.Get("Content-Encoding"), status)
		}
	}
}

// An event must reach the browser when it is flushed, not when the stream ends.
func TestStreamsPassThrough(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: 1\n\n")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-release
	})))
	defer s.Close()
	defer close(release)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableCompression: true}}
	req, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	req.Header.Set("Accept-Encoding", "br, gzip")
	r, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	buf := make([]byte, 16)
	n, err := r.Body.Read(buf)
	if err != nil || string(buf[:n]) != "data: 1\n\n" || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("read %q, %v, encoding %q", buf[:n], err, r.Header.Get("Content-Encoding"))
	}
}

func TestAPageMayArriveInPieces(t *testing.T) {
	h := Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "first ")
		w.(http.Flusher).Flush()
		fmt.Fprint(w, "second")
	}))
	if got := body(t, get(t, h, "/", "Accept-Encoding", "gzip")); got != "first second" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkCompress(b *testing.B) {
	page := []byte(strings.Repeat(`<a class="item" href="/inbox/cnv_1"><span class="face">윤</span>밝기를 낮추면 깜빡여요</a>`, 300))
	h := Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write(page)
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "br")
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// A page that came in one piece has its length said, packed or not, so that the
// browser need not wait for the rest of the handler.
func TestAWholePageIsThereBeforeTheHandlerEnds(t *testing.T) {
	for _, encoding := range []string{"br", "gzip", "identity"} {
		on := make(chan struct{})
		s := httptest.NewServer(Compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			Render(w, r, http.StatusOK, templ.Raw(strings.Repeat("<p>lamp</p>", 1000)))
			Sent(w)
			<-on
		})))
		req, _ := http.NewRequest("GET", s.URL, nil)
		req.Header.Set("Accept-Encoding", encoding)
		resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || int64(len(body)) != resp.ContentLength || len(body) == 0 {
			t.Errorf("%s: %d of %d bytes, %v", encoding, len(body), resp.ContentLength, err)
		}
		if encoding != "identity" && (resp.Header.Get("Content-Encoding") != encoding || len(body) > 2000) {
			t.Errorf("%s: %d bytes as %q", encoding, len(body), resp.Header.Get("Content-Encoding"))
		}
		close(on)
		s.Close()
	}
}
