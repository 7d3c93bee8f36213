package mail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Lines that the HTML writer marks. The marks cannot come from the mail: control characters are taken out of its text.
const (
	cutMark    = "\x02"
	quoteMark  = "\x03"
	signedMark = "\x04"
)

// htmlLines turns HTML into lines, with what its structure says about them. marked tells whether it says anything.
func htmlLines(page string) (lines []textLine, marked bool) {
	if len(page) > maxPage {
		return plainLines(tagless(page)), false
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return plainLines(tagless(page)), false
	}
	w := &textWriter{marks: true, tight: tightParagraphs(doc, 0)}
	w.node(doc, 0)
	w.newLine()
	for _, s := range w.lines {
		l := textLine{text: s}
		switch {
		case s == cutMark:
			l.kind = cut
		case strings.Contains(s, quoteMark):
			l.kind = quoted
		case strings.Contains(s, signedMark):
			l.kind = signed
		}
		marked = marked || l.kind != written
		if l.kind != cut {
			l.text = strings.TrimSpace(clean(unmark.Replace(s)))
		}
		if l.kind == written && isQuoteLine(l.text) {
			l.kind = quoted
		}
		lines = append(lines, l)
	}
	return lines, marked
}

var unmark = strings.NewReplacer(quoteMark, "", signedMark, "", cutMark, "")

// mark is what a node says about what is in it.
type mark byte

const (
	plain mark = iota
	quotes
	signs
	cuts // it and all after it is quoted
)

// markIDs and markClasses are the names that mail programs give the parts of a reply; a program that quotes in a copy puts "x_" before them.
var markIDs = map[string]mark{
	"divrplyfwdmsg": cuts, "appendonsend": cuts, "stopspelling": cuts, "mail-editor-reference-message-container": cuts, "replysplit": cuts, "olk_src_body_section": cuts,
	"reply-intro": quotes, "isforwardcontent": cuts, "isreplycontent": cuts, "quotedhistory": cuts, "ymail_android_signature": signs, "ydp_signature": signs,
	"signature": signs, "ms-outlook-mobile-signature": signs, "applemailsignature": signs, "composer_signature": signs, "sig": signs, "_rc_sig": signs, "mailsignature": signs, "mail_signature": signs, "naver_signature": signs,
}

var markClasses = map[string]mark{
	"gmail_attr": quotes, "yahoo_quoted": quotes, "moz-cite-prefix": quotes, "moz-email-headers-table": quotes, "moz-forward-container": cuts, "outlookmessageheader": cuts, "protonmail_quote": quotes, "tutanota_quote": quotes, "zmail_extra": quotes,
	"ms-outlook-mobile-reference-message": cuts, "front-blockquote": quotes, "hmmessage_quote": quotes, "replyheader": cuts, "mailquote": quotes, "quoted_mail": quotes, "original_mail": quotes, "reply_quote": quotes, "quote_area": quotes,
	"gmail_signature": signs, "moz-signature": signs, "protonmail_signature_block": signs, "tutanota_signature": signs, "mail_signature": signs, "email-signature": signs, "x_gmail_signature": signs, "naver_sign": signs, "nsig": signs,
}

// outlookRule is the line that Outlook draws above what it quotes.
var outlookRule = lazy(`border(?:-top)?:(?:solid)?(?:#(?:b5c4df|e1e1e1|ccc|cccccc|e5e5e5))?(?:solid)?(?:1\.0pt|1pt|1px|rgb\(229,229,229\)1px)(?:solid)?(?:#(?:b5c4df|e1e1e1|e5e5e5))?`)

func markOf(n *html.Node) mark {
	if n.Type != html.ElementNode {
		return plain
	}
	if id := attr(n, "id"); id != "" {
		id = strings.ToLower(id)
		for strings.HasPrefix(id, "x_") {
			id = id[2:]
		}
		if m := markIDs[id]; m != plain && !emptyNode(n, m) {
			return m
		}
	}
	if class := attr(n, "class"); class != "" {
		for _, c := range strings.Fields(strings.ToLower(class)) {
			for strings.HasPrefix(c, "x_") {
				c = c[2:]
			}
			if m := markClasses[c]; m != plain {
				return m
			}
			if (c == "gmail_quote" || c == "gmail_quote_container") && n.DataAtom != atom.Blockquote && !hasBlockquote(n, 0) {
				return quotes
			}
		}
	}
	switch n.DataAtom {
	case atom.Blockquote:
		if quotesBlock(n) {
			return quotes
		}
	case atom.Div, atom.Table:
		style := strings.ToLower(strings.Join(strings.Fields(attr(n, "style")), ""))
		if strings.Contains(style, "border") && outlookRule().MatchString(style) && startsWithLabel(n) {
			return cuts
		}
	}
	return plain
}

// emptyNode is true for a mark that holds nothing although what it marks is inside it.
func emptyNode(n *html.Node, m mark) bool { return m == signs && n.FirstChild == nil }

func hasBlockquote(n *html.Node, depth int) bool {
	for k := n.FirstChild; k != nil && depth < maxTextDepth; k = k.NextSibling {
		if k.DataAtom == atom.Blockquote || hasBlockquote(k, depth+1) {
			return true
		}
	}
	return false
}

// quotesBlock tells a quotation from a paragraph that somebody only indented.
func quotesBlock(n *html.Node) bool {
	style := strings.ToLower(strings.Join(strings.Fields(attr(n, "style")), ""))
	if attr(n, "type") == "cite" || attr(n, "cite") != "" || attr(n, "class") != "" || strings.Contains(style, "border-left:") && !strings.Contains(style, "border-left:none") {
		return true
	}
	return style == "" || !strings.Contains(style, "border:none") && !strings.HasPrefix(style, "margin:0000") && strings.Contains(style, "border")
}

// startsWithLabel is true where the words of a node begin like a mail header: Outlook's rule is above "From:".
func startsWithLabel(n *html.Node) bool {
	text := firstWords(n, 0)
	l, _ := label(text)
	return l == 'f' || l == 'd' || l == 's'
}

func firstWords(n *html.Node, depth int) string {
	var out strings.Builder
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		if depth > 40 || out.Len() > 80 {
			return
		}
		if n.Type == html.TextNode {
			out.WriteString(strings.TrimLeft(n.Data, "\r\n\t"))
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k, depth+1)
		}
	}
	walk(n, depth)
	return strings.TrimSpace(out.String())
}

// marked writes a node that says what it is. It reports whether it did.
func (w *textWriter) marked(n *html.Node, depth int) bool {
	if !w.marks || w.inside != plain {
		return false
	}
	m := markOf(n)
	if m == plain {
		return false
	}
	w.newLine()
	if m == cuts {
		w.lines = append(w.lines, cutMark)
		return false
	}
	old := w.prefix
	w.inside = m
	w.prefix = map[mark]string{quotes: quoteMark, signs: signedMark}[m]
	w.kids(n, depth)
	w.newLine()
	w.inside, w.prefix = plain, old
	return true
}
