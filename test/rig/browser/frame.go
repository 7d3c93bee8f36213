package browser

import (
	"context"
	"strings"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// InFrame runs a script in the frame of the tab that shows a page of another site, which the tab's own scripts cannot look
// into. ok is false while there is none, or while it loads.
func InFrame(tab *Tab, site, script string) (got, ok bool) {
	tab.t.Helper()
	ctx, stop := context.WithTimeout(tab.Ctx, patience)
	defer stop()
	all, err := chromedp.Targets(ctx)
	if err != nil {
		return false, false
	}
	for _, one := range all {
		if one.Type == "iframe" && strings.HasPrefix(one.URL, site) {
			got, err := chromedp.Run(tab.frame(one.TargetID), chromedp.Evaluate[bool](script))
			return got, err == nil
		}
	}
	return false, false
}

// frame is the way into a frame, kept until the tab is closed.
func (tab *Tab) frame(id target.ID) context.Context {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	if tab.frames == nil {
		tab.frames = map[target.ID]context.Context{}
	}
	if tab.frames[id] == nil {
		ctx, stop := chromedp.NewContext(tab.Ctx, chromedp.WithTargetID(id))
		tab.t.Cleanup(stop)
		tab.frames[id] = ctx
	}
	return tab.frames[id]
}

// Offline takes the network away from the tab, and gives it back.
func (tab *Tab) Offline(gone bool) {
	tab.t.Helper()
	tab.Do("change the network", call(func(ctx context.Context) error {
		rules := []*network.Conditions{}
		if gone {
			rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
		}
		if _, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: rules}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: gone, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}
