package load

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/knowledge/folder"
	"baraji/test/rig"
)

// BenchmarkHelpCenter measures the help centre from outside with 2,000 articles in both languages, for docs/performance.md: what the
// first page weighs with all that it loads, 200 requests a second for some seconds, and the search. Requests are sent when their time
// has come, whether or not the ones before are answered, and the clock starts at that time.
func BenchmarkHelpCenter(b *testing.B) {
	for _, engine := range rig.Engines(b) {
		b.Run(engine, func(b *testing.B) {
			h := openHelp(b, engine, 2000)
			h.weight("/hc/ko/", h.pages["front page"][0], h.pages["category"][0], h.pages["article"][0])
			h.steady("nothing", []string{"/healthz"}, 200, 5*time.Second) // what the machine itself takes to wake up and answer
			h.steady("everything", h.all(), 200, 10*time.Second)
			for _, kind := range []string{"front page", "category", "article"} {
				h.steady(kind, h.pages[kind], 200, 5*time.Second)
			}
			for _, kind := range []string{"search, Korean", "search, English", "while typing"} {
				h.steady(kind, h.pages[kind], 20, 5*time.Second)
			}
		})
	}
}

// help is a running program whose help centre is full.
type help struct {
	b      testing.TB
	url    string
	client *http.Client
	pages  map[string][]string // paths by kind
}

func openHelp(b testing.TB, engine string, n int) *help {
	with := rig.Setup{Data: b.TempDir()}
	if engine == "postgres" {
		with.Database = rig.Postgres(b).Database(b)
	}
	h := &help{b: b, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}, Timeout: 20 * time.Second}}
	dir := b.TempDir()
	h.write(dir, n)
	began := time.Now()
	r, err := app.ImportArticles(context.Background(), app.Config{Data: with.Data, Database: with.Database, Real: time.Now}, dir, folder.Options{})
	if err != nil || r.Taken != n {
		b.Fatalf("%v: %d of %d taken; %+v", err, r.Taken, n, r.Failed)
	}
	if with.Database != "" {
		tidied(b, with.Database)
	}
	fmt.Printf("\n%s: %d articles in two languages, taken in from %d files in %.1f s\n", engine, n, 2*n, time.Since(began).Seconds())
	p := rig.ProgramWith(b, with)
	h.url = p.URL
	h.steady("", h.all(), 100, 2*time.Second)
	time.Sleep(5 * time.Second) // the assistant begins to learn three seconds after the last article
	calm(b, p)
	fmt.Printf("memory with all of it learned: %s, at most %s\n", memory(p.PID(), "VmRSS"), memory(p.PID(), "VmHWM"))
	return h
}

// subjects are what articles are about, what one does with them, and other words.
type subjects struct{ things, acts, others []string }

func (s subjects) title(i int) string {
	return s.things[i%len(s.things)] + " " + s.acts[i/len(s.things)%len(s.acts)]
}

// words are some words: one of eight is what articles are about.
func (s subjects) words(r *rand.Rand, n int) string {
	list := make([]string, n)
	for i := range list {
		if list[i] = s.others[r.IntN(len(s.others))]; r.IntN(8) == 0 {
			list[i] = s.things[r.IntN(len(s.things))]
		}
	}
	return strings.Join(list, " ")
}

