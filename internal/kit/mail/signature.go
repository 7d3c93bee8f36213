package mail

import (
	"strings"
	"unicode/utf8"
)

var (
	// delimiters: "-- " of RFC 3676 §4.3 and the lines that programs and people draw instead.
	delimiter = lazy(`^\s*(?:--|−−)\s*$`)
	drawn     = lazy(`^\s*(?:[-_=*~─━—]\s?){3,}\s*$`)

	// deviceLine is what a phone or a free mail service writes under a mail, in many languages: the whole line, nothing after it.
	deviceLine = framed(`(?i)^[\s*_(<\[-]*`,
		`(?:sent|sending|posted|written|typed) (?:from|with|via|using|by|on) (?:my |the |a |an )?[^.?!]{2,70}|get outlook for \p{L}+.*|download outlook for .*|outlook for (?:ios|android).*|`+
			`(?:von meinem|von meiner|gesendet (?:von|mit|über)|diese nachricht wurde von meinem) .{2,70}|(?:envoyé|télécharger?) (?:de(?:puis)?|à partir de|avec|via|outlook) .{2,70}|(?:enviado|enviada) (?:desde|de|do|da|a partir|con|pelo|via) .{2,70}|`+
			`inviato (?:da|dal|con) .{2,60}|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via) .{2,60}|(?:skickat|sendt|lähetetty) (?:från|fra|med) .{2,60}|lähetetty .{2,60}|wysłane? (?:z|ze) .{2,60}|odesláno (?:z|ze) .{2,60}|(?:отправлено|послано) (?:с|из|со) .{2,60}|надіслано з .{2,60}|`+
			`.{2,40}(?:ımdan|imden|umdan|den|dan) gönderildi|gửi từ .{2,60}|dikirim dari .{2,60}|trimis de pe .{2,60}|από το .{2,40} μου|`+
			`(?:나의|내|제)?\s*(?:\p{L}|\d|[ .,()'’_+-]){2,50}(?:에서|로|으로|을 통해|를 통해)\s*(?:보냄|보낸 메일(?:입니다)?|보냈습니다|보낸 이메일(?:입니다)?|발송됨|발송|보내드립니다|작성됨|전송됨|보낸 메시지(?:입니다)?)|(?:android|ios|iphone|아이폰|안드로이드)용 outlook.{0,40}(?:다운로드|받기|가져오기)?|outlook.{0,20}(?:ios|android).{0,10}(?:다운로드|받기)|`+
			`.{2,40}から送信(?:されました)?|.{0,10}发自我的.{2,40}|.{0,10}從我的.{2,40}(?:傳送|寄出)|(?:發自|发自).{2,40}|从我的.{2,40}发送|来自.{2,20}(?:手机|邮箱).{0,10}|yahoo! ?mail.{0,60}|this email (?:was|has been) (?:sent|checked|scanned) .{2,80}|virus-free\..*|diese e-mail wurde von avast .*`,
		`[\s.>)\]*_-]*(?:<?https?://\S*>?)?[\s.>)\]*]*$`)

	// legal are words that only a footer written by lawyers has; two of them make a paragraph one.
	legal = anyOf(`confidential|intended (?:only |solely )?(?:for|recipient)|intended recipient|unauthori[sz]ed|privileged|disclos|if you (?:are not|have received)|received this (?:e-?mail|message|communication)|in error|notify the sender|delete (?:it|this|the)|legally|disclaimer|virus|` +
		`vertraulich|irrtümlich|unbefugt|confidentiel|destinataire|destinatari[oa]s?|erreur|confidencial|riservat|vertrouwelijk|` +
		`수신인|수신자|수신처|지정된|기밀|비밀|법적|법률|법에 (?:의해|따라)|무단|유출|복사|배포|오류로|잘못 (?:수신|전송|송부|배달|받으)|삭제|발신(?:인|자)에게|금지|보안|본 (?:메일|이메일|메시지|전자우편)|이 (?:메일|이메일|전자우편)|発信者|機密|誤って|秘密|保密`)
	legalStart = anyOf(`(?:this|the) (?:e-?mail|message|communication|information|transmission)|confidentiality|disclaimer|notice|본 (?:메일|이메일|e-?mail|메시지|전자우편|메세지)|이 (?:메일|이메일|e-?mail|메시지|전자우편)|본 전자|diese (?:e-?mail|nachricht)|ce (?:message|courriel)|este (?:mensaje|correo|e-?mail|mensagem)|questo messaggio|dit bericht|このメール|本メール|本邮件|please consider the environment|think before (?:you )?print|printing this|출력하기 전에|인쇄하기 전에|환경을 (?:생각|위해)`)
	greenLine  = lazy(`(?i)please consider (?:the|your) environment|think (?:before|twice)|before printing|환경.{0,20}(?:인쇄|출력)|(?:인쇄|출력).{0,20}환경`)

	phone   = lazy(`(?:\+?\d{1,3}[\s.)-]*)?\(?\d{2,4}\)?[\s.)-]{1,3}\d{3,4}[\s.-]{1,3}\d{3,4}|\+\d{8,14}`)
	webLike = lazy(`(?i)\b(?:https?://|www\.)\S+|^\s*[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|kr|co\.kr|de|io|fr|uk)\s*$`)
	numbers = lazy(`(?i)(?:^|[\s|/,·(])(?:tel|telefon|phone|fax|mobile|mob|cell|direct|office|ph|t|m|f|e|w|hp|h\.p|c\.p|e-?mail|직통|전화|팩스|휴대폰|핸드폰|대표번호)\s*[.:)]\s*\S|(?:^|[\s|/])(?:tel|fax|mobile|phone)\s+[+(\d]`)
	company = lazy(`(?i)\(주\)|㈜|주식회사|유한회사|\b(?:inc|ltd|llc|gmbh|corp|co\.,? ?ltd|s\.?a\.?r?\.?l?|b\.?v|pty|plc|university|department|dept)\b\.?|(?:팀|부서|본부|사업부|파트|지점|연구소|센터|그룹|학과|대학교|편집부|총무부|영업부|지원실|사무국)(?:$|[\s|/,·])`)
	title   = lazy(`(?i)\b(?:ceo|cto|coo|cfo|manager|director|engineer|president|founder|consultant|assistant|developer|specialist|officer|head of|lead|representative|coordinator|analyst|partner)\b|대표(?:이사)?|이사|부장|차장|과장|대리|사원|주임|팀장|실장|본부장|선임|책임|수석|매니저|교수|연구원`)

	// closing are words that end a letter: they and the name under them are the person's own.
	closing = lazy(`(?i)^\s*(?:best|best wishes|(?:best|kind|warm|warmest|many)?\s*regards|thanks(?: .{0,40})?|thank you(?: .{0,40})?|thx|cheers|sincerely(?: yours)?|yours(?: .{0,20})?|all the best|cordially|respectfully|mit freundlichen grüßen|viele grüße|liebe grüße|freundliche grüße|gruß|mfg|cordialement|bien cordialement|merci(?: .{0,30})?|saludos|un saludo|gracias(?: .{0,20})?|atentamente|atenciosamente|abraços?|obrigad[oa]|cordiali saluti|grazie|met vriendelijke groet(?:en)?|groeten|mvh|med vänlig hälsning|s уважением|с уважением|спасибо)[\s,.!]*$`)
	// closingEnd are those that may stand at the end of a longer line.
	closingEnd = lazy(`(?:감사합니다|고맙습니다|수고하세요|수고하십시오|부탁드립니다|부탁드려요|드림|올림|배상)[\s.,!~^]*$`)
	// asksData are words before data that a customer gives on purpose: it is an answer, not a signature.
	asksData = lazy(`(?i)[:：]\s*$|연락처|주소|전화번호|계좌|아래|다음과 같|담당자|수령인|below|following|phone number|address|contact|number is|bank|here (?:is|are)|reach (?:me|him|her|us)`)
	dataLine = lazy(`^\s*(?:연락처|주소|받는|수령|성함|성명|이름|주문|배송|계좌|은행|예금주|사업자|상호|모델|제품|회원|아이디|생년월일|운송장|송장|우편번호|이메일 주소)[^:：]{0,12}[:：]`)
)

