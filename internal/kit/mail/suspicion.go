package mail

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Doubt is a kind of trick that a mail may play on its reader.
type Doubt string

const (
	ReplyElsewhere Doubt = "reply elsewhere" // answers go to another domain than the sender's
	MixedScript    Doubt = "mixed script"    // a domain with look-alike letters of another alphabet
	HiddenSigns    Doubt = "hidden signs"    // characters that cannot be seen or turn the text around
	NameIsAddress  Doubt = "name is address" // a display name that is another address than the real one
	LinkElsewhere  Doubt = "link elsewhere"  // a link that says one place and goes to another
	DoubleName     Doubt = "double name"     // a program that looks like a document: invoice.pdf.exe
)

// Suspicion is one doubt, with what it is about. Detail is a stranger's text: show it as such.
type Suspicion struct {
	Doubt  Doubt
	Detail string
}

// Suspicions lists what an agent should be warned of. It says nothing about whether a mail is honest; that is for [ReadVerdicts].
func Suspicions(m *Message) []Suspicion {
	s := &suspect{seen: map[Suspicion]bool{}}
	s.replies(m)
	all := append(append(append([]Address{m.Sender}, m.From...), m.ReplyTo...), append(m.To, m.Cc...)...)
	for _, a := range all {
		s.address(a)
	}
	if hidden(m.Subject) {
		s.add(HiddenSigns, m.Subject)
	}
	for _, p := range m.Attachments {
		s.file(p.Name)
	}
	s.links(m.HTML)
	return s.found
}

type suspect struct {
	found []Suspicion
	seen  map[Suspicion]bool
}

func (s *suspect) add(d Doubt, detail string) {
	one := Suspicion{d, short500(showHidden(detail))}
	if !s.seen[one] && len(s.found) < 50 {
		s.seen[one] = true
		s.found = append(s.found, one)
	}
}

func (s *suspect) replies(m *Message) {
	from := m.Sent().Domain()
	for _, r := range m.ReplyTo {
		if from != "" && r.Domain() != from && site(r.Domain()) != site(from) {
			s.add(ReplyElsewhere, r.Addr)
		}
	}
}

func (s *suspect) address(a Address) {
	if hidden(a.Name) || hidden(a.Addr) {
		s.add(HiddenSigns, a.Name+" <"+a.Addr+">")
	}
	if mixed(a.Domain()) {
		s.add(MixedScript, a.Addr)
	}
	if other := addrLike().FindString(strings.ReplaceAll(a.Name, "＠", "@")); other != "" && !strings.EqualFold(strings.Trim(other, "."), a.Addr) {
		s.add(NameIsAddress, a.Name+" <"+a.Addr+">")
	}
}

// harmful are extensions that run; document are those that people trust.
var (
	harmful  = lazy(`(?i)\.(?:exe|scr|com|bat|cmd|pif|js|jse|vbs|vbe|wsf|hta|lnk|ps1|msi|jar|cpl|iso|img|apk|html?|svg)$`)
	document = lazy(`(?i)\.(?:pdf|docx?|xlsx?|pptx?|hwpx?|txt|jpe?g|png|gif|zip|csv|mp[34])[\s._-]*\.[a-z0-9]+$`)
)

func (s *suspect) file(name string) {
	if hidden(name) {
		s.add(HiddenSigns, name)
	}
	if bare := strings.TrimSpace(visible(name)); harmful().MatchString(bare) && document().MatchString(bare) {
		s.add(DoubleName, name)
	}
}

// hidden is true for characters that nobody types into a name: controls, zero-width, and those that turn the direction. The joiners of emoji and of Indic and Arabic words are no trick.
func hidden(s string) bool {
	var before rune
	for _, r := range s {
		joiner := (r == 0x200D || r == 0x200C) && before > 0x2ff
		if !joiner && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != 0x00AD || blank(r)) {
			return true
		}
		before = r
	}
	return false
}

// showHidden makes the characters in question visible, so that the warning is not fooled itself.
func showHidden(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || blank(r) {
			return '␣'
		}
		return r
	}, s)
}

// mixed is true for a domain with a label whose letters come from several alphabets, or that is made of foreign look-alikes of Latin letters only.
// Hangul, Han and Kana with Latin are ordinary.
func mixed(domain string) bool {
	if shown, err := idna.ToUnicode(domain); err == nil {
		domain = shown
	}
	for _, label := range strings.Split(domain, ".") {
		scripts := map[string]bool{}
		alike := true
		for _, r := range label {
			if !unicode.IsLetter(r) {
				continue
			}
			scripts[script(r)] = true
			alike = alike && strings.ContainsRune(lookAlikes, r)
		}
		if len(scripts) > 1 && (scripts["Cyrillic"] || scripts["Greek"] || scripts["other"]) || len(scripts) == 1 && (scripts["Cyrillic"] || scripts["Greek"]) && alike {
			return true
		}
		for _, r := range label {
			if r >= 0xFF01 && r <= 0xFF5E || r >= 0x1D400 && r <= 0x1D7FF {
				return true
			}
		}
	}
	return false
}

// lookAlikes are Cyrillic and Greek letters that a reader takes for Latin ones.
const lookAlikes = "асԁеһіјӏоρрԛѕѵхуԝαικνοτυωνАВЕКМНОРСТХІЅЈ"

func script(r rune) string {
	switch {
	case unicode.In(r, unicode.Latin):
		return "Latin"
	case unicode.In(r, unicode.Cyrillic):
		return "Cyrillic"
	case unicode.In(r, unicode.Greek):
		return "Greek"
	case unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Common):
		return "Latin" // written side by side every day
	}
	return "other"
}

// links compares what links say with where they go.
func (s *suspect) links(page string) {
	if page == "" || len(page) > maxPage {
		return
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return
	}
	count := 0
	for n := range doc.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		if count++; count > 2000 {
			return
		}
		s.link(attr(n, "href"), firstWords(n, 0))
	}
}

var saysPlace = lazy(`(?i)^\s*(?:https?://)?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})(?:[/?#:].*)?\s*$`)

func (s *suspect) link(href, text string) {
	target, err := url.Parse(strings.TrimSpace(href))
	if err != nil || target.Scheme != "http" && target.Scheme != "https" {
		return
	}
	host := strings.ToLower(target.Hostname())
	if mixed(host) {
		s.add(MixedScript, host)
	}
	said := saysPlace().FindStringSubmatch(text)
	if said == nil || strings.Contains(text, "@") && !strings.Contains(text, "://") {
		return
	}
	if place := strings.ToLower(said[1]); known(place) && site(place) != site(host) {
		s.add(LinkElsewhere, place+" → "+host)
	}
}

// known is true for names that end as real domains do: "README.md" is none to a reader, whatever the registry says.
func known(domain string) bool {
	suffix, icann := publicsuffix.PublicSuffix(domain)
	return icann && suffix != domain && suffix != "md" && suffix != "zip" && suffix != "sh" && suffix != "py"
}

// site is the domain that somebody owns: shop.example.co.kr → example.co.kr.
func site(domain string) string {
	if ascii, err := idna.ToASCII(domain); err == nil {
		domain = ascii
	}
	if own, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return own
	}
	return domain
}
