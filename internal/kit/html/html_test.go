package html_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"baraji/internal/kit/html"

	xhtml "golang.org/x/net/html"
)

var (
	allowedElements = fields(`html head body p div span br wbr hr b strong i em u s strike del ins small big sub sup mark q abbr cite dfn kbd samp var tt
		code pre blockquote center address article section header footer main nav aside figure figcaption h1 h2 h3 h4 h5 h6 dl dt dd ul ol li
		table caption thead tbody tfoot colgroup col tr td th ruby rb rt rp bdi bdo time a img font details summary`)
	allowedAttrs = fields(`dir lang title align valign alt width height bgcolor border cellpadding cellspacing colspan rowspan nowrap span color face size
		start type reversed value href target rel src data-remote loading style`)
	inlineImage = regexp.MustCompile(`^data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=]*$`)
	styleValue  = regexp.MustCompile(`^[a-z-]+: [^;]*;$`)
)

func fields(s string) map[string]bool {
	m := map[string]bool{}
	for _, f := range strings.Fields(s) {
		m[f] = true
	}
	return m
}

// check reads the output as a browser does and complains about anything that is not on the list, or would fetch something.
func check(t *testing.T, in, out string, images ...string) {
	t.Helper()
	doc, err := xhtml.Parse(strings.NewReader(out))
	if err != nil {
		t.Errorf("%q: %v", in, err)
		return
	}
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s\n  in  %.300q\n  out %.300q", fmt.Sprintf(format, args...), in, out)
	}
	for n := range doc.Descendants() {
		switch n.Type {
		case xhtml.CommentNode, xhtml.DoctypeNode:
			bad("comment or doctype %q", n.Data)
		case xhtml.ElementNode:
			if !allowedElements[n.Data] || n.Namespace != "" {
				bad("element <%s> in %q", n.Data, n.Namespace)
			}
			for _, a := range n.Attr {
				checkAttr(bad, n, a, images)
			}
		}
	}
}