// markSignatures looks at each stretch of newly written lines and marks what stands at its end and is not the answer.
func markSignatures(lines []textLine, who writer) {
	markDevices(lines)
	for start := 0; start < len(lines); {
		if lines[start].kind != written {
			start++
			continue
		}
		end := start
		for end < len(lines) && lines[end].kind == written {
			end++
		}
		before := anything(lines[:start], written)
		signEnd(lines[start:end], who, before)
		start = end
	}
}

// signEnd cuts from the end of one stretch, as long as there is something to cut.
func signEnd(lines []textLine, who writer, before bool) {
	end := len(lines)
	if i := delimited(lines); i >= 0 {
		sign(lines[i:])
		end = i
	}
	for {
		for end > 0 && lines[end-1].text == "" {
			end--
		}
		n := tail(lines[:end], who, before)
		if n == 0 {
			return
		}
		sign(lines[end-n : end])
		end -= n
	}
}

// markDevices finds device lines that stand alone in the middle.
func markDevices(lines []textLine) {
	for i, l := range lines {
		if l.kind == written && l.text != "" && (i == 0 || lines[i-1].text == "" || lines[i-1].kind != written) && (i+1 == len(lines) || lines[i+1].text == "" || lines[i+1].kind != written) && isDevice(l.text) {
			lines[i].kind = signed
		}
	}
}

