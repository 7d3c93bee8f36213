package mail

import (
	"strings"
)

// The ways in which mail programs announce what they quote, by what they are, not by program: there are more programs than kinds.

// wrote are the words at the end of "On Monday X wrote:". In lower case.
var wrote = framed(``, `wrote|writes|wrote the following|napsal\(a\)|napsala?|schrieb(?: am .*| folgendes)?|schrieb .*|a écrit|écrit|escribió|escribio|ha scritto|scrisse|escreveu|schreef(?: het volgende)?|skrev(?: .*)?|skrifaði|kirjoitti|`+
	`pisze|napisał(?:\(a\)|a)?|написала?|пишет|написал\(а\)|написав|пише|íрта|írta|yazdı|şunu yazdı|đã viết|viết|menulis|a scris|έγραψε|כתב|كتب|님이 작성|님께서 작성|작성|님이 쓴 글|님의 말|님 작성|님이 썼습니다|님이 보냄|이\(가\) 작성|`+
	`さんは書きました|のメール|さんが書いた|写道|寫道|写到|撰写`, `\s*(?:<[^>]*>)?\s*[:：]?\s*$`)

// starts are the words with which such a line begins.
var starts = lazy(`(?i)^\s*[*_"'-]*\s*(on|am|le|el|em|il|op|dne|w dniu|dnia|den|på|pe|ke|de|at|vào|pada|στις|a|в|у|в\p{L}*|בתאריך|في|\d{1,4}\s*[-./年년]|\d{1,2}[. ]+\p{L}+|\d{1,2}:\d{2}|(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|пн|вт|ср|чт|пт|сб|вс)\p{L}*[.,]|[월화수목금토일]요일|於|在|20\d\d)`)

var (
	// named is "2026-01-02 15:04, Kim <kim@example.com>:", which some programs write without any verb.
	named = lazy(`<\s*(?:mailto:)?[^\s<>]+@[^\s<>]+>(?:\s*\([^)]*\))?\s*[:：]\s*$`)

	dateLike  = lazy(`\d{4}|\d{1,2}[:.h]\d{2}|\d{1,2}[/.-]\d{1,2}|\d{1,2}\s*[월일時时]`)
	fullDate  = lazy(`\d{1,2}\D{1,14}\d{4}|\d{4}\D{1,14}\d{1,2}|\d{1,2}[./-]\d{1,2}|\d{1,2}\D{1,14}\d{1,2}:\d{2}`)
	myself    = lazy(`(?i)(?:^|\s)(?:i|we|ich|wir|제가|저희가)\s(?:\S+\s)?(?:wrote|schrieb|작성)`)
	addrLike  = lazy(`[^\s<>"'()@:;,\[\]]+@[^\s<>"'()@:;,\[\]]+\.[^\s<>"'()@:;,\[\]]+`)
	rules     = lazy(`^[\s>]*[-_=*~—–─━]{5,}\s*$`)
	originals = lazy(`(?i)^[\s*_=~>-]*[-_=*~—]{2,}\s*(?:on .{5,200} wrote|in reply to|original (?:message|mail|e-?mail|appointment|text)|reply (?:message|above)|forwarded (?:message|by|mail)(?: .*)?|begin forwarded message|` +
		`message d['’]origine|message (?:transféré|original|transmis)|courriel original|ursprüngliche (?:nachricht|mail|e-mail)|original-?nachricht|original-?mail|weitergeleitete nachricht|` +
		`mensaje (?:original|reenviado)|mensagem (?:original|encaminhada)|messaggio (?:originale|inoltrato)|oorspronkelijk bericht|doorgestuurd bericht|ursprungligt meddelande|original ?meddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|` +
		`alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva|eredeti üzenet|orijinal (?:mesaj|ileti)|özgün ileti|исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригинальное сообщение|` +
		`(?:원본|원래|원문|최초|이전|받은|전달된|전달)\s*(?:메시지|메세지|메일|이메일|내용|문서)?|元のメッセージ|転送メッセージ|原始邮件|原始郵件|转发邮件|回复邮件|邮件原文|originale?|tin nhắn gốc)\s*[-_=*~—:]{2,}.*$`)
	forwards = lazy(`(?i)^\s*(?:begin forwarded message|inizio messaggio inoltrato|début du message (?:réexpédié|transféré)|anfang der weitergeleiteten (?:nachricht|e-mail)|início da mensagem (?:reencaminhada|encaminhada)|inicio del mensaje reenviado|` +
		`전달된 메시지\s*시작|転送されたメッセージ|下面是被转发的邮件|原文如下)\s*[:：]?\s*$`)
)

