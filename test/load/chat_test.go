package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"baraji/test/rig"
)

// BenchmarkChat measures the chat from outside, for docs/performance.md: how long what a visitor says takes to the agent's page
// and back, and 2,000 open widgets with 50 messages a second. The clock stops when the page has been told and has fetched what
// is new.
func BenchmarkChat(b *testing.B) {
	for _, engine := range rig.Engines(b) {
		b.Run(engine, func(b *testing.B) {
			c := openChats(b, engine)
			c.atRest()
			c.manyOpen(2000, 50, 20*time.Second)
		})
	}
}

// TestChatLosesNothing kills the program five times while visitors and agents write, and counts (the load of issue 3, in a
// size for the ordinary run).
func TestChatLosesNothing(t *testing.T) {
	for _, engine := range rig.Engines(t) {
		t.Run(engine, func(t *testing.T) { openChats(t, engine).killed(rig.Size(20, 200), 5) })
	}
}

// chats is a running program with a widget.
type chats struct {
	*loader
	key    string
	client *http.Client
}

func openChats(b testing.TB, engine string) *chats {
	var with rig.Setup
	if engine == "postgres" {
		with.Database = rig.Postgres(b).Database(b)
	}
	c := &chats{loader: newLoader(b, rig.ProgramWith(b, with), Size{}),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}}
	var made struct{ Address string }
	if a := c.p.API("POST", "/inboxes", map[string]any{"name": "Chat", "channel": "chat"}); a.Status != 201 || a.Into(&made) != nil {
		b.Fatalf("POST /inboxes: %d %s", a.Status, a.Body)
	}
	c.key = made.Address
	return c
}

// browser is a visitor's.
type browser struct {
	*chats
	n     int
	token string
	told  chan struct{}
	close context.CancelFunc
}

func (c *chats) browser(n int) *browser {
	return &browser{chats: c, n: n, token: fmt.Sprintf("%064x", rand.Uint64()), told: make(chan struct{}, 1), close: func() {}}
}

func (v *browser) ask(ctx context.Context, method, what string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, v.p.URL+"/widget/"+v.key+what, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Visitor "+v.token)
	return fetched(v.client, req, into)
}

func fetched(client *http.Client, req *http.Request, into any) error {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %d %s", req.Method, req.URL.Path, resp.StatusCode, all)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(all, into)
	}
	return err
}

func (v *browser) say(client, text string) error {
	return v.ask(v.b.Context(), "POST", "/messages", map[string]string{"client_id": client, "text": text}, nil)
}

// texts are all that the browser shows.
func (v *browser) texts() (list []string, err error) {
	var out struct{ Items []struct{ Text string } }
	err = v.ask(v.b.Context(), "GET", "/messages", nil, &out)
	for _, m := range out.Items {
		list = append(list, m.Text)
	}
	return list, err
}

