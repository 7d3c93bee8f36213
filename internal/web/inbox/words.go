package inbox

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"baraji/internal/channel/chat"
	"baraji/internal/channel/email"
	"baraji/internal/conversation"
	"baraji/internal/kit/html"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/token"
	"baraji/internal/team"
)

// clean writes HTML that kit/html has made: nothing else may be handed to it.
func clean(made string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, made)
		return err
	})
}

// words are what a message says, as a page shows it: what we wrote with its
// emphasis, what came with its lines.
func words(m conversation.Message, people map[team.ID]string) templ.Component {
	switch m.Kind {
	case conversation.FromAgent, conversation.FromBot:
		return clean(html.FromMarkdown(m.Text))
	case conversation.Note:
		return clean(withMentions(html.FromMarkdown(m.Text), people))
	}
	return clean(html.FromText(fresh(m)))
}

// fresh is what is new in a message.
func fresh(m conversation.Message) string {
	if m.ReplyText != "" {
		return m.ReplyText
	}
	return m.Text
}

// quotes says whether a message holds more than what is new in it.
func quotes(m conversation.Message) bool {
	return m.ReplyText != "" && len(strings.TrimSpace(m.Text)) > len(strings.TrimSpace(m.ReplyText))+8
}

// withMentions marks the names of people behind an @.
func withMentions(made string, people map[team.ID]string) string {
	if !strings.Contains(made, "@") {
		return made
	}
	for _, name := range people {
		at := "@" + templ.EscapeString(name)
		if name != "" && strings.Contains(made, at) {
			made = strings.ReplaceAll(made, at, `<span class="mention">`+at+`</span>`)
		}
	}
	return made
}

// designed says whether a mail is more than text: then it is shown as its sender
// made it.
func designed(m conversation.Message) bool {
	if m.Kind != conversation.FromCustomer || m.HTML == "" {
		return false
	}
	s := m.HTML[:min(len(m.HTML), 200_000)]
	for _, sign := range []string{"<img", "<table", "<IMG", "<TABLE", "background:", "background-color", "<ul", "<ol"} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}

// piece is a piece of a text, bold or marked or not.
type piece struct {
	Text string
	On   bool
}

// emphasised parts a sentence at the names in it.
func emphasised(h happening) (out []piece) {
	rest := h.Text
	for rest != "" {
		at, name := -1, ""
		for _, n := range h.Bold {
			if i := strings.Index(rest, n); i >= 0 && (at < 0 || i < at || i == at && len(n) > len(name)) {
				at, name = i, n
			}
		}
		if at < 0 {
			break
		}
		if at > 0 {
			out = append(out, piece{rest[:at], false})
		}
		out = append(out, piece{name, true})
		rest = rest[at+len(name):]
	}
	if rest != "" {
		out = append(out, piece{rest, false})
	}
	return out
}

// marked parts an excerpt at what was looked for.
func marked(c token.Cutting) (out []piece) {
	at := 0
	for _, h := range c.Hits {
		if h.From > at {
			out = append(out, piece{c.Text[at:h.From], false})
		}
		if h.From >= at && h.To <= len(c.Text) {
			out = append(out, piece{c.Text[h.From:h.To], true})
			at = h.To
		}
	}
	return append(out, piece{c.Text[at:], false})
}

// channelIcon is the icon of a channel.
func channelIcon(channel string) string {
	switch channel {
	case "chat":
		return "message-circle"
	case "phone":
		return "phone"
	case "form", "portal":
		return "globe"
	case "api":
		return "code"
	case "store":
		return "store"
	}
	return "mail"
}

func channelWord(ctx context.Context, channel string) string {
	if key := "inbox.channel_" + channel; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return channel
}

// shownName is what a customer is called, also when nobody knows his name.
func shownName(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "inbox.nameless")
	}
	return name
}

func subject(ctx context.Context, s string) string {
	if s == "" {
		return i18n.T(ctx, "inbox.no_subject")
	}
	return s
}

// waits says that somebody waits for us longer than since the last message.
func waits(c conversation.Conversation) bool {
	return c.Status == conversation.Open && !c.WaitingSince.IsZero() && c.LastAt.Sub(c.WaitingSince) > 5*time.Minute
}

// waitingFor is how long a customer has been waiting: 1시간째.
func waitingFor(ctx context.Context, since time.Time) string {
	now := i18n.Of(ctx).Now
	span := max(now.Sub(since), time.Minute)
	switch {
	case span >= 48*time.Hour:
		span = span.Truncate(24 * time.Hour)
	case span >= time.Hour:
		span = span.Truncate(time.Hour)
	}
	return i18n.T(ctx, "inbox.waiting", "span", i18n.Duration(ctx, span))
}

// delivery is how far an answer has come, as the foot of its bubble says it.
type delivery struct {
	Icon, Word, Tone string
}

// delivered says it of a message; read is up to where the visitor of a chat has read.
func delivered(m conversation.Message, read conversation.MessageID, now time.Time) delivery {
	if m.Delivery == conversation.Sent && m.Channel == chat.Channel && m.ID <= read {
		return delivery{"check-check", "read", ""}
	}
	switch m.Delivery {
	case conversation.Queued:
		if m.SendAt.After(now) {
			return delivery{"clock", "held", ""}
		}
		return delivery{"clock", "queued", ""}
	case conversation.Sending:
		return delivery{"send", "sending", ""}
	case conversation.Sent:
		return delivery{"check", "sent", ""}
	case conversation.Failed:
		return delivery{"circle-alert", "failed", "bad"}
	case conversation.Unconfirmed:
		return delivery{"triangle-alert", "unconfirmed", "warn"}
	case conversation.Withdrawn:
		return delivery{"undo-2", "withdrawn", ""}
	}
	return delivery{}
}

// notable are the recipients whose state is worth a line: those that failed or
// are not certain, or all if there are several.
func notable(list []email.RecipientState) bool {
	if len(list) > 1 {
		return true
	}
	for _, s := range list {
		if s.State == "failed" || s.State == "unconfirmed" {
			return true
		}
	}
	return false
}

// doubts are the flags of a mail that a reader should know of.
func doubts(m conversation.Message) (list []string) {
	for _, f := range m.Flags {
		if i18n.Has("inbox.doubt_" + f) {
			list = append(list, f)
		}
	}
	return list
}

// automatic is what kind of machine wrote a mail: "auto_reply", …; "" for none.
func automatic(m conversation.Message) string {
	for _, f := range m.Flags {
		if strings.HasPrefix(f, "auto_") {
			if i18n.Has("inbox." + f) {
				return f
			}
			return "auto_other"
		}
	}
	if m.Auto {
		return "auto_other"
	}
	return ""
}

func names(list []string) string { return strings.Join(list, ", ") }

func addressList(list []conversation.Address) string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.Address
	}
	return strings.Join(out, ", ")
}

func langOf(c conversation.Conversation) string {
	if c.Language == "" {
		return "und"
	}
	return c.Language
}
