package knowledge

import (
	"strings"
	"unicode/utf8"

	"baraji/internal/kit/hangul"
	"baraji/internal/kit/token"

	"golang.org/x/text/unicode/norm"
)

// group is one word of a query with all that it may stand for.
type group struct {
	variants []variant
	near     []token.Query // words of titles with one letter different
}

type variant struct {
	text   string
	weight float64
}

const (
	maxAsked = 100 // letters of a query
	maxWords = 8
)

// asked reads a query. Words that say nothing are left out if others remain.
func asked(query string, synonyms [][]string) []group {
	all := words(norm.NFC.String(clip(query, maxAsked)))
	var telling []string
	for _, w := range all {
		if !filler[w] && w != "" {
			telling = append(telling, w)
		}
	}
	if len(telling) == 0 {
		telling = all
	}
	var groups []group
	for _, w := range telling[:min(len(telling), maxWords)] {
		groups = append(groups, meanings(w, synonyms))
	}
	return groups
}

func meanings(w string, synonyms [][]string) (g group) {
	seen := map[string]bool{}
	add := func(text string, weight float64) {
		if text != "" && !seen[text] {
			seen[text] = true
			g.variants = append(g.variants, variant{text, weight})
		}
	}
	add(w, 1)
	add(plainForm(w), .95)
	if typed, ok := hangul.FromKeys(w); ok && typed != w && utf8.RuneCountInString(typed) >= 2 {
		add(typed, .8)
		add(plainForm(typed), .75)
	}
	if typed := hangul.Keys(w); typed != w && oddKeys(w) {
		add(strings.ToLower(typed), .8)
	}
	for _, v := range append([]variant{}, g.variants...) {
		for _, s := range sameAs(v.text, synonyms) {
			add(s, v.weight*.8)
		}
		for _, t := range near(v.text) {
			g.near = append(g.near, token.Query{All: []string{t}})
		}
	}
	return g
}

// oddKeys says whether a word holds letters that stand alone, as when English was typed on a Korean keyboard.
func oddKeys(w string) bool {
	return strings.ContainsFunc(w, func(r rune) bool { return hangul.Is(r) && !hangul.IsSyllable(r) })
}

func (g group) queries() (list []token.Query) {
	for _, v := range g.variants {
		text := v.text
		if last, _ := utf8.DecodeLastRuneInString(text); last < 0x80 && !strings.Contains(text, " ") && len(text) > 2 {
			text += "*" // flicker finds flickering
		}
		list = append(list, token.Parse(text))
	}
	return list
}

// nearest finds a word of a title or summary that differs in one letter.
func (g group) nearest(p Page) (score float64, word string) {
	for _, field := range []struct {
		text   string
		weight float64
	}{{p.Title, inTitle}, {p.Summary, inSummary}} {
		for _, w := range words(norm.NFC.String(field.text)) {
			for _, stem := range append(stems(w), w) {
				for _, v := range g.variants {
					if len(letters(v.text)) >= 4 && closeTo(stem, v.text) && field.weight*nearly*v.weight > score {
						score, word = field.weight*nearly*v.weight, stem
					}
				}
			}
		}
	}
	return score, word
}

// endings are what Koreans put behind a word; the longest are tried first.
var endings = []string{"하려면", "하나요", "인가요", "됐어요", "되나요", "했어요", "해주세요", "에서는", "에서", "으로", "까지", "부터", "하고", "하기", "해요", "돼요", "하는", "이랑", "에게", "한테", "은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "만", "할"}

// plainForm is a word without its ending: 배송이 is 배송, returns is return.
func plainForm(w string) string {
	last, _ := utf8.DecodeLastRuneInString(w)
	if !hangul.IsSyllable(last) {
		if len(w) > 4 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			return strings.TrimSuffix(w, "s")
		}
		return ""
	}
	for _, e := range endings {
		if stem, ok := strings.CutSuffix(w, e); ok && utf8.RuneCountInString(stem) >= 2 {
			return stem
		}
	}
	return ""
}

// filler are words that stand in questions and say nothing of what is asked.
var filler = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a an the how to do i my is are can what when where why of in on for and or it you your with does
		어떻게 언제 어디 어디서 왜 뭐 무엇 좀 저 제 제가 내 는 은 이 가 을 를 하나요 해요 되나요 돼요 있나요 있어요 수 할 방법 싶어요 인가요 주세요`) {
		m[w] = true
	}
	return m
}()
