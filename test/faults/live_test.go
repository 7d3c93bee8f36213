package faults

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"baraji/test/rig"
)

// live is a page that is open on the first node of a cluster: its stream of changes.
type live struct {
	c       *cluster
	client  *http.Client
	talks   []string    // conversations that it follows, and nobody else touches
	changes chan string // topics that changed
}

// follow signs in at the first node and opens a page that follows some conversations.
func follow(t *testing.T, ctx context.Context, c *cluster) *live {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	l := &live{c: c, client: &http.Client{Jar: jar}, changes: make(chan string, 1000)}
	for i := range 40 {
		id, err := c.talk(ctx, "", "watched", fmt.Sprintf("cho%d@customer.example", i))
		if err != nil {
			t.Fatal(err)
		}
		l.talks = append(l.talks, id)
	}
	l.signIn(t, c.nodes[0])
	go l.listen(ctx)
	return l
}

var csrf = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

func (l *live) signIn(t *testing.T, p *rig.Running) {
	t.Helper()
	if _, err := p.Command(rig.Password+"\n", "user", "create", "--email", email, "--name", "Live", "--role", "admin", "--password-stdin"); err != nil {
		t.Fatal(err)
	}
	l.enter(t, p)
}

const email = "live@shop.example"

// enter signs in.
func (l *live) enter(t *testing.T, p *rig.Running) {
	t.Helper()
	if err := l.try(p); err != nil {
		t.Fatal(err)
	}
}

func (l *live) try(p *rig.Running) error {
	resp, err := l.client.Get(p.URL + "/sign-in")
	if err != nil {
		return err
	}
	page := body(resp)
	field := csrf.FindStringSubmatch(page)
	if field == nil {
		return fmt.Errorf("the sign-in page has no token:\n%s", page)
	}
	resp, err = l.client.PostForm(p.URL+"/sign-in", url.Values{"_csrf": {field[1]}, "email": {email}, "password": {rig.Password}})
	if err != nil {
		return err
	}
	if page := body(resp); resp.StatusCode != 200 || strings.Contains(page, `name="password"`) {
		return fmt.Errorf("sign in: %s", resp.Status)
	}
	return nil
}

func body(resp *http.Response) string {
	defer resp.Body.Close()
	var b strings.Builder
	bufio.NewReader(resp.Body).WriteTo(&b)
	return b.String()
}

// listen reads the stream, and opens it again from where it was when it ends, as a browser does.
func (l *live) listen(ctx context.Context) {
	topics := url.Values{}
	for _, id := range l.talks {
		topics.Add("topic", "conversation:"+id)
	}
	last := ""
	for ctx.Err() == nil {
		req, _ := http.NewRequestWithContext(ctx, "GET", l.c.nodes[0].URL+"/live?"+topics.Encode(), nil)
		if last != "" {
			req.Header.Set("Last-Event-ID", last)
		}
		resp, err := l.client.Do(req)
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				last = id
			}
			if data, ok := strings.CutPrefix(lines.Text(), `data: {"topic":"conversation:`); ok {
				l.changes <- strings.TrimSuffix(data, `"}`)
			}
		}
		resp.Body.Close()
	}
}

// measure writes notes on the other nodes, n or until ended, and says after what
// time the page was told. Where a node died in between, nothing was measured.
func (l *live) measure(ctx context.Context, n int, ended <-chan struct{}) (took []time.Duration) {
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case <-ended:
			return took
		case <-time.After(50 * time.Millisecond):
		}
		epoch, talk := l.c.epoch.Load(), l.talks[i%len(l.talks)]
		began := time.Now()
		once, cancel := context.WithTimeout(ctx, 15*time.Second)
		a, err := l.c.nodes[1+i%(len(l.c.nodes)-1)].TryAPI(once, "POST", "/conversations/"+talk+"/messages", map[string]any{"kind": "note", "text": "Look."}, nil)
		cancel()
		if err != nil || a.Status != 201 {
			continue
		}
		l.told(talk, 20*time.Second) // if it is not, that was 20 s
		if l.c.epoch.Load() == epoch {
			took = append(took, time.Since(began))
		}
	}
	return took
}

func (l *live) told(talk string, within time.Duration) {
	over := time.After(within)
	for {
		select {
		case id := <-l.changes:
			if id == talk {
				return
			}
		case <-over:
			return
		}
	}
}

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return time.Hour // nothing was measured: that is no good figure
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func spread(all []time.Duration) string {
	ms := func(q float64) int64 { return quantile(all, q).Milliseconds() }
	return fmt.Sprintf("%d looks, p50 %d ms, p95 %d ms, most %d ms", len(all), ms(0.5), ms(0.95), ms(1))
}
