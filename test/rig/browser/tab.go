package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Tab is a page as one visitor sees it. Its steps fail the test when they cannot be done.
type Tab struct {
	Ctx context.Context // for chromedp

	t       testing.TB
	mu      sync.Mutex
	allowed []*regexp.Regexp
	errors  []string
	held    [2]float64 // where the mouse is pressed
	frames  map[target.ID]context.Context
}

// Tab opens an empty tab with its own cookies.
func (c *Chrome) Tab(t testing.TB) *Tab {
	t.Helper()
	var options []chromedp.ContextOption
	if !c.ours {
		options = append(options, chromedp.WithNewBrowserContext())
	}
	return begin(t, c.ctx, options...)
}

// Beside opens another tab of the same browser, with the same cookies and the same storage.
func (tab *Tab) Beside(t testing.TB) *Tab {
	t.Helper()
	return begin(t, tab.Ctx)
}

func begin(t testing.TB, in context.Context, options ...chromedp.ContextOption) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(in, options...)
	tab := &Tab{Ctx: ctx, t: t}
	messages := chromedp.Console(ctx)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == chromedp.ConsoleError || m.Type == "assert" {
				tab.note(m.String() + " (" + m.URL + ")")
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-read
		for _, text := range tab.Errors() {
			t.Errorf("the page's console: %s", text)
		}
	})
	// A tab without the focus loses keys: on a busy machine the first one of a new tab.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

func (tab *Tab) note(text string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.errors = append(tab.errors, text)
}

// Allow announces errors on the console that belong to the story, such as "status of 422".
func (tab *Tab) Allow(pattern string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.allowed = append(tab.allowed, regexp.MustCompile(pattern))
}

// Errors are the errors on the console so far, without those that were announced.
func (tab *Tab) Errors() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	var found []string
	for _, text := range tab.errors {
		if !tab.expects(text) {
			found = append(found, text)
		}
	}
	return found
}

// All are the errors on the console so far, with those that were announced.
func (tab *Tab) All() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return slices.Clone(tab.errors)
}

func (tab *Tab) expects(text string) bool {
	for _, p := range tab.allowed {
		if p.MatchString(text) {
			return true
		}
	}
	return false
}

// Do runs steps of chromedp.
func (tab *Tab) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.Ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tab.t.Fatalf("%s: %v%s", what, err, tab.where())
	}
}

// Get runs an action of chromedp that has a result.
func Get[T any](tab *Tab, what string, action chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.Ctx, patience)
	defer stop()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		tab.t.Fatalf("%s: %v%s", what, err, tab.where())
	}
	return value
}

