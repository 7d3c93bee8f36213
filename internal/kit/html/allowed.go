package html

import (
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

const (
	everywhere = "style dir lang title align "
	boxed      = everywhere + "width height bgcolor background valign "
)

// elements and their attributes: what a letter needs and nothing that acts, embeds, submits or names (id, class, name).
var elements = func() map[string]map[string]bool {
	m := map[string]map[string]bool{}
	for _, e := range strings.Fields(`p div span br wbr hr b strong i em u s strike del ins small big sub sup mark q abbr cite dfn kbd samp var tt
		code pre blockquote center address article section header footer main nav aside figure figcaption h1 h2 h3 h4 h5 h6
		dl dt dd ul caption thead tbody tfoot colgroup ruby rb rt rp bdi bdo time`) {
		m[e] = set(everywhere)
	}
	m["a"] = set(everywhere + "href")
	m["img"] = set("style dir lang title align alt width height border src srcset")
	m["font"] = set(everywhere + "color face size")
	m["ol"] = set(everywhere + "start type reversed")
	m["li"] = set(everywhere + "value")
	m["table"] = set(boxed + "border cellpadding cellspacing")
	m["tr"] = set(boxed)
	m["td"] = set(boxed + "colspan rowspan nowrap")
	m["th"] = m["td"]
	m["col"] = set(boxed + "span")
	m["div"] = set(boxed)
	m["details"] = set("")
	m["summary"] = set("")
	return m
}()

var (
	void = set("br wbr hr img col")
	wall = set("table td th")
	// hidden elements hold no text for people. The tokenizer reads each of them up to its end tag.
	hidden = set("script style title noscript iframe noembed noframes")
	// properties of style that change how a letter looks and neither fetch, move it out of its frame nor lay it over others.
	properties = set(`color background-color background-image background font font-family font-size font-style font-weight font-variant
		line-height letter-spacing word-spacing text-align text-decoration text-decoration-line text-decoration-color text-indent text-transform
		white-space word-break word-wrap overflow-wrap vertical-align direction unicode-bidi
		margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
		border border-top border-right border-bottom border-left border-color border-style border-width border-radius border-collapse border-spacing
		border-top-color border-right-color border-bottom-color border-left-color border-top-style border-right-style border-bottom-style border-left-style
		border-top-width border-right-width border-bottom-width border-left-width
		width height min-width max-width min-height max-height display float clear list-style-type list-style-position table-layout caption-side empty-cells box-sizing`)
	displays = set("block inline inline-block none table table-row table-cell list-item")
)

// policy is the second opinion. It must hold on its own.
var policy = sync.OnceValue(newPolicy)

// articlePolicy also lets the classes of help articles through.
var articlePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := newPolicy()
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(?:do|callout callout--[a-z]+)$`)).OnElements("ol", "blockquote")
	return p
})

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for name, attrs := range elements {
		p.AllowElements(name)
		p.AllowNoAttrs().OnElements(name)
		for a := range attrs {
			if a != "srcset" && a != "background" && a != "style" {
				p.AllowAttrs(a).OnElements(name)
			}
		}
	}
	p.AllowAttrs("style").Matching(safeStyle).Globally()
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noopener noreferrer nofollow$`)).OnElements("a")
	p.AllowAttrs("data-remote", "loading").OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true) // our own addresses for pictures
	p.AllowDataURIImages()
	return p
}

var safeStyle = regexp.MustCompile(`(?i)^(?:[a-z-]+: ?(?:url\('[^'"()\\\s]+'\)|[a-z0-9 #%.,'+\-!_/\x80-\x{10FFFF}]|(?:rgb|hsl)a?\()[^;<>\\]*; ?)*$`)
