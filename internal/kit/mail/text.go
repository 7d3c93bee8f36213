package mail

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// TextOf makes HTML readable as plain text: paragraphs, links with their target, lists, tables by line, quoted blocks with "> ".
// It is for reading and searching; what is shown as HTML goes through kit/html.
func TextOf(page string) string {
	if len(page) > maxPage {
		return tagless(page)
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return tagless(page)
	}
	return textOfNode(doc)
}

func textOfNode(n *html.Node) string {
	w := &textWriter{tight: tightParagraphs(n, 0)}
	w.node(n, 0)
	return w.done()
}

// maxPage is how much HTML is worth a tree: 4 MiB.
const maxPage = 4 << 20

// tagless is the text of a page that cannot be parsed, such as one that nests too deep.
func tagless(page string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(1 << 20)
	hidden := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(clean(out.String()))
		case html.TextToken:
			if hidden == 0 {
				out.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); a == atom.Style || a == atom.Script {
				hidden = 1
			} else if isBlock(a) || a == atom.Br {
				out.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if a := atom.Lookup(name); a == atom.Style || a == atom.Script {
				hidden = 0
			}
		case html.SelfClosingTagToken:
			out.WriteByte('\n')
		}
	}
}

// textWriter writes lines; white space is folded as a browser does.
type textWriter struct {
	lines  []string
	line   strings.Builder
	prefix string // "> " per quoting level
	gap    bool   // an empty line is due before the next text
	space  bool   // a space is due before the next word
	pre    int
	lists  []int // -1: bullets, else the last number
	fresh  bool  // only the mark of a list item is on the line
	tight  bool  // paragraphs are lines: the program writes an empty one where it means a gap
	blank  bool  // the line holds nothing but a space that does not break
	marks  bool  // say what the structure says of each line: SplitHTML
	inside mark
}

// maxTextDepth stops at what no person wrote; x/net/html refuses more than 512 itself.
const maxTextDepth = 600

func (w *textWriter) node(n *html.Node, depth int) {
	if depth > maxTextDepth {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
		if hiddenNode(n) || w.marked(n, depth) {
			return
		}
	case html.CommentNode, html.DoctypeNode:
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.br()
	case atom.Hr:
		w.newLine()
		w.word("---")
		w.newLine()
	case atom.Img:
		if alt := strings.TrimSpace(attr(n, "alt")); alt != "" && len(alt) < 200 {
			w.word("[" + alt + "]")
		}
	case atom.A:
		w.link(n, depth)
	case atom.Ul:
		w.list(n, depth, -1)
	case atom.Ol:
		start, err := strconv.Atoi(attr(n, "start"))
		if err != nil {
			start = 1
		}
		w.list(n, depth, start-1)
	case atom.Li:
		w.item(n, depth)
	case atom.Blockquote:
		w.newLine()
		old := w.prefix
		if !w.marks {
			w.prefix += "> "
		}
		w.gap = w.gap && old != ""
		w.kids(n, depth)
		w.newLine()
		w.prefix = old
	case atom.Td, atom.Th:
		w.kids(n, depth)
		if n.NextSibling != nil && w.line.Len() > 0 {
			w.space = true
		}
	case atom.Pre:
		w.newLine()
		w.pre++
		w.kids(n, depth)
		w.pre--
		w.newLine()
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.newLine()
		apart := !w.tight && !plainParagraph(n)
		w.gap = w.gap || apart
		w.kids(n, depth)
		w.newLine()
		w.gap = w.gap || apart
	default:
		if isBlock(n.DataAtom) {
			w.newLine()
			w.kids(n, depth)
			w.newLine()
			return
		}
		w.kids(n, depth)
	}
}

// plainParagraph is true for a paragraph without margins, as Outlook and Naver write every line.
func plainParagraph(n *html.Node) bool {
	style := strings.ToLower(strings.ReplaceAll(attr(n, "style"), " ", ""))
	return strings.HasPrefix(attr(n, "class"), "Mso") || strings.Contains(style, "margin:0") || strings.Contains(style, "margin-top:0") ||
		n.DataAtom == atom.P && style == "" && attr(n, "class") == "" && n.PrevSibling == nil && n.NextSibling == nil && n.Parent != nil && n.Parent.DataAtom == atom.Li
}