func sign(lines []textLine) {
	for i := range lines {
		lines[i].kind = signed
	}
}

// delimited finds the signature mark "-- ": the first after which nothing looks like a talk going on. -1: none.
func delimited(lines []textLine) int {
	for i, l := range lines {
		if delimiter().MatchString(l.text) && len(lines)-i <= 40 {
			return i
		}
	}
	for i := len(lines) - 1; i >= 0 && len(lines)-i <= 14; i-- {
		if drawn().MatchString(lines[i].text) && (i > 0 && looksSigned(full(lines[i+1:]), writer{}) || onlyMachine(lines[i+1:])) {
			return i
		}
	}
	return -1
}

// full are the lines that are not empty.
func full(lines []textLine) []textLine {
	var out []textLine
	for _, l := range lines {
		if l.text != "" {
			out = append(out, l)
		}
	}
	return out
}

func onlyMachine(lines []textLine) bool {
	n := 0
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		if !isDevice(l.text) {
			return false
		}
		n++
	}
	return n > 0
}

// tail returns how many lines at the end are signature, device line or footer.
func tail(lines []textLine, who writer, before bool) int {
	if len(lines) == 0 {
		return 0
	}
	last := lines[len(lines)-1].text
	if isDevice(last) {
		return 1
	}
	if len(lines) > 1 && utf8.RuneCountInString(lines[len(lines)-2].text) < 60 && lines[len(lines)-2].text != "" && isDevice(lines[len(lines)-2].text+" "+last) && !isDevice(lines[len(lines)-2].text) {
		return 2
	}
	if drawn().MatchString(last) && len(lines) > 1 {
		return 1
	}
	if utf8.RuneCountInString(last) < 200 && greenLine().MatchString(last) {
		return 1
	}
	if n := legalTail(lines); n > 0 {
		return n
	}
	return contactTail(lines, who, before)
}

func isDevice(s string) bool {
	if utf8.RuneCountInString(s) > 120 {
		return false
	}
	if strings.Contains(s, ",") && len(strings.Fields(s)) > 8 {
		return false // "Sent from my desk, which is much easier": a sentence
	}
	return deviceLine.in(strings.ToLower(s)) && !strings.HasSuffix(strings.TrimSpace(s), "?")
}

