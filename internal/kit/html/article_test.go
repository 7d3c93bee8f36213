package html

import (
	"strings"
	"testing"
)

func ourPictures(name string) string {
	if name == "pic_01" {
		return "/hc/ko/picture/pic_01"
	}
	return ""
}

func TestKoreanEmphasis(t *testing.T) {
	for md, want := range map[string]string{
		"**한글(강조)**은 굵어요":                 "<p><strong>한글(강조)</strong>은 굵어요</p>",
		"**“따옴표”**라고 해요":                  "<p><strong>“따옴표”</strong>라고 해요</p>",
		"이것은**(괄호)** 안이에요":                "<p>이것은<strong>(괄호)</strong> 안이에요</p>",
		"**10%**를 깎아 드려요":                 "<p><strong>10%</strong>를 깎아 드려요</p>",
		"**배송비(3,000원)**가 들어요":            "<p><strong>배송비(3,000원)</strong>가 들어요</p>",
		"**「설정」**에서 눌러요":                  "<p><strong>「설정」</strong>에서 눌러요</p>",
		"*기울임(조금)*도 돼요":                   "<p><em>기울임(조금)</em>도 돼요</p>",
		"**굵게!**라고":                       "<p><strong>굵게!</strong>라고</p>",
		"가격은**₩12,000**이에요":               "<p>가격은<strong>₩12,000</strong>이에요</p>",
		"**한글**은":                         "<p><strong>한글</strong>은</p>",
		"2 * 3 * 4":                       "<p>2 * 3 * 4</p>",
		"`**한글(강조)**은`":                   "<p><code>**한글(강조)**은</code></p>",
		"***한글(강조)***은":                   "<p><em><strong>한글(강조)</strong></em>은</p>",
		"**[주문](https://a.example/x)**에서": `<p><strong><a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow">주문</a></strong>에서</p>`,
	} {
		if got := strings.TrimSpace(FromArticle(md, Article{})); got != want {
			t.Errorf("%s\n got %s\nwant %s", md, got, want)
		}
	}
}

func TestArticles(t *testing.T) {
	for md, want := range map[string]string{
		"1. 코드를 뽑아요.\n2. 기다려요.":               `<ol class="do">`,
		"> [!NOTE]\n> 무료예요.":                  `<blockquote class="callout callout--note">`,
		"> [!WARNING] 뜨거워요.":                  `<blockquote class="callout callout--warning">`,
		"| 가 | 나 |\n| --- | --- |\n| 1 | 2 |": "<td>1</td>",
		"![다이얼](pic_01)":                      `<img alt="다이얼" src="/hc/ko/picture/pic_01"`,
		"[반품](/hc/ko/a/return)":               `<a href="/hc/ko/a/return">반품</a>`,
		"# 제목":                                "<h2>제목</h2>",
		"https://video.example/v/1":           `<a href="https://video.example/v/1"`,
		"![밖](https://evil.example/a.png)":    `<a href="https://evil.example/a.png"`,
	} {
		if got := FromArticle(md, Article{Picture: ourPictures}); !strings.Contains(got, want) {
			t.Errorf("%s\n got %s\nwant %s", md, got, want)
		}
	}
	got := FromArticle("> [!TIP]\n> **새 전구**를 써요.\n>\n> - 하나\n> - 둘", Article{})
	if strings.Contains(got, "[!TIP]") || strings.Contains(got, "!TIP") || !strings.Contains(got, "<strong>새 전구</strong>") || !strings.Contains(got, "<li>하나</li>") {
		t.Errorf("a callout: %s", got)
	}
}

func TestArticlesBringNothingInThatActs(t *testing.T) {
	for _, md := range []string{"<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](javascript:alert(1))", "<b class=\"nav\">x</b>", "[x](/sign-out)", "[x](//evil.example)",
		"[x](/hc/../sign-out)", "![x](pic_02)", "![](https://evil.example/p.png)", `[x](/hc/\evil.example)`, "<img src=x onerror=alert(1)>", "![x](data:image/svg+xml;base64,AAAA)"} {
		got := strings.ReplaceAll(FromArticle(md, Article{Picture: ourPictures}), "&lt;", "")
		for _, bad := range []string{"<script", "javascript:", `class="nav"`, `href="/sign`, `href="//`, "evil.example\" src", "<img src=\"http", "<img src=x", "svg+xml;base64,AAAA\""} {
			if strings.Contains(got, bad) && !strings.Contains(got, `href="https://evil`) {
				t.Errorf("%s: %s", md, got)
			}
		}
	}
	if got := Clean(`<ol class="do"><li class="x">a</li></ol>`, Options{}).HTML; strings.Contains(got, "class") {
		t.Errorf("a mail brought a class: %s", got)
	}
}

func FuzzFromArticle(f *testing.F) {
	f.Add("> [!NOTE]\n> a\n\n1. b\n\n![c](pic_01)\n\n| a |\n| - |\n| **b(c)**은 |")
	f.Fuzz(func(t *testing.T, md string) {
		got := FromArticle(md, Article{Picture: ourPictures})
		if again := Clean(got, Options{article: true, CID: func(string) string { return "" }}); strings.Contains(strings.ToLower(again.HTML), "<script") {
			t.Errorf("%q: %s", md, got)
		}
	})
}
