package knowledge

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
)

// Remark is one thing that makes a text hard to read.
type Remark struct {
	Kind string // long, jargon, mixed
	Text string // the sentence or the word
	Use  string // a plainer word, for jargon
}

// Plainness is how easy a text is to read.
type Plainness struct {
	Score     int // 0 to 100
	Sentences int
	Remarks   []Remark // at most 20
}

// Lengths of a sentence from which on it is hard: letters of Korean, words of English.
const (
	longKorean  = 60
	longEnglish = 22
)

// Check reads a text as a customer would: sentences that are too long, words of the trade, and in Korean 합니다 beside 해요.
// Each long sentence and each hard word costs points in proportion to how many sentences there are.
func Check(l i18n.Locale, markdown string) Plainness {
	text := html.ToText(html.FromArticle(markdown, html.Article{}))
	var p Plainness
	lower := strings.ToLower(text)
	formal, polite := "", ""
	for _, s := range sentences(text) {
		p.Sentences++
		if tooLong(l, s) {
			p.Remarks = append(p.Remarks, Remark{Kind: "long", Text: s})
		}
		switch {
		case formalEnd.MatchString(s):
			formal = s
		case politeEnd.MatchString(s):
			polite = s
		}
	}
	for _, j := range jargon[l] {
		if found(lower, j[0], l) {
			p.Remarks = append(p.Remarks, Remark{Kind: "jargon", Text: j[0], Use: j[1]})
		}
	}
	if l == i18n.Korean && formal != "" && polite != "" {
		p.Remarks = append(p.Remarks, Remark{Kind: "mixed", Text: formal})
	}
	p.Score = 100
	if p.Sentences > 0 {
		p.Score = max(0, 100-len(p.Remarks)*100/(p.Sentences+len(p.Remarks)))
	}
	p.Remarks = p.Remarks[:min(len(p.Remarks), 20)]
	return p
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?。…]+(?:\s|$)|\n+`)
	formalEnd   = regexp.MustCompile(`(?:습니다|습니까|십시오|합니다|입니다|됩니다|랍니다)$`)
	politeEnd   = regexp.MustCompile(`(?:요|죠)$`)
	address     = regexp.MustCompile(`https?://\S+`)
)

func sentences(text string) (list []string) {
	for _, s := range sentenceEnd.Split(address.ReplaceAllString(text, ""), -1) {
		if s = strings.Trim(s, " \t-–>•*[]()\"“”'"); utf8.RuneCountInString(s) > 1 {
			list = append(list, s)
		}
	}
	return list
}

func tooLong(l i18n.Locale, s string) bool {
	if l == i18n.Korean {
		return utf8.RuneCountInString(s) > longKorean
	}
	return len(strings.Fields(s)) > longEnglish
}

func found(text, word string, l i18n.Locale) bool {
	if l == i18n.Korean { // at the beginning of a word: 대상이에요 is not 상이
		return slices.ContainsFunc(words(text), func(w string) bool { return strings.HasPrefix(w, word) }) || strings.Contains(word, " ") && strings.Contains(text, word)
	}
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text)
}

// jargon are words of the trade with what a customer would say.
var jargon = map[i18n.Locale][][2]string{
	i18n.Korean: {{"귀하", "고객님"}, {"상기", "위"}, {"하기의", "아래"}, {"익일", "다음 날"}, {"금일", "오늘"}, {"명일", "내일"}, {"당사", "저희"}, {"송부", "보내기"}, {"수령", "받기"}, {"기재", "쓰기"},
		{"상이", "다름"}, {"동봉", "함께 넣기"}, {"차감", "빼기"}, {"불가하", "할 수 없"}, {"소요", "걸림"}, {"개봉", "열기"}, {"파손", "깨짐"}, {"입금 확인 후", "돈이 들어오면"}, {"프로세스", "차례"},
		{"이슈", "문제"}, {"티켓", "문의"}, {"디바이스", "기기"}, {"클릭하", "누르"}, {"인풋", "입력"}, {"유저", "쓰는 사람"}, {"rma", "반품 번호"}, {"sku", "상품 번호"}},
	i18n.English: {{"utilize", "use"}, {"utilise", "use"}, {"in order to", "to"}, {"prior to", "before"}, {"subsequent to", "after"}, {"commence", "start"}, {"terminate", "end"}, {"facilitate", "help"},
		{"leverage", "use"}, {"functionality", "feature"}, {"remediate", "fix"}, {"rma", "return number"}, {"sku", "product number"}, {"sla", "answer time"}, {"ticket", "question"}, {"end user", "customer"},
		{"per your", "as you"}, {"pursuant to", "under"}, {"aforementioned", "this"}, {"herein", "here"}, {"in the event that", "if"}, {"at this point in time", "now"}, {"due to the fact that", "because"},
		{"endeavour", "try"}, {"endeavor", "try"}, {"ascertain", "find out"}, {"configure", "set up"}},
}
