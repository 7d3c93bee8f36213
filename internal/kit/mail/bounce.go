package mail

import (
	"encoding/json"
	"strings"
)

// Bounce is what a report says about one recipient of a mail that we sent.
type Bounce struct {
	Recipient string     // the first of All; "" when the report does not say
	Permanent bool       // class 5 of RFC 3463: trying again as it is will not help
	Hard      bool       // the address itself is dead: stop writing to it
	Delayed   bool       // the other server is still trying
	Status    string     // enhanced status code, "5.1.1"; "" if unknown
	Reason    Reason     // our word for it
	Detail    string     // the other server's words, one line
	MessageID string     // of the mail that came back; "" if it is not in the report
	All       []FailedTo // every recipient that failed
}

// FailedTo is one recipient of a report.
type FailedTo struct{ Recipient, Status, Detail string }

// Reason is why a mail was not delivered.
type Reason string

const (
	UnknownUser Reason = "unknown user"
	UnknownHost Reason = "unknown host"
	Moved       Reason = "moved"
	Disabled    Reason = "disabled"
	MailboxFull Reason = "mailbox full"
	TooBig      Reason = "too big"
	Spam        Reason = "taken for spam"
	Blocked     Reason = "blocked"
	Policy      Reason = "policy"
	Expired     Reason = "expired"
	NoMail      Reason = "takes no mail"
	OtherReason Reason = "other"
)

// statusReport reads message/delivery-status parts (RFC 3464): a bounce, a delay, or the news that all went well.
func statusReport(m *Message) (Kind, bool) {
	var failed, fine []FailedTo
	delayed, found := false, false
	for _, p := range m.Attachments {
		if p.Type != "message/delivery-status" && p.Type != "message/global-delivery-status" && !(m.report == "delivery-status" && p.Type == "text/plain" && strings.Contains(string(p.Data), "Final-Recipient")) {
			continue
		}
		found = true
		for _, group := range statusGroups(clean(string(p.Data))) {
			to := FailedTo{Recipient: groupRecipient(group), Status: statusCode(group.Get("Status")), Detail: diagnostic(group)}
			switch action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(group.Get("Action"))), " "); action {
			case "delivered", "relayed", "expanded":
				fine = append(fine, to)
			case "delayed":
				delayed = true
				failed = append(failed, to)
			default:
				if to.Recipient != "" || action == "failed" {
					failed = append(failed, to)
				}
			}
		}
	}
	if !found {
		return Kind{}, false
	}
	if len(failed) == 0 && len(fine) > 0 {
		return Kind{Class: Receipt, Sign: "delivery status", Bounce: &Bounce{Recipient: fine[0].Recipient, Status: fine[0].Status, All: fine, MessageID: returnedID(m)}}, true
	}
	b := textBounce(m)
	if len(failed) > 0 && failed[0].Recipient != "" {
		said := b.Detail
		b.All, b.Recipient = failed, failed[0].Recipient
		if failed[0].Status != "" {
			b.Status = failed[0].Status
		}
		b.Detail = failed[0].Detail
		b.Reason = reasonOf(b.Status, b.Detail+" "+said)
		if b.Detail == "" {
			b.Detail = said
		}
	}
	b.judge(m, delayed)
	return Kind{Class: Bounced, Sign: "delivery status", Bounce: b}, true
}

// statusGroups cuts a delivery status into its groups: the first is about the message, each other about a recipient. Some programs leave the empty lines out.
func statusGroups(text string) []Header {
	var groups []Header
	var group Header
	for _, line := range strings.Split(text+"\n\n", "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			if len(group) > 0 {
				groups = append(groups, group)
			}
			group = nil
			continue
		}
		if (line[0] == ' ' || line[0] == '\t') && len(group) > 0 {
			group[len(group)-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || len(groups) > 500 {
			continue
		}
		if strings.EqualFold(name, "Final-Recipient") && group.Has("Final-Recipient") {
			groups, group = append(groups, group), nil
		}
		group = append(group, Field{Name: strings.TrimSpace(name), Value: oneLine(value)})
	}
	var out []Header
	for _, g := range groups {
		if g.Has("Final-Recipient") || g.Has("Action") || g.Has("Original-Recipient") || g.Has("Status") {
			out = append(out, g)
		}
	}
	return out
}

