package token_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"baraji/internal/kit/token"
	"baraji/test/rig/grow"

	"golang.org/x/text/unicode/norm"
)

func TestIndex(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"signs only", "… ?! 🙂", ""},
		{"words", "Where is my Lamp?", "where is my lamp"},
		{"Hangul in pairs, its end alone", "새벽배송이", "새벽 벽배 배송 송이 이"},
		{"one syllable", "왜?", "왜"},
		{"words stay apart", "배송 문의", "배송 송 문의 의"},
		{"Latin with a particle", "iPhone은 50%", "iphone 은 50"},
		{"Han and Kana", "東京へ", "東京 京へ へ"},
		{"decomposed Hangul", norm.NFD.String("배송"), "배송 송"},
		{"full width", "ＡＢＣ１２", "abc12"},
		{"invisible characters", "배\u200b송 ab\u00adcd", "배송 송 abcd"},
		{"an order number", "M-2604-0318", "m 2604 m2604 0318 26040318 m26040318"},
		{"short numbers are not joined", "1-2 3.5", "1 2 3 5"},
		{"money", "12,900원", "12 900 12900 원"},
		{"an address", "kim@example.co.kr", "kim example co kr"},
		{"once each", "a a b a", "a b"},
		{"two signs part", "1234--5678", "1234 5678"},
		{"jamo", "ㅠㅠ", "ᅲᅲ ᅲ"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(token.Index(tt.text), " "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestSearch(t *testing.T) {
	tests := []struct {
		query, text string
		want        bool
	}{
		{"배송", "새벽배송이 늦어요", true},
		{"송", "배송", true},
		{"송", "송장 번호", true},
		{"송", "빠른 배송이요", true},
		{"송", "환불", false},
		{"새벽배송", "새벽배송이", true},
		{"대전화", "대전 전화", false}, // the pairs are there, the word is not
		{"대전화", "대전화면", true},
		{"배송 환불", "환불은 됐고 배송은요?", true},
		{"배송 환불", "배송만", false},
		{`"배송 지연"`, "배송\n지연", true},
		{`"배송 지연"`, "지연 배송", false},
		{"“late lamp”", "my late  lamp", true},
		{"iphone", "iPhone은", true},
		{"IPHONE은", "iphone은요", true},
		{"phone", "iPhone", false}, // words are found whole …
		{"iph*", "iPhone", true},   // … unless asked otherwise
		{"phone*", "iPhone", false},
		{"art", "a party of art lovers", true},
		{"art", "a party", false},
		{"M-2604-0318", "order m-2604-0318.", true},
		{"0318", "M-2604-0318", true},
		{"2604-0318", "M-2604-0318", true},
		{"m26040318", "M-2604-0318", true},
		{"M-2604-0318", "M26040318", true},
		{"M-2604-0319", "M-2604-0318", false},
		{"2604-03*", "M-2604-0318", true},
		{"604-0318", "M-2604-0318", false},
		{"01012345678", "전화 010-1234-5678로", true},
		{"010-1234-5678", "01012345678", true},
		{"010 1234 5678", "010-1234-5678", true},
		{"1-2", "12", false},
		{"12900", "12,900원", true},
		{"kim@example.co.kr", "from Kim@Example.co.kr,", true},
		{"example.co.kr", "kim@example.co.kr", true},
		{"kim", "kim@example.co.kr", true},
		{"kim94@example.com", "<kim94@example.com>", true},
		{"kim@example.com", "kim at example dot com", false},
		{"#1042", "see #1042", true},
		{"１０４２", "#1042", true},
		{"don't", "I don’t know", true},
		{norm.NFD.String("배송"), "배송", true},
		{"배송", norm.NFD.String("새벽배송이"), true},
		{"ㅋㅋ", "네ㅋㅋㅋㅋ", true},
		{"ㅋ", "네ㅋㅋㅋㅋ", true},
		{"café", "Cafe\u0301 au lait", true},
		{"東京", "東京都", true},
		{"カメラ", "ｶﾒﾗ", true},
		{"", "anything", true},
		{"?!", "anything", true},
		{"*", "anything", true},
		{`"`, "anything", true},
	}
	for _, tt := range tests {
		t.Run(tt.query+" in "+tt.text, func(t *testing.T) {
			q := token.Parse(tt.query)
			if got := q.Matches(tt.text); got != tt.want {
				t.Errorf("matches: %v, want %v", got, tt.want)
			}
			if tt.want && !indexed(q, token.Index(tt.text)) {
				t.Errorf("the index misses it: %v %v in %v", q.All, q.Prefix, token.Index(tt.text))
			}
			if hits := q.Hits(tt.text); tt.want && !q.Empty() != (len(hits) > 0) {
				t.Errorf("hits %v", hits)
			}
		})
	}
}

func indexed(q token.Query, tokens []string) bool {
	for _, t := range q.All {
		if !slices.Contains(tokens, t) {
			return false
		}
	}
	for _, p := range q.Prefix {
		if !slices.ContainsFunc(tokens, func(t string) bool { return strings.HasPrefix(t, p) }) {
			return false
		}
	}
	return true
}

// Whatever Matches accepts, the index must have offered: else a message cannot be found though it is there.
func TestTheIndexMissesNothing(t *testing.T) {
	const letters = `aAbB129 09   --..,@'"* 가나다각송ㄱㅏㅋ漢字カﾅー´é` + "\u0301\u0308\u11a8\u200b\n"
	alphabet := []rune(letters)
	rng := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		r := make([]rune, rng.IntN(n)+1)
		for i := range r {
			r[i] = alphabet[rng.IntN(len(alphabet))]
		}
		return string(r)
	}
	matched := 0
	for range 200_000 {
		doc := text(24)
		query := text(6)
		if rng.IntN(2) == 0 { // a piece of the document itself
			r := []rune(doc)
			from := rng.IntN(len(r))
			query = string(r[from : from+rng.IntN(len(r)-from)+1])
		}
		q := token.Parse(query)
		if q.Empty() || !q.Matches(doc) {
			continue
		}
		matched++
		if !indexed(q, token.Index(doc)) {
			t.Fatalf("query %q in %q\nasks %q %q\nindex %q", query, doc, q.All, q.Prefix, token.Index(doc))
		}
		if len(q.Hits(doc)) == 0 {
			t.Fatalf("query %q in %q matches without a hit", query, doc)
		}
	}
	if matched < 20_000 {
		t.Fatalf("only %d of the queries matched: the test says little", matched)
	}
}

// Every piece of a run of Hangul finds it.
func TestEverySubstringOfARunIsFound(t *testing.T) {
	run := []rune("새벽배송이늦어졌습니다")
	doc := "네, " + string(run) + "."
	for i := range run {
		for j := i + 1; j <= len(run); j++ {
			q := token.Parse(string(run[i:j]))
			if !q.Matches(doc) || !indexed(q, token.Index(doc)) {
				t.Errorf("%s is not found", string(run[i:j]))
			}
		}
	}
}

func TestIndexIsCapped(t *testing.T) {
	var b strings.Builder
	for i := range 60_000 {
		b.WriteString(string(rune(0xAC00+i%11000)) + string(rune(0xAC00+i/7%11000)) + " ")
	}
	tokens := token.Index(b.String() + strings.Repeat("x", 1<<20))
	if len(tokens) > token.MaxTokens || len(strings.Join(tokens, "")) > token.MaxBytes {
		t.Errorf("%d tokens, %d bytes", len(tokens), len(strings.Join(tokens, "")))
	}
	if got := token.Index(strings.Repeat("가", 100) + strings.Repeat("y", 100)); len(got[len(got)-1]) > 40 {
		t.Errorf("a token of %d bytes", len(got[len(got)-1]))
	}
	q := token.Parse(strings.Repeat("word ", 10_000))
	if len(q.All) > 100 {
		t.Errorf("a query of %d tokens", len(q.All))
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("안녕하세요 반갑습니다. ", 30) + "지난주에 주문한 램프의 새벽배송이\n\n 아직 안 왔어요. " + strings.Repeat("고맙습니다. ", 30)
	tests := []struct {
		name, text, query string
		n                 int
		want              string // hits in [ ]
	}{
		{"short text", "Where is my lamp?", "lamp", 80, "Where is my [lamp]?"},
		{"no hit: the beginning", "one two three four", "x", 7, "one two…"},
		{"around the hit", long, "새벽배송", 30, "램프의 [새벽배송]이 아직 안 왔어요."},
		{"most terms together", "lamp. " + strings.Repeat("bla ", 30) + "late lamp", "late lamp", 20, "[late] [lamp]"},
		{"decomposed original", norm.NFD.String("새벽배송이"), "배송", 80, norm.NFD.String("새벽") + "[" + norm.NFD.String("배송") + "]" + norm.NFD.String("이")},
		{"a code written otherwise", "call 010-1234-5678 now", "01012345678", 80, "call [010-1234-5678] now"},
		{"overlapping terms", "새벽배송이", "새벽배 배송", 80, "[새벽배송]이"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := token.Excerpt(tt.text, token.Parse(tt.query), tt.n)
			got := marked(c)
			if tt.name == "around the hit" || tt.name == "most terms together" {
				if !strings.Contains(got, tt.want) || !c.Before {
					t.Errorf("got %s", got)
				}
				return
			}
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func marked(c token.Cutting) string {
	out, last := "", 0
	for _, h := range c.Hits {
		out += c.Text[last:h.From] + "[" + c.Text[h.From:h.To] + "]"
		last = h.To
	}
	out += c.Text[last:]
	if c.Before {
		out = "…" + out
	}
	if c.After {
		out += "…"
	}
	return out
}

func FuzzToken(f *testing.F) {
	f.Add("새벽배송이 M-2604-0318 iPhone은", "배송 \"2604-0318\" 송 iph*", 20)
	f.Add("\xff\xfe가\u11a8", "가\u0301", 3)
	f.Fuzz(func(t *testing.T, text, query string, n int) {
		tokens := token.Index(text)
		for _, tok := range tokens {
			if tok == "" || len(tok) > 40 || !utf8.ValidString(tok) || strings.ContainsFunc(tok, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
			}) {
				t.Fatalf("token %q", tok)
			}
		}
		q := token.Parse(query)
		if !q.Empty() && q.Matches(text) && len(tokens) < 1000 && !indexed(q, tokens) {
			t.Fatalf("%q in %q: %q %q, index %q", query, text, q.All, q.Prefix, tokens)
		}
		for _, h := range q.Hits(text) {
			if h.From < 0 || h.From >= h.To || h.To > len(text) {
				t.Fatalf("hit %v of %d", h, len(text))
			}
		}
		c := token.Excerpt(text, q, n%500)
		last := 0
		for _, h := range c.Hits {
			if h.From < last || h.From > h.To || h.To > len(c.Text) {
				t.Fatalf("hits %v in %q", c.Hits, c.Text)
			}
			last = h.To
		}
	})
}

var sample = strings.Repeat("안녕하세요, 지난주에 주문한 램프(M-2604-0318)가 아직 도착하지 않았습니다. Could you please check where it is? 새벽배송이라고 했는데요. kim94@example.com\n", 60)

func BenchmarkIndex(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		token.Index(sample)
	}
}

func BenchmarkMatches(b *testing.B) {
	q := token.Parse("도착하지 없는말")
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		q.Matches(sample)
	}
}

func BenchmarkExcerpt(b *testing.B) {
	q := token.Parse("새벽배송")
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		token.Excerpt(sample, q, 120)
	}
}

// Time grows with the text, whatever stands in it: a mail may be built to be slow.
func TestNastyTextsAreNotSlow(t *testing.T) {
	for name, unit := range map[string]string{"words": "a", "marks": "\u0301", "marked": "a\u0301", "jamo": "ㅏ", "final jamo": "\u11a8", "codes": "1-", "spaces": " ", "broken": "\xff", "hits": "11111 ", "near hits": "111112-"} {
		for _, query := range []string{"a", "11111", "a\u0301", "ㅏ", "1-1-1-1", "11111 a* ㅏ"} {
			grow.Linear(t, fmt.Sprintf("%s, query %q", name, query), 6000, func(size int) {
				text := strings.Repeat(unit, size/len(unit))
				q := token.Parse(query)
				token.Index(text)
				q.Matches(text)
				token.Excerpt(text, q, 100)
			})
		}
	}
}
