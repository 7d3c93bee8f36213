package load

import (
	"bytes"
	"context"
	"encoding/json"
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

	"baraji/internal/kit/db"
	"baraji/test/rig"
)

// BenchmarkDesk prints the table of docs/performance.md. BARAJI_LOAD_TIMES
// multiplies the size; BARAJI_TEST_ENGINES chooses engines.
func BenchmarkDesk(b *testing.B) {
	size := Usual
	switch os.Getenv("BARAJI_LOAD") {
	case "small":
		size = Size{Conversations: 5000, Messages: 25_000, Contacts: 1000, People: 40, Teams: 8}
	case "ten":
		size = Usual.Times(10)
	}
	for _, engine := range rig.Engines(b) {
		b.Run(engine, func(b *testing.B) { measure(b, engine, size) })
	}
}

func measure(b *testing.B, engine string, size Size) {
	database, data := "", b.TempDir()
	url := filepath.Join(data, "baraji.db")
	if engine == string(db.Postgres) {
		pg := rig.OwnPostgres(b, rig.PGSetup{Fsync: true})
		database = pg.Database(b)
		url = database
	}
	began := time.Now()
	if err := Fill(context.Background(), url, size, time.Now()); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("\n%s: filled with %d conversations, %d messages in %v\n", engine, size.Conversations, size.Messages, time.Since(began).Round(time.Second))
	p := rig.ProgramWith(b, rig.Setup{Database: database, Data: data})
	start(b, p)
	l := newLoader(b, p, size)
	fmt.Printf("%-44s %9s %9s %9s | %9s %9s %9s\n", "", "1: p50", "p99", "req/s", "8: p50", "p99", "req/s")
	for _, w := range l.works() {
		l.run(w)
	}
	fmt.Printf("memory: %s\n", memory(p.PID()))
	if engine == string(db.SQLite) {
		if s, err := os.Stat(url); err == nil {
			fmt.Printf("database file: %d MB\n", s.Size()>>20)
		}
	}
}

// start measures from the start of the process to its first answer.
func start(b *testing.B, p *rig.Running) {
	var took []time.Duration
	for range 5 {
		p.Term()
		began := time.Now()
		p.Start()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	fmt.Printf("start to ready: median %v (of 5); memory then: %s\n", took[2].Round(time.Millisecond), memory(p.PID()))
}

func memory(pid int) string {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kb int
			fmt.Sscan(rest, &kb)
			return fmt.Sprintf("%.0f MB", float64(kb)/1024)
		}
	}
	return "?"
}

type work struct {
	name string
	do   func(r *rand.Rand) (*http.Request, error)
}

type loader struct {
	b      testing.TB
	p      *rig.Running
	token  string
	client *http.Client
	ids    []string
	deep   string
}

func newLoader(b testing.TB, p *rig.Running, size Size) *loader {
	l := &loader{b: b, p: p, token: p.Token(), client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true}}}
	next := ""
	for range 30 { // the newest 3,000
		var page struct {
			Items []struct{ ID string }
			Next  *string
		}
		l.get("/api/v1/conversations?limit=100"+next, &page)
		for _, c := range page.Items {
			l.ids = append(l.ids, c.ID)
		}
		if page.Next == nil {
			break
		}
		next = "&cursor=" + url.QueryEscape(*page.Next)
	}
	l.deep = next // of the page behind them
	return l
}

