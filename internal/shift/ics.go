package shift

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Entry is a turn as a calendar shows it.
type Entry struct {
	Key   string // names it for good
	From  time.Time
	Until time.Time
	Title string
	About string
}

// ICS writes a calendar as RFC 5545 has it, which other programs read again and again. Times are in UTC: what an hour is on
// the wall where clocks change is the reader's to know. changed is when the plan was changed last: DTSTAMP has to be the
// same as long as nothing else is (3.8.7.2, for a calendar without METHOD).
func ICS(name, host string, changed time.Time, list []Entry) string {
	var b strings.Builder
	line := func(text string) { fold(&b, text) }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Baraji//Rota//EN")
	line("CALSCALE:GREGORIAN")
	line("X-WR-CALNAME:" + escape(name))
	line("NAME:" + escape(name))                  // RFC 7986
	line("REFRESH-INTERVAL;VALUE=DURATION:PT15M") // RFC 7986
	line("X-PUBLISHED-TTL:PT15M")                 // what Outlook reads instead
	for _, e := range list {
		line("BEGIN:VEVENT")
		line("UID:" + escape(e.Key+"@"+host))
		line("DTSTAMP:" + utc(changed))
		line("DTSTART:" + utc(e.From))
		line("DTEND:" + utc(e.Until))
		line("SUMMARY:" + escape(e.Title))
		if e.About != "" {
			line("DESCRIPTION:" + escape(e.About))
		}
		line("TRANSP:OPAQUE")
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return b.String()
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escape writes a TEXT (3.3.11). Control characters that are not allowed there go.
func escape(s string) string {
	s = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}

// fold writes a line of at most 75 octets, the rest on further ones that begin with a space, and cuts no character (3.1).
func fold(b *strings.Builder, text string) {
	room := 75
	for len(text) > room {
		n := room
		for !utf8.RuneStart(text[n]) {
			n--
		}
		b.WriteString(text[:n])
		b.WriteString("\r\n ")
		text, room = text[n:], 74
	}
	b.WriteString(text)
	b.WriteString("\r\n")
}