// tightParagraphs tells whether a page has empty paragraphs: then its paragraphs have no margins, as in the editors of Outlook, Naver and Daum.
func tightParagraphs(n *html.Node, depth int) bool {
	if n.DataAtom == atom.P && strings.TrimSpace(strings.ReplaceAll(firstWords(n, 0), "\u00a0", " ")) == "" && n.FirstChild != nil {
		return true
	}
	for k := n.FirstChild; k != nil && depth < maxTextDepth; k = k.NextSibling {
		if tightParagraphs(k, depth+1) {
			return true
		}
	}
	return false
}

func (w *textWriter) kids(n *html.Node, depth int) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		w.node(k, depth+1)
	}
}

// link writes the words of a link, and its target where the words do not say it.
func (w *textWriter) link(n *html.Node, depth int) {
	href := strings.TrimSpace(attr(n, "href"))
	before := len(w.lines)
	start := w.line.Len()
	w.kids(n, depth)
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") || len(href) > 500 {
		return
	}
	said := ""
	if len(w.lines) == before && start <= w.line.Len() {
		said = strings.TrimSpace(w.line.String()[start:])
	}
	if len(w.lines) == before && said != "" && bareURL(said) != bareURL(href) {
		w.word(" (" + href + ")")
	}
}

func bareURL(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "https://"), "http://")
	return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
}

func (w *textWriter) list(n *html.Node, depth, from int) {
	w.newLine()
	w.lists = append(w.lists, from)
	w.kids(n, depth)
	w.lists = w.lists[:len(w.lists)-1]
	w.newLine()
}

func (w *textWriter) item(n *html.Node, depth int) {
	w.newLine()
	mark := "- "
	if k := len(w.lists); k > 0 {
		if w.lists[k-1] >= 0 {
			w.lists[k-1]++
			mark = strconv.Itoa(w.lists[k-1]) + ". "
		}
		mark = strings.Repeat("  ", min(k-1, 8)) + mark
	}
	w.word(mark)
	w.space, w.fresh = false, true
	w.kids(n, depth)
	w.fresh = false
	w.newLine()
}

func (w *textWriter) text(s string) {
	if w.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				w.br()
			}
			w.raw(line)
		}
		return
	}
	for s != "" {
		i := strings.IndexAny(s, " \t\r\n\u00a0")
		if i == 0 {
			w.space = w.line.Len() > 0
			r, n := utf8.DecodeRuneInString(s)
			w.blank = w.blank || r == '\u00a0' && w.line.Len() == 0
			s = s[n:]
			continue
		}
		if i < 0 {
			i = len(s)
		}
		w.raw(s[:i])
		s = s[i:]
	}
}

func (w *textWriter) raw(s string) {
	if s == "" {
		return
	}
	if strings.Trim(s, "\u200b\u200c\u200d\ufeff\u2060") == "" {
		return
	}
	if w.marks && strings.ContainsAny(s, cutMark+quoteMark+signedMark) {
		s = unmark.Replace(s)
	}
	w.word(s)
}

func (w *textWriter) word(s string) {
	if w.line.Len() == 0 {
		if w.gap && len(w.lines) > 0 {
			w.lines = append(w.lines, strings.TrimRight(w.prefix, " "))
		}
		w.gap = false
		w.line.WriteString(w.prefix)
	} else if w.space {
		w.line.WriteByte(' ')
	}
	w.space, w.fresh = false, false
	w.line.WriteString(s)
}

// br ends the line, also an empty one.
func (w *textWriter) br() {
	if w.line.Len() == 0 {
		w.gap = len(w.lines) > 0
		return
	}
	w.newLine()
}

// newLine ends the line if there is something on it.
func (w *textWriter) newLine() {
	w.space = false
	if w.line.Len() > 0 && !w.fresh {
		w.lines = append(w.lines, strings.TrimRight(w.line.String(), " "))
		w.line.Reset()
	} else if w.blank && len(w.lines) > 0 {
		w.gap = true
	}
	w.blank = false
}

func (w *textWriter) done() string {
	w.newLine()
	return strings.TrimSpace(clean(strings.Join(w.lines, "\n")))
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hiddenNode(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Style, atom.Script, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Iframe, atom.Select, atom.Textarea:
		return true
	}
	style := attr(n, "style")
	return style != "" && strings.Contains(strings.ReplaceAll(strings.ToLower(style), " ", ""), "display:none")
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Dd, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figure,
		atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Main, atom.Nav, atom.Ol, atom.P,
		atom.Pre, atom.Section, atom.Table, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr, atom.Ul, atom.Body, atom.Html:
		return true
	}
	return false
}