func (l *loader) get(path string, into any) {
	req, _ := http.NewRequest("GET", l.p.URL+path, nil)
	req.Header.Set("Authorization", "Bearer "+l.token)
	resp, err := l.client.Do(req)
	if err != nil {
		l.b.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != 200 {
		l.b.Fatalf("GET %s: %d %v", path, resp.StatusCode, err)
	}
}

func (l *loader) works() []work {
	get := func(path func(*rand.Rand) string) func(*rand.Rand) (*http.Request, error) {
		return func(r *rand.Rand) (*http.Request, error) { return http.NewRequest("GET", l.p.URL+path(r), nil) }
	}
	fixed := func(path string) func(*rand.Rand) (*http.Request, error) {
		return get(func(*rand.Rand) string { return path })
	}
	post := func(path func(*rand.Rand) string, body func(*rand.Rand) any) func(*rand.Rand) (*http.Request, error) {
		return func(r *rand.Rand) (*http.Request, error) {
			text, _ := json.Marshal(body(r))
			req, err := http.NewRequest("POST", l.p.URL+path(r), bytes.NewReader(text))
			if err == nil {
				req.Header.Set("Content-Type", "application/json")
			}
			return req, err
		}
	}
	one := func(r *rand.Rand) string { return l.ids[r.IntN(len(l.ids))] }
	word := func(r *rand.Rand) string { return words[r.IntN(len(words))] }
	mine := "usr_"
	var people struct{ Items []struct{ ID string } }
	l.get("/api/v1/people?limit=100", &people)
	if len(people.Items) > 0 {
		mine = people.Items[len(people.Items)/2].ID
	}
	return []work{
		{name: "my inbox, open, first page", do: fixed("/api/v1/conversations?status=open&limit=25&assignee=" + mine)},
		{name: "everything open, first page", do: fixed("/api/v1/conversations?status=open&limit=25")},
		{name: "everything, deep page", do: fixed("/api/v1/conversations?limit=25" + l.deep)},
		{name: "conversation", do: get(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) })},
		{name: "its messages", do: get(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) + "/messages" })},
		{name: "search, one word, newest first", do: get(func(r *rand.Rand) string { return "/api/v1/conversations?limit=25&q=" + url.QueryEscape(word(r)) })},
		{name: "search, three words", do: get(func(r *rand.Rand) string {
			return "/api/v1/conversations?limit=25&q=" + url.QueryEscape(word(r)+" "+word(r)+" "+word(r))
		})},
		{name: "create conversation, new contact", do: post(func(*rand.Rand) string { return "/api/v1/conversations" }, func(r *rand.Rand) any {
			return map[string]any{"subject": word(r), "text": strings.Repeat(word(r)+" ", 60), "from": map[string]any{"name": "New", "email": fmt.Sprintf("new%d@example%d.example", r.Uint64(), r.IntN(3000))}}
		})},
		{name: "note", do: post(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) + "/messages" }, func(r *rand.Rand) any {
			return map[string]any{"kind": "note", "text": strings.Repeat(word(r)+" ", 30)}
		})},
		{name: "reply", do: post(func(r *rand.Rand) string { return "/api/v1/conversations/" + one(r) + "/messages" }, func(r *rand.Rand) any {
			return map[string]any{"kind": "reply", "text": strings.Repeat(word(r)+" ", 30)}
		})},
	}
}

// run measures one kind of work with one client and with eight: the median of
// three runs of three seconds, after a warm-up.
func (l *loader) run(w work) {
	l.burst(w, 1, 500*time.Millisecond)
	line := fmt.Sprintf("%-44s", w.name)
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
		line += fmt.Sprintf(" %9s %9s %9.0f", m.p50.Round(10*time.Microsecond), m.p99.Round(10*time.Microsecond), m.rate)
		if m.failed > 0 {
			line += fmt.Sprintf(" (%d failed)", m.failed)
		}
	}
	fmt.Println(line)
}

type result struct {
	p50, p99 time.Duration
	rate     float64
	failed   int
}

func (l *loader) burst(w work, clients int, d time.Duration) result {
	var mu sync.Mutex
	var all []time.Duration
	failed := 0
	var wg sync.WaitGroup
	began := time.Now()
	for c := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), uint64(time.Now().UnixNano())))
			var mine []time.Duration
			bad := 0
			for time.Since(began) < d {
				req, err := w.do(r)
				if err != nil {
					l.b.Error(err)
					return
				}
				req.Header.Set("Authorization", "Bearer "+l.token)
				at := time.Now()
				resp, err := l.client.Do(req)
				if err != nil {
					bad++
					continue
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode >= 300 {
					bad++
				}
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			all, failed = append(all, mine...), failed+bad
			mu.Unlock()
		})
	}
	wg.Wait()
	took := time.Since(began)
	if len(all) == 0 {
		return result{failed: failed}
	}
	slices.Sort(all)
	return result{all[len(all)/2], all[min(len(all)-1, len(all)*99/100)], float64(len(all)) / took.Seconds(), failed}
}