// labels of the header block that Outlook, Naver, Daum and others put above what they quote. f: from, d: date, t: to, c: copy, s: subject.
var labels = map[string]byte{
	"from": 'f', "von": 'f', "de": 'f', "da": 'f', "van": 'f', "från": 'f', "fra": 'f', "lähettäjä": 'f', "od": 'f', "feladó": 'f', "kimden": 'f', "gönderen": 'f', "от": 'f', "от кого": 'f', "від": 'f', "από": 'f', "expéditeur": 'f', "remitente": 'f', "mittente": 'f', "从": 'f', "发件人": 'f', "寄件者": 'f', "寄件人": 'f', "差出人": 'f', "送信者": 'f', "보낸 사람": 'f', "보낸사람": 'f', "보낸이": 'f', "보낸 이": 'f', "발신": 'f', "발신자": 'f', "발신인": 'f', "보내는 사람": 'f', "보내는사람": 'f', "odesílatel": 'f', "từ": 'f', "dari": 'f', "de la": 'f',
	"sent": 'd', "date": 'd', "gesendet": 'd', "datum": 'd', "envoyé": 'd', "enviado": 'd', "enviada": 'd', "enviado el": 'd', "enviada em": 'd', "enviado em": 'd', "inviato": 'd', "data": 'd', "fecha": 'd', "verzonden": 'd', "skickat": 'd', "sendt": 'd', "dato": 'd', "lähetetty": 'd', "päivämäärä": 'd', "wysłano": 'd', "odesláno": 'd', "elküldve": 'd', "dátum": 'd', "tarih": 'd', "gönderildi": 'd', "gönderme tarihi": 'd', "дата": 'd', "отправлено": 'd', "надіслано": 'd', "ημερομηνία": 'd', "发送时间": 'd', "发送日期": 'd', "日期": 'd', "寄件日期": 'd', "日時": 'd', "送信日時": 'd', "送信日": 'd', "보낸 날짜": 'd', "보낸날짜": 'd', "보낸 시간": 'd', "보낸시간": 'd', "날짜": 'd', "일시": 'd', "보낸 일시": 'd', "보낸일시": 'd', "발신일": 'd', "작성일": 'd', "시간": 'd', "ngày": 'd', "tanggal": 'd', "sent at": 'd', "date sent": 'd', "sent on": 'd', "trimis": 'd', "date d'envoi": 'd', "envoyé le": 'd',
	"to": 't', "an": 't', "à": 't', "para": 't', "a": 't', "aan": 't', "till": 't', "til": 't', "vastaanottaja": 't', "do": 't', "komu": 't', "címzett": 't', "kime": 't', "alıcı": 't', "кому": 't', "προς": 't', "destinataire": 't', "destinatario": 't', "收件人": 't', "收件者": 't', "宛先": 't', "받는 사람": 't', "받는사람": 't', "받는이": 't', "받은 사람": 't', "수신": 't', "수신자": 't', "수신인": 't', "đến": 't', "kepada": 't', "către": 't', "pour": 't',
	"cc": 'c', "kopie": 'c', "copie": 'c', "copia": 'c', "kopio": 'c', "kopia": 'c', "копия": 'c', "抄送": 'c', "副本": 'c', "참조": 'c', "숨은 참조": 'c', "숨은참조": 'c', "bcc": 'c', "reply-to": 'c', "reply to": 'c', "importance": 'c', "priority": 'c', "attachments": 'c', "첨부": 'c', "중요도": 'c', "회신 주소": 'c', "답장 받는 사람": 'c', "organization": 'c', "newsgroups": 'c',
	"subject": 's', "betreff": 's', "objet": 's', "asunto": 's', "assunto": 's', "oggetto": 's', "onderwerp": 's', "ämne": 's', "emne": 's', "aihe": 's', "temat": 's', "předmět": 's', "tárgy": 's', "konu": 's', "тема": 's', "θέμα": 's', "主题": 's', "主旨": 's', "件名": 's', "제목": 's', "sujet": 's', "chủ đề": 's', "perihal": 's', "subiect": 's', "re": 's',
}

