package html

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// ToText makes text out of HTML as a person would type it: paragraphs, "- " before items, "> " before quotes, the
// address behind a link that does not show it, the description of a picture.
func ToText(input string) string {
	input, _ = limit(input)
	w := writer{}
	z := html.NewTokenizer(strings.NewReader(input))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return w.String()
		}
		w.token(kind, z)
	}
}

type writer struct {
	out    strings.Builder
	hidden bool
	pre    int
	quotes int
	quoted int  // how deep the last word stood
	gap    int  // line ends owed before the next word
	space  bool // a space owed before the next word
	lists  []int
	href   string
	linked int // where the text of the open link begins
}

var (
	paragraphs = set("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure hr")
	lines      = set("div tr li dt dd section article header footer main nav aside address center caption details summary body html")
)

func (w *writer) token(kind html.TokenType, z *html.Tokenizer) {
	switch kind {
	case html.TextToken:
		if !w.hidden {
			w.text(string(z.Text()))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		b, more := z.TagName()
		name := string(b)
		w.hidden = hidden[name]
		w.start(name, attr(z, more))
	case html.EndTagToken:
		b, _ := z.TagName()
		w.hidden = false
		w.end(string(b))
	}
}

func (w *writer) start(name string, attrs map[string]string) {
	w.breakFor(name)
	switch name {
	case "pre":
		w.pre++
	case "blockquote":
		w.quotes = min(w.quotes+1, 20)
	case "ul":
		w.list(-1)
	case "ol":
		w.list(0)
	case "li":
		w.item()
	case "td", "th":
		w.space = true
	case "hr":
		w.word("---")
		w.need(2)
	case "img":
		if alt := strings.TrimSpace(attrs["alt"]); alt != "" {
			w.text("[" + alt + "]")
		}
	case "a":
		w.href, _ = safeLink(attrs["href"])
		w.linked = w.out.Len()
	}
}

func (w *writer) end(name string) {
	switch name {
	case "a":
		w.address()
	case "pre":
		w.pre = max(w.pre-1, 0)
	case "ul", "ol":
		w.lists = w.lists[:max(len(w.lists)-1, 0)]
	}
	w.breakFor(name)
	if name == "blockquote" {
		w.quotes = max(w.quotes-1, 0)
	}
}

func (w *writer) breakFor(name string) {
	if name == "br" {
		w.gap = min(w.gap+1, 2)
		return
	}
	if paragraphs[name] && !(len(w.lists) > 0 && (name == "ul" || name == "ol" || name == "p")) {
		w.need(2)
	} else if lines[name] || paragraphs[name] {
		w.need(1)
	}
}

func (w *writer) need(lines int) { w.gap = max(w.gap, lines) }

func (w *writer) list(n int) {
	if len(w.lists) < 20 {
		w.lists = append(w.lists, n)
	}
}

func (w *writer) item() {
	mark := "- "
	if n := len(w.lists); n > 0 {
		if w.lists[n-1] >= 0 {
			w.lists[n-1]++
			mark = strconv.Itoa(w.lists[n-1]) + ". "
		}
		mark = strings.Repeat("  ", n-1) + mark
	}
	w.word(mark)
}

// address adds where a link goes, unless its text says so already.
func (w *writer) address() {
	href := strings.TrimPrefix(w.href, "mailto:")
	w.href = ""
	if href == "" || w.linked > w.out.Len() {
		return
	}
	said := strings.TrimSpace(w.out.String()[w.linked:])
	if said == "" || strings.Contains(href, strings.TrimSuffix(said, "/")) && strings.Contains(said, ".") {
		return
	}
	w.text(" (" + href + ")")
}

func (w *writer) text(s string) {
	if w.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				w.gap++
			}
			if line != "" {
				w.word(line)
			}
		}
		return
	}
	for i, f := range strings.Fields(s) {
		if i > 0 || isBlank(s[0]) || strings.HasPrefix(s, "\u00a0") {
			w.space = true
		}
		w.word(f)
	}
	if s != "" && isBlank(s[len(s)-1]) {
		w.space = true
	}
}

func (w *writer) word(s string) {
	if w.out.Len() == 0 {
		w.out.WriteString(strings.Repeat("> ", w.quotes))
	} else if w.gap > 0 {
		if w.gap > 1 {
			w.out.WriteString("\n" + strings.Repeat("> ", min(w.quotes, w.quoted)))
		}
		w.out.WriteString("\n" + strings.Repeat("> ", w.quotes))
	} else if w.space && !strings.HasSuffix(s, "\n") {
		w.out.WriteByte(' ')
	}
	w.gap, w.space, w.quoted = 0, false, w.quotes
	w.out.WriteString(s)
}

func (w *writer) String() string {
	list := strings.Split(w.out.String(), "\n")
	for i, l := range list {
		list[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(list, "\n")
}

func attr(z *html.Tokenizer, more bool) map[string]string {
	var m map[string]string
	for n := 0; more && n < maxAttrs; n++ {
		var k, v []byte
		k, v, more = z.TagAttr()
		if key := string(k); key == "alt" || key == "href" {
			if m == nil {
				m = map[string]string{}
			}
			m[key] = string(v)
		}
	}
	return m
}

func isBlank(b byte) bool { return b <= ' ' }