func checkAttr(bad func(string, ...any), n *xhtml.Node, a xhtml.Attribute, images []string) {
	if !allowedAttrs[a.Key] {
		bad("attribute %s on %s", a.Key, n.Data)
	}
	ours := func(s string) bool {
		for _, i := range images {
			if strings.HasPrefix(s, i) {
				return true
			}
		}
		return false
	}
	switch a.Key {
	case "href":
		u, err := url.Parse(a.Val)
		if err != nil || n.Data != "a" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" && u.Scheme != "tel" {
			bad("href %q", a.Val)
		}
	case "src":
		if n.Data != "img" || !inlineImage.MatchString(a.Val) && !ours(a.Val) {
			bad("src %q", a.Val)
		}
	case "data-remote":
		if n.Data != "img" {
			bad("data-remote on %s", n.Data)
		}
	case "style":
		for _, d := range strings.SplitAfter(a.Val, ";") {
			d = strings.TrimSpace(d)
			lower := strings.ToLower(d)
			if d == "" {
				continue
			}
			if u := strings.Index(lower, "url("); u >= 0 && ours(strings.Trim(d[u+4:], "'")) && strings.Count(lower, "url(") == 1 {
				continue
			}
			for _, w := range []string{"url", "expression", "javascript", "//", `\`, "/*", "@", "fixed", "position", "behavior", "image-set", "attr(", "var(", "<"} {
				if strings.Contains(lower, w) {
					bad("style %q", a.Val)
				}
			}
			if !styleValue.MatchString(d) {
				bad("style %q", a.Val)
			}
		}
	}
}

func TestWhatALetterNeedsStays(t *testing.T) {
	own := html.Options{CID: func(id string) string {
		if id == "logo@shop" {
			return "/file/1?s=x"
		}
		return ""
	}}
	consent := own
	consent.Proxy = func(u string) string { return "/proxy/abc?u=" + url.QueryEscape(u) }
	tests := []struct {
		name, in, want string
		o              html.Options
	}{
		{"text", `a < b & c`, `a &lt; b &amp; c`, own},
		{"marks", `<p>안녕 <b>하세요</b></p>`, `<p>안녕 <b>하세요</b></p>`, own},
		{"closed for it", `<div><b>x`, `<div><b>x</b></div>`, own},
		{"crossed", `<b><i>x</b>y</i>`, `<b><i>x</i></b>y`, own},
		{"a stray end", `x</div></p>y`, `xy`, own},
		{"a cell is a wall", `<table><tr><td></table></td></tr></table>z`, `<table><tr><td></td></tr></table>z`, own},
		{"style", `<p style="COLOR:Red; position:fixed; font-family:'맑은 고딕', sans-serif;background:url(http://x/y) #fff">x</p>`,
			`<p style="color: Red; font-family: &#39;맑은 고딕&#39;, sans-serif; background: #fff;">x</p>`, own},
		{"colours", `<td style="color:rgb(1, 2,3);border:1px solid rgba(0,0,0,.5);width:50%">x</td>`, `<td style="color: rgb(1, 2,3); border: 1px solid rgba(0,0,0,.5); width: 50%;">x</td>`, own},
		{"link", `<a href="https://shop.example/a?b=1&amp;c=2" onclick=x()>go</a>`,
			`<a href="https://shop.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">go</a>`, own},
		{"bad link", `<a href="javascript:x()">go</a>`, `<a>go</a>`, own},
		{"its own picture", `<img src="cid:logo@shop" alt="로고">`, `<img alt="로고" src="/file/1?s=x">`, own},
		{"a picture that is not there", `<img src="cid:nope">`, `<img>`, own},
		{"blocked", `<img src="https://t.example/p.gif" width=1>`, `<img width="1" loading="lazy" data-remote="https://t.example/p.gif">`, own},
		{"after consent", `<img src="//t.example/p.gif">`, `<img loading="lazy" src="/proxy/abc?u=https%3A%2F%2Ft.example%2Fp.gif">`, consent},
		{"background after consent", `<td background="http://t.example/b.png">x</td>`, `<td style="background-image: url(&#39;/proxy/abc?u=http%3A%2F%2Ft.example%2Fb.png&#39;);">x</td>`, consent},
		{"body colour", `<html><body bgcolor="#eee">x</body></html>y`, `<div><div bgcolor="#eee">xy</div></div>`, own},
		{"hidden things", `a<style>p{x}</style><script>y</script><title>t</title>b`, `ab`, own},
		{"svg text stays readable", `<svg><text>hi</text></svg>`, `hi`, own},
		{"a picture in the text", `<img src="data:image/png;base64,AAAA">`, `<img src="data:image/png;base64,AAAA">`, own},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := html.Clean(tt.in, tt.o).HTML; got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestCleanCountsAndNames(t *testing.T) {
	r := html.Clean(`<img src=http://a/1><td background=http://a/2><p style="background:url(//a/3)"><img src=cid:x%40y>
		<a href="https://evil.example/">www.bank.example</a><a href=https://www.bank.example/x>bank.example</a><a href=https://a.example>click</a>`,
		html.Options{CID: func(id string) string { return "/f" }})
	if r.Remote != 3 || len(r.CIDs) != 1 || r.CIDs[0] != "x@y" {
		t.Errorf("remote %d, cids %v", r.Remote, r.CIDs)
	}
	if len(r.Links) != 3 || !r.Links[0].Misleading || r.Links[1].Misleading || r.Links[2].Misleading || r.Links[0].Text != "www.bank.example" {
		t.Errorf("links %+v", r.Links)
	}
	if r := html.Clean(strings.Repeat("가", html.MaxInput), html.Options{}); !r.Cut || len(r.HTML) > html.MaxInput {
		t.Errorf("cut %v, %d bytes", r.Cut, len(r.HTML))
	}
}

func TestXSS(t *testing.T) {
	list := payloads()
	t.Logf("%d payloads", len(list))
	if len(list) < 200 {
		t.Error("too few")
	}
	cid := func(id string) string { return "/own/" + url.QueryEscape(id) }
	proxy := func(u string) string { return "/own/" + url.QueryEscape(u) }
	for _, in := range list {
		check(t, in, html.Clean(in, html.Options{CID: cid}).HTML, "/own/")
		check(t, in, html.Clean(in, html.Options{CID: cid, Proxy: proxy}).HTML, "/own/")
		twice := html.Clean(html.Clean(in, html.Options{}).HTML, html.Options{}).HTML
		check(t, in, twice)
		check(t, in, html.FromMarkdown(in))
		check(t, in, html.Fold("", html.Clean(in, html.Options{}).HTML, in))
	}
}

// T43: before consent, nothing in the result makes a browser ask anybody for anything.
func TestNothingPhonesHome(t *testing.T) {
	ways := phones()
	t.Logf("%d ways", len(ways))
	if len(ways) < 60 {
		t.Error("too few")
	}
	for _, in := range ways {
		check(t, in, html.Clean(in, html.Options{}).HTML)
		after := html.Clean(in, html.Options{Proxy: func(u string) string { return "/proxy/" + url.QueryEscape(u) }}).HTML
		check(t, in, after, "/proxy/")
	}
}

func TestMarkdown(t *testing.T) {
	tests := []struct{ in, want string }{
		{"**한글(강조)**은 굵게", "<strong>한글(강조)</strong>은 굵게"},
		{"이것은**(중요)**합니다", "이것은<strong>(중요)</strong>합니다"},
		{"*“인용”*이라고", "<em>“인용”</em>이라고"},
		{"**50%**를", "<strong>50%</strong>를"},
		{"**bold** and *it*", "<strong>bold</strong> and <em>it</em>"},
		{"a * b * c", "a * b * c"},
		{"2*3*4", "2<em>3</em>4"},
		{"a <b>x</b> <script>alert(1)</script>", "a &lt;b&gt;x&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;"},
		{"<div>\nx\n</div>", "&lt;div&gt;<br>\nx<br>\n&lt;/div&gt;"},
		{"one\ntwo", "one<br>\ntwo"},
		{"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"},
		{"[x](javascript:alert(1))", "<a>x</a>"},
		{"`**가(나)**다`", "<code>**가(나)**다</code>"},
		{"~~old~~", "<del>old</del>"},
		{"https://shop.example/1", `<a href="https://shop.example/1" target="_blank" rel="noopener noreferrer nofollow">https://shop.example/1</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got := strings.TrimSpace(html.FromMarkdown(tt.in))
			if got != tt.want && got != "<p>"+tt.want+"</p>" {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestLongTextStaysAsItIs(t *testing.T) {
	if got, want := html.FromText("a <b>\r\nc\n\n\nd"), "<p>a &lt;b&gt;<br>\nc</p>\n<p>d</p>\n"; got != want {
		t.Errorf("got %q", got)
	}
	if got := html.FromMarkdown(strings.Repeat("**x** ", 10_000)); strings.Contains(got, "<strong>") || !strings.Contains(got, "**x**") {
		t.Error("a pasted text was rendered")
	}
}

func TestToText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"paragraphs", "<p>One\n two</p><p>Three</p>", "One two\n\nThree"},
		{"lines", "a<br>b<br><br>c<div>d</div>e", "a\nb\n\nc\nd\ne"},
		{"list", "<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>x", "- a\n- b\n  1. c\n  2. d\n\nx"},
		{"quote", "<p>x</p><blockquote>a<br>b</blockquote><p>y</p>", "x\n\n> a\n> b\n\ny"},
		{"link", `<a href="https://a.example/x">here</a> <a href="https://a.example">a.example</a> <a href="mailto:k@a.example">k@a.example</a>`,
			"here (https://a.example/x) a.example k@a.example"},
		{"hidden", "<style>x</style>a<script>b</script><title>c</title> d", "a d"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"pre", "<pre>a\n  b</pre>", "a\n  b"},
		{"picture", `<img alt="로고"> <img>`, "[로고]"},
		{"entities", "a &lt;b&gt; &amp; c", "a <b> & c"},
		{"words with marks", "<b>한글</b>은 <i>x</i>", "한글은 x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := html.ToText(tt.in); strings.TrimSpace(got) != tt.want {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestTheFrameRunsNothing(t *testing.T) {
	csp := html.FrameCSP(html.Sandbox, "https://img.example", "x; script-src *")
	for _, must := range []string{"default-src 'none'", "script-src 'none'", "form-action 'none'", "base-uri 'none'", "img-src 'self' data: https://img.example;", "sandbox allow-popups"} {
		if !strings.Contains(csp, must) {
			t.Errorf("%q is missing in %s", must, csp)
		}
	}
	if strings.Contains(csp+html.SandboxMeasured, "allow-scripts") || strings.Contains(csp, "script-src *") || strings.Contains(csp, "allow-forms") {
		t.Error(csp)
	}
	doc := string(html.Document("<p>x</p>", `ko"><script>`, html.Dark))
	if strings.Contains(doc, "<script") || !strings.Contains(doc, `lang="en"`) || !strings.Contains(doc, "color-scheme:dark") {
		t.Error(doc)
	}
}

func FuzzHTML(f *testing.F) {
	for _, p := range payloads() {
		f.Add(p)
	}
	for _, p := range phones() {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) > 10_000 {
			return
		}
		check(t, in, html.Clean(in, html.Options{}).HTML)
		check(t, in, html.Clean(in, html.Options{Proxy: func(u string) string { return "/proxy/" + url.QueryEscape(u) }}).HTML, "/proxy/")
		check(t, in, html.FromMarkdown(in))
		html.ToText(in)
	})
}

func BenchmarkClean(b *testing.B) {
	in := strings.Repeat(`<table width="600"><tr><td style="color:#333;font-size:14px"><p>안녕하세요 <b>고객님</b>, <a href="https://shop.example/o/1">주문</a></p><img src="https://t.example/x.gif"></td></tr></table>`, 100)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		html.Clean(in, html.Options{})
	}
}