// write writes articles of about 1,000 letters, and says what there will be to read.
func (h *help) write(dir string, n int) {
	r := rand.New(rand.NewPCG(1, 2))
	ko := subjects{strings.Fields("배송 반품 환불 조광기 전구 보증 주소 결제 포인트 선물 교환 영수증 갓 스위치 밝기 색온도 설치 전압 예약 품절"),
		[]string{"바꾸기", "언제 되나요", "어떻게 하나요", "안 될 때", "확인하기", "취소하기", "깜빡일 때", "기간"}, nil}
	en := subjects{strings.Fields("delivery return refund dimmer bulb warranty address payment points gift exchange receipt shade switch brightness colour installation voltage booking stock"),
		[]string{"how to change it", "when it comes", "how it works", "when it fails", "how to check it", "how to cancel it", "when it flickers", "how long it lasts"}, nil}
	for range 3000 {
		ko.others = append(ko.others, string([]rune{'가' + rune(r.IntN(11172)), '가' + rune(r.IntN(11172))}))
		en.others = append(en.others, fmt.Sprintf("%c%c%c%c%c", 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26)))
	}
	shelves := strings.Fields("delivery returns payment lamps warranty account gifts stores")
	h.pages = map[string][]string{"front page": {"/hc/ko/", "/hc/en/"}}
	for _, s := range shelves {
		h.pages["category"] = append(h.pages["category"], "/hc/ko/c/"+s, "/hc/en/c/"+s)
	}
	for i := range n {
		shelf := shelves[i%len(shelves)]
		for l, from := range map[string]subjects{"ko": ko, "en": en} {
			name := fmt.Sprintf("article-%d.%s.md", i, l)
			text := fmt.Sprintf("---\ntitle: %s %d\ndescription: %s\nslug: article-%d\ntranslationKey: a%d\nstatus: published\naudience: public\n---\n\n## %s\n\n1. %s.\n2. %s.\n\n> [!TIP]\n> %s\n\n%s\n",
				from.title(i), i, from.words(r, 9), i, i, from.words(r, 3), from.words(r, 40), from.words(r, 40), from.words(r, 20), from.words(r, 120))
			if err := os.MkdirAll(filepath.Join(dir, shelf), 0o755); err != nil {
				h.b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, shelf, name), []byte(text), 0o644); err != nil {
				h.b.Fatal(err)
			}
		}
		h.pages["article"] = append(h.pages["article"], fmt.Sprintf("/hc/ko/a/article-%d", i), fmt.Sprintf("/hc/en/a/article-%d", i))
	}
	for _, q := range []string{"배송", "반품 배송비", "qothd", "베송", "조광기 깜빡", "램프가 깜빡여요 어떻게 하나요", "보증 기간", "우주선", "환불은 언제"} {
		h.pages["search, Korean"] = append(h.pages["search, Korean"], "/hc/ko/search?q="+url.QueryEscape(q))
		h.pages["while typing"] = append(h.pages["while typing"], "/hc/ko/search?part=1&q="+url.QueryEscape(q))
	}
	for _, q := range []string{"delivery", "return shipping", "refnud", "dimmer flicker", "how do I install a bulb", "warranty period", "spaceship", "gift receipt"} {
		h.pages["search, English"] = append(h.pages["search, English"], "/hc/en/search?q="+url.QueryEscape(q))
	}
}

// all is what readers ask for: mostly articles, one in ten is a search.
func (h *help) all() (list []string) {
	for kind, share := range map[string]int{"front page": 15, "category": 15, "article": 60, "search, Korean": 5, "search, English": 5} {
		for i := range 2 * share {
			list = append(list, h.pages[kind][i%len(h.pages[kind])])
		}
	}
	return list
}

// steady sends so many requests a second for a while, and prints how long they took.
func (h *help) steady(what string, paths []string, rate int, span time.Duration) {
	n := int(span.Seconds() * float64(rate))
	took := make([]time.Duration, n)
	r := rand.New(rand.NewPCG(3, 4))
	popular := rand.NewZipf(r, 1.2, 8, uint64(len(paths)-1)) // a few articles are read often, most seldom
	var wg sync.WaitGroup
	began := time.Now()
	for i := range n {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		path := paths[r.IntN(len(paths))]
		if what == "article" {
			path = paths[popular.Uint64()]
		}
		wg.Go(func() {
			if _, err := h.fetch(path, "gzip"); err != nil {
				h.b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	wg.Wait()
	if what == "" {
		return
	}
	slices.Sort(took)
	ms := func(share int) float64 { return float64(took[(n-1)*share/1000].Microseconds()) / 1000 }
	fmt.Printf("%-18s %d/s: p50 %5.1f ms, p95 %5.1f ms, p99 %5.1f ms, at most %5.1f ms\n", what, rate, ms(500), ms(950), ms(990), ms(1000))
}

func (h *help) fetch(path, encoding string) ([]byte, error) {
	req, err := http.NewRequest("GET", h.url+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", encoding)
	resp, err := h.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	return all, err
}

// weight prints what pages weigh with all that they name, as a new browser fetches them. Fonts are not counted.
func (h *help) weight(paths ...string) {
	for _, path := range paths {
		page, err := h.fetch(path, "gzip")
		if err != nil {
			h.b.Fatal(err)
		}
		sum, files := len(page), 1
		z, err := gzip.NewReader(strings.NewReader(string(page)))
		if err != nil {
			h.b.Fatalf("%s is not compressed: %v", path, err)
		}
		text, _ := io.ReadAll(z)
		seen := map[string]bool{}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if seen[m[1]] || strings.Contains(m[1], ".woff2") {
				continue
			}
			seen[m[1]] = true
			file, err := h.fetch(m[1], "gzip")
			if err != nil {
				h.b.Fatal(err)
			}
			sum, files = sum+len(file), files+1
		}
		fmt.Printf("%s over the wire: %.1f KB in %d files (%.1f KB of them the page)\n", path, float64(sum)/1024, files, float64(len(page))/1024)
	}
}