// legalTail counts the lines of a last paragraph that lawyers wrote.
func legalTail(lines []textLine) int {
	start := paragraph(lines)
	if start > 0 && lawyers(joinText(lines[start:])) {
		return len(lines) - start
	}
	for i := len(lines) - 1; i > start && len(lines)-i < 12; i-- { // the footer may follow without an empty line
		if legalStart.in(strings.ToLower(lines[i].text)) {
			if lawyers(joinText(lines[i:])) {
				return len(lines) - i
			}
		}
	}
	return 0
}

func lawyers(text string) bool {
	text = strings.ToLower(firstBytes(text, 4000))
	return len(text) > 60 && legalStart.in(text) && legal.count(text, 3) >= 3
}

// paragraph returns where the last run of lines without an empty one begins.
func paragraph(lines []textLine) int {
	i := len(lines)
	for i > 0 && lines[i-1].text != "" {
		i--
	}
	return i
}

func joinText(lines []textLine) string {
	var all []string
	for _, l := range lines {
		all = append(all, l.text)
	}
	return strings.Join(all, " ")
}

// contactTail counts the lines of a signature without a mark: a short last paragraph with name, firm, telephone.
func contactTail(lines []textLine, who writer, before bool) int {
	start := paragraph(lines)
	block := lines[start:]
	for i, l := range block { // what comes up to the closing words is the person's
		if closes(l.text) {
			start += i + 1
			block = block[i+1:]
			break
		}
	}
	if len(block) == 0 || len(block) > 9 || start == 0 && !before {
		return 0
	}
	if !looksSigned(block, who) || asked(lines[:start]) {
		return 0
	}
	return len(lines) - start
}

// closes says whether a line is, or ends with, closing words. Of a long line only its end is looked at.
func closes(line string) bool {
	return len(line) < 200 && closing().MatchString(line) || closingEnd().MatchString(line[max(0, len(line)-80):])
}

func asked(lines []textLine) bool {
	for i := len(lines) - 1; i >= 0; i-- {
		if lines[i].text != "" {
			return asksData().MatchString(lines[i].text)
		}
	}
	return false
}

func looksSigned(block []textLine, who writer) bool {
	named, firms := false, 0
	for i, l := range block {
		if utf8.RuneCountInString(l.text) > 90 || endsSentence(l.text) && !company().MatchString(l.text) || koreanSentence(l.text) || dataLine().MatchString(l.text) {
			return false
		}
		if i < 2 && who.is(l.text) {
			named = true
		}
		if company().MatchString(l.text) || title().MatchString(l.text) {
			firms++
		}
	}
	contacts := contactLines(block)
	switch {
	case len(block) < 2:
		return named && contacts == 1 && (firms > 0 || strings.ContainsAny(block[0].text, "|/"))
	case named:
		return contacts >= 1 || firms >= 1
	}
	return contacts >= 2 || contacts >= 1 && firms >= 1
}

// is tells whether a line has the writer's own name or address.
func (w writer) is(line string) bool {
	folded := squash(strings.ToLower(line))
	if w.addr != "" && strings.Contains(folded, strings.ToLower(w.addr)) {
		return true
	}
	name := squash(strings.ToLower(w.name))
	if utf8.RuneCountInString(name) >= 2 && strings.Contains(folded, name) {
		return true
	}
	return false
}

func contactLines(lines []textLine) int {
	n := 0
	for _, l := range lines {
		if phone().MatchString(l.text) || addrLike().MatchString(l.text) || webLike().MatchString(l.text) || numbers().MatchString(l.text) {
			n++
		}
	}
	return n
}

// koreanSentence is true for a line that ends as Korean sentences do, with or without a full stop.
func koreanSentence(s string) bool {
	s = strings.TrimRight(s, " .?!~^ㅎㅋㅠㅜ…)")
	for _, end := range []string{"니다", "어요", "아요", "해요", "세요", "네요", "데요", "나요", "까요", "예요", "에요", "이요", "습니까", "니까", "세용", "다고", "는데", "지요", "죠", "군요", "래요", "줘요", "돼요", "드림", "올림"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
