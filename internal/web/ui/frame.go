package ui

import (
	"context"
	"slices"
	"strconv"

	"baraji/internal/kit/i18n"
)

// Frame is what surrounds a page: the ways to everywhere else.
type Frame struct {
	Areas     []Area         // nil shows Areas()
	Counts    map[string]int // by the area's name; 0 is not shown
	Groups    []Group        // the viewer's own ways, under a head each
	Foot      []Link         // above the viewer's name: who is on call
	Status    string         // beside the viewer's name: "4 of 6 open"
	Bell      *Bell          // nil: none
	Find      string         // where the palette asks; empty: only what the page can do
	Live      string         // where the stream of changes is; empty: none
	LiveSince string         // the last change that the page has seen
}

// Area is a part of the product with its own place in the navigation. Its label
// is the word "common.area_" + Name.
type Area struct {
	Name, Path, Icon string
	Right            string // needed to see it; empty: everyone
	Key              string // two keys in a row: "g i"
}

// Areas lists the areas in the order of the navigation.
func Areas() []Area {
	return []Area{
		{Name: "inbox", Path: "/inbox", Icon: "inbox", Right: "conversation.read", Key: "g i"},
		{Name: "customers", Path: "/customers", Icon: "users-round", Right: "contact.read", Key: "g c"},
		{Name: "sales", Path: "/sales", Icon: "square-kanban", Right: "deal.read", Key: "g d"},
		{Name: "coverage", Path: "/coverage", Icon: "calendar-clock", Right: "conversation.read", Key: "g w"},
		{Name: "campaigns", Path: "/campaigns", Icon: "send", Right: "campaign.run", Key: "g m"},
		{Name: "reports", Path: "/reports", Icon: "chart-column", Right: "report.read", Key: "g r"},
		{Name: "incidents", Path: "/incidents", Icon: "shield-alert", Right: "conversation.read", Key: "g x"},
		{Name: "promises", Path: "/promises", Icon: "handshake", Right: "conversation.read", Key: "g p"},
		{Name: "knowledge", Path: "/knowledge", Icon: "book-open", Right: "article.read", Key: "g k"},
		{Name: "runbooks", Path: "/runbooks", Icon: "list-checks", Right: "article.read", Key: "g b"},
		{Name: "assistant", Path: "/assistant", Icon: "sparkle", Right: "article.read", Key: "g a"},
		{Name: "settings", Path: "/settings", Icon: "settings-2", Key: "g s"},
	}
}

// Group is links under one head.
type Group struct {
	Head  string
	Links []Link
}

// Link is a way to somewhere, in a navigation, tabs or a menu.
type Link struct {
	Label, URL, Icon string
	Count            int    // not shown when 0
	Hot              bool   // the count wants attention
	Current          bool   // the viewer is here
	Key              string // single key
}

// PageProps says what a page is.
type PageProps struct {
	Title string // of the window, in the reader's language
	Area  string // where in the navigation it belongs
	Far   bool   // its looks are with those of the areas that hardly anybody opens first
}

// frame asks the viewer's frame and drops what he may not see.
func frame(ctx context.Context) Frame {
	v, f := Of(ctx), Frame{}
	if v.Frame != nil {
		f = v.Frame(ctx)
	}
	all := f.Areas
	if all == nil {
		all = Areas()
	}
	f.Areas = nil
	for _, a := range all {
		if v.Can(a.Right) {
			f.Areas = append(f.Areas, a)
		}
	}
	return f
}

func (f Frame) hasGroups() bool { return len(f.Groups) > 0 }

// tabs are the areas of the phone's tab bar: five fit, the last is the menu, and the bell is one of them.
func (f Frame) tabs() []Area {
	fit := 4
	if f.Bell != nil {
		fit = 3
	}
	return f.Areas[:min(fit, len(f.Areas))]
}

// currentArea is "page", or "true" where a view inside the area is the page.
func (f Frame) currentArea(a Area, area string) string {
	if a.Name != area {
		return ""
	}
	for _, g := range f.Groups {
		for _, l := range g.Links {
			if l.Current {
				return "true"
			}
		}
	}
	return "page"
}

func areaLabel(ctx context.Context, a Area) string { return i18n.T(ctx, "common.area_"+a.Name) }

// count is a number that fits a narrow place.
func count(ctx context.Context, n int) string {
	if n > 9999 {
		return strconv.Itoa(n/1000) + "k"
	}
	return i18n.Number(ctx, int64(n))
}

// far says whether a page is of an area that hardly anybody opens first: its looks are loaded with it (static/far).
func (p PageProps) far() bool {
	return p.Far || slices.Contains([]string{"assistant", "settings", "knowledge", "coverage", "incidents", "promises", "runbooks", "notices", "campaigns"}, p.Area)
}

// makes says whether something is made on the page, with scripts of its own: articles, forms, paths of buttons.
func (p PageProps) makes() bool {
	return slices.Contains([]string{"knowledge", "assistant", "settings", "coverage"}, p.Area)
}
