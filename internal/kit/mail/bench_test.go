package mail

import (
	"strings"
	"testing"

	"baraji/test/rig/grow"
)

// elevenKB is a usual reply: text, HTML with a quotation, a small picture.
func elevenKB(t testing.TB) []byte {
	o := plainOutgoing()
	o.Extra = nil
	o.Text = strings.Repeat("안녕하세요. 주문한 물건이 아직 오지 않았습니다. 확인 부탁드립니다.\n", 8) + "\n2026년 11월 16일 (월) 오후 3:05, 상점 <help@example.com>님이 작성:\n\n" + strings.Repeat("> 고객님, 안녕하세요. 송장번호를 알려 드립니다.\n", 15)
	o.HTML = "<div>" + strings.Repeat("<div>안녕하세요. 주문한 물건이 아직 오지 않았습니다. <b>확인</b> 부탁드립니다.</div>", 8) + `<br><div class="gmail_quote"><div class="gmail_attr">2026년 11월 16일 (월) 오후 3:05, 상점 &lt;help@example.com&gt;님이 작성:<br></div><blockquote class="gmail_quote">` +
		strings.Repeat("<div>고객님, 안녕하세요. 송장번호를 알려 드립니다.</div>", 15) + "</blockquote></div>"
	o.Files[0].Data = make([]byte, 2500)
	return composed(t, o)
}

func BenchmarkParse(b *testing.B) {
	raw := elevenKB(b)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInbound is all that is done with a mail that came in.
func BenchmarkInbound(b *testing.B) {
	raw := elevenKB(b)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		m, err := Parse(raw)
		if err != nil {
			b.Fatal(err)
		}
		if Reply(m) == "" || Classify(m, Envelope(m)).Automatic() {
			b.Fatal("misread")
		}
		Suspicions(m)
		ReadVerdicts(m.Header, "mx.example.com")
	}
}

func BenchmarkCompose(b *testing.B) {
	o := plainOutgoing()
	b.ReportAllocs()
	for b.Loop() {
		composed(b, o)
	}
}

// TestTimeGrowsWithSize is T54: ten times the input takes about ten times the time, however it is built.
func TestTimeGrowsWithSize(t *testing.T) {
	for name, unit := range map[string]string{
		"text":         "안녕하세요, 2026년 1월 2일 (금) 오후 3:04에 보낸 것:\nFrom: a\nOn Monday\n> quoted\n-- \nTel 02-000-0000\n",
		"html":         "<div><p>안녕하세요 <a href='https://example.com/x'>example.com</a><blockquote>인용</blockquote><table><tr><td>1<td>2</table></div>",
		"header":       "=?utf-8?B?7JWI?= \"a\" <a@b.c>, (x) ",
		"commas":       "a, ",
		"colons":       "a@ :",
		"open":         "(<",
		"open quotes":  `"\`,
		"parameters":   `;a="b`,
		"semicolons":   `";`,
		"broken words": "=?utf-8?Q?",
		"percent":      `;a*1*="%`,
	} {
		grow.Linear(t, name, 10_000, func(size int) {
			s := strings.Repeat(unit, size/len(unit))
			SplitText(s)
			SplitHTML(s)
			ParseAddresses(s)
			decodeWords(s)
			parseMedia(s)
		})
	}
}
