package html

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Article says what a help article may show.
type Article struct {
	// Picture gives our own address for a picture by its name, pic_…; "" if there is none.
	Picture func(name string) string
}

// FromArticle renders the Markdown of a help article. Beside what [FromMarkdown] knows: tables; pictures of ours (![…](pic_…),
// others become links); ordered lists are steps (class "do"); a quote that begins with [!NOTE], [!TIP], [!IMPORTANT] or [!WARNING]
// is a callout; links to our own pages stay in the window. The title of the page is the only h1. The result has been through [Clean],
// which lets these classes through and no others.
func FromArticle(md string, a Article) string {
	md, _ = limit(md)
	if len(md) > MaxMarkdown {
		return FromText(md)
	}
	var out bytes.Buffer
	if err := articleMarkdown().Convert([]byte(helpEmphasis(md)), &out); err != nil {
		return FromText(md) // does not happen: writing to memory does not fail
	}
	return Clean(unhelp(out.String()), Options{CID: a.Picture, article: true}).HTML
}

// unhelp takes out what helpEmphasis put in, also where it came into an address.
func unhelp(s string) string {
	return strings.NewReplacer(string(helper), "", "%EE%80%80", "").Replace(s)
}

func articleMarkdown() goldmark.Markdown {
	p := markdownParser()
	p.AddOptions(parser.WithASTTransformers(util.Prioritized(dress{}, 500)))
	return goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table),
		goldmark.WithRendererOptions(html.WithHardWraps()))
}

// classes are those that a help article may have, and where.
var classes = map[string]map[string]bool{
	"ol":         {"do": true},
	"blockquote": {"callout callout--note": true, "callout callout--tip": true, "callout callout--important": true, "callout callout--warning": true},
}

// dress makes of plain Markdown what help articles look like.
type dress struct{}

// Transform is called by goldmark.
func (dress) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var remote []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // our own function returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = max(n.Level, 2)
		case *ast.List:
			if n.IsOrdered() {
				n.SetAttributeString("class", []byte("do"))
			}
		case *ast.Blockquote:
			callout(n, reader.Source())
		case *ast.Image:
			if strings.HasPrefix(string(n.Destination), "pic_") {
				n.Destination = append([]byte("cid:"), n.Destination...)
			} else {
				remote = append(remote, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, img := range remote {
		linked(img)
	}
}

var calloutHead = regexp.MustCompile(`^\[!(NOTE|TIP|IMPORTANT|WARNING)\]`)

// callout makes one of a quote that says so in its first line, and takes the sign away.
func callout(q *ast.Blockquote, source []byte) {
	p, ok := q.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return
	}
	first := p.Lines().At(0)
	m := calloutHead.FindSubmatch(first.Value(source))
	if m == nil {
		return
	}
	q.SetAttributeString("class", []byte("callout callout--"+strings.ToLower(string(m[1]))))
	end := first.Start + len(m[0])
	for c := p.FirstChild(); c != nil; {
		next := c.NextSibling()
		t, ok := c.(*ast.Text)
		if !ok || t.Segment.Start >= end {
			break
		}
		if t.Segment.Stop <= end {
			p.RemoveChild(p, c)
		} else {
			t.Segment = t.Segment.WithStart(end)
		}
		c = next
	}
	if p.ChildCount() == 0 {
		q.RemoveChild(q, p)
	}
}

// linked puts a link in the place of a picture that is elsewhere: our pages ask nobody else for anything.
func linked(img *ast.Image) {
	l := ast.NewLink()
	l.Destination = img.Destination
	for c := img.FirstChild(); c != nil; {
		next := c.NextSibling()
		l.AppendChild(l, c)
		c = next
	}
	if !l.HasChildren() {
		l.AppendChild(l, ast.NewString(img.Destination))
	}
	img.Parent().ReplaceChild(img.Parent(), img, l)
}

// ownPath is a page of ours or a place on this one.
func ownPath(href string) bool {
	return len(href) < 1000 && (strings.HasPrefix(href, "#") || strings.HasPrefix(href, "/hc/")) && !strings.Contains(href, "\\") && !strings.Contains(href, "..")
}
