package mail

import (
	"strings"
	"unicode/utf8"
)

// Split is a text taken apart. Reply is what its writer newly wrote; nothing is lost: each line is in one of the three.
type Split struct {
	Reply     string
	Quoted    string // others' words and the lines that announce them
	Signature string // signature, device line, legal footer
}

// Reply is what a person newly wrote in this mail: without quoted text, signature, device line and legal footer. Marks in the HTML decide where there are some,
// patterns in the text otherwise. When in doubt a line stays: losing a customer's words is worse than showing an old line.
func Reply(m *Message) string { return SplitMessage(m).Reply }

// SplitMessage takes the body of a mail apart; see [Reply].
func SplitMessage(m *Message) Split {
	who := writer{name: m.Sent().Name, addr: m.Sent().Addr}
	plain := Split{}
	if !m.textMade {
		plain = splitLines(plainLines(m.Text), who)
	}
	if m.HTML == "" {
		return plain
	}
	lines, marked := htmlLines(m.HTML)
	rich := splitLines(lines, who)
	switch {
	case m.textMade:
		return rich
	case strings.TrimSpace(rich.Reply) == "":
		return plain
	case strings.TrimSpace(plain.Reply) == "" || marked && !sameWords(plain.Reply, rich.Reply):
		return rich
	}
	return plain
}

// SplitText takes a plain text apart by its patterns.
func SplitText(text string) Split { return splitLines(plainLines(clean(text)), writer{}) }

// SplitHTML takes an HTML body apart: by its structure first, then by its patterns. The pieces are plain text.
func SplitHTML(page string) Split {
	lines, _ := htmlLines(page)
	return splitLines(lines, writer{})
}

// writer is what we know of who wrote the text: it helps to tell a signature from an answer.
type writer struct{ name, addr string }

// kind is what a line is.
type kind byte

const (
	written kind = iota
	quoted
	signed
	cut // marks in HTML: from here on all is quoted
)

type textLine struct {
	text string
	kind kind
}

// plainLines are the lines of a text, without the control characters that are our own marks in what was HTML.
func plainLines(text string) []textLine {
	text = unmark.Replace(text)
	tail := ""
	if len(text) > 2*maxChars { // more than is looked at: keep it in one piece
		cut := 2*maxChars + max(strings.IndexByte(text[2*maxChars:], '\n'), 0)
		text, tail = text[:cut], text[cut:]
	}
	raw := strings.Split(text, "\n")
	lines := make([]textLine, len(raw))
	for i, s := range raw {
		lines[i].text = strings.TrimRight(s, " \t\u00a0\r")
		if isQuoteLine(s) {
			lines[i].kind = quoted
		}
		if strings.TrimSpace(s) == "--" || s == "-- " {
			lines[i].text = strings.TrimSpace(s)
		}
	}
	if tail = strings.TrimSpace(tail); tail != "" {
		lines = append(lines, textLine{text: tail})
	}
	return lines
}

// maxLines and maxChars bound what is looked at. What is behind goes where the last line went that was.
const (
	maxLines = 5000
	maxChars = 256 << 10
)

func head(lines []textLine) int {
	chars := 0
	for i, l := range lines {
		if chars += len(l.text); i >= maxLines || chars > maxChars {
			return i
		}
	}
	return len(lines)
}

// isQuoteLine is true for "> words", also indented and with the wide sign of Japanese programs. ">>>" of a shell or a "->" is none of our business.
func isQuoteLine(s string) bool {
	s = strings.TrimLeft(s, " \t\u00a0")
	return strings.HasPrefix(s, ">") || strings.HasPrefix(s, "＞") || strings.HasPrefix(s, "| >")
}

func splitLines(whole []textLine, who writer) Split {
	n := head(whole)
	lines, rest := whole[:n], whole[n:]
	markWrapped(lines)
	if !markHeads(lines) {
		keepLonely(lines)
	}
	all := append([]textLine(nil), lines...)
	markSignatures(lines, who)
	if !anything(lines, written) && anything(all, written) {
		lines = all // a mail of nothing but a signature: then these are the words
	}
	if len(rest) > 0 {
		last := written
		if n > 0 && lines[n-1].kind == quoted {
			last = quoted
		}
		for i := range rest {
			rest[i].kind = last
		}
		lines = append(lines[:n:n], rest...)
	}
	return Split{Reply: gather(lines, written), Quoted: gather(lines, quoted), Signature: gather(lines, signed)}
}

func anything(lines []textLine, k kind) bool {
	for _, l := range lines {
		if l.kind == k && l.text != "" {
			return true
		}
	}
	return false
}

func gather(lines []textLine, k kind) string {
	var out []string
	gap := false
	for i, l := range lines {
		switch {
		case l.kind != k:
			gap = gap || i > 0
		case l.text == "":
			gap = true
		default:
			if gap && len(out) > 0 {
				out = append(out, "")
			}
			gap = false
			out = append(out, l.text)
		}
	}
	return strings.Join(out, "\n")
}

// markWrapped finds the ends of long quoted lines that a program broke and put on a line without ">".
func markWrapped(lines []textLine) {
	for i := 1; i < len(lines); i++ {
		l := lines[i]
		if l.kind != written || l.text == "" || lines[i-1].kind != quoted || utf8.RuneCountInString(lines[i-1].text) < 66 || endsSentence(lines[i-1].text) {
			continue
		}
		ends := i+1 < len(lines) && lines[i+1].kind == quoted && lines[i+1].text != "" || len(full(lines[i+1:])) == 0
		if ends && utf8.RuneCountInString(l.text) < 48 {
			lines[i].kind = quoted
		}
	}
}

// keepLonely gives back single lines that begin with ">" in the middle of a paragraph, where nothing says that anything is quoted: there it is
// the writer's own sign.
func keepLonely(lines []textLine) {
	for i, l := range lines {
		if l.kind == quoted && i > 0 && lines[i-1].kind == written && lines[i-1].text != "" && (i+1 == len(lines) || lines[i+1].kind != quoted) {
			lines[i].kind = written
		}
	}
}

// markHeads finds the lines that announce a quotation, and what they announce. It reports whether there are any.
func markHeads(lines []textLine) (found bool) {
	for i := 0; i < len(lines); i++ {
		switch {
		case lines[i].kind == cut:
			quoteAll(lines[i:])
			return true
		case lines[i].kind == quoted || lines[i].text == "":
			continue
		}
		if n := separator(lines[i:]); n > 0 {
			quoteAll(lines[i:])
			return true
		}
		n := attribution(lines[i:])
		if n == 0 {
			continue
		}
		found = true
		for k := range n {
			lines[i+k].kind = quoted
		}
		if !quoteFollows(lines[i+n:]) {
			quoteAll(lines[i+n:])
			return true
		}
		i += n - 1
	}
	return found
}

func quoteAll(lines []textLine) {
	for i := range lines {
		lines[i].kind = quoted
		if lines[i].text == cutMark {
			lines[i].text = ""
		}
	}
}

func quoteFollows(lines []textLine) bool {
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		return l.kind == quoted
	}
	return false
}

func sameWords(a, b string) bool { return squash(a) == squash(b) }

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

func endsSentence(s string) bool {
	s = strings.TrimRight(s, " )\"'”’~^ㅎㅋㅠㅜ")
	for _, end := range []string{".", "?", "!", "。", "？", "！", "…"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
