package slack

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// skew is how far Slack's clock and ours may be apart.
const skew = 5 * time.Minute

// stamp is a moment as Slack writes it.
func stamp(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// escape makes a text one in which Slack reads no mention and no link: a name must not call a whole channel.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// link is a text that leads to an address.
func link(address, text string) string {
	return "<" + strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C").Replace(address) + "|" + strings.ReplaceAll(escape(oneLine(text, 300)), "|", "∣") + ">"
}

// oneLine is a text in one line of at most n letters.
func oneLine(s string, n int) string { return clip(strings.Join(strings.Fields(s), " "), n) }

// clip is a text of at most n letters.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

var marked = regexp.MustCompile(`<([^<>|]*)(?:\|([^<>]*))?>`)

// plain is what somebody wrote in Slack, as text: mentions with names, links with their addresses.
func plain(s string, name func(user string) string) string {
	s = marked.ReplaceAllStringFunc(s, func(m string) string {
		p := marked.FindStringSubmatch(m)
		what, label := p[1], p[2]
		switch {
		case strings.HasPrefix(what, "@"):
			if label == "" {
				label = name(what[1:])
			}
			return "@" + label
		case strings.HasPrefix(what, "#"):
			return "#" + orElse(label, what[1:])
		case strings.HasPrefix(what, "!"):
			return "@" + strings.TrimPrefix(orElse(label, strings.TrimPrefix(what[1:], "subteam^")), "@")
		case label == "" || label == what || "mailto:"+label == what:
			return strings.TrimPrefix(what, "mailto:")
		}
		return label + " (" + what + ")"
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