// attribution returns how many lines from the first on are one line of the kind "On Monday X wrote:", 0 when they are none.
func attribution(lines []textLine) int {
	if !mayAnnounce(lines) {
		return 0
	}
	first := lines[0].text
	begins := starts().MatchString(first)
	if !begins && !strings.Contains(first, "@") && !colonEnd(first) && !quoteFollows(lines[1:]) {
		return 0
	}
	joined := ""
	for n := 0; n < len(lines) && n < 5; n++ {
		text := strings.TrimSpace(lines[n].text)
		if text == "" || lines[n].kind != written {
			if n > 0 && text == "" && n < 3 && begins && continues(joined) {
				continue
			}
			return 0
		}
		joined = strings.TrimSpace(joined + " " + text)
		if len(joined) > 500 || n > 0 && !begins && !strings.Contains(first, "@") {
			return 0
		}
		if !colonEnd(joined) && !quoteFollows(lines[n+1:]) {
			continue
		}
		if !wrote.in(strings.ToLower(joined)) && !(begins && named().MatchString(joined) && len(dateLike().FindAllString(joined, 3)) >= 2) {
			continue
		}
		if announces(joined, begins, lines[n+1:]) {
			return n + 1
		}
	}
	return 0
}

// mayAnnounce is the cheap part of the question: within a few lines there is a colon at an end, or a quotation.
func mayAnnounce(lines []textLine) bool {
	for n := 0; n < len(lines) && n < 5; n++ {
		if colonEnd(lines[n].text) || n+1 < len(lines) && lines[n+1].kind == quoted {
			return true
		}
	}
	return quoteFollows(lines[1:])
}

func colonEnd(s string) bool {
	s = strings.TrimRight(s, " \t*_\u00a0")
	return strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
}

// continues is true for a line that an attribution cannot end with: some programs leave an empty line within it.
func continues(s string) bool {
	return dateLike().MatchString(s) && (strings.HasSuffix(s, ",") || strings.HasSuffix(s, "<") || strings.HasSuffix(s, "at"))
}

// announces tells a line that announces a quotation from a sentence that ends in "wrote": it has a date, or an address, or the quotation is there.
func announces(s string, begins bool, rest []textLine) bool {
	colon := colonEnd(s)
	if quoteFollows(rest) {
		return colon || dateLike().MatchString(s) || addrLike().MatchString(s)
	}
	return colon && dateLike().MatchString(s) && (addrLike().MatchString(s) || begins && fullDate().MatchString(s) && !myself().MatchString(s))
}

// separator returns how many lines from the first on say that all below is an older mail, 0 when they do not.
func separator(lines []textLine) int {
	first := lines[0].text
	if forwards().MatchString(first) {
		return 1
	}
	if originals().MatchString(first) {
		return 1
	}
	if rules().MatchString(first) {
		if n := headerBlock(skipEmpty(lines[1:]), 2); n > 0 {
			return n + 1
		}
		return 0
	}
	return headerBlock(lines, 3)
}

func skipEmpty(lines []textLine) []textLine {
	for len(lines) > 0 && lines[0].text == "" {
		lines = lines[1:]
	}
	return lines
}

// headerBlock returns the length of a block of mail header lines (From:, Sent:, To:, Subject:, in any language), with at least the given number of
// different ones, among them who sent it.
func headerBlock(lines []textLine, least int) int {
	if len(lines) == 0 {
		return 0
	}
	if l, _ := label(lines[0].text); l == 0 {
		return 0
	}
	seen := map[byte]bool{}
	empty, strange := 0, 0
	for n := 0; n < len(lines) && n < 16; n++ {
		text := lines[n].text
		l, value := label(text)
		switch {
		case text == "":
			if empty++; empty > 4 {
				return 0
			}
		case l == 0:
			if strange++; strange > 3 { // a long list of recipients goes over several lines
				return 0
			}
		case l == 'f' && value == "" && n+1 < len(lines) && lines[n+1].text == "":
			return 0
		default:
			empty, strange = 0, 0
			seen[l] = true
		}
		if seen['f'] && len(seen) >= least && (seen['d'] || seen['s']) {
			return n + 1
		}
	}
	return 0
}

// label returns which header a line looks like, 0 for none. Marks of bold text around it do not count.
func label(s string) (kind byte, value string) {
	s = strings.TrimLeft(s, " \t*_>•-|")
	i := strings.IndexAny(s, ":：")
	if i <= 0 || i > 40 {
		return 0, ""
	}
	name := strings.ToLower(strings.Trim(s[:i], " \t*_\u00a0"))
	_, value, _ = strings.Cut(strings.ReplaceAll(s[i:], "：", ":"), ":")
	return labels[strings.Join(strings.Fields(name), " ")], strings.Trim(value, " *\u00a0")
}
