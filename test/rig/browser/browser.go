// Package browser opens pages in a real headless Chromium. It is apart from package rig because the protocol's types are large to link.
//
//	chrome := browser.Open(t)
//	tab := chrome.Tab(t)               // a visitor with a cookie jar of its own
//	tab.Go(desk.URL + "/inbox")
//	tab.Type("#reply", "On its way.")
//	tab.Click("button[type=submit]")
//	tab.See("On its way.")
//
// Whatever a page reports as an error on its console (an exception, a refused resource, a breach of the CSP) fails the test, unless it was announced
// with [Tab.Allow]. For what the methods here do not offer, use chromedp with Tab.Ctx.
package browser

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"baraji/test/rig"
)

// patience is how long a step in the browser may take: far more than any page needs, so that only what never comes fails.
const patience = 20 * time.Second

// Chrome is a running browser.
type Chrome struct {
	ctx  context.Context
	ours bool // tabs share the browser's own profile instead of having one each
}

// Open starts a browser, which ends with the test. It takes half a second: sub-tests better share one.
func Open(t testing.TB) *Chrome { t.Helper(); return open(t) }

func open(t testing.TB, more ...chromedp.ExecAllocatorOption) *Chrome {
	t.Helper()
	path := rig.Need(t, "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // it refuses to run as root otherwise
		chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1440, 900),
		// A test talks to this machine only, and without these the browser asks its maker's servers for updates and the like.
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("dns-prefetch-disable", true),
		chromedp.Flag("lang", "en-US"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
	)
	options = append(options, more...)
	alloc, closeBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(closeBrowser)
	// The first context is the browser's own; tabs are its children.
	ctx, closeFirstTab := chromedp.NewContext(alloc, chromedp.WithLogf(t.Logf), chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(closeFirstTab)
	if err := chromedp.Do(ctx); err != nil { // without a deadline: the browser lives as long as the context that started it
		t.Fatalf("start Chromium: %v", err)
	}
	return &Chrome{ctx: ctx, ours: len(more) > 0}
}
