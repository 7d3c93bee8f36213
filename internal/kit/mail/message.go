package mail

import (
	"bytes"
	"strings"
	"time"
)

// Message is a mail that was read. All strings are valid UTF-8 without NUL.
type Message struct {
	MessageID  string   // without angle brackets; "" when the sender gave none
	InReplyTo  []string // ids without angle brackets
	References []string // oldest first
	From       []Address
	Sender     Address // zero when not given
	ReplyTo    []Address
	To, Cc     []Address
	Subject    string
	Date       time.Time // zero if unreadable

	Text        string // best plain text: as sent, or made from HTML
	HTML        string // as sent, NOT sanitised
	Attachments []Part
	Calendar    []Invitation // what the text/calendar parts say; the parts are attachments too

	Header   Header
	Warnings []string // what was broken, for the raw view; not for logs

	textMade bool // Text was made from HTML
	report   string
}

// Part is one file of a mail.
type Part struct {
	Name      string // as sent, decoded; use SafeName before it meets a header or a disk; "" when it has none
	Type      string // lower case, "image/png"
	ContentID string // without angle brackets
	Inline    bool   // meant to be shown within the HTML
	Data      []byte // as sent, transfer encoding undone
}

// Sent is the first From address; zero when there is none.
func (m *Message) Sent() Address {
	if len(m.From) == 0 {
		return Address{}
	}
	return m.From[0]
}

// Parse reads a mail within [DefaultLimits].
func Parse(raw []byte) (*Message, error) { return ParseWithin(raw, DefaultLimits) }

// ParseWithin reads a mail. It fails with [ErrTooComplex] when the mail goes over a limit and with [ErrEmpty] when there is nothing;
// every other mail is read as well as it can be, and Warnings says what was broken.
func ParseWithin(raw []byte, limits Limits) (*Message, error) {
	if len(raw) > limits.Bytes {
		return nil, &TooComplex{"bytes", limits.Bytes}
	}
	data := begin(raw)
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, ErrEmpty
	}
	r := &reader{limits: limits}
	root, err := r.read(data, "text/plain", 0)
	if err != nil {
		return nil, err
	}
	if err := limits.checkRecipients(root.header); err != nil {
		return nil, err
	}
	m := &Message{Header: root.header}
	m.setHeader()
	c := &collector{reader: r, m: m}
	if err := c.collect(root); err != nil {
		return nil, err
	}
	m.Warnings = r.warnings
	return m, nil
}

// begin takes away what stands before the first header field: a byte order mark, empty lines, the "From " line of an mbox. Mails whose lines end in a bare CR get LF.
func begin(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	for {
		line, rest := cutLine(raw)
		trimmed := bytes.TrimPrefix(line, []byte(">"))
		switch {
		case len(rest) == 0:
			return raw
		case len(bytes.TrimSpace(line)) == 0 && (startsHeader(rest) || bytes.HasPrefix(rest, []byte("From ")) || len(bytes.TrimSpace(rest[:1])) == 0):
		case bytes.HasPrefix(trimmed, []byte("From ")) && fieldName(trimmed) == 0:
		default:
			return raw
		}
		raw = rest
	}
}

func (m *Message) setHeader() {
	h := m.Header
	m.MessageID = firstOf(ids(h.Get("Message-ID")))
	m.InReplyTo = ids(strings.Join(h.All("In-Reply-To"), " "))
	m.References = ids(strings.Join(h.All("References"), " "))
	m.From = listOf(h, "From")
	m.ReplyTo = listOf(h, "Reply-To")
	m.To = listOf(h, "To")
	m.Cc = listOf(h, "Cc")
	if s := listOf(h, "Sender"); len(s) > 0 {
		m.Sender = s[0]
	}
	m.Subject = h.Text("Subject")
	m.Date = parseDate(h.Get("Date"))
}

// listOf reads all fields of the name: some programs write one To per recipient.
func listOf(h Header, name string) []Address {
	var all []Address
	for _, v := range h.All(name) {
		all = append(all, ParseAddresses(v)...)
	}
	return all
}

// ids reads message ids, with or without their angle brackets, without comments and phrases.
func ids(s string) []string {
	var all []string
	for rest := s; ; {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		id, after, ok := strings.Cut(rest[open+1:], ">")
		if id = strings.Join(strings.Fields(id), ""); id != "" && len(id) <= 2000 {
			all = append(all, strings.TrimPrefix(id, "<"))
		}
		if !ok {
			break
		}
		rest = after
	}
	if len(all) > 0 {
		return all
	}
	for _, f := range strings.Fields(s) {
		if strings.Contains(f, "@") && len(f) <= 2000 {
			all = append(all, strings.Trim(f, "<>,;"))
		}
	}
	return all
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
