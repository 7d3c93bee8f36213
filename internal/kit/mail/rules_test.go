package mail

import (
	"strings"
	"testing"
)

// TestOutOfOfficeByItsWords: no header tells; an ordinary envelope sender.
func TestOutOfOfficeByItsWords(t *testing.T) {
	for _, c := range [][2]string{
		{"Automatic reply: your order", "I am out of the office until Monday."},
		{"Out of Office Re: order", "Back on Monday."},
		{"Re: order 12", "I am currently out of the office with limited access to email. For urgent matters please contact Bob."},
		{"자동 회신: 주문", "휴가 중입니다."}, {"Re: 주문 안내", "출장으로 자리를 비웁니다. 복귀 후 답변드리겠습니다."},
		{"Automatische Antwort: Bestellung", "Ich bin im Urlaub."}, {"Abwesenheitsnotiz: Bestellung", "Ich bin bis 3. Mai nicht im Büro."}, {"Re: Bestellung", "Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich an Frau Maier."},
		{"Réponse automatique : commande", "Je suis absent."}, {"Re: commande", "Je suis actuellement en congés. Pour toute urgence, écrire à Paul."},
		{"Respuesta automática: pedido", "Estoy de vacaciones."}, {"Re: pedido", "Estoy fuera de la oficina. En caso de urgencia escriba a Ana."},
		{"Resposta automática: pedido", "Estou de férias."}, {"Risposta automatica: ordine", "Sono in ferie."}, {"Automatisch antwoord: bestelling", "Ik ben afwezig."}, {"Autosvar: beställning", "Jag är på semester."},
		{"Automatisk svar: ordre", "Jeg er på ferie."}, {"Automaattinen vastaus: tilaus", "Olen lomalla."}, {"Automatyczna odpowiedź: zamówienie", "Jestem na urlopie."}, {"Automatická odpověď: objednávka", "Jsem na dovolené."},
		{"Automatikus válasz: rendelés", "Szabadságon vagyok."}, {"Răspuns automat: comanda", "Sunt în concediu."}, {"Αυτόματη απάντηση: παραγγελία", "Είμαι σε άδεια."}, {"Otomatik Yanıt: sipariş", "Yıllık izindeyim."},
		{"Автоматический ответ: заказ", "Я в отпуске."}, {"Re: заказ", "Сейчас нахожусь в отпуске. По срочным вопросам пишите коллеге."}, {"Автоматична відповідь: замовлення", "Я у відпустці."}, {"自動返信: ご注文", "休暇をいただいております。"}, {"Re: ご注文", "出張のため不在にしております。戻り次第ご連絡いたします。"},
		{"自动回复: 订单", "我在休假。"}, {"自動回覆: 訂單", "我在休假。"}, {"Trả lời tự động: đơn hàng", "Tôi đang nghỉ phép."}, {"Balasan otomatis: pesanan", "Saya sedang cuti."}, {"ตอบกลับอัตโนมัติ: order", "ลาพักร้อน"}, {"رد تلقائي: الطلب", "أنا في إجازة"}, {"תשובה אוטומטית: הזמנה", "אני בחופשה"},
	} {
		m := parsed(t, "From: a@example.com\nSubject: "+c[0]+"\n\n"+c[1]+"\n")
		if k := Classify(m, "a@example.com"); k.Class != Auto {
			t.Errorf("%q is %s", c[0], k.Class)
		}
	}
}

