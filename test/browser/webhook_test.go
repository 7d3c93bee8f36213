package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	reference "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"baraji/test/rig"
	"baraji/test/rig/browser"
)

// A webhook is made, tried, given a new secret and deleted by somebody at a screen; what arrives is what the reference verifier takes.
func TestAWebhookIsMadeAndTried(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	d := openDesk(t, "BARAJI_ALLOW_PRIVATE=127.0.0.0/8")
	var mu sync.Mutex
	var secret string
	verified := 0
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		mu.Lock()
		defer mu.Unlock()
		if v, err := reference.NewWebhook(secret); err == nil && v.Verify(body, q.Header) == nil {
			verified++
		}
		io.WriteString(w, "thank you")
	}))
	t.Cleanup(r.Close)

	tab := d.at(t, browser.Open(t), d.URL, "mina", "/settings/webhooks")
	tab.See("No webhook yet")
	tab.NoViolations()
	tab.Go(d.URL + "/settings/webhooks/new")
	tab.Type("input[name=address]", r.URL+"/in")
	tab.Type("input[name=about]", "The shop")
	tab.Click("input[value=some]")
	tab.Click("summary")
	tab.NoViolations()
	tab.Click("input[value=team]")
	tab.Click(".set__foot .btn--main")
	tab.See("Keep this secret")
	tab.NoViolations()
	mu.Lock()
	secret = tab.Text(".copy__text")
	mu.Unlock()
	if !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("the secret is %q", secret)
	}
	tab.Click(".set__in .btn--main")
	tab.See("What was sent")
	tab.Click("form[action$='/test'] button")
	tab.See("Webhook tried")
	tab.See("answered 200")
	tab.NoViolations()
	mu.Lock()
	if verified == 0 {
		t.Error("the reference verifier took nothing")
	}
	mu.Unlock()
	tab.Click("form[action$='/rotate'] button")
	tab.See("The new secret")
	if fresh := tab.Text(".copy__text"); fresh == secret {
		t.Error("it is the old one")
	}
	tab.Click(".set__in .btn--main")
	tab.See("signed with the old secret too")
	tab.Click("#hook-end summary")
	tab.Click("form[action$='/delete'] button")
	tab.See("No webhook yet")
}