// groupRecipient prefers the address that failed in the end to the one that was written to.
func groupRecipient(group Header) string {
	for _, name := range []string{"Final-Recipient", "X-Actual-Recipient", "Original-Recipient"} {
		v := group.Get(name)
		if kind, rest, ok := strings.Cut(v, ";"); ok && !strings.Contains(kind, "@") {
			v = rest
		}
		if a := addrLike().FindString(strings.TrimSpace(v)); a != "" {
			return cleanRecipient(a)
		}
	}
	return ""
}

func diagnostic(group Header) string {
	v := group.Get("Diagnostic-Code")
	if kind, rest, ok := strings.Cut(v, ";"); ok && len(kind) < 20 {
		v = rest
	}
	return strings.TrimSpace(v)
}

// cleanRecipient takes off what belongs to the sentence around an address.
func cleanRecipient(a string) string {
	a = strings.Trim(a, "<>\"'`()[]{}.,;:*「」『』")
	a = strings.TrimPrefix(strings.TrimPrefix(a, "rfc822;"), "mailto:")
	return cleanAddr(a)
}

// feedback reads an ARF report (RFC 5965): which recipient complained, where it was not blacked out.
func feedback(m *Message, p Part) Kind {
	h, _ := lenientHeader(p.Data, "")
	b := &Bounce{MessageID: returnedID(m), Detail: oneLine(h.Get("Feedback-Type"))}
	for _, name := range []string{"Original-Rcpt-To", "Removal-Recipient", "X-Original-Rcpt-To"} {
		for _, v := range h.All(name) {
			if a := cleanRecipient(addrLike().FindString(v)); a != "" {
				b.All = append(b.All, FailedTo{Recipient: a})
			}
		}
	}
	if len(b.All) == 0 {
		if to := returnedHeader(m).Get("To"); to != "" {
			for _, a := range ParseAddresses(to) {
				b.All = append(b.All, FailedTo{Recipient: a.Addr})
			}
		}
	}
	if len(b.All) > 0 {
		b.Recipient = b.All[0].Recipient
	}
	return Kind{Class: Feedback, Sign: "feedback report", Bounce: b}
}