func TestPeopleArePeople(t *testing.T) {
	for _, c := range [][2]string{
		{"How do I set up an automatic reply?", "I want customers to get an out of office message when I am on vacation."},
		{"Automatic door broken", "It does not close any more."}, {"Vacation rental question", "Is it free in May?"}, {"Out of stock?", "Is it back soon?"}, {"Re: order", "I will be back on Monday, please deliver on Tuesday."},
		{"Undelivered parcel", "My parcel was not delivered. Tracking says returned to sender."}, {"Delivery failed", "The courier says delivery failed, address unknown."}, {"Auto parts", "Do you have brakes?"}, {"자동차 부품", "있나요?"},
		{"휴가철 배송", "휴가 중에도 배송되나요?"}, {"반송 요청", "물건을 반송하고 싶습니다."}, {"부재중 배송", "부재중이라 못 받았습니다. 다시 배송해 주세요."}, {"자동이체 신청", "신청합니다."}, {"회신 부탁드립니다", "급한 건입니다."},
		{"Absent customer", "The customer is absent."}, {"Bounce rate report", "Please send it."}, {"Urlaub", "Ist der Laden im Urlaub offen?"}, {"Re: 견적", "출장 중이라 답장이 늦었습니다. 견적서대로 진행해 주세요."}, {"오토바이 문의", "재고가 있나요?"},
	} {
		m := parsed(t, "From: Kim <kim@example.com>\nSubject: "+c[0]+"\n\n"+c[1]+"\n")
		if k := Classify(m, "kim@example.com"); k.Automatic() {
			t.Errorf("%q is %s (%s)", c[0], k.Class, k.Sign)
		}
	}
}

func TestMachinesByTheirHeaders(t *testing.T) {
	for header, want := range map[string]Class{
		"Auto-Submitted: auto-replied": Auto, "Auto-Submitted: auto-generated; x=y": Auto, "Auto-Submitted: no": Person, "Precedence: bulk": Auto, "Precedence: list": List, "List-Id: <x.example.com>": List, "List-Unsubscribe: <mailto:x@y>": List,
		"X-Auto-Response-Suppress: All": Auto, "X-Auto-Response-Suppress: DR, OOF, AutoReply": Person, "X-Autoreply: yes": Auto, "Precedence: first-class": Person, "X-Failed-Recipients: a@b.example": Bounced,
	} {
		m := parsed(t, "From: Kim <kim@example.com>\nSubject: hello\n"+header+"\n\nhello\n")
		if k := Classify(m, "kim@example.com"); k.Class != want {
			t.Errorf("%s is %s, want %s", header, k.Class, want)
		}
	}
	if k := Classify(parsed(t, "From: a@b.c\nSubject: x\n\nhello"), "<>"); k.Class != Auto {
		t.Errorf("null sender is %s", k.Class)
	}
}

func TestReplyText(t *testing.T) {
	for name, c := range map[string][2]string{
		"top":               {"Yes.\n\nOn Mon, Nov 16, 2026 at 3:05 PM Shop <help@example.com> wrote:\n> Ok?\n", "Yes."},
		"bottom":            {"On Mon, Nov 16, 2026 at 3:05 PM Shop <help@example.com> wrote:\n> Ok?\n\nYes.\n", "Yes."},
		"between":           {"Hi\n\nOn Mon, Nov 16, 2026, Shop wrote:\n> One?\n\n1\n\n> Two?\n\n2\n", "Hi\n1\n2"},
		"outlook":           {"Yes.\n\n________________________________\nFrom: Shop <help@example.com>\nSent: Monday\nTo: me\nSubject: Order\n\nOk?\n", "Yes."},
		"outlook bold":      {"Yes.\n\n*From:* Shop <help@example.com>\n*Sent:* Monday\n*Subject:* Order\n\nOk?", "Yes."},
		"german":            {"Ja.\n\nAm 16.11.2026 um 15:05 schrieb Shop <help@example.com>:\n> Ok?", "Ja."},
		"japanese":          {"はい。\n\n2026年11月16日(月) 15:05 Shop <help@example.com>:\n> よろしいですか", "はい。"},
		"chinese":           {"好的。\n\n在 2026年11月16日 15:05，Shop <help@example.com> 写道：\n> 可以吗？", "好的。"},
		"naver":             {"네.\n\n-----Original Message-----\nFrom: \"상점\" <help@example.com>\nTo: <a@example.com>\nSent: 2026-11-16\nSubject: 주문\n\n괜찮나요?", "네."},
		"daum":              {"네.\n\n--------- 원본 메일 ---------\n보낸사람: 상점\n날짜: 2026\n제목: 주문\n\n괜찮나요?", "네."},
		"signature":         {"Yes.\n\n-- \nKim\n02-000-0000\n", "Yes."},
		"device":            {"Yes.\n\nSent from my Galaxy", "Yes."},
		"korean device":     {"네.\n\n나의 iPhone에서 보냄", "네."},
		"closing":           {"Yes.\n\nThanks,\nKim", "Yes.\nThanks,\nKim"},
		"data not signed":   {"배송지입니다.\n아래 주소로 보내 주세요.\n\n홍길동\n010-1234-5678\n서울시 중구 1", "배송지입니다.\n아래 주소로 보내 주세요.\n홍길동\n010-1234-5678\n서울시 중구 1"},
		"wrote in sentence": {"On Monday 2026 I wrote:\nnothing was answered.", "On Monday 2026 I wrote:\nnothing was answered."},
		"only from":         {"From: Seoul\nI need a taxi to Busan.", "From: Seoul\nI need a taxi to Busan."},
		"dashes":            {"Prices:\n-----\nA 10\nB 20\n\nOk?", "Prices:\n-----\nA 10\nB 20\nOk?"},
		"only a quotation":  {"> a\n> b", ""},
	} {
		if got := fold(SplitText(c[0]).Reply); got != c[1] {
			t.Errorf("%s: %q, want %q", name, got, c[1])
		}
	}
}

