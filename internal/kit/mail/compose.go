package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Outgoing is a mail to be built. Each field is data: whatever is in it, it cannot become a header, a recipient or a second body.
type Outgoing struct {
	From       Address
	Sender     Address // only when another than From hands the mail in
	To, Cc     []Address
	Bcc        []Address // for Recipients only, never in the header
	ReplyTo    []Address
	Subject    string
	Date       time.Time
	MessageID  string // without angle brackets
	InReplyTo  string
	References []string // oldest first; the oldest but one give way when there are too many

	Text  string // made from HTML when empty
	HTML  string
	Files []Part // inline ones with a ContentID go with the HTML

	AutoSubmitted string // "auto-replied", "auto-generated" (RFC 3834); "" for a person's mail
	Extra         []Field

	// Seed makes the boundaries. The same mail with the same seed is the same bytes; give something a stranger cannot guess.
	Seed string
}

// Errors of Compose. What is only ugly is put right; these cannot be.
var (
	ErrAddress   = errors.New("not an address that mail can go to")
	ErrMessageID = errors.New("not a message id")
	ErrField     = errors.New("not a header field that may be set")
)

// Recipients are the addresses for the envelope, each once: To, Cc and Bcc.
func (o Outgoing) Recipients() ([]string, error) {
	var all []string
	seen := map[string]bool{}
	for _, list := range [][]Address{o.To, o.Cc, o.Bcc} {
		for _, a := range list {
			addr, err := strictAddr(a.Addr)
			if err != nil {
				return nil, err
			}
			if !seen[strings.ToLower(addr)] {
				seen[strings.ToLower(addr)] = true
				all = append(all, addr)
			}
		}
	}
	return all, nil
}

// Compose builds the mail as RFC 5322 wants it: CR LF, ASCII headers of at most 78 characters a line where they can be folded and never above 998, bodies in 7 bit.
func Compose(o Outgoing) ([]byte, error) {
	w := &mailWriter{seed: o.Seed + "\x00" + o.MessageID}
	if err := w.head(o); err != nil {
		return nil, err
	}
	w.body(o)
	return w.Bytes(), nil
}

type mailWriter struct {
	bytes.Buffer
	seed       string
	boundaries int
}