var (
	daemonLocal = lazy(`(?i)^(?:mailer[._-]?daemon|post[._-]?master|mail[._-]?(?:daemon|delivery|system|er)|mdaemon|smtp(?:-?daemon|d)?|bounces?|(?:mail)?delivery|microsoftexchange[0-9a-f]*|system|mailerdaemon|undeliverable|relay|sysadmin|mail-noreply)(?:[+=._-].*)?$`)
	daemonName  = lazy(`(?i)mail(?:er)?[ -]?(?:daemon|delivery (?:sub)?system|system)|^post[ _-]?master|system administrator|mail administrator|delivery (?:subsystem|system)|메일\s?(?:관리자|시스템)`)

	failureSubject = anyOf(`undeliver(?:ed|able)|not delivered|delivery (?:has )?(?:status notification|failure|failed|report|delayed|problem|incomplete|unsuccessful|notification|error)|(?:message|mail|e-?mail) (?:could not be|was not|not|cannot be|delivery|system error|status)|returned (?:mail|e-?mail|message|to sender)|return(?:ed|ing) (?:mail|message)|failure (?:notice|notification|delivery)|mail (?:delivery )?(?:failure|failed|error|problem)|failed (?:mail|message|delivery)|non[- ]?delivery|nondeliverable|mailbox (?:full|unavailable)|bounce|unzustellbar|nicht zugestellt|zustellung|non remis|non distribu|échec de (?:la )?remise|no se (?:puede|pudo) entregar|no entregado|não (?:entregue|foi)|mancato recapito|non recapitabile|onbestelbaar|niet afgeleverd|olevererbart|ikke leveret|kunde inte levereras|nedoručiteln|niedostarczon|zwrócon|недоставлен|не доставлен|сбой доставки|teslim edilemedi|送信(?:できま|エラー|失敗)|配信(?:不能|できま|エラー)|配達不能|エラーメール|退信|无法投递|無法(?:傳遞|投遞|寄達)|投递失败|退回|` +
		`반송|배달되지|전달되지|전송되지|전달할 수 없|전송할 수 없|보낼 수 없|배달 (?:실패|불가)|(?:전송|전달|발송|수신|송신|배달) ?(?:실패|오류|불가|지연|상태)|되돌아온`)
	failureText = anyOf(`(?:could|can|did|was|were|has|have|is|are|be) ?(?:not|n't)[^.\n]{0,40}(?:be )?(?:deliver|reach|sent|accept)|cannot be delivered|undeliver|delivery (?:to|of|has|failed|attempt|status)|failed (?:permanently|address|recipient)|permanent(?:ly)? (?:error|fatal|fail)|(?:following|these) (?:address|recipient)|user unknown|unknown (?:user|recipient|local)|no such (?:user|recipient|mailbox|address)|mailbox (?:is )?(?:full|unavailable|not found|exceed)|over ?quota|recipient (?:address )?(?:rejected|unknown|not)|returned to sender|rejected (?:by|your)|unable to (?:deliver|relay)|return(?:ed|ing) (?:your )?(?:mail|message)|does(?: not|n't) exist|smtp error|not a member|\b5\d\d[ -]5\.\d\.\d|` +
		`konnte nicht|nicht zugestellt|n'a pas pu|no (?:se )?(?:ha podido|pudo)|não (?:pôde|foi)|не может быть доставлено|не доставлено|送信できま|配信できま|失敗しま|无法|無法|退回|반송|전달할 수 없|전달하지 못|배달하지 못|전송(?:하지|되지) 못|발송(?:하지|에 실패|되지)|보내지 못|받을 수 없|수신\s?거부|존재하지 않|용량이? 초과`)
)

// bounceKind knows delivery failures without a report part.
func bounceKind(m *Message, null bool) (Kind, bool) {
	if k, ok := notification(m); ok {
		return k, true
	}
	local, _, _ := strings.Cut(m.Sent().Addr, "@")
	daemon := daemonLocal().MatchString(local) || daemonName().MatchString(m.Sent().Name) || m.Sent().Addr == "" && daemonName().MatchString(m.Header.Get("From"))
	subject, text := failureSubject.in(strings.ToLower(m.Subject)), false
	if null || daemon || m.Header.Has("X-Failed-Recipients") || m.report == "delivery-status" {
		text = failureText.in(strings.ToLower(firstBytes(m.Text, 8000)))
	}
	sign := ""
	switch {
	case m.Header.Has("X-Failed-Recipients"):
		sign = "X-Failed-Recipients"
	case m.report == "delivery-status":
		sign = "report-type delivery-status"
	case daemon && !null && m.Header.Has("Auto-Submitted") && !subject:
		return Kind{}, false
	case daemon && subject && (text || null || len(m.Text) < 200 || returnedHeader(m) != nil):
		sign = "failure notice from a mail system"
	case daemon && null && text && !away(m):
		sign = "failure text from a mail system"
	case daemon && text && returnedHeader(m) != nil:
		sign = "failure with the returned mail"
	case daemon && text && codeIn(humanText(m)) != "" && !strings.Contains(m.Text, "?"):
		sign = "failure code from a mail system"
	case machineLocal().MatchString(local) && returnedHeader(m) != nil && failureText.in(strings.ToLower(firstBytes(m.Text, 8000))):
		sign = "failure with the returned mail"
	case null && subject && (text || returnedHeader(m) != nil):
		sign = "failure notice from the null sender"
	case null && text && returnedHeader(m) != nil && !away(m):
		sign = "failure text from the null sender"
	case manager(m):
		sign = "refused by a list"
	default:
		return Kind{}, false
	}
	b := textBounce(m)
	b.judge(m, false)
	return Kind{Class: Bounced, Sign: sign, Bounce: b}, true
}

func away(m *Message) bool {
	return awaySubject.in(strings.ToLower(bareSubject(m.Subject)))
}

