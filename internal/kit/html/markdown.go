package html

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// MaxMarkdown is what is read as Markdown, in bytes: goldmark takes quadratic time for a few patterns ("> > >…"), half a
// second at this size. Nobody types more; what is longer was pasted and is shown as it is.
const MaxMarkdown = 32 << 10

// FromMarkdown renders what an agent typed: emphasis, lists, quotes, code, links, headings, strike-through; a line end
// is a line end. HTML in it stands as text. The result has been through [Clean].
func FromMarkdown(md string) string {
	md, _ = limit(md)
	if len(md) > MaxMarkdown {
		return FromText(md)
	}
	var out bytes.Buffer
	if err := markdown().Convert([]byte(helpEmphasis(md)), &out); err != nil {
		return FromText(md) // does not happen: writing to memory does not fail
	}
	return Clean(unhelp(out.String()), Options{}).HTML
}

// FromText shows plain text: a blank line parts paragraphs, a line end is a line end.
func FromText(text string) string {
	text, _ = limit(strings.ReplaceAll(text, "\r\n", "\n"))
	var out strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			out.WriteString("<p>" + strings.ReplaceAll(escape(p), "\n", "<br>\n") + "</p>\n")
		}
	}
	return out.String()
}

func markdown() goldmark.Markdown {
	return goldmark.New(goldmark.WithParser(markdownParser()), goldmark.WithExtensions(extension.Strikethrough, extension.Linkify),
		goldmark.WithRendererOptions(html.WithHardWraps()))
}

// markdownParser is goldmark without the parsers for HTML, so that a < stays a < instead of being left out.
func markdownParser() parser.Parser {
	blocks := []util.PrioritizedValue{
		util.Prioritized(parser.NewSetextHeadingParser(), 100), util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600), util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800), util.Prioritized(parser.NewParagraphParser(), 1000),
	}
	inlines := []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500),
	}
	return parser.NewParser(parser.WithBlockParsers(blocks...), parser.WithInlineParsers(inlines...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))
}

// helper is a private-use letter that is put in before the parser and taken out after it.
const helper = '\uE000'

// helpEmphasis lets **한글(강조)**은 be bold. CommonMark decides by the neighbours of the stars whether they open or
// close: after a bracket they close only before a space or a sign, which Korean particles are not. A letter between bracket
// and stars makes them close, and likewise makes 은**(강조)** open.
func helpEmphasis(md string) string {
	md = strings.ReplaceAll(md, string(helper), "")
	var out strings.Builder
	for i := 0; i < len(md); {
		if md[i] != '*' {
			out.WriteByte(md[i])
			i++
			continue
		}
		end := i
		for end < len(md) && md[end] == '*' {
			end++
		}
		before, _ := utf8.DecodeLastRuneInString(md[:i])
		after, _ := utf8.DecodeRuneInString(md[end:])
		switch {
		case closing(before) && unicode.IsLetter(after):
			out.WriteString(string(helper) + md[i:end])
		case unicode.IsLetter(before) && opening(after):
			out.WriteString(md[i:end] + string(helper))
		default:
			out.WriteString(md[i:end])
		}
		i = end
	}
	return out.String()
}

func closing(r rune) bool {
	return unicode.In(r, unicode.Pe, unicode.Pf) || strings.ContainsRune(`"'.,!?%:;~…`, r)
}

func opening(r rune) bool {
	return unicode.In(r, unicode.Ps, unicode.Pi) || strings.ContainsRune(`"'#@$₩`, r)
}
