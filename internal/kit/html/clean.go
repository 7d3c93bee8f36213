package html

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// MaxInput is what is read of one piece of HTML, in bytes. The rest is cut: the original mail is still there.
const MaxInput = 2 << 20

const maxDepth = 100 // open elements; deeper ones lose their tags and keep their text

// Options say what to do with pictures.
type Options struct {
	// CID gives our own URL for a picture that came with the mail, by its Content-ID; "" if there is none.
	CID func(id string) string
	// Proxy gives the signed URL of our image proxy for a remote picture. Nil until the reader agreed.
	Proxy func(remote string) string

	article bool // the classes and local links of FromArticle
}

// Result is cleaned HTML.
type Result struct {
	HTML   string
	Remote int      // pictures that are elsewhere, blocked or proxied
	Links  []Link   // up to 500
	CIDs   []string // Content-IDs that the text shows: those attachments need no line of their own
	Cut    bool     // the input was longer than MaxInput
}

// Link is one link of the text.
type Link struct {
	Href, Text string
	Misleading bool // the text names another host than the link goes to
}

// Clean makes HTML from outside safe. It never fails: what is not understood is left out or stands as text.
func Clean(input string, o Options) Result {
	c := cleaner{options: o}
	input, c.result.Cut = limit(input)
	c.out.Grow(len(input))
	z := html.NewTokenizer(strings.NewReader(input))
	z.SetMaxBuf(MaxInput + 1)
	for {
		switch z.Next() {
		case html.ErrorToken:
			c.closeTo(0)
			c.result.HTML = c.options.policy().Sanitize(c.out.String())
			return c.result
		case html.TextToken:
			c.text(z)
		case html.StartTagToken, html.SelfClosingTagToken:
			c.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			c.end(string(name))
		}
	}
}

func (o Options) policy() *bluemonday.Policy {
	if o.article {
		return articlePolicy()
	}
	return policy()
}

type cleaner struct {
	options Options
	result  Result
	out     strings.Builder
	open    []string // elements written and not closed
	raw     string   // the element whose content is not text for people
	link    *strings.Builder
}

func (c *cleaner) text(z *html.Tokenizer) {
	if c.raw != "" {
		return
	}
	text := string(z.Text())
	if c.link != nil && c.link.Len() < 300 {
		c.link.WriteString(text[:min(len(text), 300)])
	}
	c.out.WriteString(escape(text))
}

func (c *cleaner) start(z *html.Tokenizer) {
	b, more := z.TagName()
	name := string(b)
	if hidden[name] {
		c.raw = name // the tokenizer gives all of it as one text
		return
	}
	c.raw = ""
	allowed, known := elements[name]
	if name == "body" || name == "html" {
		name, allowed, known = "div", elements["div"], true // their colours and fonts are part of the letter
	}
	if !known || len(c.open) >= maxDepth && !void[name] {
		return
	}
	if name == "a" {
		c.end("a") // links do not nest
	}
	attrs := c.attributes(name, allowed, z, more)
	c.out.WriteString("<" + name)
	for _, a := range attrs {
		c.out.WriteString(" " + a.Key + `="` + escape(a.Val) + `"`)
	}
	c.out.WriteByte('>')
	if !void[name] {
		c.open = append(c.open, name)
	}
}

// end closes an element and what was left open inside it. A table cell is a wall, as in browsers: a stray end tag
// inside must not close the table around.
func (c *cleaner) end(name string) {
	c.raw = ""
	if name == "body" || name == "html" {
		return // what comes after them still belongs to the letter
	}
	for i := len(c.open) - 1; i >= 0; i-- {
		if c.open[i] == name {
			c.closeTo(i)
			return
		}
		if wall[c.open[i]] && !wall[name] {
			return
		}
	}
}

func (c *cleaner) closeTo(depth int) {
	for i := len(c.open) - 1; i >= depth; i-- {
		c.out.WriteString("</" + c.open[i] + ">")
		if c.open[i] == "a" {
			c.endLink()
		}
	}
	c.open = c.open[:depth]
}

func limit(s string) (string, bool) {
	if len(s) > MaxInput {
		return strings.ToValidUTF8(s[:MaxInput], ""), true
	}
	return strings.ToValidUTF8(s, "\uFFFD"), false
}

func escape(s string) string { return html.EscapeString(strings.ReplaceAll(s, "\x00", "")) }