var refused = lazy(`(?i)^(?:you [^ ]+ are not (?:a )?member|loop alert|.{0,40}(?:posting|submission|message) .{0,40}rejected|request to mailing list .{0,60} rejected)`)

// manager is true for the refusals of list software, which come from the list's owner.
func manager(m *Message) bool {
	local, _, _ := strings.Cut(strings.ToLower(m.Sent().Addr), "@")
	return refused().MatchString(m.Subject) && (strings.HasSuffix(local, "-admin") || strings.HasSuffix(local, "-bounces") || strings.HasSuffix(local, "-owner") || strings.HasPrefix(local, "owner-") || strings.HasSuffix(local, "-request"))
}

func firstBytes(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// notification reads the JSON that a mail service sends as a mail about a bounce, a complaint or a delivery.
func notification(m *Message) (Kind, bool) {
	if !strings.Contains(m.Text, "notificationType") {
		return Kind{}, false
	}
	body := m.Text
	if i := strings.IndexByte(body, '{'); i > 0 {
		body = body[i:]
	}
	body = strings.ReplaceAll(body, "\n", "")
	var outer struct{ Message string }
	if json.NewDecoder(strings.NewReader(body)).Decode(&outer) == nil && outer.Message != "" {
		body = outer.Message
	}
	type to struct{ EmailAddress, Status, DiagnosticCode string }
	var n struct {
		NotificationType string
		Bounce           struct {
			BounceType        string
			BouncedRecipients []to
		}
		Complaint struct{ ComplainedRecipients []to }
		Delivery  struct{ Recipients []string }
	}
	if json.NewDecoder(strings.NewReader(body)).Decode(&n) != nil {
		return Kind{}, false
	}
	b := &Bounce{}
	for _, r := range append(n.Bounce.BouncedRecipients, n.Complaint.ComplainedRecipients...) {
		b.All = append(b.All, FailedTo{Recipient: oneLine(r.EmailAddress), Status: statusCode(r.Status), Detail: oneLine(r.DiagnosticCode)})
	}
	for _, r := range n.Delivery.Recipients {
		b.All = append(b.All, FailedTo{Recipient: oneLine(r)})
	}
	if len(b.All) > 0 {
		b.Recipient, b.Status, b.Detail = b.All[0].Recipient, b.All[0].Status, b.All[0].Detail
	}
	switch n.NotificationType {
	case "Bounce":
		b.Permanent = n.Bounce.BounceType != "Transient"
		b.Reason = reasonOf(b.Status, b.Detail)
		b.Hard = b.Permanent && hardReason(b.Reason)
		return Kind{Class: Bounced, Sign: "notification of a mail service", Bounce: b}, true
	case "Complaint":
		return Kind{Class: Feedback, Sign: "notification of a mail service", Bounce: b}, true
	case "Delivery":
		return Kind{Class: Receipt, Sign: "notification of a mail service", Bounce: b}, true
	}
	return Kind{}, false
}

// judge decides between for now and for good.
func (b *Bounce) judge(m *Message, delayed bool) {
	said := m.Subject + "\n" + firstBytes(humanText(m), 4000)
	b.Delayed = delayed || b.Status == "" && stillTrying().MatchString(said)
	switch {
	case strings.HasPrefix(b.Status, "5"):
		b.Permanent = true
	case strings.HasPrefix(b.Status, "4"):
		b.Permanent = false
	case b.Delayed:
		b.Permanent = false
	default:
		b.Permanent = b.Reason != Expired
	}
	if delayed {
		b.Permanent = false
	}
	b.Hard = b.Permanent && hardReason(b.Reason)
	b.MessageID = returnedID(m)
	b.Detail = short500(b.Detail)
}

func short500(s string) string {
	if r := []rune(oneLine(s)); len(r) > 500 {
		return string(r[:500])
	}
	return oneLine(s)
}

var stillTrying = lazy(`(?i)(?:will (?:continue|keep|be retried|retry|try)|delayed|still being|not yet been|warning:|temporar(?:y|ily)|다시 시도|재시도|지연|계속 시도|일시적)`)

func hardReason(r Reason) bool {
	return r == UnknownUser || r == UnknownHost || r == Moved || r == NoMail
}
