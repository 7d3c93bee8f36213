package load

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"baraji/test/rig"
)

// loader asks a running program as an API client and as a person at a browser.
type loader struct {
	b      testing.TB
	p      *rig.Running
	token  string
	api    *http.Client
	page   *http.Client // with a session
	person string       // whose session it is
	ids    []string     // the newest conversations
	deep   string       // cursor of page 3,000
}

var hidden = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

const person, password = "load@shop.example", "correct horse battery staple"

func newLoader(b testing.TB, p *rig.Running, size Size) *loader {
	jar, _ := cookiejar.New(nil)
	wire := &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}
	l := &loader{b: b, p: p, token: p.Token(), api: &http.Client{Timeout: 30 * time.Second, Transport: wire}, page: &http.Client{Timeout: 30 * time.Second, Transport: wire, Jar: jar}}
	l.signIn()
	l.walk(size)
	return l
}

func (l *loader) signIn() {
	if _, err := l.p.Command(password, "user", "create", "--email", person, "--name", "Load", "--role", "admin", "--password-stdin"); err != nil && !strings.Contains(err.Error(), "already") {
		l.b.Fatal(err)
	}
	form, err := l.page.Get(l.p.URL + "/sign-in")
	if err != nil {
		l.b.Fatal(err)
	}
	text, _ := io.ReadAll(form.Body)
	form.Body.Close()
	csrf := hidden.FindSubmatch(text)
	if csrf == nil {
		l.b.Fatal("the sign-in page has no token")
	}
	resp, err := l.page.PostForm(l.p.URL+"/sign-in", url.Values{"email": {person}, "password": {password}, "_csrf": {string(csrf[1])}})
	if err != nil {
		l.b.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path == "/sign-in" {
		l.b.Fatalf("sign-in: %s %s", resp.Status, resp.Request.URL.Path)
	}
	var people struct{ Items []struct{ ID, Email string } }
	l.get("/api/v1/people?limit=100", &people)
	for _, one := range people.Items {
		if one.Email == person {
			l.person = one.ID
		}
	}
}

// walk goes to page 3,000 (or the last) of everything open, by 25, through hundreds.
func (l *loader) walk(size Size) {
	next := ""
	for read := 0; read < min(3000*25, size.Conversations/2); read += 100 {
		var page struct {
			Items []struct{ ID string }
			Next  *string
		}
		l.get("/api/v1/conversations?limit=100"+next, &page)
		for _, c := range page.Items {
			if len(l.ids) < 3000 {
				l.ids = append(l.ids, c.ID)
			}
		}
		if page.Next == nil {
			break
		}
		next = "&cursor=" + url.QueryEscape(*page.Next)
	}
	l.deep = next
}

func (l *loader) get(path string, into any) {
	req, _ := http.NewRequest("GET", l.p.URL+path, nil)
	req.Header.Set("Authorization", "Bearer "+l.token)
	resp, err := l.api.Do(req)
	if err != nil {
		l.b.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != 200 {
		l.b.Fatalf("GET %s: %d %v", path, resp.StatusCode, err)
	}
}

// run measures one kind of work with one client and with eight: the median of
// three runs, after a warm-up.
func (l *loader) run(w work) {
	l.burst(w, 1, 500*time.Millisecond)
	line := fmt.Sprintf("%-36s", w.name)
	for i, clients := range []int{1, 8} {
		var runs []result
		for range 3 {
			runs = append(runs, l.burst(w, clients, 2*time.Second))
		}
		slices.SortFunc(runs, func(a, b result) int { return int(a.p50 - b.p50) })
		m := runs[1]
		if i == 1 {
			line += " |"
		}
		line += fmt.Sprintf(" %9s %9s %7.0f", m.p50.Round(10*time.Microsecond), m.p99.Round(10*time.Microsecond), m.rate)
		if m.failed > 0 {
			line += fmt.Sprintf(" (%d failed: %s)", m.failed, m.why)
		}
	}
	if w.writes {
		line += fmt.Sprintf("   (disk: %.0f syncs/s)", syncs(l.b))
	}
	fmt.Println(line)
}

type result struct {
	p50, p99 time.Duration
	rate     float64
	failed   int
	why      string
}

func (l *loader) burst(w work, clients int, d time.Duration) result {
	var mu sync.Mutex
	var all []time.Duration
	var sum result
	var wg sync.WaitGroup
	began := time.Now()
	for c := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), uint64(time.Now().UnixNano())))
			var mine []time.Duration
			for time.Since(began) < d {
				at := time.Now()
				if why := l.once(w, r); why != "" {
					mu.Lock()
					sum.failed, sum.why = sum.failed+1, why
					mu.Unlock()
				}
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	took := time.Since(began)
	slices.Sort(all)
	sum.p50, sum.p99, sum.rate = all[len(all)/2], all[len(all)*99/100], float64(len(all))/took.Seconds()
	return sum
}

// once does a piece of work and says why it failed.
func (l *loader) once(w work, r *rand.Rand) string {
	req, err := w.do(r)
	if err != nil {
		return err.Error()
	}
	client := l.page
	if strings.Contains(req.URL.Path, "/api/") {
		client = l.api
		req.Header.Set("Authorization", "Bearer "+l.token)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	if resp.StatusCode >= 300 || strings.HasPrefix(resp.Request.URL.Path, "/sign-in") {
		return resp.Status + " " + resp.Request.URL.Path
	}
	return ""
}