// listen follows a stream, and again when it breaks.
func (c *chats) listen(ctx context.Context, client *http.Client, path string, head http.Header, told chan<- struct{}) {
	for ctx.Err() == nil {
		req, _ := http.NewRequestWithContext(ctx, "GET", c.p.URL+path, nil)
		req.Header = head
		if resp, err := client.Do(req); err == nil {
			for s := bufio.NewScanner(resp.Body); s.Scan(); {
				if line := s.Text(); strings.HasPrefix(line, "event: ") || strings.HasPrefix(line, "retry: ") {
					select {
					case told <- struct{}{}:
					default:
					}
				}
			}
			resp.Body.Close()
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (v *browser) open(client *http.Client) {
	ctx, stop := context.WithCancel(v.b.Context())
	v.close = stop
	v.b.Cleanup(stop)
	go v.listen(ctx, client, "/widget/"+v.key+"/live", http.Header{"Authorization": {"Visitor " + v.token}}, v.told)
	<-v.told // it is open
}

// talk is the conversation that began with a text.
func (c *chats) talk(subject string) string {
	c.b.Helper()
	var page struct {
		Items []struct{ ID, Subject string }
	}
	c.get("/api/v1/conversations?limit=100", &page)
	for _, t := range page.Items {
		if t.Subject == subject {
			return t.ID
		}
	}
	c.b.Fatalf("no talk %q", subject)
	return ""
}

// answer is what an agent's program says.
func (c *chats) answer(talk, text, key string) error {
	raw, _ := json.Marshal(map[string]any{"kind": "reply", "text": text})
	req, err := http.NewRequest("POST", c.p.URL+"/api/v1/conversations/"+talk+"/messages", bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return fetched(c.api, req, nil)
}

// atRest is one visitor and one agent, three times 150 messages each way.
func (c *chats) atRest() {
	v := c.browser(0)
	if err := v.say("client-first", "hello at rest"); err != nil {
		c.b.Fatal(err)
	}
	talk := c.talk("hello at rest")
	v.open(c.client)
	agent := make(chan struct{}, 1)
	ctx, stop := context.WithCancel(c.b.Context())
	defer stop()
	stream := &http.Client{Jar: c.page.Jar, Transport: c.page.Transport}
	go c.listen(ctx, stream, "/live?topic=conversation:"+talk, http.Header{}, agent)
	<-agent
	page := func() error {
		req, _ := http.NewRequest("GET", c.p.URL+"/inbox/"+talk+"?view=all", nil)
		req.Header.Set("HX-Request", "true")
		return fetched(c.page, req, nil)
	}
	var in, inSeen, out, outSeen []time.Duration
	wait := func(told <-chan struct{}, from time.Time, fetch func() error, list, seen *[]time.Duration) {
		<-told
		*list = append(*list, time.Since(from))
		if err := fetch(); err != nil {
			c.b.Fatal(err)
		}
		*seen = append(*seen, time.Since(from))
	}
	quiet := func() {
		time.Sleep(30 * time.Millisecond)
		for _, told := range []chan struct{}{agent, v.told} {
			select {
			case <-told:
			default:
			}
		}
	}
	for i := range 450 {
		quiet()
		from := time.Now()
		if err := v.say(fmt.Sprint("client-", i), fmt.Sprint("question ", i)); err != nil {
			c.b.Fatal(err)
		}
		wait(agent, from, page, &in, &inSeen)
		quiet()
		from = time.Now()
		if err := c.answer(talk, fmt.Sprint("answer ", i), ""); err != nil {
			c.b.Fatal(err)
		}
		wait(v.told, from, func() error { _, err := v.texts(); return err }, &out, &outSeen)
	}
	fmt.Printf("visitor → agent, told %s; page there %s\nagent → visitor, told %s; text there %s\n", spread(in), spread(inSeen), spread(out), spread(outSeen))
	v.close()
}

// spread is p50, p95 and p99.
func spread(list []time.Duration) string {
	slices.Sort(list)
	at := func(p int) time.Duration { return list[min(len(list)-1, len(list)*p/100)].Round(10 * time.Microsecond) }
	return fmt.Sprintf("p50 %s, p95 %s, p99 %s", at(50), at(95), at(99))
}

// manyOpen has many widgets open while agents answer some of them at a rate.
func (c *chats) manyOpen(widgets, rate int, span time.Duration) {
	all := make([]*browser, widgets)
	talks := make([]string, widgets)
	for i := range all {
		all[i] = c.browser(i)
		if err := all[i].say("client-first", fmt.Sprint("widget ", i)); err != nil {
			c.b.Fatal(err)
		}
	}
	next := ""
	for found := 0; found < widgets; {
		var page struct {
			Items []struct{ ID, Subject string }
			Next  *string
		}
		c.get("/api/v1/conversations?limit=100"+next, &page)
		for _, t := range page.Items {
			var n int
			if _, err := fmt.Sscanf(t.Subject, "widget %d", &n); err == nil {
				talks[n] = t.ID
				found++
			}
		}
		if page.Next == nil {
			break
		}
		next = "&cursor=" + *page.Next
	}
	before := resident(c.p.PID())
	streams := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, v := range all {
		v.open(streams)
	}
	each := float64(resident(c.p.PID())-before) / float64(widgets)
	var mu sync.Mutex
	var took []time.Duration
	var busy sync.WaitGroup
	var lost atomic.Int64
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for i, end := 0, time.Now().Add(span); time.Now().Before(end); i++ {
		<-tick.C
		n := (i * 37) % widgets // each one at most once in the measurement
		busy.Go(func() {
			from := time.Now()
			if err := c.answer(talks[n], fmt.Sprint("answer ", n), ""); err != nil {
				c.b.Error(err)
				return
			}
			select {
			case <-all[n].told:
			case <-time.After(10 * time.Second):
				lost.Add(1)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(from))
		})
	}
	busy.Wait()
	fmt.Printf("%d widgets open, %d answers a second: %s; %.1f KiB each, %d lost of %d\n", widgets, rate, spread(took), each/1024, lost.Load(), len(took)+int(lost.Load()))
	for _, v := range all {
		v.close()
	}
}

// resident is the memory that a process has, in bytes.
func resident(pid int) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for l := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			var kb int64
			fmt.Sscan(rest, &kb)
			return kb << 10
		}
	}
	return 0
}

// killed lets visitors and agents write through kills. Whoever is not answered sends the same again.
func (c *chats) killed(visitors, kills int) {
	const each = 5
	until := func(fn func() error) bool {
		for range 400 {
			if err := fn(); err == nil {
				return true
			} else if errors.Is(err, context.Canceled) {
				return false
			}
			time.Sleep(50 * time.Millisecond)
		}
		return false
	}
	all := make([]*browser, visitors)
	var busy sync.WaitGroup
	for i := range all {
		all[i] = c.browser(i)
		busy.Go(func() {
			for n := range each {
				if !until(func() error {
					return all[i].say(fmt.Sprintf("client-%d-%d", i, n), fmt.Sprintf("visitor %d question %d", i, n))
				}) {
					c.b.Errorf("visitor %d cannot say his %dth", i, n)
					return
				}
				time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
			}
		})
	}
	for range kills {
		time.Sleep(time.Duration(200+rand.IntN(300)) * time.Millisecond)
		c.p.Kill()
		c.p.Start()
	}
	busy.Wait()
	for i, v := range all {
		talk := ""
		until(func() error {
			var page struct{ Items []struct{ ID string } }
			c.get(fmt.Sprintf("/api/v1/conversations?limit=10&q=%%22visitor+%d+question+0%%22", i), &page)
			if len(page.Items) != 1 {
				return fmt.Errorf("%d talks", len(page.Items))
			}
			talk = page.Items[0].ID
			return nil
		})
		for range 2 { // twice with one key is once
			if !until(func() error { return c.answer(talk, fmt.Sprint("answer to ", i), fmt.Sprint("key-", i)) }) {
				c.b.Fatalf("visitor %d cannot be answered in %q", i, talk)
			}
		}
		got, err := v.texts()
		if err != nil {
			c.b.Fatal(err)
		}
		var want []string
		for n := range each {
			want = append(want, fmt.Sprintf("visitor %d question %d", i, n))
		}
		if want = append(want, fmt.Sprint("answer to ", i)); !slices.Equal(got, want) {
			c.b.Errorf("visitor %d has\n%q\nwant\n%q", i, got, want)
		}
	}
}