func TestTextOfHTML(t *testing.T) {
	for page, want := range map[string]string{
		"<p>a</p><p>b</p>": "a\n\nb", "a<br>b<br><br>c": "a\nb\n\nc", "<ul><li>x<li><p>y</p></ul>": "- x\n- y", "<ol start=3><li>x<li>y</ol>": "3. x\n4. y",
		"<a href='https://example.com/x'>here</a>": "here (https://example.com/x)", "<a href='https://www.example.com/'>example.com</a>": "example.com", "<table><tr><td>a<td>b<tr><td>c</table>": "a b\nc",
		"<blockquote>a<blockquote>b</blockquote></blockquote>": "> a\n> > b", "<style>x</style><script>y</script><p style='display: none'>z</p>ok": "ok", "<pre>a\n  b</pre>": "a\n  b", "a&nbsp;b &lt;c&gt;": "a b <c>", "<img alt='Logo' src=x>": "[Logo]",
	} {
		if got := TextOf(page); got != want {
			t.Errorf("%q: got %q, want %q", page, got, want)
		}
	}
}

func TestSplitLosesNothing(t *testing.T) {
	s := SplitText("Yes.\n\nOn Mon, Nov 16, 2026 at 3:05 PM Shop <help@example.com> wrote:\n> Ok?\n\n-- \nKim\n")
	if s.Reply != "Yes." || !strings.Contains(s.Quoted, "> Ok?") || !strings.Contains(s.Signature, "Kim") {
		t.Errorf("%+v", s)
	}
}

// TestLineEndsDoNotMatter is the other half of T27: the same bounce with LF, CR LF and bare CR is the same bounce.
func TestLineEndsDoNotMatter(t *testing.T) {
	for _, file := range glob(t, "bounces/*.eml") {
		lf := strings.ReplaceAll(string(readFile(t, file)), "\r\n", "\n")
		var first Kind
		for i, end := range []string{"\n", "\r\n", "\r"} {
			m := parsed(t, strings.ReplaceAll(lf, "\n", end))
			k := Classify(m, Envelope(m))
			if i == 0 {
				first = k
			}
			if k.Class != first.Class || (k.Bounce == nil) != (first.Bounce == nil) || k.Bounce != nil && (k.Bounce.Recipient != first.Bounce.Recipient || k.Bounce.Permanent != first.Bounce.Permanent) {
				t.Errorf("%s with %q: %+v, with LF %+v", file, end, k, first)
			}
		}
	}
}
