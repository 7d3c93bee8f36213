package mail

import (
	"regexp"
	"strings"
)

// returned is where a bounce stops speaking and the mail that came back begins.
var returned = lazy(`(?im)^(?:[ \t>-]*-{2,}[ \t]*(?:this is a copy of|original message|the header of the original|included is a copy|the original message|returned message|(?:below|following) (?:this line )?is|message header|original mail|non-delivered message|unsent message|undelivered message|copy of|원본|원래|반송된)[^\n]*|` +
	`(?:message headers? follow|original message (?:follows|headers?|header)|included is a copy|the original message|--- (?:below|enclosed)|original mail as follows|below this line is a copy|-+original message|원본 메(?:일|시지)|다음은 원본)[^\n]*|` +
	`received: (?:from|by|\()[^\n]*|return-path: *<?[^\n]*|[ \t]+from \S+@\S+ +(?:mon|tue|wed|thu|fri|sat|sun) [^\n]*)$`)

var (
	// blame are the words after which the address that failed is named.
	blame = lazy(`(?i)(?:following (?:recipient|address|user|mail)|recipients? (?:were|was|could|affected|address)|address(?:es)?(?:\(es\))? (?:failed|had|below)|(?:could|can) ?not be delivered (?:to|because)?|cannot be delivered|undeliver(?:able|ed) to|(?:was|were|is) not delivered to|did not reach|delivery (?:to|failed|of your)|deliver(?:ing)? (?:your )?(?:mail|message)? ?(?:to|of)|failed (?:to deliver|recipient|permanently)|unknown user|user unknown|returned to you|unable to (?:deliver|relay)|rejected by|email address :|` +
		`hier nicht|folgende[rn]?|destinataire|destinatario|получател|адресат|宛先|送信先|以下のメール|收件人|以下|받는\s?사람|수신자|수신인|다음\s?(?:주소|수신|받는)|아래\s?(?:주소|수신|메일)|전달(?:하지|할 수)|발송에 실패)`)
	ownLine   = lazy(`(?m)^[\s>*•-]*(?:(?:to|recipient|address|final-recipient|rcpt|받는\s?사람|수신자(?:\s?주소)?|수신인|주소|수신\s?주소|메일\s?주소)\s*[:：]\s*)?(?:rfc822\s*;\s*)?["'<(]*([^\s<>"'()@:;,\[\]「」]+@[^\s<>"'()@:;,\[\]「」]+\.[A-Za-z0-9-]+)["'>)]*\s*(?:[:：].*|\(.*|<.*|on .*|\.{3}.*|;.*|が.*|님.*)?$`)
	rcptTo    = lazy(`(?i)rcpt to:\s*<([^>\s]+@[^>\s]+)>`)
	angled    = lazy(`<([^<>\s@]+@[^<>\s]+)>`)
	mailFrom  = lazy(`(?i)(?:mail from|from|sender|보낸\s?사람|reply-to|return-path)\s*[:：]?\s*[^\n]{0,40}$`)
	enhanced  = lazy(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.(?:\D|$)|$)`)
	replyCode = lazy(`(?:^|[\s:>(\[=#'"])([45][0-7]\d)(?:[ -]|[:;)\]]|$)`)
)

// humanText is what the bounce itself says, without the mail that came back.
func humanText(m *Message) string {
	text := m.Text
	for _, p := range m.Attachments { // some programs put the report into a second text part
		if strings.HasPrefix(p.Type, "text/plain") && p.Name == "" && len(p.Data) < 64<<10 {
			s, _ := decodeCharset(p.Data, "")
			text += "\n" + s
		}
	}
	text = firstBytes(text, 64<<10)
	if at := returned().FindStringIndex(text); at != nil && at[0] > 0 {
		return text[:at[0]]
	}
	return text
}

// textBounce reads a bounce from its words: who failed, with which code, why.
func textBounce(m *Message) *Bounce {
	b := &Bounce{}
	text := humanText(m)
	report := statusGroupsIn(text)
	switch {
	case len(report) > 0:
		b.All = report
	case m.Header.Has("X-Failed-Recipients"):
		for _, v := range m.Header.All("X-Failed-Recipients") {
			for _, a := range ParseAddresses(v) {
				b.All = append(b.All, FailedTo{Recipient: a.Addr})
			}
		}
	}
	if len(b.All) == 0 {
		b.All = blamed(m, text)
	}
	if len(b.All) == 0 {
		b.All = writtenTo(m)
	}
	if len(b.All) > 0 {
		b.Recipient = b.All[0].Recipient
		b.Status = b.All[0].Status
	}
	if b.Status == "" {
		b.Status = codeIn(text)
	}
	b.Detail = detailIn(text)
	b.Reason = reasonOf(b.Status, text)
	return b
}

// statusGroupsIn reads the fields of a delivery status that stand in a text.
func statusGroupsIn(text string) []FailedTo {
	if !strings.Contains(text, "Final-Recipient:") {
		return nil
	}
	var all []FailedTo
	for _, group := range statusGroups(text) {
		if r := groupRecipient(group); r != "" {
			all = append(all, FailedTo{Recipient: r, Status: statusCode(group.Get("Status")), Detail: diagnostic(group)})
		}
	}
	return all
}

// blamed finds the addresses that the text names as failed: those after the blaming words before the others, those on a line of their own first.
func blamed(m *Message, text string) []FailedTo {
	ours := map[string]bool{strings.ToLower(m.Sent().Addr): true}
	for _, a := range m.To {
		ours[strings.ToLower(a.Addr)] = true
	}
	after := text
	if at := blame().FindStringIndex(text); at != nil {
		after = text[at[0]:]
	}
	for _, region := range []string{after, text} {
		for _, re := range []func() *regexp.Regexp{ownLine, rcptTo, angled, addrLike} {
			if found := addressesIn(re(), region, ours); len(found) > 0 {
				return found
			}
		}
	}
	for addr := range ours { // a mail to oneself
		if addr != strings.ToLower(m.Sent().Addr) && strings.Contains(strings.ToLower(text), addr) {
			return []FailedTo{{Recipient: addr}}
		}
	}
	return nil
}

func addressesIn(re *regexp.Regexp, text string, ours map[string]bool) []FailedTo {
	var found []FailedTo
	seen := map[string]bool{}
	for _, at := range re.FindAllStringSubmatchIndex(text, 50) {
		i := 0
		if len(at) > 2 {
			i = 2
		}
		a := cleanRecipient(text[at[i]:at[i+1]])
		if a == "" || ours[strings.ToLower(a)] || seen[strings.ToLower(a)] || mailFrom().MatchString(text[max(0, at[i]-60):at[i]]) {
			continue
		}
		seen[strings.ToLower(a)] = true
		found = append(found, FailedTo{Recipient: a})
	}
	return found
}

var receivedFor = lazy(`(?i)\bfor <([^<>\s]+@[^<>\s]+)>`)

// writtenTo falls back to whom the returned mail was for.
func writtenTo(m *Message) []FailedTo {
	h := returnedHeader(m)
	for _, name := range []string{"X-Original-To", "Envelope-To", "X-Envelope-To"} {
		if a := cleanRecipient(addrLike().FindString(h.Get(name))); a != "" {
			return []FailedTo{{Recipient: a}}
		}
	}
	if list := ParseAddresses(h.Get("To")); len(list) > 0 {
		return []FailedTo{{Recipient: list[0].Addr}}
	}
	for _, v := range h.All("Received") {
		if found := receivedFor().FindStringSubmatch(v); found != nil {
			return []FailedTo{{Recipient: found[1]}}
		}
	}
	return nil
}

// returnedHeader is the header of the mail that came back, from its part or from the text; nil when it is not there.
func returnedHeader(m *Message) Header {
	for _, p := range m.Attachments {
		switch p.Type {
		case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers":
			if h, _ := lenientHeader(begin(p.Data), ""); len(h) > 2 {
				return h
			}
		}
	}
	text := firstBytes(m.Text, 64<<10)
	at := returned().FindStringIndex(text)
	if at == nil {
		return nil
	}
	for rest := text[at[0]:]; rest != ""; {
		if startsHeader([]byte(rest)) {
			if h, _ := lenientHeader([]byte(rest), ""); len(h) > 2 {
				return h
			}
		}
		_, after, ok := strings.Cut(rest, "\n")
		if !ok || len(rest) < len(text)-at[0]-2000 {
			break
		}
		rest = after
	}
	return nil
}

func returnedID(m *Message) string { return firstOf(ids(returnedHeader(m).Get("Message-ID"))) }

func statusCode(s string) string {
	if found := enhanced().FindStringSubmatch(" " + s + " "); found != nil {
		return found[1]
	}
	return ""
}

// codeIn finds the status code in a text; a plain SMTP reply code gives its class.
func codeIn(text string) string {
	for _, found := range enhanced().FindAllStringSubmatch(text, 20) {
		if found[1][0] != '2' {
			return found[1]
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if found := replyCode().FindStringSubmatch(line); found != nil && smtpWords().MatchString(line) {
			return found[1][:1] + ".0.0"
		}
	}
	return ""
}

var smtpWords = lazy(`(?i)[45]\d\d[ -]\D|smtp|error|reject|unknown|오류|서버`)

// detailIn is the line in which the other server speaks.
func detailIn(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if enhanced().MatchString(line) || replyCode().MatchString(line) && smtpWords().MatchString(line) {
			return oneLine(line)
		}
	}
	return ""
}

// reasons, the surest first.
var reasons = []struct {
	reason Reason
	words  func() *regexp.Regexp
}{
	{Moved, lazy(`(?i)has moved|user moved|no longer (?:with|at|on|works)|forwarding address|address has changed|주소가 변경`)},
	{NoMail, lazy(`(?i)does not accept (?:any )?mail|null mx|nullmx|not accepting (?:messages|mail)|no mail (?:accepted|here)`)},
	{Disabled, lazy(`(?i)(?:account|mailbox|user|address)[^.\n]{0,30}(?:disabled|suspended|inactive|deactivated|locked|expired)|(?:disabled|suspended|inactive) (?:account|user|mailbox|recipient)|휴면|사용\s?(?:중지|정지)|정지된`)},
	{MailboxFull, lazy(`(?i)mailbox (?:is )?full|mailfolder is full|over ?quota|quota exceed|exceed(?:s|ed)?[^.\n]{0,30}(?:quota|allowed size|mailbox|storage|local limit)|out of storage|storage (?:allocation|limit|full)|insufficient (?:disk|system storage|space)|mailbox for [^\n]{1,80} full|full mailbox|용량(?:이|을)?\s?(?:초과|부족)|메일함(?:이)?\s?(?:가득|꽉)`)},
	{TooBig, lazy(`(?i)(?:message|mail) (?:size |is |too )?(?:exceeds|too (?:big|large)|limit)|size (?:limit )?exceed|exceeds[^.\n]{0,40}(?:size|maximum)|too large|크기\s?제한|용량\s?제한|첨부`)},
	{UnknownUser, lazy(`(?i)user ?unknown|unknown (?:user|recipient|address|account|local|mailbox)|no such (?:user|recipient|mailbox|address|person|account|email)|(?:user|recipient|mailbox|address|account|alias|e-?mail)[^.\n]{0,50}(?:does(?: not|n't) exist|not found|not known|unknown|not exist|is invalid|invalid|not listed|not valid|doesn't exist|couldn't be found|wasn't found|not recognized)|invalid (?:recipient|user|mailbox|address|destination)|no mailbox|not our (?:customer|user)|name is not recognized|unrouteable address|bad destination mailbox|doesn't have a[^.\n]{0,30}account|not a valid|possibly incorrect|존재하지 않|없는 (?:계정|사용자|주소|메일)|찾을 수 없|알 수 없는 (?:사용자|수신)|user .{1,60} unknown|見つかりません|存在しません|不存在|не (?:существует|найден)`)},
	{UnknownHost, lazy(`(?i)(?:host|domain|name|server)[^.\n]{0,40}(?:not found|unknown|does(?: not|n't) exist|could not be found|not exist|lookup fail)|unknown (?:host|domain)|dns (?:lookup|error|fail)|no such domain|couldn't find (?:any|a) host|nxdomain|unrouteable mail domain|bad destination (?:host|system)|도메인(?:을|이)?[^.\n]{0,20}(?:찾을 수|없|존재)|호스트를 찾`)},
	{Spam, lazy(`(?i)\bspam|junk|unsolicited|bulk mail|content (?:rejected|filter)|스팸`)},
	{Expired, lazy(`(?i)expired|timed? ?out|retry time|too many (?:tries|hops|retries)|could not be delivered (?:for|within)|not yet been delivered|delayed|connection (?:refused|timed|reset)|not responding|시간\s?초과|지연`)},
	{Blocked, lazy(`(?i)blocked|block ?list|black ?list|blacklisted|rbl|dnsbl|reputation|banned|denied|차단`)},
	{Policy, lazy(`(?i)policy|dmarc|dkim|\bspf\b|not (?:allowed|authorized|permitted)|authenticat|relay|permission|거부`)},
}

// reasonOf reads the reason from the status code (RFC 3463), else from the words.
func reasonOf(status, text string) Reason {
	if len(status) > 2 {
		switch status[2:] {
		case "1.1":
			if MailboxFull.in(text) {
				return MailboxFull
			}
			return UnknownUser
		case "1.2", "4.4":
			return UnknownHost
		case "1.8", "1.7":
			return Policy
		case "1.6":
			return Moved
		case "1.10":
			return NoMail
		case "2.2":
			return MailboxFull
		case "2.3", "3.4":
			return TooBig
		case "4.7":
			return Expired
		}
	}
	for _, r := range reasons {
		if r.words().MatchString(text) {
			return r.reason
		}
	}
	return OtherReason
}

func (r Reason) in(text string) bool {
	for _, known := range reasons {
		if known.reason == r {
			return known.words().MatchString(text)
		}
	}
	return false
}