// Eval evaluates JavaScript in the page, waiting for a promise.
func Eval[T any](tab *Tab, script string) T {
	tab.t.Helper()
	return Get(tab, "evaluate "+clip(script), chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Is says whether a script is true just now. While the page is being left for another, or is only half there, nothing is.
func (tab *Tab) Is(script string) bool {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.Ctx, patience)
	defer stop()
	is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState !== "loading" && !!(`+script+")", chromedp.EvalAwaitPromise))
	if err != nil && !left.MatchString(err.Error()) {
		tab.t.Fatalf("evaluate %s: %v%s", clip(script), err, tab.where())
	}
	return is
}

// left is what the browser says of a script whose page went away beneath it.
var left = regexp.MustCompile("Inspected target navigated|context was destroyed|Cannot find (default execution )?context|uniqueContextId not found")

// Go opens an address and waits until the page is loaded. It returns the status of the answer.
func (tab *Tab) Go(url string) int {
	tab.t.Helper()
	resp := Get(tab, "go to "+url, chromedp.NavigateResponse(url))
	tab.painted()
	if resp == nil {
		return 0
	}
	return int(resp.Status)
}

// painted waits for the first picture of the page: until then the browser drops keys and clicks. A page that is never painted is none of its business.
func (tab *Tab) painted() {
	ctx, stop := context.WithTimeout(tab.Ctx, patience)
	defer stop()
	chromedp.Run(ctx, chromedp.Evaluate[bool](`Promise.race([
		new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))),
		new Promise((done) => setTimeout(() => done(false), 1000))])`, chromedp.EvalAwaitPromise))
}

// ready waits until the page that a deed led to can be used: what stands on it is to be seen before its scripts have run and before its first picture,
// and a pointer or a key that comes that early meets nothing.
func (tab *Tab) ready() {
	tab.t.Helper()
	for end := time.Now().Add(patience); !tab.Is(`document.readyState === "complete"`); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			tab.t.Fatalf("the page is never whole%s", tab.where())
		}
	}
	tab.painted()
}

// Before runs a script in every page that is opened from here on, before any of its own.
func (tab *Tab) Before(script string) {
	tab.t.Helper()
	tab.Do("set a script", call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// Click, Clear and Text act on the first element that a CSS selector finds, once it is visible.
func (tab *Tab) Click(sel string) {
	tab.t.Helper()
	tab.Do("click "+sel, chromedp.Click(sel))
}

func (tab *Tab) Clear(sel string) {
	tab.t.Helper()
	tab.Do("clear "+sel, chromedp.Clear(sel))
}

func (tab *Tab) Text(sel string) string {
	tab.t.Helper()
	return strings.TrimSpace(Get(tab, "text of "+sel, chromedp.Text(sel)))
}

// Wait waits until an element is visible; Gone until none is.
func (tab *Tab) Wait(sel string) {
	tab.t.Helper()
	tab.Do("wait for "+sel, chromedp.WaitVisible(sel))
}

func (tab *Tab) Gone(sel string) {
	tab.t.Helper()
	tab.Do("wait until gone: "+sel, chromedp.WaitNotVisible(sel))
}

// See waits until the page shows a text.
func (tab *Tab) See(text string) {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.Ctx, patience)
	defer stop()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		shown, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
		if err == nil && strings.Contains(shown, text) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tab.t.Fatalf("the page never shows %q%s", text, tab.where())
		}
	}
}

// Compose writes text into the focused element as a Korean input method does: each step replaces the unfinished syllable ("ㅎ", "하", "한"), the last
// is committed.
func (tab *Tab) Compose(steps ...string) {
	tab.t.Helper()
	tab.Composing(steps...)
	tab.Do("commit", call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: steps[len(steps)-1]})
		return err
	}))
}

// Size sets the viewport in CSS pixels; below 500 wide it is a phone that is touched.
func (tab *Tab) Size(width, height int64) {
	tab.t.Helper()
	var options []chromedp.EmulateViewportOption
	if width < 500 {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	tab.Do("set the size", chromedp.EmulateViewport(width, height, options...))
}

// Theme is what the visitor's system prefers: "light" or "dark". Motion is reduced, so that pictures are stable.
func (tab *Tab) Theme(scheme string) {
	tab.t.Helper()
	tab.Do("set the theme", call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

// Header sends further request headers from here on, such as Accept-Language.
func (tab *Tab) Header(name, value string) {
	tab.t.Helper()
	tab.Do("set a header", call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{name: value}})
		return err
	}))
}

// Cookie gives the browser a cookie of a site: that of somebody who is signed in.
func (tab *Tab) Cookie(site, name, value string) {
	tab.t.Helper()
	tab.Do("set a cookie", call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: site})
		return err
	}))
}

// Screenshot writes what the viewport shows into a PNG file, once its fonts are there.
func (tab *Tab) Screenshot(path string) {
	tab.t.Helper()
	Eval[bool](tab, "document.fonts.ready.then(() => true)")
	picture := Get(tab, "screenshot", chromedp.CaptureScreenshot())
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, picture, 0o644)); err != nil {
		tab.t.Fatal(err)
	}
}

// where tells the page's address and console, for a failure.
func (tab *Tab) where() string {
	ctx, stop := context.WithTimeout(tab.Ctx, time.Second)
	defer stop()
	url, _ := chromedp.Run(ctx, chromedp.Location())
	return "\n  at " + url + "\n  console: " + strings.Join(tab.Errors(), "\n  ")
}

func call(f func(ctx context.Context) error) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return f(ctx) })
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