func (w *mailWriter) head(o Outgoing) error {
	id, err := strictID(o.MessageID)
	if err != nil {
		return err
	}
	if o.From.Addr == "" {
		return fmt.Errorf("from: %w", ErrAddress)
	}
	w.field("Date", o.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	w.field("Message-ID", id)
	lists := []struct {
		name string
		list []Address
	}{{"From", []Address{o.From}}, {"Sender", []Address{o.Sender}}, {"Reply-To", o.ReplyTo}, {"To", o.To}, {"Cc", o.Cc}}
	for _, l := range lists {
		if err := w.addresses(l.name, l.list); err != nil {
			return fmt.Errorf("%s: %w", strings.ToLower(l.name), err)
		}
	}
	w.field("Subject", encodeText(o.Subject))
	w.threading(o)
	if a := strings.ToLower(strings.TrimSpace(o.AutoSubmitted)); a != "" {
		if !isToken(a) || len(a) > 40 {
			return fmt.Errorf("auto-submitted: %w", ErrField)
		}
		w.field("Auto-Submitted", a)
	}
	for _, f := range o.Extra {
		if err := w.extra(f); err != nil {
			return err
		}
	}
	w.field("MIME-Version", "1.0")
	return nil
}

// maxReferences keeps a long talk's header short: the first id and the newest.
const maxReferences = 30

func (w *mailWriter) threading(o Outgoing) {
	if id, err := strictID(o.InReplyTo); err == nil {
		w.field("In-Reply-To", id)
	}
	var refs []string
	for _, r := range o.References {
		if id, err := strictID(r); err == nil {
			refs = append(refs, id)
		}
	}
	if len(refs) > maxReferences {
		refs = append(refs[:1:1], refs[len(refs)-maxReferences+1:]...)
	}
	if len(refs) > 0 {
		w.field("References", strings.Join(refs, " "))
	}
}

// structural fields are made by Compose or by servers on the way.
var structural = map[string]bool{
	"from": true, "sender": true, "reply-to": true, "to": true, "cc": true, "bcc": true, "subject": true, "date": true, "message-id": true, "in-reply-to": true,
	"references": true, "mime-version": true, "auto-submitted": true, "return-path": true, "received": true, "authentication-results": true, "dkim-signature": true,
	"delivered-to": true, "resent-to": true, "resent-cc": true, "resent-bcc": true, "resent-from": true, "apparently-to": true,
}

func (w *mailWriter) extra(f Field) error {
	name := strings.ToLower(f.Name)
	if !isToken(f.Name) || len(f.Name) > 60 || structural[name] || strings.HasPrefix(name, "content-") {
		return fmt.Errorf("%q: %w", short(f.Name), ErrField)
	}
	value := oneLine(f.Value)
	if value == "" {
		return nil
	}
	w.field(f.Name, encodeText(value))
	return nil
}

func (w *mailWriter) addresses(name string, list []Address) error {
	var all []string
	for _, a := range list {
		if a == (Address{}) {
			continue
		}
		addr, err := strictAddr(a.Addr)
		if err != nil {
			return err
		}
		item := "<" + addr + ">"
		if n := encodeName(a.Name); n != "" {
			item = n + " " + item
		}
		all = append(all, item)
	}
	if len(all) > 0 {
		w.field(name, strings.Join(all, ", "))
	}
	return nil
}

// field writes one header field and folds it at its spaces. All values come here encoded: ASCII, no control characters, no word above 900 characters.
func (w *mailWriter) field(name, value string) {
	line := name + ":"
	for _, word := range strings.Split(value, " ") {
		if len(line)+1+len(word) > 78 && line != name+":" && strings.TrimSpace(line) != "" && word != "" {
			w.WriteString(line + "\r\n")
			line = ""
		}
		line += " " + word
	}
	w.WriteString(strings.TrimRight(line, " ") + "\r\n")
}

// encodeText makes any text fit for an unstructured field: as it is, or as encoded words (RFC 2047).
func encodeText(s string) string {
	s = strings.Join(strings.Fields(oneLine(s)), " ")
	if r := []rune(s); len(r) > 2000 {
		s = string(r[:2000])
	}
	if plainHeader(s) {
		return s
	}
	return encodedWords(s)
}

// encodedWords writes base64 encoded words of at most 75 characters, each of whole characters. Always: the standard library's encoder leaves ASCII as it is,
// also where it looks like an encoded word.
func encodedWords(s string) string {
	const most = 45 // bytes that make 60 characters
	var words []string
	for s != "" {
		n := 0
		for i, r := range s {
			if i+utf8.RuneLen(r) > most {
				break
			}
			n = i + utf8.RuneLen(r)
		}
		words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// plainHeader is true for printable ASCII that nobody can take for an encoded word and that can be folded.
func plainHeader(s string) bool {
	if strings.Contains(s, "=?") {
		return false
	}
	for _, word := range strings.Split(s, " ") {
		if len(word) > 850 {
			return false
		}
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// encodeName makes a display name: in quotes, or as encoded words. A long name is cut; the reader sees who it is all the same.
func encodeName(s string) string {
	s = strings.Join(strings.Fields(oneLine(s)), " ")
	if r := []rune(s); len(r) > 120 {
		s = strings.TrimSpace(string(r[:120]))
	}
	switch {
	case s == "":
		return ""
	case plainHeader(s):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
	return encodedWords(s)
}

// strictAddr takes an address only if it is beyond doubt: dot-atoms, a domain that can be written in ASCII, the lengths of RFC 5321.
func strictAddr(s string) (string, error) {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at > 64 || len(s) > 254 || !utf8.ValidString(s) || hidden(s) {
		return "", ErrAddress
	}
	local, domain := s[:at], s[at+1:]
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", ErrAddress
	}
	for i := 0; i < len(local); i++ {
		if local[i] != '.' && !isAtext(local[i]) {
			return "", ErrAddress
		}
	}
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") && strings.Trim(domain[1:len(domain)-1], "0123456789.abcdefABCDEFIPv:") == "" {
		return s, nil
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" || len(ascii) > 253 || strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", ErrAddress
	}
	for i := 0; i < len(ascii); i++ {
		if c := ascii[i]; c != '.' && c != '-' && !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z') {
			return "", ErrAddress
		}
	}
	return local + "@" + ascii, nil
}

// ValidAddress tells whether mail can be sent to the address: what Compose takes.
func ValidAddress(addr string) bool {
	_, err := strictAddr(addr)
	return err == nil
}

func isAtext(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '-' && c != '_' && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return s != ""
}

// strictID puts a message id into its brackets. An id that others gave may look odd, but it is printable ASCII without brackets, and short enough for a line.
func strictID(id string) (string, error) {
	id = strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">")
	if len(id) < 3 || len(id) > 900 || !strings.Contains(id, "@") {
		return "", ErrMessageID
	}
	for i := 0; i < len(id); i++ {
		if id[i] <= 0x20 || id[i] > 0x7e || id[i] == '<' || id[i] == '>' {
			return "", ErrMessageID
		}
	}
	return "<" + id + ">", nil
}

func (w *mailWriter) boundary() string {
	w.boundaries++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", w.seed, w.boundaries))
	return "=_" + hex.EncodeToString(sum[:15]) // "=_" cannot stand in quoted-printable or base64
}

// body writes what the mail needs of: mixed( alternative( text, related( html, pictures )), files ).
func (w *mailWriter) body(o Outgoing) {
	var pictures, files []Part
	for _, f := range o.Files {
		if _, err := strictCID(f.ContentID); f.Inline && err == nil && o.HTML != "" {
			pictures = append(pictures, f)
			continue
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		w.words(o, pictures)
		return
	}
	w.multipart("mixed", func(next func()) {
		next()
		w.words(o, pictures)
		for _, f := range files {
			next()
			w.file(f, "attachment")
		}
	})
}

func (w *mailWriter) words(o Outgoing, pictures []Part) {
	text := o.Text
	if text == "" && o.HTML != "" {
		text = TextOf(o.HTML)
	}
	if o.HTML == "" {
		w.text("text/plain", text)
		return
	}
	w.multipart("alternative", func(next func()) {
		next()
		w.text("text/plain", text)
		next()
		if len(pictures) == 0 {
			w.text("text/html", o.HTML)
			return
		}
		w.multipart("related", func(next func()) {
			next()
			w.text("text/html", o.HTML)
			for _, p := range pictures {
				next()
				w.file(p, "inline")
			}
		})
	})
}

func (w *mailWriter) multipart(kind string, parts func(next func())) {
	b := w.boundary()
	w.field("Content-Type", "multipart/"+kind+`; boundary="`+b+`"`)
	w.WriteString("\r\n")
	first := true
	parts(func() {
		if !first {
			w.WriteString("\r\n")
		}
		first = false
		w.WriteString("--" + b + "\r\n")
	})
	w.WriteString("\r\n--" + b + "--\r\n")
}

// text writes a text part in the encoding that keeps it readable: 7 bit, quoted-printable, or base64 where most of it is not ASCII.
func (w *mailWriter) text(kind, s string) {
	s = strings.ReplaceAll(strings.TrimRight(clean(s), "\n")+"\n", "\n", "\r\n")
	charset, encoding := "utf-8", textEncoding(s)
	if encoding == "7bit" {
		charset = "us-ascii"
	}
	w.field("Content-Type", kind+"; charset="+charset)
	w.field("Content-Transfer-Encoding", encoding)
	w.WriteString("\r\n")
	switch encoding {
	case "base64":
		w.base64([]byte(s))
	case "quoted-printable":
		q := quotedprintable.NewWriter(&w.Buffer)
		_, _ = q.Write([]byte(s)) // into memory: cannot fail
		_ = q.Close()
	default:
		w.WriteString(s)
	}
}

func textEncoding(s string) string {
	high, odd := 0, false
	for _, line := range strings.Split(s, "\r\n") {
		odd = odd || len(line) > 200 || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "From ") || strings.HasPrefix(line, ".") || strings.HasSuffix(line, " ")
		for i := 0; i < len(line); i++ {
			if line[i] >= utf8.RuneSelf {
				high++
			}
			odd = odd || line[i] < 0x20 && line[i] != '\t' || line[i] == 0x7f
		}
	}
	switch {
	case high*3 > len(s):
		return "base64"
	case high > 0 || odd:
		return "quoted-printable"
	}
	return "7bit"
}

func (w *mailWriter) base64(data []byte) {
	const line = 57 // bytes that make 76 characters
	for len(data) > 0 {
		n := min(line, len(data))
		w.WriteString(base64.StdEncoding.EncodeToString(data[:n]) + "\r\n")
		data = data[n:]
	}
}

func (w *mailWriter) file(p Part, disposition string) {
	w.field("Content-Type", strictType(p.Type)+nameParam(p.Name))
	w.field("Content-Transfer-Encoding", "base64")
	w.field("Content-Disposition", Disposition(disposition, p.Name))
	if cid, err := strictCID(p.ContentID); err == nil {
		w.field("Content-ID", cid)
	}
	w.WriteString("\r\n")
	w.base64(p.Data)
}

// nameParam repeats a file name that is not ASCII the way that old Outlook and Korean webmail look for it.
func nameParam(name string) string {
	if name == "" || plainHeader(SafeName(name)) {
		return ""
	}
	return `; name="` + encodedWords(SafeName(name)) + `"`
}

// strictType takes a media type only as type/subtype. Mails and multiparts may not be base64 (RFC 2046 §5.2.1), so they travel as plain bytes.
func strictType(s string) string {
	kind, sub, ok := strings.Cut(strings.ToLower(s), "/")
	valid := func(s string) bool {
		return s != "" && len(s) < 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-+.") == ""
	}
	if !ok || !valid(kind) || !valid(sub) || kind == "multipart" || kind == "message" {
		return "application/octet-stream"
	}
	return kind + "/" + sub
}

func strictCID(id string) (string, error) {
	if id == "" || len(id) > 200 {
		return "", ErrMessageID
	}
	for i := 0; i < len(id); i++ {
		if !isAtext(id[i]) && id[i] != '.' && id[i] != '@' {
			return "", ErrMessageID
		}
	}
	return "<" + id + ">", nil
}
